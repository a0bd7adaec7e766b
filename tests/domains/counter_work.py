"""Work at the counter that can be done again: under one key a piece of work is always the same.

Run as a program it works without end in a closed, furnished shop, saying what it begins and what is done:
``python -m tests.domains.counter_work FOLDER FIRST_NUMBER``.
"""

import itertools
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from meiping.domains.access.queries import actor_for
from meiping.domains.catalog.price_rules import save_price_rule
from meiping.domains.catalog.prices import PriceRuleInput
from meiping.domains.expenses.rules import ADVANCE, CATEGORY, EXPENSE, ExpenseInput
from meiping.domains.expenses.service import settle_advance, spend
from meiping.domains.loyalty.card_rules import CardInput
from meiping.domains.loyalty.cards import save_card_kind, use_card
from meiping.domains.loyalty.service import adjust_points
from meiping.domains.receivables.service import receive, write_off
from meiping.domains.renewals.service import renew_services
from meiping.domains.sales.card_returns import return_card
from meiping.domains.sales.cart import Cart, CartLine
from meiping.domains.sales.carts import hold_cart, save_cart
from meiping.domains.sales.deposits import MORE_THAN_BILL, give_deposit_back, take_deposit
from meiping.domains.sales.exchanging import lines_taken_back
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.prices import as_priced_today
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.sales.shifts import UNFINISHED, close_shift
from meiping.domains.sales.tender_changes import change_tender
from meiping.domains.settings.queries import words
from meiping.domains.settings.service import save_options
from meiping.domains.stock.service import StockLine, issue_goods, receive_goods
from meiping.domains.till.drawer import MORE_THAN_THERE, move_cash
from meiping.domains.till.queries.shifts import open_shift as shift_under_way
from meiping.domains.till.service import begin_shift
from meiping.domains.wallet.service import recharge, refund
from meiping.kernel.money import CashRounding
from meiping.store.database import fetch, fetch_value, open_database
from meiping.store.folder import DataFolder
from tests.factories import add_customer, add_product, cart_of
from tests.shop import OpenedShop, SettableClock, opening_time
from tests.whole_file import Contents

TEA, NUTS, WASHING, SCALE = 1, 2, 3, 4
"""The products of a furnished shop: ¥10.00, ¥3.33 or ¥3.00 by rule, a count card of many uses for ¥99.99, and a scale
whose service costs ¥60.00 a year.
"""
SERVICE = 1
"""The first term of a scale's service."""
REGULAR, NEIGHBOUR = 1, 2
"""Its customers: both with stored value, the first with a debt."""
ON_CREDIT, AS_PAID = "bought on credit", "bought with stored value"
"""The keys of two large bills from which goods come back."""
ORDERED = "ordered"
"""The key of a cart that waits, for which money was taken beforehand."""


def open_shop(folder: DataFolder) -> OpenedShop:
    """Open a founded shop on this thread; its administrator is at work."""
    open_database(folder.database)
    clock = SettableClock(opening_time())
    return OpenedShop(folder, clock, actor_for(1, clock=clock))


def furnish(shop: OpenedShop) -> None:
    """Goods, customers and the bills that the pieces of work need."""
    save_options(shop.actor, values={"till.rounding": "jiao_down"})
    add_product(shop, name="茶", stock=50_000)
    add_product(shop, name="坚果", stock=50_000, list_price_fen=333, cost_fen=101)
    for _ in (REGULAR, NEIGHBOUR):
        customer = add_customer(shop, credit_yuan=1_000_000)
        recharge(shop.actor, key=f"first {customer}", customer_id=customer, principal_fen=90_000)
    save_options(shop.actor, values={"points.on": True, "points.months": 12})
    adjust_points(shop.actor, key="gift", customer_id=REGULAR, points=1_000_000, reason="活动")
    _settle(shop, ON_CREDIT, (TEA, 9_000), customer_id=REGULAR, stored_value=20_000, credit=8_900_000)
    _settle(shop, AS_PAID, (NUTS, 1_000), customer_id=NEIGHBOUR, stored_value=10_000)
    save_price_rule(shop.actor, rule=PriceRuleInput("special", product_id=NUTS, price_fen=300))
    add_product(shop, name="洗车卡", list_price_fen=9_999, stocked=False)
    save_card_kind(shop.actor, card=CardInput(WASHING, 10_000))
    _settle(shop, "a card", (WASHING, 2), customer_id=REGULAR)
    use_card(shop.actor, key="the first use", card_id=2)
    _spend(shop, "an advance", ADVANCE, 900_000)
    add_product(
        shop, name="秤", list_price_fen=5_000, stocked=False, annual_fee_fen=6_000, service_term_months=12
    )
    _settle(shop, "a scale", (SCALE, 2), customer_id=NEIGHBOUR)
    fee = renew_services(shop.actor, term_ids=[SERVICE])
    checkout(shop.actor, cart=fee, payments=[Payment("cash", 12_000)])
    hold_cart(shop.actor, cart=_cart(shop, ORDERED, (TEA, 9), customer_id=NEIGHBOUR))
    _take_beforehand(shop, "first of all", 50_000, "cash")


def _cart(shop: OpenedShop, key: str, *wanted: tuple[int, int], customer_id: int | None = None) -> Cart:
    return replace(cart_of(shop, *wanted, customer_id=customer_id), key=key)


def _settle(
    shop: OpenedShop, key: str, *wanted: tuple[int, int], customer_id: int | None = None, **parts: int
) -> str:
    """Settle a bill: ``parts`` by tender, the rest in cash with change. The last of several lines is the owner's."""
    cart = _cart(shop, key, *wanted, customer_id=customer_id)
    if len(cart.lines) > 1:
        own = replace(cart.lines[-1], salesperson_id=shop.actor.operator_id)
        cart = cart.with_line(len(cart.lines) - 1, own)
    if not fetch_value("SELECT 1 FROM sale WHERE key = ?", key):
        save_cart(shop.actor, cart=cart)
    payments = [Payment(tender, amount) for tender, amount in parts.items()]
    if cash := price_bill(cart).total_fen // 10 * 10 - sum(parts.values()):
        payments.append(Payment("cash", cash, cash + 500))
    return checkout(shop.actor, cart=cart, payments=payments).number


def a_bill_is_paid_with_points_and_the_change_kept(shop: OpenedShop, key: str) -> str:
    cart = _cart(shop, key, (TEA, 1), (NUTS, 1), customer_id=REGULAR)
    payments = [Payment("points", 330), Payment("cash", 1_000, 1_050)]
    return checkout(shop.actor, cart=cart, payments=payments, stored_change_fen=50).number


def _spend(shop: OpenedShop, key: str, kind: str, fen: int) -> str:
    category = words(CATEGORY)[0].id if kind == EXPENSE else None
    entered = ExpenseInput(shop.actor.operator_id, fen, category, "房东")
    return spend(shop.actor, key=key, expense=entered, kind=kind)


def a_service_is_sold(shop: OpenedShop, key: str) -> str:
    return _settle(shop, key, (SCALE, 1), customer_id=NEIGHBOUR)


def a_service_is_renewed(shop: OpenedShop, key: str) -> str:
    fee_product = fetch_value("SELECT id FROM product WHERE fee_line = 1")
    line = CartLine(
        fee_product, "", "秤 年费", "台", 2_000, 6_000, 6_000, amount_only=True, renews_id=SERVICE
    )
    cart = Cart(key, (line,), customer_id=NEIGHBOUR)
    return checkout(shop.actor, cart=cart, payments=[Payment("wechat", 12_000)]).number


def a_bill_is_priced_by_rules(shop: OpenedShop, key: str) -> str:
    cart = as_priced_today(shop.actor, cart=_cart(shop, key, (TEA, 1), (NUTS, 3), customer_id=NEIGHBOUR))
    return checkout(shop.actor, cart=cart, payments=[Payment("wechat", 1_900)]).number


def a_card_is_sold(shop: OpenedShop, key: str) -> str:
    return _settle(shop, key, (WASHING, 2), customer_id=REGULAR)


def a_card_is_used(shop: OpenedShop, key: str) -> str:
    return use_card(shop.actor, key=key, card_id=1).number


def a_card_is_given_back(shop: OpenedShop, key: str) -> str:
    """One that was used in part first; the first card stays to be used."""
    card = fetch_value(
        "SELECT c.id FROM count_card c LEFT JOIN card_use u ON u.card_id = c.id WHERE c.id > 1 GROUP BY c.id"
        " HAVING coalesce(sum(u.uses), 0) < c.uses ORDER BY coalesce(sum(u.uses), 0) DESC, c.id LIMIT 1"
    )
    return return_card(shop.actor, key=key, card_id=card or 1).number


def a_debt_is_given_up(shop: OpenedShop, key: str) -> str:
    return write_off(shop.actor, key=key, customer_id=REGULAR, amount_fen=70, reason="尾数")


def the_rent_is_paid(shop: OpenedShop, key: str) -> str:
    return _spend(shop, key, EXPENSE, 1_234)


def somebody_takes_an_advance(shop: OpenedShop, key: str) -> str:
    return _spend(shop, key, ADVANCE, 5_678)


def an_advance_comes_back(shop: OpenedShop, key: str) -> str:
    advance = fetch_value("SELECT id FROM expense WHERE key = 'an advance'")
    return settle_advance(shop.actor, key=key, advance_id=advance, amount_fen=90, tender="alipay")


def _bring_back(shop: OpenedShop, key: str, bill: str) -> str:
    sale_id = fetch_value("SELECT id FROM sale WHERE key = ?", bill)
    (line,) = bill_detail(shop.actor, sale_id=sale_id).lines
    return return_goods(shop.actor, key=key, sale_id=sale_id, quantities={line.id: 1_000}).number


def goods_arrive(shop: OpenedShop, key: str) -> str:
    lines = [StockLine(TEA, 3_000, 280), StockLine(NUTS, 7_000, 99)]
    return receive_goods(shop.actor, key=key, nature="采购入库", lines=lines).number


def goods_are_spoilt(shop: OpenedShop, key: str) -> str:
    lines = [StockLine(TEA, 1_000), StockLine(NUTS, 1_000)]
    return issue_goods(shop.actor, key=key, nature="报损", lines=lines).number


def stored_value_is_put_in(shop: OpenedShop, key: str) -> str:
    return recharge(shop.actor, key=key, customer_id=REGULAR, principal_fen=5_000, bonus_fen=500)


def stored_value_is_given_back(shop: OpenedShop, key: str) -> str:
    return refund(shop.actor, key=key, customer_id=NEIGHBOUR, principal_fen=10, tender="wechat")


def a_bill_is_paid_in_cash(shop: OpenedShop, key: str) -> str:
    return _settle(shop, key, (TEA, 1), (NUTS, 2))


def a_bill_is_paid_with_stored_value(shop: OpenedShop, key: str) -> str:
    return _settle(shop, key, (TEA, 2), customer_id=REGULAR, stored_value=1_500)


def a_bill_is_put_on_credit(shop: OpenedShop, key: str) -> str:
    return _settle(shop, key, (TEA, 3), customer_id=REGULAR, credit=3_000)


def a_bill_is_paid_in_five_ways(shop: OpenedShop, key: str) -> str:
    ways = {"stored_value": 500, "credit": 400, "wechat": 300, "alipay": 200}
    return _settle(shop, key, (TEA, 1), (NUTS, 5), customer_id=REGULAR, **ways)


def goods_come_back_against_debt(shop: OpenedShop, key: str) -> str:
    return _bring_back(shop, key, ON_CREDIT)


def goods_come_back_as_they_were_paid(shop: OpenedShop, key: str) -> str:
    return _bring_back(shop, key, AS_PAID)


def goods_are_exchanged(shop: OpenedShop, key: str) -> str:
    sale_id = fetch_value("SELECT id FROM sale WHERE key = ?", AS_PAID)
    (line,) = bill_detail(shop.actor, sale_id=sale_id).lines
    _, back = lines_taken_back(shop.actor, sale_id=sale_id, quantities={line.id: 1_000})
    cart = _cart(shop, key, (TEA, 1), customer_id=NEIGHBOUR)
    cart = replace(cart, lines=(*back, *cart.lines))
    if not fetch_value("SELECT 1 FROM sale WHERE key = ?", key):
        save_cart(shop.actor, cart=cart)
    due = price_bill(cart, CashRounding.JIAO_DOWN).total_fen
    return checkout(shop.actor, cart=cart, payments=[Payment("cash", due, due + 500)]).number


def a_debt_is_paid(shop: OpenedShop, key: str) -> str:
    return receive(shop.actor, key=key, customer_id=REGULAR, amount_fen=100, tender="wechat")


def a_wrong_tender_is_put_right(shop: OpenedShop, key: str) -> str:
    sale_id, number = fetch("SELECT id, number FROM sale WHERE key = ?", AS_PAID)[0]
    change_tender(shop.actor, key=key, sale_id=sale_id, from_tender="cash", to_tender="wechat", amount_fen=10)
    return str(number)


def _take_beforehand(shop: OpenedShop, key: str, amount_fen: int, tender: str) -> str:
    """For an order of tea: several ask for more than it comes to."""
    asked: dict[str, Any] = {"key": key, "cart_key": ORDERED, "amount_fen": amount_fen, "tender": tender}
    return take_deposit(shop.actor, **asked, confirmed=frozenset({MORE_THAN_BILL}))


def money_is_taken_beforehand(shop: OpenedShop, key: str) -> str:
    return _take_beforehand(shop, key, 700, "alipay")


def money_taken_beforehand_is_given_back(shop: OpenedShop, key: str) -> str:
    return give_deposit_back(shop.actor, key=key, cart_key=ORDERED, amount_fen=300)


def a_shift_is_opened(shop: OpenedShop, key: str) -> str:
    return begin_shift(shop.actor, key=key, float_fen=20_000)


def cash_is_taken_out(shop: OpenedShop, key: str) -> str:
    confirmed = frozenset({MORE_THAN_THERE})
    return move_cash(shop.actor, key=key, amount_fen=-5_000, reason="大钞上交", confirmed=confirmed)


def a_shift_is_ended(shop: OpenedShop, key: str) -> str:
    """The one under way, unless one was ended with this key as the reason: then that one."""
    ended = fetch_value("SELECT id FROM shift WHERE reason = ?", key)
    now = shift_under_way(shop.company_id)
    return close_shift(
        shop.actor,
        shift_id=ended or (now.id if now is not None else 0),
        counted={"cash": 12_340, "wechat": 0},
        notes={10_000: 1, 1_000: 2, 100: 3, 10: 4},
        left_fen=10_000,
        reason=key,
        confirmed=frozenset({UNFINISHED}),
    )


Piece = Callable[[OpenedShop, str], str]
SHIFT_PIECES: tuple[Piece, ...] = (a_shift_is_opened, cash_is_taken_out, a_shift_is_ended)
"""A time at the drawer, in this order."""
PIECES: tuple[Piece, ...] = (
    a_bill_is_paid_in_cash,
    a_bill_is_paid_with_stored_value,
    stored_value_is_put_in,
    a_bill_is_put_on_credit,
    goods_come_back_against_debt,
    a_bill_is_paid_in_five_ways,
    a_bill_is_paid_with_points_and_the_change_kept,
    goods_arrive,
    a_bill_is_paid_in_cash,
    a_debt_is_paid,
    stored_value_is_given_back,
    a_bill_is_paid_with_stored_value,
    goods_are_spoilt,
    goods_come_back_as_they_were_paid,
    a_bill_is_paid_in_five_ways,
    a_wrong_tender_is_put_right,
    goods_are_exchanged,
    a_bill_is_priced_by_rules,
    a_card_is_sold,
    a_card_is_used,
    a_card_is_given_back,
    a_debt_is_given_up,
    the_rent_is_paid,
    somebody_takes_an_advance,
    an_advance_comes_back,
    money_is_taken_beforehand,
    money_taken_beforehand_is_given_back,
    a_service_is_sold,
    a_service_is_renewed,
)
"""What happens at the counter; each gives the number of its document."""
DAY: tuple[Piece, ...] = (
    *PIECES,
    a_shift_is_opened,
    *PIECES[:11],
    cash_is_taken_out,
    *PIECES[16:],
    a_shift_is_ended,
)
"""All of it, without a shift and within one, again and again."""


def do_piece(shop: OpenedShop, number: int) -> str:
    """Do piece of work ``number`` under its own key and give the number of its document."""
    return DAY[number % len(DAY)](shop, f"piece {number}")


def without_cart(rows: Contents) -> Contents:
    """All rows but those of the cart, which is kept before it is settled."""
    counters = [row for row in rows["sqlite_sequence"] if row[0] != "cart"]
    return rows | {"cart": [], "sqlite_sequence": counters}


def carts_begun(rows: Contents) -> list[Any]:
    """The rows of carts but that of the one that waits throughout."""
    return [row for row in rows["cart"] if ORDERED not in row]


def main(folder: str, first: str) -> None:
    """Work from piece ``first`` on until something stops this."""
    shop = open_shop(DataFolder(Path(folder)))
    for number in itertools.count(int(first)):
        print(number, flush=True)
        print(number, do_piece(shop, number), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
