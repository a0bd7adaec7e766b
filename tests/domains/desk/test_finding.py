"""One box finds everything one may see."""

import pytest

from meiping.domains.access.service import save_role
from meiping.domains.contacts.rules import ContactInput
from meiping.domains.contacts.service import add_contact
from meiping.domains.desk.finding import find_everything
from meiping.domains.sales.finding import find_bills
from meiping.kernel.actor import Actor, Scope
from tests.domains.office.giving import give
from tests.factories import add_customer, add_product, sell
from tests.shop import OpenedShop


def found(actor: Actor, text: str) -> dict[str, list[str]]:
    return {group.title: [hit.title for hit in group.hits] for group in find_everything(actor, text)}


@pytest.fixture
def goods(shop: OpenedShop) -> int:
    return add_product(shop, name="王老吉凉茶", stock=99, barcodes="6901234567892")


@pytest.fixture
def wang(shop: OpenedShop) -> int:
    return add_customer(shop, name="王晓梅", phone="13822017788", card_number="800123")


def test_names_initials_phones_cards_and_bar_codes_find_their_records(
    shop: OpenedShop, wang: int, goods: int
):
    contact = ContactInput(name="王芳", mobile="13911112222")
    add_contact(shop.actor, customer_id=wang, contact=contact)
    assert found(shop.actor, "王") == {"客户": ["王晓梅"], "联系人": ["王芳"], "商品": ["王老吉凉茶"]}
    assert found(shop.actor, "wxm") == {"客户": ["王晓梅"]}
    assert found(shop.actor, "7788") == {"客户": ["王晓梅"]}
    assert found(shop.actor, "800123") == {"客户": ["王晓梅"]}
    assert found(shop.actor, "139 1111 2222") == {"联系人": ["王芳"]}
    assert found(shop.actor, "6901234567892") == {"商品": ["王老吉凉茶"]}
    (group,) = find_everything(shop.actor, "wangfang")
    assert group.hits[0].customer_id == wang


def test_nothing_typed_finds_nothing(shop: OpenedShop, wang: int):
    assert find_everything(shop.actor, "") == find_everything(shop.actor, "  ") == []


@pytest.mark.parametrize(
    "typed",
    [
        "XS-20260316-0002",
        "xs202603160002",
        "20260316-0002",
        "202603160002",
        "0316-2",
        "0002",
        "002",
        "ＸＳ-20260316-2",
    ],
)
def test_a_bill_is_found_by_its_number_however_it_is_typed(shop: OpenedShop, goods: int, typed: str):
    sell(shop, (goods, 1))
    sell(shop, (goods, 1))
    assert [hit.number for hit in find_bills(shop.actor, typed)] == ["XS-20260316-0002"]


def test_the_beginning_of_a_number_gives_the_latest_first(shop: OpenedShop, goods: int):
    for _ in range(3):
        sell(shop, (goods, 1))
    shop.clock.advance(days=1)
    sell(shop, (goods, 1))
    days = ["XS-20260317-0001", "XS-20260316-0003", "XS-20260316-0002", "XS-20260316-0001"]
    assert [hit.number for hit in find_bills(shop.actor, "XS-2026")] == days
    assert [hit.number for hit in find_bills(shop.actor, "20260316")] == days[1:]
    assert [hit.number for hit in find_bills(shop.actor, "0001")] == [days[0], days[3]]
    shop.clock.advance(days=31)
    assert find_bills(shop.actor, "0003") == []
    for nothing in ("", "12", "XS", "王晓梅", "99-99-99-99"):
        assert find_bills(shop.actor, nothing) == []


def test_only_what_one_may_see_is_found(shop: OpenedShop, wang: int, goods: int):
    add_contact(shop.actor, customer_id=wang, contact=ContactInput(name="王芳"))
    sell(shop, (goods, 1), customer_id=wang)
    seller = shop.as_role("业务员")
    assert found(seller, "王") == {"商品": ["王老吉凉茶"]}
    assert found(seller, "XS-20260316") == {}
    save_role(shop.actor, role_id=None, name="看货", scope=Scope.ALL, permissions=["products.view"])
    assert found(shop.as_role("看货"), "王") == {"商品": ["王老吉凉茶"]}
    save_role(shop.actor, role_id=None, name="看人", scope=Scope.ALL, permissions=["customers.view"])
    assert set(found(shop.as_role("看人"), "王")) == {"客户", "联系人"}


def test_tasks_are_found_by_their_words_within_what_one_sees(shop: OpenedShop, wang: int):
    task = give(shop.actor, "送样品", customer_id=wang)
    (found,) = find_everything(shop.actor, "样品")
    assert (found.title, [hit.id for hit in found.hits]) == ("任务", [task])
    assert find_everything(shop.as_role("收银员"), "样品") == []
