"""Models and migrations say the same of every table; an older file becomes what a new one is."""

import hashlib
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import CompositeKey, ForeignKeyField, IntegerField, SqliteDatabase, TextField
from playhouse.migrations import Runner

import meiping.domains
from meiping.domains.maintenance.invariants import KNOWLEDGE
from meiping.kernel.errors import DamagedFile
from meiping.store.database import close_database, fetch, open_database
from meiping.store.fields import KeyedModel
from meiping.store.folder import DataFolder
from meiping.store.inspection import require_sound
from meiping.store.migrator import MIGRATIONS, latest_version, migrate
from meiping.store.schema import fetch_from, migrate_file, objects_at, objects_in
from tests.shop import OpenedShop
from tests.store.backup_tools import old_shop_file

WITHOUT_MODEL = {"search_entry", "search_words", "schema_migration"}
"""Tables that only the store touches."""


def all_models() -> list[type[KeyedModel]]:
    for room in pkgutil.iter_modules(meiping.domains.__path__):
        folder = Path(meiping.domains.__path__[0]) / room.name
        if (folder / "models.py").exists():
            importlib.import_module(f"meiping.domains.{room.name}.models")
    return list(without_heirs(KeyedModel))


def without_heirs(model: type[KeyedModel]) -> Iterator[type[KeyedModel]]:
    """Models that others build on have no table."""
    heirs = model.__subclasses__()
    if not heirs:
        yield model
    for heir in heirs:
        yield from without_heirs(heir)


MODELS = {model._meta.table_name: model for model in all_models()}


@pytest.mark.parametrize("table", sorted(MODELS))
def test_a_model_has_the_columns_of_its_table(shop: OpenedShop, table: str) -> None:
    columns = {
        name: (kind, bool(filled), key)
        for _, name, kind, filled, _, key in fetch(f"PRAGMA table_info({table})")
    }
    fields = {field.column_name: field for field in MODELS[table]._meta.sorted_fields}
    assert columns.keys() == fields.keys()
    for name, field in fields.items():
        kind, filled, key = columns[name]
        if not key:
            assert filled != field.null, f"{name} may be empty in one and not in the other"
        stored = field.rel_field if isinstance(field, ForeignKeyField) else field
        wanted = "TEXT" if isinstance(stored, TextField) else "INTEGER"
        assert kind == wanted, f"{name} is {kind} in the table and {wanted} in the model"


@pytest.mark.parametrize("table", sorted(MODELS))
def test_a_model_has_the_key_and_the_references_of_its_table(shop: OpenedShop, table: str) -> None:
    meta = MODELS[table]._meta
    assert meta.primary_key
    key = {name for _, name, _, _, _, place in fetch(f"PRAGMA table_info({table})") if place}
    if isinstance(meta.primary_key, CompositeKey):
        assert key == {meta.fields[name].column_name for name in meta.primary_key.field_names}
    else:
        assert key == {meta.primary_key.column_name}
    there = {(row[3], row[2], row[4]) for row in fetch(f"PRAGMA foreign_key_list({table})")}
    said = {
        (field.column_name, field.rel_model._meta.table_name, field.rel_field.column_name)
        for field in meta.sorted_fields
        if isinstance(field, ForeignKeyField)
    }
    assert said <= there, "a model refers to something its table does not"


def test_every_table_has_a_model_or_belongs_to_the_store(shop: OpenedShop) -> None:
    tables = {name for (name,) in fetch("SELECT name FROM sqlite_master WHERE type = 'table'")}
    business = {name for name in tables if not name.startswith(("sqlite_", "search_fts"))}
    assert business - WITHOUT_MODEL == set(MODELS)


def test_ids_are_never_given_twice(shop: OpenedShop) -> None:
    for table, model in MODELS.items():
        if isinstance(model._meta.primary_key, IntegerField) and "id" in model._meta.fields:
            (statement,) = fetch("SELECT sql FROM sqlite_master WHERE name = ?", table)
            assert "AUTOINCREMENT" in statement[0], table


@pytest.mark.parametrize("parent", ["customer", "contact", "contact_record", "reminder"])
def test_taking_a_row_out_reads_no_whole_table(shop: OpenedShop, parent: str) -> None:
    tables = [name for (name,) in fetch("SELECT name FROM sqlite_master WHERE type = 'table'")]
    slow = [
        f"{table}.{row[3]}"
        for table in tables
        for row in fetch(f"PRAGMA foreign_key_list({table})")
        if row[2] == parent
        if fetch(f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {row[3]} = 1")[0][3].startswith("SCAN")
    ]
    assert not slow, "each row taken out would look through all of these"


@pytest.mark.parametrize("version", range(1, latest_version()))
def test_an_older_file_becomes_what_a_new_one_is(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.db"
    old_shop_file(path, version)
    migrate_file(path)
    require_sound(path, KNOWLEDGE, thorough=True, name=path.name)
    migrated = SqliteDatabase(str(path))
    assert objects_in(fetch_from(migrated.connection())) == objects_at(latest_version())
    assert migrated.execute_sql("PRAGMA user_version").fetchone() == (latest_version(),)
    migrated.close()


def test_every_step_says_its_version(tmp_path: Path) -> None:
    for path in sorted(MIGRATIONS.glob("[0-9]*.py")):
        database = SqliteDatabase(str(tmp_path / f"{path.stem}.db"))
        Runner(database, directory=str(MIGRATIONS)).up(path.stem)
        assert database.execute_sql("PRAGMA user_version").fetchone() == (int(path.stem[:4]),)
        database.close()


def test_a_file_of_a_newer_program_is_refused_and_not_touched(closed_shop: DataFolder) -> None:
    open_database(closed_shop.database)
    fetch(f"PRAGMA user_version = {latest_version() + 1}")
    close_database()
    before = hashlib.sha256(closed_shop.database.read_bytes()).hexdigest()
    open_database(closed_shop.database)
    with pytest.raises(DamagedFile, match="更新版本的程序"):
        migrate()
    close_database()
    assert hashlib.sha256(closed_shop.database.read_bytes()).hexdigest() == before
