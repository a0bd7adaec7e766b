"""重复客户: who may be in the files twice, merged side by side; and the merges there were, with the way back."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.customers.queries import PAIR_COLUMNS, find_duplicates
from meiping.domains.customers.queries.duplicates import MOST_PAIRS
from meiping.domains.customers.rules import MERGE
from meiping.domains.stewardship.merging import mark_distinct
from meiping.domains.stewardship.queries.merging import MERGE_COLUMNS, merge_list
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Row, Table
from meiping.store.database import reading
from meiping.ui.context import Context, Progress
from meiping.ui.list_actions import Action, Needs
from meiping.ui.list_page import LIST_KEYS, Asked, ListPage, ListSpec, Toggle
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.customers.customer_actions import open_hub
from meiping.ui.pages.customers.merging.merge_dialog import MergeDialog, take_apart
from meiping.ui.widgets.list_selection import RowId

_NOT_LOOKED = "还没有找过。比较所有客户的电话和名称，十万位也只要几秒。"
_NONE_FOUND = "没有找到可能重复的客户。"


class PairsList(ListPage):
    """Every two customers that may be the same, since they were last looked for."""

    def __init__(self, parent: tk.Misc, context: Context, turn: Callable[[], None]) -> None:
        self._found: list[Row] | None = None
        self._more = False
        super().__init__(
            parent,
            context,
            ListSpec(
                key="duplicates",
                title="重复客户",
                unit="对可能重复",
                facts=self._facts,
                columns=PAIR_COLUMNS,
                listing=self._listing,
                search="名称 / 电话 / 编号 / 原因",
                actions=(
                    Action("查找重复", self.look, "search", permission=MERGE, key="Control-r", primary=True),
                    Action(
                        "合并…",
                        self.merge,
                        "union",
                        permission=MERGE,
                        key="Return",
                        needs=Needs.ONE,
                        opens=True,
                        head=True,
                    ),
                    Action(
                        "不是同一位",
                        self.tell_apart,
                        "person-x",
                        permission=MERGE,
                        key="Delete",
                        needs=Needs.SOME,
                        head=True,
                        many="{count} 对都不是同一位",
                    ),
                    Action("打开左边的客户", self._open_left, needs=Needs.ONE, apart=True),
                    Action("打开右边的客户", self._open_right, needs=Needs.ONE),
                    Action("已合并的客户", turn, "clock-history", permission=MERGE),
                ),
                empty=(_NOT_LOOKED, "查找重复"),
            ),
        )

    def _facts(self) -> str:
        return "更多的没有列出，处理后再找一次" if self._more else ""

    def _listing(self, asked: Asked) -> Table:
        words = asked.text.split()
        found = self._found or []
        return Table("可能重复的客户", PAIR_COLUMNS, [row for row in found if _holds(row, words)])

    def _tell(self) -> None:
        super()._tell()
        if self._found == []:
            self.list.set_empty(_NONE_FOUND, "再找一次", self.look)
        elif self._found is None:
            self.head.facts("")

    def look(self) -> None:
        """Compare all customers, off the main thread."""
        actor = self.context.actor

        def work(progress: Progress) -> Table:
            with reading():
                return find_duplicates(actor, tell=progress.report)

        self.context.background(work, title="正在查找重复客户", done=self._looked)

    def _looked(self, found: Table) -> None:
        self._found = list(found.rows)
        self._more = len(self._found) == MOST_PAIRS
        self.reload()
        if self._found:
            self.list.when_ready(self.list.enter)

    def _drop(self, gone: Callable[[Row], bool]) -> None:
        """Take what is settled out of the list; the one after it is chosen, for the keyboard to go on."""
        after = self._next(gone)
        self._found = [row for row in self._found or () if not gone(row)]
        self.reload()

        def go_on() -> None:
            if after is not None and self.list.select_id(after):
                self.list.focus_set()

        self.list.when_ready(go_on)

    def _next(self, gone: Callable[[Row], bool]) -> RowId | None:
        place = max(self.list.cursor, 0)
        while (there := self.list.row_at(place)) is not None:
            if not gone(there[1]):
                return there[0]
            place += 1
        return None

    # ---------------------------------------------------------------- doing
    def merge(self, row: Row) -> None:
        """Show both side by side."""
        MergeDialog(self.widget, self.context, row["left_id"], row["right_id"], self._merged)

    def _merged(self, survivor_id: int, twin_id: int) -> None:
        """What concerned the twin is settled; taken back (no twin), the pairs are looked for anew."""
        if twin_id:
            self._drop(lambda row: twin_id in (row["left_id"], row["right_id"]))
        else:
            self.look()

    def tell_apart(self, rows: Sequence[Row]) -> None:
        """These are different people: not shown again."""
        gone = {row["id"] for row in rows}
        for row in rows:
            if not self.context.run(mark_distinct, customer_ids=[row["left_id"], row["right_id"]]):
                return
        before = list(self._found or ())
        self._drop(lambda row: row["id"] in gone)

        def undo() -> None:
            for row in rows:
                self.context.run(
                    mark_distinct, customer_ids=[row["left_id"], row["right_id"]], distinct=False
                )
            self._found = before
            self.reload()

        told = "已记下不是同一位" if len(rows) == 1 else f"已记下 {len(rows):,} 对不是同一位"
        self.context.toast(f"{told}，以后不再列出。", action=("撤销", undo))

    def _open_left(self, row: Row) -> None:
        open_hub(self.context, row["left_id"])

    def _open_right(self, row: Row) -> None:
        open_hub(self.context, row["right_id"])


def _holds(row: Row, words: Sequence[str]) -> bool:
    told = " ".join(str(row[column.key]) for column in PAIR_COLUMNS)
    bare = told.replace(" ", "")
    return all(word in told or word in bare for word in words)


class MergesList(ListPage):
    """The merges there were, the newest first."""

    def __init__(self, parent: tk.Misc, context: Context, turn: Callable[[], None]) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="merges",
                title="已合并的客户",
                unit="次合并",
                columns=MERGE_COLUMNS,
                listing=lambda asked: merge_list(context.actor, undone=asked["undone"]),
                filters=(Toggle("undone", "含已撤销的"),),
                actions=(
                    Action(
                        "撤销合并",
                        self.undo,
                        "arrow-counterclockwise",
                        permission=MERGE,
                        key="F2",
                        needs=Needs.ONE,
                        head=True,
                        primary=True,
                    ),
                    Action("打开并入的客户", self._open, key="Return", needs=Needs.ONE, opens=True),
                    Action("可能重复的客户", turn, "people"),
                ),
                empty=("还没有合并过客户。", None),
            ),
        )

    def undo(self, row: Row) -> None:
        """Take a merge back, after a question."""
        question = f"把“{row['twin']}”从“{row['survivor']}”里分出来吗？"
        detail = "合并时带来的单据、记录和金额回到原来的客户，合并以后新增的留在并入的客户。"
        if self.context.ask(question, yes="撤销合并", detail=detail):
            take_apart(self.context, row["id"], self.reload)

    def _open(self, row: Row) -> None:
        open_hub(self.context, row["survivor_id"])


class DuplicatesPage:
    """The pairs, and behind them the merges."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self.widget: tk.Widget = ttk.Frame(parent)
        self.pairs = PairsList(self.widget, context, partial(self.turn, merges=True))
        self.merges = MergesList(self.widget, context, partial(self.turn, merges=False))
        self.front: ListPage = self.pairs
        self.pairs.widget.pack(fill="both", expand=True)

    def turn(self, *, merges: bool) -> None:
        """Bring the other list to the front."""
        self.front.widget.pack_forget()
        self.front = self.merges if merges else self.pairs
        self.front.widget.pack(fill="both", expand=True)
        self.front.reload()
        self.front.focus()

    def open(self, *, look: bool = False) -> None:
        """Come here from elsewhere; with ``look`` the search begins at once."""
        if self.front is not self.pairs:
            self.turn(merges=False)
        if look:
            self.pairs.look()

    def reload(self) -> None:
        """Fetch the list in front again."""
        self.front.reload()

    def focus(self) -> None:
        """Where the hands expect to begin."""
        self.front.focus()


PAGE = PageParts(
    build=DuplicatesPage,
    watches=frozenset({Topic.CUSTOMERS}),
    help="找出可能重复建档的客户：电话相同，名称相同、相近或读音相同。合并时逐项选择留下哪边，单据、往来和记录都归到保留的客户，"
    "合并可以撤销；不是同一位的，记下以后不再列出。",
    keys=(
        ("Ctrl+R", "查找重复"),
        ("Enter / 双击", "并排比较，合并"),
        ("Delete", "不是同一位"),
        ("F2", "在已合并的列表里：撤销合并"),
        *LIST_KEYS,
    ),
)
