"""出入库单: every posted stock document, with its lines, to be printed again."""

import tkinter as tk
from dataclasses import replace
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.catalog.rules import COST
from meiping.domains.stock.queries import DOCUMENT_COLUMNS, LINE_COLUMNS, document_detail, documents
from meiping.domains.stock.rules import ISSUE_GOODS, RECEIVE_GOODS
from meiping.kernel.changes import Topic
from meiping.kernel.moments import show_moment
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Column, Row
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.goods.slip import print_slip
from meiping.ui.theme import px
from meiping.ui.widgets.cards import DetailPane, Facts
from meiping.ui.widgets.virtual_list import VirtualList

_UNSEEN = frozenset({"value_fen", "unit_cost_fen"})
_ASIDE = frozenset({"code", "specification", "unit"})
"""Columns of the lines there is no room for beside the list; they can be switched on, and the paper has them."""
_PANE_COLUMNS = tuple(replace(column, hidden=column.key in _ASIDE) for column in LINE_COLUMNS)


def _seen(context: Context, columns: tuple[Column, ...]) -> list[Column]:
    return [column for column in columns if column.key not in _UNSEEN or context.actor.can(COST)]


class DocumentPane:
    """A document's head and lines, at the right of the list."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._context = context
        self._document_id = 0
        self.pane = DetailPane(parent, empty="选择一张单，这里显示它的商品")
        self.widget: tk.Widget = self.pane
        button = ttk.Button(self.pane.actions, text="打印", command=self._print, bootstyle="neutral outline")
        button.pack()
        self.facts = Facts(self.pane.body, columns=2)
        self.facts.pack(fill="x", pady=(0, px(parent, 4)))
        self.lines = VirtualList(
            self.pane.body,
            _seen(context, _PANE_COLUMNS),
            key="stock_documents.lines",
            view=context.view,
        )
        self.lines.pack(fill="both", expand=True)

    def _print(self) -> None:
        print_slip(self._context, self._document_id)

    def show(self, row: Row | None) -> None:
        """Show the document of a row, or that none is chosen."""
        detail = None
        if row is not None:
            detail = self._context.read(document_detail, document_id=row["id"])
        if detail is None:
            self.pane.clear()
            return
        self._document_id = detail.id
        self.pane.show(detail.number, f"{detail.title} · {detail.nature}")
        self.facts.show(
            [
                ("时间", show_moment(detail.posted_at)),
                ("操作员", detail.operator),
                ("公司", detail.company),
                ("金额", show_fen(detail.value_fen)),
                ("备注", detail.note),
            ]
        )
        self.lines.set_listing(detail.lines)


def build(parent: tk.Misc, context: Context) -> ListPage:
    """The page."""

    def directions() -> list[tuple[Any, str]]:
        return [("in", "库存增加"), ("out", "库存减少")]

    spec = ListSpec(
        key="stock_documents",
        title="出入库单",
        unit="张单",
        columns=_seen(context, DOCUMENT_COLUMNS),
        listing=lambda asked: documents(
            context.actor,
            text=asked.text,
            incoming={"in": True, "out": False}.get(asked["direction"]),
        ),
        search="单号 / 性质 / 备注",
        filters=(Filter("direction", "类型", directions, width=10),),
        actions=(
            Action(
                "库存增加",
                partial(context.open_page, "stock_in"),
                "box-arrow-in-down",
                RECEIVE_GOODS,
                primary=True,
            ),
            Action("库存减少", partial(context.open_page, "stock_out"), "box-arrow-up", ISSUE_GOODS),
            Action("打印这张单", lambda row: print_slip(context, row["id"]), needs=Needs.ONE, opens=True),
        ),
        detail=lambda pane: DocumentPane(pane, context),
        share=0.6,
        empty=("还没有出入库单。\n库存增加和库存减少过账以后，都在这里。", "库存增加"),
    )
    return ListPage(parent, context, spec)


PAGE = PageParts(
    build=build,
    watches=frozenset({Topic.STOCK}),
    help="过账了的库存增加和库存减少，一张一行。右边是它的商品，可以再打印。",
    keys=(("回车 / 双击", "打印这张单"), *LIST_KEYS),
)
