"""Writing down what is watched at the till: a part of the verbs that do it."""

from meiping.domains.till.event_rules import EventKind
from meiping.domains.till.models import TillEvent
from meiping.domains.till.service import present_session
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work


def note(
    work: Work,
    kind: EventKind,
    *,
    amount_fen: int = 0,
    detail: str = "",
    source: Source | None = None,
    approver_id: int | None = None,
) -> None:
    """Write an event down for the actor; ``detail`` is one Chinese line without personal data.

    ``approver_id`` is who allowed it, without one whoever allowed the call under way.
    """
    now = present_session(work)
    allowed = [approval.approver_id for approval in work.actor.approvals if not approval.used]
    TillEvent.create(
        at=work.at,
        business_date=now.business_date,
        company=work.actor.company_id,
        shift=now.shift_id,
        operator=work.actor.operator_id,
        approver=approver_id if approver_id is not None else next(iter(allowed), None),
        kind=kind.key,
        amount_fen=amount_fen,
        detail=detail,
        source_kind=source.kind if source else "",
        source_id=source.id if source else 0,
    )
