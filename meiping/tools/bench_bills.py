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
            _add_bills(
                _bills(choose, range(start, min(start + _BATCH, missing)), missing, today, customers, people),
                first + start,
                products,
                choose,
            )
    return int(fetch_value("SELECT count(*) FROM sale_line"))


def _bills(
    choose: random.Random, numbers: range, count: int, today: date, customers: list[int], people: list[int]
) -> Iterator[tuple[date, int, int | None, int, int | None]]:
    """Day, instant, customer, operator and salesperson of each bill, the oldest first."""
    for number in numbers:
        day = today - timedelta(days=_DAYS - 1 - number * _DAYS // count)
        at = to_ms(datetime.combine(day, time(9 + number % 12, number % 60)).astimezone())
        who = customers[int(len(customers) * choose.random() ** 2)] if choose.random() < 0.62 else None
        yield day, at, who, people[number % len(people)], choose.choice((None, *people[:3]))


def _add_bills(
    bills: Iterator[tuple[date, int, int | None, int, int | None]],
    first: int,
    products: list[tuple[Any, ...]],
    choose: random.Random,
) -> None:
    heads, lines, tenders, entries, moves, money = [], [], [], [], [], []
    entry_id = int(fetch_value("SELECT coalesce(max(id), 0) FROM entry"))
    for sale_id, (day, at, who, operator, person) in enumerate(bills, start=first):
        entry_id += 1
        total = cost = 0
        for position in range(1, _LINES_A_BILL + 1):
            product, name, unit, price, unit_cost = products[int(len(products) * choose.random() ** 1.6)]
            line = (
                sale_id,
                position,
                product,
                name,
                unit,
                1000,
                price,
                price,
                10_000,
                0,
                0,
                price,
                unit_cost,
            )
            lines.append(line)
            moves.append((at, str(day), 1, product, -1000, -unit_cost, "销售出库", "sale", sale_id))
            total, cost = total + price, cost + unit_cost
        tender = choose.choice(("cash", "wechat", "alipay", "card"))
        number = f"XS-{day:%Y%m%d}-B{sale_id}"
        heads.append((sale_id, number, number, 1, who, operator, person, at, str(day), total, total, cost))
        tenders.append((sale_id, tender, total, total))
        entries.append((entry_id, at, str(day), 1, operator, sale_id, number))
        party = who or 0
        postings = (
            (tender, total, 0),
            ("sales", -total, party),
            ("cost_of_sales", cost, 0),
            ("inventory", -cost, 0),
        )
        money += [(entry_id, account, 1, whose, fen) for account, fen, whose in postings if fen]
    many = db.connection().executemany
    many(
        "INSERT INTO sale (id, key, number, kind, company_id, customer_id, operator_id, salesperson_id, posted_at,"
        " business_date, list_fen, discount_fen, rounding_fen, total_fen, cost_fen, line_count)"
        " VALUES (?, ?, ?, 'sale', ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, 3)",
        heads,
    )
    many(
        "INSERT INTO sale_line (sale_id, position, product_id, product_name, unit, qty_milli, list_price_fen, price_fen,"
        f" discount_bp, bill_discount_fen, rounding_fen, net_fen, cost_fen) VALUES ({', '.join('?' * 13)})",
        lines,
    )
    many("INSERT INTO sale_tender (sale_id, tender, amount_fen, received_fen) VALUES (?, ?, ?, ?)", tenders)
    many(
        "INSERT INTO entry (id, posted_at, business_date, company_id, operator_id, source_kind, source_id, memo)"
        " VALUES (?, ?, ?, ?, ?, 'sale', ?, ?)",
        entries,
    )
    many(
        "INSERT INTO posting (entry_id, account, company_id, party_id, amount_fen) VALUES (?, ?, ?, ?, ?)",
        money,
    )
    many(
        "INSERT INTO stock_move (at, business_date, company_id, product_id, qty_milli, value_fen, nature, source_kind,"
        " source_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        moves,
    )
