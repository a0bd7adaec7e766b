"""What a customer bought last."""

from meiping.domains.customers.queries import customer_detail
from meiping.domains.sales.last_purchases import last_purchase, last_purchases
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.stewardship.merging import merge_customers
from tests.factories import add_customer, add_product, new_key, sell
from tests.shop import OpenedShop


def give_back(shop: OpenedShop, sale_id: int, quantity_milli: int) -> None:
    (line,) = (line.id for line in bill_detail(shop.actor, sale_id=sale_id).lines)
    return_goods(shop.actor, key=new_key(), sale_id=sale_id, quantities={line: quantity_milli})


def test_a_bill_that_came_back_whole_is_no_purchase_and_one_in_part_still_is(shop: OpenedShop) -> None:
    tea, who = add_product(shop, stock=9), add_customer(shop)
    assert last_purchase(shop.actor, customer_id=who) is None
    first = sell(shop, (tea, 1), customer_id=who)
    shop.clock.advance(days=1)
    second = sell(shop, (tea, 2), customer_id=who)
    give_back(shop, second.sale_id, 1_000)
    kept = last_purchase(shop.actor, customer_id=who)
    assert kept is not None
    assert (kept.sale_id, kept.day, kept.total_fen) == (second.sale_id, shop.actor.today(), 2_000)
    give_back(shop, second.sale_id, 1_000)
    before = last_purchase(shop.actor, customer_id=who)
    assert before is not None
    assert (before.sale_id, before.total_fen) == (first.sale_id, 1_000)
    give_back(shop, first.sale_id, 1_000)
    assert last_purchase(shop.actor, customer_id=who) is None


def test_what_one_who_was_merged_bought_is_the_survivors(shop: OpenedShop) -> None:
    tea, survivor, twin = add_product(shop, stock=9), add_customer(shop), add_customer(shop)
    sell(shop, (tea, 1), customer_id=survivor)
    newest = sell(shop, (tea, 3), customer_id=twin)
    merge_customers(shop.actor, survivor_id=survivor, twin_id=twin)
    assert customer_detail(shop.actor, customer_id=twin).merged_into_id == survivor
    assert last_purchases([survivor])[survivor].sale_id == newest.sale_id
