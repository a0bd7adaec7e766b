"""A backup that is damaged or forged is refused, and nothing has changed."""

import hashlib
import json
import random
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from meiping.kernel.errors import DamagedFile, UserError
from meiping.store import archive
from meiping.store.folder import DataFolder
from meiping.store.inspection import require_sound
from tests.store.backup_tools import LITTLE, everything_in, make, restore


def rewrite(path: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> None:
    """Write the archive anew with other contents; a changed manifest is written as it then is."""
    with zipfile.ZipFile(path) as opened:
        contents = {name: opened.read(name) for name in opened.namelist() if name != "manifest.json"}
        manifest = json.loads(opened.read("manifest.json"))
    change(contents, manifest)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in contents.items():
            opened.writestr(name, content)
        if manifest:
            opened.writestr("manifest.json", json.dumps(manifest))


def fit(contents: dict[str, bytes], manifest: dict[str, Any]) -> None:
    """Make the manifest fit the contents: a forger would."""
    manifest["entries"] = [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in contents.items()
    ]


def changed_database(path: Path, *statements: str) -> None:
    def change(contents: dict[str, bytes], manifest: dict[str, Any]) -> None:
        copy = path.with_name("changed.db")
        copy.write_bytes(contents["meiping.db"])
        connection = sqlite3.connect(copy)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
        contents["meiping.db"] = copy.read_bytes()
        copy.unlink()
        fit(contents, manifest)

    rewrite(path, change)


def with_entry(name: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        def change(contents: dict[str, bytes], manifest: dict[str, Any]) -> None:
            contents[name] = b"evil"
            fit(contents, manifest)

        rewrite(path, change)

    return spoil


def with_manifest(**changes: Any) -> Callable[[Path], None]:
    return lambda path: rewrite(path, lambda contents, manifest: manifest.update(changes))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _twice(path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as opened:
        opened.writestr("meiping.db", b"other")


def _link(path: Path) -> None:
    info = zipfile.ZipInfo("ab" * 32)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr(info, "/etc/passwd")


def _flip(path: Path) -> None:
    """Some 16 bytes side by side: a single one may stand where packed data means the same with another."""
    content = bytearray(path.read_bytes())
    for place in range(1000, 1016):
        content[place] ^= 0x55
    path.write_bytes(content)


def _bomb_in_the_manifest(path: Path) -> None:
    rewrite(
        path,
        lambda contents, manifest: manifest["entries"][0].update(size=500 << 30),
    )


def _real_bomb(path: Path) -> None:
    def change(contents: dict[str, bytes], manifest: dict[str, Any]) -> None:
        contents["ab" * 32] = bytes(70 << 20)
        fit(contents, manifest)

    rewrite(path, change)


def _more_than_it_says(path: Path) -> None:
    """The headers tell the size of the manifest, the stream holds more."""

    def change(contents: dict[str, bytes], manifest: dict[str, Any]) -> None:
        contents["meiping.db"] += b"more"

    rewrite(path, change)


DAMAGED: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "not a zip": lambda path: path.write_bytes(b"PK but no zip" * 100),
    "cut off": _cut,
    "flipped bytes": _flip,
    "an entry more": with_entry("notes.txt"),
    "out of the folder": with_entry("../../meiping.db"),
    "absolute": with_entry("/etc/cron.d/x"),
    "backslashes": with_entry("..\\x"),
    "a drive": with_entry("C:x"),
    "another case": with_entry("MEIPING.DB"),
    "a folder": with_entry("documents/"),
    "an entry twice": _twice,
    "a link": _link,
    "no manifest": lambda path: rewrite(path, lambda contents, manifest: manifest.clear()),
    "an entry less": lambda path: rewrite(path, lambda contents, manifest: contents.clear()),
    "wrong checksum": lambda path: rewrite(
        path, lambda contents, manifest: manifest["entries"][0].update(sha256="0" * 64)
    ),
    "wrong size": lambda path: rewrite(
        path, lambda contents, manifest: manifest["entries"][0].update(size=1)
    ),
    "a negative size": lambda path: rewrite(
        path, lambda contents, manifest: manifest["entries"][0].update(size=-1)
    ),
    "manifest without rows": with_manifest(rows=None),
    "manifest with other rows": with_manifest(rows={"operator": 7}),
    "manifest with other sums": with_manifest(figures={"operators": 2}),
    "manifest with words for numbers": with_manifest(made_at="yesterday"),
    "manifest with another version": with_manifest(schema_version=1),
    "a manifest that is a list": lambda path: _manifest_as(path, "[]"),
    "a manifest deeply nested": lambda path: _manifest_as(path, "[" * 100_000),
    "a bomb in the manifest": _bomb_in_the_manifest,
    "a real bomb": _real_bomb,
    "more than it says": _more_than_it_says,
    "a foreign trigger": lambda path: changed_database(
        path,
        "CREATE TRIGGER evil AFTER INSERT ON operation BEGIN UPDATE operator SET name = 'x'; END",
    ),
    "a foreign view": lambda path: changed_database(path, "CREATE VIEW v AS SELECT * FROM operator"),
    "a guard less": lambda path: changed_database(path, "DROP TRIGGER posting_no_update"),
    "a changed guard": lambda path: changed_database(
        path,
        "DROP TRIGGER posting_no_update",
        "CREATE TRIGGER posting_no_update BEFORE UPDATE ON posting BEGIN SELECT 1; END",
    ),
    "rows that are not sound": lambda path: changed_database(
        path, "DELETE FROM operator_role", "DELETE FROM operator_company", "DELETE FROM operator"
    ),
    "a reference to nothing": lambda path: changed_database(
        path, "PRAGMA foreign_keys = OFF", "INSERT INTO operator_company VALUES (77, 1)"
    ),
    "another program's file": lambda path: changed_database(path, "PRAGMA application_id = 7"),
    "a newer file with an older manifest": lambda path: changed_database(path, "PRAGMA user_version = 99"),
    "no database inside": lambda path: rewrite(path, _junk_database),
}


def _manifest_as(path: Path, text: str) -> None:
    with zipfile.ZipFile(path) as opened:
        contents = {name: opened.read(name) for name in opened.namelist() if name != "manifest.json"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in contents.items():
            opened.writestr(name, content)
        opened.writestr("manifest.json", text)


def _junk_database(contents: dict[str, bytes], manifest: dict[str, Any]) -> None:
    contents["meiping.db"] = b"SQLite format 3\x00" + b"junk" * 1000
    fit(contents, manifest)


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_or_forged_backup_is_refused_and_changes_nothing(
    closed_shop: DataFolder, tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "damaged.zip"
    make(closed_shop, target=path)
    DAMAGED[damage](path)
    before = everything_in(closed_shop)
    with pytest.raises(DamagedFile) as refused:
        restore(closed_shop, path)
    assert everything_in(closed_shop) == before
    assert "没有被改动" in refused.value.sentence or "升级" in refused.value.sentence
    assert not (closed_shop.root / "shops" / "0002").exists()


def test_a_backup_with_any_byte_damaged_is_refused_or_reads_the_same(
    closed_shop: DataFolder, tmp_path: Path
) -> None:
    whole = make(closed_shop)
    content = whole.path.read_bytes()
    damaged = tmp_path / "damaged.zip"
    dice = random.Random(20261121)
    refused = 0
    for position in [
        *range(60),
        *dice.sample(range(len(content)), 200),
        *range(len(content) - 400, len(content)),
    ]:
        changed = bytearray(content)
        changed[position] ^= 1 << dice.randrange(8)
        damaged.write_bytes(changed)
        try:
            manifest = archive.verify(damaged)
        except UserError:
            refused += 1
        else:
            assert manifest == whole.manifest
    assert refused > 200


def test_a_missing_backup_is_told_in_words(closed_shop: DataFolder, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有找到"):
        restore(closed_shop, tmp_path / "gone.zip")


def test_checking_a_copy_leaves_its_bytes_alone(closed_shop: DataFolder) -> None:
    before = closed_shop.database.read_bytes()
    require_sound(closed_shop.database, LITTLE, thorough=True, name="数据")
    assert closed_shop.database.read_bytes() == before
