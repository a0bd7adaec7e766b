"""Verbs about service cases: registered, assigned, done, revisited, closed, dealt with anew."""

from collections.abc import Collection
from datetime import date
from typing import Any

from meiping.domains.access.models import Department, Operator
from meiping.domains.audit import service as audit
from meiping.domains.catalog.models import Product
from meiping.domains.contacts.queries.reach import usable_customer
from meiping.domains.settings.models import DictionaryItem
from meiping.domains.settings.service import next_number
from meiping.domains.support.models import ServiceCase, ServiceStep
from meiping.domains.support.queries import CaseDetail, read_case, visible_case
from meiping.domains.support.rules import (
    ASSIGN,
    CASE_TITLES,
    GIVEN_TITLES,
    HANDLE,
    KIND,
    PREFIX,
    STATUS_BY_KEY,
    TYPES,
    Assigned,
    CaseInput,
    CaseStatus,
    DoneInput,
    Priority,
    RevisitInput,
    Step,
    check_case,
    check_done,
    check_reason,
    check_revisit,
    require_step,
)
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.moments import show_date
from meiping.kernel.phones import show_phone
from meiping.kernel.source import Source
from meiping.store import recycle_bin
from meiping.store.unit_of_work import Work, verb

_NOBODY = Assigned()


@verb(HANDLE)
def add_case(work: Work, *, key: str, customer_id: int, case: CaseInput, assigned: Assigned = _NOBODY) -> int:
    """Write down a complaint or request and give its id, assigned at once if so wanted.

    The same ``key`` again gives the first one's. Raises InputError with the field.
    """
    there = ServiceCase.get_or_none(ServiceCase.key == key)
    if there is not None:
        return int(visible_case(work.actor, there.id).id)
    usable_customer(work.actor, customer_id)
    if not work.actor.operator_id:
        raise InputError("服务单要由一位操作员登记，请先登录。")
    wanted = check_case(case, today=work.day)
    _require_known(wanted, before=None)
    made = ServiceCase.create(
        key=key,
        number=next_number(work, PREFIX, day=work.day),
        company=work.actor.company_id,
        customer=customer_id,
        operator=work.actor.operator_id,
        status=CaseStatus.REGISTERED.key,
        created_at=work.at,
        **_columns(wanted),
    )
    _step(work, made.id, Step.REGISTER)
    if assigned:
        _give(work, made.id, assigned)
    _written(work, "service_case.add", "登记服务单", made.id)
    return int(made.id)


@verb(HANDLE)
def change_case(work: Work, *, case_id: int, case: CaseInput) -> int:
    """Change what was entered of a case that is not closed; every field that changed is written down.

    Gives how many did. Raises InputError.
    """
    _usable(work, case_id)
    before = read_case(case_id, today=work.day)
    if before.status is CaseStatus.CLOSED:
        raise UserError(f"服务单 {before.number} 已关闭，要改请先重新处理。")
    wanted = check_case(case, today=work.day)
    if before.done_date is not None and (wanted.registered_date or work.day) > before.done_date:
        raise InputError("登记日期不能晚于完成日期。", field="registered_date")
    _require_known(wanted, before=before)
    ServiceCase.update(**_columns(wanted)).where(ServiceCase.id == case_id).execute()
    after = read_case(case_id, today=work.day)
    changes = [(title, _shown(before, key), _shown(after, key)) for key, title in CASE_TITLES.items()]
    count = audit.record_changes(work, Source(KIND, case_id), changes)
    if count:
        _written(work, "service_case.change", "修改服务单", case_id)
    return count


@verb(HANDLE)
def assign_case(
    work: Work, *, case_id: int, assigned: Assigned, due_date: date | None = None, note: str = ""
) -> None:
    """Give an open case to a person or a department, another one too; ``due_date`` is its term from now on.

    One may take a case oneself; to give it to others is a right of its own. Raises InputError with the field.
    """
    row = _at_step(work, case_id, Step.ASSIGN)
    if not assigned:
        raise InputError("请选择交给谁处理。", field="person_id")
    if due_date is not None and due_date < row.registered_date:
        raise InputError("期限不能早于登记日期。", field="due_date")
    before = read_case(case_id, today=work.day)
    ServiceCase.update(due_date=due_date).where(ServiceCase.id == case_id).execute()
    _give(work, case_id, assigned, note=check_reason(note, needed=False))
    after = read_case(case_id, today=work.day)
    audit.record_changes(
        work,
        Source(KIND, case_id),
        [
            (GIVEN_TITLES[0], before.person, after.person),
            (GIVEN_TITLES[1], before.department, after.department),
            ("期限", _shown(before, "due_date"), _shown(after, "due_date")),
        ],
    )
    _written(work, "service_case.assign", "服务单派工", case_id)


@verb(HANDLE)
def finish_case(work: Work, *, case_id: int, finished: DoneInput) -> None:
    """Write down who dealt with a case and how far. Raises InputError with the field."""
    row = _at_step(work, case_id, Step.FINISH)
    wanted = check_done(finished, registered=row.registered_date, today=work.day)
    name = _person(wanted.person_id)
    ServiceCase.update(
        status=CaseStatus.DONE.key,
        done_by=wanted.person_id,
        done_date=wanted.done_date,
        done_percent=wanted.percent,
        result=wanted.result,
    ).where(ServiceCase.id == case_id).execute()
    said = f"{show_date(wanted.done_date)} {name}，完成度 {wanted.percent}%"
    _step(work, case_id, Step.FINISH, "：".join(filter(None, (said, wanted.result))))
    _written(work, "service_case.finish", "服务单完成", case_id)


@verb(HANDLE)
def revisit_case(work: Work, *, case_id: int, revisit: RevisitInput) -> None:
    """Write down what the customer said afterwards, once more too. Raises InputError with the field."""
    row = _at_step(work, case_id, Step.REVISIT)
    assert row.done_date is not None, "what is not done is not revisited"
    wanted = check_revisit(revisit, done=row.done_date, today=work.day)
    assert wanted.opinion is not None, "it was checked"
    ServiceCase.update(
        status=CaseStatus.REVISITED.key,
        opinion=wanted.opinion.key,
        revisited_date=wanted.revisited_date,
        feedback=wanted.feedback,
    ).where(ServiceCase.id == case_id).execute()
    said = f"{show_date(wanted.revisited_date)} {wanted.opinion.title}"
    _step(work, case_id, Step.REVISIT, "：".join(filter(None, (said, wanted.feedback))))
    _written(work, "service_case.revisit", "服务单回访", case_id)


@verb(HANDLE)
def close_cases(work: Work, *, case_ids: Collection[int], reason: str = "") -> int:
    """Put cases to the files; gives how many. Of those nobody dealt with the ``reason`` is asked for.

    Those closed already are passed over. Raises InputError.
    """
    rows = [_usable(work, case_id) for case_id in case_ids]
    open_ones = [row for row in rows if row.status != CaseStatus.CLOSED.key]
    undone = any(row.done_date is None for row in open_ones)
    said = check_reason(reason, needed=undone)
    for row in open_ones:
        values = {"status": CaseStatus.CLOSED.key, "closed_date": work.day}
        ServiceCase.update(**values).where(ServiceCase.id == row.id).execute()
        _step(work, row.id, Step.CLOSE, said)
        _written(work, "service_case.close", "关闭服务单", row.id)
    return len(open_ones)


@verb(HANDLE)
def reopen_case(work: Work, *, case_id: int, reason: str) -> None:
    """Have a case dealt with anew: what was done, said and closed holds no longer, but stays among its steps.

    It waits again for whom it was given to. Raises InputError without a reason.
    """
    row = _at_step(work, case_id, Step.REOPEN)
    said = check_reason(reason, needed=True)
    given = row.person_id is not None or row.department_id is not None
    ServiceCase.update(
        status=(CaseStatus.ASSIGNED if given else CaseStatus.REGISTERED).key,
        done_by=None,
        done_date=None,
        done_percent=None,
        result="",
        opinion=None,
        revisited_date=None,
        feedback="",
        closed_date=None,
    ).where(ServiceCase.id == case_id).execute()
    _step(work, case_id, Step.REOPEN, said)
    _written(work, "service_case.reopen", "服务单重新处理", case_id)


@verb(HANDLE)
def delete_cases(work: Work, *, case_ids: Collection[int]) -> int:
    """Put cases into the recycle bin; gives how many went."""
    return _move(work, case_ids, into_bin=True, action="service_case.delete", summary="服务单移入回收站")


@verb(HANDLE)
def restore_cases(work: Work, *, case_ids: Collection[int]) -> int:
    """Take cases out of the recycle bin; gives how many came back."""
    return _move(work, case_ids, into_bin=False, action="service_case.restore", summary="从回收站恢复服务单")


# ---------------------------------------------------------------- inside
def _move(work: Work, case_ids: Collection[int], *, into_bin: bool, action: str, summary: str) -> int:
    rows = (visible_case(work.actor, case_id) for case_id in case_ids)
    moved = recycle_bin.move(work, rows, into_bin=into_bin)
    for row in moved:
        _written(work, action, summary, row.id)
    return len(moved)


def _usable(work: Work, case_id: int) -> ServiceCase:
    row = visible_case(work.actor, case_id)
    recycle_bin.require_outside(row, f"服务单 {row.number} ")
    return row


def _at_step(work: Work, case_id: int, step: Step) -> ServiceCase:
    row = _usable(work, case_id)
    require_step(step, STATUS_BY_KEY[row.status], row.number)
    return row


def _give(work: Work, case_id: int, assigned: Assigned, *, note: str = "") -> None:
    """A person's own department stands beside him unless another is named."""
    mine = assigned.person_id == work.actor.operator_id and assigned.department_id is None
    if not mine:
        work.actor.require(ASSIGN)
    whom = [_department(assigned.department_id), _person(assigned.person_id)]
    ServiceCase.update(
        status=CaseStatus.ASSIGNED.key, person=assigned.person_id, department=assigned.department_id
    ).where(ServiceCase.id == case_id).execute()
    said = " ".join(filter(None, whom))
    _step(work, case_id, Step.ASSIGN, "：".join(filter(None, (said, note))))


def _department(department_id: int | None) -> str:
    if department_id is None:
        return ""
    row = Department.get_or_none(Department.id == department_id)
    if row is None:
        raise InputError("这个部门已经不在了，请重新选择。", field="department_id")
    return str(row.name)


def _person(person_id: int | None) -> str:
    if person_id is None:
        return ""
    row = Operator.get_or_none(Operator.id == person_id, Operator.active)
    if row is None:
        raise InputError("这位操作员已停用，请另选一位。", field="person_id")
    return str(row.name)


def _require_known(case: CaseInput, *, before: CaseDetail | None) -> None:
    """Type and product must be on file, unless they stood there before."""
    if before is None or case.type_id != before.type_id:
        same = (DictionaryItem.id == case.type_id) & (DictionaryItem.kind == TYPES)
        if not DictionaryItem.select().where(same, DictionaryItem.active).exists():
            raise InputError("这个服务类型已经停用，请重新选择。", field="type_id")
    other = case.product_id is not None and (before is None or case.product_id != before.product_id)
    if other and Product.get_or_none(Product.id == case.product_id) is None:
        raise InputError("这种商品已经不在了，请重新选择。", field="product_id")


def _columns(case: CaseInput) -> dict[str, Any]:
    return {
        "registered_date": case.registered_date,
        "subject": case.subject,
        "type": case.type_id,
        "priority": case.priority.key,
        "content": case.content,
        "product": case.product_id,
        "contact_name": case.contact_name,
        "contact_phone": case.contact_phone,
        "due_date": case.due_date,
    }


def _shown(detail: CaseDetail, key: str) -> str:
    value: date | str | Priority | None = getattr(detail, key)
    if isinstance(value, Priority):
        return value.title
    if key == "contact_phone":
        return show_phone(detail.contact_phone)
    return value if isinstance(value, str) else show_date(value)


def _step(work: Work, case_id: int, step: Step, note: str = "") -> None:
    ServiceStep.create(case=case_id, at=work.at, operator=work.actor.operator_id, step=step.key, note=note)


def _written(work: Work, action: str, summary: str, case_id: int) -> None:
    audit.record(work, action, summary, Source(KIND, case_id))
    work.changed(Topic.SUPPORT)
