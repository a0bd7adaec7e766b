"""Customers handed over together with what belongs to them, and all of a leaver's in one step."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from meiping.domains.access.models import Operator
from meiping.domains.access.rules import MANAGE_ACCESS
from meiping.domains.access.service import let_go
from meiping.domains.audit import service as audit
from meiping.domains.customers.models import Customer
from meiping.domains.customers.ownership import (
    OwnerKept,
    hand_over_customers,
    take_back_transfer,
    transfer_customers,
)
from meiping.domains.customers.pool import drop_claims_of
from meiping.domains.customers.queries import visible_customers
from meiping.domains.customers.rules import TRANSFER
from meiping.domains.customers.sharing import end_shares, living, require_salesperson, share_with
from meiping.domains.office.moving import pass_on_tasks
from meiping.domains.reminders.passing_on import pass_on, remind
from meiping.domains.stewardship.queries.handing_over import Leaving, leaving, shared_with
from meiping.domains.support.moving import pass_on_cases
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound, UserError
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb

HAND_OVER = "hand_over"
"""The token that confirms a hand-over."""


@dataclass(frozen=True, slots=True)
class TransferKept:
    """Who had customers and reminders before a transfer, to take it back."""

    customers: tuple[OwnerKept, ...]
    reminders: Mapping[int, int] = field(default_factory=dict)


@verb(TRANSFER)
def transfer(
    work: Work, *, customer_ids: Collection[int], owner_id: int | None, with_reminders: bool = False
) -> TransferKept:
    """Hand customers over to another salesperson, or to the public pool (None).

    With their reminders, those that remind the old owner of them remind the new one. Customers outside the scope, in
    the recycle bin, or already his are passed over. Raises InputError.
    """
    kept = transfer_customers(work, customer_ids=customer_ids, owner_id=owner_id)
    moved: dict[int, int] = {}
    if with_reminders and owner_id is not None:
        for before in {one.owner_id for one in kept if one.owner_id is not None}:
            ids = [one.customer_id for one in kept if one.owner_id == before]
            moved |= pass_on(work, from_id=before, to_id=owner_id, customer_ids=ids)
    return TransferKept(kept, moved)


@verb(TRANSFER)
def take_back(work: Work, *, kept: TransferKept) -> None:
    """Undo a transfer: customers and reminders go back to those who had them."""
    take_back_transfer(work, kept=kept.customers)
    remind(work, kept.reminders)


@dataclass(frozen=True, slots=True)
class HandOver:
    """To whom a leaver's things go.

    ``customers_to`` None is the public pool; ``by_status`` says it for customers of one status (None: without one)
    apart. ``cases_to`` None has his service cases wait for somebody; ``shared_to`` None ends what others shared with
    him; ``reports_to`` None leaves those below him without a superior.
    """

    customers_to: int | None
    reminders_to: int | None = None
    tasks_to: int | None = None
    cases_to: int | None = None
    shared_to: int | None = None
    reports_to: int | None = None
    by_status: Mapping[int | None, int | None] = field(default_factory=dict)

    def people(self) -> dict[str, int | None]:
        """Everybody who gets something, by the field that names him."""
        keys = ("customers_to", "reminders_to", "tasks_to", "cases_to", "shared_to", "reports_to")
        named = {key: getattr(self, key) for key in keys}
        return {**named, **{f"status.{key or 0}": to for key, to in self.by_status.items()}}


@verb(MANAGE_ACCESS)
def hand_over(
    work: Work, *, operator_id: int, plan: HandOver, confirmed: frozenset[str] = frozenset()
) -> Leaving:
    """Give all that a leaver has to others and take him out of use, in one step; gives what there was.

    His open claims are closed. Needs the right to transfer customers besides, and asks first. Raises InputError with
    the field of the plan, UserError where some of his customers lie outside the actor's scope.
    """
    work.actor.require(TRANSFER)
    leaver = Operator.get_or_none(Operator.id == operator_id)
    if leaver is None:
        raise NotFound("没有这个操作员。")
    found = leaving(operator_id)
    _check(work, operator_id, plan, found)
    if HAND_OVER not in confirmed:
        question = f"交接“{leaver.name}”名下的 {found.words()}，并停用这位操作员吗？"
        raise NeedsConfirmation(HAND_OVER, question, verb="交接并停用", danger=True)
    _customers(work, operator_id, plan)
    _shares(work, operator_id, plan.shared_to)
    if plan.reminders_to is not None:
        pass_on(work, from_id=operator_id, to_id=plan.reminders_to)
    if plan.tasks_to is not None:
        pass_on_tasks(work, from_id=operator_id, to_id=plan.tasks_to)
    pass_on_cases(work, from_id=operator_id, to_id=plan.cases_to)
    drop_claims_of(work, operator_id)
    let_go(work, operator_id=operator_id, reports_to=plan.reports_to)
    audit.record(work, "operator.hand_over", f"离职交接：{found.words()}", Source("operator", operator_id))
    work.changed(Topic.CUSTOMERS)
    return found


def _check(work: Work, operator_id: int, plan: HandOver, found: Leaving) -> None:
    for key, person in plan.people().items():
        if person == operator_id:
            raise InputError("不能交给离职的人自己，请选另一位。", field=key)
        if person is not None:
            require_salesperson(work, person, field=key)
    if found.reminders and plan.reminders_to is None:
        raise InputError("请选择提醒转给谁。", field="reminders_to")
    if found.tasks and plan.tasks_to is None:
        raise InputError("请选择任务转给谁。", field="tasks_to")
    seen = visible_customers(work.actor).where(Customer.owner == operator_id, Customer.deleted_at.is_null())
    if seen.count() < found.customers:
        raise UserError("他的一部分客户不在您的查看范围内，请让系统管理员来做交接。")


def _customers(work: Work, operator_id: int, plan: HandOver) -> None:
    """Those in the recycle bin too: restored one day, they shall not belong to who has left."""
    groups: dict[int | None, list[Customer]] = {}
    for row in Customer.select().where(Customer.owner == operator_id).order_by(Customer.id):
        groups.setdefault(plan.by_status.get(row.status_id, plan.customers_to), []).append(row)
    for to_id, rows in groups.items():
        hand_over_customers(work, rows, to_id, action="customer.hand_over", summary="离职交接客户")


def _shares(work: Work, operator_id: int, to_id: int | None) -> None:
    shares = shared_with(operator_id)
    end_shares(work, share_ids=[share.id for share in shares])
    if to_id is None:
        return
    has = {share.customer_id for share in shared_with(to_id)}
    for until in {share.until_date for share in shares}:
        ids = [one.customer_id for one in shares if one.until_date == until and one.customer_id not in has]
        rows = [row for row in living(work, ids) if row.owner_id not in (None, to_id)]
        if until is None or until >= work.day:
            share_with(work, rows, to_id, until)
