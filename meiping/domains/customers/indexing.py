"""What customers are found by."""

from collections.abc import Iterable

from meiping.domains.customers.queries.detail import read_detail
from meiping.domains.customers.queries.kin import family_ids
from meiping.domains.customers.queries.sharing import shares_for_search
from meiping.domains.customers.rules import KIND, CustomerInput, scope_terms, search_terms, shown_name
from meiping.store import search_index
from meiping.store.unit_of_work import Work


def reindex(work: Work, customer_ids: Iterable[int]) -> None:
    """Let customers be found by what they have now: a word of one of their fields was renamed."""
    for customer_id in customer_ids:
        detail = read_detail(customer_id)
        if detail.deleted_at is None:
            index(
                work,
                customer_id,
                detail.as_input(),
                company_id=detail.company_id,
                department_id=detail.department_id,
            )


def index(
    work: Work,
    customer_id: int,
    wanted: CustomerInput,
    *,
    company_id: int,
    department_id: int | None,
    new: bool = False,
) -> None:
    """Let a customer be found by what was entered, by those who may see one of this owner, department, company.

    ``new`` says that nothing is known of the customer yet.
    """
    terms = search_terms(wanted)
    if not new:  # whoever was merged into this one is found by his own words, too
        for twin_id in family_ids(customer_id)[1:]:
            terms += search_terms(read_detail(twin_id).as_input())
    search_index.put(
        work,
        KIND,
        customer_id,
        shown_name(wanted.name, wanted.phone),
        terms,
        hidden=scope_terms(
            owner_id=wanted.owner_id,
            department_id=department_id,
            company_id=company_id,
            shares=() if new else shares_for_search([customer_id]).get(customer_id, ()),
        ),
        new=new,
    )
