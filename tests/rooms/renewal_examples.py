"""One good call of every verb and query about services that come to an end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from meiping.domains.renewals.queries import ALL, TermFilter, term_list
from meiping.domains.renewals.service import close_services
from tests.factories import add_product, sell

if TYPE_CHECKING:
    from tests.rooms.examples import Furnished


def _served(f: Furnished, *, closed: bool = False) -> list[int]:
    """A service of the canary's, not wanted any more if so asked."""
    machine = add_product(f.shop, stocked=False, annual_fee_fen=30_000, service_term_months=12)
    sell(f.shop, (machine, 1), customer_id=f.canary)
    ids = [max(row["id"] for row in term_list(f.admin, TermFilter(state=ALL)).window(0, 100, None))]
    if closed:
        close_services(f.admin, term_ids=ids, reason="换了别家")
    return ids


RENEWAL_EXAMPLES: dict[str, Callable[[Furnished], dict[str, Any]]] = {
    "renewals.close_services": lambda f: {"term_ids": _served(f), "reason": "换了别家"},
    "renewals.expiring_services": lambda f: {},
    "renewals.make_fee_letters": lambda f: {"term_ids": _served(f)},
    "renewals.renew_services": lambda f: {"term_ids": _served(f)},
    "renewals.reopen_services": lambda f: {"term_ids": _served(f, closed=True)},
    "renewals.term_list": lambda f: {},
    "renewals.terms_of": lambda f: {"customer_id": f.canary},
}
RENEWALS_OF_OTHERS = (
    "renewals.close_services",
    "renewals.make_fee_letters",
    "renewals.renew_services",
    "renewals.reopen_services",
    "renewals.terms_of",
)
"""Those that need a customer in sight."""
