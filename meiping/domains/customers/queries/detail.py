"""Everything about one customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from meiping.domains.audit import queries as audit_queries
from meiping.domains.custom_fields.queries import fields_of, values_of
from meiping.domains.custom_fields.rules import Value, show_value
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries.kin import family_ids
from meiping.domains.customers.queries.lists import with_names
from meiping.domains.customers.queries.scope import require_visible
from meiping.domains.customers.rules import INPUT_FIELDS, KIND, VIEW, CustomerInput, shown_name
from meiping.kernel.actor import Actor
from meiping.kernel.source import Source
from meiping.kernel.tabular import Listing
from meiping.store.unit_of_work import query


@dataclass(frozen=True, slots=True)
class CustomerDetail:
    """One customer; beside each id the word it stands for, empty where there is none."""

    id: int
    code: str
    name: str
    firm: bool
    keyword: str
    short_name: str
    phone: str
    phone2: str
    card_number: str
    gender: str
    birth_date: date | None
    birthday_lunar: bool
    level_id: int | None
    level: str
    type_id: int | None
    type: str
    status_id: int | None
    status: str
    source_id: int | None
    source: str
    industry_id: int | None
    industry: str
    nature_id: int | None
    nature: str
    region_id: int | None
    region: str
    province: str
    city: str
    postcode: str
    fax: str
    website: str
    occupation: str
    legal_representative: str
    bank: str
    bank_account: str
    tax_number: str
    photo_hash: str
    email: str
    address: str
    credit_limit_fen: int
    payment_days: int
    notes: str
    owner_id: int | None
    owner: str
    company_id: int
    company: str
    department_id: int | None
    department: str
    owned_since_date: date | None
    created_date: date
    first_contact_at: int | None
    last_contact_at: int | None
    next_contact_date: date | None
    points: int
    merged_into_id: int | None
    anonymised_at: int | None
    deleted_at: int | None
    deleted_by: str
    custom: Mapping[int, Value] = field(default_factory=dict)
    """What stands in the fields of the shop's own, by their id; those out of use too."""
    custom_facts: tuple[tuple[str, str], ...] = ()
    """The same as (title, shown) in the shop's order, of the fields in use."""
    card_frozen_at: int | None = None
    """Since when his card is lost."""

    @property
    def shown_name(self) -> str:
        """The name, without one the phone."""
        return shown_name(self.name, self.phone)

    def as_input(self) -> CustomerInput:
        """The fields that can be changed, as they stand."""
        own = {key: getattr(self, key) for key in INPUT_FIELDS}
        return CustomerInput(**own, custom=dict(self.custom))


_IDS = (
    "level",
    "type",
    "status",
    "source",
    "industry",
    "nature",
    "region",
    "owner",
    "company",
    "department",
    "merged_into",
)
_UNLISTED = ("photo_hash", "owned_since_date", "anonymised_at", "card_frozen_at")
"""Fields of a customer that no list shows."""
_WORDS = (*(key for key in _IDS if key != "merged_into"), "card_number")


@query(VIEW)
def customer_detail(actor: Actor, customer_id: int) -> CustomerDetail:
    """One customer within the actor's scope, in the recycle bin or not. Raises NotFound."""
    require_visible(actor, customer_id)
    return read_detail(customer_id)


def read_detail(customer_id: int) -> CustomerDetail:
    """One customer whoever asks: the caller has checked that it may be seen."""
    ids = [getattr(Customer, key).alias(f"{key}_id") for key in _IDS]
    more = [getattr(Customer, key) for key in _UNLISTED]
    select = with_names().select_extend(*ids, *more).where(Customer.id == customer_id).dicts()
    row = cast("dict[str, Any]", select.get())
    values = values_of(KIND, customer_id)
    facts = [(spec.title, show_value(values.get(spec.id))) for spec in fields_of(KIND)]
    return CustomerDetail(
        **{**row, **{key: row[key] or "" for key in _WORDS}}, custom=values, custom_facts=tuple(facts)
    )


@query(VIEW)
def customer_changes(actor: Actor, customer_id: int) -> Listing:
    """What was changed of one customer and of those merged into him, the newest first, by ``CHANGE_COLUMNS``.

    The log is never edited: of a customer who was made anonymous the rows stay, but their values are not shown.
    """
    require_visible(actor, customer_id)
    hidden = Customer.get_by_id(customer_id).anonymised_at is not None
    members = [Source(KIND, one) for one in family_ids(customer_id)]
    return audit_queries.changes_of(*members, hidden=hidden)
