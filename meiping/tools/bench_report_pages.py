"""What a person waits for around the reports: the desk from the click, a chart, a report taken out as a workbook."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from statistics import median

from meiping.adapters.display import has_display, virtual_display
from meiping.adapters.fonts import register_screen_font
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import customer_report
from meiping.kernel.actor import Actor
from meiping.store.folder import DataFolder
from meiping.tools.bench_hub import bench_context
from meiping.tools.timing import Figure, milliseconds
from meiping.ui.pages.reports.desk_page import DeskPage
from meiping.ui.shell.background import Background
from meiping.ui.theme import make_root
from meiping.ui.widgets.progress import ProgressDialog

ROWS = 50_000
_TIMES = 5
_PATIENCE_S = 60.0
_CHARTS = """
import time
started = time.perf_counter()
from meiping.adapters.charts import LIGHT, Chart, ChartKind, Series, render
from meiping.kernel.tabular import Kind
days = [f"{day:02d}" for day in range(1, 31)]
for turn in range(6):
    values = [100_00 * (turn + day) for day in range(30)]
    render(Chart(ChartKind.BAR, "每天卖了多少？", days, [Series("净销售额", values)], Kind.MONEY), 900, 230, LIGHT)
    print((time.perf_counter() - started) * 1000, flush=True)
    started = time.perf_counter()
"""


def page_figures(actor: Actor, folder: DataFolder) -> list[Figure]:
    """On the open file: medians, but the first chart, which a person sees once."""
    first, *later = _charts()
    with nullcontext() if has_display() else virtual_display():
        painted, figures = _desk(folder)
    exported, count = _export(actor, folder.cache / "bench-report.xlsx")
    return [
        Figure("工作台，从点击到画出", f"{painted:.0f} 毫秒", "≤ 100 毫秒", painted, 100),
        Figure("  到数字都在", f"{figures:.0f} 毫秒"),
        Figure("图表，第一张 / 以后每张", f"{first:.0f} / {median(later):.0f} 毫秒"),
        Figure(f"导出 {count:,} 行客户业务统计", f"{exported / 1000:.1f} 秒"),
    ]


def _charts() -> list[float]:
    """Milliseconds of one chart after another in a process of its own; loading the library counts to the first."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", _CHARTS], capture_output=True, text=True, check=True, env=environment
    )
    return [float(line) for line in done.stdout.split()]


def _desk(folder: DataFolder) -> tuple[float, float]:
    """Until the empty cards are painted, and until the figures stand in them."""
    register_screen_font()
    root = make_root()
    root.geometry("1440x900+0+0")
    background = Background(root, lambda title, cancel: ProgressDialog(root, title, cancel))
    context = bench_context(root, folder, background)
    painted, told = [], []
    for _ in range(_TIMES):
        started = time.perf_counter()
        page = DeskPage(root, context)
        page.widget.pack(fill="both", expand=True)
        root.update()
        painted.append((time.perf_counter() - started) * 1000)
        _until(root.update, page.has_figures)
        told.append((time.perf_counter() - started) * 1000)
        page.widget.destroy()
        root.update()
    background.close()
    root.destroy()
    return median(painted), median(told)


def _until(update: Callable[[], object], over: Callable[[], bool]) -> None:
    end = time.perf_counter() + _PATIENCE_S
    while not over():
        if time.perf_counter() > end:
            raise RuntimeError("the desk did not show its figures")
        update()
        time.sleep(0.002)  # the reader's turn


def _export(actor: Actor, path: Path) -> tuple[float, int]:
    from meiping.adapters.excel import write_workbook
    from meiping.kernel.tabular import Table

    table = customer_report(actor, ReportAsked())
    count = min(ROWS, table.count())

    def work() -> None:
        rows = list(islice(table.rows, count))
        write_workbook(path, [Table(table.title, table.columns, rows, table.totals)])

    try:
        return milliseconds(work), count
    finally:
        path.unlink(missing_ok=True)
