"""Who looks after whom in the demonstration shop: a public pool, claims on it, delegations."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from meiping.domains.customers.ownership import transfer_customers
from meiping.domains.customers.pool import claim_customers
from meiping.domains.customers.sharing import share_customers
from meiping.domains.settings.service import save_options
from meiping.kernel.moments import local_day, system_clock
from meiping.store.database import fetch
from meiping.store.unit_of_work import Work
from meiping.tools.demo_maker import Maker

_POOL, _SHARED, _CO_MANAGED = 24, 5, 3


def make_ownership(maker: Maker) -> None:
    """Some customers nobody looks after, two claims that wait, some shared while a colleague is away.

    All of it was done on the days before today.
    """
    today = local_day(system_clock())
    seller, helper = maker.actors["陈强"], maker.actors["赵敏"]
    theirs = [
        row[0]
        for row in fetch(
            "SELECT id FROM customer WHERE owner_id = ? AND deleted_at IS NULL ORDER BY id",
            seller.operator_id,
        )
    ]
    free, rest = theirs[-_POOL:], theirs[:-_POOL]
    if len(rest) < _SHARED + _CO_MANAGED:
        return
    maker.clock.now = _evening(today, days_ago=5)
    transfer_customers(maker.owner, customer_ids=free, owner_id=None)
    save_options(maker.owner, values={"customers.claim_confirm": True})
    maker.clock.now = _evening(today, days_ago=2)
    claim_customers(seller, customer_ids=free[:1])
    maker.clock.now += timedelta(minutes=35)
    claim_customers(helper, customer_ids=free[:2])
    maker.clock.now = _evening(today, days_ago=1)
    share_customers(
        maker.owner,
        customer_ids=rest[:_SHARED],
        operator_id=helper.operator_id,
        until=today + timedelta(days=10),
    )
    share_customers(
        maker.owner,
        customer_ids=rest[_SHARED : _SHARED + _CO_MANAGED],
        operator_id=helper.operator_id,
    )


def own_since_created(work: Work, ids: Sequence[int]) -> None:
    """Let customers entered now be their salesperson's since the day they came to the shop, as they say of themselves."""
    marks = ", ".join("?" * len(ids))
    work.execute(
        f"UPDATE customer SET owned_since_date = created_date WHERE owner_id IS NOT NULL AND id IN ({marks})",
        *ids,
    )


def _evening(today: date, *, days_ago: int) -> datetime:
    """Before the shop closed, ``days_ago`` days before today."""
    return datetime.combine(today - timedelta(days=days_ago), time(18, 20)).astimezone()
