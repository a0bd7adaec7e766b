"""公海客户: customers without a salesperson, who asks for them, and who shares whose customers."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.customers.pool import Claimed, claim_customers, decide_claims, withdraw_claims
from meiping.domains.customers.queries import (
    CLAIM_COLUMNS,
    POOL_COLUMNS,
    SHARE_COLUMNS,
    pending_claims,
    pool_list,
    share_list,
)
from meiping.domains.customers.rules import CLAIM, TRANSFER
from meiping.kernel.changes import Topic
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.customers.customer_actions import open_hub
from meiping.ui.pages.customers.ownership_dialogs import end_share_ids, transfer_dialog
from meiping.ui.theme import px

POOL_TAB, CLAIMS_TAB, SHARES_TAB = "公海", "领用申请", "授权与共同跟进"


def _pool(parent: tk.Misc, context: Context, changed: Callable[[], None]) -> ListPage:
    """The customers of the pool and what can be done with them."""
    waits = bool(context.option("customers.claim_confirm")) and not context.actor.can(TRANSFER)

    def told(claimed: Claimed) -> str:
        if claimed.waiting:
            return f"已申请领用 {claimed.waiting:,} 位客户，主管同意后归您。"
        return f"已领用 {claimed.taken:,} 位客户。"

    def claim(ids: Sequence[int]) -> None:
        context.run(claim_customers, customer_ids=ids, success=told, done=lambda _claimed: changed())

    def withdraw(ids: Sequence[int]) -> None:
        words = "已撤回 {:,} 份申请。".format
        context.run(withdraw_claims, customer_ids=ids, success=words, done=lambda _count: changed())

    actions = [
        Action(
            "申请领用" if waits else "领用",
            claim,
            "person-plus",
            CLAIM,
            key="Return",
            needs=Needs.IDS,
            primary=True,
            head=True,
        ),
        *([Action("撤回申请", withdraw, permission=CLAIM, needs=Needs.IDS)] if waits else ()),
        Action(
            "转给业务员…",
            partial(transfer_dialog, parent, context, changed),
            permission=TRANSFER,
            needs=Needs.IDS_AND_ROW,
        ),
    ]
    return ListPage(
        parent,
        context,
        ListSpec(
            key="pool",
            title="公海客户",
            unit="位没有业务员的客户",
            facts=lambda: _rule(context),
            columns=POOL_COLUMNS,
            listing=lambda asked: pool_list(context.actor, text=asked.text),
            search="姓名 / 编号 / 完整的电话",
            actions=actions,
            empty=("公海里没有客户。没有业务员的客户会出现在这里。", None),
        ),
    )


def _rule(context: Context) -> str:
    """What the shop has said about the pool."""
    days, limit = int(context.option("customers.pool_days")), int(context.option("customers.owner_limit"))
    parts = (
        f"{days} 天没有联系自动退回" if days else "",
        f"每人最多 {limit:,} 位" if limit else "",
        "领用须主管确认" if context.option("customers.claim_confirm") else "",
    )
    return " · ".join(part for part in parts if part)


def _claims(parent: tk.Misc, context: Context, changed: Callable[[], None]) -> ListPage:
    """Who asks for which customer."""

    def decide(granted: bool, ids: Sequence[int]) -> None:
        word = "已同意 {:,} 份领用申请。" if granted else "已拒绝 {:,} 份领用申请。"
        context.run(
            decide_claims,
            claim_ids=ids,
            granted=granted,
            success=word.format,
            done=lambda _count: changed(),
        )

    return ListPage(
        parent,
        context,
        ListSpec(
            key="pool_claims",
            title=CLAIMS_TAB,
            unit="份申请待确认",
            columns=CLAIM_COLUMNS,
            listing=lambda _asked: pending_claims(context.actor),
            actions=(
                Action(
                    "同意",
                    partial(decide, True),
                    "check-lg",
                    TRANSFER,
                    key="Return",
                    needs=Needs.IDS,
                    primary=True,
                    head=True,
                ),
                Action("拒绝", partial(decide, False), "x-lg", TRANSFER, needs=Needs.IDS, head=True),
                Action("打开客户操作", lambda row: open_hub(context, row["customer_id"]), needs=Needs.ONE),
            ),
            empty=("没有等待确认的领用申请。", None),
        ),
    )


def _shares(parent: tk.Misc, context: Context, changed: Callable[[], None]) -> ListPage:
    """Who shares whose customers today."""

    return ListPage(
        parent,
        context,
        ListSpec(
            key="shares",
            title=SHARES_TAB,
            unit="份授权",
            columns=SHARE_COLUMNS,
            listing=lambda asked: share_list(context.actor, text=asked.text),
            search="客户或业务员",
            actions=(
                Action(
                    "收回",
                    partial(end_share_ids, context, changed),
                    "arrow-counterclockwise",
                    TRANSFER,
                    key="Delete",
                    needs=Needs.IDS,
                    head=True,
                ),
                Action(
                    "打开客户操作",
                    lambda row: open_hub(context, row["customer_id"]),
                    key="Return",
                    needs=Needs.ONE,
                    opens=True,
                ),
            ),
            empty=("没有授权，也没有共同跟进的客户。在客户管理里选中客户，右键即可授权。", None),
        ),
    )


class PoolPage:
    """The pool; who may transfer customers also sees the claims and the shares, each on a tab."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self.lists: list[ListPage] = []
        self._context = context
        self._tabs: ttk.Notebook | None = None
        if not context.actor.can(TRANSFER):
            self.lists.append(_pool(parent, context, self.reload))
            self.widget: tk.Widget = self.lists[0].widget
            return
        self.widget = ttk.Frame(parent)
        self._tabs = ttk.Notebook(self.widget, style="Flat.TNotebook")
        self._tabs.pack(fill="both", expand=True, padx=px(parent, 2), pady=(px(parent, 8), 0))
        for build, title in zip((_pool, _claims, _shares), (POOL_TAB, CLAIMS_TAB, SHARES_TAB), strict=True):
            self.lists.append(build(self._tabs, context, self.reload))
            self._tabs.add(self.lists[-1].widget, text=title)
        self._tabs.bind("<<NotebookTabChanged>>", lambda _event: self.focus(), add=True)
        self._count()

    def _count(self) -> None:
        """How many claims wait is told on their tab."""
        if self._tabs is not None:
            waiting = self.lists[1].list.count
            self._tabs.tab(1, text=f"{CLAIMS_TAB}（{waiting:,}）" if waiting else CLAIMS_TAB)

    @property
    def front(self) -> ListPage:
        """The list in front."""
        return self.lists[int(self._tabs.index("current"))] if self._tabs is not None else self.lists[0]

    def reload(self) -> None:
        """Fetch all lists again."""
        for one in self.lists:
            one.reload()
        self._count()

    def focus(self) -> None:
        """The search box, or the list, in front is ready."""
        self.front.focus()

    def open(self, *, tab: str = POOL_TAB, **_arguments: Any) -> None:
        """Come here from elsewhere, to one of the tabs."""
        titles = (POOL_TAB, CLAIMS_TAB, SHARES_TAB)
        if self._tabs is not None:
            self._tabs.select(titles.index(tab))
        self.focus()


PAGE = PageParts(
    build=PoolPage,
    watches=frozenset({Topic.CUSTOMERS, Topic.SETTINGS, Topic.ACCESS}),
    help="没有业务员的客户都在公海里，业务员可以领用。有权转移客户的人在这里确认领用申请、收回授权。"
    "领用是否要确认、每人最多几位、多少天没有联系自动退回，都在“系统 · 设置”里。",
    keys=(("Enter", "领用、同意"), ("Delete", "收回授权"), *LIST_KEYS),
)
