"""Every figure of every report, computed a second way from the rows as they were posted, to the fen."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from meiping.domains.access.service import save_role
from meiping.domains.maintenance.summary_invariants import SUMMARIES
from meiping.domains.receivables.debtors import debtors
from meiping.domains.reports.analysis.queries import contribution
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import (
    ageing_report,
    bill_report,
    customer_report,
    people_report,
    product_report,
    stock_flow_report,
    stored_report,
    summary,
    tender_report,
)
from meiping.domains.reports.queries.dealings import DealingFilter, dealings
from meiping.domains.reports.queries.scope import parts_of
from meiping.domains.reports.rules import MONEY_KINDS, Period
from meiping.domains.reports.targets import save_targets
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.queries import KIND_WORDS
from meiping.domains.sales.service import checkout
from meiping.domains.settings.service import save_options
from meiping.domains.till.rules import Tender
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import InputError
from meiping.kernel.money import rounded_ratio
from meiping.kernel.tabular import Row, Sort, Table
from meiping.store.database import fetch
from tests.domains.reports.test_figures import _OwnScope, random_trade
from tests.factories import add_customer, add_product, cart_of, new_key, recharge
from tests.shop import OpenedShop

PERIODS = (
    Period(),
    Period(date(2026, 3, 1), date(2026, 12, 31)),
    Period(date(2026, 4, 7), date(2027, 1, 19)),
    Period(date(2026, 5, 2), date(2026, 5, 20)),
    Period(None, date(2026, 8, 11)),
    Period(date(2026, 8, 11), None),
    Period(date(2019, 1, 1), date(2019, 2, 1)),
)
REPORTS: tuple[Callable[..., Table], ...] = (
    bill_report,
    customer_report,
    people_report,
    product_report,
    stock_flow_report,
    stored_report,
    tender_report,
    ageing_report,
)
Raw = dict[str, Any]


def days(period: Period) -> tuple[str, str]:
    return str(period.first or date.min), str(period.last or date.max)


def raw(statement: str, period: Period) -> list[Raw]:
    """Rows of the statement of the days of a period; the columns by their names."""
    from meiping.store.database import db

    cursor = db.execute_sql(f"{statement} WHERE business_date BETWEEN ? AND ?", days(period))
    names = [one[0] for one in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


LINES = (
    "SELECT sale_line.*, sale.company_id, sale.customer_id, p.category_id, p.brand,"
    " coalesce(sale_line.salesperson_id, sale.salesperson_id, 0) AS person_id FROM sale_line"
    " JOIN sale ON sale.id = sale_id JOIN product p ON p.id = product_id"
)
BILLS = "SELECT * FROM sale"
MONEY = (
    "SELECT p.*, e.business_date, e.operator_id, e.source_kind, coalesce(e.shift_id, 0) AS shift_id"
    " FROM posting p JOIN entry e ON e.id = p.entry_id"
)


def paid_by_tender() -> dict[int, Raw]:
    """How every bill stands paid: as it was entered, and as it was put right afterwards."""
    entered = fetch("SELECT sale_id, tender, amount_fen FROM sale_tender")
    taken_off = fetch("SELECT sale_id, from_tender, 0 - amount_fen FROM tender_change")
    found: dict[int, Raw] = defaultdict(dict)
    for sale_id, tender, fen in (
        *entered,
        *taken_off,
        *fetch("SELECT sale_id, to_tender, amount_fen FROM tender_change"),
    ):
        found[sale_id][f"{tender}_fen"] = found[sale_id].get(f"{tender}_fen", 0) + fen
    return found


def of_lines(lines: Iterable[Raw]) -> Raw:
    """The sums of some lines, and what follows from them."""
    lines = list(lines)
    net, cost = sum(one["net_fen"] for one in lines), sum(one["cost_fen"] for one in lines)
    returns = -sum(one["net_fen"] for one in lines if one["qty_milli"] < 0)
    return {
        "sales_fen": net + returns,
        "returns_fen": returns,
        "net_fen": net,
        "cost_fen": cost,
        "profit_fen": net - cost,
        "margin_bp": rounded_ratio((net - cost) * 10_000, net) if net > 0 else None,
    }


def grouped(rows: Iterable[Raw], key: Callable[[Raw], Any]) -> dict[Any, list[Raw]]:
    found = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return dict(found)


def same(row: Any, wanted: Raw) -> None:
    assert {key: row[key] for key in wanted} == wanted


def survivor(customer_id: int | None) -> int:
    merged = dict(fetch("SELECT id, merged_into_id FROM customer WHERE merged_into_id IS NOT NULL"))
    return int(merged.get(customer_id, customer_id or 0))


def all_rows(table: Table) -> list[Row]:
    return list(table.window(0, table.count(), None))


def test_products_equal_the_lines_by_product_category_and_brand(busy: OpenedShop):
    keys: dict[str, Callable[[Raw], Any]] = {
        "product": lambda one: one["product_id"],
        "category": lambda one: one["category_id"] or 0,
        "brand": lambda one: one["brand"],
    }
    for period in PERIODS:
        lines = raw(LINES, period)
        for by, key in keys.items():
            wanted = grouped(lines, key)
            table = product_report(busy.actor, ReportAsked(period, {"by": by}))
            assert {row["id"] for row in table.rows} == wanted.keys()
            for row in table.rows:
                mine = wanted[row["id"]]
                same(row, of_lines(mine))
                assert row["qty_milli"] == sum(one["qty_milli"] for one in mine)
                assert row["returned_milli"] == -sum(min(one["qty_milli"], 0) for one in mine)
            same(table.totals, of_lines(lines))


def test_products_are_narrowed_by_company_category_salesperson_and_words(busy: OpenedShop):
    (top,) = fetch("SELECT id FROM category WHERE parent_id IS NULL AND name LIKE '饮料%'")[0]
    lines = raw(LINES, Period())

    def total(text: str = "", **values: Any) -> Any:
        return product_report(busy.actor, ReportAsked(Period(), values, text)).totals

    same(total(category_id=top), of_lines(one for one in lines if one["brand"] == "老树"))
    same(total(brand="老树"), of_lines(one for one in lines if one["brand"] == "老树"))
    for person in {one["person_id"] for one in lines}:  # 0 stands for nobody
        same(total(person_id=person), of_lines(one for one in lines if one["person_id"] == person))
    for company in (1, 2):
        same(total(company_id=company), of_lines(one for one in lines if one["company_id"] == company))
    name = lines[0]["product_name"]
    found = {row["name"] for row in product_report(busy.actor, ReportAsked(text=name)).rows}
    assert found == {one["product_name"] for one in lines if name in one["product_name"]}


def test_customers_equal_their_bills_those_merged_into_them_among_them(busy: OpenedShop):
    for period in PERIODS:
        lines = grouped(raw(LINES, period), lambda one: survivor(one["customer_id"]))
        bills = grouped(raw(BILLS, period), lambda one: survivor(one["customer_id"]))
        table = customer_report(busy.actor, ReportAsked(period))
        assert {row["id"] for row in table.rows} == bills.keys()
        for row in table.rows:
            mine = bills[row["id"]]
            same(row, of_lines(lines[row["id"]]))
            assert row["bills"] == sum(one["kind"] != "return" for one in mine)
            assert row["discount_fen"] == sum(one["discount_fen"] - one["rounding_fen"] for one in mine)


def test_bills_are_all_there_with_cost_and_tenders(busy: OpenedShop):
    for period in PERIODS:
        bills = {one["id"]: one for one in raw(BILLS, period)}
        paid = paid_by_tender()
        table = bill_report(busy.actor, ReportAsked(period))
        rows = all_rows(table)
        assert [row["id"] for row in rows] == sorted(bills, reverse=True)
        for row in rows:
            bill = bills[row["id"]]
            same(row, {"net_fen": bill["total_fen"], "cost_fen": bill["cost_fen"], "number": bill["number"]})
            assert row["profit_fen"] == bill["total_fen"] - bill["cost_fen"]
            same(row, dict(paid[row["id"]]))
        tenders = {key: sum(paid[one].get(key, 0) for one in bills) for key in paid_keys()}
        same(table.totals, {**tenders, "net_fen": sum(bill["total_fen"] for bill in bills.values())})
        narrowed = [bill_report(busy.actor, ReportAsked(period, {"kind": kind})) for kind in KIND_WORDS]
        assert sum(one.count() for one in narrowed) == table.count()
        for key in (*paid_keys(), "net_fen", "discount_fen", "cost_fen", "profit_fen"):
            in_all = sum(one.totals[key] for one in narrowed)
            assert in_all == table.totals[key], "kept sums equal the rows"


def paid_keys() -> list[str]:
    return [f"{tender.key}_fen" for tender in Tender]


def test_bills_of_a_product_a_customer_a_salesperson_a_company(busy: OpenedShop):
    lines, bills = raw(LINES, Period()), raw(BILLS, Period())

    def ids(text: str = "", **values: Any) -> set[int]:
        return {row["id"] for row in all_rows(bill_report(busy.actor, ReportAsked(Period(), values, text)))}

    product = lines[0]["product_id"]
    assert ids(product_id=product) == {one["sale_id"] for one in lines if one["product_id"] == product}
    (who,) = fetch("SELECT merged_into_id FROM customer WHERE merged_into_id IS NOT NULL")[0]
    assert ids(customer_id=who) == {one["id"] for one in bills if survivor(one["customer_id"]) == who}
    assert ids(customer_id=0) == {one["id"] for one in bills if not one["customer_id"]}
    assert ids(company_id=2) == {one["id"] for one in bills if one["company_id"] == 2}
    mine = busy.actor.operator_id
    his = {one["id"] for one in bills if one["salesperson_id"] == mine}
    assert ids(person_id=mine) == his | {one["sale_id"] for one in lines if one["person_id"] == mine}
    assert ids(bills[0]["number"]) == {bills[0]["id"]}


def test_bills_can_be_put_in_any_order(busy: OpenedShop):
    table = bill_report(busy.actor, ReportAsked())
    for key in ("net_fen", "profit_fen", "discount_fen", "cost_fen"):
        values = [row[key] for row in table.ordered(Sort(key)).window(0, table.count(), None)]
        assert values == sorted(values)


def test_salespersons_equal_their_bills_with_commission_taken_back(busy: OpenedShop):
    people = [row[0] for row in fetch("SELECT id FROM operator ORDER BY id")]
    save_targets(busy.actor, month="2026-04", amounts={people[0]: 100_00, people[1]: 50_00})
    save_targets(busy.actor, month="2026-05", amounts={people[0]: 70_00})
    for base, key in (("net", "net_fen"), ("profit", "profit_fen")):
        save_options(busy.actor, values={"commission.base": base, "commission.permille": 35})
        for period in PERIODS:
            first, last = days(period)
            bills = grouped(raw(BILLS, period), lambda one: one["salesperson_id"] or 0)
            lines = grouped(raw(LINES, period), lambda one: one["person_id"])
            table = people_report(busy.actor, ReportAsked(period))
            assert bills.keys() <= {row["id"] for row in table.rows}
            for row in table.rows:
                mine = bills.get(row["id"], [])
                same(row, of_lines(lines.get(row["id"], [])))
                sold = [one for one in mine if one["kind"] != "return"]
                own = [one for one in lines.get(row["id"], []) if one["qty_milli"] > 0 < one["net_fen"]]
                served = {survivor(one["customer_id"]) for one in (*sold, *own)} - {0}
                assert (row["bills"], row["customers"]) == (len(sold), len(served))
                assert row["commission_fen"] == (rounded_ratio(row[key] * 35, 1000) if row["id"] else 0)
                wanted = fetch(
                    "SELECT sum(amount_fen) FROM sales_target WHERE operator_id = ? AND month BETWEEN ? AND ?",
                    row["id"],
                    first[:7],
                    last[:7],
                )[0][0]
                assert row["target_fen"] == wanted
            served = {
                survivor(one["customer_id"]) for one in raw(BILLS, period) if one["kind"] != "return"
            } - {0}
            assert table.totals["customers"] == len(served)


def test_new_customers_are_counted_for_whom_they_belong_to(shop: OpenedShop):
    mine = shop.actor.operator_id
    for day in (date(2026, 3, 1), date(2026, 3, 16), date(2026, 2, 1)):
        add_customer(shop, created_date=day, owner_id=mine)
    month = ReportAsked(Period(date(2026, 3, 1), date(2026, 3, 31)))
    (row,) = people_report(shop.actor, month).rows
    assert (row["id"], row["new_customers"], row["net_fen"]) == (mine, 2, 0)


def test_money_by_tender_equals_the_postings_by_day_company_and_person(busy: OpenedShop):
    keys = {"day": "business_date", "company": "company_id", "person": "operator_id"}
    for period in PERIODS:
        money = [one for one in raw(MONEY, period) if one["source_kind"] in MONEY_KINDS]
        real = [one for one in money if one["account"] in ("cash", "wechat", "alipay", "card")]
        for by, column in keys.items():
            table = tender_report(busy.actor, ReportAsked(period, {"by": by}))
            for row in table.rows:
                mine = [one for one in real if one[column] == row["id"]]
                assert row["received_fen"] == sum(one["amount_fen"] for one in mine)
                went = [one for one in mine if one["source_kind"] != "tender_change"]
                assert row["paid_out_fen"] == -sum(min(one["amount_fen"], 0) for one in went)
                for tender in ("cash", "wechat", "alipay", "card"):
                    fen = sum(one["amount_fen"] for one in mine if one["account"] == tender)
                    assert row[f"{tender}_fen"] == fen
                assert row["of_sales_fen"] == sum(
                    one["amount_fen"] for one in mine if one["source_kind"] in ("sale", "tender_change")
                )
            assert table.totals["received_fen"] == sum(one["amount_fen"] for one in real)


def test_stored_value_equals_the_postings_whichever_way_it_is_cut(busy: OpenedShop):
    for period in PERIODS:
        first, last = days(period)
        stored = [one for one in raw(MONEY, Period()) if one["account"].startswith("stored")]
        before = -sum(one["amount_fen"] for one in stored if one["business_date"] < first)
        after = -sum(one["amount_fen"] for one in stored if one["business_date"] <= last)
        mine = [one for one in stored if first <= one["business_date"] <= last]

        def of(kind: str, account: str = "stored", mine: list[Raw] = mine) -> int:
            found = (o for o in mine if o["source_kind"] == kind and o["account"].startswith(account))
            return -sum(int(one["amount_fen"]) for one in found)

        for by in ("day", "month", "customer"):
            table = stored_report(busy.actor, ReportAsked(period, {"by": by}))
            wanted = {
                "opening_fen": before,
                "closing_fen": after,
                "recharged_fen": of("recharge", "stored_principal"),
                "bonus_fen": of("recharge", "stored_bonus"),
                "refunded_fen": -of("refund", "stored_principal"),
                "lapsed_fen": -of("refund", "stored_bonus"),
                "other_fen": 0,
            }
            same(table.totals, wanted)
            assert table.totals["used_fen"] - table.totals["returned_fen"] == -of("sale")
            if by == "customer":
                assert sum(row["closing_fen"] for row in table.rows) == after
            elif table.rows:
                assert (table.rows[-1]["opening_fen"], table.rows[0]["closing_fen"]) == (before, after)


def test_goods_equal_their_moves(busy: OpenedShop):
    for period in PERIODS:
        first, last = days(period)
        moves = grouped(raw("SELECT * FROM stock_move", Period()), lambda one: one["product_id"])
        table = stock_flow_report(busy.actor, ReportAsked(period))
        for row in table.rows:
            mine = moves[row["id"]]
            for what, unit in (("qty_milli", "milli"), ("value_fen", "fen")):
                before = sum(one[what] for one in mine if one["business_date"] < first)
                after = sum(one[what] for one in mine if one["business_date"] <= last)
                assert (row[f"opening_{unit}"], row[f"closing_{unit}"]) == (before, after)
                within = [one for one in mine if first <= one["business_date"] <= last]
                sold = [one for one in within if one["nature"] in ("销售出库", "销售退货")]
                assert row[f"sold_{unit}"] == -sum(one[what] for one in sold)
                moved = row[f"in_{unit}"] - row[f"sold_{unit}"] - row[f"out_{unit}"]
                assert before + moved + (row["adjusted_fen"] if unit == "fen" else 0) == after
        if period.last is None:
            lying = fetch("SELECT sum(value_fen) FROM stock")[0][0]
            assert table.totals["closing_fen"] == lying
    whole = stock_flow_report(busy.actor, ReportAsked())
    parts = [stock_flow_report(busy.actor, ReportAsked(values={"company_id": one})) for one in (1, 2)]
    assert whole.totals["closing_fen"] == sum(part.totals["closing_fen"] for part in parts)


def test_debts_by_age_come_to_what_is_owed(busy: OpenedShop):
    table = ageing_report(busy.actor, ReportAsked())
    owed = fetch(
        "SELECT company_id, party_id, amount_fen FROM balance WHERE account = 'receivable' AND amount_fen"
    )
    assert {(row["company_id"], row["customer_id"], row["debt_fen"]) for row in table.rows} == set(owed)
    for row in table.rows:
        ages = ("not_due_fen", "to_30_fen", "to_60_fen", "to_90_fen", "over_90_fen")
        assert sum(row[age] for age in ages) == row["debt_fen"]
        assert all(row[age] >= 0 for age in ages)


def test_a_payment_pays_the_oldest_bill_first(shop: OpenedShop):
    who = add_customer(shop, credit_yuan=1_000, payment_days=10)
    goods = add_product(shop, stock=99)
    for _ in range(3):  # 2026-03-16, 04-15, 05-15: ¥10 each
        checkout(
            shop.actor, cart=cart_of(shop, (goods, 1), customer_id=who), payments=[Payment("credit", 1_000)]
        )
        shop.clock.advance(days=30)
    (row,) = ageing_report(shop.actor, ReportAsked()).rows  # 2026-06-14
    assert (row["to_30_fen"], row["to_60_fen"], row["to_90_fen"]) == (1_000, 1_000, 1_000)
    assert row["oldest_date"] == date(2026, 3, 26)
    from meiping.domains.receivables.service import receive

    receive(shop.actor, key=new_key(), customer_id=who, amount_fen=1_400)
    (row,) = ageing_report(shop.actor, ReportAsked()).rows
    assert (row["to_30_fen"], row["to_60_fen"], row["to_90_fen"]) == (1_000, 600, 0)
    shop.clock.advance(days=60)
    (row,) = ageing_report(shop.actor, ReportAsked()).rows
    assert (row["to_90_fen"], row["over_90_fen"], row["tone"]) == (1_000, 600, "danger")


# ------------------------------------------------------------------ they agree, and keep to rights
def test_reports_of_one_period_agree(busy: OpenedShop):
    for period in PERIODS:
        whole = summary(busy.actor, period).totals
        asked = ReportAsked(period)
        sold = (product_report, customer_report, people_report)
        for report in sold:
            keys = ("sales_fen", "returns_fen", "net_fen", "cost_fen", "profit_fen", "margin_bp")
            same(report(busy.actor, asked).totals, {key: whole[key] for key in keys})
        bills = bill_report(busy.actor, asked).totals
        same(bills, {key: whole[key] for key in ("net_fen", "discount_fen", "cost_fen", "profit_fen")})
        paid = (
            "received_fen",
            "cash_fen",
            "wechat_fen",
            "alipay_fen",
            "card_fen",
            "stored_used_fen",
            "credit_fen",
        )
        same(tender_report(busy.actor, asked).totals, {key: whole[key] for key in paid})
        stored = stored_report(busy.actor, asked).totals
        assert stored["recharged_fen"] == whole["recharge_fen"]
        assert stored["refunded_fen"] == whole["refund_fen"]
        assert stored["used_fen"] - stored["returned_fen"] == whole["stored_used_fen"]
        flow = stock_flow_report(busy.actor, asked).totals
        assert flow["sold_fen"] == whole["cost_fen"], "what goods sold had cost"
        nobodys = customer_report(busy.actor, asked).with_id("0")
        known = contribution(busy.actor, period).totals["net_fen"]
        assert known + (nobodys["net_fen"] if nobodys else 0) == whole["net_fen"]
        moved = dealings(
            busy.actor, narrow=DealingFilter(first_date=period.first, last_date=period.last)
        ).summary()
        assert moved["money_fen"] == whole["received_fen"]
        assert moved["stored_change_fen"] == stored["closing_fen"] - stored["opening_fen"]
    owed = ageing_report(busy.actor, ReportAsked()).totals["debt_fen"]
    assert dealings(busy.actor).summary()["debt_change_fen"] == owed
    assert sum(debtors(replace(busy.actor, company_id=one)).totals["debt_fen"] for one in (1, 2)) == owed
    lying = stored_report(busy.actor, ReportAsked()).totals["closing_fen"]
    assert dealings(busy.actor).summary()["stored_change_fen"] == lying


def test_what_is_kept_equals_what_was_posted(busy: OpenedShop):
    assert [line for one in SUMMARIES for line in one.check(fetch)] == []


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_an_operators_own_rows_give_the_same_where_all_are_his(shop: OpenedShop, report: Any):
    random_trade(shop, random.Random(7), bills=20, sellers=[shop.actor.operator_id])
    own = replace(shop.actor, rights=_OwnScope(shop.actor))
    fetch("UPDATE customer SET owner_id = 1")
    for period in PERIODS[:4]:
        mine, all_of_it = report(own, ReportAsked(period)), report(shop.actor, ReportAsked(period))
        assert all_rows(mine) == all_rows(all_of_it)
        assert mine.totals == all_of_it.totals


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_a_manager_sees_his_company_whatever_he_asks(busy: OpenedShop, report: Any):
    manager: Actor = busy.as_role("店长")
    mine = report(manager, ReportAsked(values={"company_id": 2}))
    wanted = report(busy.actor, ReportAsked(values={"company_id": 1}))
    assert mine.totals == wanted.totals
    assert all_rows(mine) == all_rows(wanted)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_who_sees_only_his_own_sees_nothing_of_others(busy: OpenedShop, report: Any):
    save_role(busy.actor, role_id=None, name="自己", scope=Scope.OWN, permissions=["reports.view"])
    table = report(busy.as_role("自己"), ReportAsked())
    if report is not stock_flow_report:  # goods belong to nobody
        assert all_rows(table) == []
        assert not any(table.totals.values())


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_costs_are_for_those_who_may_see_them(busy: OpenedShop, report: Any):
    save_options(busy.actor, values={"commission.base": "profit"})
    save_role(busy.actor, role_id=None, name="看", scope=Scope.ALL, permissions=["reports.view"])
    table = report(busy.as_role("看"), ReportAsked())
    hidden = {
        "cost_fen",
        "profit_fen",
        "margin_bp",
        "commission_fen",
        "opening_fen",
        "closing_fen",
        "sold_fen",
    }
    hidden = hidden - ({"opening_fen", "closing_fen"} if report is stored_report else set())
    assert hidden.isdisjoint(column.key for column in table.columns)
    assert hidden.isdisjoint(table.totals)
    for row in all_rows(table):
        assert hidden.isdisjoint(row)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_an_empty_shop_has_empty_reports(shop: OpenedShop, report: Any):
    for period in PERIODS:
        table = report(shop.actor, ReportAsked(period))
        assert table.count() == 0
        assert not any(table.totals.values())


def test_a_period_is_cut_into_whole_months_and_the_days_left_over():
    day = date(2026, 1, 1)
    for first in range(0, 75, 3):
        for length in range(0, 100, 7):
            period = Period(day + timedelta(first), day + timedelta(first + length))
            parts = parts_of(period)
            assert period.first is not None
            assert period.last is not None
            covered = [
                one
                for days_left in parts.days
                for one in (day + timedelta(n) for n in range(200))
                if str(days_left.first) <= str(one) <= str(days_left.last)
            ]
            if parts.months:
                covered += [
                    one
                    for one in (day + timedelta(n) for n in range(200))
                    if parts.months[0] <= str(one)[:7] <= parts.months[1]
                ]
            assert sorted(covered) == [period.first + timedelta(n) for n in range(length + 1)]


def test_targets_are_set_changed_and_taken_away(shop: OpenedShop):
    me = shop.actor.operator_id
    month = ReportAsked(Period(date(2026, 3, 1), date(2026, 3, 31)))
    recharge(shop, add_customer(shop), 1_00)
    save_targets(shop.actor, month="2026-03", amounts={me: 40_00})
    save_targets(shop.actor, month="2026-03", amounts={me: 50_00})
    (row,) = people_report(shop.actor, month).rows
    assert (row["target_fen"], row["reached_bp"]) == (50_00, 0)
    save_targets(shop.actor, month="2026-03", amounts={me: None})
    assert people_report(shop.actor, month).rows == []
    for wrong in ("2026-3", "2026-13", "三月"):
        with pytest.raises(InputError):
            save_targets(shop.actor, month=wrong, amounts={me: 1})
