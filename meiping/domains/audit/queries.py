"""Reading the logs."""

from meiping.domains.audit.models import Change, Operation
from meiping.domains.audit.rules import VIEW_LOG
from meiping.kernel.actor import Actor
from meiping.kernel.source import Source
from meiping.kernel.tabular import Column, Kind, Listing, Sort
from meiping.store.listing import SelectListing
from meiping.store.unit_of_work import query

OPERATION_COLUMNS = (
    Column("at", "时间", Kind.MOMENT, width=17),
    Column("operator_name", "操作员", width=12),
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


def changes_of(subject: Source) -> Listing:
    """The changes of one record, the newest first; the caller has checked that it may be seen."""
    return SelectListing(
        Change.select().where(Change.kind == subject.kind, Change.record_id == subject.id),
        identity=Change.id,
        sorts={"at": Change.id, "operator_name": Change.operator_name, "field": Change.field},
        default=Sort("at", descending=True),
    )
