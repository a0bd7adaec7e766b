"""收银监督: what is done by hand at the till is written down, counted by person, and leads to its bill."""

from dataclasses import replace
from typing import Any

from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.watching import watch_report
from meiping.domains.reports.rules import Period
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import drop_cart, save_cart
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import checkout
from meiping.domains.till.drawer import open_drawer
from meiping.domains.till.queries.watching import EventFilter, till_events
from tests.factories import add_customer, add_product, cart_of
from tests.shop import OpenedShop


def settle(shop: OpenedShop, cart: Cart, tender: str = "cash") -> int:
    total = price_bill(cart).total_fen
    return checkout(shop.actor, cart=cart, payments=[Payment(tender, total)] if total else []).sale_id


def told(shop: OpenedShop, **narrow: Any) -> list[tuple[str, int | None, str]]:
    rows = till_events(shop.actor, narrow=EventFilter(**narrow)).window(0, 50, None)
    return [(row["kind"], row["amount_fen"], row["detail"]) for row in rows]


def test_prices_discounts_gifts_and_credit_of_a_bill_are_told(shop: OpenedShop) -> None:
    cola, tea = add_product(shop, name="可乐", stock=9), add_product(shop, name="茶", stock=9)
    cart = cart_of(shop, (cola, 2), (tea, 1), customer_id=add_customer(shop, credit_yuan=100))
    cheaper = replace(cart.lines[0], price_fen=800)
    cart = cart.with_line(0, cheaper).with_line(1, replace(cart.lines[1], gift=True))
    sale_id = settle(shop, replace(cart, bill_reduction_fen=100), "credit")
    number = "XS-20260316-0001"
    assert told(shop) == [
        ("赊账", 1_500, number),
        ("改价打折", 100, f"{number} 整单减 ¥1.00"),
        ("赠品", 1_000, f"{number} 茶：赠送"),
        ("改价打折", 400, f"{number} 可乐：¥10.00 → ¥8.00"),
    ]
    rows = till_events(shop.actor).window(0, 9, None)
    assert {(row["sale_id"], row["operator"], row["approver"]) for row in rows} == {(sale_id, "王老板", "")}


def test_a_bill_at_the_usual_prices_tells_nothing(shop: OpenedShop) -> None:
    settle(shop, cart_of(shop, (add_product(shop, stock=3), 2)))
    assert told(shop) == []


def test_taking_back_a_quantity_is_told_and_adding_is_not(shop: OpenedShop) -> None:
    cart = cart_of(shop, (add_product(shop, name="可乐"), 3))
    save_cart(shop.actor, cart=cart)
    save_cart(shop.actor, cart=cart.with_line(0, replace(cart.lines[0], qty_milli=5_000)))
    save_cart(shop.actor, cart=cart.with_line(0, replace(cart.lines[0], qty_milli=1_000)))
    assert told(shop) == [("删除商品", 4_000, "可乐 × 4")]


def test_the_report_counts_by_person_and_agrees_with_the_list(shop: OpenedShop) -> None:
    clerk = shop.as_role("收银员")
    cola = add_product(shop, name="可乐", stock=9)
    for actor in (shop.actor, clerk, clerk):
        cart = cart_of(shop, (cola, 1))
        save_cart(actor, cart=cart)
        drop_cart(actor, key=cart.key)
    open_drawer(clerk, reason="换零钱")
    table = watch_report(shop.actor, ReportAsked(Period()))
    by_person = {row["id"]: row for row in table.rows}
    assert by_person[clerk.operator_id]["bill_cleared"] == 2
    assert by_person[clerk.operator_id]["bill_cleared_fen"] == 2_000
    assert by_person[clerk.operator_id]["drawer"] == 1
    assert table.totals["bill_cleared"] == 3
    assert len(told(shop, person_id=clerk.operator_id)) == 3
    assert len(told(shop, kind="bill_cleared")) == 3
    assert told(shop, text="没有这个词") == []


def test_nothing_personal_stands_in_what_is_told(shop: OpenedShop) -> None:
    customer_id = add_customer(shop, name="李秘密", phone="13812345678", credit_yuan=100)
    settle(shop, cart_of(shop, (add_product(shop, stock=3), 1), customer_id=customer_id), "credit")
    assert "李秘密" not in repr(told(shop))
    assert "13812345678" not in repr(told(shop))
