"""Periods as people name them, and the figures of a day, a month or a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from meiping.kernel.errors import InputError
from meiping.kernel.money import WHOLE_BP, rounded_ratio
from meiping.kernel.permissions import permission
from meiping.kernel.titled import Titled

VIEW = permission("reports.view", "查看报表", group="报表")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None and self.first > self.last:
            raise InputError("开始日期不能晚于结束日期。", field="first")

    def cut(self, other: Period) -> Period:
        """The days that lie in both; they must have some in common."""
        firsts = [day for day in (self.first, other.first) if day is not None]
        lasts = [day for day in (self.last, other.last) if day is not None]
        return Period(max(firsts, default=None), min(lasts, default=None))

    def show(self) -> str:
        """``2026-11-01 至 2026-11-21``."""
        if self.first is None and self.last is None:
            return "全部日期"
        if self.first == self.last:
            return str(self.first)
        first = self.first.isoformat() if self.first else "最早"
        return f"{first} 至 {self.last.isoformat() if self.last else '今天'}"


class Quick(Titled):
    """The periods one chooses from: key and word on screen. Weeks begin on Monday."""

    TODAY = ("today", "今天")
    YESTERDAY = ("yesterday", "昨天")
    WEEK = ("week", "本周")
    MONTH = ("month", "本月")
    LAST_MONTH = ("last_month", "上月")
    YEAR = ("year", "本年")
    LAST_30 = ("last_30", "近30天")
    ALL = ("all", "全部")

    def period(self, today: date) -> Period:
        """The days it means today."""
        month = today.replace(day=1)
        return {
            Quick.TODAY: Period(today, today),
            Quick.YESTERDAY: Period(today - timedelta(days=1), today - timedelta(days=1)),
            Quick.WEEK: Period(today - timedelta(days=today.weekday()), today),
            Quick.MONTH: Period(month, today),
            Quick.LAST_MONTH: Period(month - relativedelta(months=1), month - timedelta(days=1)),
            Quick.YEAR: Period(today.replace(month=1, day=1), today),
            Quick.LAST_30: Period(today - timedelta(days=29), today),
            Quick.ALL: Period(),
        }[self]


class Unit(Titled):
    """What is added up to one row: key, word on screen, and how much of the ISO day names it."""

    DAY = ("day", "按日", 10)
    MONTH = ("month", "按月", 7)
    YEAR = ("year", "按年", 4)

    @property
    def letters(self) -> int:
        """``2026-11-21``, ``2026-11`` or ``2026``."""
        return int(self.value[2])

    def label(self, day: date) -> str:
        """The row a day belongs to."""
        return day.isoformat()[: self.letters]

    def days(self, label: str) -> Period:
        """The days of a row."""
        first = date.fromisoformat(f"{label}-01-01"[:10])
        if self is Unit.DAY:
            return Period(first, first)
        step = relativedelta(months=1) if self is Unit.MONTH else relativedelta(years=1)
        return Period(first, first + step - timedelta(days=1))

    def labels(self, first: date, last: date) -> list[str]:
        """Every row from one day to another, the empty ones among them."""
        labels = []
        day = first
        while day <= last:
            labels.append(self.label(day))
            end = self.days(labels[-1]).last
            assert end is not None
            day = end + timedelta(days=1)
        return labels


@dataclass(frozen=True, slots=True)
class Figures:
    """What a shop did in some days, in fen.

    ``bills`` does not count returns. ``discount_fen`` holds what was rounded off too. The tenders are all money
    that came in by them less what went back: for bills, recharges and receipts. ``stored_used_fen`` and
    ``credit_fen`` are bills paid from stored value and put on credit. ``expense_fen`` is what the shop spent.
    """

    bills: int = 0
    sales_fen: int = 0
    returns_fen: int = 0
    discount_fen: int = 0
    cost_fen: int = 0
    cash_fen: int = 0
    wechat_fen: int = 0
    alipay_fen: int = 0
    card_fen: int = 0
    stored_used_fen: int = 0
    credit_fen: int = 0
    recharge_fen: int = 0
    refund_fen: int = 0
    receipts_fen: int = 0
    expense_fen: int = 0

    @property
    def net_fen(self) -> int:
        """Sales less returns."""
        return self.sales_fen - self.returns_fen

    @property
    def profit_fen(self) -> int:
        """Gross profit."""
        return self.net_fen - self.cost_fen

    @property
    def result_fen(self) -> int:
        """Gross profit less expenses."""
        return self.profit_fen - self.expense_fen

    @property
    def margin_bp(self) -> int | None:
        """Gross profit of net sales in basis points; unknown without sales."""
        return rounded_ratio(self.profit_fen * WHOLE_BP, self.net_fen) if self.net_fen > 0 else None

    @property
    def average_fen(self) -> int | None:
        """Sales a bill; unknown without bills."""
        return rounded_ratio(self.sales_fen, self.bills) if self.bills else None

    @property
    def received_fen(self) -> int:
        """Money that came in by all tenders."""
        return self.cash_fen + self.wechat_fen + self.alipay_fen + self.card_fen

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Figures)))


TENDERS = ("cash", "wechat", "alipay", "card")
MONEY_KINDS = ("sale", "recharge", "refund", "receipt", "tender_change", "deposit")
"""The documents by which customers' money comes and goes."""


def money_figures(sums: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """The money side of ``Figures`` from sums of postings by (kind of document, account)."""

    def of(account: str, *kinds: str) -> int:
        return sum(sums.get((kind, account), 0) for kind in kinds)

    return {
        **{f"{tender}_fen": of(tender, *MONEY_KINDS) for tender in TENDERS},
        "stored_used_fen": of("stored_principal", "sale") + of("stored_bonus", "sale"),
        "credit_fen": of("receivable", "sale"),
        "recharge_fen": -of("stored_principal", "recharge"),
        "refund_fen": of("stored_principal", "refund"),
        "receipts_fen": -of("receivable", "receipt"),
    }


def commission_fen(base_fen: int, permille: int) -> int:
    """What a salesperson earns on net sales or profit; below zero where more came back than was sold."""
    return rounded_ratio(base_fen * permille, 1000)


def check_month(text: str) -> None:
    """Raise InputError unless it is a month such as ``2026-11``."""
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        day = None
    if day is None or day.isoformat()[:7] != text:
        raise InputError("月份请写成 2026-11 这样。", field="month")
