"""What an operator who leaves has, to be seen before it goes to others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from peewee import fn

from meiping.domains.access.models import Operator
from meiping.domains.access.rules import MANAGE_ACCESS
from meiping.domains.customers.models import Customer, CustomerShare, PoolClaim
from meiping.domains.office.moving import open_tasks_of
from meiping.domains.reminders.models import Reminder
from meiping.domains.settings.queries import words
from meiping.domains.support.moving import open_cases_of
from meiping.kernel.actor import Actor
from meiping.store.unit_of_work import query


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many of his customers have a status; ``id`` is None for those without."""

    id: int | None
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a leaver has: customers by status, what is open of reminders, tasks (had or given) and service cases, what
    others share with him, claims, people below.
    """

    customers: int
    by_status: tuple[StatusCount, ...]
    reminders: int
    tasks: int
    cases: int
    shared: int
    claims: int
    reports: int

    def words(self) -> str:
        """``12 位客户、3 条提醒``; what there is none of is left out."""
        parts = (
            (self.customers, "位客户"),
            (self.reminders, "条提醒"),
            (self.tasks, "个任务"),
            (self.cases, "张服务单"),
            (self.shared, "份授权"),
            (self.claims, "份领用申请"),
            (self.reports, "位下属"),
        )
        named = "、".join(f"{count:,} {unit}" for count, unit in parts if count)
        return named or "账号（没有客户和提醒）"


@query(MANAGE_ACCESS)
def hand_over_preview(actor: Actor, *, operator_id: int) -> Leaving:
    """How much an operator would leave behind."""
    return leaving(operator_id)


def leaving(operator_id: int) -> Leaving:
    """The same, for who has checked the right to it."""
    counted = _by_status(operator_id)
    named = [(word.id, word.name) for word in words("customer_status", with_inactive=True)]
    by_status = [StatusCount(key, name, counted.get(key, 0)) for key, name in (*named, (None, "未填写"))]
    return Leaving(
        customers=sum(counted.values()),
        by_status=tuple(one for one in by_status if one.count),
        reminders=Reminder.select()
        .where(Reminder.operator == operator_id, Reminder.done_at.is_null(), Reminder.origin.is_null())
        .count(),
        tasks=open_tasks_of(operator_id).count(),
        cases=open_cases_of(operator_id).count(),
        shared=len(shared_with(operator_id)),
        claims=PoolClaim.select()
        .where(PoolClaim.operator == operator_id, PoolClaim.decided_at.is_null())
        .count(),
        reports=Operator.select().where(Operator.superior == operator_id).count(),
    )


def shared_with(operator_id: int) -> list[CustomerShare]:
    """The open shares by which an operator looks after the customers of others."""
    mine = (CustomerShare.operator == operator_id) & CustomerShare.ended_at.is_null()
    return list(CustomerShare.select().where(mine).order_by(CustomerShare.id))


def _by_status(operator_id: int) -> dict[int | None, int]:
    rows = (
        Customer.select(Customer.status, fn.count(Customer.id))
        .where(Customer.owner == operator_id, Customer.deleted_at.is_null())
        .group_by(Customer.status)
        .tuples()
    )
    return dict(cast("Iterable[tuple[Any, int]]", rows))
