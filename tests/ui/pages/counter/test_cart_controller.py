"""The bill at the counter, without its window: codes, quantities, prices, customers, undo, and nothing is lost."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from meiping.domains.catalog import service as catalog
from meiping.domains.sales.at_till import open_cart
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import save_cart
from meiping.domains.sales.service import checkout
from meiping.domains.settings.queries import levels
from meiping.kernel.errors import InputError, PermissionDenied
from meiping.kernel.money import CashRounding
from meiping.kernel.permissions import Permission
from meiping.ui.pages.counter.cart_controller import CartController
from meiping.ui.pages.counter.codes import Led
from meiping.ui.pages.counter.typed import looks_scanned, take_apart
from tests import factories
from tests.shop import OpenedShop

COLA = "6901028012348"
APPLE = "6901028099998"


@pytest.fixture
def goods(shop: OpenedShop) -> dict[str, int]:
    """Cola at ¥3.50 a bottle, never under ¥3.00; apples at ¥12.80, by three decimals."""
    return {
        "cola": factories.add_product(
            shop, name="可乐", code="KL01", barcodes=COLA, list_price_fen=350, lowest_price_fen=300, unit="瓶"
        ),
        "apples": factories.add_product(
            shop, name="苹果", code="PG", barcodes=APPLE, list_price_fen=1280, unit="斤", quantity_decimals=3
        ),
    }


def controller(shop: OpenedShop, *, role: str | None = None, **more: Any) -> CartController:
    actor = shop.as_role(role) if role else shop.actor

    def save(cart: Cart) -> bool:
        save_cart(actor, cart=cart)
        return True

    made = CartController(actor, save=save, **more)
    made.open()
    return made


@pytest.fixture
def till(shop: OpenedShop, goods: dict[str, int]) -> CartController:
    return controller(shop)


def quantities(till: CartController) -> list[tuple[str, int]]:
    return [(line.name, line.qty_milli) for line in till.cart.lines]


# ------------------------------------------------------------------ codes
def test_scanning_the_same_code_again_adds_one(till: CartController):
    assert till.enter(COLA).led is Led.LINE
    till.enter(COLA)
    assert quantities(till) == [("可乐", 2000)]
    assert till.bill().total_fen == 700


def test_a_quantity_before_the_code(till: CartController):
    till.enter(f"3*{COLA}")
    till.enter("0.735*pg")
    assert quantities(till) == [("可乐", 3000), ("苹果", 735)]
    assert till.bill().total_fen == 1050 + 941


def test_a_quantity_alone_counts_for_the_line_in_hand(till: CartController):
    till.enter(COLA)
    till.enter("12*")
    assert quantities(till) == [("可乐", 12000)]


def test_full_width_digits_are_understood(till: CartController):
    till.enter("２＊ｋｌ０１")
    assert quantities(till) == [("可乐", 2000)]


@pytest.mark.parametrize("text", ["1.5*KL01", "0*KL01", "1.2345*PG", "6901028012348*PG", "1.2.3*PG"])
def test_a_quantity_that_cannot_be_is_refused_and_changes_nothing(till: CartController, text: str):
    with pytest.raises(InputError):
        till.enter(text)
    assert till.cart.lines == ()


def test_an_unknown_code_is_told_with_its_quantity(till: CartController):
    entered = till.enter("5*6999999999999")
    assert (entered.led, entered.code, entered.quantity) == (Led.UNKNOWN, "6999999999999", "5")


def test_goods_out_of_use_are_unknown(shop: OpenedShop, goods: dict[str, int], till: CartController):
    catalog.deactivate_products(shop.actor, product_ids=[goods["cola"]])
    assert till.enter(COLA).led is Led.UNKNOWN


def test_a_card_chooses_its_member_and_the_level_counts_at_once(shop: OpenedShop, till: CartController):
    gold = next(level.id for level in levels() if level.name == "金卡")
    factories.add_customer(shop, name="王晓梅", card_number="880001", level_id=gold)
    till.enter(f"10*{COLA}")
    assert till.enter("880001").led is Led.CUSTOMER
    assert till.customer is not None
    assert (till.customer.name, till.customer.level) == ("王晓梅", "金卡")
    assert till.bill().total_fen == 3150


def test_goods_come_before_a_card_of_the_same_number(shop: OpenedShop, till: CartController):
    factories.add_customer(shop, card_number=COLA)
    assert till.enter(COLA).led is Led.LINE


def test_a_whole_mobile_chooses_the_member_and_an_unknown_one_is_told(shop: OpenedShop, till: CartController):
    customer_id = factories.add_customer(shop, phone="13822017788")
    assert till.enter("13822017788").led is Led.CUSTOMER
    assert till.cart.customer_id == customer_id
    assert till.enter("13900001111").led is Led.UNKNOWN_MOBILE


def test_a_clerk_finds_members_of_others(shop: OpenedShop, goods: dict[str, int]):
    factories.add_customer(shop, card_number="880002")
    assert controller(shop, role="收银员").enter("880002").led is Led.CUSTOMER


# ------------------------------------------------------------------ the line in hand
def test_one_more_and_one_less_and_never_nothing(till: CartController):
    till.enter(COLA)
    till.step_quantity(1)
    till.step_quantity(-1)
    assert quantities(till) == [("可乐", 1000)]
    with pytest.raises(InputError, match="Delete"):
        till.step_quantity(-1)


def test_a_bar_code_is_no_quantity(till: CartController):
    till.enter(COLA)
    for text in ("6901028012348", "1.5", "", "二"):
        with pytest.raises(InputError):
            till.set_quantity(text)
    assert quantities(till) == [("可乐", 1000)]


def test_a_price_under_the_floor_wants_its_right_while_typing(shop: OpenedShop, goods: dict[str, int]):
    asked: list[str] = []

    def permit(rights: Sequence[tuple[Permission, str]], **_terms: str) -> None:
        assert rights[0][0].key == "sales.discount"
        for permission, about in rights[1:]:
            asked.append(about)
            raise PermissionDenied(permission.key, permission.title)

    till = controller(shop, permit=permit, most_discount=lambda: 15)
    till.enter(COLA)
    till.set_price(300)
    with pytest.raises(PermissionDenied):
        till.set_price(299)
    with pytest.raises(PermissionDenied):
        till.set_discount(8_400)
    with pytest.raises(PermissionDenied):
        till.set_bill_terms(discount_bp=9_000, reduction_fen=0)
    assert asked == ["可乐低于最低价 ¥3.00", "可乐低于最低价 ¥3.00", "整单优惠后可乐低于最低价 ¥3.00"]
    assert till.bill().total_fen == 300


def test_a_discount_by_hand_replaces_the_level_and_can_be_taken_off(shop: OpenedShop, till: CartController):
    gold = next(level.id for level in levels() if level.name == "金卡")
    till.choose_customer(factories.add_customer(shop, level_id=gold))
    till.enter("10*PG")
    assert till.bill().total_fen == 11_520
    till.set_discount(10_000)
    assert till.bill().total_fen == 12_800
    till.set_discount(8_000)
    assert till.bill().total_fen == 10_240
    till.reset_terms()
    assert till.bill().total_fen == 11_520


def test_who_may_not_change_prices_is_refused(shop: OpenedShop, goods: dict[str, int]):
    till = controller(shop, role="收银员")
    till.enter(COLA)
    for change in (lambda: till.set_price(320), lambda: till.set_discount(9_000), till.toggle_gift):
        with pytest.raises(PermissionDenied):
            change()
    with pytest.raises(PermissionDenied):
        till.set_bill_terms(discount_bp=9_000, reduction_fen=0)
    till.set_bill_terms(discount_bp=10_000, reduction_fen=0)


def test_a_gift_costs_nothing(till: CartController):
    till.enter(f"2*{COLA}")
    till.toggle_gift()
    assert till.bill().total_fen == 0
    till.toggle_gift()
    assert till.bill().total_fen == 700


def test_removing_a_line_leaves_the_next_one_in_hand(till: CartController):
    till.enter(COLA)
    till.enter("PG")
    till.step_line(-1)
    assert till.remove_line().name == "可乐"
    assert till.line is not None
    assert till.line.name == "苹果"
    till.remove_line()
    assert till.line is None
    with pytest.raises(InputError):
        till.remove_line()


# ------------------------------------------------------------------ the whole bill
def test_whole_bill_discount_reduction_and_rounding_are_figures_of_their_own(
    shop: OpenedShop, goods: dict[str, int]
):
    till = controller(shop, rounding=lambda: CashRounding.JIAO_DOWN)
    till.enter("3.333*PG")
    till.set_bill_terms(discount_bp=9_000, reduction_fen=500)
    bill = till.bill()
    assert (bill.list_fen, bill.discount_fen, bill.rounding_fen) == (4266, 427 + 500, -9)
    with pytest.raises(InputError, match="减免"):
        till.set_bill_terms(discount_bp=10_000, reduction_fen=5_000)


def test_a_member_taken_off_leaves_list_prices(shop: OpenedShop, till: CartController):
    gold = next(level.id for level in levels() if level.name == "金卡")
    till.choose_customer(factories.add_customer(shop, level_id=gold))
    till.enter("PG")
    assert till.remove_customer()
    assert (till.customer, till.bill().total_fen) == (None, 1280)
    assert not till.remove_customer()


def test_the_last_price_told_to_this_customer(shop: OpenedShop, goods: dict[str, int], till: CartController):
    customer_id = factories.add_customer(shop)
    cart = factories.cart_of(shop, (goods["cola"], 2), customer_id=customer_id)
    cart = replace(cart, lines=(replace(cart.lines[0], price_fen=320),))
    checkout(
        shop.actor,
        cart=cart,
        payments=factories.cash(640),
        confirmed=frozenset({"stock_below_zero"}),
    )
    till.choose_customer(customer_id)
    till.enter(COLA)
    assert till.last_price_fen() == 320


# ------------------------------------------------------------------ nothing is lost
def test_every_change_is_kept_so_that_a_killed_program_reopens_with_the_bill(
    shop: OpenedShop, till: CartController
):
    till.choose_customer(factories.add_customer(shop, name="李娜"))
    till.enter(f"3*{COLA}")
    till.set_price(330)
    again = controller(shop)
    assert again.cart == till.cart
    assert again.customer is not None
    assert again.customer.name == "李娜"
    assert again.position == 0


def test_undo_walks_back_change_by_change_and_is_kept_too(shop: OpenedShop, till: CartController):
    till.enter(COLA)
    till.enter("PG")
    till.choose_customer(factories.add_customer(shop))
    till.remove_line()
    assert till.undo()
    assert till.undo()
    assert (till.customer, quantities(till)) == (None, [("可乐", 1000), ("苹果", 1000)])
    assert till.undo()
    kept = open_cart(shop.actor)
    assert kept is not None
    assert [line.name for line in kept.lines] == ["可乐"]
    assert till.undo()
    assert not till.undo()


def test_a_change_that_cannot_be_kept_is_not_shown_either(shop: OpenedShop, goods: dict[str, int]):
    till = CartController(shop.actor, save=lambda cart: False)
    till.enter(COLA)
    assert till.cart.lines == ()
    assert not till.undo()


def test_a_level_changed_meanwhile_counts(shop: OpenedShop, till: CartController):
    from meiping.domains.customers.queries import customer_detail
    from meiping.domains.customers.service import change_customer, delete_customers

    customer_id = factories.add_customer(shop)
    till.choose_customer(customer_id)
    till.enter("PG")
    silver = next(level.id for level in levels() if level.name == "银卡")
    entered = replace(customer_detail(shop.actor, customer_id).as_input(), level_id=silver)
    change_customer(shop.actor, customer_id=customer_id, customer=entered)
    till.refresh()
    assert till.bill().total_fen == 1216
    delete_customers(shop.actor, customer_ids=[customer_id])
    till.refresh()
    assert (till.customer, till.bill().total_fen) == (None, 1280)


# ------------------------------------------------------------------ what was typed
def test_codes_and_words_are_told_apart():
    assert take_apart("3×abc").quantity == "3"
    assert take_apart("*abc").quantity == ""
    assert looks_scanned("69010281")
    assert not looks_scanned("6901")
    assert not looks_scanned("kele1234")
