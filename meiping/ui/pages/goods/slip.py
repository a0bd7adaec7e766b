"""The paper that goes with a stock document."""

from meiping.domains.catalog.rules import COST
from meiping.domains.stock.queries import document_detail
from meiping.kernel.moments import show_moment
from meiping.kernel.tabular import Table
from meiping.ui.context import Context
from meiping.ui.list_output import print_table


def print_slip(context: Context, document_id: int) -> None:
    """Lay a document out on A4 and show it in the system's own viewer, which prints it."""
    detail = context.read(document_detail, document_id=document_id)
    if detail is None:
        return
    unseen = set() if context.actor.can(COST) else {"unit_cost_fen", "value_fen"}
    columns = tuple(column for column in detail.lines.columns if column.key not in unseen)
    facts = context.facts()
    head = {
        "shop": facts.get("shop", ""),
        "公司": facts.get("company", ""),
        "单号": detail.number,
        "性质": detail.nature,
        "经手人": detail.operator,
        "过账时间": show_moment(detail.posted_at),
        "备注": detail.note,
    }
    title = "入库单" if detail.incoming else "出库单"
    print_table(context, Table(title, columns, detail.lines.rows, detail.lines.totals), head)
