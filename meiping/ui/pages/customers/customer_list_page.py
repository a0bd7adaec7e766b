"""客户管理: all customers one may see, found as one types, by status and by conditions, the chosen one at the right."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.access.queries import colleagues
from meiping.domains.audit.rules import EXPORT
from meiping.domains.customers import searches
from meiping.domains.customers.conditions import Condition, Operator
from meiping.domains.customers.queries import (
    CUSTOMER_COLUMNS,
    CustomerFilter,
    customer_columns,
    customer_list,
    describe_conditions,
)
from meiping.domains.customers.rules import DELETE, EDIT, NOT_FILLED
from meiping.domains.settings.queries import levels, words
from meiping.kernel.actor import Scope
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.list_page import (
    LIST_KEYS,
    SELECTED_OUTPUT,
    Action,
    Asked,
    Filter,
    ListPage,
    ListSpec,
    Needs,
)
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.customers.customer_actions import delete_chosen, open_hub
from meiping.ui.pages.customers.customer_form import add_customer_dialog, change_customer_dialog
from meiping.ui.pages.customers.customer_list.advanced_dialog import AdvancedDialog
from meiping.ui.pages.customers.customer_list.bulk_change import BulkDialog, change_many
from meiping.ui.pages.customers.customer_list.condition_chips import ConditionChips
from meiping.ui.pages.customers.customer_list.pane import CustomerPane
from meiping.ui.pages.customers.customer_list.paper import print_cards, print_labels
from meiping.ui.pages.customers.customer_list.status_side import OVERDUE, OWN, StatusSide
from meiping.ui.pages.customers.merging.commands import merging_actions
from meiping.ui.pages.customers.ownership_dialogs import ownership_actions
from meiping.ui.pages.customers.sheets_menu import add_sheets_menu
from meiping.ui.saved_menu import Kept, SavedMenu
from meiping.ui.theme import px
from meiping.ui.widgets.menus import MenuEntry, popup
from meiping.ui.widgets.row_drag import RowDrag

_NOTHING_TO_KEEP = "现在没有可以保存的条件：先用筛选、左边的状态或高级查找缩小范围。查找框里的文字不会保存。"


class CustomerListPage(ListPage):
    """The list of customers with what can be done to them."""

    side: StatusSide
    chips: ConditionChips

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(parent, context, self._declared(parent, context))
        add_sheets_menu(self.head, context, self.reload)
        self.side.counted = self._tell
        self.side.turned = self._side_turned
        self.chips.change = self.search_more
        self.chips.other = self._hidden_choice
        if context.actor.can(EDIT):
            self.side.dropped = self._dropped
            self.list.drag = RowDrag(self.list.tree, self.side, self._dragged)
        self.saved = SavedMenu(
            self.widget,
            context,
            kept=lambda: [
                Kept(one.id, one.name, one.conditions) for one in context.read(searches.saved_searches) or ()
            ],
            use=self._use_kept,
            save=searches.save_search,
            present=lambda: {"conditions": self._in_force()},
            rename=searches.rename_search,
            delete=searches.delete_search,
            missing=lambda: "" if self._in_force() else _NOTHING_TO_KEEP,
        )
        self._build_tools()
        self._tell()

    def _declared(self, parent: tk.Misc, context: Context) -> ListSpec:
        return ListSpec(
            key="customers",
            title="客户管理",
            share=0.7,
            unit="位客户",
            facts=self._new_ones,
            columns=lambda: context.read(customer_columns) or CUSTOMER_COLUMNS,
            listing=lambda asked: customer_list(context.actor, self._asked_for(asked)),
            search="姓名 / 拼音 / 电话 / 卡号",
            filters=_filters(context),
            actions=self._declared_actions(parent, context),
            detail=lambda pane: CustomerPane(pane, context),
            empty=("还没有客户。新增第一位，从表格导入，或在收银时输入手机号建档。", "新增客户"),
            side=self._make_side,
            above=self._make_chips,
            subtitle=self._said,
        )

    def _declared_actions(self, parent: tk.Misc, context: Context) -> tuple[Action, ...]:
        """In the order of the row's menu."""
        ownership = ownership_actions(parent, context, self.reload)
        return (
            Action("打开客户操作", self._hub, key="Return", needs=Needs.ONE),
            Action("修改", self._change, permission=EDIT, key="F2", needs=Needs.ONE, opens=True),
            Action(
                "新增客户",
                self._add,
                "person-plus",
                permission=EDIT,
                key="Control-n",
                primary=True,
                menu=True,
            ),
            Action(
                "删除",
                self._delete,
                permission=DELETE,
                key="Delete",
                needs=Needs.IDS_AND_ROW,
                many="删除选中的 {count} 位",
            ),
            SELECTED_OUTPUT,
            Action(
                "移到状态",
                self._status_entries,
                permission=EDIT,
                needs=Needs.IDS,
                apart=True,
                many="{count} 位移到状态",
                submenu=True,
            ),
            Action(
                "批量修改…",
                self._bulk,
                permission=EDIT,
                key="Control-b",
                needs=Needs.IDS,
                many="批量修改 {count} 位…",
            ),
            *(
                replace(action, apart=place == 0, many=f"{action.text.rstrip('…')} {{count}} 位…")
                for place, action in enumerate(ownership)
            ),
            Action(
                "打印客户卡",
                self._print_cards,
                permission=EXPORT,
                needs=Needs.IDS,
                apart=True,
                many="打印 {count} 张客户卡",
            ),
            Action(
                "打印标签…",
                self._print_labels,
                permission=EXPORT,
                needs=Needs.IDS,
                many="打印 {count} 位的标签…",
            ),
            *merging_actions(parent, context, self.reload),
        )

    def _make_side(self, parent: tk.Misc, changed: Callable[[], None]) -> StatusSide:
        self.side = StatusSide(parent, self.context, changed)
        return self.side

    def _make_chips(self, parent: tk.Misc, changed: Callable[[], None]) -> ConditionChips:
        self.chips = ConditionChips(parent, self.context, changed)
        return self.chips

    def _build_tools(self) -> None:
        """What stands behind the filters: conditions, kept ones, the side list."""
        more = ttk.Button(self.bar, text="高级查找", icon="sliders", command=self.search_more)
        more.configure(bootstyle="neutral outline")
        self.bar.add(more)
        kept = ttk.Button(self.bar, text="常用 ▾", icon="bookmark", command=lambda: self._show_kept(kept))
        kept.configure(bootstyle="neutral outline")
        self.bar.add(kept)
        self._turner = ttk.Button(self.bar, text="状态", icon="layout-sidebar", command=self.side.turn)
        self._turner.configure(bootstyle="neutral ghost", padding=(px(self.bar, 4), px(self.bar, 5)))
        self.bar.add(self._turner)
        self.context.keys.bind(
            self.widget, {"Control-Shift-f": self.search_more, "Control-Shift-s": self.side.turn}
        )

    # ---------------------------------------------------------------- what is shown

    def _new_ones(self) -> str:
        figures = self.side.figures
        count = figures.counts.new_this_month if figures else 0
        return f"本月新增 {count:,} 位" if count else ""

    def _asked_for(self, asked: Asked) -> CustomerFilter:
        values = dict(asked.values)
        if values.pop(OWN, False):
            values["owner_id"] = self.context.actor.operator_id
        overdue = bool(values.pop(OVERDUE, False))
        conditions = values.pop("conditions", None) or ()
        return CustomerFilter(text=asked.text, overdue=overdue, conditions=conditions, **values)

    def _said(self, asked: Asked) -> str:
        conditions = asked.values.get("conditions") or ()
        told = self.context.read(describe_conditions, conditions=conditions) if conditions else ()
        return "；".join(told or ())

    def _side_turned(self) -> None:
        self.chips.reload()

    def _hidden_choice(self) -> tuple[str, Callable[[], object]] | None:
        told = self.side.told()
        return (told, self._drop_side_choice) if told else None

    def _drop_side_choice(self) -> None:
        self.side.set({"status_id": None})
        self.chips.reload()
        self._ask_again()

    def search_more(self) -> None:
        """Ask for conditions, beginning with those in force."""
        AdvancedDialog(self.widget, self.context, self.chips.conditions, self.chips.use)

    def _show_kept(self, button: tk.Misc) -> None:
        popup(
            self.bar, self.saved.entries(), button.winfo_rootx(), button.winfo_rooty() + button.winfo_height()
        )

    def _in_force(self) -> list[Condition]:
        """All that a kept search can hold: the conditions, and as such what filters and side list are set to."""
        values = dict(self.asked().values)
        if values[OWN]:
            values["owner_id"] = self.context.actor.operator_id
        found = list(self.chips.conditions)
        for key in ("level_id", "source_id", "owner_id", "status_id"):
            field, value = key.removesuffix("_id"), values.get(key)
            if value == NOT_FILLED:
                found.append(Condition(field, Operator.EMPTY))
            elif value is not None:
                found.append(Condition(field, Operator.ONE_OF, (value,)))
        return found

    def _use_kept(self, conditions: tuple[Condition, ...]) -> None:
        """Narrow the list to a kept search and to nothing else."""
        everything: dict[str, Any] = {**dict.fromkeys(self._choices), "status_id": None}
        self.narrow("", **everything, **{OWN: False, OVERDUE: False}, conditions=conditions)

    # ---------------------------------------------------------------- doing

    def _add(self) -> None:
        add_customer_dialog(self.widget, self.context, self._saved)

    def _hub(self, row: Row) -> None:
        open_hub(self.context, row["id"])

    def _change(self, row: Row) -> None:
        change_customer_dialog(self.widget, self.context, row["id"], self._saved)

    def _saved(self, customer_id: int) -> None:
        self.reload()
        self.list.when_ready(partial(self.list.select_id, customer_id))

    def _delete(self, ids: Sequence[int], row: Row | None) -> None:
        delete_chosen(self.context, ids, row, self.reload)

    def _status_entries(self) -> list[MenuEntry]:
        return [(name, partial(self._move_selected, status, name)) for status, name in self.side.statuses()]

    def _move_selected(self, status: int | None, name: str) -> None:
        ids = self.list.selected_ids()
        change_many(self.context, ids, "status_id", status, title="状态", to=name, done=self.reload)

    def _dragged(self) -> str:
        row, count = self.list.current_row(), self.list.selected_count()
        return str(row["name"]) if row is not None and count == 1 else f"{count:,} 位客户"

    def _dropped(self, status: int | None, name: str) -> None:
        self._move_selected(status, name)

    def _bulk(self, ids: Sequence[int]) -> None:
        BulkDialog(self.widget, self.context, ids, self.reload)

    def _print_cards(self, ids: Sequence[int]) -> None:
        print_cards(self.context, ids)

    def _print_labels(self, ids: Sequence[int]) -> None:
        print_labels(self.widget, self.context, ids)


def _filters(context: Context) -> tuple[Filter, ...]:
    found = [
        Filter("level_id", "等级", _levels, width=6),
        Filter("source_id", "来源", _sources, width=8),
    ]
    if context.actor.scope() > Scope.OWN:
        found.append(Filter("owner_id", "业务员", lambda: colleagues(context.actor), width=6))
    return tuple(found)


def _levels() -> list[tuple[Any, str]]:
    return [*((level.id, level.name) for level in levels(with_inactive=True)), (NOT_FILLED, "未填写")]


def _sources() -> list[tuple[Any, str]]:
    found = words("customer_source", with_inactive=True)
    return [*((word.id, word.name) for word in found), (NOT_FILLED, "未填写")]


PAGE = PageParts(
    build=CustomerListPage,
    watches=frozenset({Topic.CUSTOMERS, Topic.SETTINGS, Topic.ACCESS, Topic.MONEY}),
    help="查找、新增、修改客户。输入姓名、拼音首字母、电话任意几位或卡号都能找到；点左边的状态只看这一类，"
    "把选中的客户拖到状态上就改成它；高级查找可以同时用多个条件，存成常用查找。",
    keys=(
        ("Ctrl+N", "新增客户"),
        ("F2 / 双击", "修改选中的客户"),
        ("Enter", "打开客户操作"),
        ("Ctrl+T", "转移给业务员"),
        ("Ctrl+B", "批量修改选中的客户"),
        ("Ctrl+Shift+F", "高级查找"),
        ("Ctrl+Shift+S", "收起或展开状态栏"),
        ("F2 / Alt+↑ / Alt+↓", "在状态栏：改名 / 上移 / 下移"),
        ("Delete", "移入回收站"),
        *LIST_KEYS,
    ),
)
