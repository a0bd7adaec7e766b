"""操作日志: who did what, when; nobody can change it."""

import tkinter as tk

from meiping.domains.audit.queries import OPERATION_COLUMNS, operations
from meiping.kernel.changes import Topic
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, ListPage, ListSpec
from meiping.ui.page_spec import PageParts


def build(parent: tk.Misc, context: Context) -> ListPage:
    """The page."""
    spec = ListSpec(
        key="log",
        title="操作日志",
        unit="条记录",
        columns=OPERATION_COLUMNS,
        listing=lambda asked: operations(context.actor, text=asked.text),
        search="操作员 / 单号 / 做了什么",
        empty=("还没有记录。", None),
    )
    return ListPage(parent, context, spec)


PAGE = PageParts(
    build=build,
    watches=frozenset(Topic),
    help="每一次收银、退货、改价、备份、登录都记在这里，包括被拒绝的操作。日志不能修改，也不能删除。",
    keys=LIST_KEYS,
)
