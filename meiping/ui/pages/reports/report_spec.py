"""A report, declared: what the page of it shows and asks.

A page module says what it tells::

    SPEC = ReportSpec(
        key="products", title="商品统计", columns=product_columns, read=product_report,
        choices=(Choice("category_id", "分类", categories),), search="商品 / 条码",
        figures=("net_fen", "profit_fen"), compared="net_fen",
        chart=ranking("哪些商品卖得最多？", "name", "net_fen"), opens=open_bills, opens_word="查看业务单",
        empty="这段时间没有卖出商品。",
    )
    PAGE = report_parts(SPEC, watches=frozenset({Topic.SALES}), help="…")
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from meiping.adapters.charts import Chart
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.rules import Quick
from meiping.kernel.actor import Actor
from meiping.kernel.permissions import Permission
from meiping.kernel.tabular import Column, Row, Table
from meiping.ui.context import Context

Choices = Sequence[tuple[Any, str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A drop-down: ``choices`` gives (value, word) for the actor; ``all_word`` stands first for None, unless empty.

    ``default`` is chosen at first. Left out where there is at most one thing to choose.
    """

    key: str
    label: str
    choices: Callable[[Actor], Choices]
    all_word: str = "全部"
    default: Any = None
    width: int = 10


@dataclass(frozen=True, slots=True)
class Begin:
    """A button that leads to the page where a report gets its rows from, for who may use it."""

    word: str
    page: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class ReportSpec:
    """A report.

    ``columns`` gives the actor's columns; ``read`` is a query of (actor, asked) that gives a table with those. Its
    rows have an ``id`` that means the same in every period. ``figures`` are keys of totals told above the table
    (the higher the worse for those in ``worse``, neither good nor bad for those in ``neither``),
    ``compared`` the key of the column held against the period before. ``chart`` draws a table that has rows, or
    nothing. ``opens`` is the way deeper from a row, or from a part of the chart by its key: a row's id as text. Where
    the parts are no rows, ``picks`` is the way deeper from the key of one.
    ``output`` puts other columns into a workbook or onto paper than stand on screen.
    ``narrows`` are further keys of what is asked that other pages may open this one with (one product, one customer):
    each says in words what is left, for the actor and the value; a press takes it back. One that is a choice too
    is set there, if that is on screen.
    ``periods`` False is a report on how things stand now. ``empty`` is said where there are no rows: what puts some
    there; ``begins`` offers it, once there are none at all.
    """

    key: str
    title: str
    columns: Callable[[Actor], tuple[Column, ...]]
    read: Callable[[Actor, ReportAsked], Table]
    choices: tuple[Choice, ...] = ()
    narrows: Mapping[str, Callable[[Actor, Any], str]] = field(default_factory=dict)
    search: str = ""
    figures: tuple[str, ...] = ()
    worse: frozenset[str] = frozenset()
    neither: frozenset[str] = frozenset()
    compared: str = ""
    chart: Callable[[Table, ReportAsked], Chart | None] | None = None
    question: str = ""
    opens: Callable[[Context, Row, ReportAsked], object] | None = None
    picks: Callable[[Context, str, ReportAsked, Table], object] | None = None
    opens_word: str = "查看明细"
    output: Callable[[Sequence[Column], ReportAsked], Sequence[Column]] | None = None
    periods: bool = True
    quick: Quick = Quick.MONTH
    empty: str = "这段时间没有数据。"
    begins: Begin | None = None
