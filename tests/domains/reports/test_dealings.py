"""财务往来 over all customers: every movement once, the sums are those of the rows, and nobody sees beyond the scope."""

import random
from dataclasses import replace
from itertools import product as every
from typing import Any

import pytest

from meiping.domains.customers.queries import customer_detail
from meiping.domains.customers.service import change_customer
from meiping.domains.ledger.queries import KIND_WORDS, statement
from meiping.domains.receivables.service import receive
from meiping.domains.reports.queries.dealings import DealingFilter, dealings
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.stewardship.merging import merge_customers
from meiping.domains.wallet.service import refund
from meiping.store.database import fetch_value
from tests.factories import add_customer, add_product, cart_of, new_key, recharge, sell
from tests.shop import OpenedShop

SUMMED = ("money_fen", "stored_change_fen", "debt_change_fen")


@pytest.fixture
def people(shop: OpenedShop) -> tuple[int, int]:
    """Two customers, and three weeks of dealings with them and with people nobody knows."""
    first, second = (add_customer(shop, name=name, credit_yuan=500) for name in ("王芳", "李四"))
    tea = add_product(shop, stock=500)
    dice = random.Random(7)
    for _ in range(20):
        shop.clock.advance(days=1)
        person = dice.choice((first, second))
        recharge(shop, person, dice.randrange(1_000, 9_000), dice.randrange(500))
        cart = cart_of(shop, (tea, dice.randrange(2, 5)), customer_id=person)
        total = price_bill(cart).total_fen
        ways = {"stored_value": 300, "credit": 500, "wechat": 200}
        payments = [Payment(tender, fen) for tender, fen in ways.items()]
        sold = checkout(shop.actor, cart=cart, payments=[*payments, Payment("cash", total - 1_000)])
        if dice.random() < 0.4:
            (line,) = bill_detail(shop.actor, sale_id=sold.sale_id).lines
            return_goods(shop.actor, key=new_key(), sale_id=sold.sale_id, quantities={line.id: 1_000})
        if dice.random() < 0.4:
            refund(shop.actor, key=new_key(), customer_id=person, principal_fen=200, tender="card")
        owed = fetch_value("SELECT amount_fen FROM balance WHERE account='receivable' AND party_id=?", person)
        if owed:
            receive(shop.actor, key=new_key(), customer_id=person, amount_fen=max(owed // 2, 1))
        sell(shop, (tea, 1))
    return first, second


def rows(shop: OpenedShop, **narrow: Any) -> list[dict[str, Any]]:
    listing = dealings(shop.actor, narrow=DealingFilter(**narrow))
    found = [dict(row) for row in listing.window(0, 1_000, None)]
    assert len(found) == listing.count()
    return found


@pytest.mark.parametrize(
    ("kind", "tender"), list(every((None, *KIND_WORDS), (None, "cash", "card"))), ids=lambda one: one or "all"
)
@pytest.mark.parametrize("text", ["", "王芳"])
def test_the_totals_are_the_sums_of_the_rows(
    shop: OpenedShop, people: tuple[int, int], kind: str | None, tender: str | None, text: str
) -> None:
    first_date = shop.actor.today().replace(month=3, day=20)
    narrow: dict[str, Any] = {"kind": kind, "tender": tender, "text": text, "first_date": first_date}
    shown = rows(shop, **narrow)
    totals = dealings(shop.actor, narrow=DealingFilter(**narrow)).summary()
    for key in SUMMED:
        if key in totals:
            assert totals[key] == sum(row[key] or 0 for row in shown), key


def test_every_customers_rows_say_what_his_statement_says(shop: OpenedShop, people: tuple[int, int]) -> None:
    everything = rows(shop)
    for person in people:
        mine = [row for row in everything if row["customer_id"] == person]
        told = statement(shop.actor, customer_id=person).rows
        keys = ("id", "kind", "number", "amount_fen", "stored_change_fen", "debt_change_fen")
        assert [[row[key] for key in keys] for row in mine] == [[row[key] for key in keys] for row in told]
    assert sum(row["customer"] == "散客" for row in everything) == 20


def test_a_tender_shows_what_was_paid_in_it(shop: OpenedShop, people: tuple[int, int]) -> None:
    cards = rows(shop, tender="card")
    assert cards
    assert {(row["kind"], row["tenders"], row["money_fen"]) for row in cards} == {("退款", "银行卡", -200)}
    sale = rows(shop, kind="sale", text="王芳")[0]
    assert sale["tenders"] == "微信 + 现金 + 储值 + 赊账"


def test_a_transfer_between_merged_customers_changes_nothing_in_all(
    shop: OpenedShop, people: tuple[int, int]
) -> None:
    first, second = people
    before = dealings(shop.actor).summary()
    merge_customers(shop.actor, survivor_id=first, twin_id=second)
    (transfer,) = rows(shop, kind="merge")
    assert transfer["customer"] == "李四 → 王芳"
    assert dealings(shop.actor).summary() == before
    assert {row["customer_id"] for row in rows(shop)} == {first, None}


def test_a_salesperson_sees_his_customers_dealings_only(shop: OpenedShop, people: tuple[int, int]) -> None:
    seller = shop.add_operator("陈强", "业务员")
    detail = customer_detail(shop.actor, customer_id=people[0])
    assert dealings(seller).count() == 0
    change_customer(
        shop.actor,
        customer_id=people[0],
        customer=replace(detail.as_input(), owner_id=seller.operator_id),
    )
    seen = dealings(seller).window(0, 1_000, None)
    assert {row["customer_id"] for row in seen} == {people[0]}
    assert dealings(seller).summary()["money_fen"] == sum(row["money_fen"] or 0 for row in seen)


def test_some_chosen_rows_can_be_taken_out(shop: OpenedShop, people: tuple[int, int]) -> None:
    listing: Any = dealings(shop.actor)
    ids = list(listing.all_ids(None))
    some = listing.among(ids[:3])
    assert [row["id"] for row in some.window(0, 9, None)] == ids[:3]
    assert some.summary()["money_fen"] == sum(row["money_fen"] or 0 for row in some.window(0, 9, None))
    assert listing.without(ids[:3]).count() == len(ids) - 3
