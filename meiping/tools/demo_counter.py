"""The last days at the demonstration shop's counter: rules for prices, an exchange, an order with a deposit."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

from meiping.domains.catalog.price_rules import save_price_rule
from meiping.domains.catalog.prices import PriceRuleInput
from meiping.domains.sales.cart import Cart, CartLine
from meiping.domains.sales.carts import hold_cart
from meiping.domains.sales.deposits import take_deposit
from meiping.domains.sales.exchanging import lines_taken_back
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.prices import as_priced_today
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import BELOW_ZERO, checkout
from meiping.kernel.quantity import ONE
from meiping.store.database import fetch
from meiping.tools.demo_maker import ROUNDING, DemoProduct, Maker

_LEAST_FEN, _OFF_FEN = 50_000, 5_000
_BIRTHDAY_BP, _SPECIAL_PERCENT = 8_800, 80
_LATE = """
SELECT l.sale_id, l.id, l.qty_milli FROM sale_line l JOIN sale s ON s.id = l.sale_id JOIN product p ON p.id = l.product_id
WHERE s.kind = 'sale' AND s.customer_id IS NULL AND l.qty_milli > 0 AND l.returned_milli = 0 AND p.stocked
ORDER BY s.id DESC LIMIT 2
"""


def make_counter(maker: Maker, today: date) -> None:
    """What the counter knows of beside plain bills; nothing in a shop that has not sold anything yet."""
    if not maker.size.sales or not maker.customers:
        return
    goods = [product for product in maker.products if product.stocked][:4]
    if not goods:
        return
    _price_rules(maker, today, goods[-1])
    for sale_id, line_id, qty_milli in fetch(_LATE):
        _exchange(maker, sale_id, {line_id: qty_milli}, goods[0])
    _order(maker, goods)


def _price_rules(maker: Maker, today: date, product: DemoProduct) -> None:
    """One of each kind: a special price for two weeks, so much off a large bill, a discount on birthdays."""
    special = PriceRuleInput(
        "special",
        product_id=product.id,
        price_fen=product.price_fen * _SPECIAL_PERCENT // 100,
        first_date=today - timedelta(days=3),
        last_date=today + timedelta(days=10),
    )
    large = PriceRuleInput("threshold", least_fen=_LEAST_FEN, off_fen=_OFF_FEN)
    birthday = PriceRuleInput("birthday", discount_bp=_BIRTHDAY_BP, whole_month=True)
    for rule in (special, large, birthday):
        save_price_rule(maker.owner, rule=rule)


def _exchange(maker: Maker, sale_id: int, quantities: dict[int, int], product: DemoProduct) -> None:
    """Goods against others; what they cost more is paid by code, what is over goes back."""
    _, back = lines_taken_back(maker.owner, sale_id=sale_id, quantities=quantities)
    cart = as_priced_today(maker.owner, cart=Cart(_key(maker), (*back, _line(product))))
    due_fen = price_bill(cart, ROUNDING).total_fen
    payments = [Payment("wechat", due_fen)] if due_fen > 0 else []
    checkout(maker.owner, cart=cart, payments=payments, confirmed=frozenset({BELOW_ZERO}))


def _order(maker: Maker, goods: list[DemoProduct]) -> None:
    """A bill that waits for its customer, a third of it paid beforehand."""
    customer = maker.customers[0]
    lines = tuple(replace(_line(product), qty_milli=2 * ONE) for product in goods)
    cart = Cart(_key(maker), lines, customer_id=customer.id, customer_name=customer.name)
    cart = as_priced_today(maker.owner, cart=cart)
    hold_cart(maker.owner, cart=cart, note="周六来取")
    third_fen = max(price_bill(cart, ROUNDING).total_fen // 300 * 100, 100)
    take_deposit(maker.owner, key=_key(maker), cart_key=cart.key, amount_fen=third_fen, tender="wechat")


def _line(product: DemoProduct) -> CartLine:
    return CartLine(
        product.id, product.code, product.name, product.unit, ONE, product.price_fen, product.price_fen
    )


def _key(maker: Maker) -> str:
    return str(uuid.UUID(int=maker.random.getrandbits(128), version=4))
