"""Sharing the care of customers: delegation until a day, co-managing without an end, and taking it back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from meiping.domains.access.models import Operator
from meiping.domains.audit import service as audit
from meiping.domains.customers.models import Customer, CustomerShare
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
    made, ended = [], []
    for customer in wanted:
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
    ids = sorted(set(customer_ids))
    columns = (
        Customer.id,
        Customer.owner,
        Customer.department,
        Customer.owned_since_date,
        Customer.company,
        Customer.name,
        Customer.phone,
    )
    for first in range(0, len(ids), 500):
        seen = visible_customers(work.actor).columns(*columns)
        met = (Customer.id.in_(ids[first : first + 500]), Customer.deleted_at.is_null())
        found.extend(seen.where(*met).order_by(Customer.id))
    return found


def owner_settled(work: Work, customer_ids: Collection[int], owner_id: int | None) -> list[int]:
    """What follows once customers have another owner; gives the ids of the shares it ended.

    Nobody shares what is his own, or what is nobody's; who asked for a customer of the pool is answered when it is
    gone. The search learns who sees them.
    """
    ended: list[int] = []
    for customer_id in customer_ids:
        for share in open_shares(customer_id):
            if owner_id is None or share.operator_id == owner_id:
                _end(work, share.id)
                ended.append(share.id)
        if owner_id is not None:
            answer_claims(work, customer_id, granted_to=owner_id)
        refresh_terms(work, customer_id)
    return ended


def answer_claims(work: Work, customer_id: int, *, granted_to: int | None) -> None:
    """Close the open claims on a customer: granted to this operator, refused to all others."""
    work.execute(
        "UPDATE pool_claim SET decided_at = ?, decided_by = ?, granted = (operator_id = ?)"
        " WHERE customer_id = ? AND decided_at IS NULL",
        work.at,
        work.actor.name,
        granted_to or 0,
        customer_id,
    )


def end_run_out(work: Work) -> int:
    """Write down that shares have ended whose last day has passed; gives how many. Nobody saw by them any more."""
    over = CustomerShare.select(CustomerShare.id, CustomerShare.customer).where(
        CustomerShare.ended_at.is_null(), CustomerShare.until_date < work.day
    )
    rows = list(over)
    for share in rows:
        _end(work, share.id, by=RUN_OUT)
        refresh_terms(work, share.customer_id)
    if rows:
        work.changed(Topic.CUSTOMERS)
    return len(rows)


def refresh_terms(work: Work, customer_id: int) -> None:
    """Have the search know who sees a customer now."""
    row = Customer.select(Customer.owner, Customer.department, Customer.company).where(
        Customer.id == customer_id
    )
    owner_id, department_id, company_id = cast("tuple[Any, Any, Any]", row.tuples().get())
    terms = scope_terms(
        owner_id=owner_id,
        department_id=department_id,
        company_id=company_id,
        shares=shares_for_search(customer_id),
    )
    search_index.set_hidden(work, KIND, customer_id, terms)


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
    refresh_terms(work, customer_id)
    work.changed(Topic.CUSTOMERS)
