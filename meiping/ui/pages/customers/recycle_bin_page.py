"""回收站: deleted customers, and the way back."""

import tkinter as tk
from collections.abc import Sequence

from meiping.domains.customers.queries import BIN_COLUMNS, CustomerFilter, customer_list
from meiping.domains.customers.rules import DELETE
from meiping.domains.customers.service import restore_customers
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts


class RecycleBinPage(ListPage):
    """The recycle bin of customers."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="customer_bin",
                title="客户回收站",
                unit="位客户",
                columns=BIN_COLUMNS,
                listing=lambda asked: customer_list(context.actor, CustomerFilter(asked.text, in_bin=True)),
                search="姓名 / 电话 / 编号",
                actions=(
                    Action(
                        "恢复",
                        self._restore,
                        "arrow-counterclockwise",
                        permission=DELETE,
                        key="F2",
                        needs=Needs.SOME,
                        head=True,
                        primary=True,
                    ),
                ),
                empty=("回收站是空的。删除的客户会放在这里，随时可以恢复。", None),
            ),
        )

    def _restore(self, rows: Sequence[Row]) -> None:
        self.context.run(
            restore_customers,
            customer_ids=[row["id"] for row in rows],
            success=lambda count: f"已恢复 {count:,} 位客户。",
            done=lambda _count: self.reload(),
        )


PAGE = PageParts(
    build=RecycleBinPage,
    watches=frozenset({Topic.CUSTOMERS}),
    help="删除的客户在这里，单据和账目都还在。选中后恢复即可。",
    keys=(("F2", "恢复选中的客户"), *LIST_KEYS),
)
