"""A copy of the shop with a million bill lines, made once a run: what checkouts and reports are measured on."""

import random
import shutil
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from meiping.kernel.moments import local_day, system_clock, to_ms
from meiping.store.database import close_database, db, fetch, fetch_value, learn_sizes, open_database
from meiping.store.folder import DataFolder

LINES, QUICK_LINES = 1_000_000, 50_000
_MANY_CUSTOMERS = 50_000
_DAYS, _LINES_A_BILL, _BATCH = 1095, 3, 20_000
Bill = tuple[date, int, int | None, int, int | None]
"""Day, instant in UTC milliseconds, customer, operator and salesperson."""


def filled_up(folder: DataFolder) -> Path:
    """The copy, closed; it is made where there is none. Fewer lines for a small shop."""
    path = folder.cache / "bench-filled.db"
    if path.exists():
        return path
    shutil.copyfile(folder.database, path)
    open_database(path)
    try:
        many = fetch_value("SELECT count(*) FROM customer") > _MANY_CUSTOMERS
        fill_up(LINES if many else QUICK_LINES)
        learn_sizes()
    finally:
        close_database()
    return path


def fill_up(lines: int) -> int:
    """Add bills of three lines over three years by the ledgers' own tables, triggers included; gives all lines.

    What each row holds is what a checkout paid one way would write; numbers and stock are left as they are.
    """
    choose = random.Random(1)
    products = fetch(
        "SELECT id, name, unit, list_price_fen, purchase_price_fen FROM product WHERE stocked = 1"
    )
    customers = [row[0] for row in fetch("SELECT id FROM customer WHERE deleted_at IS NULL")]
    people = [row[0] for row in fetch("SELECT id FROM operator ORDER BY id")]
    today = local_day(system_clock())
    missing = (lines - int(fetch_value("SELECT count(*) FROM sale_line"))) // _LINES_A_BILL
    first = int(fetch_value("SELECT max(id) FROM sale")) + 1
    for start in range(0, missing, _BATCH):
        with db.atomic("IMMEDIATE"):
            rows = _Rows(products, choose)
            numbers = range(start, min(start + _BATCH, missing))
            bills = _bills(choose, numbers, missing, today, customers, people)
            for sale_id, bill in enumerate(bills, start=first + start):
                rows.add(sale_id, bill)
            rows.write()
    return int(fetch_value("SELECT count(*) FROM sale_line"))


def _bills(
    choose: random.Random, numbers: range, count: int, today: date, customers: list[int], people: list[int]
) -> Iterator[Bill]:
    """Each bill, the oldest first."""
    for number in numbers:
        day = today - timedelta(days=_DAYS - 1 - number * _DAYS // count)
        at = to_ms(datetime.combine(day, time(9 + number % 12, number % 60)).astimezone())
        who = customers[int(len(customers) * choose.random() ** 2)] if choose.random() < 0.62 else None
        yield day, at, who, people[number % len(people)], choose.choice((None, *people[:3]))


class _Rows:
    """The rows of some bills, for all tables a checkout writes to."""

    def __init__(self, products: list[tuple[Any, ...]], choose: random.Random) -> None:
        self._products, self._choose = products, choose
        self._heads: list[tuple[Any, ...]] = []
        self._lines: list[tuple[Any, ...]] = []
        self._tenders: list[tuple[Any, ...]] = []
        self._entries: list[tuple[Any, ...]] = []
        self._money: list[tuple[Any, ...]] = []
        self._moves: list[tuple[Any, ...]] = []
        self._entry_id = int(fetch_value("SELECT coalesce(max(id), 0) FROM entry"))

    def add(self, sale_id: int, bill: Bill) -> None:
        """A bill of goods that sell more or less often, at their list price."""
        day, at, who, operator, person = bill
        sold = [self._line(sale_id, place, at, day) for place in range(1, _LINES_A_BILL + 1)]
        total, cost = (sum(figures) for figures in zip(*sold, strict=True))
        tender = self._choose.choice(("cash", "wechat", "alipay", "card"))
        number = f"XS-{day:%Y%m%d}-B{sale_id}"
        self._heads.append(
            (sale_id, number, number, 1, who, operator, person, at, str(day), total, total, cost)
        )
        self._tenders.append((sale_id, tender, total, total))
        self._entry_id += 1
        self._entries.append((self._entry_id, at, str(day), 1, operator, sale_id, number))
        postings = (
            (tender, total, 0),
            ("sales", -total, who or 0),
            ("cost_of_sales", cost, 0),
            ("inventory", -cost, 0),
        )
        self._money += [(self._entry_id, account, 1, whose, fen) for account, fen, whose in postings if fen]

    def _line(self, sale_id: int, place: int, at: int, day: date) -> tuple[int, int]:
        """One piece of something; gives its price and cost in fen."""
        one = self._products[int(len(self._products) * self._choose.random() ** 1.6)]
        product, name, unit, price, cost = one
        self._lines.append(
            (sale_id, place, product, name, unit, 1000, price, price, 10_000, 0, 0, price, cost)
        )
        self._moves.append((at, str(day), 1, product, -1000, -cost, "销售出库", "sale", sale_id))
        return price, cost

    def write(self) -> None:
        """Put them into the file."""
        many = db.connection().executemany
        many(
            "INSERT INTO sale (id, key, number, kind, company_id, customer_id, operator_id, salesperson_id, posted_at,"
            " business_date, list_fen, discount_fen, rounding_fen, total_fen, cost_fen, line_count)"
            " VALUES (?, ?, ?, 'sale', ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, 3)",
            self._heads,
        )
        many(
            "INSERT INTO sale_line (sale_id, position, product_id, product_name, unit, qty_milli, list_price_fen, price_fen,"
            f" discount_bp, bill_discount_fen, rounding_fen, net_fen, cost_fen) VALUES ({', '.join('?' * 13)})",
            self._lines,
        )
        many(
            "INSERT INTO sale_tender (sale_id, tender, amount_fen, received_fen) VALUES (?, ?, ?, ?)",
            self._tenders,
        )
        many(
            "INSERT INTO entry (id, posted_at, business_date, company_id, operator_id, source_kind, source_id, memo)"
            " VALUES (?, ?, ?, ?, ?, 'sale', ?, ?)",
            self._entries,
        )
        many(
            "INSERT INTO posting (entry_id, account, company_id, party_id, amount_fen) VALUES (?, ?, ?, ?, ?)",
            self._money,
        )
        many(
            "INSERT INTO stock_move (at, business_date, company_id, product_id, qty_milli, value_fen, nature, source_kind,"
            " source_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._moves,
        )
