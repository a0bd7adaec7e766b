"""Every column of figures of every report, and every total, against plain sums over the rows that were posted."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import accumulate, product
from typing import Any

import pytest

from meiping.domains.customers.queries import COMPOSITION_TITLES, customer_counts
from meiping.domains.customers.rules import DICTIONARY_OF
from meiping.domains.reports.analysis.queries import contribution, segments, slipping_away
from meiping.domains.reports.asking import ReportAsked, compared
from meiping.domains.reports.long_table import LongTable
from meiping.domains.reports.queries import (
    ageing_report,
    bill_report,
    customer_report,
    customers_by,
    people_report,
    product_report,
    stock_flow_report,
    stored_report,
    summary,
    tender_report,
)
from meiping.domains.reports.rules import Period, Unit
from meiping.domains.reports.targets import save_targets
from meiping.domains.settings.queries import levels, words
from meiping.domains.settings.service import save_options
from meiping.domains.till.rules import Tender
from meiping.kernel.money import rounded_ratio
from meiping.kernel.tabular import RIGHT_ALIGNED, Sort, Table
from meiping.store.database import fetch
from tests.domains.reports.test_every_report import (
    BILLS,
    LINES,
    MONEY,
    PERIODS,
    Raw,
    all_rows,
    days,
    grouped,
    of_lines,
    paid_by_tender,
    raw,
    survivor,
)
from tests.factories import add_customer
from tests.shop import OpenedShop

Figures = dict[str, Any]
MOVES = "SELECT * FROM stock_move"
REAL = ("cash", "wechat", "alipay", "card")
OF_SALES = ("sale", "tender_change")
MONEY_KINDS = (*OF_SALES, "recharge", "refund", "receipt", "deposit")


def proved(table: Table, rows: Mapping[Any, Figures], totals: Figures) -> None:
    """The table has these rows and totals: each column of figures in every row, and each key of the totals."""
    figures = {column.key for column in table.columns if column.kind in RIGHT_ALIGNED}
    shown = {row["id"]: {key: row[key] for key in figures} for row in all_rows(table)}
    for key, row in rows.items():
        assert row.keys() == figures, f"{table.title}: a figure without proof in row {key}"
    assert shown == rows
    assert dict(table.totals).keys() <= totals.keys(), f"{table.title}: a total without proof"
    assert {key: totals[key] for key in table.totals} == dict(table.totals)


def share(part: int, whole: int) -> int | None:
    return rounded_ratio(part * 10_000, whole) if whole > 0 else None


def total(rows: Iterable[Raw], key: str) -> int:
    return sum(row[key] for row in rows)


def of_bills(bills: list[Raw], lines: list[Raw]) -> Figures:
    """What follows from bills and their lines."""
    found = of_lines(lines)
    count = sum(bill["kind"] != "return" for bill in bills)
    found |= {"bills": count, "discount_fen": total(bills, "discount_fen") - total(bills, "rounding_fen")}
    found["average_fen"] = rounded_ratio(found["sales_fen"], count) if count else None
    return found


def by(rows: list[Raw], key: Callable[[Raw], Any]) -> dict[Any, list[Raw]]:
    return grouped(rows, key)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.show())
def test_bills(busy: OpenedShop, period: Period) -> None:
    tenders = [f"{tender.key}_fen" for tender in Tender]
    paid = {sale_id: dict.fromkeys(tenders) | one for sale_id, one in paid_by_tender().items()}
    lines = by(raw(LINES, period), lambda one: one["sale_id"])
    shown = ("net_fen", "discount_fen", "cost_fen", "profit_fen", "margin_bp")
    bills = raw(BILLS, period)

    def figures(some: list[Raw]) -> Figures:
        found = of_bills(some, [line for bill in some for line in lines[bill["id"]]])
        return {key: found[key] for key in shown}

    rows = {bill["id"]: figures([bill]) | paid.get(bill["id"], dict.fromkeys(tenders)) for bill in bills}
    totals = figures(bills) | {key: sum(row[key] or 0 for row in rows.values()) for key in tenders}
    proved(bill_report(busy.actor, ReportAsked(period)), rows, totals)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.show())
def test_customers(busy: OpenedShop, period: Period) -> None:
    bills = by(raw(BILLS, period), lambda one: survivor(one["customer_id"]))
    lines = by(raw(LINES, period), lambda one: survivor(one["customer_id"]))
    totals = of_bills(raw(BILLS, period), raw(LINES, period))
    rows = {who: of_bills(bills[who], lines[who]) for who in bills}
    for row in rows.values():
        row["share_bp"] = share(row["net_fen"], totals["net_fen"])
    proved(customer_report(busy.actor, ReportAsked(period)), rows, totals)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.show())
def test_salespersons(busy: OpenedShop, period: Period) -> None:
    people = [row[0] for row in fetch("SELECT id FROM operator ORDER BY id")]
    targets = {("2026-04", people[0]): 100_00, ("2026-05", people[1]): 70_00, ("2026-12", people[0]): 1}
    for (month, person), fen in targets.items():
        save_targets(busy.actor, month=month, amounts={person: fen})
    add_customer(busy, created_date=date(2026, 5, 3), owner_id=people[1])
    save_options(busy.actor, values={"commission.base": "net", "commission.permille": 35})
    first, last = days(period)
    bills = by(raw(BILLS, period), lambda one: one["salesperson_id"] or 0)
    lines = by(raw(LINES, period), lambda one: one["person_id"])
    owners = fetch(
        "SELECT owner_id FROM customer WHERE owner_id IS NOT NULL AND deleted_at IS NULL"
        " AND created_date BETWEEN ? AND ?",
        first,
        last,
    )
    until = min(last[:7], str(busy.actor.today())[:7]) if period.last is None else last[:7]
    wanted = {key: fen for key, fen in targets.items() if first[:7] <= key[0] <= until}

    def figures(some: list[Raw], of_them: list[Raw], aims: list[int], fresh: int) -> Figures:
        found = of_bills(some, of_them)
        del found["discount_fen"], found["average_fen"]
        sold = [one for one in of_them if one["qty_milli"] > 0 < one["net_fen"]]
        sold += [one for one in some if one["kind"] != "return"]
        served = {survivor(one["customer_id"]) for one in sold} - {0}
        aim = sum(aims) or None
        return found | {
            "customers": len(served),
            "new_customers": fresh,
            "target_fen": aim,
            "reached_bp": share(found["net_fen"], aim or 0),
        }

    rows = {}
    for person in bills.keys() | lines.keys() | {row[0] for row in owners} | {person for _, person in wanted}:
        aims = [fen for (_, whose), fen in wanted.items() if whose == person]
        fresh = sum(row[0] == person for row in owners)
        rows[person] = figures(bills.get(person, []), lines.get(person, []), aims, fresh)
        net = rows[person]["net_fen"]
        rows[person]["commission_fen"] = rounded_ratio(net * 35, 1000) if person else 0
    totals = figures(raw(BILLS, period), raw(LINES, period), list(wanted.values()), len(owners))
    table = people_report(busy.actor, ReportAsked(period))
    totals |= {
        "commission_fen": sum(row["commission_fen"] for row in rows.values()),
        "bills": totals["bills"],
        "discount_fen": of_bills(raw(BILLS, period), raw(LINES, period))["discount_fen"],
    }
    proved(table, rows, totals)


@pytest.mark.parametrize("group", ["product", "category", "brand"])
@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.show())
def test_products(busy: OpenedShop, period: Period, group: str) -> None:
    keys: dict[str, Callable[[Raw], Any]] = {
        "product": lambda one: one["product_id"],
        "category": lambda one: one["category_id"] or 0,
        "brand": lambda one: one["brand"],
    }
    lines = raw(LINES, period)

    def figures(some: list[Raw]) -> Figures:
        back = -sum(min(one["qty_milli"], 0) for one in some)
        return of_lines(some) | {"qty_milli": total(some, "qty_milli"), "returned_milli": back}

    totals = figures(lines)
    rows = {key: figures(some) for key, some in by(lines, keys[group]).items()}
    for row in rows.values():
        row["share_bp"] = share(row["net_fen"], totals["net_fen"])
    if group != "product" or not lines:
        totals |= {"qty_milli": None, "returned_milli": None}
    proved(product_report(busy.actor, ReportAsked(period, {"by": group})), rows, totals)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.show())
def test_stock(busy: OpenedShop, period: Period) -> None:
    first, last = days(period)

    def flow(move: Raw) -> str:
        if move["nature"] == "成本调整":
            return "adjusted"
        if move["source_kind"] == "sale" and move["nature"] != "退货报损":
            return "sold"
        return "in" if move["qty_milli"] > 0 else "out"

    def figures(moves: list[Raw]) -> Figures:
        found = {}
        for unit, what in (("milli", "qty_milli"), ("fen", "value_fen")):
            within = [move for move in moves if first <= move["business_date"] <= last]
            sums = {
                word: sum(one[what] for one in within if flow(one) == word)
                for word in ("in", "sold", "out", "adjusted")
            }
            found[f"opening_{unit}"] = sum(one[what] for one in moves if one["business_date"] < first)
            found[f"closing_{unit}"] = sum(one[what] for one in moves if one["business_date"] <= last)
            found[f"in_{unit}"], found[f"sold_{unit}"] = sums["in"], -sums["sold"]
            found[f"out_{unit}"], found[f"adjusted_{unit}"] = -sums["out"], sums["adjusted"]
        del found["adjusted_milli"]
        return found

    moves = [one for one in raw(MOVES, Period()) if one["business_date"] <= last]
    rows = {product: figures(some) for product, some in by(moves, lambda one: one["product_id"]).items()}
    totals = figures(moves) if rows else {}
    table = stock_flow_report(busy.actor, ReportAsked(period))
    proved(table, rows, totals or dict.fromkeys(table.totals, 0))


def stored_figures(postings: list[Raw], first: str, last: str) -> Figures:
    """What became of stored value in some days."""

    def fen(kinds: tuple[str, ...], accounts: tuple[str, ...], sign: int) -> int:
        of_them = [one for one in within if one["source_kind"] in kinds and one["account"] in accounts]
        amounts: list[int] = [one["amount_fen"] for one in of_them]
        return -sum(fen for fen in amounts if sign == 0 or fen * sign > 0)

    within = [one for one in postings if first <= one["business_date"] <= last]
    both, principal, bonus = ("stored_principal", "stored_bonus"), ("stored_principal",), ("stored_bonus",)
    others = tuple({one["source_kind"] for one in within} - {"recharge", "refund", "sale"})
    return {
        "opening_fen": -sum(one["amount_fen"] for one in postings if one["business_date"] < first),
        "recharged_fen": fen(("recharge",), principal, 0),
        "bonus_fen": fen(("recharge",), bonus, 0),
        "used_fen": -fen(("sale",), both, 1),
        "returned_fen": fen(("sale",), both, -1),
        "refunded_fen": -fen(("refund",), principal, 0),
        "lapsed_fen": -fen(("refund",), bonus, 0),
        "other_fen": fen(others, both, 0),
        "closing_fen": -sum(one["amount_fen"] for one in postings if one["business_date"] <= last),
    }


@pytest.mark.parametrize("group", ["day", "month", "customer"])
@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.show())
def test_stored_value(busy: OpenedShop, period: Period, group: str) -> None:
    stored = [one for one in raw(MONEY, Period()) if one["account"].startswith("stored")]
    first, last = days(period)
    rows: dict[Any, Figures] = {}
    if group == "customer":
        for who, his in by(stored, lambda one: survivor(one["party_id"])).items():
            figures = stored_figures(his, first, last)
            if any(figures[key] for key in figures if key != "closing_fen"):
                rows[who] = figures
    else:
        letters = {"day": 10, "month": 7}[group]
        within = {one["business_date"] for one in stored if first <= one["business_date"] <= last}
        for label in {day[:letters] for day in within}:
            mine = sorted(day for day in within if day[:letters] == label)
            rows[label] = stored_figures(stored, mine[0], mine[-1])
    table = stored_report(busy.actor, ReportAsked(period, {"by": group}))
    proved(table, rows, stored_figures(stored, first, last))


def money_figures(postings: list[Raw]) -> Figures:
    real = [one for one in postings if one["account"] in REAL]
    of_sales = total((one for one in real if one["source_kind"] in OF_SALES), "amount_fen")
    went = [one["amount_fen"] for one in real if one["source_kind"] != "tender_change"]
    sales = [one for one in postings if one["source_kind"] == "sale"]
    return {
        "received_fen": total(real, "amount_fen"),
        **{f"{key}_fen": total((one for one in real if one["account"] == key), "amount_fen") for key in REAL},
        "of_sales_fen": of_sales,
        "of_others_fen": total(real, "amount_fen") - of_sales,
        "paid_out_fen": -sum(min(fen, 0) for fen in went),
        "stored_used_fen": total((one for one in sales if one["account"].startswith("stored")), "amount_fen"),
        "credit_fen": total((one for one in sales if one["account"] == "receivable"), "amount_fen"),
    }


@pytest.mark.parametrize("group", ["day", "shift", "company", "person"])
@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.show())
def test_tenders(busy: OpenedShop, period: Period, group: str) -> None:
    columns = {"day": "business_date", "shift": "shift_id", "company": "company_id", "person": "operator_id"}
    column = columns[group]
    accounts = (*REAL, "receivable", "stored_principal", "stored_bonus")
    money = [
        one for one in raw(MONEY, period) if one["source_kind"] in MONEY_KINDS and one["account"] in accounts
    ]
    rows = {key: money_figures(some) for key, some in by(money, lambda one: one[column]).items()}
    table = tender_report(busy.actor, ReportAsked(period, {"by": group}))
    proved(table, rows, money_figures(money))
    assert period != Period() or len(rows) > 1, f"nothing to tell apart by {group}"


@pytest.mark.parametrize("unit", list(Unit), ids=lambda unit: unit.key)
@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.show())
def test_the_summary(busy: OpenedShop, period: Period, unit: Unit) -> None:
    def figures(some: list[Raw], of_them: list[Raw], postings: list[Raw], gone: list[Raw]) -> Figures:
        found = money_figures(postings)
        spent, sold = total(gone, "amount_fen"), of_bills(some, of_them)
        for key in ("of_sales_fen", "of_others_fen", "paid_out_fen"):
            del found[key]

        def of(kind: str, account: str) -> int:
            chosen = (one for one in postings if one["source_kind"] == kind and one["account"] == account)
            return total(chosen, "amount_fen")

        return {
            **sold,
            **found,
            "expense_fen": spent,
            "result_fen": sold["profit_fen"] - spent,
            "recharge_fen": -of("recharge", "stored_principal"),
            "refund_fen": of("refund", "stored_principal"),
            "receipts_fen": -of("receipt", "receivable"),
        }

    def label(one: Raw) -> str:
        return str(one["business_date"])[: unit.letters]

    with_day = LINES.replace("sale_line.*", "sale_line.*, sale.business_date")
    bills, lines = raw(BILLS, period), raw(with_day, period)
    postings = raw(MONEY, period)
    money = [one for one in postings if one["source_kind"] in MONEY_KINDS]
    gone = [one for one in postings if one["account"] == "expense"]
    parts = by(bills, label), by(lines, label), by(money, label), by(gone, label)
    labels = parts[0].keys() | parts[2].keys() | parts[3].keys()
    rows = {key: figures(*(part.get(key, []) for part in parts)) for key in labels}
    proved(summary(busy.actor, period, unit), rows, figures(bills, lines, money, gone))


def test_what_was_spent_is_what_was_paid(busy: OpenedShop) -> None:
    paid = fetch("SELECT sum(amount_fen) FROM expense WHERE kind = 'expense' AND status = 'paid'")[0][0]
    table = summary(busy.actor, Period(), Unit.MONTH)
    assert paid > 0
    assert table.totals["expense_fen"] == paid
    assert table.totals["result_fen"] == table.totals["profit_fen"] - paid
    halves = [summary(busy.actor, Period(), company_id=one).totals["expense_fen"] for one in (1, 2)]
    assert all(halves)
    assert sum(halves) == paid


# ------------------------------------------------------------------ when, and who there is
def test_the_course_of_bills(busy: OpenedShop) -> None:
    day = date.fromisoformat(fetch("SELECT max(business_date) FROM sale WHERE kind = 'exchange'")[0][0])
    asked: list[dict[str, Any]] = [{}, {"company_id": 2}, {"kind": "exchange"}, {"person_id": 1}]
    for period, values in product((*PERIODS, Period(day, day)), asked):
        person = values.get("person_id")
        bills = [
            one
            for one in raw(BILLS, period)
            if all(one[key] == value for key, value in values.items() if key != "person_id")
        ]
        if person is not None:
            his = by(
                [one for one in raw(LINES, period) if one["person_id"] == person], lambda one: one["sale_id"]
            )
            bills = [
                one | {"total_fen": total(his.get(one["id"], []), "net_fen")}
                for one in bills
                if one["salesperson_id"] == person or one["id"] in his
            ]
        course = bill_report(busy.actor, ReportAsked(period, values)).course()
        unit = course.unit
        assert dict(course.sums) == {
            key: total(some, "total_fen") for key, some in by_time(bills, unit).items()
        }
        if unit is None:
            for hour, some in by_time(bills, unit).items():
                table = bill_report(busy.actor, ReportAsked(period, {**values, "hour": hour}))
                assert {row["id"] for row in all_rows(table)} == {one["id"] for one in some}
                assert table.totals["net_fen"] == course.sums[hour]


def by_time(bills: list[Raw], unit: Unit | None) -> dict[str, list[Raw]]:
    """Bills by day or month, else by the hour in which they were made."""
    if unit is not None:
        return by(bills, lambda one: one["business_date"][: unit.letters])
    return by(bills, lambda one: f"{datetime.fromtimestamp(one['posted_at'] / 1000):%H}")


def test_the_composition_of_customers(busy: OpenedShop) -> None:
    dice = random.Random(4)
    words_of = {key: [word.id for word in words(one)] for key, one in DICTIONARY_OF.items()}
    ranks = [level.id for level in levels()]
    for _ in range(9):
        chosen = {key: dice.choice([None, *some]) for key, some in words_of.items() if some}
        chosen |= {"level_id": dice.choice([None, *ranks]), "owner_id": dice.choice([None, 1])}
        add_customer(busy, gender=dice.choice(("", "男", "女")), **chosen)
        busy.clock.advance(days=20)
    for kind in COMPOSITION_TITLES:
        column = {"month": "substr(created_date, 1, 7)", "gender": "gender"}.get(kind, f"{kind}_id")
        everybody = [row[0] for row in fetch(f"SELECT {column} FROM customer WHERE deleted_at IS NULL")]
        shares = customers_by(busy.actor, kind)
        named = kind in ("month", "gender")
        shown = {share.name if named else share.id: share.count for share in shares}
        assert shown == Counter((value or "未填写") if named else value for value in everybody), kind
        assert len(shares) == len(shown), "each group once"
        assert sum(shown.values()) == customer_counts(busy.actor).total


def test_rows_made_when_looked_at_come_in_the_order_of_any_column(busy: OpenedShop) -> None:
    table = compared(customer_report(busy.actor, ReportAsked(PERIODS[1])), None, "net_fen")
    rows = list(table.rows)
    plain = Table(table.title, table.columns, rows)
    for column in table.columns:
        for descending in (False, True):
            sort = Sort(column.key, descending)
            ordered = list(table.ordered(sort).rows)
            assert ordered == list(plain.ordered(sort).rows), column.title
            assert list(table.window(1, 2, sort)) == ordered[1:3]
    assert isinstance(table, LongTable)
    first = rows[0]["id"]
    assert [row["id"] for row in table.among([first]).rows] == [first]
    assert table.without([first]).ids() == table.ids()[1:]
    assert table.with_id(str(first)) == rows[0]
    assert table.with_id("nobody") is None


# ------------------------------------------------------------------ how things stand
def test_debts_by_age(busy: OpenedShop) -> None:
    busy.clock.advance(days=40)
    today = busy.actor.today()
    ages = ("not_due_fen", "to_30_fen", "to_60_fen", "to_90_fen", "over_90_fen")
    rows: dict[Any, Figures] = {}
    postings = [one for one in raw(MONEY, Period()) if one["account"] == "receivable"]
    for (company, who), his in by(
        postings, lambda one: (one["company_id"], survivor(one["party_id"]))
    ).items():
        debt = total(his, "amount_fen")
        (payment_days, limit) = fetch(
            "SELECT payment_days, credit_limit_fen FROM customer WHERE id = ?", who
        )[0]
        found: Figures = dict.fromkeys(ages, 0)
        left = debt
        charges = [one for one in his if one["amount_fen"] > 0 and one["source_kind"] != "merge"]
        for one in sorted(charges, key=lambda one: -one["entry_id"]):
            fen = min(left, one["amount_fen"])
            late = (today - date.fromisoformat(one["business_date"]) - timedelta(days=payment_days)).days
            place = 0 if late < 0 else 1 if late <= 30 else 2 if late <= 60 else 3 if late <= 90 else 4
            found[ages[place]] += fen
            left -= fen
        assert left == 0
        if debt:
            found |= {"debt_fen": debt, "payment_days": payment_days, "credit_limit_fen": limit}
            rows[f"{company}-{who}"] = found
    assert rows
    totals = {key: sum(row[key] for row in rows.values()) for key in (*ages, "debt_fen")}
    proved(ageing_report(busy.actor, ReportAsked()), rows, totals)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.show())
def test_contribution(busy: OpenedShop, period: Period) -> None:
    bills = by(
        [one for one in raw(BILLS, period) if one["customer_id"]], lambda one: survivor(one["customer_id"])
    )
    sums = {who: total(some, "total_fen") for who, some in bills.items()}
    ranked = sorted(sums, key=lambda who: (-sums[who], who))
    whole = sum(max(fen, 0) for fen in sums.values())
    so_far = accumulate(max(sums[who], 0) for who in ranked)
    rows = {
        who: {
            "rank": rank,
            "net_fen": sums[who],
            "share_bp": rounded_ratio(sums[who] * 10_000, whole) if whole else None,
            "cumulated_bp": rounded_ratio(fen * 10_000, whole) if whole else 0,
            "bills": sum(one["kind"] != "return" for one in bills[who]),
        }
        for rank, (who, fen) in enumerate(zip(ranked, so_far, strict=True), 1)
    }
    table = contribution(busy.actor, period)
    totals = {"net_fen": sum(sums.values()), "bills": sum(row["bills"] for row in rows.values())}
    proved(table, rows, totals)
    last = {who: max(one["business_date"] for one in some) for who, some in bills.items()}
    assert {row["id"]: str(row["last_date"]) for row in table.rows} == last


def test_segments_and_who_is_slipping_away(busy: OpenedShop) -> None:
    cuts = {
        "analysis.near_days": 30,
        "analysis.lost_days": 400,
        "analysis.often": 3,
        "analysis.slip_times": 1,
    }
    save_options(busy.actor, values={**cuts, "analysis.much_yuan": 50})
    busy.clock.advance(days=70)
    today = busy.actor.today()
    year = str(today - timedelta(days=365))
    bills = by(
        [one for one in raw(BILLS, Period()) if one["customer_id"]], lambda one: survivor(one["customer_id"])
    )
    spent: dict[str, list[int]] = {}
    slipped: dict[Any, Figures] = {}
    everybody = [row[0] for row in fetch("SELECT id FROM customer WHERE deleted_at IS NULL")]
    for who in everybody:
        his = bills.get(who, [])
        sold = sorted({date.fromisoformat(one["business_date"]) for one in his if one["kind"] != "return"})
        lately = [one for one in his if one["business_date"] > year]
        fen, often = total(lately, "total_fen"), sum(one["kind"] != "return" for one in lately) >= 3
        spent.setdefault(named(sold, today, often=often, much=fen >= 50_00), []).append(fen)
        net = total(his, "total_fen")
        if len(sold) < 3 or net <= 0:
            continue
        span, silent = (sold[-1] - sold[0]).days, (today - sold[-1]).days
        interval = max(1, rounded_ratio(span, len(sold) - 1))
        if silent < 14 or silent <= interval:
            continue
        month = rounded_ratio(net * 30, max(span, 30))
        slipped[who] = {
            "silent": silent,
            "interval": interval,
            "month_fen": month,
            "lost_fen": rounded_ratio(month * (silent - interval), 30),
            "bills": sum(one["kind"] != "return" for one in his),
            "net_fen": net,
        }
    whole = sum(sum(fens) for fens in spent.values())
    table = segments(busy.actor)
    rows = {
        key: {
            "customers": len(fens),
            "customers_bp": share(len(fens), len(everybody)),
            "year_fen": sum(fens),
            "year_bp": share(sum(fens), whole),
            "average_fen": rounded_ratio(sum(fens), len(fens)) if fens else None,
        }
        for key, fens in ((row["id"], spent.get(row["id"], [])) for row in table.rows)
    }
    assert spent.keys() <= rows.keys()
    proved(table, rows, {"customers": len(everybody), "year_fen": whole})
    keys = ("month_fen", "lost_fen", "bills", "net_fen")
    totals = {key: sum(row[key] for row in slipped.values()) for key in keys}
    assert slipped
    proved(slipping_away(busy.actor), slipped, totals)


def named(sold: list[date], today: date, *, often: bool, much: bool) -> str:
    """The segment by the rules in words."""
    if not sold:
        return "never"
    silent = (today - sold[-1]).days
    if silent > 400:
        return "lost"
    if silent <= 30:
        return {(1, 1): "valuable", (0, 1): "develop", (1, 0): "regular", (0, 0): "growing"}[often, much]
    return {(1, 1): "keep", (0, 1): "win_back", (1, 0): "slipping", (0, 0): "fading"}[often, much]


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.show())
def test_bills_and_customers_of_a_salesperson_come_to_what_counts_for_him(
    busy: OpenedShop, period: Period
) -> None:
    (everybody, lines) = raw(BILLS, period), raw(LINES, period)
    people = {row["id"]: row for row in people_report(busy.actor, ReportAsked(period)).rows}
    keys = ("net_fen", "cost_fen", "profit_fen")
    for person in people:  # 0 stands for nobody
        asked = ReportAsked(period, {"person_id": person})
        mine = by([one for one in lines if one["person_id"] == person], lambda one: one["sale_id"])
        bills = {one["id"] for one in everybody if (one["salesperson_id"] or 0) == person} | mine.keys()
        table = bill_report(busy.actor, asked)
        assert {row["id"]: {key: row[key] for key in (*keys, "discount_fen")} for row in all_rows(table)} == {
            one: {key: of_lines(mine.get(one, []))[key] for key in keys}
            | {"discount_fen": given(mine.get(one, []))}
            for one in bills
        }
        assert table.count() == len(bills)
        for key in keys:
            assert table.totals[key] == people[person][key]
        for sort in (*keys, "discount_fen"):
            values = [row[sort] for row in table.ordered(Sort(sort)).window(0, table.count(), None)]
            assert values == sorted(values)
        customers = customer_report(busy.actor, asked)
        assert {key: customers.totals[key] for key in keys} == {key: table.totals[key] for key in keys}
        whose = by(
            [one for one in lines if one["person_id"] == person], lambda one: survivor(one["customer_id"])
        )
        found = {row["id"]: row["net_fen"] for row in all_rows(customers) if row["net_fen"]}
        assert found == {who: net for who, some in whose.items() if (net := total(some, "net_fen"))}


def given(lines: list[Raw]) -> int:
    """What was given away on some lines; their pieces are whole, so that nothing is rounded at list price."""
    return sum(one["list_price_fen"] * one["qty_milli"] // 1000 - one["net_fen"] for one in lines)
