"""Checkout with a million bill lines there: against the same rows by plain sqlite3 at the same durability, and against a
shop that has just opened."""

import random
import shutil
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
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
from meiping.domains.sales.prices import as_priced_today
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import BELOW_ZERO, checkout
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor
from meiping.kernel.moments import system_clock
from meiping.kernel.money import CashRounding
from meiping.store.database import SETTINGS, close_database, db, fetch, fetch_value, open_database
from meiping.store.folder import DataFolder
from meiping.tools.bench_bills import filled_up
from meiping.tools.demo import make_demo_shop
from meiping.tools.demo_maker import DemoSize
from meiping.tools.timing import Figure, milliseconds, p95

_BILLS, _FEWEST, _A_TURN = 400, 80, 40
_FIRST = 10
"""Bills of a turn that don't count: the file has just been opened, a till stays open all day."""
_NEXT_CUSTOMER_SECONDS = 0.005
_USUAL = 3
"""Lines of a usual bill, for which the size of the file must not be felt: each further line changes two more pages of
indexes by product, which lie apart in a large file, whoever writes them."""
SHAPES = ((1, False), (3, False), (30, False), (1, True), (3, True), (30, True))
"""Lines of a bill, and whether three tenders pay it."""
Bill = tuple[Cart, list[Payment]]
Statements = list[tuple[str, Sequence[Any]]]


def checkout_figures(folder: DataFolder) -> list[Figure]:
    """Bills one after the other: service and plain sqlite3 take turns on equal files with a million bill lines; then
    the service in a shop that has just opened."""
    full = filled_up(folder)
    open_database(full)
    there = int(fetch_value("SELECT count(*) FROM sale_line"))
    products = int(fetch_value("SELECT count(*) FROM product"))
    close_database()
    with tempfile.TemporaryDirectory(dir=folder.cache) as place:
        opened = DataFolder(Path(place) / "data")
        size = DemoSize(customers=50, products=products, sales=0)
        make_demo_shop(opened, size, tell=lambda _done, _total, _what: None)
        figures = [Figure(f"收银，已有 {there:,} 行明细", "")]
        with _copies(full, folder.cache, 3) as (to_record, to_serve, to_replay):
            for lines, mixed in SHAPES:
                bills = _prepared(to_record, lines, mixed=mixed)
                first = _prepared(opened.database, lines, mixed=mixed)
                figures += _shape(
                    lines, mixed, bills, first, (to_record, to_serve, to_replay, opened.database)
                )
    return figures


def _prepared(path: Path, lines: int, *, mixed: bool) -> list[Bill]:
    open_database(path)
    try:
        return _bills(_cashier(system_clock()), lines, mixed=mixed, count=max(_BILLS // lines, _FEWEST))
    finally:
        close_database()


def _shape(
    lines: int, mixed: bool, bills: list[Bill], first: list[Bill], paths: tuple[Path, Path, Path, Path]
) -> list[Figure]:
    """They take turns: some bills on the full file and plain, then as many in the shop that has just opened.

    Each opens its file anew for a turn, so that none has more of it in memory than the others.
    """
    to_record, to_serve, to_replay, opened = paths
    now = system_clock()
    open_database(to_record)
    recorded = _record(_cashier(now), bills)
    close_database()
    served: list[float] = []
    plain: list[float] = []
    fresh: list[float] = []
    for start in range(0, len(bills), _A_TURN):
        turn = slice(start, start + _A_TURN)
        open_database(to_serve)
        actor = _cashier(now)
        with _plain(to_replay) as connection:
            for (cart, payments), statements in zip(bills[turn], recorded[turn], strict=True):
                served.append(milliseconds(partial(_settle, actor, cart, payments)))
                plain.append(milliseconds(partial(_replay, connection, statements)))
        close_database()
        open_database(opened)
        fresh += [milliseconds(partial(_settle, _cashier(now), *bill)) for bill in first[turn]]
        close_database()
    served, plain, fresh = map(_counted, (served, plain, fresh))
    ratio, slower = median(served) / median(plain), median(served) / median(fresh)
    what = f"  {lines} 行，{'三种方式付款' if mixed else '现金'}"
    took = f"{median(served):.2f} / {median(plain):.2f} 毫秒，95% 不超过 {p95(served):.2f}"
    beside_fresh = (f"{what}，与刚开的店之比", f"{slower:.2f} 倍（{median(fresh):.2f} 毫秒）")
    return [
        Figure(f"{what}，与裸 sqlite3 写同样的行之比", f"{ratio:.2f} 倍（{took}）", "≤ 2 倍", ratio, 2, 4),
        Figure(*beside_fresh, "≤ 1.2 倍", slower, 1.2) if lines <= _USUAL else Figure(*beside_fresh),
    ]


def _counted(times: list[float]) -> list[float]:
    return [took for place, took in enumerate(times) if place % _A_TURN >= _FIRST]


def checkout_times(path: Path, counts: Callable[[], bool] = lambda: True) -> list[float]:
    """Milliseconds of each of many checkouts of three lines in the file, by the service; of those begun while one counts.

    A little time lies between two bills, as between two customers.
    """
    open_database(path)
    try:
        actor = _cashier(system_clock())
        times = []
        for cart, payments in _bills(actor, 3, mixed=False, count=_BILLS):
            cart = replace(cart, key=str(uuid.uuid4()))
            counted = counts()
            took = milliseconds(partial(_settle, actor, cart, payments))
            times += [took] if counted else []
            time.sleep(_NEXT_CUSTOMER_SECONDS)
        return times
    finally:
        close_database()


@contextmanager
def _copies(file: Path, place: Path, count: int) -> Iterator[list[Path]]:
    paths = [place / f"bench-{number}.db" for number in range(count)]
    for path in paths:
        shutil.copyfile(file, path)
    try:
        yield paths
    finally:
        for path in paths:
            path.unlink()


def _cashier(now: datetime) -> Actor:
    rows = fetch("SELECT id FROM operator WHERE name = '小周'")
    return actor_for(rows[0][0], clock=lambda: now)


def _bills(actor: Actor, lines: int, *, mixed: bool, count: int) -> list[Bill]:
    choose = random.Random(f"{lines} {mixed}")
    products = fetch(
        "SELECT id, code, name, unit, list_price_fen, lowest_price_fen FROM product"
        " WHERE stocked = 1 AND active = 1 AND list_price_fen >= 3"
    )
    rounding = CashRounding(option("till.rounding"))
    bills = []
    for _ in range(count):
        wanted = tuple(
            CartLine(product_id, code, name, unit, 1000, price_fen, price_fen, lowest_fen)
            for product_id, code, name, unit, price_fen, lowest_fen in choose.sample(products, lines)
        )
        cart = Cart(key=str(uuid.UUID(int=choose.getrandbits(128), version=4)), lines=wanted)
        cart = as_priced_today(actor, cart=cart)
        bills.append((cart, _payments(price_bill(cart, rounding).total_fen, mixed=mixed)))
    return bills


def _payments(total_fen: int, *, mixed: bool) -> list[Payment]:
    third = total_fen // 3 if mixed else 0
    electronic = [Payment(tender, third) for tender in ("wechat", "alipay") if third]
    return [*electronic, Payment("cash", total_fen - 2 * third, total_fen - 2 * third + 100)]


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
