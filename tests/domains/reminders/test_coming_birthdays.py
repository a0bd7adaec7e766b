"""Whose birthday comes this week, as the desk tells it."""

from datetime import date

from meiping.domains.reminders.coming_birthdays import coming_birthdays
from tests.factories import add_customer
from tests.shop import OpenedShop


def test_solar_and_lunar_birthdays_of_the_week_in_their_order(shop: OpenedShop) -> None:
    shop.clock.set(2026, 9, 23)
    add_customer(shop, name="今天", birth_date=date(1980, 9, 23))
    add_customer(shop, name="中秋", birth_date=date(1975, 8, 15), birthday_lunar=True)  # 2026-09-25
    add_customer(shop, name="第七天", birth_date=date(1999, 9, 29))
    add_customer(shop, name="第八天", birth_date=date(1999, 9, 30))
    add_customer(shop, name="没填")
    found = [(one.name, one.day) for one in coming_birthdays(shop.actor)]
    assert found == [
        ("今天", date(2026, 9, 23)),
        ("中秋", date(2026, 9, 25)),
        ("第七天", date(2026, 9, 29)),
    ]


def test_only_in_ones_own_scope_and_over_the_turn_of_the_year(shop: OpenedShop) -> None:
    shop.clock.set(2026, 12, 30)
    seller = shop.as_role("业务员")
    mine = add_customer(shop, birth_date=date(1980, 1, 2), owner_id=seller.operator_id)
    add_customer(shop, birth_date=date(1980, 1, 3), owner_id=shop.actor.operator_id)
    assert [one.customer_id for one in coming_birthdays(seller)] == [mine]
    assert len(coming_birthdays(shop.actor)) == 2
