"""A quote is laid on the counter at the prices told, and counts as turned into the bill once that is posted."""

from datetime import date

import pytest

from meiping.domains.access.service import save_role
from meiping.domains.catalog import service as catalog
from meiping.domains.catalog.queries import product_detail
from meiping.domains.deals.billing import EXPIRED_QUOTE, turn_into_bill
from meiping.domains.deals.queries import last_quoted_fen, price_hints, quote_detail
from meiping.domains.deals.rules import QuoteInput, QuoteLineInput, QuoteState
from meiping.domains.deals.service import change_quote, delete_quotes, give_up_quotes
from meiping.domains.sales.at_till import held_carts, open_cart
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import PostedBill, drop_cart, hold_cart, save_cart
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.service import checkout
from meiping.domains.settings.queries import levels
from meiping.kernel.actor import Scope
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound, PermissionDenied, UserError
from tests.domains.deals.quoting import offer
from tests.factories import add_customer, add_product, cart_of, cash
from tests.shop import OpenedShop
from tests.whole_file import faults


@pytest.fixture
def quote(shop: OpenedShop, firm: int, tea: int, cup: int) -> int:
    """Twelve of the tea at ¥9.00 and three cups at their list price."""
    return offer(shop, firm, (tea, 12, 900), (cup, 3, 2_500))


def pay(shop: OpenedShop, cart: Cart) -> PostedBill:
    return checkout(shop.actor, cart=cart, payments=cash(price_bill(cart).total_fen))


def state(shop: OpenedShop, quote_id: int) -> QuoteState:
    return quote_detail(shop.actor, quote_id=quote_id).state


def test_the_bill_has_the_goods_and_prices_told(
    shop: OpenedShop, firm: int, tea: int, cup: int, quote: int
) -> None:
    cart = turn_into_bill(shop.actor, quote_id=quote)
    assert open_cart(shop.actor) == cart
    assert (cart.customer_id, cart.customer_name, cart.note) == (firm, "恒达贸易", "报价 BJ-20260316-0001")
    assert [(line.product_id, line.qty_milli, line.price_fen) for line in cart.lines] == [
        (tea, 12_000, 900),
        (cup, 3_000, 2_500),
    ]
    assert price_bill(cart).total_fen == quote_detail(shop.actor, quote_id=quote).total_fen
    assert state(shop, quote) is QuoteState.OPEN
    posted = pay(shop, cart)
    detail = quote_detail(shop.actor, quote_id=quote)
    assert (detail.state, detail.bill) == (QuoteState.BILLED, posted.number)
    assert bill_detail(shop.actor, sale_id=posted.sale_id).note == "报价 BJ-20260316-0001"
    assert last_quoted_fen(shop.actor, customer_id=firm, product_id=tea) is None
    assert faults() == []


def test_what_became_a_bill_is_neither_changed_nor_turned_again(
    shop: OpenedShop, tea: int, quote: int
) -> None:
    posted = pay(shop, turn_into_bill(shop.actor, quote_id=quote))
    with pytest.raises(UserError, match=f"已经开单（{posted.number}）"):
        turn_into_bill(shop.actor, quote_id=quote)
    with pytest.raises(UserError, match="不能再改"):
        change_quote(shop.actor, quote_id=quote, quote=QuoteInput((QuoteLineInput(tea, 1_000, 900),)))
    assert give_up_quotes(shop.actor, quote_ids=[quote]) == 0
    delete_quotes(shop.actor, quote_ids=[quote])
    with pytest.raises(NotFound, match="已经删除"):
        turn_into_bill(shop.actor, quote_id=quote)


@pytest.mark.parametrize("units", [1, 3, 7])
def test_a_level_price_told_needs_no_right_to_change_prices(shop: OpenedShop, units: int) -> None:
    gold = min(levels(), key=lambda level: level.discount_bp)
    product = add_product(shop, list_price_fen=1_000, stock=50)
    regular = add_customer(shop, level_id=gold.id)
    at_level = 1_000 * gold.discount_bp // 10_000
    quote = offer(shop, regular, (product, units, at_level))
    cart = turn_into_bill(shop.as_role("收银员"), quote_id=quote)
    assert price_bill(cart).total_fen == at_level * units


def test_the_price_of_a_level_is_offered_and_taken_as_it_is(shop: OpenedShop) -> None:
    gold = min(levels(), key=lambda level: level.discount_bp)
    product = add_product(shop, list_price_fen=1_000, stock=50, level_prices=((gold.id, 930),))
    regular = add_customer(shop, level_id=gold.id)
    hints = price_hints(shop.actor, customer_id=regular, product_ids=[product])
    assert hints[product].level_fen == 930
    cart = turn_into_bill(shop.as_role("收银员"), quote_id=offer(shop, regular, (product, 2, 930)))
    assert price_bill(cart).total_fen == 1_860


def test_the_list_price_told_to_a_regular_is_not_discounted_again(shop: OpenedShop) -> None:
    gold = min(levels(), key=lambda level: level.discount_bp)
    product = add_product(shop, list_price_fen=1_000, stock=50)
    quote = offer(shop, add_customer(shop, level_id=gold.id), (product, 2, 1_000))
    assert price_bill(turn_into_bill(shop.actor, quote_id=quote)).total_fen == 2_000


def test_other_prices_need_the_right_to_change_them(shop: OpenedShop, quote: int) -> None:
    with pytest.raises(PermissionDenied, match="改价"):
        turn_into_bill(shop.as_role("收银员"), quote_id=quote)
    with pytest.raises(PermissionDenied, match="收银"):
        turn_into_bill(shop.as_role("业务员"), quote_id=quote)
    assert open_cart(shop.actor) is None


def test_who_told_the_price_gets_the_credit(shop: OpenedShop, tea: int) -> None:
    seller = shop.as_role("业务员")
    own = add_customer(shop, owner_id=seller.operator_id)
    quote = offer(shop, own, (tea, 1, 900), by=seller)
    assert turn_into_bill(shop.actor, quote_id=quote).salesperson_id == seller.operator_id


def test_the_counter_is_asked_again_what_it_takes(shop: OpenedShop, firm: int, tea: int, cup: int) -> None:
    cheap = offer(shop, firm, (tea, 1, 850))
    product = product_detail(shop.actor, product_id=tea).product
    dearer = type(product)("红茶", 1_000, unit="个", code=product.code, lowest_price_fen=900)
    catalog.change_product(shop.actor, product_id=tea, product=dearer)
    with pytest.raises(InputError, match=r"现在最低只能卖 ¥9\.00"):
        turn_into_bill(shop.actor, quote_id=cheap)
    gone = offer(shop, firm, (cup, 1, 2_500))
    catalog.deactivate_products(shop.actor, product_ids=[cup])
    with pytest.raises(InputError, match="“茶杯”已停用"):
        turn_into_bill(shop.actor, quote_id=gone)


def test_an_expired_quote_is_asked_about_and_one_given_up_refused(
    shop: OpenedShop, firm: int, tea: int
) -> None:
    quote = offer(shop, firm, (tea, 1, 900), valid_until_date=date(2026, 3, 16))
    shop.clock.set(2026, 3, 17)
    with pytest.raises(NeedsConfirmation, match="只到 2026-03-16 有效"):
        turn_into_bill(shop.actor, quote_id=quote)
    cart = turn_into_bill(shop.actor, quote_id=quote, confirmed=frozenset({EXPIRED_QUOTE}))
    pay(shop, cart)
    assert state(shop, quote) is QuoteState.BILLED
    other = offer(shop, firm, (tea, 1, 900))
    give_up_quotes(shop.actor, quote_ids=[other])
    with pytest.raises(UserError, match="已经放弃"):
        turn_into_bill(shop.actor, quote_id=other)


# ---------------------------------------------------------------- the counter around it
def test_a_bill_that_stands_on_the_counter_is_put_aside(shop: OpenedShop, tea: int, quote: int) -> None:
    other = cart_of(shop, (tea, 1))
    save_cart(shop.actor, cart=other)
    cart = turn_into_bill(shop.actor, quote_id=quote)
    assert [held.key for held in held_carts(shop.actor)] == [other.key]
    assert open_cart(shop.actor) == cart


def test_turned_again_before_it_is_settled_it_is_the_same_bill(
    shop: OpenedShop, tea: int, quote: int
) -> None:
    first = turn_into_bill(shop.actor, quote_id=quote)
    assert turn_into_bill(shop.actor, quote_id=quote) == first
    hold_cart(shop.actor, cart=first)
    save_cart(shop.actor, cart=cart_of(shop, (tea, 1)))
    assert turn_into_bill(shop.actor, quote_id=quote) == first
    assert open_cart(shop.actor) == first
    assert len(held_carts(shop.actor)) == 1
    pay(shop, first)
    assert state(shop, quote) is QuoteState.BILLED


def test_while_its_bill_waits_the_quote_is_not_changed(shop: OpenedShop, tea: int, quote: int) -> None:
    cart = turn_into_bill(shop.actor, quote_id=quote)
    wanted = QuoteInput((QuoteLineInput(tea, 1_000, 950),))
    with pytest.raises(UserError, match="还在收银台或挂单里"):
        change_quote(shop.actor, quote_id=quote, quote=wanted)
    drop_cart(shop.actor, key=cart.key)
    change_quote(shop.actor, quote_id=quote, quote=wanted)
    assert turn_into_bill(shop.actor, quote_id=quote).key != cart.key


def test_a_cleared_counter_used_for_somebody_else_is_no_bill_of_the_quote(
    shop: OpenedShop, firm: int, tea: int, quote: int
) -> None:
    cart = turn_into_bill(shop.actor, quote_id=quote)
    drop_cart(shop.actor, key=cart.key)
    somebody = cart_of(shop, (tea, 1), customer_id=add_customer(shop))
    pay(shop, Cart(key=cart.key, lines=somebody.lines, customer_id=somebody.customer_id))
    assert state(shop, quote) is QuoteState.OPEN
    again = turn_into_bill(shop.actor, quote_id=quote)
    assert again.key != cart.key
    pay(shop, again)
    assert state(shop, quote) is QuoteState.BILLED


def test_a_cleared_counter_used_for_other_goods_is_no_bill_of_the_quote(
    shop: OpenedShop, firm: int, quote: int
) -> None:
    cart = turn_into_bill(shop.actor, quote_id=quote)
    drop_cart(shop.actor, key=cart.key)
    other = cart_of(shop, (add_product(shop, stock=5), 1), customer_id=firm)
    pay(shop, Cart(key=cart.key, lines=other.lines, customer_id=firm))
    assert state(shop, quote) is QuoteState.OPEN


def test_only_quotes_of_customers_in_scope_are_turned(shop: OpenedShop, quote: int) -> None:
    rights = ("sales.checkout", "sales.discount", "customers.view", "customers.find_any")
    save_role(shop.actor, role_id=None, name="外勤收银", scope=Scope.OWN, permissions=rights)
    with pytest.raises(NotFound):
        turn_into_bill(shop.as_role("外勤收银"), quote_id=quote)
