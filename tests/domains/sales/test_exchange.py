"""Goods brought back pay for what is taken instead, in one bill, and nothing is given back twice."""

import random
from dataclasses import replace

import pytest

from meiping.adapters.receipt_pdf import Item, Pair
from meiping.domains.ledger.queries import balance_fen, customer_balances
from meiping.domains.ledger.rules import Account
from meiping.domains.maintenance.invariants import INVARIANTS
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import PostedBill, hold_cart, recall_cart
from meiping.domains.sales.exchanging import lines_taken_back, refund_of_cart
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.receipt import receipt_slip
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.settings.service import save_options
from meiping.kernel.errors import InputError, PermissionDenied
from meiping.kernel.money import CashRounding
from meiping.store.database import fetch, fetch_value
from tests.factories import add_customer, add_product, cart_of, cash, new_key, recharge, sell
from tests.shop import OpenedShop


def with_back(shop: OpenedShop, cart: Cart, sale_id: int, *quantities: int, to_waste: bool = False) -> Cart:
    """The cart with ``quantities`` of the bill's lines, in order, coming back."""
    lines = bill_detail(shop.actor, sale_id=sale_id).lines
    wanted = {line.id: 1_000 * quantity for line, quantity in zip(lines, quantities, strict=False)}
    _, back = lines_taken_back(shop.actor, sale_id=sale_id, quantities=wanted, to_waste=to_waste)
    return replace(cart, lines=(*back, *cart.lines))


def stock_of(product_id: int) -> int:
    return int(fetch_value("SELECT qty_milli FROM stock WHERE product_id = ?", product_id))


def nothing_wrong() -> bool:
    return not [line for invariant in INVARIANTS for line in invariant.check(fetch)]


def settle(shop: OpenedShop, cart: Cart, way: RefundWay = RefundWay.AS_PAID) -> PostedBill:
    total_fen = price_bill(cart).total_fen
    payments = cash(total_fen) if total_fen > 0 else []
    return checkout(shop.actor, cart=cart, payments=payments, way=way)


def test_what_is_dearer_is_paid_for_and_both_goods_move(shop: OpenedShop) -> None:
    small, large = add_product(shop, stock=5), add_product(shop, stock=5, list_price_fen=1_500)
    bill = sell(shop, (small, 2))
    cart = with_back(shop, cart_of(shop, (large, 1)), bill.sale_id, 1)
    assert price_bill(cart).total_fen == 500
    posted = settle(shop, cart)
    assert (posted.number, posted.total_fen, posted.back) == ("HH-20260316-0001", 500, ())
    assert (stock_of(small), stock_of(large)) == (4_000, 4_000)
    assert balance_fen(Account.CASH, company_id=shop.company_id) == 2_500
    detail = bill_detail(shop.actor, sale_id=posted.sale_id)
    assert (detail.kind, detail.original_number) == ("exchange", bill.number)
    assert [line.net_fen for line in detail.lines] == [-1_000, 1_500]
    assert bill_detail(shop.actor, sale_id=bill.sale_id).lines[0].left_milli == 1_000
    assert nothing_wrong()


def test_what_is_cheaper_gives_the_rest_back_and_goods_of_equal_price_nothing(shop: OpenedShop) -> None:
    large, small = add_product(shop, stock=5, list_price_fen=1_500), add_product(shop, stock=5)
    bill = checkout(shop.actor, cart=cart_of(shop, (large, 1)), payments=[Payment("wechat", 1_500)])
    cart = with_back(shop, cart_of(shop, (small, 1)), bill.sale_id, 1)
    told = refund_of_cart(shop.actor, cart=cart)
    assert (told.refund_fen, told.by_tender) == (500, (("wechat", 500),))
    posted = settle(shop, cart)
    assert (posted.total_fen, posted.back) == (-500, (("wechat", 500),))
    assert checkout(shop.actor, cart=cart, payments=[]) == posted, "pressed twice, it is posted once"
    same = with_back(shop, cart_of(shop, (small, 1)), posted.sale_id, 0, 1)
    assert settle(shop, same).total_fen == 0
    assert balance_fen(Account.WECHAT, company_id=shop.company_id) == 1_000
    assert nothing_wrong()


def test_what_is_over_lowers_the_debt_first(shop: OpenedShop) -> None:
    customer = add_customer(shop, credit_yuan=100)
    large, small = add_product(shop, stock=5, list_price_fen=3_000), add_product(shop, stock=5)
    cart = cart_of(shop, (large, 1), customer_id=customer)
    bill = checkout(shop.actor, cart=cart, payments=[Payment("credit", 1_500), Payment("cash", 1_500)])
    posted = settle(shop, with_back(shop, cart_of(shop, (small, 1), customer_id=customer), bill.sale_id, 1))
    assert dict(posted.back) == {"credit": 1_500, "cash": 500}
    assert customer_balances(shop.actor, customer_id=customer).debt_fen == 0
    assert nothing_wrong()


def test_bonus_never_becomes_cash_through_an_exchange(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    recharge(shop, customer, 600, 400)
    first, second = add_product(shop, stock=5), add_product(shop, stock=5)
    cart = cart_of(shop, (first, 1), customer_id=customer)
    bill = checkout(shop.actor, cart=cart, payments=[Payment("stored_value", 1_000)])
    posted = settle(shop, with_back(shop, cart_of(shop, (second, 1), customer_id=customer), bill.sale_id, 1))
    assert posted.total_fen == 0
    line = bill_detail(shop.actor, sale_id=posted.sale_id).lines[1]
    back = return_goods(shop.actor, key=new_key(), sale_id=posted.sale_id, quantities={line.id: 1_000})
    assert back.by_tender == (("stored_value", 1_000),)
    there = customer_balances(shop.actor, customer_id=customer)
    assert (there.stored_principal_fen, there.stored_bonus_fen) == (600, 400)


@pytest.mark.parametrize(
    ("way", "back"),
    [
        (RefundWay.AS_PAID, {"stored_value": 300, "wechat": 300}),
        (RefundWay.STORED, {"stored_value": 600}),
        (RefundWay.CASH, {"stored_value": 300, "cash": 300}),
    ],
)
def test_the_rest_goes_back_as_chosen(shop: OpenedShop, way: RefundWay, back: dict[str, int]) -> None:
    customer = add_customer(shop)
    recharge(shop, customer, 500, 300)
    large, small = add_product(shop, stock=5, list_price_fen=1_600), add_product(shop, stock=5)
    cart = cart_of(shop, (large, 1), customer_id=customer)
    bill = checkout(shop.actor, cart=cart, payments=[Payment("stored_value", 800), Payment("wechat", 800)])
    cart = with_back(shop, cart_of(shop, (small, 1), customer_id=customer), bill.sale_id, 1)
    posted = settle(shop, cart, way)
    assert dict(posted.back) == back
    line = bill_detail(shop.actor, sale_id=posted.sale_id).lines[1]
    return_goods(shop.actor, key=new_key(), sale_id=posted.sale_id, quantities={line.id: 1_000})
    there = customer_balances(shop.actor, customer_id=customer)
    assert there.stored_bonus_fen == 300, "what was given as bonus is bonus again"
    assert nothing_wrong()


def test_the_same_goods_from_two_carts_come_back_once(shop: OpenedShop) -> None:
    tea, nuts = add_product(shop, stock=5), add_product(shop, stock=5)
    bill = sell(shop, (tea, 1))
    carts = [with_back(shop, cart_of(shop, (nuts, 1)), bill.sale_id, 1) for _ in range(2)]
    settle(shop, carts[0])
    with pytest.raises(InputError, match="最多还能退 0"):
        settle(shop, carts[1])
    doubled = replace(carts[1], lines=(carts[1].lines[0], *carts[1].lines))
    with pytest.raises(InputError):
        settle(shop, doubled)
    assert stock_of(tea) == 5_000
    assert nothing_wrong()


def test_a_part_that_came_back_meanwhile_is_asked_for_again(shop: OpenedShop) -> None:
    tea, nuts = add_product(shop, stock=5, list_price_fen=333), add_product(shop, stock=5)
    bill = sell(shop, (tea, 3))
    cart = with_back(shop, cart_of(shop, (nuts, 1)), bill.sale_id, 1)
    (line,) = bill_detail(shop.actor, sale_id=bill.sale_id).lines
    return_goods(shop.actor, key=new_key(), sale_id=bill.sale_id, quantities={line.id: 1_000})
    with pytest.raises(InputError, match="又退过一部分"):
        settle(shop, cart)


def test_goods_of_another_customer_and_goods_alone_are_refused(shop: OpenedShop) -> None:
    owner, other = add_customer(shop), add_customer(shop)
    tea, nuts = add_product(shop, stock=5), add_product(shop, stock=5)
    bill = sell(shop, (tea, 1), customer_id=owner)
    for customer in (None, other):
        with pytest.raises(InputError, match="另一位客户"):
            settle(shop, with_back(shop, cart_of(shop, (nuts, 1), customer_id=customer), bill.sale_id, 1))
    with pytest.raises(InputError, match="还没有换的商品"):
        settle(shop, with_back(shop, cart_of(shop, customer_id=owner), bill.sale_id, 1))


def test_goods_of_several_bills_come_back_and_damaged_ones_go_to_waste(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    tea, nuts = add_product(shop, stock=9), add_product(shop, stock=9, list_price_fen=2_500)
    with_name, without = sell(shop, (tea, 1), customer_id=customer), sell(shop, (tea, 1))
    cart = with_back(shop, cart_of(shop, (nuts, 1), customer_id=customer), with_name.sale_id, 1)
    cart = with_back(shop, cart, without.sale_id, 1, to_waste=True)
    posted = settle(shop, cart)
    assert posted.total_fen == 500
    assert stock_of(tea) == 8_000
    assert bill_detail(shop.actor, sale_id=posted.sale_id).original_id is None
    assert nothing_wrong()


def test_the_whole_bills_terms_leave_alone_what_comes_back(shop: OpenedShop) -> None:
    save_options(shop.actor, values={"till.rounding": "yuan_down"})
    tea, nuts = (
        add_product(shop, stock=9, list_price_fen=333),
        add_product(shop, stock=9, list_price_fen=2_000),
    )
    bill = checkout(shop.actor, cart=cart_of(shop, (tea, 1)), payments=cash(300))
    cart = with_back(shop, replace(cart_of(shop, (nuts, 1)), bill_discount_bp=9_000), bill.sale_id, 1)
    priced = price_bill(cart, CashRounding.YUAN_DOWN)
    assert [line.net_fen for line in priced.lines] == [-300, 1_800]
    posted = checkout(shop.actor, cart=cart, payments=cash(1_500))
    assert bill_detail(shop.actor, sale_id=posted.sale_id).total_fen == 1_500


def test_an_exchange_is_held_and_recalled_as_it_was(shop: OpenedShop) -> None:
    tea, nuts = add_product(shop, stock=9), add_product(shop, stock=9)
    bill = sell(shop, (tea, 1))
    cart = with_back(shop, cart_of(shop, (nuts, 2)), bill.sale_id, 1)
    hold_cart(shop.actor, cart=cart)
    assert recall_cart(shop.actor, key=cart.key) == cart


def test_who_may_not_take_goods_back_may_not_exchange_them(shop: OpenedShop) -> None:
    tea, nuts = add_product(shop, stock=9), add_product(shop, stock=9)
    bill = sell(shop, (tea, 1))
    cart = with_back(shop, cart_of(shop, (nuts, 1)), bill.sale_id, 1)
    clerk = shop.as_role("收银员")
    checkout(clerk, cart=cart, payments=[])
    with pytest.raises(PermissionDenied):
        checkout(shop.as_role("业务员"), cart=replace(cart, key="another"), payments=[])


def test_however_parts_go_and_come_all_is_given_back_to_the_fen(shop: OpenedShop) -> None:
    """Bills, exchanges of parts of them, exchanges of these: when all has come back, the drawer is empty."""
    dice = random.Random(20260316)
    goods = [
        add_product(shop, stock=500, list_price_fen=price, cost_fen=cost)
        for price, cost in ((333, 101), (1_999, 700), (50, 7))
    ]
    customer = add_customer(shop)
    recharge(shop, customer, 50_000, 7_000)
    begun = (50_000, 7_000)
    for _ in range(6):
        cart = cart_of(
            shop,
            *((dice.choice(goods), dice.randint(1, 4)) for _ in range(3)),
            customer_id=customer,
            bill_reduction_fen=dice.randint(0, 30),
        )
        total = price_bill(cart).total_fen
        stored = min(total, dice.randint(0, total))
        parts = [Payment("stored_value", stored)] if stored else []
        bills = [checkout(shop.actor, cart=cart, payments=parts + cash(total - stored)).sale_id]
        for _ in range(4):
            sale_id = dice.choice(bills)
            left = [line.left_milli // 1_000 for line in bill_detail(shop.actor, sale_id=sale_id).lines]
            wanted = [dice.randint(0, most) for most in left]
            if not any(wanted):
                continue
            new = cart_of(shop, (dice.choice(goods), dice.randint(1, 3)), customer_id=customer)
            bills.append(settle(shop, with_back(shop, new, sale_id, *wanted)).sale_id)
        for sale_id in bills:
            rest = {line.id: line.left_milli for line in bill_detail(shop.actor, sale_id=sale_id).lines}
            if any(rest.values()):
                return_goods(shop.actor, key=new_key(), sale_id=sale_id, quantities=rest)
    there = customer_balances(shop.actor, customer_id=customer)
    assert (there.stored_principal_fen, there.stored_bonus_fen) == begun
    assert balance_fen(Account.CASH, company_id=shop.company_id) == begun[0]
    assert balance_fen(Account.SALES, company_id=shop.company_id) == 0
    assert [stock_of(product) for product in goods] == [500_000] * 3
    assert nothing_wrong()


def test_the_receipt_says_what_came_back_and_from_which_bill(shop: OpenedShop) -> None:
    tea, nuts = add_product(shop, stock=9), add_product(shop, stock=9, list_price_fen=1_500)
    bill = sell(shop, (tea, 1))
    posted = settle(shop, with_back(shop, cart_of(shop, (nuts, 1)), bill.sale_id, 1))
    slip = receipt_slip(shop.actor, sale_id=posted.sale_id)
    pairs = {block.left: block.right for block in slip.blocks if isinstance(block, Pair)}
    assert (pairs["换走商品"], pairs["退回商品"], pairs["现金"]) == ("¥15.00", "-¥10.00", "¥5.00")
    notes = [block.note for block in slip.blocks if isinstance(block, Item)]
    assert notes == [f"退自 {bill.number}", ""]
