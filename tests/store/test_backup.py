"""A backup is whole or is not there; restoring one changes everything or nothing."""

import hashlib
import sqlite3
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from meiping.adapters.files import write_file
from meiping.kernel.errors import Cancelled, DamagedFile, UserError
from meiping.store import backup, restoring
from meiping.store.backup import BEFORE_RESTORE
from meiping.store.database import db
from meiping.store.folder import DataFolder
from meiping.store.migrator import latest_version
from meiping.store.restoring import can_undo, origin_of
from tests.store.backup_tools import (
    AT,
    LITTLE,
    NOTHING,
    attach,
    everything_in,
    make,
    old_shop_file,
    operators,
    pack,
    rename,
    restore,
)


def test_a_backup_holds_the_database_the_documents_and_their_checksums(closed_shop: DataFolder) -> None:
    document = attach(closed_shop, b"a contract")
    info = make(closed_shop)
    assert info.path.name.startswith("meiping-")
    assert info.path.name.endswith("-manual.zip")
    assert info.manifest.shop == "小店"
    assert info.manifest.figures == {"operators": 1}
    assert info.manifest.rows["operator"] == 1
    assert info.manifest.schema_version == latest_version()
    entries = {entry.name: entry for entry in info.manifest.entries}
    assert entries[document].sha256 == document[:64]
    with zipfile.ZipFile(info.path) as opened:
        assert set(opened.namelist()) == {"meiping.db", "manifest.json", document}
        content = opened.read("meiping.db")
    assert hashlib.sha256(content).hexdigest() == entries["meiping.db"].sha256
    assert backup.verify(info.path) == info


def test_a_backup_can_be_read_by_its_owner_only(closed_shop: DataFolder) -> None:
    assert stat.S_IMODE(make(closed_shop).path.stat().st_mode) == 0o600


def test_what_is_in_the_log_of_an_open_shop_is_in_the_backup(shop: Any) -> None:
    shop.add_operator("新来的小陈", "收银员")
    info = make(shop.folder)
    assert info.manifest.rows["operator"] == 2


def test_a_sale_during_the_copy_neither_stops_it_nor_gets_half_in(shop: Any) -> None:
    before = db.execute_sql("SELECT count(*) FROM operation").fetchone()[0]

    class SellsAtEveryStep:
        steps = 0

        def report(self, done: int, total: int, what: str = "") -> None:
            self.steps += 1
            if "复制" in what:
                db.execute_sql(
                    "INSERT INTO operation (at, operator_id, operator_name, company_id, action, summary)"
                    " VALUES (1, 1, '', 1, 'test', '')"
                )

    info = make(shop.folder, progress=SellsAtEveryStep())
    after = db.execute_sql("SELECT count(*) FROM operation").fetchone()[0]
    assert after > before
    assert before <= info.manifest.rows["operation"] <= before + 1  # the one before the snapshot began


def test_the_log_that_grew_during_the_copy_is_folded_in(shop: Any) -> None:
    shop.add_operator("新来的小陈", "收银员")
    make(shop.folder)
    assert shop.folder.database.with_name("meiping.db-wal").stat().st_size == 0


def test_unsound_data_are_not_kept_as_a_backup(closed_shop: DataFolder) -> None:
    connection = sqlite3.connect(closed_shop.database)
    connection.executescript("DELETE FROM operator_role; DELETE FROM operator_company; DELETE FROM operator")
    connection.close()
    with pytest.raises(DamagedFile, match="有操作员"):
        make(closed_shop)
    assert not list(closed_shop.backups.iterdir())
    assert not list(closed_shop.cache.iterdir())


def test_a_torn_page_is_not_kept_as_a_backup(closed_shop: DataFolder) -> None:
    with closed_shop.database.open("r+b") as stream:
        stream.seek(4096 * 3)
        stream.write(b"\xff" * 4096)
    with pytest.raises(DamagedFile):
        make(closed_shop)
    assert not list(closed_shop.backups.iterdir())


def test_a_shop_without_its_file_says_so(closed_shop: DataFolder) -> None:
    closed_shop.database.unlink()
    with pytest.raises(DamagedFile, match="没有找到"):
        make(closed_shop)


@pytest.mark.parametrize("word", ["复制", "打包", "校验", "检查"])
def test_a_cancelled_backup_leaves_nothing(closed_shop: DataFolder, word: str) -> None:
    class Stops:
        def report(self, done: int, total: int, what: str = "") -> None:
            if word in what:
                raise Cancelled

    before = everything_in(closed_shop)
    with pytest.raises(Cancelled):
        make(closed_shop, progress=Stops())
    assert everything_in(closed_shop) == before


def test_a_full_disk_is_told_before_anything_is_written(
    closed_shop: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "disk_usage", lambda path: type("Usage", (), {"free": 5_000_000}))
    before = everything_in(closed_shop)
    with pytest.raises(UserError, match="空间不够"):
        make(closed_shop)
    assert everything_in(closed_shop) == before


def test_leftovers_of_a_killed_backup_are_swept(closed_shop: DataFolder) -> None:
    left = closed_shop.cache / "draft-1-abc"
    left.mkdir()
    (left / "meiping.db").write_bytes(b"half")
    make(closed_shop)
    assert not left.exists()


# ------------------------------------------------------------------ restoring
def test_restoring_brings_back_what_was_saved(closed_shop: DataFolder) -> None:
    document = attach(closed_shop, b"a contract")
    info = make(closed_shop)
    rename(closed_shop, "后来的人")
    (closed_shop.documents / document).unlink()
    result = restore(closed_shop, info.path)
    assert closed_shop.generation() == result.generation == "0002"
    assert operators(closed_shop) == ["王老板"]
    assert (closed_shop.documents / document).read_bytes() == b"a contract"
    assert result.migrated == ()


def test_what_was_in_use_before_a_restore_is_backed_up_and_stays(closed_shop: DataFolder) -> None:
    info = make(closed_shop)
    rename(closed_shop, "后来的人")
    result = restore(closed_shop, info.path)
    assert result.saved is not None
    assert result.saved.manifest.kind == BEFORE_RESTORE
    assert backup.verify(result.saved.path) == result.saved
    with sqlite3.connect(closed_shop.database_in("0001")) as connection:
        assert connection.execute("SELECT name FROM operator").fetchall() == [("后来的人",)]


def test_a_restore_can_be_undone(closed_shop: DataFolder) -> None:
    info = make(closed_shop)
    rename(closed_shop, "后来的人")
    restore(closed_shop, info.path)
    assert can_undo(closed_shop)
    generation, saved = restoring.undo_restore(closed_shop, at=AT, knowledge=LITTLE, write=write_file)
    assert generation == "0001"
    assert saved is not None
    assert operators(closed_shop) == ["后来的人"]
    assert origin_of(closed_shop) is None


def test_a_restore_without_older_data_can_not_be_undone(closed_shop: DataFolder) -> None:
    result = restore(closed_shop, make(closed_shop).path)
    restoring.delete_generation(closed_shop, "0001")
    assert not can_undo(closed_shop)
    with pytest.raises(UserError, match="没有可以撤销"):
        restoring.undo_restore(closed_shop, at=AT, knowledge=LITTLE, write=write_file)
    with pytest.raises(UserError):
        restoring.delete_generation(closed_shop, result.generation)


def test_the_restored_data_remember_where_they_come_from_until_confirmed(closed_shop: DataFolder) -> None:
    info = make(closed_shop)
    restore(closed_shop, info.path)
    origin = origin_of(closed_shop)
    assert origin is not None
    assert (origin.previous, origin.backup, origin.made_at) == ("0001", info.path.name, AT)
    assert not origin.confirmed
    restoring.confirm_restore(closed_shop, write_file)
    confirmed = origin_of(closed_shop)
    assert confirmed is not None
    assert confirmed.confirmed


def test_what_is_written_down_on_restoring_is_in_the_restored_data(closed_shop: DataFolder) -> None:
    def write_down(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE operator SET name = '恢复时写下'")

    restore(closed_shop, make(closed_shop).path, finish=write_down)
    assert operators(closed_shop) == ["恢复时写下"]


@pytest.mark.parametrize("spoil", ["junk", "gone", "no CURRENT", "torn CURRENT"])
def test_restoring_works_where_the_present_data_can_not_be_opened(
    closed_shop: DataFolder, spoil: str
) -> None:
    info = make(closed_shop)
    match spoil:
        case "junk":
            closed_shop.database.write_bytes(b"no database" * 1000)
        case "gone":
            closed_shop.database.unlink()
        case "no CURRENT":
            closed_shop.current_file.unlink()
        case "torn CURRENT":
            closed_shop.current_file.write_bytes(b"00\x00")
    result = restore(closed_shop, info.path)
    assert result.saved is None
    assert operators(closed_shop) == ["王老板"]
    assert (closed_shop.root / "shops" / "0001").is_dir()


def test_a_good_document_is_never_replaced_and_a_damaged_one_is(closed_shop: DataFolder) -> None:
    good, bad = attach(closed_shop, b"good"), attach(closed_shop, b"bad")
    info = make(closed_shop)
    (closed_shop.documents / bad).write_bytes(b"rotten")
    written = (closed_shop.documents / good).stat().st_mtime_ns
    restore(closed_shop, info.path)
    assert (closed_shop.documents / bad).read_bytes() == b"bad"
    assert (closed_shop.documents / good).stat().st_mtime_ns == written


@pytest.mark.parametrize("version", range(1, latest_version()))
def test_a_backup_of_an_older_version_is_brought_up_to_date(
    closed_shop: DataFolder, tmp_path: Path, version: int
) -> None:
    old_shop_file(tmp_path / "old.db", version)
    path = pack(tmp_path / "old.zip", tmp_path / "old.db")
    result = restore(closed_shop, path, knowledge=NOTHING)
    assert len(result.migrated) == latest_version() - version
    with sqlite3.connect(closed_shop.database) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (latest_version(),)


def test_a_backup_of_a_newer_version_is_refused_with_the_reason(
    closed_shop: DataFolder, tmp_path: Path
) -> None:
    before = everything_in(closed_shop)
    newer = pack(tmp_path / "newer.zip", closed_shop.database, schema_version=99, program_version="9.1")
    with pytest.raises(DamagedFile, match=r"更新版本的程序（9\.1）.*升级"):
        restore(closed_shop, newer)
    later = pack(tmp_path / "later.zip", closed_shop.database, format=9)
    with pytest.raises(DamagedFile, match="升级"):
        backup.read_info(later)
    assert everything_in(closed_shop) == before


@pytest.mark.parametrize("word", ["解开", "检查备份", "换上"])
def test_a_cancelled_restore_changes_nothing(closed_shop: DataFolder, word: str) -> None:
    class Stops:
        def report(self, done: int, total: int, what: str = "") -> None:
            if word in what:
                raise Cancelled

    info = make(closed_shop)
    before = everything_in(closed_shop)
    with pytest.raises(Cancelled):
        restore(closed_shop, info.path, progress=Stops())
    after = {name: sha for name, sha in everything_in(closed_shop).items() if BEFORE_RESTORE not in name}
    assert after == before
