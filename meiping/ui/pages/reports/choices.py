"""What several reports are narrowed by, and the way from any of them to its bills."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from meiping.domains.access.queries import colleagues, companies_of
from meiping.domains.catalog.queries import categories
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.names import person_called
from meiping.domains.reports.rules import Period
from meiping.domains.sales.cart import NOBODY
from meiping.domains.sales.rules import CHECKOUT, VIEW_SALES
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind
from meiping.ui.context import Context
from meiping.ui.pages.reports.report_spec import Begin, Choice

TO_COUNTER = Begin("去收银", "counter", CHECKOUT)
"""Where reports of sales begin."""


def _categories(_actor: Actor) -> list[tuple[Any, str]]:
    return [(one.id, one.title) for one in categories()]


COMPANY = Choice("company_id", "公司", companies_of, all_word="全部公司")


def _salespersons(actor: Actor) -> list[tuple[int, str]]:
    """Nobody among them, where there is more than one to tell apart."""
    people = colleagues(actor)
    return [*people, (NOBODY, person_called(actor, operator_id=NOBODY))] if len(people) > 1 else list(people)


SALESPERSON = Choice("person_id", "业务员", _salespersons, all_word="全部业务员")
CATEGORY = Choice("category_id", "分类", _categories, all_word="全部分类", width=14)


def grouped_by(groups: Any, default: str) -> Choice:
    """What is added up to one row: the members of a ``Titled``."""
    return Choice(
        "by",
        "",
        lambda _actor: [(one.key, one.title) for one in groups],
        all_word="",
        default=default,
        width=8,
    )


def with_real_days(columns: Sequence[Column], asked: ReportAsked) -> Sequence[Column]:
    """A workbook of days is to hold real dates: the rows' ``day`` instead of what they are called."""
    if asked.get("by") != "day":
        return columns
    return [
        replace(column, key="day", title="日期", kind=Kind.DATE) if column.key == "name" else column
        for column in columns
    ]


def open_dealings(context: Context, period: Period, **narrow: Any) -> bool:
    """The movements of money behind a figure of some days; False for who may not see them."""
    if not context.actor.can(VIEW_MONEY):
        return False
    context.open_page("dealings", first_date=period.first, last_date=period.last, **narrow)
    return True


def open_bills(context: Context, asked: ReportAsked, **narrow: Any) -> None:
    """The bills behind a figure: of the same days, narrowed further."""
    if not context.actor.can(VIEW_SALES):
        return
    days: dict[str, Any] = {"first": asked.period.first, "last": asked.period.last}
    if asked.period.first is None and asked.period.last is None:
        days = {"quick": "all"}
    elif asked.quick is not None:
        days = {"quick": asked.quick.key}
    kept = {key: asked.get(key) for key in ("company_id", "person_id")}
    context.open_page("bill_report", **days, **{"kind": None, "text": "", **kept, **narrow})
