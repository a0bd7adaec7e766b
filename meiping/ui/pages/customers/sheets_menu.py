"""The button of the customer list for sheets: import, export of everything, what was imported."""

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path

from meiping.adapters.files import open_in_system
from meiping.domains.audit.rules import EXPORT
from meiping.domains.audit.service import record_export
from meiping.domains.stewardship.exports import customer_export
from meiping.domains.stewardship.import_fields import IMPORT
from meiping.kernel.errors import UserError
from meiping.store.database import reading
from meiping.ui.context import Context, Progress
from meiping.ui.pages.customers.import_dialog import ImportDialog
from meiping.ui.widgets.cards import PageHead
from meiping.ui.widgets.dialogs import choose_save_file

_TYPES = (("Excel 工作簿", "*.xlsx"), ("CSV 文本", "*.csv"))
_TEXT_ENDING = ".csv"


def add_sheets_menu(head: PageHead, context: Context, reload: Callable[[], object]) -> None:
    """Put the button into a page's head, with what the operator may do; none of it, no button."""
    may_import, may_export = context.actor.can(IMPORT), context.actor.can(EXPORT)
    if not (may_import or may_export):
        return

    def entries() -> Sequence[tuple[str, Callable[[], object] | None]]:
        return (
            ("从表格导入…", (lambda: ImportDialog(head, context, reload)) if may_import else None),
            ("以前的导入", (lambda: context.open_page("imports")) if may_import else None),
            ("-", None),
            ("导出全部资料…", (lambda: export_everything(head, context)) if may_export else None),
        )

    head.menu("导入导出", "arrow-down-up", entries)


def export_everything(parent: tk.Misc, context: Context) -> None:
    """Ask where to, then write all customers with all fields; an import takes the file back."""
    name = f"客户全部资料-{context.actor.today().isoformat()}.xlsx"
    path = choose_save_file(parent, "导出全部资料", _TYPES, name)
    if path is None:
        return
    actor = context.actor

    def work(progress: Progress) -> int:
        with reading():
            return _write(path, progress)

    def _write(target: Path, progress: Progress) -> int:
        from meiping.adapters.excel import write_workbook
        from meiping.adapters.text_table import write_text_table

        sheet = customer_export(actor)
        if target.suffix.lower() == _TEXT_ENDING:
            write_text_table(target, sheet, progress=progress)
        else:
            write_workbook(target, [sheet], progress=progress)
        return sheet.count()

    def done(count: int) -> None:
        context.toast(
            f"已导出 {count:,} 位客户到“{path.name}”。", action=("打开", lambda: _open(context, path))
        )

    if context.run(record_export, what="客户全部资料", rows=context.read(customer_export).count()):
        context.background(work, title="导出全部资料", done=done)


def _open(context: Context, path: Path) -> None:
    try:
        open_in_system(path)
    except UserError as error:
        context.toast(error.sentence, kind="warning")
