"""What the clerk is promised when a bill is settled."""

from dataclasses import replace
from typing import Any

import pytest

from meiping.domains.access.service import save_role
from meiping.domains.catalog.service import quick_add_product
from meiping.domains.ledger.queries import balance_fen, customer_balances, statement
from meiping.domains.ledger.rules import Account
from meiping.domains.sales.at_till import held_carts, open_cart
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import hold_cart, recall_cart, save_cart
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import BillFilter, bill_detail, bills
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.settings.queries import levels
from meiping.domains.settings.service import save_options
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import InputError, NeedsConfirmation, PermissionDenied
from meiping.store.database import fetch_value
from tests.factories import add_customer, add_product, cart_of, cash, new_key, recharge, sell, stock_up
from tests.shop import OpenedShop


def paid(tender: str, amount_fen: int) -> Payment:
    return Payment(tender, amount_fen)


def account(shop: OpenedShop, which: Account) -> int:
    return balance_fen(which, company_id=shop.company_id)


def test_a_cash_bill_gives_change_and_takes_the_goods_out(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=10, cost_fen=300)
    bill = checkout(shop.actor, cart=cart_of(shop, (tea, 2)), payments=cash(2_000, 5_000))
    assert (bill.number, bill.total_fen, bill.change_fen) == ("XS-20260316-0001", 2_000, 3_000)
    assert fetch_value("SELECT qty_milli FROM stock WHERE product_id = ?", tea) == 8_000
    assert account(shop, Account.CASH) == 2_000
    assert account(shop, Account.INVENTORY) == 2_400
    assert account(shop, Account.COST_OF_SALES) == 600


def test_pressing_settle_twice_posts_one_bill(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=10)
    cart = cart_of(shop, (tea, 1))
    first = checkout(shop.actor, cart=cart, payments=cash(1_000))
    again = checkout(shop.actor, cart=cart, payments=cash(1_000))
    assert again == first
    assert bills(shop.actor).count() == 1
    assert account(shop, Account.CASH) == 1_000


def test_bills_are_found_by_what_one_remembers_of_the_customer(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=10)
    customer = add_customer(shop, name="林瑶霞", phone="13822017788")
    number = sell(shop, (tea, 1), customer_id=customer).number
    sell(shop, (tea, 1))
    for text in ("lyx", "7788", "瑶霞", number[-4:]):
        found = bills(shop.actor, narrow=BillFilter(text=text)).window(0, 9, None)
        assert [row["number"] for row in found] == [number]


def test_numbers_run_without_gaps_even_when_a_bill_was_refused(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=10)
    sell(shop, (tea, 1))
    with pytest.raises(InputError, match="还差"):
        checkout(shop.actor, cart=cart_of(shop, (tea, 1)), payments=cash(999))
    assert sell(shop, (tea, 1)).number == "XS-20260316-0002"


def test_a_levels_discount_applies_and_stops_at_the_lowest_price(shop: OpenedShop) -> None:
    diamond = next(level for level in levels() if level.name == "钻石")
    customer = add_customer(shop, level_id=diamond.id)
    tea = add_product(shop, stock=10)
    wine = add_product(shop, stock=10, lowest_price_fen=900)
    cart = cart_of(shop, (tea, 1), (wine, 1), customer_id=customer, level_discount_bp=diamond.discount_bp)
    bill = price_bill(cart)
    assert [line.net_fen for line in bill.lines] == [850, 900]
    checkout(shop.as_role("收银员"), cart=cart, payments=cash(1_750))


def test_stored_value_and_cash_pay_one_bill(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    recharge(shop, customer, 1_000, 500)
    tea = add_product(shop, stock=10)
    payments = [paid("stored_value", 1_200), paid("cash", 800)]
    checkout(shop.actor, cart=cart_of(shop, (tea, 2), customer_id=customer), payments=payments)
    there = customer_balances(shop.actor, customer_id=customer)
    assert (there.stored_principal_fen, there.stored_bonus_fen, there.spent_fen) == (0, 300, 2_000)


def test_stored_value_that_is_short_is_refused_and_nothing_is_posted(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    recharge(shop, customer, 500)
    tea = add_product(shop, stock=10)
    with pytest.raises(InputError, match=r"储值余额不足：现有 ¥5\.00"):
        checkout(
            shop.actor,
            cart=cart_of(shop, (tea, 1), customer_id=customer),
            payments=[paid("stored_value", 1_000)],
        )
    assert fetch_value("SELECT qty_milli FROM stock WHERE product_id = ?", tea) == 10_000
    assert bills(shop.actor).count() == 0


@pytest.mark.parametrize("tender", ["stored_value", "credit"])
def test_a_walk_in_customer_pays_with_real_money(shop: OpenedShop, tender: str) -> None:
    tea = add_product(shop, stock=10)
    with pytest.raises(InputError, match="散客不能用"):
        checkout(shop.actor, cart=cart_of(shop, (tea, 1)), payments=[paid(tender, 1_000)])


def test_credit_is_given_within_the_limit_only(shop: OpenedShop) -> None:
    customer = add_customer(shop, credit_yuan=15)
    tea = add_product(shop, stock=10)
    checkout(shop.actor, cart=cart_of(shop, (tea, 1), customer_id=customer), payments=[paid("credit", 1_000)])
    with pytest.raises(InputError, match=r"已欠 ¥10\.00，还可赊 ¥5\.00"):
        checkout(
            shop.actor, cart=cart_of(shop, (tea, 1), customer_id=customer), payments=[paid("credit", 1_000)]
        )
    assert customer_balances(shop.actor, customer_id=customer).debt_fen == 1_000


def test_only_who_may_change_prices_sells_below_the_list(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=10, lowest_price_fen=700)
    cart = cart_of(shop, (tea, 1))
    cheaper = cart.with_line(0, replace(cart.lines[0], price_fen=800))
    with pytest.raises(PermissionDenied):
        checkout(shop.as_role("收银员"), cart=cheaper, payments=cash(800))
    checkout(shop.as_role("店长"), cart=cheaper, payments=cash(800))


PRICES_ONLY = ("sales.checkout", "sales.discount", "products.view", "customers.view")


def one_who_may(shop: OpenedShop, *more: str) -> Actor:
    """Somebody who may change prices, and ``more``."""
    save_role(shop.actor, role_id=None, name="领班", scope=Scope.COMPANY, permissions=[*PRICES_ONLY, *more])
    return shop.as_role("领班")


@pytest.mark.parametrize(
    "terms",
    [
        {"line": {"price_fen": 699}},
        {"line": {"discount_bp": 6_000}},
        {"bill": {"bill_discount_bp": 6_000}},
        {"bill": {"bill_reduction_fen": 301}},
    ],
)
def test_under_the_lowest_price_wants_a_right_of_its_own(shop: OpenedShop, terms: dict[str, Any]) -> None:
    tea = add_product(shop, stock=10, lowest_price_fen=700)
    cart = replace(cart_of(shop, (tea, 1)), **terms.get("bill", {}))
    cart = cart.with_line(0, replace(cart.lines[0], **terms.get("line", {})))
    total = price_bill(cart).total_fen
    with pytest.raises(PermissionDenied, match="低于最低价"):
        checkout(one_who_may(shop), cart=cart, payments=cash(total))
    assert checkout(shop.as_role("店长"), cart=cart, payments=cash(total)).total_fen == total


def test_a_cart_that_lies_about_the_lowest_price_is_found_out(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=10, lowest_price_fen=700)
    cart = cart_of(shop, (tea, 1))
    cart = cart.with_line(0, replace(cart.lines[0], price_fen=600, lowest_price_fen=0))
    with pytest.raises(PermissionDenied, match="低于最低价"):
        checkout(one_who_may(shop), cart=cart, payments=cash(600))


def test_more_off_than_the_shop_lets_wants_a_right_of_its_own(shop: OpenedShop) -> None:
    save_options(shop.actor, values={"till.most_discount": 20})
    tea = add_product(shop, stock=10)
    foreman = one_who_may(shop)
    for key, cart in (
        (
            "line",
            cart_of(shop, (tea, 1)).with_line(0, replace(cart_of(shop, (tea, 1)).lines[0], price_fen=799)),
        ),
        ("bill", cart_of(shop, (tea, 1), bill_discount_bp=7_900)),
    ):
        with pytest.raises(PermissionDenied, match="折扣"):
            checkout(foreman, cart=replace(cart, key=key), payments=cash(price_bill(cart).total_fen))
    checkout(foreman, cart=cart_of(shop, (tea, 1), bill_discount_bp=8_000), payments=cash(800))


def test_selling_more_than_there_is_asks_first(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=1)
    cart = cart_of(shop, (tea, 3))
    with pytest.raises(NeedsConfirmation, match="库存只有 1，要卖 3") as asked:
        checkout(shop.actor, cart=cart, payments=cash(3_000))
    checkout(shop.actor, cart=cart, payments=cash(3_000), confirmed=frozenset({asked.value.token}))
    assert fetch_value("SELECT qty_milli FROM stock WHERE product_id = ?", tea) == -2_000
    save_options(shop.actor, values={"stock.below_zero": "forbid"})
    with pytest.raises(InputError, match="请先入库"):
        checkout(shop.actor, cart=cart_of(shop, (tea, 1)), payments=cash(1_000))


def test_what_was_made_in_haste_asks_nothing_until_it_is_counted(shop: OpenedShop) -> None:
    new = quick_add_product(shop.actor, code="6901234567892", name="新到的杯子", list_price_fen=1_000)
    for _ in range(2):
        checkout(shop.actor, cart=cart_of(shop, (new, 1)), payments=cash(1_000))
    sold = checkout(shop.actor, cart=cart_of(shop, (new, 1)), payments=cash(1_000))
    line = bill_detail(shop.actor, sale_id=sold.sale_id).lines[0]
    return_goods(shop.actor, key=new_key(), sale_id=sold.sale_id, quantities={line.id: 1_000})
    checkout(shop.actor, cart=cart_of(shop, (new, 1)), payments=cash(1_000))
    stock_up(shop, new, 2)
    with pytest.raises(NeedsConfirmation, match="库存只有 -1"):
        checkout(shop.actor, cart=cart_of(shop, (new, 1)), payments=cash(1_000))


def test_a_shop_that_forbids_forbids_what_was_made_in_haste_too(shop: OpenedShop) -> None:
    save_options(shop.actor, values={"stock.below_zero": "forbid"})
    new = quick_add_product(shop.actor, code="6901234567892", name="新到的杯子", list_price_fen=1_000)
    with pytest.raises(InputError, match="请先入库"):
        checkout(shop.actor, cart=cart_of(shop, (new, 1)), payments=cash(1_000))


@pytest.mark.parametrize("usual", ["forbid", "warn", "allow"])
def test_a_product_may_differ_from_the_shop_below_zero(shop: OpenedShop, usual: str) -> None:
    save_options(shop.actor, values={"stock.below_zero": usual})
    free, asks, never = (add_product(shop, below_zero=own) for own in ("allow", "warn", "forbid"))
    checkout(shop.actor, cart=cart_of(shop, (free, 1)), payments=cash(1_000))
    with pytest.raises(NeedsConfirmation):
        checkout(shop.actor, cart=cart_of(shop, (free, 1), (asks, 1)), payments=cash(2_000))
    with pytest.raises(InputError, match="请先入库"):
        checkout(shop.actor, cart=cart_of(shop, (never, 1)), payments=cash(1_000))


def test_one_question_tells_all_goods_there_are_too_few_of(shop: OpenedShop) -> None:
    tea, cup = add_product(shop, name="茶", stock=1), add_product(shop, name="杯")
    with pytest.raises(NeedsConfirmation) as asked:
        checkout(shop.actor, cart=cart_of(shop, (tea, 2), (cup, 1)), payments=cash(3_000))
    assert "“茶”库存只有 1" in asked.value.sentence
    assert asked.value.detail == "“杯”库存只有 0，要卖 1。"


def test_rounding_is_a_figure_of_its_own_and_the_lines_sum_to_the_bill(shop: OpenedShop) -> None:
    save_options(shop.actor, values={"till.rounding": "yuan_down"})
    nuts = add_product(shop, stock=10, list_price_fen=333)
    tea = add_product(shop, stock=10, list_price_fen=777)
    cart = replace(cart_of(shop, (nuts, 1), (tea, 1)), bill_reduction_fen=5)
    bill = checkout(shop.actor, cart=cart, payments=cash(1_100))
    detail = bill_detail(shop.actor, sale_id=bill.sale_id)
    assert (detail.list_fen, detail.discount_fen, detail.rounding_fen, detail.total_fen) == (
        1_110,
        5,
        -5,
        1_100,
    )
    assert sum(line.net_fen for line in detail.lines) == 1_100
    assert account(shop, Account.ROUNDING) == 5


def test_the_cart_comes_back_after_a_crash(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=10)
    cart = cart_of(shop, (tea, 2))
    save_cart(shop.actor, cart=cart)
    assert open_cart(shop.actor) == cart
    checkout(shop.actor, cart=cart, payments=cash(2_000))
    assert open_cart(shop.actor) is None


def test_bills_put_aside_come_back_one_by_one(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=10)
    first, second = cart_of(shop, (tea, 1)), cart_of(shop, (tea, 2))
    hold_cart(shop.actor, cart=first, note="红衣服的阿姨")
    hold_cart(shop.actor, cart=second)
    totals = [price_bill(cart).total_fen for cart in (first, second)]
    assert totals[1] == 2 * totals[0] > 0
    assert [(held.note, held.customer, held.total_fen) for held in held_carts(shop.actor)] == [
        ("红衣服的阿姨", "散客", totals[0]),
        ("", "散客", totals[1]),
    ]
    assert recall_cart(shop.actor, key=first.key) == first
    with pytest.raises(InputError, match="还有商品"):
        recall_cart(shop.actor, key=second.key)


def test_the_statement_shows_every_dealing_with_running_balances(shop: OpenedShop) -> None:
    customer = add_customer(shop, credit_yuan=100)
    tea = add_product(shop, stock=10)
    recharge(shop, customer, 1_500)
    cart = cart_of(shop, (tea, 2), customer_id=customer)
    checkout(shop.actor, cart=cart, payments=[paid("stored_value", 1_500), paid("credit", 500)])
    sell(shop, (tea, 1), customer_id=customer)
    rows = [
        (row["kind"], row["amount_fen"], row["stored_fen"], row["debt_fen"])
        for row in statement(shop.actor, customer_id=customer).rows
    ]
    assert rows == [("销售", 1_000, 0, 500), ("销售", 2_000, 0, 500), ("充值", 1_500, 1_500, 0)]


def test_a_cart_survives_its_form_in_the_file() -> None:
    cart = Cart(key="k", customer_id=3, customer_name="王晓梅", note="自提")
    assert Cart.from_json(cart.to_json()) == cart
