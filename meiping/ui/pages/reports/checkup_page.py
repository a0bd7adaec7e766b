"""资料体检: what is missing or odd among goods and customers; each line opens what is behind it."""

import tkinter as tk
from collections.abc import Sequence
from functools import partial

from meiping.domains.desk.checkup import DUPLICATES, NO_PHONE, WITHOUT_PHONE, Fault, data_faults
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Column, Kind, Listing, Row, Table
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, ListPage, ListSpec, Needs, Toggle
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.reports.opening import open_met
from meiping.ui.read_beside import ReadBeside

_COLUMNS = (
    Column("outcome", "结果", width=8),
    Column("title", "检查项", width=18),
    Column("count", "数量", Kind.NUMBER, width=9),
    Column("rule", "怎样算", width=40, stretch=True),
)


class CheckupPage(ListPage):
    """Looked through anew whenever it is opened or something changed, beside the window."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._found: Sequence[Fault] | None = None
        super().__init__(
            parent,
            context,
            ListSpec(
                key="checkup",
                title="资料体检",
                unit="项",
                columns=_COLUMNS,
                listing=self._listing,
                facts=self._facts,
                filters=(Toggle("wrong", "只看要处理的"),),
                actions=(
                    Action("重新体检", self.look, "clipboard2-pulse", key="F9", primary=True),
                    Action("查看这些", self._open, needs=Needs.ONE, key="Return", opens=True),
                ),
                empty=("正在体检……", None),
            ),
        )
        self._read = ReadBeside(
            self.widget,
            context,
            title="资料体检",
            prepare=lambda: partial(data_faults, context.actor),
            show=self._show,
        )
        self.look()

    def _listing(self, asked: Asked) -> Listing:
        shown = [one for one in self._found or () if one.count or not asked["wrong"]]
        return Table("资料体检", _COLUMNS, [_row(one) for one in shown])

    def _facts(self) -> str:
        if self._found is None:
            return "正在体检……"
        wrong = sum(bool(one.count) for one in self._found)
        return f"{wrong} 项要处理" if wrong else "都好"

    def reload(self) -> None:
        """Look through everything again."""
        super().reload()
        self.look()

    def look(self) -> None:
        """Read in a worker: comparing all customers takes seconds in a large shop."""
        self._read.again()

    def _show(self, found: list[Fault]) -> None:
        self._found = found
        super().reload()

    def _open(self, row: Row) -> None:
        """What is behind a line: products, customers, or the pairs that may be the same."""
        fault = next(one for one in self._found or () if one.key == row["id"])
        if fault.key == DUPLICATES:
            self.context.open_page("duplicates")
        elif fault.key == WITHOUT_PHONE:
            open_met(self.context, NO_PHONE)
        else:
            self.context.open_page("products", chosen=(fault.title, fault.ids), category=None, state=None)


def _row(fault: Fault) -> Row:
    return {
        "id": fault.key,
        "outcome": "要处理" if fault.count else "正常",
        "title": fault.title,
        "count": fault.count,
        "rule": fault.rule,
        "tone": "warning" if fault.count else None,
    }


PAGE = PageParts(
    build=CheckupPage,
    watches=frozenset({Topic.PRODUCTS, Topic.STOCK, Topic.CUSTOMERS}),
    help="看看商品和客户的资料里缺什么、有什么不对：没有售价、售价低于成本、没有分类、条码重复、库存少于零、"
    "客户没有电话、可能重复的客户。双击一行，打开这些商品或客户。",
    keys=(("F9", "重新体检"), ("Enter / 双击", "查看这些"), *LIST_KEYS),
)
