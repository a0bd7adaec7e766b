"""The chart of work that is dealt with: of each row what is done, beside what is not."""

from collections.abc import Sequence

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.kernel.tabular import Kind, Row
from meiping.ui.pages.reports.ranking import MOST_BARS


def done_chart(question: str, table_rows: Sequence[Row], *, counted: str, by_month: bool) -> Chart:
    """Stacked bars of the first rows, ``done`` out of what stands under ``counted``; months from left to right."""
    rows = list(table_rows)[:MOST_BARS]
    if by_month:
        rows.reverse()
    done, others = [row["done"] for row in rows], [row[counted] - row["done"] for row in rows]
    return Chart(
        ChartKind.BAR,
        question,
        [str(row["name"]) for row in rows],
        [Series("已完成", done), Series("其他", others)],
        Kind.NUMBER,
        keys=[str(row["id"]) for row in rows],
        stacked=True,
    )
