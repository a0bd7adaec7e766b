"""导入: from a file or the clipboard, step by step, with nothing written before one has seen what will be."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ttkbootstrap as ttk

from meiping.adapters.sheets import FILE_TYPES, read_pasted, read_sheet
from meiping.domains.stewardship.exports import template
from meiping.domains.stewardship.import_fields import ImportKind
from meiping.domains.stewardship.import_queries import (
    Understood,
    preview_import,
    understand,
)
from meiping.domains.stewardship.import_rules import (
    IMPORT_AGAIN,
    ImportOptions,
    ImportResult,
    Plan,
    undo_words,
)
from meiping.domains.stewardship.import_tables import left_out_table
from meiping.domains.stewardship.import_undo import UNDO_IMPORT, undo_import
from meiping.domains.stewardship.imports import import_sheet
from meiping.kernel.errors import Cancelled, UserError
from meiping.kernel.moments import show_moment
from meiping.kernel.sheet import SheetRows
from meiping.kernel.tabular import Table
from meiping.store.database import reading, writing
from meiping.ui.context import Context, Progress
from meiping.ui.pages.customers.import_steps import ColumnsStep, DoneStep, PreviewStep, SourceStep, muted
from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.dialogs import ask, choose_open_file, choose_save_file

_SIZE = (940, 480)
_STEPS = ("选择表格", "对应各列", "检查", "完成")


class ImportDialog(DialogWindow):
    """Leads through an import; ``on_done`` is called after each that wrote something, or was taken back."""

    def __init__(self, parent: tk.Misc, context: Context, on_done: Callable[[], object]) -> None:
        super().__init__(parent, "导入", resizable=True)
        self._context, self._on_done = context, on_done
        self._kind = ImportKind.CUSTOMERS
        self._path: Path | None = None
        self._sheet: SheetRows | None = None
        self._understood: Understood | None = None
        self._mapped: dict[int, str] = {}
        self._wanted = ImportOptions()
        self._result: ImportResult | None = None
        self.step: SourceStep | ColumnsStep | PreviewStep | DoneStep
        self._busy = False
        self._build()
        first = self.open_source()
        self.bind("<Control-v>", lambda _event: self._pasted(), add=True)
        self.bind("<Control-V>", lambda _event: self._pasted(), add=True)
        self.open(first.choose)

    def _build(self) -> None:
        head = ttk.Frame(self.body)
        head.pack(fill="x", pady=(0, px(self, 14)))
        self._marks = []
        for number, word in enumerate(_STEPS, start=1):
            if number > 1:
                ttk.Label(head, text="›", style="Muted.TLabel").pack(side="left", padx=px(self, 10))
            mark = ttk.Label(head, text=f"{number} {word}")
            mark.pack(side="left")
            self._marks.append(mark)
        self._room = ttk.Frame(self.body, width=px(self, _SIZE[0]), height=px(self, _SIZE[1]))
        self._room.pack(fill="both", expand=True)
        self._room.pack_propagate(False)
        self._wrong = muted(self.body, "", style="Bad.TLabel")
        self.next = self.add_button("下一步", self._next, bootstyle="primary")
        self.leave = self.add_button("取消", self.dismiss)
        self.back = self.add_button("上一步", self._back)
        self.minsize(px(self, 820), px(self, 480))

    # ---------------------------------------------------------------- the steps
    def _show(self, number: int, step: Any, *, forward: str, back: bool, leave: str = "取消") -> None:
        for place, mark in enumerate(self._marks, start=1):
            here = place == number
            mark.configure(style="TLabel" if here else "Muted.TLabel", font="MpBold" if here else "MpBody")
        if hasattr(self, "step"):
            self.step.destroy()
        self.step = step
        step.pack(fill="both", expand=True)
        self.complain("")
        self.leave.configure(text=leave)
        for button, text in ((self.next, forward), (self.back, "上一步" if back else "")):
            if not text:
                button.pack_forget()
            else:
                button.configure(text=text, state="normal", width=max(8, len(text) * 2 + 1))
        self._order_buttons(bool(forward), back)

    def _order_buttons(self, forward: bool, back: bool) -> None:
        """From the right: on, leave, back; those not wanted are away."""
        shown = [(self.next, forward), (self.leave, True), (self.back, back)]
        for button, _ in shown:
            button.pack_forget()
        for button, wanted in shown:
            if wanted:
                button.pack(side="right", padx=(px(self, 8), 0))

    def complain(self, sentence: str) -> None:
        """Say under the step what is wrong; empty takes it away."""
        self._wrong.configure(text=sentence)
        if sentence:
            self._wrong.pack(fill="x", pady=(px(self, 8), 0))
        else:
            self._wrong.pack_forget()

    def open_source(self) -> SourceStep:
        """The first step."""
        step = SourceStep(
            self._room, self._kind, choose=self._choose, paste=self._pasted, template=self._save_template
        )
        self._show(1, step, forward="", back=False)
        step.choose.focus_set()
        return step

    def _open_columns(self, understood: Understood) -> ColumnsStep:
        assert self._sheet is not None
        self._understood = understood
        step = ColumnsStep(
            self._room,
            understood,
            name=self._sheet.file_name,
            sheet=self._sheet.sheet,
            sheets=self._sheet.sheets,
            notes=self._sheet.notes,
            on_sheet=self._other_sheet,
        )
        self._show(2, step, forward="下一步", back=True)
        self.next.focus_set()
        return step

    def _open_preview(self, plan: Plan) -> None:
        step = self.step
        if not isinstance(step, PreviewStep):
            step = PreviewStep(self._room, self._kind, self._wanted, self._context.view, self._plan_again)
            self._show(3, step, forward="导入", back=True)
        step.show(plan)
        count = step.count()
        self.complain("")
        self.next.configure(
            text=f"导入 {count:,} 行" if count else "没有可导入的行",
            width=18,
            state="normal" if count else "disabled",
        )

    def _open_done(self, result: ImportResult) -> None:
        self._result = result
        undo = self._undo if result.batch_id is not None else None
        step = DoneStep(self._room, result, save=self._save_left_out, undo=undo, again=self._once_more)
        self._show(4, step, forward="", back=False, leave="关闭")
        self.leave.focus_set()
        if result.batch_id is not None:
            self._context.toast(result.sentence)
            self._on_done()

    def _back(self) -> None:
        if isinstance(self.step, PreviewStep) and self._understood is not None:
            self._wanted = self.step.options
            step = self._open_columns(self._understood)
            for column in self._understood.columns:
                step.choose(column.place, self._mapped.get(column.place))
        else:
            self.open_source()

    def _next(self) -> None:
        if isinstance(self.step, ColumnsStep):
            self._mapped = self.step.mapped
            self._plan_again()
        elif isinstance(self.step, PreviewStep):
            self._import()

    def _once_more(self) -> None:
        self._path = self._sheet = self._understood = self._result = None
        self.open_source()

    # ---------------------------------------------------------------- the work
    def _work(
        self,
        title: str,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None],
        *,
        writes: bool = False,
    ) -> None:
        """Do something off the main thread; a refusal is told here, and what was shown stays."""
        if self._busy:
            return
        self._busy = True
        self.complain("")

        def body(progress: Progress) -> Any:
            with writing() if writes else reading():
                return work(progress)

        def ended(result: Any) -> None:
            self._busy = False
            if self.winfo_exists():
                done(result)

        def failed(error: Exception) -> None:
            self._busy = False
            if not self.winfo_exists():
                return
            if isinstance(error, UserError):
                self.complain(error.sentence)
            elif isinstance(error, Cancelled):
                self.complain("已取消，什么都没有写入。")

        self._context.background(body, title=title, done=ended, failed=failed)

    def _choose(self) -> None:
        path = choose_open_file(self, "选择要导入的表格", FILE_TYPES)
        if path is not None:
            self.read_file(path)

    def read_file(self, path: Path, sheet: str = "") -> None:
        """Read a file and go on to its columns."""
        self._take_kind()
        self._path = path
        self._read(lambda progress: read_sheet(path, sheet=sheet, progress=progress))

    def _other_sheet(self, name: str) -> None:
        if self._path is not None and self._sheet is not None and name != self._sheet.sheet:
            self.read_file(self._path, name)

    def _pasted(self) -> None:
        """Take what is on the clipboard; anywhere in the first step."""
        if not isinstance(self.step, SourceStep):
            return
        try:
            text = self.clipboard_get()
        except tk.TclError:
            text = ""
        if not text.strip():
            self.complain("剪贴板里没有文字，请先在 Excel 里复制带标题的几行。")
            return
        self._take_kind()
        self._path = None
        self._read(lambda _progress: read_pasted(text))

    def _take_kind(self) -> None:
        """Begin with what is to be imported; what was chosen for the file before does not count for this one."""
        if isinstance(self.step, SourceStep):
            self._kind, self._wanted = self.step.kind, ImportOptions()

    def _read(self, read: Callable[[Progress], SheetRows]) -> None:
        actor, kind = self._context.actor, self._kind

        def work(progress: Progress) -> tuple[SheetRows, Understood]:
            sheet = read(progress)
            return sheet, understand(actor, kind=kind, sheet=sheet)

        def done(found: tuple[SheetRows, Understood]) -> None:
            self._sheet, understood = found
            self._mapped = dict(understood.mapped)
            self._open_columns(understood)

        self._work("读取表格", work, done)

    def _values(self) -> dict[str, Any]:
        assert self._sheet is not None
        assert self._understood is not None
        return {
            "kind": self._kind,
            "sheet": self._sheet,
            "header": self._understood.header,
            "mapped": self._mapped,
            "options": self._wanted,
        }

    def _plan_again(self) -> None:
        if isinstance(self.step, PreviewStep):
            self._wanted = self.step.options
        actor, values = self._context.actor, self._values()
        self._work(
            "检查每一行",
            lambda progress: preview_import(actor, **values, progress=progress),
            self._open_preview,
        )

    def _import(self) -> None:
        actor, values = self._context.actor, self._values()
        confirmed: frozenset[str] = frozenset()
        before = self._understood.imported_at if self._understood is not None else None
        if before is not None:
            question = f"这个文件在 {show_moment(before)} 已经导入过，仍要导入吗？"
            if not ask(self, question, yes="仍要导入", no="不导入"):
                return
            confirmed = frozenset({IMPORT_AGAIN})
        self._work(
            "导入",
            lambda progress: import_sheet(actor, **values, progress=progress, confirmed=confirmed),
            self._open_done,
            writes=True,
        )

    def _undo(self) -> None:
        result = self._result
        if result is None or result.batch_id is None:
            return
        batch_id, actor = result.batch_id, self._context.actor
        words = undo_words(result.created, result.updated)
        if not ask(self, "撤销这次导入吗？", yes="撤销导入", no="不撤销", danger=True, detail=words):
            return

        def done(sentence: str) -> None:
            self._context.toast(sentence)
            self._on_done()
            self._once_more()

        self._work(
            "撤销导入",
            lambda progress: undo_import(
                actor, batch_id=batch_id, progress=progress, confirmed=frozenset({UNDO_IMPORT})
            ),
            done,
            writes=True,
        )

    # ------------------------------------------------------------------ saving
    def _save_template(self) -> None:
        self._take_kind()
        self._save(template(self._kind), f"{self._kind.title}导入模板.xlsx", "另存模板")

    def _save_left_out(self) -> None:
        if self._sheet is None or self._understood is None or self._result is None:
            return
        table = left_out_table(self._sheet, self._understood.header, self._result.left_out)
        stem = self._path.stem if self._path is not None else "粘贴的内容"
        self._save(table, f"{stem}-未导入.xlsx", "另存未导入的行")

    def _save(self, table: Table, name: str, title: str) -> None:
        start = str(self._path.with_name(name)) if self._path is not None else name
        path = choose_save_file(self, title, (("Excel 工作簿", "*.xlsx"),), start)
        if path is None:
            return

        def work(progress: Progress) -> Path:
            from meiping.adapters.excel import write_workbook

            write_workbook(path, [table], progress=progress)
            return path

        self._work(title, work, lambda _path: self._context.toast(f"已存为“{path.name}”。"))

    def dismiss(self) -> None:
        """Close; after the first step of the way asks, for the choices made would be lost."""
        if self._busy:
            return
        if isinstance(self.step, PreviewStep) and not ask(
            self, "放弃这次导入吗？", yes="放弃", no="继续导入", detail="还没有写入任何内容。"
        ):
            return
        self.close()
