"""What the shift, the reports, 财务往来 and the journal say of a day, against the notebook."""

from datetime import date

from meiping.domains.ledger.queries import statement
from meiping.domains.loyalty.queries import points_left
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import (
    ageing_report,
    people_report,
    product_report,
    summary,
    tender_report,
)
from meiping.domains.reports.queries.dealings import dealings
from meiping.domains.reports.rules import Period
from meiping.domains.sales.shifts import shift_report
from meiping.store.database import fetch, fetch_value
from tests.scenarios.noted_day import REAL, Day

FLOAT, SHORT, LEFT = 300_00, 1_00, 250_00
"""What the drawer begins with, what is missing in the evening, and what stays in it."""


def require_the_look(day: Day, shift_id: int) -> None:
    report = shift_report(day.manager, shift_id=shift_id)
    assert (report.bills, report.returns) == (day.note.bills, day.note.returns)
    assert (report.sales_fen, report.returns_fen) == (day.note.sold, day.note.brought_back)
    told = {one.key: one.expected_fen for one in report.figures.tenders}
    assert told == {tender: day.note.drawer[tender] for tender in REAL}
    figures = report.figures
    assert (figures.stored_used_fen, figures.credit_fen) == (day.note.stored_used, day.note.credit)
    moved = sum((one.in_fen or 0) - (one.out_fen or 0) for one in figures.kinds)
    assert moved == sum((one.in_fen or 0) - (one.out_fen or 0) for one in figures.tenders)


def require_the_reports(day: Day) -> None:
    note, today = day.note, Period(date(2026, 3, 16), date(2026, 3, 16))
    said = summary(day.shop.actor, today).totals
    assert said is not None
    took = {tender: note.trade[tender] + note.elsewhere[tender] for tender in REAL}
    figures = {f"{tender}_fen": fen for tender, fen in took.items()} | {
        "bills": note.bills + note.elsewhere["bills"],
        "net_fen": note.net,
        "received_fen": sum(took.values()),
        "stored_used_fen": note.stored_used + note.elsewhere["stored_value"],
        "credit_fen": note.credit,
        "recharge_fen": note.recharged + note.elsewhere["recharged"],
        "refund_fen": 41_29,
        "receipts_fen": 300_00,
    }
    assert {key: said[key] for key in figures} == figures
    for by in ("day", "shift"):
        tenders = tender_report(day.shop.actor, ReportAsked(today, {"by": by})).totals
        assert tenders is not None
        assert {tender: tenders[f"{tender}_fen"] for tender in REAL} == took
    products = product_report(day.shop.actor, ReportAsked(today)).totals
    assert products is not None
    assert products["net_fen"] == note.net


def require_the_dealings(day: Day) -> None:
    """财务往来 of everybody: the sums below it are those of its rows, and of the notebook."""
    note = day.note
    listing = dealings(day.shop.actor)
    said, rows = listing.summary(), listing.window(0, listing.count(), None)
    ends = [lines[-1] for lines in note.dealings.values()]
    noted = {
        "money_fen": sum(note.trade.values()) + sum(note.elsewhere[tender] for tender in REAL),
        "stored_change_fen": sum(line[2] for line in ends) + note.elsewhere["stored"],
        "debt_change_fen": sum(line[3] for line in ends),
    }
    assert {key: said[key] for key in noted} == noted
    assert {key: sum(row[key] or 0 for row in rows) for key in noted} == noted
    owed = ageing_report(day.shop.actor, ReportAsked()).totals
    assert owed is not None
    assert owed["debt_fen"] == noted["debt_change_fen"]


def require_what_each_sold(day: Day, other: int) -> None:
    rows = people_report(day.shop.actor, ReportAsked()).rows
    sold = {row["id"]: (row["bills"], row["net_fen"]) for row in rows}
    bills = day.note.bills + day.note.elsewhere["bills"]
    own = {
        other: (1, 12_00),
        day.manager.operator_id: (0, 19_90),
        day.shop.actor.operator_id: (1, 30_00),  # by a quote
    }
    assert sold == own | {0: (bills - 2, day.note.net - 12_00 - 19_90 - 30_00)}


def require_what_customers_have(day: Day) -> None:
    for who, expected in day.note.dealings.items():
        rows = statement(day.clerk, customer_id=who).rows[::-1]
        told = [(row["kind"], row["amount_fen"], row["stored_fen"], row["debt_fen"]) for row in rows]
        assert told == expected
    for who in (day.meilan, day.zhang, day.chen):
        assert points_left(who, day.shop.actor.today()) == day.note.points[who]


def require_the_journal(day: Day) -> None:
    """The accounts by the notebook, and a second time from the bills' own rows."""
    note = day.note
    rows = fetch("SELECT account, sum(amount_fen) FROM posting GROUP BY account HAVING sum(amount_fen) <> 0")
    accounts = {account: int(fen) for account, fen in rows}
    assert sum(accounts.values()) == 0
    ends = {who: lines[-1] for who, lines in note.dealings.items()}
    own = {
        "cash": LEFT + note.elsewhere["cash"],
        **{tender: note.drawer[tender] + note.elsewhere[tender] for tender in REAL[1:]},
        "safe": note.drawer["cash"] - SHORT - LEFT - FLOAT - 50_00 + 200_00,
        "cash_difference": SHORT,
        "expense": note.expenses,
        "advance": note.advances,
        "deposit": 0,
        "bad_debt": 1_50,
        "receivable": sum(line[3] for line in ends.values()),
        "stored_principal": -(sum(line[2] for line in ends.values()) - 50_00 + note.elsewhere["stored"]),
        "stored_bonus": -50_00,
        "promotion": 50_00 + 10_00,
        "sales": -(note.net + note.rounded),
        "rounding": note.rounded,
        "card_liability": 0,
        "card_income": 0,
    }
    assert {key: accounts.get(key, 0) for key in own} == own
    assert fetch_value("SELECT sum(total_fen) FROM sale") == note.net
    assert fetch_value("SELECT sum(net_fen) FROM sale_line") == note.net
    taken = dict(fetch("SELECT tender, sum(amount_fen) FROM sale_tender GROUP BY tender"))
    taken["cash"] += 12_00
    taken["wechat"] -= 12_00
    slips = {
        "cash": 200_00 + 2_09 - 41_29 - 3_00 + 100_00,
        "wechat": 500_00 + 300_00 + 30_00,
        "alipay": 8_00,
    }
    for tender in REAL:
        assert taken[tender] + slips.get(tender, 0) == note.trade[tender] + note.elsewhere[tender]
