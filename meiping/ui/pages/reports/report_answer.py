"""What a worker reads for the page of a report."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from meiping.adapters.charts import Chart
from meiping.domains.reports.asking import ReportAsked, compared, period_before
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Table
from meiping.store.database import reading
from meiping.ui.context import Progress
from meiping.ui.pages.reports.report_spec import ReportSpec


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker read: the table with the period before beside it, that period's totals, and what is drawn."""

    asked: ReportAsked
    table: Table
    before: Mapping[str, Any] | None
    chart: Chart | None


def read_answer(spec: ReportSpec, actor: Actor, asked: ReportAsked, _progress: Progress) -> Answer:
    """In a worker: the report, and the same for the period before where it is held against that."""
    with reading():
        table = spec.read(actor, asked)
        earlier = period_before(asked.period) if spec.periods and (spec.figures or spec.compared) else None
        before = spec.read(actor, replace(asked, period=earlier, quick=None)) if earlier is not None else None
        if spec.compared:
            table = compared(table, before, spec.compared)
        chart = spec.chart(table, asked) if spec.chart is not None and table.count() else None
    return Answer(asked, table, before.totals if before is not None else None, chart)
