"""The public pool: salespersons claim customers from it, at once or once it is granted."""

from collections.abc import Collection
from dataclasses import dataclass

from meiping.domains.audit import service as audit
from meiping.domains.customers.models import Customer, PoolClaim
from meiping.domains.customers.ownership import hand_over_customers
from meiping.domains.customers.queries.pool import OPEN_CLAIM, in_pool, owned_count
from meiping.domains.customers.rules import CLAIM, KIND, TRANSFER
from meiping.domains.customers.sharing import require_salesperson
from meiping.domains.settings.queries import option
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb

CLAIM_CONFIRM = "customers.claim_confirm"
"""The option: a claim waits until somebody who may transfer customers grants it."""
OWNER_LIMIT = "customers.owner_limit"
"""The option: how many customers a salesperson may have by claims; 0 any number."""

MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Claimed:
    """What became of a claim: how many customers are the actor's now, and how many wait to be granted."""

    taken: int
    waiting: int


@verb(CLAIM)
def claim_customers(work: Work, *, customer_ids: Collection[int]) -> Claimed:
    """Ask for customers of the pool of one's company; unless claims must be granted they are the actor's at once.

    Raises InputError above the limit of customers a salesperson, NotFound where another was quicker.
    """
    wanted = _free(work, customer_ids)
    actor = work.actor
    require_salesperson(work, actor.operator_id, field="")
    asked = {claim.customer_id for claim in _own_open(work, [row.id for row in wanted])}
    fresh = [row for row in wanted if row.id not in asked]
    if option(CLAIM_CONFIRM) and not actor.can(TRANSFER):
        waiting = PoolClaim.select().where(PoolClaim.operator == actor.operator_id, OPEN_CLAIM).count()
        _check_limit(actor.operator_id, len(fresh) + waiting)
        for row in fresh:
            PoolClaim.create(customer=row.id, operator=actor.operator_id, asked_at=work.at)
            audit.record(work, "customer.claim_ask", "申请领用公海客户", Source(KIND, row.id))
        work.changed(Topic.CUSTOMERS)
        return Claimed(0, len(wanted))
    _check_limit(actor.operator_id, len(wanted))
    taken = hand_over_customers(
        work, wanted, actor.operator_id, action="customer.claim", summary="领用公海客户"
    )
    return Claimed(len(taken), 0)


@verb(CLAIM)
def withdraw_claims(work: Work, *, customer_ids: Collection[int]) -> int:
    """Take one's own open claims on customers back; gives how many there were."""
    claims = _own_open(work, customer_ids)
    for claim in claims:
        answered = {"decided_at": work.at, "decided_by": work.actor.name}
        PoolClaim.update(**answered).where(PoolClaim.id == claim.id).execute()
        audit.record(work, "customer.claim_withdraw", "撤回领用申请", Source(KIND, claim.customer_id))
    work.changed(Topic.CUSTOMERS)
    return len(claims)


@verb(TRANSFER)
def decide_claims(work: Work, *, claim_ids: Collection[int], granted: bool) -> int:
    """Grant claims or refuse them; gives how many. Of two claims on one customer the first granted wins.

    Raises InputError where the salesperson would have more customers than the shop allows.
    """
    decided = 0
    for claim_id in claim_ids:
        claim = PoolClaim.get_or_none(PoolClaim.id == claim_id, OPEN_CLAIM)
        if claim is None:
            continue
        (customer,) = _free(work, [claim.customer_id])
        if granted:
            _check_limit(claim.operator_id, 1, name=require_salesperson(work, claim.operator_id, field=""))
            hand_over_customers(
                work, [customer], claim.operator_id, action="customer.claim_grant", summary="同意领用公海客户"
            )
        else:
            answered = {"decided_at": work.at, "decided_by": work.actor.name, "granted": False}
            PoolClaim.update(**answered).where(PoolClaim.id == claim_id).execute()
            audit.record(work, "customer.claim_refuse", "不同意领用公海客户", Source(KIND, customer.id))
        decided += 1
    work.changed(Topic.CUSTOMERS)
    return decided


def drop_claims_of(work: Work, operator_id: int) -> int:
    """Close all open claims of an operator who leaves; gives how many. The caller has checked the right to it."""
    answered = {"decided_at": work.at, "decided_by": work.actor.name}
    return int(PoolClaim.update(**answered).where(PoolClaim.operator == operator_id, OPEN_CLAIM).execute())


# ---------------------------------------------------------------- inside


def _free(work: Work, customer_ids: Collection[int]) -> list[Customer]:
    ids = sorted(set(customer_ids))
    if len(ids) > MOST_AT_ONCE:
        raise InputError(f"一次最多选 {MOST_AT_ONCE:,} 位客户。")
    rows = list(Customer.select().where(Customer.id.in_(ids), in_pool(work.actor)).order_by(Customer.id))
    if len(rows) < len(ids):
        raise NotFound("没有领用：有客户已经有业务员，或者不在公海里了。请刷新后再试。")
    return rows


def _own_open(work: Work, customer_ids: Collection[int]) -> list[PoolClaim]:
    wanted = set(customer_ids)
    mine = PoolClaim.select().where(PoolClaim.operator == work.actor.operator_id, OPEN_CLAIM)
    return [claim for claim in mine if claim.customer_id in wanted]


def _check_limit(operator_id: int, more: int, *, name: str = "") -> None:
    limit = int(option(OWNER_LIMIT))
    owned = owned_count(operator_id) if limit else 0
    if limit and owned + more > limit:
        who = f"“{name}”" if name else "您"
        raise InputError(f"每位业务员最多 {limit} 位客户，{who}名下已有 {owned} 位，不能再领 {more} 位。")
