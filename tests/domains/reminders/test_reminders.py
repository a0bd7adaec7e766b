"""Reminders of a shop: each told once, nothing missed, nothing lost."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from meiping.domains.access.service import save_role
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_customer
from meiping.domains.reminders.queries import (
    DueReminder,
    ReminderFilter,
    due,
    next_due_at,
    reminder_detail,
    reminder_list,
    reminders_of,
)
from meiping.domains.reminders.rules import ReminderInput, Repeat
from meiping.domains.reminders.service import (
    add_reminder,
    change_reminder,
    claim_notified,
    delete_reminders,
    mark_done,
    snooze,
    take_back,
)
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import InputError, NotFound, PermissionDenied
from meiping.kernel.moments import from_ms, to_ms
from meiping.kernel.tabular import Listing, Sort
from tests.shop import OpenedShop

TODAY = date(2026, 3, 16)


def remind(actor: Actor, subject: str = "回访", day: date = TODAY, at: time = time(10), **more: Any) -> int:
    reminder = ReminderInput(subject, day, at, **more)
    return add_reminder(actor, reminder=reminder)


def subjects(found: list[DueReminder]) -> list[str]:
    return [reminder.subject for reminder in found]


def rows(listing: Listing) -> list[str]:
    return [row["subject"] for row in listing.window(0, 100, None)]


def tell(actor: Actor) -> list[int]:
    """What the window does when something is due."""
    return claim_notified(actor, reminder_ids=[one.id for one in due(actor) if one.fresh])


def local(moment: int | None) -> str:
    assert moment is not None
    return f"{from_ms(moment):%Y-%m-%d %H:%M}"


# ------------------------------------------------------------------ being told
def test_a_reminder_is_due_at_its_time_and_told_once(shop: OpenedShop):
    reminder_id = remind(shop.actor)
    shop.clock.set(2026, 3, 16, 9, 59)
    assert due(shop.actor) == []
    assert next_due_at(shop.actor) == to_ms(datetime(2026, 3, 16, 10).astimezone())
    shop.clock.set(2026, 3, 16, 10)
    assert subjects(due(shop.actor)) == ["回访"]
    assert tell(shop.actor) == [reminder_id]
    assert tell(shop.actor) == []
    assert [one.fresh for one in due(shop.actor)] == [False], "it stays in the bar until it is done"
    assert next_due_at(shop.actor) is None


def test_what_was_missed_while_the_program_was_off_is_told_once_at_the_next_start(shop: OpenedShop):
    remind(shop.actor, "浇花", repeat=Repeat.DAILY)
    remind(shop.actor, "交房租")
    shop.clock.set(2026, 4, 20, 8)
    assert subjects(due(shop.actor)) == ["交房租", "浇花"]
    assert len(tell(shop.actor)) == 2
    assert tell(shop.actor) == []
    assert local(next_due_at(shop.actor)) == "2026-04-20 10:00", "today's coming of the daily one"


def test_a_daily_reminder_nobody_ticked_off_is_told_again_the_next_day(shop: OpenedShop):
    reminder_id = remind(shop.actor, "对账", repeat=Repeat.DAILY)
    for day in (16, 17, 18):
        shop.clock.set(2026, 3, day, 10, 1)
        assert tell(shop.actor) == [reminder_id]
        assert local(due(shop.actor)[0].due_at) == f"2026-03-{day} 10:00"
    assert len(due(shop.actor)) == 1


def test_the_oldest_waits_first(shop: OpenedShop):
    remind(shop.actor, "后", at=time(11))
    remind(shop.actor, "先", at=time(10))
    shop.clock.set(2026, 3, 16, 12)
    assert subjects(due(shop.actor)) == ["先", "后"]


def test_each_operator_is_told_only_his_own(shop: OpenedShop):
    clerk = shop.as_role("收银员")
    reminder_id = remind(shop.actor, "给小林", operator_id=clerk.operator_id)
    shop.clock.set(2026, 3, 16, 11)
    assert due(shop.actor) == []
    assert claim_notified(shop.actor, reminder_ids=[reminder_id]) == []
    assert tell(clerk) == [reminder_id]


# ----------------------------------------------------------------- done, put off
def test_done_is_done(shop: OpenedShop):
    reminder_id = remind(shop.actor)
    shop.clock.set(2026, 3, 16, 10, 5)
    mark_done(shop.actor, reminder_ids=[reminder_id])
    assert due(shop.actor) == []
    assert next_due_at(shop.actor) is None
    assert rows(reminder_list(shop.actor)) == []
    assert rows(reminder_list(shop.actor, ReminderFilter(state="done"))) == ["回访"]


def test_a_repeating_one_that_is_done_moves_on_past_everything_missed(shop: OpenedShop):
    reminder_id = remind(shop.actor, day=date(2026, 3, 31), repeat=Repeat.MONTHLY)
    shop.clock.set(2026, 6, 2, 9)
    mark_done(shop.actor, reminder_ids=[reminder_id])
    assert local(next_due_at(shop.actor)) == "2026-06-30 10:00"
    shop.clock.set(2026, 6, 30, 10)
    assert len(tell(shop.actor)) == 1
    mark_done(shop.actor, reminder_ids=[reminder_id])
    assert local(next_due_at(shop.actor)) == "2026-07-31 10:00"


def test_ticked_off_early_it_skips_the_coming_it_was_done_for(shop: OpenedShop):
    reminder_id = remind(shop.actor, day=date(2026, 3, 18), repeat=Repeat.WEEKLY)
    mark_done(shop.actor, reminder_ids=[reminder_id])
    assert local(next_due_at(shop.actor)) == "2026-03-25 10:00"


def test_put_off_it_comes_again_then_and_is_told_again(shop: OpenedShop):
    reminder_id = remind(shop.actor)
    shop.clock.set(2026, 3, 16, 10)
    tell(shop.actor)
    snooze(shop.actor, reminder_ids=[reminder_id], minutes=10)
    assert due(shop.actor) == []
    assert local(next_due_at(shop.actor)) == "2026-03-16 10:10"
    shop.clock.advance(minutes=10)
    assert tell(shop.actor) == [reminder_id]
    snooze(shop.actor, reminder_ids=[reminder_id], until=datetime(2026, 3, 17, 9).astimezone())
    assert reminder_list(shop.actor).window(0, 1, None)[0]["state"] == "已推迟"
    assert local(next_due_at(shop.actor)) == "2026-03-17 09:00"


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=-1), timedelta(days=400)])
def test_it_cannot_be_put_off_into_the_past_or_for_ever(shop: OpenedShop, ahead: timedelta):
    reminder_id = remind(shop.actor)
    with pytest.raises(InputError, match="以后"):
        snooze(shop.actor, reminder_ids=[reminder_id], until=shop.clock() + ahead)


def test_every_operation_can_be_taken_back(shop: OpenedShop):
    ids = [remind(shop.actor, "每周", repeat=Repeat.WEEKLY), remind(shop.actor, "一次")]
    shop.clock.set(2026, 3, 16, 10, 1)
    before = [reminder_detail(shop.actor, reminder_id=one) for one in ids]
    for verb, more in ((mark_done, {}), (snooze, {"minutes": 60}), (delete_reminders, {})):
        kept = verb(shop.actor, reminder_ids=ids, **more)
        assert due(shop.actor) == []
        take_back(shop.actor, kept=kept)
        assert [reminder_detail(shop.actor, reminder_id=one) for one in ids] == before
        assert len(due(shop.actor)) == 2


# --------------------------------------------------------------- adding, changing
def test_a_time_that_has_passed_is_refused_beside_its_field(shop: OpenedShop):
    with pytest.raises(InputError, match="已经过去") as refused:
        remind(shop.actor, at=time(8, 59))
    assert refused.value.field == "time_of_day"


def test_a_birthday_long_ago_waits_for_its_next_coming(shop: OpenedShop):
    remind(shop.actor, "王姐生日", day=date(1988, 2, 29), repeat=Repeat.YEARLY)
    assert local(next_due_at(shop.actor)) == "2027-02-28 10:00"


@pytest.mark.parametrize("subject", ["", "  ", "\u200b"])
def test_it_needs_a_subject(shop: OpenedShop, subject: str):
    with pytest.raises(InputError) as refused:
        remind(shop.actor, subject)
    assert refused.value.field == "subject"


def test_other_words_keep_its_place_another_time_begins_anew(shop: OpenedShop):
    reminder_id = remind(shop.actor, repeat=Repeat.DAILY)
    shop.clock.set(2026, 3, 16, 10)
    tell(shop.actor)
    snooze(shop.actor, reminder_ids=[reminder_id], minutes=60)
    change_reminder(
        shop.actor,
        reminder_id=reminder_id,
        reminder=ReminderInput("电话回访", TODAY, time(10), Repeat.DAILY),
    )
    assert local(next_due_at(shop.actor)) == "2026-03-16 11:00", "still put off"
    change_reminder(
        shop.actor, reminder_id=reminder_id, reminder=ReminderInput("电话回访", TODAY, time(15), Repeat.DAILY)
    )
    assert local(next_due_at(shop.actor)) == "2026-03-16 15:00"


def test_a_done_one_given_a_new_time_waits_again(shop: OpenedShop):
    reminder_id = remind(shop.actor)
    mark_done(shop.actor, reminder_ids=[reminder_id])
    change_reminder(
        shop.actor, reminder_id=reminder_id, reminder=ReminderInput("回访", date(2026, 3, 20), time(10))
    )
    assert rows(reminder_list(shop.actor)) == ["回访"]


def test_a_deleted_one_is_gone_with_a_reason(shop: OpenedShop):
    reminder_id = remind(shop.actor)
    delete_reminders(shop.actor, reminder_ids=[reminder_id])
    with pytest.raises(NotFound, match="已被删除"):
        reminder_detail(shop.actor, reminder_id=reminder_id)


# ----------------------------------------------------------------- lists and scope
def test_the_list_is_found_by_words_customer_person_state_and_day(shop: OpenedShop):
    clerk = shop.as_role("收银员")
    customer_id = add_customer(shop.actor, customer=CustomerInput("单晓梅", phone="13822017788"))
    remind(shop.actor, "送货", customer_id=customer_id)
    remind(shop.actor, "盘点", day=date(2026, 3, 20))
    remind(shop.actor, "开会", operator_id=clerk.operator_id, at=time(9, 30))
    shop.clock.set(2026, 3, 16, 9, 45)

    def found(**narrow: Any) -> list[str]:
        return rows(reminder_list(shop.actor, ReminderFilter(**narrow)))

    assert found() == ["开会", "送货", "盘点"]
    assert found(text="sxm") == found(text="7788") == found(text="送") == ["送货"]
    assert found(customer_id=customer_id) == ["送货"]
    assert found(operator_id=clerk.operator_id) == ["开会"]
    assert found(state="due") == ["开会"]
    assert found(first_date=date(2026, 3, 17), last_date=date(2026, 3, 20)) == ["盘点"]
    assert found(last_date=date(2026, 3, 19)) == ["开会", "送货"]
    assert rows(reminders_of(shop.actor, customer_id=customer_id)) == ["送货"]


def test_every_column_that_sorts_sorts(shop: OpenedShop):
    remind(shop.actor, "甲")
    remind(shop.actor, "乙", day=date(2026, 4, 1), repeat=Repeat.DAILY)
    listing = reminder_list(shop.actor)
    for key in ("when_at", "subject", "customer", "repeat", "operator", "first_date", "done_at"):
        up = [row["id"] for row in listing.window(0, 9, Sort(key))]
        down = [row["id"] for row in listing.window(0, 9, Sort(key, descending=True))]
        assert up == down[::-1]


def test_what_waits_since_yesterday_stands_out(shop: OpenedShop):
    remind(shop.actor, "昨天的")
    remind(shop.actor, "今天的", day=date(2026, 3, 17))
    remind(shop.actor, "明天的", day=date(2026, 3, 18))
    shop.clock.set(2026, 3, 17, 12)
    tones = [row["tone"] for row in reminder_list(shop.actor).window(0, 9, None)]
    assert tones == ["warning", None, None]


def test_a_salesperson_sees_own_reminders_and_those_about_own_customers(shop: OpenedShop):
    seller = shop.as_role("业务员")
    hers = add_customer(seller, customer=CustomerInput("她的客户"))
    other = add_customer(shop.actor, customer=CustomerInput("别人的客户"))
    remind(seller, "自己的")
    remind(shop.actor, "关于她的客户", customer_id=hers)
    hidden = remind(shop.actor, "关于别人的客户", customer_id=other)
    remind(shop.actor, "老板私事")
    assert sorted(rows(reminder_list(seller))) == ["关于她的客户", "自己的"]
    with pytest.raises(NotFound):
        mark_done(seller, reminder_ids=[hidden])
    with pytest.raises(InputError, match="查看范围") as refused:
        remind(seller, customer_id=other)
    assert refused.value.field == "customer_id"
    with pytest.raises(NotFound):
        reminders_of(seller, customer_id=other)


def test_without_the_right_nothing_is_told_or_done(shop: OpenedShop):
    save_role(shop.actor, role_id=None, name="只看客户", scope=Scope.OWN, permissions=["customers.view"])
    nobody = shop.as_role("只看客户")
    for call in (due, next_due_at, reminder_list):
        with pytest.raises(PermissionDenied):
            call(nobody)
    with pytest.raises(PermissionDenied):
        remind(nobody)
