"""What the room of the shop's own fields must know of customers."""

from collections.abc import Collection

from meiping.domains.custom_fields.service import RecordKind, declare_kind
from meiping.domains.customers.rules import FIELD_TITLES, KIND
from meiping.store.unit_of_work import Work


def declare_own_fields() -> None:
    """Let customers have fields of the shop's own; called by the composition root."""
    declare_kind(KIND, RecordKind(titles=FIELD_TITLES.values, renamed=_renamed))


def _renamed(work: Work, customer_ids: Collection[int]) -> None:
    from meiping.domains.customers.indexing import reindex  # with the pages, not with the login

    reindex(work, customer_ids)
