"""What a task is: its right, input and refusals, the state it is in, and how its day is told."""

from dataclasses import dataclass, replace
from datetime import date

from meiping.kernel.entered import text_field
from meiping.kernel.errors import InputError
from meiping.kernel.moments import show_date
from meiping.kernel.permissions import permission
from meiping.kernel.titled import Titled

USE = permission("office.tasks", "使用任务", group="办公")
LEAD = permission("office.lead_tasks", "查看和布置同事的任务", group="办公")
"""Makes the data scope count for tasks; without it only those below one do, by the superior written down."""

KIND = "task"
"""The kind in the logs."""
TITLE_LIMIT, CONTENT_LIMIT, COMMENT_LIMIT = 100, 2000, 1000
REMINDER_LIMIT = 60
"""How long the words of a reminder about a task may be."""
WHOLE = 100
"""The progress, in percent, of a task that is done."""
WORDS_HIDDEN = "（已隐去）"
"""Stands for words about a customer who was made anonymous."""
TASK_TITLES = {
    "title": "任务",
    "content": "内容",
    "customer": "客户",
    "due_date": "截止日期",
    "priority": "优先级",
    "assignee": "负责人",
    "giver": "布置人",
    "progress": "进度",
    "state": "状态",
}
"""The word on screen of each field of a task, in the order in which changes are written down."""


class Priority(Titled):
    """How much it matters: key, word on screen, and the place in order."""

    HIGH = ("high", "高", 1)
    NORMAL = ("normal", "中", 2)
    LOW = ("low", "低", 3)

    @property
    def place(self) -> int:
        """Its place in order, 1 first: what lies in the file."""
        return int(self.value[2])


PRIORITY_BY_PLACE = {priority.place: priority for priority in Priority}


class TaskState(Titled):
    """What has become of a task: key and word on screen."""

    OPEN = ("open", "进行中")
    DONE = ("done", "已完成")
    GIVEN_UP = ("given_up", "已放弃")


STATE_BY_KEY = {state.key: state for state in TaskState}


@dataclass(frozen=True, slots=True)
class TaskInput:
    """What is entered of a task; ``assignee_id`` None is oneself, ``due_date`` None leaves it open."""

    title: str
    content: str = ""
    customer_id: int | None = None
    due_date: date | None = None
    priority: Priority = Priority.NORMAL
    assignee_id: int | None = None


def check_task(task: TaskInput) -> TaskInput:
    """Bring what was entered into its stored form. Raises InputError with the field it concerns."""
    title = text_field(task.title, field="title", title=TASK_TITLES["title"], limit=TITLE_LIMIT)
    if not title:
        raise InputError("请填写要做什么。", field="title")
    content = text_field(
        task.content, field="content", title=TASK_TITLES["content"], limit=CONTENT_LIMIT, lines=True
    )
    return replace(task, title=title, content=content)


def check_progress(percent: int) -> int:
    """The percentage. Raises InputError unless it is 0 to 100."""
    if not 0 <= percent <= WHOLE:
        raise InputError(f"进度是 0 到 {WHOLE} 之间的整数。", field="progress")
    return percent


def check_comment(text: str, *, needed: bool) -> str:
    """The words in their stored form. Raises InputError where there are none but some are ``needed``."""
    words = text_field(text, field="text", title="批注", limit=COMMENT_LIMIT, lines=True)
    if needed and not words:
        raise InputError("请填写批注。", field="text")
    return words


def due_subject(title: str) -> str:
    """What the reminder of a task's last day is called."""
    words = f"任务到期：{title}"
    return words if len(words) <= REMINDER_LIMIT else f"{words[: REMINDER_LIMIT - 1]}…"


def days_late(due_date: date | None, state: TaskState, today: date) -> int:
    """For how many days an open task should have been done; 0 for one in time."""
    if due_date is None or state is not TaskState.OPEN:
        return 0
    return max(0, (today - due_date).days)


def state_words(due_date: date | None, state: TaskState, today: date) -> str:
    """Where a task stands: ``逾期 3 天``, ``今天到期``, ``进行中``, ``已完成``."""
    late = days_late(due_date, state, today)
    if late:
        return f"逾期 {late:,} 天"
    if state is TaskState.OPEN and due_date == today:
        return "今天到期"
    return state.title


def due_words(due_date: date | None, today: date) -> str:
    """A task's last day, short and close to today: ``逾期 2 天``, ``今天``, ``明天``, ``2026-04-01``; none is empty."""
    if due_date is None:
        return ""
    days = (due_date - today).days
    if days < 0:
        return f"逾期 {-days:,} 天"
    return {0: "今天", 1: "明天", 2: "后天"}.get(days, show_date(due_date))
