"""Letters that ask for fees; and services of customers that are merged, taken apart or made anonymous."""

from dataclasses import replace

import pytest

from meiping.domains.renewals.letters import make_fee_letters
from meiping.domains.renewals.service import close_services, renew_services
from meiping.domains.sales.exchanging import lines_taken_back
from meiping.domains.sales.queries import bill_detail
from meiping.domains.settings.service import save_options
from meiping.domains.stewardship.anonymising import ANONYMISE, anonymise_customer
from meiping.domains.stewardship.merging import merge_customers, undo_merge
from meiping.kernel.errors import InputError, NotFound
from tests.domains.renewals.serving import add_machine, pay, terms
from tests.factories import add_customer, cart_of, sell
from tests.shop import OpenedShop
from tests.whole_file import faults


@pytest.fixture
def machine(shop: OpenedShop) -> int:
    return add_machine(shop)


# ---------------------------------------------------------------- letters
def test_a_letter_asks_each_customer_for_his_fees_in_the_shops_words(shop: OpenedShop, machine: int) -> None:
    save_options(
        shop.actor, values={"renewals.letter_text": "{客户}，{到期日} 到期，请付 {年费}。\n\n{店名} {陌生}"}
    )
    firm = add_customer(shop, name="恒达贸易")
    sell(shop, (machine, 2), (add_machine(shop, name="打印机", annual_fee_fen=9_900), 1), customer_id=firm)
    sell(shop, (machine, 1), customer_id=add_customer(shop, name="李小梅"))
    letters = make_fee_letters(shop.actor, term_ids=[row["id"] for row in terms(shop)])
    assert [letter.customer for letter in letters] == ["恒达贸易", "李小梅"]
    assert letters[0].paragraphs == ("恒达贸易，2027-03-15 到期，请付 ¥699.00。", "小巷杂货店 {陌生}")
    assert [row["amount_fen"] for row in letters[0].table.rows] == [60_000, 9_900]
    assert letters[0].table.totals == {"amount_fen": 69_900}


def test_there_is_no_letter_for_what_is_paid_or_not_wanted(shop: OpenedShop, machine: int) -> None:
    sell(shop, (machine, 1), customer_id=add_customer(shop))
    ids = [row["id"] for row in terms(shop)]
    close_services(shop.actor, term_ids=ids, reason="换了别家")
    with pytest.raises(InputError, match="没有年费要收"):
        make_fee_letters(shop.actor, term_ids=ids)
    with pytest.raises(NotFound):
        make_fee_letters(shop.actor, term_ids=[*ids, 999])


# ---------------------------------------------------------------- exchange
def test_an_exchanged_machine_ends_its_service_and_the_other_begins_one(
    shop: OpenedShop, machine: int
) -> None:
    firm = add_customer(shop)
    sold = sell(shop, (machine, 1), customer_id=firm)
    line = bill_detail(shop.actor, sale_id=sold.sale_id).lines[0]
    _, back = lines_taken_back(shop.actor, sale_id=sold.sale_id, quantities={line.id: 1_000})
    shop.clock.advance(days=10)
    taken = cart_of(shop, (add_machine(shop, name="新收银机"), 1), customer_id=firm)
    pay(shop, replace(taken, lines=(*back, *taken.lines)))
    assert [(row["product"], row["state"], row["end_date"].isoformat()) for row in terms(shop)] == [
        ("收银机", "已退货", "2027-03-15"),
        ("新收银机", "服务中", "2027-03-25"),
    ]
    assert faults() == []


# ---------------------------------------------------------------- customers
def test_services_go_with_a_customer_merged_and_come_back_with_what_was_renewed_since(
    shop: OpenedShop, machine: int
) -> None:
    twin, survivor = add_customer(shop), add_customer(shop)
    for customer_id in (twin, survivor):
        sell(shop, (machine, 1), customer_id=customer_id)
    his = [row["id"] for row in terms(shop) if row["customer_id"] == twin]
    merge_id = merge_customers(shop.actor, survivor_id=survivor, twin_id=twin)
    assert {row["customer_id"] for row in terms(shop)} == {survivor}
    pay(shop, renew_services(shop.actor, term_ids=his))
    undo_merge(shop.actor, merge_id=merge_id)
    assert sorted(row["customer_id"] for row in terms(shop)) == sorted([twin, twin, survivor])
    assert faults() == []


def test_of_who_is_made_anonymous_the_service_stays_but_not_why_he_wanted_no_more(
    shop: OpenedShop, machine: int
) -> None:
    customer_id = add_customer(shop, name="李小梅")
    sell(shop, (machine, 1), customer_id=customer_id)
    close_services(shop.actor, term_ids=[terms(shop)[0]["id"]], reason="李小梅搬走了")
    anonymise_customer(shop.actor, customer_id=customer_id, confirmed=frozenset({ANONYMISE}))
    (row,) = terms(shop)
    assert (row["state"], row["closed_reason"]) == ("不再续", "")
    assert "李小梅" not in str(row)
