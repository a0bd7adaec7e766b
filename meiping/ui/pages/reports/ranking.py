"""The chart of the largest rows of a report."""

from collections.abc import Callable, Collection
from typing import Any

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.long_table import largest
from meiping.kernel.tabular import Kind, Table

MOST_BARS = 12
"""As many bars as a ranking shows, with room for their names; the table has all."""


def ranking(
    question: str, name: str, value: str, kind: Kind = Kind.MONEY, without: Collection[Any] = ()
) -> Callable[..., Chart]:
    """A chart of the largest rows by a column, but those with some ids; a part is picked by its row's id."""

    def draw(table: Table, _asked: ReportAsked) -> Chart:
        rows = [row for row in largest(table, value, MOST_BARS + len(without)) if row["id"] not in without]
        rows = rows[:MOST_BARS]
        return Chart(
            ChartKind.BAR,
            question,
            [str(row[name]) for row in rows],
            [Series(question, [row[value] for row in rows])],
            kind,
            keys=[str(row["id"]) for row in rows],
        )

    return draw
