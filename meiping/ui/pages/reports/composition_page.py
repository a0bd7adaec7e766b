"""客户构成: which levels customers have, where they come from, how their number grows."""

import tkinter as tk
from collections.abc import Callable, Sequence
from datetime import date

import ttkbootstrap as ttk

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.customers.queries import Share
from meiping.domains.customers.rules import EDIT, NOT_FILLED
from meiping.domains.reports.queries import customers_by
from meiping.domains.reports.rules import Unit
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Kind
from meiping.ui.context import Context
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.reports.chart_panel import ChartPanel
from meiping.ui.theme import px
from meiping.ui.widgets.cards import PageHead, margins

MONTHS_SHOWN = 24
_LEVELS, _SOURCES, _GROWTH = "客户都是什么等级？", "客户从哪里来？", "每月新增多少客户？"


class CompositionPage:
    """Three charts; a click on a level or a source opens its customers."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self.context = context
        self.widget: tk.Widget = ttk.Frame(parent)
        self.head = PageHead(self.widget, "客户构成")
        self.head.action("客户列表", "people", lambda: context.open_page("customers"))
        body = ttk.Frame(self.widget)
        margin, gap = margins(self.widget), px(self.widget, 12)
        body.pack(fill="both", expand=True, padx=margin, pady=(0, px(self.widget, 14)))
        body.columnconfigure((0, 1), weight=1, uniform="charts")
        body.rowconfigure((0, 1), weight=1, uniform="charts")
        self.levels = ChartPanel(body, context, on_pick=self._opener("level_id"))
        self.levels.grid(row=0, column=0, sticky="nsew", padx=(0, gap // 2), pady=(0, gap))
        self.sources = ChartPanel(body, context, on_pick=self._opener("source_id"))
        self.sources.grid(row=0, column=1, sticky="nsew", padx=(gap // 2, 0), pady=(0, gap))
        self.growth = ChartPanel(body, context)
        self.growth.grid(row=1, column=0, columnspan=2, sticky="nsew")
        self.reload()

    def _opener(self, key: str) -> Callable[[str], None]:
        """Opens the customers of a part."""
        return lambda share_id: self.context.open_page("customers", **{key: int(share_id)})

    def reload(self) -> None:
        """Count again."""
        levels = self.context.read(customers_by, by="level")
        sources = self.context.read(customers_by, by="source")
        months = self.context.read(customers_by, by="month")
        if levels is None or sources is None or months is None:
            return
        count = sum(share.count for share in levels)
        self.head.facts(f"共 {count:,} 位客户" if count else "")
        if not count:
            self._show_empty()
            return
        self.levels.show(_chart(ChartKind.DONUT, _LEVELS, levels))
        ranked = sorted(sources, key=lambda share: (share.id is None, -share.count))
        self.sources.show(_chart(ChartKind.HBAR, _SOURCES, ranked))
        self.growth.show(_growth(months, self.context.actor.today()))

    def _show_empty(self) -> None:
        action = ("去新增客户", lambda: self.context.open_page("customers"))
        can = self.context.actor.can(EDIT)
        self.levels.show_empty(_LEVELS, "有了客户以后，这里显示各个等级各有多少位。", action if can else None)
        self.sources.show_empty(_SOURCES, "给客户填上来源，就能看出哪种办法带来的客户最多。")
        self.growth.show_empty(_GROWTH, "这里显示每个月新增的客户。")

    def focus(self) -> None:
        """Nothing to type here: the page itself, so that its keys work."""
        self.widget.focus_set()


def _chart(kind: ChartKind, title: str, shares: Sequence[Share]) -> Chart:
    return Chart(
        kind,
        title,
        [share.name for share in shares],
        [Series("客户", [share.count for share in shares])],
        Kind.NUMBER,
        keys=[str(NOT_FILLED if share.id is None else share.id) for share in shares],
    )


def _growth(months: Sequence[Share], today: date) -> Chart:
    """The last months, those without a new customer among them."""
    counts = {share.name: share.count for share in months}
    last = max([Unit.MONTH.label(today), *counts])
    end = Unit.MONTH.days(last).last
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
    help="客户按等级、来源和建档月份的构成。点图上的一块，打开这些客户。右键可以把图保存成图片。",
    keys=(("F5", "重新统计"),),
)
