"""What becomes of quotes when their customer is merged, taken apart, made anonymous or goes."""

import pytest

from meiping.domains.contacts.rules import ContactInput
from meiping.domains.contacts.service import add_contact, delete_contacts
from meiping.domains.customers.service import delete_customers
from meiping.domains.deals.billing import turn_into_bill
from meiping.domains.deals.queries import quote_detail, quotes_of
from meiping.domains.deals.rules import QuoteState
from meiping.domains.deals.service import delete_quotes
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import checkout
from meiping.domains.stewardship.anonymising import ANONYMISE, anonymise_customer
from meiping.domains.stewardship.merging import merge_customers, undo_merge
from meiping.domains.stewardship.purging import purge_contacts, purge_customers, purge_quotes
from meiping.domains.stewardship.queries.merging import merge_preview
from meiping.domains.stewardship.timeline import timeline
from meiping.kernel.errors import InputError, NeedsConfirmation
from meiping.store.database import fetch
from tests.domains.deals.quoting import offer
from tests.domains.stewardship.merging_shop import rows_of
from tests.factories import add_customer, add_product, cash
from tests.shop import OpenedShop
from tests.whole_file import faults

SURE = frozenset({"purge"})


@pytest.fixture
def tea(shop: OpenedShop) -> int:
    return add_product(shop, name="红茶", stock=50)


def numbers(shop: OpenedShop, customer_id: int) -> list[str]:
    return [row["number"][-4:] for row in rows_of(quotes_of(shop.actor, customer_id=customer_id))]


def bill(shop: OpenedShop, quote_id: int) -> None:
    cart = turn_into_bill(shop.actor, quote_id=quote_id)
    checkout(shop.actor, cart=cart, payments=cash(price_bill(cart).total_fen))


def test_quotes_go_along_in_a_merge_and_come_back(shop: OpenedShop, tea: int) -> None:
    survivor, twin = add_customer(shop), add_customer(shop)
    add_contact(shop.actor, customer_id=twin, contact=ContactInput("赵主任"))
    offer(shop, survivor, (tea, 1, 900))
    offer(shop, twin, (tea, 1, 900), contact_name="赵主任")
    done = offer(shop, twin, (tea, 1, 950))
    bill(shop, done)
    sides = merge_preview(shop.actor, survivor_id=survivor, twin_id=twin)
    assert "2 份报价" in sides.right.lines()[0]
    merge_id = merge_customers(shop.actor, survivor_id=survivor, twin_id=twin)
    assert numbers(shop, survivor) == ["0003", "0002", "0001"]
    assert quote_detail(shop.actor, quote_id=done).state is QuoteState.BILLED
    assert faults() == []
    undo_merge(shop.actor, merge_id=merge_id)
    assert (numbers(shop, survivor), numbers(shop, twin)) == (["0001"], ["0003", "0002"])
    assert quote_detail(shop.actor, quote_id=done).state is QuoteState.BILLED
    assert faults() == []


def test_a_quote_the_survivor_bought_by_stays_with_his_bill(shop: OpenedShop, tea: int) -> None:
    survivor, twin = add_customer(shop), add_customer(shop)
    bought, open_one = offer(shop, twin, (tea, 1, 900)), offer(shop, twin, (tea, 2, 900))
    merge_id = merge_customers(shop.actor, survivor_id=survivor, twin_id=twin)
    bill(shop, bought)
    undo_merge(shop.actor, merge_id=merge_id)
    assert (numbers(shop, survivor), numbers(shop, twin)) == (["0001"], ["0002"])
    assert quote_detail(shop.actor, quote_id=bought).state is QuoteState.BILLED
    assert quote_detail(shop.actor, quote_id=open_one).state is QuoteState.OPEN


def test_an_anonymous_customers_quotes_say_nothing_about_him(shop: OpenedShop, tea: int) -> None:
    person = add_customer(shop)
    add_contact(shop.actor, customer_id=person, contact=ContactInput("铁公鸡"))
    quote_id = offer(shop, person, (tea, 1, 900), subject="金丝雀的婚礼", contact_name="铁公鸡", notes="怕冷")
    anonymise_customer(shop.actor, customer_id=person, confirmed=frozenset({ANONYMISE}))
    quote = quote_detail(shop.actor, quote_id=quote_id)
    assert (quote.subject, quote.contact_name, quote.notes, quote.total_fen) == ("", "", "", 900)
    assert faults() == []


def test_quotes_go_for_good_from_the_recycle_bin(shop: OpenedShop, tea: int) -> None:
    firm = add_customer(shop)
    quote_id = offer(shop, firm, (tea, 1, 900))
    bill(shop, quote_id)
    delete_quotes(shop.actor, quote_ids=[quote_id])
    with pytest.raises(NeedsConfirmation, match="彻底删除 1 份报价吗？"):
        purge_quotes(shop.actor, quote_ids=[quote_id])
    assert purge_quotes(shop.actor, quote_ids=[quote_id], confirmed=SURE) == 1
    assert fetch("SELECT count(*) FROM quote_line") == [(0,)]
    offer(shop, firm, (tea, 1, 900))
    assert numbers(shop, firm) == ["0002"], "a number is never given twice"
    assert faults() == []


def test_a_customer_who_was_only_quoted_goes_with_his_quotes(shop: OpenedShop, tea: int) -> None:
    firm = add_customer(shop)
    add_contact(shop.actor, customer_id=firm, contact=ContactInput("赵主任"))
    offer(shop, firm, (tea, 1, 900), contact_name="赵主任")
    delete_customers(shop.actor, customer_ids=[firm])
    with pytest.raises(NeedsConfirmation, match="彻底删除 1 位客户") as asked:
        purge_customers(shop.actor, customer_ids=[firm])
    assert "1 份报价会一起删除" in asked.value.detail
    assert purge_customers(shop.actor, customer_ids=[firm], confirmed=SURE) == 1
    assert fetch("SELECT count(*) FROM quote") == [(0,)]


def test_a_person_named_in_a_quote_stays_in_the_recycle_bin(shop: OpenedShop, tea: int) -> None:
    firm = add_customer(shop)
    person = add_contact(shop.actor, customer_id=firm, contact=ContactInput("赵主任"))
    offer(shop, firm, (tea, 1, 900), contact_name="赵主任")
    delete_contacts(shop.actor, contact_ids=[person])
    with pytest.raises(InputError, match="报价里提到“赵主任”"):
        purge_contacts(shop.actor, contact_ids=[person], confirmed=SURE)


def test_the_timeline_tells_of_quotes(shop: OpenedShop, tea: int) -> None:
    firm = add_customer(shop)
    cup = add_product(shop)
    offer(shop, firm, (tea, 2, 900), (cup, 1, 1_000))
    offer(shop, firm, (tea, 1, 900), subject="夏季")
    rows = rows_of(timeline(shop.actor, customer_id=firm, groups=("quotes",)))
    assert [(row["kind"], row["text"], row["amount_fen"]) for row in rows] == [
        ("报价", "BJ-20260316-0002 · 夏季", 900),
        ("报价", "BJ-20260316-0001 · 红茶 等 2 种", 2_800),
    ]
