"""What happens to customers' own rows when one is merged into another, or made anonymous: parts of the verbs that do it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from meiping.domains.custom_fields import service as custom_fields
from meiping.domains.customers.models import (
    Customer,
    CustomerDistinct,
    CustomerShare,
    PoolClaim,
    ReplacedCard,
)
from meiping.domains.customers.rules import DICTIONARY_OF, KIND, name_key
from meiping.domains.customers.sharing import owner_settled
from meiping.store import search_index
from meiping.store.unit_of_work import Work

_WHO_HE_IS = (
    "keyword",
    "short_name",
    "phone",
    "phone2",
    "gender",
    "province",
    "city",
    "postcode",
    "fax",
    "website",
    "occupation",
    "legal_representative",
    "bank",
    "bank_account",
    "tax_number",
    "photo_hash",
    "email",
    "address",
    "notes",
)
"""Fields of words that say who somebody is; what he is counted by (level, source, region ...) stays."""
CARD = "card_number"


# ---------------------------------------------------------------- rows
def become_twin(work: Work, twin_id: int, survivor_id: int) -> list[int]:
    """Let a customer and those merged into him stand behind another; gives the latter. He is found no more by himself."""
    before = [row.id for row in Customer.select(Customer.id).where(Customer.merged_into == twin_id)]
    Customer.update(merged_into=survivor_id).where(Customer.id.in_(before)).execute()
    Customer.update(merged_into=survivor_id, deleted_at=work.at, deleted_by=work.actor.name).where(
        Customer.id == twin_id
    ).execute()
    search_index.remove(work, KIND, twin_id)
    return before


def stand_alone(work: Work, twin_id: int, survivor_id: int, behind_him: Collection[int]) -> None:
    """The way back: he and those who stood behind him are no longer behind the survivor."""
    Customer.update(merged_into=None, deleted_at=None, deleted_by="").where(Customer.id == twin_id).execute()
    Customer.update(merged_into=twin_id).where(
        Customer.id.in_(list(behind_him)), Customer.merged_into == survivor_id
    ).execute()


def read_row(work: Work, customer_id: int) -> dict[str, Any]:
    """The columns of a customer as they lie in the file."""
    cursor = work.execute("SELECT * FROM customer WHERE id = ?", customer_id)
    return dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))


def set_columns(work: Work, customer_id: int, columns: Mapping[str, Any]) -> None:
    """Put values as they lie in the file into a customer's columns; what it is put in order by follows."""
    if columns:
        given = ", ".join(f"{key} = ?" for key in columns)
        work.execute(f"UPDATE customer SET {given} WHERE id = ?", *columns.values(), customer_id)
        row = Customer.get_by_id(customer_id)
        Customer.update(name_key=name_key(row.name, row.phone)).where(Customer.id == customer_id).execute()


# ---------------------------------------------------------------- fields
Changed = dict[str, list[Any]]
"""Columns with what stood there [before, after]."""


def take_columns(
    work: Work, survivor_id: int, twin_id: int, wanted: Mapping[str, Any]
) -> tuple[Changed, list[Any] | None]:
    """Give the survivor these columns; tells what changed, and of the twin's card [before, after] if cards changed places."""
    left, right = read_row(work, survivor_id), read_row(work, twin_id)
    changed = {key: [left[key], value] for key, value in wanted.items() if left[key] != value}
    twin_card = None
    if CARD in changed:  # no two rows may have one card: the twin's row takes the other
        twin_card = [right[CARD], left[CARD]]
        set_columns(work, twin_id, {CARD: None})
    set_columns(work, survivor_id, {key: pair[1] for key, pair in changed.items()})
    if twin_card is not None:
        set_columns(work, twin_id, {CARD: twin_card[1]})
    return changed, twin_card


def give_columns_back(
    work: Work, survivor_id: int, twin_id: int, changed: Mapping[str, Sequence[Any]], twin_card: Any
) -> dict[str, Any]:
    """Each column goes back to what it was, unless it was changed since; gives those that went back."""
    now = read_row(work, survivor_id)
    back = {
        column: before
        for column, (before, after) in changed.items()
        if now[column] == after and _still_there(work, column, before)
    }
    if twin_card is not None:
        set_columns(work, twin_id, {CARD: None})
        if CARD in back:
            set_columns(work, survivor_id, {CARD: None})
        stays = back.get(CARD, now[CARD])
        own = twin_card[0]
        taken = Customer.select().where(Customer.card_number == own).exists()
        set_columns(work, twin_id, {CARD: None if taken or own == stays else own})
    set_columns(work, survivor_id, back)
    return back


def _still_there(work: Work, column: str, value: Any) -> bool:
    """Whether the word or level that a field named is still in the shop's lists."""
    table = "level" if column == "level_id" else "dictionary_item" if column in DICTIONARY_OF else None
    if table is None or value is None:
        return True
    return work.execute(f"SELECT 1 FROM {table} WHERE id = ?", value).fetchone() is not None


# ---------------------------------------------------------------- who looks after him
def open_claims(work: Work, customer_id: int) -> list[int]:
    """The claims on a customer of the pool that nobody has decided on."""
    met = (PoolClaim.customer == customer_id) & PoolClaim.decided_at.is_null()
    return [row.id for row in PoolClaim.select(PoolClaim.id).where(met)]


def reopen_care(
    work: Work,
    customer_id: int,
    *,
    at: int,
    owner_id: int | None,
    shares: Collection[int],
    claims: Collection[int],
) -> None:
    """With the former owner back, shares and claims hold again that the other one put an end to at that instant."""
    there = CustomerShare.select(CustomerShare.operator).where(
        CustomerShare.customer == customer_id, CustomerShare.ended_at.is_null()
    )
    CustomerShare.update(ended_at=None, ended_by="").where(
        CustomerShare.id.in_(list(shares)),
        CustomerShare.ended_at == at,
        CustomerShare.operator.not_in([row.operator_id for row in there]),
    ).execute()
    if owner_id is None:
        PoolClaim.update(decided_at=None, decided_by="", granted=None).where(
            PoolClaim.id.in_(list(claims)), PoolClaim.decided_at == at
        ).execute()
    owner_settled(work, [customer_id], owner_id)


def move_care(work: Work, *, from_id: int, to_id: int) -> dict[str, list[int]]:
    """Shares and claims go along unless the other has such a one already or could not have it."""
    owner_id = Customer.get_by_id(to_id).owner_id
    if owner_id is None:
        claims = _movable(PoolClaim, PoolClaim.decided_at.is_null(), from_id, to_id)
        return {"pool_claim": give_rows(work, PoolClaim, claims, to_id)}
    met = CustomerShare.ended_at.is_null() & (CustomerShare.operator != owner_id)
    shares = _movable(CustomerShare, met, from_id, to_id)
    return {"customer_share": give_rows(work, CustomerShare, shares, to_id)}


def _movable(table: Any, met: Any, from_id: int, to_id: int) -> list[int]:
    taken = [row.operator_id for row in table.select(table.operator).where(table.customer == to_id, met)]
    rows = table.select(table.id).where(table.customer == from_id, met, table.operator.not_in(taken))
    return [row.id for row in rows]


def move_care_back(work: Work, moved: Mapping[str, Sequence[int]], *, from_id: int, to_id: int) -> None:
    """What went along goes back, as far as it is still there."""
    for table in (CustomerShare, PoolClaim):
        give_rows_back(work, table, moved, from_id=from_id, to_id=to_id)


# ---------------------------------------------------------------- for the rooms above, of their own tables
def rows_of(work: Work, table: Any, customer_id: int) -> list[int]:
    """The ids of all rows of a table that name a customer."""
    return [row.id for row in table.select(table.id).where(table.customer == customer_id).order_by(table.id)]


def give_rows(work: Work, table: Any, ids: Sequence[int], to_id: int) -> list[int]:
    """Let rows name another customer; gives their ids."""
    for start in range(0, len(ids), 500):
        table.update(customer=to_id).where(table.id.in_(list(ids[start : start + 500]))).execute()
    return list(ids)


def give_rows_back(
    work: Work, table: Any, moved: Mapping[str, Sequence[int]], *, from_id: int, to_id: int
) -> list[int]:
    """The same for rows that went along and still name the survivor ``from_id``, by the table's name."""
    here = set(rows_of(work, table, from_id))
    return give_rows(
        work, table, [one for one in moved.get(table._meta.table_name, ()) if one in here], to_id
    )


# ---------------------------------------------------------------- apart, and forgotten
def keep_apart(work: Work, one: int, other: int, *, apart: bool) -> None:
    """Write down that two who look alike are not the same, or take it back."""
    a, b = sorted((one, other))
    if apart:
        CustomerDistinct.insert(a=a, b=b).on_conflict_ignore().execute()
    else:
        CustomerDistinct.delete().where(CustomerDistinct.a == a, CustomerDistinct.b == b).execute()


def forget_who_he_is(work: Work, customer_id: int) -> None:
    """Empty all that says who a customer is; he is called by his code from now on."""
    name = f"已隐去 {Customer.get_by_id(customer_id).code}"
    Customer.update(
        **dict.fromkeys(_WHO_HE_IS, ""),
        name=name,
        name_key=name_key(name, ""),
        card_number=None,
        birth_date=None,
        birthday_lunar=False,
        next_contact_date=None,
        anonymised_at=work.at,
    ).where(Customer.id == customer_id).execute()
    ReplacedCard.delete().where(ReplacedCard.customer == customer_id).execute()
    custom_fields.store_values(work, KIND, customer_id, {})
