"""检查数据: proves that everything adds up, a line each."""

import tkinter as tk
from collections.abc import Sequence

import ttkbootstrap as ttk

from meiping.domains.maintenance.files import clear_unnamed_files
from meiping.domains.maintenance.rebuilding import rebuild_sums, wrong_sums
from meiping.domains.maintenance.rules import CHECK_DATA
from meiping.domains.maintenance.service import check
from meiping.kernel.errors import NeedsConfirmation, UserError
from meiping.kernel.moments import show_moment, to_ms
from meiping.kernel.tabular import Column, Kind, Listing, Row, Table
from meiping.store.database import writing
from meiping.store.inspection import CheckResult
from meiping.ui.context import Context, Progress
from meiping.ui.list_page import LIST_KEYS, Action, Asked, ListPage, ListSpec, Toggle
from meiping.ui.page_spec import PageParts
from meiping.ui.theme import px
from meiping.ui.widgets.cards import DetailPane, wrap_to_width

_COLUMNS = (
    Column("outcome", "结果", width=8),
    Column("title", "检查项", width=30, stretch=True),
    Column("count", "不对", Kind.NUMBER, width=8),
    Column("first", "第一处", width=22),
)
_THOROUGH = "thorough"


class CheckPage(ListPage):
    """The outcome of the last check of this session."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._results: Sequence[CheckResult] = ()
        self._told = ""
        super().__init__(
            parent,
            context,
            ListSpec(
                key="check",
                title="检查数据",
                unit="项",
                columns=_COLUMNS,
                listing=self._listing,
                facts=lambda: self._told,
                actions=(
                    Action("开始检查", self.check, "clipboard2-check", CHECK_DATA, "F9", primary=True),
                    Action("重算汇总", self.rebuild, "calculator", CHECK_DATA),
                    Action("清理资料文件", self.clear_files, "file-earmark-x", CHECK_DATA),
                ),
                detail=_Faults,
                filters=(Toggle(_THOROUGH, "彻底检查（逐条核对索引，较慢）"), Toggle("wrong", "只看不对的")),
                empty=(
                    "还没有检查过。\n检查会核对账目、库存、业务单和文件是否完好，只报告，不改动数据。",
                    "开始检查",
                ),
            ),
        )

    def _listing(self, asked: Asked) -> Listing:
        shown = [result for result in self._results if not (asked["wrong"] and result.ok)]
        return Table("检查数据", _COLUMNS, [_row(result) for result in shown])

    def check(self) -> None:
        """Check everything, off the main thread; the till may go on."""
        actor, root = self.context.actor, self.context.folder.root
        thorough = self.asked()[_THOROUGH]

        def work(progress: Progress) -> list[CheckResult]:
            with writing():
                return check(actor, folder=root, thorough=thorough, progress=progress)

        self.context.background(work, title="检查数据", done=self._checked)

    def rebuild(self) -> None:
        """Make the sums that were found wrong anew, off the main thread; asked before, and checked again after it."""
        keys = wrong_sums(self._results)
        if keys:
            self._rebuild(keys, frozenset())
        else:
            words = "检查过的汇总都正确，不用重算。" if self._results else "请先检查一遍，再重算不对的汇总。"
            self.context.toast(words, kind="info")

    def _rebuild(self, keys: list[str], confirmed: frozenset[str]) -> None:
        actor = self.context.actor

        def work(_progress: Progress) -> int:
            with writing():
                return rebuild_sums(actor, keys=keys, confirmed=confirmed)

        def failed(error: Exception) -> None:
            if isinstance(error, NeedsConfirmation):
                if self.context.ask(error.sentence, yes=error.verb, danger=error.danger):
                    self._rebuild(keys, confirmed | {error.token})
            else:
                sentence = getattr(error, "sentence", "没有重算成，请再试一次。")
                self.context.toast(sentence, kind="warning")

        self.context.background(work, title="重算汇总", done=lambda _count: self.check(), failed=failed)

    def clear_files(self) -> None:
        """Delete attached files that no row names, off the main thread; asked before anything goes."""
        self._clear(frozenset())

    def _clear(self, confirmed: frozenset[str]) -> None:
        actor, root = self.context.actor, self.context.folder.root

        def work(progress: Progress) -> int:
            with writing():
                return clear_unnamed_files(actor, folder=root, confirmed=confirmed, progress=progress)

        def failed(error: Exception) -> None:
            if isinstance(error, NeedsConfirmation):
                if self.context.ask(error.sentence, yes=error.verb, danger=error.danger):
                    self._clear(confirmed | {error.token})
            elif isinstance(error, UserError):
                self.context.toast(error.sentence, kind="info")

        self.context.background(
            work, title="清理资料文件", success=lambda count: f"已清理 {count:,} 个资料文件。", failed=failed
        )

    def _checked(self, results: list[CheckResult]) -> None:
        self._results = sorted(results, key=lambda result: result.ok)
        wrong = sum(not result.ok for result in results)
        when = show_moment(to_ms(self.context.actor.now()))
        self._told = f"{when} 检查，{f'{wrong} 项不对' if wrong else '全部正确'}"
        self.reload()
        if wrong:
            self.list.select_id(self._results[0].key)
        if wrong and len(wrong_sums(results)) == wrong:
            words = f"检查完毕：{wrong} 种汇总不对，单据没有问题，可以重算。"
            self.context.toast(words, kind="warning", action=("重算汇总", self.rebuild))
        elif wrong:
            self.context.toast(f"检查完毕：{wrong} 项不对，请先备份，再联系维护人员。", kind="danger")
        else:
            self.context.toast(f"检查完毕：{len(results)} 项全部正确。")


def _row(result: CheckResult) -> Row:
    return {
        "id": result.key,
        "outcome": "正确" if result.ok else "不对",
        "title": result.title,
        "count": result.count or None,
        "first": result.details[0] if result.details else "",
        "details": result.details,
        "tone": None if result.ok else "danger",
    }


class _Faults:
    """What is wrong in the chosen line, place by place."""

    def __init__(self, parent: tk.Misc) -> None:
        self._pane = DetailPane(parent, empty="选择一项，这里显示哪里不对")
        self.widget: tk.Widget = self._pane
        self._words = ttk.Label(self._pane.body, justify="left", width=1)
        self._words.pack(fill="x", pady=(px(parent, 4), 0))
        wrap_to_width(self._words)

    def show(self, row: Row | None) -> None:
        """Show the faults of a row."""
        if row is None:
            self._pane.clear()
            return
        count, details = row["count"] or 0, row["details"]
        self._pane.show(row["title"], f"{count:,} 处不对" if count else "没有发现问题")
        more = f"\n……还有 {count - len(details):,} 处" if count > len(details) else ""
        self._words.configure(text="\n".join(f"· {line}" for line in details) + more)


PAGE = PageParts(
    build=CheckPage,
    watches=frozenset(),
    help="核对账目、库存、业务单、搜索和文件。检查在一份复制出来的数据上进行，收银可以照常；只报告，不改动。"
    "报表用的汇总不对时可以按单据重算，单据不变。"
    "彻底删除资料后，文件还留在数据文件夹里，过一天可以在这里清理。",
    keys=(("F9", "开始检查"), *LIST_KEYS),
)
