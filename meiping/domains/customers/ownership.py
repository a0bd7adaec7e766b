"""Who looks after a customer: handing one or many over, to the public pool, and by itself after a long silence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from meiping.domains.access.models import Department, Operator
from meiping.domains.audit import service as audit
from meiping.domains.customers.models import Customer, CustomerShare
from meiping.domains.customers.queries.scope import require_visible
from meiping.domains.customers.rules import FIELD_TITLES, KIND, TRANSFER
from meiping.domains.customers.sharing import (
    end_run_out,
    living,
    owner_settled,
    refresh_terms,
    require_salesperson,
)
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor, AllRights
from meiping.kernel.changes import Topic
from meiping.kernel.moments import to_ms
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb

POOL_DAYS = "customers.pool_days"
"""The option: after so many days without a contact a customer goes back to the pool; 0 never."""
_CHUNK = 500
_AUTOMATIC = "（自动）"


@dataclass(frozen=True, slots=True)
class OwnerKept:
    """Who looked after a customer before a transfer, and the shares it ended, to take it back."""

    customer_id: int
    owner_id: int | None
    department_id: int | None
    owned_since_date: date | None
    ended_shares: tuple[int, ...]


@verb(TRANSFER)
def transfer_customers(
    work: Work, *, customer_ids: Collection[int], owner_id: int | None
) -> tuple[OwnerKept, ...]:
    """Hand customers over to another salesperson, or to the public pool (None); gives who had them before.

    The department follows. Customers outside the scope, in the recycle bin, or already his are passed over.
    Raises InputError where the salesperson is no longer here.
    """
    return hand_over_customers(work, living(work, customer_ids), owner_id)


@verb(TRANSFER)
def take_back_transfer(work: Work, *, kept: Collection[OwnerKept]) -> None:
    """Give customers back to those who had them before a transfer."""
    names = _names()
    for one in kept:
        now = Customer.get_by_id(one.customer_id)
        Customer.update(
            owner=one.owner_id,
            department=one.department_id,
            owned_since_date=one.owned_since_date,
        ).where(Customer.id == one.customer_id).execute()
        require_visible(work.actor, one.customer_id)
        CustomerShare.update(ended_at=None, ended_by="").where(
            CustomerShare.id.in_(list(one.ended_shares)), CustomerShare.ended_at.is_null(False)
        ).execute()
        owner_settled(work, [one.customer_id], one.owner_id)
        _write_down(
            work, now, one.owner_id, one.department_id, names, "customer.transfer_back", "撤销转移客户"
        )
    work.changed(Topic.CUSTOMERS)


@verb(TRANSFER)
def return_idle_customers(work: Work, *, limit: int = _CHUNK) -> int:
    """Put customers nobody has been in touch with for as long as the shop says back into the pool.

    The days count from the last contact or from the day the owner got the customer, whichever is later. At most
    ``limit`` go at once; gives how many went. None while the option is 0.
    """
    days = int(option(POOL_DAYS))
    if not days:
        return 0
    last_day = work.day - timedelta(days=days)
    midnight = to_ms(datetime.combine(last_day + timedelta(days=1), time()).astimezone())
    silent = Customer.last_contact_at.is_null() | (Customer.last_contact_at < midnight)
    held_long = Customer.owned_since_date.is_null() | (Customer.owned_since_date <= last_day)
    rows = list(
        Customer.select()
        .where(
            Customer.owner.is_null(False),
            Customer.deleted_at.is_null(),
            held_long,
            silent,
            Customer.created_date <= last_day,
        )
        .order_by(Customer.id)
        .limit(limit)
    )
    summary = f"超过 {days} 天没有联系，自动退回公海"
    hand_over_customers(work, rows, None, action="customer.auto_return", summary=summary)
    return len(rows)


def put_back_ownership(
    work: Work, customer_id: int, *, owned_since_date: str | None, department_id: int | None
) -> None:
    """Let a customer be owned since the day (as written), and by the department, as it was before."""
    work.execute(
        "UPDATE customer SET owned_since_date = ?, department_id = ? WHERE id = ?",
        owned_since_date,
        department_id,
        customer_id,
    )
    refresh_terms(work, [customer_id])


def daily_pass(actor: Actor) -> int:
    """What happens once a day whoever logs in, and needs no right: run-out shares end, silent customers go back.

    Gives how many customers went back to the pool. Written down as done by the program itself.
    """
    by_itself = replace(actor, operator_id=0, name=_AUTOMATIC, rights=AllRights())
    close_run_out_shares(by_itself)
    returned = 0
    while went := return_idle_customers(by_itself):
        returned += went
    return returned


@verb(TRANSFER)
def close_run_out_shares(work: Work) -> int:
    """Write down that delegations have ended whose last day has passed; gives how many."""
    return end_run_out(work)


# ---------------------------------------------------------------- parts for other verbs


def hand_over_customers(
    work: Work,
    customers: Sequence[Customer],
    owner_id: int | None,
    *,
    action: str = "customer.transfer",
    summary: str = "转移客户",
) -> tuple[OwnerKept, ...]:
    """Give customers the caller has checked to another owner, or to the pool, and write it down."""
    department_id = None
    if owner_id is not None:
        require_salesperson(work, owner_id, field="owner_id")
        department_id = Operator.get_by_id(owner_id).department_id
    names = _names()
    moving = [row for row in customers if row.owner_id != owner_id]
    kept = []
    for first in range(0, len(moving), _CHUNK):
        chunk = moving[first : first + _CHUNK]
        Customer.update(
            owner=owner_id,
            department=department_id,
            owned_since_date=work.day if owner_id is not None else None,
        ).where(Customer.id.in_([row.id for row in chunk])).execute()
        ended = owner_settled(work, [row.id for row in chunk], owner_id)
        for row in chunk:
            kept.append(
                OwnerKept(
                    row.id,
                    row.owner_id,
                    row.department_id,
                    row.owned_since_date,
                    tuple(ended.get(row.id, ())),
                )
            )
            _write_down(work, row, owner_id, department_id, names, action, summary)
    if kept:
        work.changed(Topic.CUSTOMERS)
    return tuple(kept)


# ---------------------------------------------------------------- inside


def _names() -> tuple[dict[int | None, str], dict[int | None, str]]:
    people: dict[int | None, str] = {row.id: row.name for row in Operator.select(Operator.id, Operator.name)}
    rooms: dict[int | None, str] = {row.id: row.name for row in Department.select()}
    return people, rooms


def _write_down(
    work: Work,
    before: Customer,
    owner_id: int | None,
    department_id: int | None,
    names: tuple[dict[int | None, str], dict[int | None, str]],
    action: str,
    summary: str,
) -> None:
    people, rooms = names
    subject = Source(KIND, before.id)
    changes = (
        (FIELD_TITLES["owner"], people.get(before.owner_id, ""), people.get(owner_id, "")),
        (FIELD_TITLES["department"], rooms.get(before.department_id, ""), rooms.get(department_id, "")),
    )
    audit.record_changes(work, subject, changes)
    audit.record(work, action, summary, subject)
