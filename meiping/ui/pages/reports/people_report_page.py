"""业务员业务统计: what each salesperson sold, against targets, with commission."""

import tkinter as tk
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from dateutil.relativedelta import relativedelta

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import people_columns, people_report, targets_of
from meiping.domains.reports.rules import Unit
from meiping.domains.reports.targets import save_targets
from meiping.domains.settings.rules import MANAGE_SETTINGS
from meiping.kernel.changes import Topic
from meiping.kernel.tabular import Kind, Row, Table
from meiping.ui.context import Context
from meiping.ui.pages.reports.choices import COMPANY, TO_COUNTER, open_bills
from meiping.ui.pages.reports.ranking import MOST_BARS
from meiping.ui.pages.reports.report import ReportPage, report_parts
from meiping.ui.pages.reports.report_spec import ReportSpec
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

_QUESTION = "谁卖得最多？"


class PeopleReportPage(ReportPage):
    """The report, with the targets beside it."""

    def _build_head(self) -> None:
        super()._build_head()
        if self.context.actor.can(MANAGE_SETTINGS):
            self.head.menu("设置目标", "bullseye", self._months)

    def _months(self) -> list[tuple[str, Callable[[], object]]]:
        first = self.context.actor.today().replace(day=1)
        months = {
            word: first + relativedelta(months=n) for word, n in (("上月", -1), ("本月", 0), ("下月", 1))
        }
        return [
            (f"{word}（{_said(month)}）", partial(targets_dialog, self.widget, self.context, month))
            for word, month in months.items()
        ]


def _said(month: date) -> str:
    return f"{month.year}年{month.month}月"


def targets_dialog(parent: tk.Misc, context: Context, month: date) -> FormDialog | None:
    """What each salesperson is to sell in a month; an empty field is no target."""
    label = Unit.MONTH.label(month)
    targets = context.read(targets_of, month=label)
    if targets is None:
        return None
    fields = [Field(str(one.operator_id), one.name, FieldKind.MONEY) for one in targets]

    def submit(entered: Mapping[str, Any]) -> bool:
        amounts = {int(key): fen for key, fen in entered.items()}
        return context.run(
            save_targets,
            month=label,
            amounts=amounts,
            near=dialog,
            button=dialog.button,
            success=f"已保存{_said(month)}的目标。",
        )

    values = {str(one.operator_id): one.amount_fen for one in targets}
    dialog = FormDialog(parent, f"{_said(month)}销售目标", fields, values=values, on_submit=submit)
    return dialog


def _chart(table: Table, _asked: ReportAsked) -> Chart:
    """Net sales of each, beside the target where there are any."""
    rows = [row for row in table.rows if row["net_fen"] or row["target_fen"]][:MOST_BARS]
    series = [Series("净销售额", [row["net_fen"] for row in rows])]
    if any(row["target_fen"] for row in rows):
        series.append(Series("目标", [row["target_fen"] or 0 for row in rows]))
    names = [str(row["name"]) for row in rows]
    return Chart(ChartKind.BAR, _QUESTION, names, series, Kind.MONEY, keys=[str(row["id"]) for row in rows])


def _open(context: Context, row: Row, asked: ReportAsked) -> None:
    open_bills(context, asked, person_id=row["id"])


SPEC = ReportSpec(
    key="people_report",
    title="业务员业务统计",
    columns=people_columns,
    read=people_report,
    choices=(COMPANY,),
    figures=("net_fen", "target_fen", "reached_bp", "customers", "new_customers"),
    compared="net_fen",
    chart=_chart,
    question=_QUESTION,
    opens=_open,
    opens_word="查看业务单",
    empty="这段时间没有业务。收银时选上业务员，这里就看得出谁卖了多少、提成多少。",
    begins=TO_COUNTER,
)
PAGE = replace(
    report_parts(
        SPEC,
        watches=frozenset({Topic.SALES, Topic.CUSTOMERS, Topic.SETTINGS}),
        help="每位业务员的单数、净销售额、毛利、服务的客户和新增的客户，与目标相比；提成的算法在“设置”里，退货会扣回。"
        "一行商品另选了业务员的，销售额、退货、成本、毛利、提成都算在他名下，退换时也从他名下扣回；"
        "单数和收款算整单业务员的。卖过一行也算服务过这位客户。",
    ),
    build=lambda parent, context: PeopleReportPage(parent, context, SPEC),
)
