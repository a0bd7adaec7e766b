"""Checkout through the service against the same rows by plain sqlite3, at the same durability."""

import random
import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from meiping.domains.access.queries import actor_for
from meiping.domains.sales.cart import Cart, CartLine
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import BELOW_ZERO, checkout
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor
from meiping.kernel.moments import system_clock
from meiping.kernel.money import CashRounding
from meiping.store.database import SETTINGS, close_database, db, fetch, open_database
from meiping.store.folder import DataFolder
from meiping.tools.timing import Figure, milliseconds, p95

_BILLS = 400
Bill = tuple[Cart, list[Payment]]
Statements = list[tuple[str, Sequence[Any]]]


def checkout_figures(folder: DataFolder) -> list[Figure]:
    """Three lines paid in cash, one after the other: service and plain sqlite3 take turns on equal files."""
    now = system_clock()
    with _copies(folder, 3) as (to_record, to_serve, to_replay):
        open_database(to_record)
        bills = _bills()
        recorded = _record(_cashier(now), bills)
        close_database()
        open_database(to_serve)
        actor = _cashier(now)
        served, plain = [], []
        with _plain(to_replay) as connection:
            for (cart, payments), statements in zip(bills, recorded, strict=True):
                served.append(milliseconds(partial(_settle, actor, cart, payments)))
                plain.append(milliseconds(partial(_replay, connection, statements)))
        close_database()
    ratio = median(served) / median(plain)
    return [
        Figure("收银 3 行，与裸 sqlite3 写同样的行之比", f"{ratio:.2f} 倍", "≤ 2 倍", ratio, 2, 4),
        Figure("  经程序 / 裸 sqlite3", f"{median(served):.2f} / {median(plain):.2f} 毫秒"),
        Figure("  经程序，95% 不超过", f"{p95(served):.2f} 毫秒"),
    ]


def checkout_times(path: Path) -> list[float]:
    """Milliseconds of each of many checkouts of three lines in the file, by the service."""
    open_database(path)
    try:
        actor = _cashier(system_clock())
        times = []
        for cart, payments in _bills():
            cart = replace(cart, key=str(uuid.uuid4()))
            times.append(milliseconds(partial(_settle, actor, cart, payments)))
        return times
    finally:
        close_database()


@contextmanager
def _copies(folder: DataFolder, count: int) -> Iterator[list[Path]]:
    paths = [folder.cache / f"bench-{number}.db" for number in range(count)]
    for path in paths:
        shutil.copyfile(folder.database, path)
    try:
        yield paths
    finally:
        for path in paths:
            path.unlink()


def _cashier(now: datetime) -> Actor:
    rows = fetch("SELECT id FROM operator WHERE name = '小周'")
    return actor_for(rows[0][0], clock=lambda: now)


def _bills() -> list[Bill]:
    choose = random.Random(1)
    products = fetch(
        "SELECT id, code, name, unit, list_price_fen, lowest_price_fen FROM product WHERE stocked = 1"
    )
    rounding = CashRounding(option("till.rounding"))
    bills = []
    for _ in range(_BILLS):
        lines = tuple(
            CartLine(product_id, code, name, unit, 1000, price_fen, price_fen, lowest_fen)
            for product_id, code, name, unit, price_fen, lowest_fen in choose.sample(products, 3)
        )
        cart = Cart(key=str(uuid.UUID(int=choose.getrandbits(128), version=4)), lines=lines)
        bills.append((cart, [Payment("cash", price_bill(cart, rounding).total_fen)]))
    return bills


def _settle(actor: Actor, cart: Cart, payments: list[Payment]) -> None:
    checkout(actor, cart=cart, payments=payments, confirmed=frozenset({BELOW_ZERO}))


def _record(actor: Actor, bills: list[Bill]) -> list[Statements]:
    """The writing statements of each bill, with their values."""
    recorded: list[Statements] = []
    execute = db.execute_sql

    def recording(sql: str, params: Sequence[Any] | None = None) -> Any:
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            recorded[-1].append((sql, tuple(params or ())))
        return execute(sql, params)

    db.execute_sql = recording  # type: ignore[method-assign]
    try:
        for cart, payments in bills:
            recorded.append([])
            _settle(actor, cart, payments)
    finally:
        db.execute_sql = execute  # type: ignore[method-assign]
    return recorded


@contextmanager
def _plain(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for name, value in SETTINGS.items():
            connection.execute(f"PRAGMA {name} = {value}")
        yield connection
    finally:
        connection.close()


def _replay(connection: sqlite3.Connection, statements: Statements) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for sql, values in statements:
        connection.execute(sql, values)
    connection.execute("COMMIT")
