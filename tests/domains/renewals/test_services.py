"""A product with an annual fee begins a service when it is sold; a paid bill makes it go on, a return ends it."""

from dataclasses import replace

import pytest

from meiping.domains.catalog import service as catalog
from meiping.domains.catalog.queries import product_changes, product_detail
from meiping.domains.catalog.rules import FEE_LINE, ProductInput
from meiping.domains.renewals.queries import TermFilter, expiring_services, term_list, terms_of
from meiping.domains.renewals.service import close_services, renew_services, reopen_services
from meiping.domains.sales.at_till import held_carts, open_cart
from meiping.domains.sales.carts import drop_cart, hold_cart, save_cart
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.settings.queries import levels
from meiping.kernel.errors import InputError, NotFound, PermissionDenied, UserError
from tests.domains.renewals.serving import add_machine, pay, terms, told
from tests.factories import add_customer, add_product, cart_of, cash, new_key, sell
from tests.shop import OpenedShop
from tests.whole_file import faults


@pytest.fixture
def machine(shop: OpenedShop) -> int:
    return add_machine(shop)


@pytest.fixture
def firm(shop: OpenedShop) -> int:
    return add_customer(shop, name="恒达贸易")


def take_back(shop: OpenedShop, sale_id: int, pieces: int, line: int = 0) -> None:
    found = bill_detail(shop.actor, sale_id=sale_id).lines[line]
    return_goods(shop.actor, key=new_key(), sale_id=sale_id, quantities={found.id: pieces * 1_000})


# ---------------------------------------------------------------- sold
def test_a_sale_to_a_named_customer_begins_the_service(shop: OpenedShop, machine: int, firm: int) -> None:
    posted = sell(shop, (machine, 2), (add_product(shop, stock=5), 1), customer_id=firm)
    (row,) = terms(shop)
    assert told([row]) == [("收银机", "2027-03-15", "服务中", 60_000)]
    assert (row["customer_id"], row["customer"], row["left_milli"]) == (firm, "恒达贸易", 2_000)
    assert (row["start_date"].isoformat(), row["days_left"], row["bill"]) == (
        "2026-03-16",
        364,
        posted.number,
    )
    assert faults() == []


def test_who_has_no_name_has_no_service(shop: OpenedShop, machine: int) -> None:
    sell(shop, (machine, 1))
    assert terms(shop) == []


def test_what_was_sold_keeps_its_days_whatever_the_product_says_later(
    shop: OpenedShop, machine: int, firm: int
) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    product = product_detail(shop.actor, product_id=machine).product
    changed = replace(product, service_term_months=24, annual_fee_fen=36_000)
    catalog.change_product(shop.actor, product_id=machine, product=changed)
    assert told(terms(shop)) == [("收银机", "2027-03-15", "服务中", 36_000)]
    pay(shop, renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]]))
    assert told(terms(shop, None)) == [("收银机", "2029-03-15", "服务中", 36_000)]


def test_a_bill_pressed_twice_begins_one_service(shop: OpenedShop, machine: int, firm: int) -> None:
    cart = cart_of(shop, (machine, 1), customer_id=firm)
    assert pay(shop, cart) == pay(shop, cart)
    assert len(terms(shop)) == 1


# ---------------------------------------------------------------- brought back
def test_goods_that_come_back_end_the_service(shop: OpenedShop, machine: int, firm: int) -> None:
    posted = sell(shop, (machine, 3), customer_id=firm)
    take_back(shop, posted.sale_id, 1)
    assert [row["amount_fen"] for row in terms(shop, None)] == [60_000]
    take_back(shop, posted.sale_id, 2)
    assert told(terms(shop)) == [("收银机", "2027-03-15", "已退货", None)]
    assert terms(shop, None) == []
    with pytest.raises(UserError, match="已经退货"):
        renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]])


def test_a_machine_that_comes_back_ends_what_was_renewed_since_too(
    shop: OpenedShop, machine: int, firm: int
) -> None:
    posted = sell(shop, (machine, 1), customer_id=firm)
    pay(shop, renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]]))
    take_back(shop, posted.sale_id, 1)
    assert [row["state"] for row in terms(shop)] == ["已退货", "已退货"]
    assert faults() == []


# ---------------------------------------------------------------- renewed
def test_a_renewal_is_laid_on_the_counter_and_paid_the_next_year_follows(
    shop: OpenedShop, machine: int, firm: int
) -> None:
    sell(shop, (machine, 2), customer_id=firm)
    shop.clock.set(2027, 6, 1)  # two and a half months late: it goes on from where it ended
    (row,) = terms(shop, "overdue")
    assert row["days_left"] == -78
    cart = renew_services(shop.actor, term_ids=[row["id"]])
    assert open_cart(shop.actor) == cart
    assert (cart.customer_id, cart.customer_name) == (firm, "恒达贸易")
    (line,) = cart.lines
    assert line.name == "收银机 年费（至 2028-03-15）"
    assert (line.qty_milli, line.price_fen, price_bill(cart).total_fen) == (2_000, 30_000, 60_000)
    assert told(terms(shop)) == [("收银机", "2027-03-15", "已过期", 60_000)]
    posted = pay(shop, cart)
    assert told(terms(shop)) == [
        ("收银机", "2027-03-15", "已续费", None),
        ("收银机", "2028-03-15", "服务中", 60_000),
    ]
    (billed,) = bill_detail(shop.actor, sale_id=posted.sale_id).lines
    assert (billed.product_name, billed.net_fen) == ("收银机 年费（至 2028-03-15）", 60_000)
    assert faults() == []


def test_a_renewal_takes_nothing_out_of_stock_and_counts_as_a_product_of_its_own(
    shop: OpenedShop, machine: int, firm: int
) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    cart = renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]])
    pay(shop, cart)
    fee = product_detail(shop.actor, product_id=cart.lines[0].product_id)
    assert (fee.product.name, fee.product.stocked) == (FEE_LINE, False)
    with pytest.raises(UserError, match="系统自带"):
        catalog.delete_products(shop.actor, product_ids=[fee.id])
    with pytest.raises(UserError, match="收年费"):
        catalog.change_product(shop.actor, product_id=fee.id, product=ProductInput("别的", 100))


def test_a_renewed_service_is_renewed_again_and_paid_in_advance(
    shop: OpenedShop, machine: int, firm: int
) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    for _ in range(3):
        (row,) = terms(shop, None)
        pay(shop, renew_services(shop.actor, term_ids=[row["id"]]))
    assert [row["end_date"].year for row in terms(shop)] == [2027, 2028, 2029, 2030]
    with pytest.raises(UserError, match="已经续费"):
        renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]])
    assert faults() == []


def test_a_renewal_given_back_lets_the_service_end_again(shop: OpenedShop, machine: int, firm: int) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    posted = pay(shop, renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]]))
    take_back(shop, posted.sale_id, 1)
    assert told(terms(shop)) == [
        ("收银机", "2027-03-15", "服务中", 30_000),
        ("收银机", "2028-03-15", "已退货", None),
    ]
    pay(shop, renew_services(shop.actor, term_ids=[terms(shop, None)[0]["id"]]))
    assert told(terms(shop, None)) == [("收银机", "2028-03-15", "服务中", 30_000)]
    assert faults() == []


def test_several_services_of_a_customer_are_one_bill(shop: OpenedShop, machine: int, firm: int) -> None:
    sell(shop, (machine, 1), (add_machine(shop, name="打印机", annual_fee_fen=9_900), 1), customer_id=firm)
    cart = renew_services(shop.actor, term_ids=[row["id"] for row in terms(shop)])
    assert price_bill(cart).total_fen == 39_900
    pay(shop, cart)
    assert [row["state"] for row in terms(shop)] == ["已续费", "已续费", "服务中", "服务中"]


def test_services_of_two_customers_are_two_bills(shop: OpenedShop, machine: int, firm: int) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    sell(shop, (machine, 1), customer_id=add_customer(shop))
    with pytest.raises(InputError, match="一次只能给一位客户续费"):
        renew_services(shop.actor, term_ids=[row["id"] for row in terms(shop)])


def test_a_level_gives_no_discount_on_a_fee(shop: OpenedShop, machine: int) -> None:
    gold = next(level for level in levels() if level.discount_bp < 10_000)
    member = add_customer(shop, level_id=gold.id)
    cart = replace(cart_of(shop, (machine, 1), customer_id=member), level_discount_bp=gold.discount_bp)
    pay(shop, cart)
    assert price_bill(renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]])).total_fen == 30_000


def test_a_service_without_a_fee_ends_but_has_nothing_to_pay(shop: OpenedShop, firm: int) -> None:
    sell(shop, (add_machine(shop, annual_fee_fen=0), 1), customer_id=firm)
    (row,) = terms(shop, None)
    assert row["amount_fen"] == 0
    with pytest.raises(InputError, match="没有设年费"):
        renew_services(shop.actor, term_ids=[row["id"]])


def test_the_service_stays_his_whoever_pays_for_it(shop: OpenedShop, machine: int, firm: int) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    cart = renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]])
    pay(shop, replace(cart, customer_id=None, customer_name=""))
    assert [row["customer_id"] for row in terms(shop)] == [firm, firm]
    assert faults() == []


def test_a_fee_taken_off_the_bill_renews_nothing(shop: OpenedShop, machine: int, firm: int) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    cart = renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]])
    other = cart_of(shop, (add_product(shop, stock=3), 1), customer_id=firm)
    pay(shop, replace(cart, lines=other.lines))
    assert [row["state"] for row in terms(shop)] == ["服务中"]


# ---------------------------------------------------------------- the counter
def test_a_bill_of_somebody_else_on_the_counter_is_put_aside(
    shop: OpenedShop, machine: int, firm: int
) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    save_cart(shop.actor, cart=cart_of(shop, (machine, 1)))
    cart = renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]])
    assert len(cart.lines) == 1
    assert len(held_carts(shop.actor)) == 1


def test_the_fee_goes_to_the_bill_begun_for_the_customer(shop: OpenedShop, machine: int, firm: int) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    begun = cart_of(shop, (add_product(shop, stock=3), 1), customer_id=firm)
    save_cart(shop.actor, cart=begun)
    cart = renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]])
    assert (cart.key, len(cart.lines), len(held_carts(shop.actor))) == (begun.key, 2, 0)


def test_a_renewal_put_aside_is_taken_up_and_not_begun_twice(
    shop: OpenedShop, machine: int, firm: int
) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    wanted = [terms(shop)[0]["id"]]
    cart = renew_services(shop.actor, term_ids=wanted)
    assert renew_services(shop.actor, term_ids=wanted) == cart
    hold_cart(shop.actor, cart=cart)
    assert renew_services(shop.actor, term_ids=wanted) == cart
    assert held_carts(shop.actor) == []
    drop_cart(shop.actor, key=cart.key)
    assert renew_services(shop.actor, term_ids=wanted).key != cart.key


def test_paid_twice_the_service_goes_on_twice_as_long(shop: OpenedShop, machine: int, firm: int) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    cart = renew_services(shop.actor, term_ids=[terms(shop)[0]["id"]])
    pay(shop, cart)
    pay(shop, replace(cart, key=new_key()))
    assert [row["end_date"].year for row in terms(shop)] == [2027, 2028, 2029]
    assert faults() == []


# ---------------------------------------------------------------- not wanted any more
def test_a_service_not_wanted_any_more_is_neither_asked_for_nor_renewed(
    shop: OpenedShop, machine: int, firm: int
) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    ids = [row["id"] for row in terms(shop)]
    with pytest.raises(InputError, match="请填写不再续的原因"):
        close_services(shop.actor, term_ids=ids, reason=" ")
    assert close_services(shop.actor, term_ids=ids, reason="换了别家") == 1
    assert close_services(shop.actor, term_ids=ids, reason="换了别家") == 0
    assert terms(shop, None) == []
    (row,) = terms(shop, "closed")
    assert (row["state"], row["closed_reason"], row["amount_fen"]) == ("不再续", "换了别家", None)
    with pytest.raises(UserError, match="请先恢复"):
        renew_services(shop.actor, term_ids=ids)
    assert reopen_services(shop.actor, term_ids=ids) == 1
    assert told(terms(shop, None)) == [("收银机", "2027-03-15", "服务中", 30_000)]


# ---------------------------------------------------------------- the list
def test_what_ran_out_stands_at_the_top_and_is_counted_with_what_soon_will(
    shop: OpenedShop, machine: int, firm: int
) -> None:
    for year in (2024, 2025, 2026):
        shop.clock.set(year, 3, 16)
        sell(shop, (machine, 1), customer_id=firm)
    shop.clock.set(2026, 2, 13)  # thirty days to 2026-03-15, the last day of the second
    assert [row["end_date"].year for row in terms(shop, None)] == [2025, 2026, 2027]
    assert [row["tone"] for row in terms(shop, None)] == ["danger", "warning", None]
    found = expiring_services(shop.actor)
    assert (found.overdue, found.soon, found.fen) == (1, 1, 60_000)
    assert len(terms(shop, "waiting")) == 2
    shop.clock.set(2026, 2, 12)
    assert expiring_services(shop.actor).soon == 0
    assert [len(terms(shop, state)) for state in ("overdue", "due", "running", "renewed", "closed")] == [
        1,
        0,
        2,
        0,
        0,
    ]


def test_the_total_is_what_is_to_be_collected(shop: OpenedShop, machine: int, firm: int) -> None:
    sell(shop, (machine, 3), (add_machine(shop, name="滤芯", annual_fee_fen=333), 1), customer_id=firm)
    assert term_list(shop.actor, TermFilter()).summary() == {"amount_fen": 90_333}


def test_the_list_is_searched_by_customer_and_product(shop: OpenedShop, machine: int, firm: int) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    sell(shop, (add_machine(shop, name="净水器"), 1), customer_id=add_customer(shop, name="李小梅"))
    assert [row["customer"] for row in terms(shop, text="净水")] == ["李小梅"]
    assert [row["product"] for row in terms(shop, text="hdmy")] == ["收银机"]


def test_a_salesperson_sees_the_services_of_his_own_customers(shop: OpenedShop, machine: int) -> None:
    seller = shop.as_role("业务员")
    his = add_customer(shop, owner_id=seller.operator_id)
    for customer_id in (his, add_customer(shop)):
        sell(shop, (machine, 1), customer_id=customer_id)
    (mine,) = terms(shop, by=seller)
    assert mine["customer_id"] == his
    assert terms_of(seller, customer_id=his).count() == 1
    other = next(row["id"] for row in terms(shop) if row["customer_id"] != his)
    with pytest.raises(NotFound):
        close_services(seller, term_ids=[other], reason="看不到")
    with pytest.raises(PermissionDenied):
        renew_services(seller, term_ids=[mine["id"]])


def test_a_clerk_collects_a_fee_without_the_right_to_change_prices(
    shop: OpenedShop, machine: int, firm: int
) -> None:
    sell(shop, (machine, 1), customer_id=firm)
    clerk = shop.as_role("收银员")
    cart = renew_services(clerk, term_ids=[terms(shop)[0]["id"]])
    checkout(clerk, cart=cart, payments=cash(30_000))
    assert [row["state"] for row in terms(shop)] == ["已续费", "服务中"]


# ---------------------------------------------------------------- the product
def test_a_fee_says_for_how_long_it_is(shop: OpenedShop) -> None:
    with pytest.raises(InputError, match="请填写服务期") as refused:
        add_product(shop, annual_fee_fen=30_000)
    assert refused.value.field == "service_term_months"
    with pytest.raises(InputError, match="质保请在 0 到 600 个月之间"):
        add_product(shop, warranty_months=601)


def test_the_change_log_tells_fee_term_and_warranty(shop: OpenedShop) -> None:
    product_id = add_product(shop)
    product = product_detail(shop.actor, product_id=product_id).product
    wanted = replace(product, annual_fee_fen=12_000, service_term_months=12, warranty_months=24)
    assert catalog.change_product(shop.actor, product_id=product_id, product=wanted) == 3
    rows = product_changes(shop.actor, product_id=product_id).window(0, 10, None)
    assert {(row["field"], row["old"], row["new"]) for row in rows} == {
        ("年费", "", "¥120.00"),
        ("服务期（月）", "", "12"),
        ("质保（月）", "", "24"),
    }
