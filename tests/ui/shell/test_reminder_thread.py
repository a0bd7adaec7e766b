"""Reminders come within a minute, each once, whatever happens meanwhile."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, time

import pytest
import ttkbootstrap as ttk

from meiping.domains.access.models import Operator
from meiping.domains.access.service import save_role
from meiping.domains.customers.service import delete_customers
from meiping.domains.reminders.automatic import renew_automatic
from meiping.domains.reminders.facts import customer_facts
from meiping.domains.reminders.queries import DueReminder, due
from meiping.domains.reminders.rules import ReminderInput, Repeat
from meiping.domains.reminders.service import add_reminder, claim_notified, mark_done, snooze
from meiping.domains.settings.service import save_options
from meiping.kernel.actor import Actor, Scope
from meiping.ui.shell.reminder_source import Reminders, ReminderWatch
from meiping.ui.shell.reminder_thread import LONGEST_WAIT_S, ReminderThread
from tests.factories import add_customer, add_product, recharge, sell
from tests.shop import OpenedShop
from tests.windows import AtOnce, PageContext

Pump = Callable[..., None]
TODAY = date(2026, 3, 16)


def remind(actor: Actor, subject: str = "回访", at: time = time(9, 10), repeat: Repeat = Repeat.ONCE) -> int:
    return add_reminder(actor, reminder=ReminderInput(subject, TODAY, at, repeat))


class Waiting:
    """Stands in for the waiting of the thread: tells how long it would wait, and waits for the test to go on."""

    def __init__(self) -> None:
        self.asked: queue.Queue[float] = queue.Queue()
        self._gone_on = threading.Semaphore(0)

    def __call__(self, seconds: float) -> None:
        self.asked.put(seconds)
        self._gone_on.acquire(timeout=10)

    def seconds(self) -> float:
        """How long the thread waits now; it has looked before."""
        return self.asked.get(timeout=10)

    def go_on(self) -> float:
        """Let it look again; gives how long it waits then."""
        self._gone_on.release()
        return self.seconds()

    def let_go(self) -> None:
        """Hold nothing up any more."""
        for _ in range(20):
            self._gone_on.release()


class Watched:
    """A thread under the test's clock, and what it handed over."""

    def __init__(self, actor: Actor) -> None:
        self.waiting = Waiting()
        self.handed: list[list[str]] = []
        self.thread = ReminderThread(actor, self._due, wait=self.waiting)

    def _due(self, found: Sequence[DueReminder]) -> None:
        self.handed.append([reminder.subject for reminder in found])

    def stop(self) -> None:
        self.waiting.let_go()
        self.thread.stop()


@pytest.fixture
def watch() -> Iterator[Callable[[Actor], Watched]]:
    watched: list[Watched] = []

    def start(actor: Actor) -> Watched:
        watched.append(Watched(actor))
        watched[-1].thread.start()
        return watched[-1]

    yield start
    for one in watched:
        one.stop()
        assert not one.thread.alive()


def test_it_sleeps_a_minute_at_most_and_just_until_the_next_one(
    shop: OpenedShop, watch: Callable[[Actor], Watched]
):
    remind(shop.actor)
    watched = watch(shop.actor)
    assert watched.waiting.seconds() == LONGEST_WAIT_S == 60
    shop.clock.advance(minutes=9, seconds=30)
    assert watched.waiting.go_on() == 30
    assert watched.handed == []
    shop.clock.advance(seconds=30)
    watched.waiting.go_on()
    assert watched.handed == [["回访"]]


def test_what_is_due_is_handed_over_until_somebody_claims_it(
    shop: OpenedShop, watch: Callable[[Actor], Watched]
):
    reminder_id = remind(shop.actor)
    shop.clock.advance(minutes=10)
    watched = watch(shop.actor)
    assert watched.waiting.seconds() == 60
    watched.waiting.go_on()
    assert watched.handed == [["回访"], ["回访"]]
    claim_notified(shop.actor, reminder_ids=[reminder_id])
    watched.waiting.go_on()
    assert len(watched.handed) == 2


def test_what_was_missed_comes_at_once_when_the_program_starts(
    shop: OpenedShop, watch: Callable[[Actor], Watched]
):
    remind(shop.actor, "交房租")
    remind(shop.actor, "浇花", repeat=Repeat.DAILY)
    shop.clock.set(2026, 3, 20, 8)
    watched = watch(shop.actor)
    watched.waiting.seconds()
    assert watched.handed == [["交房租", "浇花"]]


def test_a_machine_that_slept_or_whose_clock_was_set_is_noticed_at_the_next_look(
    shop: OpenedShop, watch: Callable[[Actor], Watched]
):
    remind(shop.actor, at=time(18))
    watched = watch(shop.actor)
    watched.waiting.seconds()
    shop.clock.set(2026, 3, 17, 7)
    watched.waiting.go_on()
    assert watched.handed == [["回访"]]
    shop.clock.set(2026, 3, 16, 17, 59)
    assert watched.waiting.go_on() == 60, "set back, it waits again"


def test_one_that_fails_is_logged_and_the_next_look_comes(
    shop: OpenedShop,
    watch: Callable[[Actor], Watched],
    monkeypatch: pytest.MonkeyPatch,
    logged_errors: list[str],
):
    remind(shop.actor)
    shop.clock.advance(minutes=10)

    def broken() -> object:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr("meiping.ui.shell.reminder_thread.reading", broken)
        watched = watch(shop.actor)
        assert watched.waiting.seconds() == 60
    assert "a look at the reminders failed" in logged_errors.pop()
    watched.waiting.go_on()
    assert watched.handed == [["回访"]]


def test_an_operator_without_the_right_is_not_asked_about(
    shop: OpenedShop, watch: Callable[[Actor], Watched]
):
    save_role(shop.actor, role_id=None, name="只看客户", scope=Scope.OWN, permissions=["customers.view"])
    watched = watch(shop.as_role("只看客户"))
    assert watched.waiting.seconds() == 60
    assert watched.handed == []


def test_a_poke_wakes_it_and_stopping_does_not_wait(shop: OpenedShop):
    looked: queue.Queue[str] = queue.Queue()
    thread = ReminderThread(shop.actor, lambda found: looked.put(found[0].subject))
    thread.start()
    shop.clock.advance(minutes=1)
    remind(shop.actor, "马上", at=time(9, 2))
    shop.clock.advance(minutes=1)
    thread.poke()
    assert looked.get(timeout=10) == "马上"
    thread.stop()
    assert not thread.alive()


# ------------------------------------------------------------------ with the window
class Told:
    """Catches the notifications of the desktop."""

    def __init__(self) -> None:
        self.notices: list[tuple[str, str]] = []

    def __call__(self, title: str, text: str) -> None:
        self.notices.append((title, text))


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def running(root: ttk.App, context: PageContext, told: Told) -> Iterator[Callable[[], ReminderWatch]]:
    watches: list[ReminderWatch] = []
    workers = AtOnce(root)

    def start() -> ReminderWatch:
        watches.append(ReminderWatch(context, workers.post, tell=told))
        return watches[-1]

    yield start
    for one in watches:
        one.stop()
    workers.close()


def test_each_is_told_once_even_over_a_restart(
    shop: OpenedShop, context: PageContext, told: Told, running: Callable[[], ReminderWatch], pump: Pump
):
    remind(shop.actor, "交房租")
    shop.clock.advance(hours=1)
    first = running()
    pump(lambda: told.notices)
    assert told.notices == [("提醒：交房租", "")]
    first.stop()
    running()
    remind(shop.actor, "盘点", at=time(10, 5))
    shop.clock.advance(minutes=10)
    assert [found.title for found in Reminders().due(context)] == ["交房租", "盘点"]
    assert due(shop.actor)[0].fresh is False


def test_several_at_once_are_one_notification(
    shop: OpenedShop, told: Told, running: Callable[[], ReminderWatch], pump: Pump
):
    for subject in ("交房租", "盘点", "回访"):
        remind(shop.actor, subject)
    shop.clock.advance(hours=1)
    running()
    pump(lambda: told.notices)
    assert told.notices == [("3 条提醒已到时间", "交房租；盘点；回访")]


def test_a_notification_names_the_first_few_only(
    shop: OpenedShop, told: Told, running: Callable[[], ReminderWatch], pump: Pump
):
    for number in range(7):
        remind(shop.actor, f"事{number}")
    shop.clock.advance(hours=1)
    running()
    pump(lambda: told.notices)
    assert told.notices == [("7 条提醒已到时间", "事0；事1；事2；事3；事4 …")]


def test_one_added_for_now_is_told_without_waiting_for_the_minute(
    shop: OpenedShop, told: Told, running: Callable[[], ReminderWatch], pump: Pump
):
    running()
    reminder_id = remind(shop.actor)
    shop.clock.advance(minutes=10)
    snooze(shop.actor, reminder_ids=[reminder_id], minutes=5)
    shop.clock.advance(minutes=5)
    remind(shop.actor, "另一条", at=time(23))
    pump(lambda: told.notices)
    assert told.notices == [("提醒：回访", "")]


def test_after_stopping_nothing_is_told(
    shop: OpenedShop, told: Told, running: Callable[[], ReminderWatch], pump: Pump
):
    watch = running()
    watch.stop()
    remind(shop.actor)
    shop.clock.advance(hours=1)
    pump()
    assert told.notices == []


def test_the_strip_says_whom_and_since_when_and_can_do_all_three(shop: OpenedShop, context: PageContext):
    source = Reminders()
    first, second = remind(shop.actor, "交房租"), remind(shop.actor, "盘点", at=time(9, 20))
    shop.clock.set(2026, 3, 16, 12)
    assert [(found.title, found.detail) for found in source.due(context)] == [
        ("交房租", "09:10"),
        ("盘点", "09:20"),
    ]
    assert source.done(context, first)
    assert source.snooze(context, second, "tomorrow")
    assert list(source.due(context)) == []
    shop.clock.set(2026, 3, 18, 9)
    assert source.due(context)[0].detail == "2026-03-17 09:00"
    source.open(context, second)
    assert context.opened == [("reminders", {"select": second})]


def test_what_the_strip_did_can_be_taken_back(shop: OpenedShop, context: PageContext):
    reminder_id = remind(shop.actor)
    shop.clock.advance(hours=1)
    Reminders().done(context, reminder_id)
    _text, _kind, action = context.toasts[-1]
    assert action is not None
    action[1]()
    assert [found.id for found in Reminders().due(context)] == [reminder_id]


def test_without_the_right_the_strip_is_empty(shop: OpenedShop, context: PageContext):
    save_role(shop.actor, role_id=None, name="只看客户", scope=Scope.OWN, permissions=["customers.view"])
    context.actor = shop.as_role("只看客户")
    assert list(Reminders().due(context)) == []


def test_done_elsewhere_is_not_told(
    shop: OpenedShop, told: Told, running: Callable[[], ReminderWatch], pump: Pump
):
    reminder_id = remind(shop.actor)
    shop.clock.advance(hours=1)
    mark_done(replace(shop.actor), reminder_ids=[reminder_id])
    running()
    pump()
    assert told.notices == []


def test_an_operator_who_was_put_out_of_use_is_told_nothing(
    shop: OpenedShop,
    context: PageContext,
    told: Told,
    running: Callable[[], ReminderWatch],
    pump: Pump,
):
    clerk = shop.as_role("收银员")
    context.actor = clerk
    remind(clerk)
    shop.clock.advance(hours=1)
    Operator.update(active=False).where(Operator.id == clerk.operator_id).execute()
    running()
    pump()
    assert told.notices == []
    assert context.toasts == []


def test_automatic_ones_are_made_at_once_and_again_when_their_cause_changes(
    shop: OpenedShop, context: PageContext, told: Told, running: Callable[[], ReminderWatch], pump: Pump
):
    save_options(shop.actor, values={"reminders.birthday_days": 1})
    first = add_customer(shop, name="王晓梅", birth_date=date(1985, 3, 17))
    running()
    pump(lambda: told.notices)
    assert told.notices == [("提醒：生日 3 月 17 日", "王晓梅 · 03-17")]
    add_customer(shop, name="李雷", birth_date=date(1985, 3, 17))
    pump(lambda: len(told.notices) > 1)
    delete_customers(shop.actor, customer_ids=[first])
    pump(lambda: len(due(shop.actor)) == 1)
    assert [found.customer for found in due(shop.actor)] == ["李雷"]


def test_a_new_day_brings_its_own(shop: OpenedShop, watch: Callable[..., Watched]):
    asked: list[str] = []
    waiting = Waiting()
    thread = ReminderThread(
        shop.actor, lambda found: None, on_outdated=lambda: asked.append("renew"), wait=waiting
    )
    add_customer(shop, birth_date=date(1985, 3, 20))
    thread.start()
    waiting.seconds()
    assert asked == []
    shop.clock.set(2026, 3, 17)
    waiting.go_on()
    waiting.go_on()
    assert asked == ["renew"], "once a day, whatever comes of it"
    waiting.let_go()
    thread.stop()


def test_the_strip_says_what_is_good_to_know_of_the_customer(shop: OpenedShop, context: PageContext):
    customer_id = add_customer(shop, name="王晓梅", birth_date=date(1985, 3, 18), credit_yuan=100)
    tea = add_product(shop, stock=10)
    recharge(shop, customer_id, 5_000)
    sell(shop, (tea, 2), customer_id=customer_id)
    renew_automatic(shop.actor)
    (shown,) = Reminders().due(context)
    assert shown.title == "生日 3 月 18 日"
    assert shown.detail == "王晓梅 · 2 天后（03-18 周三） · 上次购买 2026-03-16 ¥20.00 · 储值 ¥50.00"
    held = ["customers.view", "reminders.use"]
    save_role(shop.actor, role_id=None, name="只看客户", scope=Scope.ALL, permissions=held)
    assert customer_facts(shop.as_role("只看客户"), customer_ids=[customer_id]) == {}
