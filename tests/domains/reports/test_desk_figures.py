"""Each figure of the desk, computed a second way from the rows, and the lists behind it, which add up to it."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from meiping.domains.customers.conditions import Condition, Operator
from meiping.domains.customers.queries import CustomerFilter, customer_list
from meiping.domains.desk.overview import day_figures, what_waits
from meiping.domains.desk.rules import COMPARED, compared_day, trend_start
from meiping.domains.desk.trade import best_goods, slow_goods
from meiping.domains.receivables.debtors import DebtorFilter, debtors
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import product_report, sales_by_day, summary, tender_report
from meiping.domains.reports.queries.dealings import DealingFilter, dealings
from meiping.domains.reports.queries.watching import watch_report
from meiping.domains.reports.rules import Period, Quick
from meiping.domains.sales.queries import KIND_WORDS, BillFilter, bills
from meiping.domains.stock.queries import StockFilter, low_stock, stock_list
from meiping.domains.till.event_rules import EventKind
from meiping.store.database import db, fetch
from tests.domains.reports.test_every_figure import MONEY_KINDS, REAL, Figures, by, of_bills, total
from tests.domains.reports.test_every_report import (
    BILLS,
    LINES,
    MONEY,
    PERIODS,
    all_rows,
    raw,
    survivor,
)
from tests.factories import add_customer
from tests.shop import OpenedShop

SOLD = tuple(kind for kind in KIND_WORDS if kind != "return")


def bill_days() -> list[date]:
    """The last day with a bill of each kind, and the first few days."""
    found = [row[0] for row in fetch("SELECT max(business_date) FROM sale GROUP BY kind")]
    found += [row[0] for row in fetch("SELECT DISTINCT business_date FROM sale ORDER BY 1 LIMIT 3")]
    return sorted({date.fromisoformat(day) for day in found})


def figures_of(day: date) -> Figures:
    """What the desk tells of a day, from the rows as they were posted."""
    money = [one for one in raw(MONEY, Period(day, day)) if one["source_kind"] in MONEY_KINDS]
    sales = [one for one in money if one["source_kind"] == "sale"]
    found = of_bills(raw(BILLS, Period(day, day)), raw(LINES, Period(day, day)))
    for account in REAL:
        found[f"{account}_fen"] = total((one for one in money if one["account"] == account), "amount_fen")
    stored = (one for one in sales if one["account"].startswith("stored"))
    return found | {
        "received_fen": sum(found[f"{account}_fen"] for account in REAL),
        "stored_used_fen": total(stored, "amount_fen"),
        "credit_fen": total((one for one in sales if one["account"] == "receivable"), "amount_fen"),
    }


def returning_on(day: date) -> set[int]:
    """Who bought on the day and had bought before."""
    sold = [one for one in raw(BILLS, Period(None, day)) if one["kind"] != "return" and one["customer_id"]]
    came = by(sold, lambda one: one["business_date"] == str(day))
    before, now = ({survivor(one["customer_id"]) for one in came.get(today, [])} for today in (False, True))
    return now & before


def test_every_figure_of_a_day_equals_the_rows_and_its_lists(busy: OpenedShop) -> None:
    for day in bill_days():
        busy.clock.set(day.year, day.month, day.day, 20)
        add_customer(busy)
        found = day_figures(busy.actor)
        assert list(found) == ["today", *dict(COMPARED)]
        for key, one in found.items():
            that_day = day if key == "today" else compared_day(key, day)
            wanted = figures_of(that_day)
            assert one.day == that_day
            assert {key: one.sums[key] for key in wanted} == wanted, f"{key} {that_day}"
            fresh = "SELECT count(*) FROM customer WHERE created_date = ? AND deleted_at IS NULL"
            assert one.new_customers == fetch(fresh, str(that_day))[0][0]
            assert set(one.returning or ()) == returning_on(that_day)
            behind(busy, that_day, one.sums, one.new_customers)


def behind(shop: OpenedShop, day: date, sums: Any, fresh: int | None) -> None:
    """What a press on a figure of the day opens comes to the figure."""
    rows = summary(shop.actor, Period(day, day)).rows
    keys = ("net_fen", "average_fen", "profit_fen", "received_fen")
    assert [{key: row[key] for key in keys} for row in rows] in ([{key: sums[key] for key in keys}], [])
    assert rows or not any(sums.values())
    assert bills(shop.actor, narrow=BillFilter("", SOLD, day, day)).count() == sums["bills"]
    there = bills(shop.actor, narrow=BillFilter("", None, day, day))
    assert sum(one["total_fen"] for one in there.window(0, 999, None)) == sums["net_fen"]
    tenders = tender_report(shop.actor, ReportAsked(Period(day, day), {"by": "day"})).totals
    paid = ("received_fen", "stored_used_fen", "credit_fen", *(f"{one}_fen" for one in REAL))
    assert {key: tenders[key] for key in paid} == {key: sums[key] for key in paid}
    for tender in (None, *REAL):
        moved = dealings(shop.actor, narrow=DealingFilter(tender=tender, first_date=day, last_date=day))
        assert moved.summary()["money_fen"] == sums[f"{tender or 'received'}_fen"]
    created = Condition("created_date", Operator.BETWEEN, (day, day))
    assert customer_list(shop.actor, CustomerFilter(conditions=(created,))).count() == fresh


def test_the_last_days_equal_their_bills(busy: OpenedShop) -> None:
    for today in bill_days():
        shown = sales_by_day(busy.actor, first=trend_start(today), last=today)
        found = by(raw(BILLS, Period(trend_start(today), today)), lambda one: one["business_date"])
        assert [one.day for one in shown] == [today - timedelta(days=ago) for ago in range(29, -1, -1)]
        for one in shown:
            some = found.get(str(one.day), [])
            assert one.net_fen == total(some, "total_fen")
            assert one.bills == sum(bill["kind"] != "return" for bill in some)


def test_goods_equal_their_lines_and_their_stock(busy: OpenedShop) -> None:
    for today in bill_days():
        busy.clock.set(today.year, today.month, today.day)
        sums: Counter[int] = Counter()
        for line in raw(LINES, Period(today - timedelta(days=29), today)):
            sums[line["product_id"]] += line["net_fen"]
        ranked = sorted((-net, one) for one, net in sums.items() if net > 0)[:5]
        best = best_goods(busy.actor)
        assert [(-one.net_fen, one.id) for one in best] == ranked
        for one in best:
            days = Quick.LAST_30.period(today)
            (row,) = product_report(busy.actor, ReportAsked(days, {"product_id": one.id})).rows
            assert (row["net_fen"], row["qty_milli"]) == (one.net_fen, one.qty_milli)
    busy.clock.advance(days=200)
    unsold = slow_goods(busy.actor)
    assert unsold
    for one in unsold:
        narrow = StockFilter(product_id=one.id, company_id=busy.company_id)
        (row,) = stock_list(busy.actor, filter=narrow).window(0, 9, None)
        assert row["qty_milli"] == one.qty_milli


def test_low_stock_is_told_by_one_rule_the_most_urgent_first(busy: OpenedShop) -> None:
    db.execute_sql("UPDATE product SET low_stock_milli = 1000 * (id % 4) * 12 WHERE stocked AND id % 4")
    lying = dict(fetch("SELECT product_id, qty_milli FROM stock WHERE company_id = ?", busy.company_id))
    marks = fetch("SELECT id, low_stock_milli FROM product WHERE active AND stocked AND low_stock_milli > 0")
    low = {one: (lying.get(one, 0), mark) for one, mark in marks if lying.get(one, 0) <= mark}
    rows = all_rows_of(low_stock(busy.actor))
    assert {row["product_id"]: (row["qty_milli"], row["low_stock_milli"]) for row in rows} == low
    assert 0 < len(low) < len(marks)
    used_up = [row["qty_milli"] for row in rows if row["qty_milli"] <= 0]
    left = [row["qty_milli"] / row["low_stock_milli"] for row in rows if row["qty_milli"] > 0]
    assert used_up == sorted(used_up)
    assert [row["qty_milli"] > 0 for row in rows] == [False] * len(used_up) + [True] * len(left)
    assert left == sorted(left)
    assert what_waits(busy.actor).low == len(low)


def all_rows_of(listing: Any) -> list[Any]:
    return list(listing.window(0, listing.count(), None))


@pytest.mark.parametrize("days", [0, 1, 45, 400])
def test_what_is_overdue_equals_what_was_put_on_credit_and_not_paid(busy: OpenedShop, days: int) -> None:
    busy.clock.advance(days=days)
    today = busy.actor.today()
    late: Counter[int] = Counter()
    owed = [one for one in raw(MONEY, Period()) if one["account"] == "receivable"]
    mine = [one for one in owed if one["company_id"] == busy.company_id]
    for who, his in by(mine, lambda one: survivor(one["party_id"])).items():
        (terms,) = fetch("SELECT payment_days FROM customer WHERE id = ?", who)[0]
        left = total(his, "amount_fen")
        charges = [one for one in his if one["amount_fen"] > 0 and one["source_kind"] != "merge"]
        for one in sorted(charges, key=lambda one: -one["entry_id"]):
            fen = min(left, one["amount_fen"])
            left -= fen
            if date.fromisoformat(one["business_date"]) + timedelta(days=terms) < today and fen:
                late[who] += fen
    overdue = what_waits(busy.actor).overdue
    assert overdue is not None
    assert (overdue.customers, overdue.fen) == (len(late), sum(late.values()))
    listed = debtors(busy.actor, narrow=DebtorFilter(least_days=1))
    assert {row["id"]: row["overdue_fen"] for row in listed.rows} == late
    assert listed.totals["overdue_fen"] == overdue.fen


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.show())
def test_what_is_watched_equals_what_was_written_down(busy: OpenedShop, period: Period) -> None:
    for company in (None, 1, 2):
        events = raw("SELECT * FROM till_event", period)
        events = [one for one in events if company in (None, one["company_id"])]
        table = watch_report(busy.actor, ReportAsked(period, {"company_id": company}))
        people = by(events, lambda one: one["operator_id"])
        assert {row["id"] for row in all_rows(table)} == people.keys()
        for figures, some in ((table.totals, events), *((row, people[row["id"]]) for row in all_rows(table))):
            for kind in EventKind:
                of_kind = [one for one in some if one["kind"] == kind.key]
                assert figures[kind.key] == len(of_kind)
                assert figures[f"{kind.key}_fen"] == sum(one["amount_fen"] or 0 for one in of_kind)
