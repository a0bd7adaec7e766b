"""Service terms of a customer that is merged into another, or made anonymous: parts of those verbs."""

from collections.abc import Mapping, Sequence

from meiping.domains.customers.merging import give_rows, give_rows_back, rows_of
from meiping.domains.service_terms.models import ServiceTerm
from meiping.store.unit_of_work import Work

_TABLE = "service_term"


def move_terms(work: Work, *, from_id: int, to_id: int) -> dict[str, list[int]]:
    """Give all terms to another customer."""
    return {_TABLE: give_rows(work, ServiceTerm, rows_of(work, ServiceTerm, from_id), to_id)}


def move_terms_back(work: Work, moved: Mapping[str, Sequence[int]], *, from_id: int, to_id: int) -> None:
    """Give back what went along, with the terms that followed since: the service is whose the goods are."""
    went = list(moved.get(_TABLE, ()))
    roots = ServiceTerm.select(ServiceTerm.root_line_id).where(ServiceTerm.id.in_(went))
    since = ServiceTerm.select(ServiceTerm.id).where(
        ServiceTerm.root_line_id.in_(roots), ServiceTerm.id.not_in(went)
    )
    back = {_TABLE: [*went, *(row.id for row in since)]}
    give_rows_back(work, ServiceTerm, back, from_id=from_id, to_id=to_id)


def hide_terms(work: Work, customer_id: int) -> None:
    """Leave of a customer's terms what was sold and until when, but not why he wanted no more."""
    ServiceTerm.update(closed_reason="").where(ServiceTerm.customer == customer_id).execute()
