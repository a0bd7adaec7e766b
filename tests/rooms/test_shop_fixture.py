"""The shop that every test gets."""

from meiping.domains.access.queries import login_names
from meiping.domains.access.rules import MANAGE_ACCESS
from meiping.store.database import fetch_value
from tests.factories import next_barcode, next_mobile, next_name
from tests.shop import OpenedShop, opening_time


def test_is_founded_and_open_with_its_administrator_at_work(shop: OpenedShop):
    assert login_names() == ["王老板"]
    assert shop.actor.can(MANAGE_ACCESS)
    assert shop.company_name == "小巷杂货店"
    assert shop.actor.now() == opening_time()
    shop.clock.advance(hours=2)
    assert shop.actor.now().hour == 11


def test_belongs_to_one_test_alone(shop: OpenedShop):
    assert fetch_value("SELECT count(*) FROM operator") == 1


def test_gives_an_operator_with_just_one_role(shop: OpenedShop):
    clerk = shop.as_role("收银员")
    assert clerk is shop.as_role("收银员")
    assert not clerk.can(MANAGE_ACCESS)
    assert shop.actor.rights.holds(clerk.operator_id, "sales.checkout")


def test_makers_never_repeat_themselves():
    assert len({next_name() for _ in range(20)}) == 20
    assert len({next_mobile() for _ in range(20)}) == 20
    assert len(next_barcode()) == 13
