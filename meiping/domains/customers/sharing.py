"""Sharing the care of customers: delegation until a day, co-managing without an end, and taking it back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from meiping.domains.access.models import Operator
from meiping.domains.audit import service as audit
from meiping.domains.customers.models import Customer, CustomerShare, PoolClaim
from meiping.domains.customers.queries.scope import visible_customers
from meiping.domains.customers.queries.sharing import open_shares, shares_for_search
from meiping.domains.customers.rules import KIND, TRANSFER, scope_terms, share_words
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError
from meiping.kernel.source import Source
from meiping.store import search_index
from meiping.store.unit_of_work import Work, verb

FIELD = "授权"
"""What a share is called in a customer's log of changes."""
RUN_OUT = "到期"
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class SharesKept:
    """Which shares a verb made and which it ended, to take it back."""

    made: tuple[int, ...]
    ended: tuple[int, ...]


@verb(TRANSFER)
def share_customers(
    work: Work, *, customer_ids: Collection[int], operator_id: int, until: date | None = None
) -> SharesKept:
    """Let another salesperson look after customers too, until the end of a day or, without one, for good.

    Whom a customer is shared with already gets the new day. Owners themselves and customers outside the scope or in
    the recycle bin are passed over. Raises InputError where nobody is left.
    """
    name = require_salesperson(work, operator_id, field="operator_id")
    if until is not None and until < work.day:
        raise InputError("到期日已经过去，请选择今天或以后。", field="until")
    wanted = [row for row in living(work, customer_ids) if row.owner_id not in (None, operator_id)]
    if not wanted:
        raise InputError(f"选中的客户没有业务员，或者本来就是“{name}”的，不需要授权。", field="operator_id")
    return share_with(work, wanted, operator_id, until)


@verb(TRANSFER)
def end_shares(work: Work, *, share_ids: Collection[int]) -> SharesKept:
    """Take shares back at once; those of customers outside the scope are passed over."""
    ended = []
    for share in _within_scope(work, share_ids, ended=False):
        _end(work, share.id)
        ended.append(share.id)
        old = share_words(share.operator.name, share.until_date)
        _written(work, share.customer_id, "customer.unshare", "收回客户授权", old, "")
    return SharesKept((), tuple(ended))


@verb(TRANSFER)
def take_back_shares(work: Work, *, kept: SharesKept) -> None:
    """Undo ``share_customers`` or ``end_shares``: what was made ends, what was ended holds again."""
    end_shares(work, share_ids=kept.made)
    for share in _within_scope(work, kept.ended, ended=True):
        CustomerShare.update(ended_at=None, ended_by="").where(CustomerShare.id == share.id).execute()
        new = share_words(share.operator.name, share.until_date)
        _written(work, share.customer_id, "customer.share", "恢复客户授权", "", new)


# ---------------------------------------------------------------- parts for other verbs


def require_salesperson(work: Work, operator_id: int | None, *, field: str) -> str:
    """The name of an operator who is still here. Raises InputError."""
    operator = Operator.get_or_none(Operator.id == operator_id, Operator.active)
    if operator is None:
        raise InputError("这位业务员不在了，请重新选择。", field=field)
    return str(operator.name)


def living(work: Work, customer_ids: Collection[int]) -> list[Customer]:
    """Those of the customers that the actor may see and that are not in the recycle bin, in order of their ids."""
    found: list[Customer] = []
    columns = (
        Customer.id,
        Customer.owner,
        Customer.department,
        Customer.owned_since_date,
        Customer.company,
        Customer.name,
        Customer.phone,
    )
    for some in _chunks(customer_ids):
        seen = visible_customers(work.actor).columns(*columns)
        met = (Customer.id.in_(some), Customer.deleted_at.is_null())
        found.extend(seen.where(*met).order_by(Customer.id))
    return found


def share_with(
    work: Work, customers: Collection[Customer], operator_id: int, until: date | None
) -> SharesKept:
    """Share customers the caller has checked, with somebody who is not their owner."""
    name = require_salesperson(work, operator_id, field="operator_id")
    made, ended = [], []
    for customer in customers:
        before = [share for share in open_shares(customer.id) if share.operator_id == operator_id]
        if any(share.until == until for share in before):
            continue
        for share in before:
            _end(work, share.id)
            ended.append(share.id)
        row = CustomerShare.create(
            customer=customer.id,
            operator=operator_id,
            until_date=until,
            granted_by=work.actor.name,
            granted_at=work.at,
        )
        made.append(row.id)
        old = "；".join(share.words for share in before)
        _written(work, customer.id, "customer.share", "授权客户", old, share_words(name, until))
    return SharesKept(tuple(made), tuple(ended))


def owner_settled(work: Work, customer_ids: Collection[int], owner_id: int | None) -> dict[int, list[int]]:
    """What follows once customers have another owner; gives the ids of the shares it ended, by customer.

    Nobody shares what is his own, or what is nobody's; who asked for a customer of the pool is answered when it is
    gone. The search learns who sees them.
    """
    ended: dict[int, list[int]] = {}
    for some in _chunks(customer_ids):
        open_ones = CustomerShare.select().where(
            CustomerShare.customer.in_(some), CustomerShare.ended_at.is_null()
        )
        for share in open_ones:
            if owner_id is None or share.operator_id == owner_id:
                _end(work, share.id)
                ended.setdefault(share.customer_id, []).append(share.id)
        if owner_id is not None:
            answered = {"decided_at": work.at, "decided_by": work.actor.name}
            PoolClaim.update(**answered, granted=PoolClaim.operator == owner_id).where(
                PoolClaim.customer.in_(some), PoolClaim.decided_at.is_null()
            ).execute()
        refresh_terms(work, some)
    return ended


def end_run_out(work: Work) -> int:
    """Write down that shares have ended whose last day has passed; gives how many. Nobody saw by them any more."""
    over = CustomerShare.select(CustomerShare.id, CustomerShare.customer).where(
        CustomerShare.ended_at.is_null(), CustomerShare.until_date < work.day
    )
    rows = list(over)
    for share in rows:
        _end(work, share.id, by=RUN_OUT)
    if rows:
        refresh_terms(work, [share.customer_id for share in rows])
        work.changed(Topic.CUSTOMERS)
    return len(rows)


def refresh_terms(work: Work, customer_ids: Collection[int]) -> None:
    """Have the search know who sees customers now."""
    for some in _chunks(customer_ids):
        columns = (Customer.id, Customer.owner, Customer.department, Customer.company)
        rows = Customer.select(*columns).where(Customer.id.in_(some)).tuples()
        shares = shares_for_search(some)
        for customer_id, owner_id, department_id, company_id in list(cast("Iterable[tuple[Any, ...]]", rows)):
            terms = scope_terms(
                owner_id=owner_id,
                department_id=department_id,
                company_id=company_id,
                shares=shares.get(customer_id, ()),
            )
            search_index.set_hidden(work, KIND, customer_id, terms)


def _chunks(ids: Collection[int]) -> list[list[int]]:
    """Ids in pieces small enough for one statement."""
    ordered = sorted(set(ids))
    return [ordered[first : first + _CHUNK] for first in range(0, len(ordered), _CHUNK)]


# ---------------------------------------------------------------- inside


def _end(work: Work, share_id: int, *, by: str | None = None) -> None:
    ended = {"ended_at": work.at, "ended_by": by or work.actor.name}
    CustomerShare.update(**ended).where(CustomerShare.id == share_id).execute()


def _within_scope(work: Work, share_ids: Iterable[int], *, ended: bool) -> list[CustomerShare]:
    select = (
        CustomerShare.select(CustomerShare, Operator)
        .join(Operator)
        .where(
            CustomerShare.id.in_(list(share_ids)),
            CustomerShare.ended_at.is_null(not ended),
            CustomerShare.customer.in_(visible_customers(work.actor)),
        )
    )
    return list(select)


def _written(work: Work, customer_id: int, action: str, summary: str, old: str, new: str) -> None:
    subject = Source(KIND, customer_id)
    audit.record_changes(work, subject, [(FIELD, old, new)])
    audit.record(work, action, summary, subject)
    refresh_terms(work, [customer_id])
    work.changed(Topic.CUSTOMERS)
