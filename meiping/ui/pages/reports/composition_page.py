"""客户构成: what customers the shop has, by what one chooses, and how their number grows."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.customers.conditions import Condition, Operator
from meiping.domains.customers.queries import COMPOSITION_TITLES, Share
from meiping.domains.customers.rules import EDIT, NOT_FILLED
from meiping.domains.reports.queries import customers_by
from meiping.domains.reports.rules import Unit
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Kind
from meiping.store.database import snapshot
from meiping.ui.context import Context
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.reports.chart_panel import CHART_KEYS, ChartPanel
from meiping.ui.pages.reports.opening import open_created, open_met
from meiping.ui.read_beside import ReadBeside
from meiping.ui.theme import px
from meiping.ui.widgets.cards import FilterBar, PageHead, margins
from meiping.ui.widgets.form_fields import ChoiceBox

MONTHS_SHOWN = 24
_MOST_OF_A_RING = 6
"""More kinds than these are told better by lying bars."""
_MONTH, _GROWTH = "month", "每月新增多少客户？"
_CHOICES = [(key, title) for key, title in COMPOSITION_TITLES.items() if key != _MONTH]
_QUESTIONS = {"level": "客户都是什么等级？", "source": "客户从哪里来？", "owner": "客户由谁负责？"}
_EMPTY = {
    "level": "有了客户以后，这里显示各个等级各有多少位。",
    "source": "给客户填上来源，就能看出哪种办法带来的客户最多。",
}
Shares = Mapping[str, Sequence[Share]]


class CompositionPage:
    """Two charts side by side, by what one chooses, and the growth below; a click on a part opens its customers."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self.context = context
        self.widget: tk.Widget = ttk.Frame(parent)
        self.head = PageHead(self.widget, "客户构成")
        self.head.action("客户列表", "people", lambda: context.open_page("customers"))
        self._shares: Shares | None = None
        bar = FilterBar(self.widget)
        self.choosers = [self._chooser(bar, "左图按", "level"), self._chooser(bar, "右图按", "source")]
        body = ttk.Frame(self.widget)
        margin, gap = margins(self.widget), px(self.widget, 12)
        body.pack(fill="both", expand=True, padx=margin, pady=(0, px(self.widget, 14)))
        body.columnconfigure((0, 1), weight=1, uniform="charts")
        body.rowconfigure((0, 1), weight=1, uniform="charts")
        self.charts = [
            ChartPanel(body, context, on_pick=partial(self._open_part, place), height=200)
            for place in range(2)
        ]
        self.charts[0].grid(row=0, column=0, sticky="nsew", padx=(0, gap // 2), pady=(0, gap))
        self.charts[1].grid(row=0, column=1, sticky="nsew", padx=(gap // 2, 0), pady=(0, gap))
        self.growth = ChartPanel(body, context, on_pick=self._open_month, height=200)
        self.growth.grid(row=1, column=0, columnspan=2, sticky="nsew")
        self._read = ReadBeside(
            self.widget,
            context,
            title="客户构成",
            prepare=lambda: partial(_read, context.actor),
            show=self._show,
        )
        self.reload()

    def _chooser(self, bar: FilterBar, label: str, first: str) -> ChoiceBox:
        box = ChoiceBox(bar, _CHOICES, width=8, blank=False)
        box.set_value(first)
        box.watch(self._show_again)
        bar.add(box, label)
        return box

    # ---------------------------------------------------------------- what is shown

    def reload(self) -> None:
        """Count again."""
        self._read.again()

    def _show_again(self) -> None:
        if self._shares is not None:
            self._show(self._shares)

    def _show(self, shares: Shares) -> None:
        self._shares = shares
        count = sum(share.count for share in shares[_MONTH])
        self.head.facts(f"共 {count:,} 位客户" if count else "")
        for chart, chooser in zip(self.charts, self.choosers, strict=True):
            by = str(chooser.get_value())
            if count:
                chart.show(_chart(by, shares[by]))
            else:
                words = _EMPTY.get(by, f"给客户填上{COMPOSITION_TITLES[by]}，这里就显示各有多少位。")
                chart.show_empty(_question(by), words, self._first_customer() if by == "level" else None)
        if count:
            self.growth.show(_growth(shares[_MONTH], Unit.MONTH.label(self.context.actor.today())))
        else:
            self.growth.show_empty(_GROWTH, "这里显示每个月新增的客户。")

    def _first_customer(self) -> tuple[str, Callable[[], object]] | None:
        if not self.context.actor.can(EDIT):
            return None
        return ("去新增客户", lambda: self.context.open_page("customers"))

    # ---------------------------------------------------------------- going to the customers

    def _open_part(self, place: int, key: str) -> None:
        by = str(self.choosers[place].get_value())
        value: Any = key if by == "gender" and key != str(NOT_FILLED) else int(key)
        open_met(self.context, (Condition(by, Operator.ONE_OF, (value,)),))

    def _open_month(self, month: str) -> None:
        days = Unit.MONTH.days(month)
        assert days.first is not None
        assert days.last is not None
        open_created(self.context, days.first, days.last)

    def focus(self) -> None:
        """Nothing to type here: the page itself, so that its keys work."""
        self.widget.focus_set()


def _read(actor: Actor) -> Shares:
    """In a worker: the customers counted in every way."""
    with snapshot():
        return {by: customers_by(actor, by=by) for by in COMPOSITION_TITLES}


def _question(by: str) -> str:
    return _QUESTIONS.get(by, f"客户都是什么{COMPOSITION_TITLES[by]}？")


def _chart(by: str, shares: Sequence[Share]) -> Chart:
    """A ring of few kinds, else lying bars, the largest first and those without last."""
    ring = len(shares) <= _MOST_OF_A_RING
    if not ring:
        shares = sorted(shares, key=lambda share: (_key(by, share) == str(NOT_FILLED), -share.count))
    return Chart(
        ChartKind.DONUT if ring else ChartKind.HBAR,
        _question(by),
        [share.name for share in shares],
        [Series("客户", [share.count for share in shares])],
        Kind.NUMBER,
        keys=[_key(by, share) for share in shares],
    )


def _key(by: str, share: Share) -> str:
    """What the list of customers is asked for: an id, or the word itself where there is none."""
    if by == "gender" and share.name != "未填写":
        return share.name
    return str(NOT_FILLED if share.id is None else share.id)


def _growth(months: Sequence[Share], this_month: str) -> Chart:
    """The last months, those without a new customer among them."""
    counts = {share.name: share.count for share in months}
    end = Unit.MONTH.days(max([this_month, *counts])).last
    first = Unit.MONTH.days(min(counts)).first
    assert first is not None
    assert end is not None
    labels = Unit.MONTH.labels(first, end)[-MONTHS_SHOWN:]
    return Chart(
        ChartKind.BAR,
        _GROWTH,
        labels,
        [Series("新增客户", [counts.get(label, 0) for label in labels])],
        Kind.NUMBER,
    )


PAGE = PageParts(
    build=CompositionPage,
    watches=frozenset({Topic.CUSTOMERS, Topic.SETTINGS}),
    help="客户按等级、来源、类型、状态、行业、区域、业务员和建档月份的构成。点图上的一块或一根柱子，打开这些客户。"
    "右键可以保存、复制或打印图片。",
    keys=(CHART_KEYS, ("F5", "重新统计")),
)
