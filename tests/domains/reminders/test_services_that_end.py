"""A month before a service ends there is a reminder, until it is renewed or not wanted any more."""

import pytest

from meiping.domains.reminders.automatic import automatic_outdated, renew_automatic
from meiping.domains.reminders.queries import ReminderFilter, reminder_list
from meiping.domains.reminders.service import mark_done
from meiping.domains.renewals.service import close_services, renew_services, reopen_services
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.settings.service import save_options
from meiping.kernel.moments import show_moment
from tests.domains.renewals.serving import add_machine, pay, terms
from tests.factories import add_customer, new_key, sell
from tests.shop import OpenedShop


@pytest.fixture
def sale(shop: OpenedShop) -> int:
    """A machine sold on 2026-03-16: its service goes to 2027-03-15."""
    return sell(shop, (add_machine(shop), 1), customer_id=add_customer(shop, name="恒达贸易")).sale_id


def told(shop: OpenedShop) -> list[tuple[str, str, str]]:
    """Pass over them; subject, when it is told, and the day it is about."""
    outdated, touched = automatic_outdated(shop.actor), renew_automatic(shop.actor)
    assert outdated == bool(touched)
    rows = reminder_list(shop.actor, ReminderFilter(kind="service_expiry")).window(0, 10, None)
    return [(row["subject"], show_moment(row["when_at"]), str(row["about_date"])) for row in rows]


def test_it_comes_a_month_ahead(shop: OpenedShop, sale: int) -> None:
    shop.clock.set(2027, 2, 12)
    assert told(shop) == []
    shop.clock.set(2027, 2, 13)
    assert told(shop) == [("服务到期 收银机", "2027-02-13 09:00", "2027-03-15")]
    assert told(shop) != []


def test_the_shop_may_want_it_at_another_time_or_not_at_all(shop: OpenedShop, sale: int) -> None:
    shop.clock.set(2027, 3, 1)
    save_options(shop.actor, values={"reminders.service_expiry_days": 7})
    assert told(shop) == []
    shop.clock.set(2027, 3, 8)
    assert [when for _, when, _ in told(shop)] == ["2027-03-08 09:00"]
    save_options(shop.actor, values={"reminders.service_expiry": False})
    assert told(shop) == []


def test_paid_for_the_reminder_goes_and_comes_the_year_after(shop: OpenedShop, sale: int) -> None:
    shop.clock.set(2027, 3, 1)
    assert told(shop) != []
    pay(shop, renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]]))
    assert told(shop) == []
    shop.clock.set(2028, 3, 1)
    assert [day for _, _, day in told(shop)] == ["2028-03-15"]


def test_it_goes_with_a_service_not_wanted_any_more_and_with_goods_brought_back(
    shop: OpenedShop, sale: int
) -> None:
    shop.clock.set(2027, 3, 1)
    ids = [row["id"] for row in terms(shop)]
    assert told(shop) != []
    close_services(shop.actor, term_ids=ids, reason="换了别家")
    assert told(shop) == []
    reopen_services(shop.actor, term_ids=ids)
    assert told(shop) != []
    line = bill_detail(shop.actor, sale_id=sale).lines[0]
    return_goods(shop.actor, key=new_key(), sale_id=sale, quantities={line.id: 1_000})
    assert told(shop) == []


def test_one_missed_while_the_shop_was_closed_is_still_told_and_stays_until_done(
    shop: OpenedShop, sale: int
) -> None:
    shop.clock.set(2027, 4, 15)
    assert [day for _, _, day in told(shop)] == ["2027-03-15"]
    shop.clock.set(2027, 9, 1)
    assert [day for _, _, day in told(shop)] == ["2027-03-15"]
    (row,) = reminder_list(shop.actor, ReminderFilter(kind="service_expiry")).window(0, 10, None)
    mark_done(shop.actor, reminder_ids=[row["id"]])
    assert told(shop) == []
