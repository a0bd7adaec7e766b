"""Attached files and the rest of the house: checked, backed up in any state, restored, swept."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from meiping.domains.contacts.recording import add_record
from meiping.domains.contacts.rules import RecordInput
from meiping.domains.documents import keeping, service
from meiping.domains.maintenance.files import CLEAR_FILES, clear_unnamed_files
from meiping.domains.maintenance.service import back_up, check, restore
from meiping.kernel.errors import NeedsConfirmation, UserError
from meiping.store.blobs import blob_path, kept_files
from meiping.store.database import close_database, open_database
from meiping.store.inspection import CheckResult
from meiping.store.unit_of_work import batch
from tests.factories import add_customer
from tests.shop import OpenedShop

ROOT = Path(__file__).parents[3]
SURE = frozenset({CLEAR_FILES})


def attach(shop: OpenedShop, content: bytes, name: str = "合同.txt") -> tuple[int, Path]:
    kept = keeping.keep_content(shop.folder, content, name)
    (document,) = service.add_documents(shop.actor, customer_id=add_customer(shop), documents=[kept])
    return document, blob_path(shop.folder, kept.hash)


def files(results: Sequence[CheckResult]) -> CheckResult:
    return next(result for result in results if result.key == "documents")


def aged(path: Path, days: float = 2) -> Path:
    os.utime(path, times=(time.time() - days * 86_400,) * 2)
    return path


def reopened(shop: OpenedShop) -> None:
    open_database(shop.folder.database)


def test_sound_files_pass_the_check(shop: OpenedShop) -> None:
    attach(shop, b"one")
    results = check(shop.actor, folder=shop.folder.root)
    assert all(result.ok for result in results)
    assert files(results).details == ()


def test_a_row_without_its_file_is_found(shop: OpenedShop) -> None:
    document, path = attach(shop, b"one")
    path.unlink()
    found = files(check(shop.actor, folder=shop.folder.root))
    assert not found.ok
    assert found.details == (f"客户 C00001 的资料 {document}：文件不在了",)


def test_a_file_that_rotted_is_found_at_every_row_that_names_it(shop: OpenedShop) -> None:
    _, path = attach(shop, b"one")
    attach(shop, b"one", "副本.txt")
    path.write_bytes(b"0ne")
    found = files(check(shop.actor, folder=shop.folder.root))
    assert found.count == 2
    assert all("内容已损坏" in line for line in found.details)


def test_a_missing_photo_is_found(shop: OpenedShop) -> None:
    service.set_photo(shop.actor, customer_id=add_customer(shop), photo_hash="ab" * 32)
    assert files(check(shop.actor, folder=shop.folder.root)).details == ("客户 C00001 的照片：文件不在了",)


def test_a_crash_between_file_and_row_leaves_what_harms_nothing(shop: OpenedShop) -> None:
    keeping.keep_content(shop.folder, b"never got its row", "孤儿.txt")
    found = files(check(shop.actor, folder=shop.folder.root))
    assert found.ok
    assert "另有 1 个文件没有记录在用" in found.details[0]
    back_up(shop.actor, folder=shop.folder.root)


KILLED = """
import os, signal, sys
from pathlib import Path
from meiping.domains.documents import keeping
from meiping.store.folder import DataFolder
keeping.keep_files(DataFolder(Path(sys.argv[1])), [Path(name) for name in sys.argv[2:]])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills by a signal")
def test_killed_after_the_files_and_before_the_rows_all_can_be_added_again(
    shop: OpenedShop, tmp_path: Path
) -> None:
    paths = [tmp_path / "合同.pdf", tmp_path / "执照.png"]
    for path in paths:
        path.write_bytes(path.name.encode())
    names = [str(path) for path in paths]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(shop.folder.root), *names], cwd=ROOT, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert len(kept_files(shop.folder)) == 2
    kept = keeping.keep_files(shop.folder, paths)
    assert len(service.add_documents(shop.actor, customer_id=add_customer(shop), documents=kept)) == 2
    assert len(kept_files(shop.folder)) == 2
    assert files(check(shop.actor, folder=shop.folder.root)).details == ()


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        ("UPDATE search_entry SET record_id = 99 WHERE kind = 'document'", "files_found"),
        ("UPDATE document SET deleted_at = 1", "files_found"),
        ("UPDATE document SET customer_id = 2", "files_of"),
    ],
)
def test_rows_about_files_that_disagree_are_found(shop: OpenedShop, statement: str, key: str) -> None:
    customer = add_customer(shop)
    add_customer(shop)
    record = add_record(shop.actor, customer_id=customer, record=RecordInput("看过样品"))
    kept = keeping.keep_content(shop.folder, b"one", "合同.txt")
    service.add_documents(shop.actor, customer_id=customer, documents=[kept], contact_record_id=record)
    with batch() as begin:
        begin(shop.actor).execute(statement)
    wrong = {result.key for result in check(shop.actor, folder=shop.folder.root) if not result.ok}
    assert key in wrong


def test_what_nobody_names_is_swept_when_asked_and_not_before_a_day(shop: OpenedShop) -> None:
    _, named = attach(shop, b"named")
    photo = keeping.keep_content(shop.folder, b"photo", "照片.jpg")
    service.set_photo(shop.actor, customer_id=add_customer(shop), photo_hash=photo.hash)
    orphan = keeping.keep_content(shop.folder, b"orphan", "孤儿.txt")
    root = shop.folder.root
    for path in kept_files(shop.folder).values():
        aged(path)
    os.utime(blob_path(shop.folder, orphan.hash))
    shop.clock.now = datetime.now().astimezone()
    with pytest.raises(UserError, match="没有可以清理"):
        clear_unnamed_files(shop.actor, folder=root, confirmed=SURE)
    aged(blob_path(shop.folder, orphan.hash))
    with pytest.raises(NeedsConfirmation, match="有 1 个资料文件"):
        clear_unnamed_files(shop.actor, folder=root)
    assert clear_unnamed_files(shop.actor, folder=root, confirmed=SURE) == 1
    assert set(kept_files(shop.folder)) == {named.name, photo.hash}


def test_one_damaged_document_does_not_stop_the_backup_of_all_else(shop: OpenedShop) -> None:
    _, good = attach(shop, b"good")
    _, bad = attach(shop, b"bad")
    bad.write_bytes(b"rotten")
    info = back_up(shop.actor, folder=shop.folder.root)
    assert info.damaged_documents == 1
    good.unlink()
    bad.unlink()
    restore(shop.actor, folder=shop.folder.root, path=info.path)
    reopened(shop)
    assert good.read_bytes() == b"good"
    assert files(check(shop.actor, folder=shop.folder.root)).count == 1


def test_a_document_added_while_the_backup_begins_is_in_it_with_its_bytes(shop: OpenedShop) -> None:
    added: list[Path] = []

    class AddsAtOnce:
        def report(self, done: int, total: int, what: str = "") -> None:
            if not added:
                added.append(Path())
                added.append(attach(shop, b"just in time")[1])

    info = back_up(shop.actor, folder=shop.folder.root, progress=AddsAtOnce())
    added[-1].unlink()
    restore(shop.actor, folder=shop.folder.root, path=info.path)
    reopened(shop)
    assert files(check(shop.actor, folder=shop.folder.root)).ok
    assert added[-1].read_bytes() == b"just in time"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a file that can't be read")
def test_a_document_that_can_not_be_read_does_not_stop_the_backup(shop: OpenedShop) -> None:
    _, path = attach(shop, b"locked")
    path.chmod(0)
    assert back_up(shop.actor, folder=shop.folder.root).damaged_documents == 1


def test_a_damaged_document_is_healed_by_a_restore_and_a_good_one_never_spoilt(shop: OpenedShop) -> None:
    _, path = attach(shop, b"good")
    sound = back_up(shop.actor, folder=shop.folder.root).path
    path.write_bytes(b"rotten")
    rotten = back_up(shop.actor, folder=shop.folder.root).path
    restore(shop.actor, folder=shop.folder.root, path=sound)
    reopened(shop)
    assert path.read_bytes() == b"good"
    restore(shop.actor, folder=shop.folder.root, path=rotten)
    reopened(shop)
    assert path.read_bytes() == b"good"


def test_files_named_by_the_data_of_before_a_restore_are_not_swept(shop: OpenedShop) -> None:
    empty = back_up(shop.actor, folder=shop.folder.root).path
    _, path = attach(shop, b"only before the restore")
    restore(shop.actor, folder=shop.folder.root, path=empty)
    close_database()
    reopened(shop)
    aged(path)
    shop.clock.now = datetime.now().astimezone()
    with pytest.raises(UserError, match="没有可以清理"):
        clear_unnamed_files(shop.actor, folder=shop.folder.root, confirmed=SURE)
    assert path.is_file()
