"""Reading the logs."""

from meiping.domains.audit.models import Change, Operation
from meiping.domains.audit.rules import VIEW_LOG
from meiping.kernel.actor import Actor
from meiping.kernel.source import Source
from meiping.kernel.tabular import Column, Kind, Listing, Row, Sort
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

HIDDEN = "（已隐去）"
"""Stands for what a change was about, where that is not to be told any more."""

OPERATION_COLUMNS = (
    Column("at", "时间", Kind.MOMENT, width=17),
    Column("operator_name", "操作员", width=12),
    Column("approver", "批准人", width=10, sortable=False),
    Column("summary", "做了什么", width=40, stretch=True, sortable=False),
    Column("action", "动作", Kind.CODE, width=22, hidden=True),
)
CHANGE_COLUMNS = (
    Column("at", "时间", Kind.MOMENT, width=17),
    Column("operator_name", "操作员", width=12),
    Column("field", "字段", width=14),
    Column("old", "原来", width=20, sortable=False),
    Column("new", "改为", width=20, stretch=True, sortable=False),
)


@query(VIEW_LOG)
def operations(actor: Actor, *, text: str = "") -> Listing:
    """What was done, the newest first, narrowed to lines that hold ``text``."""
    select = Operation.select()
    if text.strip():
        select = select.where(
            Operation.summary.contains(text.strip()) | Operation.operator_name.contains(text.strip())
        )
    return SelectListing(
        select,
        identity=Operation.id,
        sorts={"at": Operation.id, "operator_name": Operation.operator_name, "action": Operation.action},
        default=Sort("at", descending=True),
    )


def changes_of(*subjects: Source, hidden: bool = False) -> Listing:
    """The changes of records of one kind, the newest first; the caller has checked that they may be seen.

    ``hidden`` keeps back what stood there before and after.
    """
    kind, ids = subjects[0].kind, [subject.id for subject in subjects]
    return SelectListing(
        Change.select().where(Change.kind == kind, Change.record_id.in_(ids)),
        identity=Change.id,
        sorts={"at": Change.id, "operator_name": Change.operator_name, "field": Change.field},
        default=Sort("at", descending=True),
        to_row=_without_values if hidden else None,
    )


def _without_values(row: Row) -> Row:
    return {**row, "old": HIDDEN if row["old"] else "", "new": HIDDEN if row["new"] else ""}
