"""A busy shop to read reports of."""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

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
from meiping.domains.receivables.service import write_off
from meiping.domains.sales.carts import hold_cart, recall_cart
from meiping.domains.sales.deposits import give_deposit_back, take_deposit
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.sales.shifts import UNFINISHED, close_shift
from meiping.domains.sales.tender_changes import change_tender
from meiping.domains.settings.queries import words
from meiping.domains.settings.service import save_options
from meiping.domains.stewardship.merging import merge_customers
from meiping.domains.stock.service import StockLine, issue_goods
from meiping.domains.till.queries.shifts import open_shift
from meiping.domains.till.service import begin_shift
from meiping.store.database import close_database, fetch, fetch_value, open_database
from tests.domains.reports.test_figures import random_trade, take_back_a_line
from tests.factories import add_customer, add_product, cart_of, new_key, sell
from tests.shop import OpenedShop


@dataclass(frozen=True, slots=True)
class Kept:
    """A busy shop as it was when it had been made: its files, its time, and who works there by role."""

    root: Path
    now: datetime
    people: dict[str, int]


@pytest.fixture(scope="session")
def busy_shops() -> dict[int, Kept]:
    """Made once a session, by their numbers."""
    return {}


@pytest.fixture(params=range(2))
def busy(
    request: pytest.FixtureRequest,
    shop: OpenedShop,
    busy_shops: dict[int, Kept],
    tmp_path_factory: pytest.TempPathFactory,
) -> OpenedShop:
    """A busy shop of the test's own, copied from one made by ``months_of_trade``."""
    number = int(request.param)
    if number not in busy_shops:
        months_of_trade(shop, number)
        close_database()
        people = {role: actor.operator_id for role, actor in shop._actors.items()}
        kept = Kept(tmp_path_factory.mktemp("busy") / "data", shop.clock.now, people)
        shutil.copytree(shop.folder.root, kept.root)
        busy_shops[number] = kept
    else:
        kept = busy_shops[number]
        close_database()
        shutil.rmtree(shop.folder.root)
        shutil.copytree(kept.root, shop.folder.root)
        shop.clock.now = kept.now
    open_database(shop.folder.database)
    shop._actors.update({role: actor_for(one, clock=shop.clock) for role, one in kept.people.items()})
    return shop


def months_of_trade(shop: OpenedShop, number: int) -> None:
    """Months of two companies, three salespersons, goods in three categories and brands, waste, a merged customer,

    goods exchanged, bills paid with points, count cards, money spent, deposits, tenders put right and debts given up.
    """
    dice = random.Random(number)
    sellers = [None, shop.actor.operator_id, shop.as_role("收银员").operator_id]
    branch = add_company(shop.actor, name="东街分店")
    there = replace(shop, actor=actor_for(1, company_id=branch, clock=shop.clock))
    for one in (shop, there, shop):
        random_trade(one, dice, bills=10, sellers=sellers)
    for one in (there, shop):
        trade_with_members(one, dice)
        for work in (take_orders, put_right):
            with in_a_shift(one):
                work(one, dice)
        spend_money(one, dice)
    put_right(replace(shop, actor=shop.as_role("店长")), dice)
    top = save_category(shop.actor, name=f"饮料{number}", parent_id=None)
    tea = save_category(shop.actor, name="茶", parent_id=top)
    goods = add_product(shop, stock=60, category_id=tea, brand="老树")
    sold = sell(shop, (goods, 9))
    line = bill_detail(shop.actor, sale_id=sold.sale_id).lines[0]
    returned = {line.id: 2_000}
    return_goods(shop.actor, key=new_key(), sale_id=sold.sale_id, quantities=returned, to_waste=True)
    issue_goods(shop.actor, key=new_key(), nature="报损", lines=[StockLine(goods, 3_000)])
    people = [row[0] for row in fetch("SELECT id FROM customer ORDER BY id")]
    merge_customers(shop.actor, survivor_id=people[0], twin_id=people[1])


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


@contextmanager
def in_a_shift(shop: OpenedShop) -> Iterator[None]:
    """What is done meanwhile counts for the shift, and for the day it began."""
    begin_shift(shop.actor, key=new_key(), float_fen=20_000)
    now = open_shift(shop.company_id)
    assert now is not None
    yield
    there = "SELECT sum(amount_fen) FROM balance WHERE account = 'cash' AND company_id = ?"
    counted = {"cash": int(fetch_value(there, shop.company_id)) + 50}
    close_shift(
        shop.actor, shift_id=now.id, counted=counted, reason="找错零", confirmed=frozenset({UNFINISHED})
    )


def take_orders(shop: OpenedShop, dice: random.Random) -> None:
    """Orders with money taken beforehand: one fetched, one that waits, one given up and its money given back."""
    person, goods = add_customer(shop), add_product(shop, stock=9, list_price_fen=5_000)
    for fate in ("fetched", "waits", "given up"):
        cart = cart_of(shop, (goods, 2), customer_id=person)
        hold_cart(shop.actor, cart=cart)
        beforehand: dict[str, Any] = {"cart_key": cart.key, "amount_fen": dice.randrange(1, 4_000)}
        take_deposit(shop.actor, key=new_key(), tender=dice.choice(("cash", "wechat")), **beforehand)
        shop.clock.advance(days=dice.choice((0, 1, 9)))
        if fate == "given up":
            give_deposit_back(shop.actor, key=new_key(), tender="card", **beforehand)
        if fate == "fetched":
            held = beforehand["amount_fen"]
            parts = [Payment("deposit", held), Payment("alipay", price_bill(cart).total_fen - held)]
            checkout(shop.actor, cart=recall_cart(shop.actor, key=cart.key), payments=parts)


def put_right(shop: OpenedShop, dice: random.Random) -> None:
    """A bill whose cash was no cash, in part; what somebody owes, given up in part; points and stored value in one bill."""
    person, goods = add_customer(shop, credit_yuan=900), add_product(shop, stock=9, list_price_fen=3_333)
    sale = sell(shop, (goods, 2)).sale_id
    wrong: dict[str, Any] = {"from_tender": "cash", "to_tender": dice.choice(("wechat", "card"))}
    change_tender(shop.actor, key=new_key(), sale_id=sale, amount_fen=dice.randrange(1, 6_666), **wrong)
    cart = cart_of(shop, (goods, 1), customer_id=person)
    checkout(shop.actor, cart=cart, payments=[Payment("credit", 3_333)])
    shop.clock.advance(days=1)
    write_off(
        shop.actor, key=new_key(), customer_id=person, amount_fen=dice.randrange(1, 3_333), reason="找不到人"
    )


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
