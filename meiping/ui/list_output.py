"""A list out of the program: into a workbook, onto paper. Fetched and written off the main thread."""

import tempfile
import tkinter as tk
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from meiping.adapters.charts import Chart, picture
from meiping.adapters.files import open_in_system
from meiping.adapters.progress import Progress
from meiping.domains.audit.service import record_export
from meiping.kernel.errors import UserError
from meiping.kernel.tabular import Column, Listing, Patient, Sort, Table
from meiping.store.database import reading
from meiping.ui.context import Context
from meiping.ui.widgets.dialogs import choose_save_file

if TYPE_CHECKING:
    from meiping.adapters.pdf import Letter

OUTPUT_KEYS = frozenset({"Control-e", "Control-p"})
"""What exports and prints the list in front, with the right to."""
LONG_PRINT_ROWS = 2000
"""Above this many rows a print is asked about first."""


def export_listing(
    parent: tk.Misc,
    context: Context,
    title: str,
    columns: Sequence[Column],
    listing: Listing,
    sort: Sort | None = None,
    subtitle: str = "",
    *,
    chart: Chart | None = None,
) -> None:
    """Ask where to, then write everything in the listing into a workbook. Needs the right to export.

    A ``chart`` goes along as a picture on a sheet of its own.
    """
    count = listing.count()
    if not count:
        context.toast("没有可以导出的内容。", kind="info")
        return
    name = f"{plain_name(title)}-{context.actor.today().isoformat()}.xlsx"
    path = choose_save_file(parent, f"导出{title}", (("Excel 工作簿", "*.xlsx"),), name)
    if path is None or not context.run(record_export, what=title, rows=count):
        return

    def work(progress: Progress) -> None:
        from meiping.adapters.excel import listing_sheet, write_workbook

        with reading():
            _prepare(listing, sort)
            sheet = listing_sheet(title, columns, listing, sort, subtitle=subtitle)
            write_workbook(path, [sheet], progress=progress, pictures=[picture(chart)] if chart else ())

    def done(_result: object) -> None:
        context.toast(
            f"已导出 {count:,} 行到“{path.name}”。", action=("打开", partial(open_file, context, path))
        )

    context.background(work, title=f"导出{title}", done=done)


def print_listing(
    context: Context,
    title: str,
    columns: Sequence[Column],
    listing: Listing,
    sort: Sort | None = None,
    subtitle: str = "",
) -> None:
    """Lay everything in the listing out on A4 and show it in the system's own viewer, which prints it."""
    count = listing.count()
    if not count:
        context.toast("没有可以打印的内容。", kind="info")
        return
    if count > LONG_PRINT_ROWS and not context.ask(
        f"要打印的有 {count:,} 行，会有很多页，仍要打印吗？",
        yes="打印",
        detail="可以先用查找和筛选缩小范围。",
    ):
        return
    if not context.run(record_export, what=title, rows=count):
        return
    head = {**context.facts(), "说明": subtitle}
    path = print_folder() / f"{plain_name(title)}-{context.actor.now():%H%M%S%f}.pdf"

    def work(progress: Progress) -> None:
        from meiping.adapters.excel import listing_sheet
        from meiping.adapters.pdf import table_pdf

        with reading():
            _prepare(listing, sort)
            sheet = listing_sheet(title, columns, listing, sort)
            table_pdf(path, sheet, head=head, now=context.actor.now(), progress=progress)

    context.background(work, title=f"打印{title}", done=lambda _result: open_file(context, path))


def print_table(context: Context, table: Table, head: Mapping[str, str], below: Sequence[str] = ()) -> None:
    """Lay a table that is at hand out on A4, a document with its lines, and show it in the system's own viewer.

    ``head`` and ``below`` as in ``adapters.pdf.table_pdf``. Who may read the document may print it.
    """
    path = print_folder() / f"{plain_name(table.title)}-{context.actor.now():%H%M%S%f}.pdf"

    def work(progress: Progress) -> None:
        from meiping.adapters.pdf import table_pdf

        table_pdf(path, table, head=head, below=below, now=context.actor.now(), progress=progress)

    context.background(work, title=f"打印{table.title}", done=lambda _result: open_file(context, path))


def print_letters(context: Context, title: str, letters: "Sequence[Letter]") -> None:
    """Lay several papers out in one file, each on its own pages, and show it in the system's own viewer."""
    path = print_folder() / f"{plain_name(title)}-{context.actor.now():%H%M%S%f}.pdf"

    def work(progress: Progress) -> None:
        from meiping.adapters.pdf import letters_pdf

        letters_pdf(path, letters, now=context.actor.now(), progress=progress)

    context.background(work, title=f"打印{title}", done=lambda _result: open_file(context, path))


def print_chart(context: Context, chart: Chart) -> None:
    """Lay a chart out on a page across and show it in the system's own viewer, which prints it."""
    head = context.facts()
    path = print_folder() / f"{plain_name(chart.title)}-{context.actor.now():%H%M%S%f}.pdf"

    def work(_progress: Progress) -> None:
        from meiping.adapters.chart_pdf import chart_pdf

        chart_pdf(path, chart, head=head, now=context.actor.now())

    context.background(work, title="打印图表", done=lambda _result: open_file(context, path), quiet=True)


def _prepare(listing: Listing, sort: Sort | None) -> None:
    """Put it in order once, not anew for every window of rows."""
    work = listing.preparation(sort) if isinstance(listing, Patient) else None
    if work is not None:
        work()


def open_file(context: Context, path: Path) -> None:
    """Open a file in the program the system has for it; a refusal is told."""
    try:
        open_in_system(path)
    except UserError as error:
        context.toast(error.sentence, kind="warning")


@cache
def print_folder() -> Path:
    """A folder of this run for pages to look at; it goes when the program ends."""
    folder = tempfile.TemporaryDirectory(prefix="meiping-", ignore_cleanup_errors=True)
    _kept.append(folder)
    return Path(folder.name)


_kept: list["tempfile.TemporaryDirectory[str]"] = []


def plain_name(title: str) -> str:
    """A title as the beginning of a file's name, without the signs that some systems refuse."""
    return "".join(character for character in title if character.isalnum() or character in "-_ ") or "列表"
