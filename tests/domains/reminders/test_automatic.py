"""Reminders that make themselves: there when asked for, gone with their cause, done only once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunardate import LunarDate

from meiping.domains.access.queries import roles
from meiping.domains.access.service import change_operator
from meiping.domains.contacts.models import Contact
from meiping.domains.customers.queries import customer_detail
from meiping.domains.customers.service import change_customer, delete_customers, restore_customers
from meiping.domains.receivables.service import receive
from meiping.domains.reminders.automatic import automatic_outdated, renew_automatic
from meiping.domains.reminders.queries import (
    REMINDER_KINDS,
    ReminderFilter,
    due,
    reminder_detail,
    reminder_list,
    reminders_of,
)
from meiping.domains.reminders.rules import ReminderInput
from meiping.domains.reminders.service import (
    add_reminder,
    change_reminder,
    delete_reminders,
    mark_done,
    snooze,
    take_back,
)
from meiping.domains.sales.due_dates import earliest_due_dates
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.service import checkout
from meiping.domains.settings.service import save_options
from meiping.kernel.birthdays import is_birthday, lunar_words
from meiping.kernel.errors import InputError
from meiping.kernel.moments import show_moment
from meiping.kernel.tabular import Row
from tests.factories import add_customer, add_product, cart_of, new_key
from tests.shop import OpenedShop

TODAY = date(2026, 3, 16)


def pass_over(shop: OpenedShop) -> int:
    """A pass; right after it there is nothing more to do."""
    outdated, touched = automatic_outdated(shop.actor), renew_automatic(shop.actor)
    assert outdated == bool(touched)
    assert renew_automatic(shop.actor) == 0
    return touched


def all_open(shop: OpenedShop) -> list[Row]:
    return list(reminder_list(shop.actor).window(0, 100, None))


def told(shop: OpenedShop) -> list[tuple[str, str, str]]:
    """Subject, when it is told, and the day it is about."""
    return [(row["subject"], show_moment(row["when_at"]), str(row["about_date"])) for row in all_open(shop)]


def change(shop: OpenedShop, customer_id: int, **fields: Any) -> None:
    detail = customer_detail(shop.actor, customer_id=customer_id)
    change_customer(shop.actor, customer_id=customer_id, customer=replace(detail.as_input(), **fields))


def add_contact(customer_id: int, name: str, born: date, *, lunar: bool = False) -> Contact:
    return Contact.create(
        customer=customer_id, name=name, name_key=name, birth_date=born, birthday_lunar=lunar, created_at=0
    )


# ------------------------------------------------------------------ birthdays
def test_birthdays_of_customers_and_contacts_come_three_days_ahead(shop: OpenedShop):
    add_customer(shop, birth_date=date(1985, 3, 19))
    add_customer(shop, birth_date=date(1985, 3, 20))
    firm = add_customer(shop, name="春风贸易", firm=True)
    add_contact(firm, "李娜", date(1990, 3, 18))
    assert pass_over(shop) == 2
    assert told(shop) == [
        ("联系人 李娜 生日 3 月 18 日", "2026-03-15 09:00", "2026-03-18"),
        ("生日 3 月 19 日", "2026-03-16 09:00", "2026-03-19"),
    ]
    assert {row["repeat"] for row in all_open(shop)} == {"自动 · 提前 3 天"}
    assert [one.about for one in due(shop.actor)] == [date(2026, 3, 18), date(2026, 3, 19)]
    assert all(one.automatic for one in due(shop.actor))


def test_a_lunar_birthday_comes_on_its_lunar_day(shop: OpenedShop):
    add_customer(shop, birth_date=date(1985, 1, 30), birthday_lunar=True)  # told as 正月三十
    shop.clock.set(2026, 3, 15)
    pass_over(shop)  # 2026-03-18 is 正月三十
    assert told(shop) == [("农历生日 正月三十", "2026-03-15 09:00", "2026-03-18")]


def test_one_missed_while_the_shop_was_closed_is_still_told(shop: OpenedShop):
    add_customer(shop, birth_date=date(1985, 3, 13))
    add_customer(shop, birth_date=date(1985, 3, 12))
    assert pass_over(shop) == 1
    assert told(shop)[0][2] == "2026-03-13"


def test_what_was_told_stays_until_done_and_comes_again_next_year(shop: OpenedShop):
    add_customer(shop, birth_date=date(1985, 3, 18))
    pass_over(shop)
    shop.clock.set(2026, 7, 1)
    assert pass_over(shop) == 0
    (row,) = all_open(shop)
    mark_done(shop.actor, reminder_ids=[row["id"]])
    assert pass_over(shop) == 0
    shop.clock.set(2027, 3, 15)
    assert pass_over(shop) == 1
    assert told(shop) == [("生日 3 月 18 日", "2027-03-15 09:00", "2027-03-18")]


def test_it_goes_with_its_cause_and_comes_back_with_it(shop: OpenedShop):
    customer_id = add_customer(shop, birth_date=date(1985, 3, 18))
    pass_over(shop)
    delete_customers(shop.actor, customer_ids=[customer_id])
    pass_over(shop)
    assert told(shop) == []
    restore_customers(shop.actor, customer_ids=[customer_id])
    pass_over(shop)
    assert len(told(shop)) == 1
    change(shop, customer_id, birth_date=date(1985, 3, 17))
    assert pass_over(shop) == 2
    assert [day for _, _, day in told(shop)] == ["2026-03-17"]
    change(shop, customer_id, birth_date=None)
    pass_over(shop)
    assert told(shop) == []


def test_a_switch_turned_off_removes_what_is_not_done(shop: OpenedShop):
    add_customer(shop, birth_date=date(1985, 3, 18))
    done = add_customer(shop, birth_date=date(1985, 3, 17))
    pass_over(shop)
    mark_done(shop.actor, reminder_ids=[all_open(shop)[0]["id"]])
    save_options(shop.actor, values={"reminders.birthday": False})
    pass_over(shop)
    assert told(shop) == []
    assert reminders_of(shop.actor, customer_id=done).count() == 1
    save_options(shop.actor, values={"reminders.birthday": True, "reminders.birthday_days": 0})
    pass_over(shop)
    assert told(shop) == []
    shop.clock.set(2026, 3, 18)
    pass_over(shop)
    assert told(shop) == [("生日 3 月 18 日", "2026-03-18 09:00", "2026-03-18")]


def test_other_days_ahead_move_what_is_there(shop: OpenedShop):
    add_customer(shop, birth_date=date(1985, 3, 18))
    pass_over(shop)
    save_options(shop.actor, values={"reminders.birthday_days": 2})
    assert pass_over(shop) == 1
    assert told(shop) == [("生日 3 月 18 日", "2026-03-16 09:00", "2026-03-18")]


def test_it_is_for_the_owner_else_for_the_administrator(shop: OpenedShop):
    seller = shop.as_role("业务员")
    own = add_customer(shop, birth_date=date(1985, 3, 18), owner_id=seller.operator_id)
    add_customer(shop, birth_date=date(1985, 3, 18))
    pass_over(shop)
    assert [one.customer_id for one in due(seller)] == [own]
    assert {row["operator_id"] for row in all_open(shop)} == {seller.operator_id, shop.actor.operator_id}
    change_operator(
        shop.actor,
        operator_id=seller.operator_id,
        name=seller.name,
        role_ids=[next(role.id for role in roles(shop.actor) if role.name == "业务员")],
        company_id=seller.company_id,
        active=False,
    )
    assert pass_over(shop) == 1
    assert {row["operator_id"] for row in all_open(shop)} == {shop.actor.operator_id}


def test_one_deleted_does_not_come_again_and_can_be_taken_back(shop: OpenedShop):
    add_customer(shop, birth_date=date(1985, 3, 18))
    pass_over(shop)
    kept = delete_reminders(shop.actor, reminder_ids=[all_open(shop)[0]["id"]])
    assert pass_over(shop) == 0
    assert told(shop) == []
    take_back(shop.actor, kept=kept)
    assert pass_over(shop) == 0
    assert len(told(shop)) == 1


def test_it_can_be_put_off_but_not_changed(shop: OpenedShop):
    add_customer(shop, birth_date=date(1985, 3, 18))
    pass_over(shop)
    reminder_id = all_open(shop)[0]["id"]
    assert reminder_detail(shop.actor, reminder_id=reminder_id).automatic
    snooze(shop.actor, reminder_ids=[reminder_id], minutes=60)
    assert pass_over(shop) == 0
    assert told(shop)[0][1] == "2026-03-16 10:00"
    with pytest.raises(InputError, match="自动提醒跟着资料走"):
        change_reminder(
            shop.actor, reminder_id=reminder_id, reminder=ReminderInput("别的", TODAY + timedelta(days=1))
        )


def test_the_list_is_narrowed_to_a_kind(shop: OpenedShop):
    customer_id = add_customer(shop, birth_date=date(1985, 3, 18), next_contact_date=TODAY)
    asked = ReminderInput("送货", TODAY + timedelta(days=1), customer_id=customer_id)
    add_reminder(shop.actor, reminder=asked)
    pass_over(shop)
    found = {
        kind: [
            row["subject"] for row in reminder_list(shop.actor, ReminderFilter(kind=kind)).window(0, 9, None)
        ]
        for kind, _word in REMINDER_KINDS
    }
    assert {kind: subjects for kind, subjects in found.items() if subjects} == {
        "own": ["送货"],
        "birthday": ["生日 3 月 18 日"],
        "next_contact": ["约好联系"],
    }


# ------------------------------------------------------------------ next contacts
def test_a_next_contact_date_is_told_on_its_day_and_moves_with_it(shop: OpenedShop):
    customer_id = add_customer(shop, next_contact_date=TODAY)
    add_customer(shop, next_contact_date=TODAY + timedelta(days=1))
    pass_over(shop)
    assert told(shop) == [("约好联系", "2026-03-16 09:00", "2026-03-16")]
    change(shop, customer_id, next_contact_date=TODAY + timedelta(days=1))
    shop.clock.set(2026, 3, 17)
    pass_over(shop)
    assert [day for _, _, day in told(shop)] == ["2026-03-17", "2026-03-17"]


def test_one_that_was_put_further_off_is_gone_until_then(shop: OpenedShop):
    customer_id = add_customer(shop, next_contact_date=TODAY)
    pass_over(shop)
    change(shop, customer_id, next_contact_date=TODAY + timedelta(days=40))
    pass_over(shop)
    assert told(shop) == []


# ------------------------------------------------------------------ debts
def on_credit(shop: OpenedShop, customer_id: int, tea: int, pieces: int = 1) -> None:
    cart = cart_of(shop, (tea, pieces), customer_id=customer_id)
    checkout(shop.actor, cart=cart, payments=[Payment("credit", 1_000 * pieces)])


def test_a_debt_is_told_when_the_oldest_unpaid_bill_falls_due(shop: OpenedShop):
    tea = add_product(shop, stock=100)
    customer_id = add_customer(shop, credit_yuan=1_000, payment_days=30)
    on_credit(shop, customer_id, tea, 2)
    shop.clock.advance(days=5)
    on_credit(shop, customer_id, tea, 3)
    assert pass_over(shop) == 0
    shop.clock.set(2026, 4, 15)
    pass_over(shop)
    assert told(shop) == [("赊账到期", "2026-04-15 09:00", "2026-04-15")]
    receive(shop.actor, key=new_key(), customer_id=customer_id, amount_fen=1_999)
    assert pass_over(shop) == 0
    receive(shop.actor, key=new_key(), customer_id=customer_id, amount_fen=1)
    pass_over(shop)
    assert told(shop) == []
    assert [day for *_, day in earliest_due_dates()] == [date(2026, 4, 20)]


def test_who_pays_at_once_or_has_no_days_agreed_is_left_alone(shop: OpenedShop):
    tea = add_product(shop, stock=100)
    on_credit(shop, add_customer(shop, credit_yuan=1_000), tea)
    add_customer(shop, payment_days=1)
    shop.clock.advance(days=90)
    assert pass_over(shop) == 0


# ------------------------------------------------------------------ the calendar
def lunar_day(year: int, month: int, day: int) -> date:
    """A lunar date on the solar calendar; the 29th where the month has no 30th."""
    try:
        found: date = LunarDate(year, month, day).to_solar_date()
    except ValueError:
        found = LunarDate(year, month, 29).to_solar_date()
    return found


@given(
    year=st.integers(1950, 2090),
    born=st.builds(date, st.sampled_from([1956, 1984, 2000]), st.integers(1, 12), st.integers(1, 29))
    | st.sampled_from([date(1984, month, 30) for month in range(1, 13) if month != 2]),
)
def test_a_lunar_birthday_is_kept_once_a_lunar_year(year: int, born: date):
    kept = lunar_day(year, born.month, born.day)
    around = [kept + timedelta(days=offset) for offset in range(-60, 61)]
    assert [day for day in around if is_birthday(day, born, lunar=True)] == [kept]


@given(born=st.dates(date(1900, 1, 1), date(2025, 12, 31)), year=st.integers(2026, 2100))
def test_a_solar_birthday_is_kept_once_a_year(born: date, year: int):
    first = date(year, 1, 1)
    days = [first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days)]
    (kept,) = [day for day in days if is_birthday(day, born, lunar=False)]
    assert kept.month == born.month
    assert kept.day == born.day or (born.day, kept.day) == (29, 28)


def test_in_a_year_with_a_leap_month_the_birthday_is_in_the_month_itself():
    first, second = LunarDate(2025, 6, 8).to_solar_date(), LunarDate(2025, 6, 8, True).to_solar_date()
    born = date(1985, 6, 8)
    assert is_birthday(first, born, lunar=True)
    assert not is_birthday(second, born, lunar=True)


def test_lunar_days_are_said_as_people_say_them():
    days = (date(1984, 8, 15), date(1984, 1, 1), date(1984, 12, 30), date(1984, 11, 20), date(1984, 5, 23))
    assert [lunar_words(day) for day in days] == [
        "八月十五",
        "正月初一",
        "腊月三十",
        "冬月二十",
        "五月廿三",
    ]
