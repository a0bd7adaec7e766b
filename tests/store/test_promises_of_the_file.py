"""What the file itself promises, whatever code may try: its settings on every connection, and ledgers that only grow."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from peewee import DatabaseError, IntegrityError

from meiping.domains.sales.payments import Payment
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.till.drawer import move_cash
from meiping.kernel.errors import DamagedFile
from meiping.store import database
from meiping.store.database import SETTINGS, ShopDatabase, db, fetch, reading
from tests.factories import add_customer, add_product, cart_of, new_key, recharge
from tests.shop import OpenedShop

LEDGERS = (
    "entry",
    "posting",
    "stock_move",
    "stock_document",
    "stock_document_line",
    "sale",
    "sale_tender",
    "recharge",
    "receipt",
    "till_event",
    "tender_change",
    "cash_movement",
)


def settings_here() -> dict[str, object]:
    """What this thread's connection says of itself."""
    return {name: fetch(f"PRAGMA {name}")[0][0] for name in SETTINGS}


def test_every_connection_has_the_settings_and_readers_can_not_write(shop: OpenedShop) -> None:
    assert settings_here() == SETTINGS
    assert (SETTINGS["journal_mode"], SETTINGS["synchronous"]) == ("wal", 2)

    def read_elsewhere() -> tuple[dict[str, object], str]:
        with reading():
            there = settings_here()
            with pytest.raises(DatabaseError) as refused:
                db.execute_sql("DELETE FROM option")
            return there, str(refused.value)

    with ThreadPoolExecutor(1) as pool:
        there, refused = pool.submit(read_elsewhere).result()
    assert there == SETTINGS
    assert "readonly" in refused


def test_a_setting_that_does_not_take_is_told_instead_of_worked_without(
    shop: OpenedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    another = ShopDatabase(":memory:")
    monkeypatch.setattr(database, "SETTINGS", {**SETTINGS, "journal_mode": "truncate"})
    with pytest.raises(DamagedFile, match="journal_mode"):
        another.connect()


@pytest.fixture
def ledgers(shop: OpenedShop) -> list[str]:
    """A shop in which something of each kind has happened; gives the ledgers that hold rows."""
    customer = add_customer(shop, credit_yuan=100)
    recharge(shop, customer, 5_000)
    tea = add_product(shop, stock=9)
    cart = cart_of(shop, (tea, 2), customer_id=customer)
    sold = checkout(shop.actor, cart=cart, payments=[Payment("credit", 1_000), Payment("cash", 1_000)])
    (line,) = bill_detail(shop.actor, sale_id=sold.sale_id).lines
    return_goods(shop.actor, key=new_key(), sale_id=sold.sale_id, quantities={line.id: 1_000})
    move_cash(shop.actor, key=new_key(), amount_fen=100, reason="备用零钱")
    return [table for table in LEDGERS if fetch(f"SELECT 1 FROM {table} LIMIT 1")]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {table} SET rowid = rowid",
        "DELETE FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
        "UPDATE OR REPLACE {table} SET rowid = rowid + 1",
    ],
)
def test_what_was_posted_is_never_changed_deleted_or_replaced(ledgers: list[str], change: str) -> None:
    assert {"entry", "posting", "stock_move", "sale", "sale_tender", "recharge"} <= set(ledgers)
    for table in ledgers:
        before = fetch(f"SELECT * FROM {table}")
        with pytest.raises((DatabaseError, sqlite3.DatabaseError)):
            db.execute_sql(change.format(table=table))
        assert fetch(f"SELECT * FROM {table}") == before


def test_of_a_posted_line_only_what_came_back_is_counted_on(ledgers: list[str]) -> None:
    for column in ("price_fen", "net_fen", "qty_milli", "cost_fen", "product_id", "salesperson_id"):
        with pytest.raises(DatabaseError, match="never changed"):
            db.execute_sql(f"UPDATE sale_line SET {column} = {column} + 1")
    with pytest.raises(DatabaseError):
        db.execute_sql("UPDATE sale_line SET returned_milli = qty_milli + 1 WHERE qty_milli > 0")


def test_no_ledger_takes_a_part_of_a_fen(ledgers: list[str]) -> None:
    """R1: each row once more under another number, with half a fen in one column after the other."""
    for table in (*ledgers, "sale_line"):
        columns = [row[1] for row in fetch(f"PRAGMA table_info({table})") if row[1] != "id"]
        for fen in (column for column in columns if column.endswith("_fen")):
            anew = {"key": "hex(randomblob(8))", "number": "hex(randomblob(8))", fen: f"{fen} + 0.5"}
            values = ", ".join(anew.get(column, column) for column in columns)
            with pytest.raises(IntegrityError, match=r"CHECK|whole fen"):
                db.execute_sql(
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} LIMIT 1"
                )
