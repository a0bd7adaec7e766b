"""导入记录: what was imported when and by whom, and the way to take it back."""

import tkinter as tk
from functools import partial

from meiping.domains.stewardship.import_fields import IMPORT
from meiping.domains.stewardship.import_queries import import_batches
from meiping.domains.stewardship.import_rules import undo_words
from meiping.domains.stewardship.import_undo import UNDO_IMPORT, undo_import
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Row
from meiping.store.database import writing
from meiping.ui.context import Context, Progress
from meiping.ui.list_page import LIST_KEYS, Action, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts


def _undo(context: Context, row: Row) -> None:
    if row["state"]:
        context.toast(f"这次导入{row['state']}。", kind="info")
        return
    counts = undo_words(row["created_count"], row["updated_count"])
    question = f"撤销导入“{row['file_name']}”吗？"
    if not context.ask(question, yes="撤销导入", no="不撤销", danger=True, detail=counts):
        return
    actor = context.actor

    def work(progress: Progress) -> str:
        with writing():
            return undo_import(
                actor, batch_id=row["id"], progress=progress, confirmed=frozenset({UNDO_IMPORT})
            )

    context.background(work, title="撤销导入", success=str)


def build(parent: tk.Misc, context: Context) -> ListPage:
    """The page."""
    spec = ListSpec(
        key="imports",
        title="导入记录",
        unit="次导入",
        columns=import_batches(context.actor).columns,
        listing=lambda _asked: import_batches(context.actor),
        actions=(
            Action(
                "撤销导入",
                partial(_undo, context),
                "arrow-counterclockwise",
                IMPORT,
                "Delete",
                needs=Needs.ONE,
                head=True,
            ),
        ),
        empty=("还没有导入过。\n在“客户管理”里点“导入”，从 Excel 表格带入客户和联系反馈。", None),
    )
    return ListPage(parent, context, spec)


PAGE = PageParts(
    build=build,
    watches=frozenset({Topic.CUSTOMERS, Topic.CONTACTS}),
    help="每次从表格导入都记在这里。导入的内容还没有人用过时，可以整批撤销：新增的删除，更新的改回原样。",
    keys=(("Delete", "撤销选中的导入"), *LIST_KEYS),
)
