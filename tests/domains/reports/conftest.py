"""A busy shop to read reports of."""

import random
from dataclasses import replace

import pytest

from meiping.domains.access.queries import actor_for
from meiping.domains.access.service import add_company
from meiping.domains.catalog.service import save_category
from meiping.domains.expenses.queries import expenses
from meiping.domains.expenses.rules import ADVANCE, EXPENSE, ExpenseInput
from meiping.domains.expenses.service import request_expense, settle_advance, spend, take_back_expense
from meiping.domains.loyalty.card_queries import cards_of
from meiping.domains.loyalty.card_rules import CardInput
from meiping.domains.loyalty.cards import expire_cards, save_card_kind, use_card
from meiping.domains.loyalty.service import adjust_points
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.settings.queries import words
from meiping.domains.settings.service import save_options
from meiping.domains.stewardship.merging import merge_customers
from meiping.domains.stock.service import StockLine, issue_goods
from meiping.store.database import fetch
from tests.domains.reports.test_figures import random_trade, take_back_a_line
from tests.factories import add_customer, add_product, cart_of, new_key, sell
from tests.shop import OpenedShop


@pytest.fixture(params=range(2))
def busy(request: pytest.FixtureRequest, shop: OpenedShop) -> OpenedShop:
    """Months of two companies, three salespersons, goods in three categories and brands, waste, a merged customer,

    goods exchanged, bills paid with points, count cards, and money spent.
    """
    dice = random.Random(request.param)
    sellers = [None, shop.actor.operator_id, shop.as_role("收银员").operator_id]
    branch = add_company(shop.actor, name="东街分店")
    there = replace(shop, actor=actor_for(1, company_id=branch, clock=shop.clock))
    for one in (shop, there, shop):
        random_trade(one, dice, bills=10, sellers=sellers)
    for one in (there, shop):
        trade_with_members(one, dice)
        spend_money(one, dice)
    top = save_category(shop.actor, name=f"饮料{request.param}", parent_id=None)
    tea = save_category(shop.actor, name="茶", parent_id=top)
    goods = add_product(shop, stock=60, category_id=tea, brand="老树")
    sold = sell(shop, (goods, 9))
    line = bill_detail(shop.actor, sale_id=sold.sale_id).lines[0]
    returned = {line.id: 2_000}
    return_goods(shop.actor, key=new_key(), sale_id=sold.sale_id, quantities=returned, to_waste=True)
    issue_goods(shop.actor, key=new_key(), nature="报损", lines=[StockLine(goods, 3_000)])
    people = [row[0] for row in fetch("SELECT id FROM customer ORDER BY id")]
    merge_customers(shop.actor, survivor_id=people[0], twin_id=people[1])
    return shop


def trade_with_members(shop: OpenedShop, dice: random.Random) -> None:
    """Bills partly paid with points, one of them brought back; count cards sold, used, brought back and lapsed."""
    save_options(shop.actor, values={"points.on": True})
    person = add_customer(shop)
    adjust_points(shop.actor, key=new_key(), customer_id=person, points=9_000, reason="期初")
    goods = add_product(shop, stock=20, list_price_fen=dice.randrange(1_000, 3_000))
    for _ in range(2):
        shop.clock.advance(days=3)
        cart = cart_of(shop, (goods, 3), customer_id=person)
        points = dice.randrange(1, 2_000)
        parts = [Payment("points", points), Payment("wechat", price_bill(cart).total_fen - points)]
        sale = checkout(shop.actor, cart=cart, payments=parts).sale_id
    take_back_a_line(shop.actor, sale, 2_000)
    product = add_product(shop, list_price_fen=10_001, stocked=False)
    save_card_kind(shop.actor, card=CardInput(product, 3, "洗车", 20))
    cards = sell(shop, (product, 3), customer_id=person)
    take_back_a_line(shop.actor, cards.sale_id, 1_000)
    used = next(row["id"] for row in cards_of(shop.actor, customer_id=person).rows if row["left"])
    use_card(shop.actor, key=new_key(), card_id=used)
    shop.clock.advance(days=30)
    expire_cards(shop.actor)


def spend_money(shop: OpenedShop, dice: random.Random) -> None:
    """Expenses by several tenders, one of them taken back, an advance spent in part, what nobody has paid yet."""
    me = shop.actor.operator_id
    (category, *_) = (word.id for word in words("expense_category"))

    def rent() -> ExpenseInput:
        return ExpenseInput(me, dice.randrange(1, 9_000), category, "房东")

    for tender in ("cash", "wechat", "card"):
        spend(shop.actor, key=new_key(), expense=rent(), tender=tender)
        shop.clock.advance(days=dice.choice((0, 1, 20)))
    last = newest(shop, EXPENSE)
    take_back_expense(shop.actor, key=new_key(), expense_id=last, reason="记错了")
    spend(shop.actor, key=new_key(), kind=ADVANCE, expense=ExpenseInput(me, 100_000))
    advance = newest(shop, ADVANCE)
    bill = request_expense(shop.actor, key=new_key(), expense=rent())
    settle_advance(shop.actor, key=new_key(), advance_id=advance, expense_id=bill)
    settle_advance(shop.actor, key=new_key(), advance_id=advance, amount_fen=500)
    request_expense(shop.actor, key=new_key(), expense=rent())


def newest(shop: OpenedShop, kind: str) -> int:
    """The expense or advance written down last."""
    return int(expenses(shop.actor, kind=kind).window(0, 1, None)[0]["id"])
