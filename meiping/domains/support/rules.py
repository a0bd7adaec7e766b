"""What a service case is: its steps and their order, input and its refusals, when it is late."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from meiping.kernel.entered import phone_field, text_field
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.permissions import permission
from meiping.kernel.titled import Titled

VIEW = permission("service.view", "查看服务单", group="服务")
HANDLE = permission("service.handle", "登记与处理服务单", group="服务")
ASSIGN = permission("service.assign", "把服务单派给别人", group="服务")

KIND = "service_case"
"""The kind in the logs."""
PREFIX = "FW"
"""How numbers of cases begin."""
TYPES = "service_type"
"""The dictionary of types."""
SUBJECT_LIMIT, PERSON_LIMIT, TEXT_LIMIT, REASON_LIMIT = 100, 60, 4000, 200


class CaseStatus(Titled):
    """How far a case is: key and word on screen."""

    REGISTERED = ("registered", "待派工")
    ASSIGNED = ("assigned", "处理中")
    DONE = ("done", "已完成")
    REVISITED = ("revisited", "已回访")
    CLOSED = ("closed", "已关闭")


class Priority(Titled):
    """How soon it wants to be dealt with: key and word on screen, the most urgent first."""

    URGENT = ("urgent", "紧急")
    NORMAL = ("normal", "普通")
    LOW = ("low", "不急")


class Opinion(Titled):
    """What the customer says of it afterwards: key and word on screen."""

    SATISFIED = ("satisfied", "满意")
    FAIR = ("fair", "一般")
    UNSATISFIED = ("unsatisfied", "不满意")


class Step(Titled):
    """What is done with a case: key and word on screen."""

    REGISTER = ("register", "登记")
    ASSIGN = ("assign", "派工")
    FINISH = ("finish", "完成")
    REVISIT = ("revisit", "回访")
    CLOSE = ("close", "关闭")
    REOPEN = ("reopen", "重新处理")


STATUS_BY_KEY = {status.key: status for status in CaseStatus}
PRIORITY_BY_KEY = {priority.key: priority for priority in Priority}
OPINION_BY_KEY = {opinion.key: opinion for opinion in Opinion}
STEP_BY_KEY = {step.key: step for step in Step}
OPEN = (CaseStatus.REGISTERED, CaseStatus.ASSIGNED)
"""Still to be dealt with."""
_FROM = {
    Step.ASSIGN: OPEN,
    Step.FINISH: OPEN,
    Step.REVISIT: (CaseStatus.DONE, CaseStatus.REVISITED),
    Step.CLOSE: (*OPEN, CaseStatus.DONE, CaseStatus.REVISITED),
    Step.REOPEN: (CaseStatus.DONE, CaseStatus.REVISITED, CaseStatus.CLOSED),
}

CASE_TITLES = {
    "registered_date": "登记日期",
    "subject": "主题",
    "type": "服务类型",
    "priority": "优先级",
    "product": "商品",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "due_date": "期限",
    "content": "内容",
}
"""The word on screen of each field of a case, in the order in which changes are written down."""
GIVEN_TITLES = ("负责人", "负责部门")
"""What changes are called by which a case is given to a person, or to a department."""


def may_step(step: Step, status: CaseStatus) -> bool:
    """Whether the step can be taken with a case that is so far."""
    return status in _FROM.get(step, ())


def require_step(step: Step, status: CaseStatus, number: str) -> None:
    """Raise UserError unless the step can be taken with a case that is so far."""
    if not may_step(step, status):
        raise UserError(f"服务单 {number} {status.title}，不能再{step.title}。")


def late_days(due: date | None, ended: date | None, today: date) -> int:
    """By how many days a case is or was late: dealt with (or closed) after its term, or not yet and the term is over."""
    return max(0, ((ended or today) - due).days) if due is not None else 0


@dataclass(frozen=True, slots=True)
class CaseInput:
    """What is entered of a case. ``registered_date`` None is today; ``due_date`` is the last day of its term."""

    subject: str
    type_id: int | None = None
    priority: Priority = Priority.NORMAL
    content: str = ""
    product_id: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    due_date: date | None = None
    registered_date: date | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who is to deal with it: a department, a person, or a person of a department."""

    person_id: int | None = None
    department_id: int | None = None

    def __bool__(self) -> bool:
        return self.person_id is not None or self.department_id is not None


@dataclass(frozen=True, slots=True)
class DoneInput:
    """What is entered when it is done: by whom, to how many per cent, what was done. ``done_date`` None is today."""

    person_id: int | None = None
    percent: int | None = None
    done_date: date | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class RevisitInput:
    """What the customer said when he was asked afterwards. ``revisited_date`` None is today."""

    opinion: Opinion | None = None
    feedback: str = ""
    revisited_date: date | None = None


def check_case(case: CaseInput, *, today: date) -> CaseInput:
    """Bring what was entered into its stored form. Raises InputError with the field it concerns."""
    texts = {
        key: text_field(getattr(case, key), field=key, title=CASE_TITLES[key], limit=limit, lines=lines)
        for key, limit, lines in (
            ("subject", SUBJECT_LIMIT, False),
            ("contact_name", PERSON_LIMIT, False),
            ("content", TEXT_LIMIT, True),
        )
    }
    if not texts["subject"]:
        raise InputError("请填写主题。", field="subject")
    if case.type_id is None:
        raise InputError("请选择服务类型。", field="type_id")
    day = case.registered_date or today
    if day > today:
        raise InputError("登记日期不能晚于今天。", field="registered_date")
    if case.due_date is not None and case.due_date < day:
        raise InputError("期限不能早于登记日期。", field="due_date")
    phone = phone_field(case.contact_phone, field="contact_phone", title=CASE_TITLES["contact_phone"])
    changes: dict[str, Any] = {**texts, "contact_phone": phone.digits, "registered_date": day}
    return replace(case, **changes)


def check_done(done: DoneInput, *, registered: date, today: date) -> DoneInput:
    """Bring it into its stored form. Raises InputError with the field it concerns."""
    if done.person_id is None:
        raise InputError("请选择服务人员。", field="person_id")
    if done.percent is None:
        raise InputError("请填写完成度。", field="percent")
    if not 0 <= done.percent <= 100:
        raise InputError("完成度在 0 到 100 之间。", field="percent")
    day = done.done_date or today
    if day > today:
        raise InputError("完成日期不能晚于今天。", field="done_date")
    if day < registered:
        raise InputError("完成日期不能早于登记日期。", field="done_date")
    result = text_field(done.result, field="result", title="处理结果", limit=TEXT_LIMIT, lines=True)
    return replace(done, done_date=day, result=result)


def check_revisit(revisit: RevisitInput, *, done: date, today: date) -> RevisitInput:
    """Bring it into its stored form. Raises InputError with the field it concerns."""
    if revisit.opinion is None:
        raise InputError("请选择客户是否满意。", field="opinion")
    day = revisit.revisited_date or today
    if not done <= day <= today:
        raise InputError("回访日期要在完成之后，不能晚于今天。", field="revisited_date")
    feedback = text_field(revisit.feedback, field="feedback", title="客户反馈", limit=TEXT_LIMIT, lines=True)
    return replace(revisit, revisited_date=day, feedback=feedback)


def check_reason(reason: str, *, needed: bool) -> str:
    """Why, in its stored form. Raises InputError where one is needed and there is none."""
    said = text_field(reason, field="reason", title="原因", limit=REASON_LIMIT)
    if needed and not said:
        raise InputError("请填写原因。", field="reason")
    return said
