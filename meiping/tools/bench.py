"""The program's speed as ratios in one run: against what a user's machine has, on the same rows."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from meiping.adapters.display import ensure_display
from meiping.store.folder import DataFolder
from meiping.tools.bench_checkout import checkout_figures
from meiping.tools.bench_counter import counter_figures
from meiping.tools.bench_hub import hub_figures
from meiping.tools.bench_lists import list_figures
from meiping.tools.bench_orders import order_figures
from meiping.tools.bench_reports import report_figures
from meiping.tools.bench_search import search_figures
from meiping.tools.bench_start import start_figures
from meiping.tools.bench_tables import table_figures
from meiping.tools.demo import make_demo_shop
from meiping.tools.demo_maker import DemoSize
from meiping.tools.timing import Figure

FULL = DemoSize(customers=100_000, products=5_000, sales=20_000, records=300_000)
QUICK = DemoSize(customers=20_000, products=500, sales=1_000, records=30_000)


def run_bench(*, quick: bool, tell: Callable[[int, int, str], None]) -> int:
    """Make a throwaway shop, measure, print the table; 1 if a guard was passed, else 0."""
    size = QUICK if quick else FULL
    ensure_display()  # one for all: the toolkit does not outlive the screen of its first window
    with tempfile.TemporaryDirectory(prefix="meiping-bench-") as throwaway:
        folder = DataFolder(Path(throwaway) / "data")
        make_demo_shop(folder, size, tell=tell)
        figures: list[Figure] = []
        for position, (what, measure) in enumerate(
            (
                ("收银", checkout_figures),
                ("收银台", counter_figures),
                ("搜索", search_figures),
                ("列表", list_figures),
                ("排序", order_figures),
                ("客户", hub_figures),
                ("表格", table_figures),
                ("报表", report_figures),
                ("启动", start_figures),
            )
        ):
            tell(position, 8, what)
            figures += measure(folder)
    print(
        f"\n{size.customers:,} 位客户，{size.talks:,} 条联系反馈，{size.products:,} 种商品，"
        f"{size.sales:,} 张业务单；各取中位数\n"
    )
    _print_table(figures)
    return 0 if all(figure.within_guard for figure in figures) else 1


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _print_table(figures: Sequence[Figure]) -> None:
    rows = [("", "量的是什么", "结果", "目标")]
    rows += [(figure.mark, figure.what, figure.shown, figure.target) for figure in figures]
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print(
            "  ".join(
                text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)
            ).rstrip()
        )
