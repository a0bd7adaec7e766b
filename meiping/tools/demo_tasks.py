"""Tasks of the demonstration shop: some due today, a few late, talked about, done and given up."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from meiping.domains.office.rules import Priority, TaskInput
from meiping.domains.office.service import (
    add_task,
    comment_task,
    finish_tasks,
    give_up_tasks,
    set_progress,
)
from meiping.kernel.moments import system_clock
from meiping.store.database import fetch_value
from meiping.tools.demo_maker import ADMINISTRATOR, Maker

_MANAGER = "林静"
_DONE, _GIVEN_UP = "done", "given up"


@dataclass(frozen=True, slots=True)
class _Task:
    """A task of somebody: ``due`` days from today, made ``ago`` days before it, with what was said of it."""

    title: str
    content: str
    person: str
    giver: str
    due: int | None
    ago: int
    priority: Priority = Priority.NORMAL
    percent: int = 0
    said: tuple[tuple[str, str], ...] = ()
    about_somebody: bool = False
    ended: str = ""


_TASKS = (
    _Task(
        "准备本月生日会员的礼品",
        "每位一份小样加手写卡片，名单在“近 7 天生日”里。",
        _MANAGER,
        ADMINISTRATOR,
        3,
        9,
        Priority.HIGH,
        40,
        ((_MANAGER, "小样还差 20 份，供应商说三天内到。"), (ADMINISTRATOR, "先送快到日子的。")),
    ),
    _Task(
        "回访流失预警里的客户",
        "先打消费多的，问问最近用得怎么样。",
        "陈强",
        _MANAGER,
        -2,
        12,
        percent=60,
        said=(("陈强", "打了 12 位，3 位想试新品。"), (_MANAGER, "想试的约到店里来，留好小样。")),
    ),
    _Task("盘点护肤专柜", "两人一组，先数再录。", "小周", _MANAGER, 0, 4),
    _Task("联系厂家换新的陈列架", "", ADMINISTRATOR, ADMINISTRATOR, 0, 7, Priority.HIGH, 20),
    _Task("送样品并带回意见", "新到的三款面膜各两盒。", "陈强", "陈强", 1, 3, about_somebody=True),
    _Task("合同盖章寄回", "一式两份，快递单号记在批注里。", "赵敏", _MANAGER, 5, 2, about_somebody=True),
    _Task("更换橱窗价签", "", "小何", _MANAGER, -1, 5, Priority.LOW),
    _Task("核对本季度的欠款客户", "金额大的先上门。", ADMINISTRATOR, ADMINISTRATOR, 8, 6),
    _Task("熟悉收银台的快捷键", "按 F1 对照着练。", "小何", "小何", None, 15, Priority.LOW, 80),
    _Task("整理上季度的发票", "", ADMINISTRATOR, ADMINISTRATOR, -6, 20, ended=_DONE),
    _Task("布置周年庆海报", "", _MANAGER, ADMINISTRATOR, -10, 25, ended=_DONE),
    _Task("和隔壁店谈联合促销", "", ADMINISTRATOR, ADMINISTRATOR, -15, 30, ended=_GIVEN_UP),
)


def make_tasks(maker: Maker, today: date) -> None:
    """For everybody in the shop, in every state a task can be in."""
    for place, task in enumerate(_TASKS):
        _make(maker, today, task, place)
    maker.clock.now = system_clock()


def _make(maker: Maker, today: date, task: _Task, place: int) -> None:
    actor, person = maker.actors[task.giver], maker.actors[task.person]
    _set_clock(maker, today - timedelta(days=task.ago), place)
    somebody = _customer_of(person.operator_id) if task.about_somebody else None
    task_id = add_task(
        actor,
        key=str(uuid.UUID(int=maker.random.getrandbits(128), version=4)),
        task=TaskInput(
            task.title,
            task.content,
            somebody,
            None if task.due is None else today + timedelta(days=task.due),
            task.priority,
            person.operator_id,
        ),
    )
    _set_clock(maker, today - timedelta(days=task.ago // 2), place)
    if task.percent:
        set_progress(person, task_id=task_id, percent=task.percent)
    for minute, (who, words) in enumerate(task.said, start=1):
        _set_clock(maker, today - timedelta(days=task.ago // 2), place + minute)
        comment_task(maker.actors[who], task_id=task_id, text=words)
    if task.ended:
        end = finish_tasks if task.ended == _DONE else give_up_tasks
        end(person, task_ids=[task_id])


def _customer_of(operator_id: int) -> int | None:
    """One whom he looks after, if there is any."""
    mine = "SELECT id FROM customer WHERE owner_id = ? AND deleted_at IS NULL ORDER BY id LIMIT 1"
    found: int | None = fetch_value(mine, operator_id)
    return found


def _set_clock(maker: Maker, day: date, minute: int) -> None:
    maker.clock.now = min(datetime.combine(day, time(9, 30 + minute)).astimezone(), system_clock())
