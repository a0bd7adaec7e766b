"""服务单: complaints and requests of all customers one may see, from their registration to the files."""

import tkinter as tk
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from meiping.domains.access.queries import colleagues, companies_of
from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.settings.queries import words
from meiping.domains.support.queries import (
    CASE_COLUMNS,
    NOBODY,
    CaseCounts,
    CaseFilter,
    case_counts,
    case_list,
    products_with_cases,
)
from meiping.domains.support.rules import HANDLE, TYPES, CaseStatus, Step
from meiping.kernel.actor import Scope
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Listing, Row
from meiping.ui.cases.case_dialog import add_case_dialog, change_case_dialog
from meiping.ui.cases.paper import print_case
from meiping.ui.cases.step_dialogs import (
    assign_dialog,
    close_chosen_cases,
    delete_chosen_cases,
    finish_dialog,
    reopen_asking,
    revisit_dialog,
    take_case,
)
from meiping.ui.context import Context
from meiping.ui.days_filter import DaysFilter
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.service.case_pane import CasePane

OPEN, MINE, OVERDUE = "open", "mine", "overdue"
"""Beside the statuses: what is not dealt with, what of that waits for the operator, what of it is late."""


class CasesPage(ListPage):
    """The list of cases with what can be done with them."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._days = DaysFilter()
        super().__init__(
            parent,
            context,
            ListSpec(
                key="cases",
                title="服务单",
                unit="张服务单",
                facts=self._waiting,
                columns=CASE_COLUMNS,
                listing=self._listing,
                search="单号 / 主题 / 内容 / 客户",
                filters=(
                    Filter("state", "状态", self._states, width=10),
                    Filter("period", "登记日期", self._days.choices, width=10),
                    Filter("type_id", "类型", _types, width=9),
                    Filter("handler_id", "负责", self._people, width=9),
                    Filter("company_id", "公司", self._companies, width=10, when=self._several_companies),
                    Filter(
                        "product_id", "商品", self._products, width=12, when=lambda: bool(self._products())
                    ),
                ),
                actions=self._case_actions(),
                detail=lambda pane: CasePane(pane, context, self._step_commands()),
                share=0.76,
                empty=(
                    "还没有服务单。客户有投诉、报修或别的要求时登记一张，派给人处理，办完再回访。",
                    "登记服务单",
                ),
            ),
        )

    def _case_actions(self) -> tuple[Action, ...]:
        one = partial(Action, permission=HANDLE, needs=Needs.ONE)
        return (
            Action("登记服务单", self._add, "plus-lg", HANDLE, key="Control-n", primary=True),
            one("修改", self._change, key="F2", opens=True),
            one("派工…", self._assign, key="F6", apart=True),
            one("我来处理", self._take),
            one("完成…", self._finish, key="F7"),
            one("回访…", self._revisit, key="F8"),
            Action("关闭", self._close, permission=HANDLE, needs=Needs.SOME, key="F9"),
            one("重新处理…", self._reopen),
            Action("打印服务单", self._print, needs=Needs.ONE, key="F10", apart=True),
            Action("打开客户", self._hub, permission=VIEW_CUSTOMERS, needs=Needs.ONE),
            Action("删除", self._delete, permission=HANDLE, key="Delete", needs=Needs.IDS),
        )

    def _step_commands(self) -> dict[Step, Any]:
        return {
            Step.ASSIGN: self._assign,
            Step.FINISH: self._finish,
            Step.REVISIT: self._revisit,
            Step.CLOSE: lambda row: self._close([row]),
            Step.REOPEN: self._reopen,
        }

    # ---------------------------------------------------------------- what is shown

    def _states(self) -> list[tuple[str, str]]:
        marked = ((OPEN, "未完成"), (MINE, "等我处理"), (OVERDUE, "已逾期"))
        return [*marked, *((status.key, status.title) for status in CaseStatus)]

    def _people(self) -> list[tuple[int, str]]:
        return [*colleagues(self.context.actor), (NOBODY, "没有负责人")]

    def _companies(self) -> list[tuple[int, str]]:
        return companies_of(self.context.actor)

    def _several_companies(self) -> bool:
        return self.context.actor.scope() is Scope.ALL and len(self._companies()) > 1

    def _products(self) -> list[tuple[int, str]]:
        return self.context.read(products_with_cases) or []

    def _listing(self, asked: Asked) -> Listing:
        days = self._days.period(asked["period"], self.context.actor.today())
        state = asked["state"]
        narrow = CaseFilter(
            text=asked.text,
            status=state if state not in (OPEN, MINE, OVERDUE) else None,
            open=state == OPEN,
            mine=state == MINE,
            overdue=state == OVERDUE,
            type_id=asked["type_id"],
            handler_id=asked["handler_id"],
            product_id=asked["product_id"],
            company_id=asked["company_id"],
            first_date=days.first,
            last_date=days.last,
        )
        return case_list(self.context.actor, narrow)

    def _waiting(self) -> str:
        """What is to be seen to, in the grey line."""
        counts: CaseCounts | None = self.context.read(case_counts)
        if counts is None:
            return ""
        told = ((counts.open, "未完成"), (counts.mine, "等我处理"), (counts.overdue, "逾期"))
        return " · ".join(f"{count:,} 张{word}" for count, word in told if count)

    def open(self, *, first_date: date | None = None, last_date: date | None = None, **values: Any) -> None:
        """Come here from elsewhere: as any list, or to the cases registered on these days."""
        super().open(**{**values, **self._days.ask(first_date, last_date)})

    # ---------------------------------------------------------------- doing

    def _add(self) -> None:
        self.list.focus_set()  # where the keys of the steps are once it is saved
        add_case_dialog(self.widget, self.context, self._saved)

    def _change(self, row: Row) -> None:
        change_case_dialog(self.widget, self.context, row["id"], self._saved)

    def _saved(self, case_id: int) -> None:
        self.reload()
        self.list.select_id(case_id)

    def _assign(self, row: Row) -> None:
        assign_dialog(self.widget, self.context, row["id"], self.reload)

    def _take(self, row: Row) -> None:
        take_case(self.context, row["id"], self.reload)

    def _finish(self, row: Row) -> None:
        finish_dialog(self.widget, self.context, row["id"], self.reload)

    def _revisit(self, row: Row) -> None:
        revisit_dialog(self.widget, self.context, row["id"], self.reload)

    def _close(self, rows: Sequence[Row]) -> None:
        close_chosen_cases(self.widget, self.context, rows, self.reload)

    def _reopen(self, row: Row) -> None:
        reopen_asking(self.widget, self.context, row["id"], self.reload)

    def _print(self, row: Row) -> None:
        print_case(self.context, row["id"])

    def _hub(self, row: Row) -> None:
        self.context.open_page("customer_hub", customer_id=row["customer_id"])

    def _delete(self, ids: Sequence[int]) -> None:
        delete_chosen_cases(self.context, ids, self.reload)


def _types() -> list[tuple[int, str]]:
    return [(word.id, word.name) for word in words(TYPES, with_inactive=True)]


PAGE = PageParts(
    build=CasesPage,
    watches=frozenset({Topic.SUPPORT, Topic.CUSTOMERS, Topic.SETTINGS, Topic.ACCESS, Topic.PRODUCTS}),
    help="客户的投诉、报修和别的要求：登记，派给人处理，记下完成和完成度，回访客户是否满意，最后关闭。"
    "过了期限还没完成的显示为红色；每一步是谁、什么时候做的都留着。客户不满意时用“重新处理”。",
    keys=(
        ("Ctrl+N", "登记服务单"),
        ("F2 / 双击", "修改"),
        ("F6", "派工"),
        ("F7", "完成"),
        ("F8", "回访"),
        ("F9", "关闭"),
        ("F10", "打印服务单"),
        ("Delete", "删除"),
        *LIST_KEYS,
    ),
)
