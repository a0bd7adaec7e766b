"""Every report over a million bill lines: for a day, a month, a year and all time, cold and warm, and beside the till."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from meiping.domains.access.queries import actor_for
from meiping.domains.reports.analysis.queries import contribution, segments, slipping_away
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import (
    ageing_report,
    bill_report,
    customer_report,
    people_report,
    product_report,
    stock_flow_report,
    stored_report,
    summary,
    tender_report,
)
from meiping.domains.reports.rules import Period, Unit
from meiping.kernel.actor import Actor
from meiping.store.database import (
    close_database,
    db,
    fetch_value,
    open_database,
    reading,
)
from meiping.store.folder import DataFolder
from meiping.tools.bench_bills import filled_up
from meiping.tools.bench_checkout import checkout_times
from meiping.tools.bench_report_pages import page_figures
from meiping.tools.timing import Figure, milliseconds

_TIMES = 3
_LOOKS_SECONDS = 0.05
_GOAL_MS, _CUSTOMERS_MS, _GUARD_MS = 50, 150, 4_000
Report = Callable[[Actor, ReportAsked], Any]


def report_figures(folder: DataFolder) -> list[Figure]:
    """Read each report; the slowest also while bills are made."""
    path = filled_up(folder)
    try:
        open_database(path)
        lines = int(fetch_value("SELECT count(*) FROM sale_line"))
        actor = actor_for(1)
        figures, slowest = _read_all(actor, lines)
        figures += page_figures(actor, folder)
        close_database()
        return [*figures, *_beside_the_till(path, slowest)]
    finally:
        close_database()
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink()


# ------------------------------------------------------------------ reading
def _summary(actor: Actor, asked: ReportAsked) -> Any:
    return summary(actor, asked.period, Unit.MONTH)


def _by(report: Any, by: str) -> Report:
    return lambda actor, asked: report(actor, ReportAsked(asked.period, {"by": by}))


REPORTS: dict[str, tuple[Report, int]] = {
    "汇总统计": (_summary, _GOAL_MS),
    "单据统计": (bill_report, _GOAL_MS),
    "商品统计": (product_report, _GOAL_MS),
    "商品统计 按分类": (_by(product_report, "category"), _GOAL_MS),
    "客户业务统计": (customer_report, _CUSTOMERS_MS),
    "业务员业务统计": (people_report, _CUSTOMERS_MS),
    "收款方式": (tender_report, _GOAL_MS),
    "储值 按客户": (_by(stored_report, "customer"), _CUSTOMERS_MS),
    "应收账龄": (ageing_report, _CUSTOMERS_MS),
    "进销存": (stock_flow_report, _CUSTOMERS_MS),
    "客户贡献": (lambda actor, asked: contribution(actor, asked.period), _CUSTOMERS_MS),
    "客户分层": (lambda actor, _asked: segments(actor), _CUSTOMERS_MS),
    "流失预警": (lambda actor, _asked: slipping_away(actor), _CUSTOMERS_MS),
}
"""Each report with the milliseconds it may take over whole months."""


def _periods(today: date) -> dict[str, Period]:
    last_month = today.replace(day=1) - timedelta(days=1)
    year = today.year - 1
    return {
        "一天": Period(today - timedelta(days=1), today - timedelta(days=1)),
        "上月": Period(last_month.replace(day=1), last_month),
        "去年": Period(date(year, 1, 1), date(year, 12, 31)),
        "近一年": Period(today - timedelta(days=364), today),
        "全部": Period(),
    }


def _read_all(actor: Actor, lines: int) -> tuple[list[Figure], Callable[[], object]]:
    """A line a report: cold is a connection of its own, warm the median of the next ones."""
    figures = [Figure(f"报表，{lines:,} 行明细：冷 / 热", "毫秒")]
    longest: tuple[float, Callable[[], object]] = (0.0, lambda: None)
    path = Path(db.database)
    for title, (report, goal) in REPORTS.items():
        said, worst = [], 0.0
        for word, period in _periods(actor.today()).items():
            work = _reading(report, actor, ReportAsked(period))
            close_database()
            open_database(path)
            cold = milliseconds(work)
            warm = median(milliseconds(work) for _ in range(_TIMES))
            said.append(f"{word} {cold:.0f}/{warm:.0f}")
            worst = max(worst, warm)
            if warm > longest[0]:
                longest = warm, work
        allowed = 3 * goal if goal == _GOAL_MS else goal
        figures.append(Figure(f"  {title}", "  ".join(said), f"≤ {allowed} 毫秒", worst, allowed, _GUARD_MS))
    return figures, longest[1]


def _reading(report: Report, actor: Actor, asked: ReportAsked) -> Callable[[], object]:
    return lambda: report(actor, asked).window(0, 50, None)


# ------------------------------------------------------------------ beside the till
def _beside_the_till(path: Path, work: Callable[[], object]) -> list[Figure]:
    """Checkouts alone, then those made while the longest report is read on another thread."""
    alone = checkout_times(path)
    with _now_and_again(work) as reading_now:
        beside = checkout_times(path, reading_now)
    ratio = median(beside) / median(alone)
    return [
        Figure("收银，同时读最慢的报表，与平时之比", f"{ratio:.2f} 倍", "≤ 1.5 倍", ratio, 1.5, 6),
        Figure("  同时 / 平时", f"{median(beside):.2f} / {median(alone):.2f} 毫秒"),
    ]


@contextmanager
def _now_and_again(work: Callable[[], object]) -> Iterator[Callable[[], bool]]:
    """Reads, rests as somebody who looks at what he asked for, and reads again; gives whether it reads now."""
    enough, under_way = threading.Event(), threading.Event()

    def read() -> None:
        with reading():
            while not enough.wait(_LOOKS_SECONDS):
                under_way.set()
                work()
                under_way.clear()

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield under_way.is_set
    finally:
        enough.set()
        thread.join()
