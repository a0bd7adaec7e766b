"""A line of a bill may count for another salesperson than the bill: so does what comes back of it."""

from dataclasses import replace

import pytest

from meiping.adapters.receipt_pdf import Item, Pair
from meiping.domains.access.service import save_role
from meiping.domains.maintenance.rebuilding import REBUILD_SUMS, rebuild_sums
from meiping.domains.maintenance.summaries import SUMMARIES, SUMMARY_BY_KEY
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import bill_report, people_report
from meiping.domains.sales.cart import NOBODY, Cart
from meiping.domains.sales.carts import hold_cart, recall_cart
from meiping.domains.sales.exchanging import lines_taken_back
from meiping.domains.sales.finding import find_bills
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import NOBODY_WORD, bill_detail, bills
from meiping.domains.sales.receipt import receipt_slip
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.settings.service import save_options
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import InputError, NotFound
from meiping.store.database import fetch
from tests.factories import add_customer, add_product, cart_of, new_key
from tests.shop import OpenedShop
from tests.whole_file import faults


@pytest.fixture
def li(shop: OpenedShop) -> Actor:
    """A second salesperson, who sees his own only."""
    rights = ["customers.view", "sales.checkout", "sales.view", "sales.return", "reports.view"]
    save_role(shop.actor, role_id=None, name="导购", scope=Scope.OWN, permissions=rights)
    return shop.add_operator("李四", "导购")


def of(cart: Cart, place: int, person: int | None) -> Cart:
    """The cart with a line that counts for somebody."""
    return cart.with_line(place, replace(cart.lines[place], salesperson_id=person))


def settle(shop: OpenedShop, cart: Cart) -> int:
    fen = price_bill(cart).total_fen
    return checkout(shop.actor, cart=cart, payments=[Payment("cash", fen)] if fen > 0 else []).sale_id


def counted(shop: OpenedShop) -> dict[int, tuple[int, int, int]]:
    """Bills, net and commission by salesperson, 0 for nobody."""
    rows = people_report(shop.actor, ReportAsked()).rows
    return {row["id"]: (row["bills"], row["net_fen"], row["commission_fen"]) for row in rows}


@pytest.fixture
def paying(shop: OpenedShop) -> OpenedShop:
    """A shop that pays a tenth of the net sales as commission."""
    save_options(shop.actor, values={"commission.base": "net", "commission.permille": 100})
    return shop


def test_a_line_counts_for_its_own_salesperson_and_the_bill_for_the_bills(paying, li):
    tea, nuts = add_product(paying, stock=9), add_product(paying, stock=9, list_price_fen=3_000)
    me = paying.actor.operator_id
    cart = of(cart_of(paying, (tea, 1), (nuts, 1), salesperson_id=me), 1, li.operator_id)
    sale_id = settle(paying, cart)
    assert counted(paying) == {me: (1, 1_000, 100), li.operator_id: (0, 3_000, 300)}
    assert [line.salesperson for line in bill_detail(paying.actor, sale_id=sale_id).lines] == ["", "李四"]
    (row,) = bills(paying.actor).window(0, 9, None)
    assert row["salesperson"] == f"{paying.actor.name}、李四"
    assert row["goods"].startswith("（含李四售）")
    assert not faults()


def test_the_bills_own_salesperson_chosen_for_a_line_is_no_other(paying):
    me = paying.actor.operator_id
    cart = of(cart_of(paying, (add_product(paying, stock=9), 1), salesperson_id=me), 0, me)
    assert cart.own_salesperson(cart.lines[0]) is None
    sale_id = settle(paying, cart)
    assert fetch("SELECT salesperson_id FROM sale_line WHERE sale_id = ?", sale_id) == [(None,)]
    assert counted(paying) == {me: (1, 1_000, 100)}


def test_what_comes_back_is_taken_from_who_got_it_part_by_part(paying, li):
    tea, nuts = add_product(paying, stock=9), add_product(paying, stock=9, list_price_fen=3_333)
    me = paying.actor.operator_id
    cart = of(cart_of(paying, (tea, 1), (nuts, 3), salesperson_id=me), 1, li.operator_id)
    cart = replace(cart, bill_reduction_fen=100)
    sale_id = settle(paying, cart)
    before = counted(paying)
    assert sum(net for _, net, _ in before.values()) == 1_000 + 9_999 - 100
    mine, his = bill_detail(paying.actor, sale_id=sale_id).lines
    return_goods(paying.actor, key=new_key(), sale_id=sale_id, quantities={his.id: 1_000})
    assert counted(paying)[me] == before[me]
    return_goods(paying.actor, key=new_key(), sale_id=sale_id, quantities={his.id: 2_000, mine.id: 1_000})
    assert counted(paying) == {me: (1, 0, 0), li.operator_id: (0, 0, 0)}
    assert not faults()


@pytest.mark.parametrize("seller", ["of the line", "of the bill", "nobody"])
def test_in_an_exchange_each_keeps_what_he_sold(paying, li, seller):
    tea, nuts = add_product(paying, stock=9), add_product(paying, stock=9, list_price_fen=3_000)
    me, his = paying.actor.operator_id, li.operator_id
    cart = cart_of(paying, (tea, 1))
    if seller == "of the line":
        cart = of(cart, 0, his)
    elif seller == "of the bill":
        cart = replace(cart, salesperson_id=his)
    sold = settle(paying, cart)
    line = bill_detail(paying.actor, sale_id=sold).lines[0]
    _, back = lines_taken_back(paying.actor, sale_id=sold, quantities={line.id: 1_000})
    again = cart_of(paying, (nuts, 1), salesperson_id=me)
    again = replace(again, lines=(*back, *again.lines))
    assert again.own_salesperson(again.lines[0]) == (NOBODY if seller == "nobody" else his)
    exchanged = settle(paying, again)
    found = counted(paying)
    assert found[me] == (1, 3_000, 300), "the old goods take nothing from who sold the new ones"
    assert found[NOBODY if seller == "nobody" else his][1:] == (0, 0)
    words = [line.salesperson for line in bill_detail(paying.actor, sale_id=exchanged).lines]
    assert words == [NOBODY_WORD if seller == "nobody" else "李四", ""]
    assert not faults()


def test_a_line_keeps_its_salesperson_while_the_bill_waits(shop, li):
    cart = of(cart_of(shop, (add_product(shop), 1)), 0, li.operator_id)
    hold_cart(shop.actor, cart=cart)
    assert recall_cart(shop.actor, key=cart.key) == cart


def test_the_same_goods_of_two_salespersons_are_two_lines(shop, li):
    cart = of(cart_of(shop, (add_product(shop), 1)), 0, li.operator_id)
    more, place = cart.added(replace(cart.lines[0], salesperson_id=None))
    assert (len(more.lines), place) == (2, 1)


def test_nobody_unknown_gets_the_credit(shop):
    cart = of(cart_of(shop, (add_product(shop, stock=9), 1)), 0, 99)
    with pytest.raises(InputError, match="业务员"):
        settle(shop, cart)


def test_who_sold_a_line_sees_the_bill_and_finds_it(shop, li):
    tea = add_product(shop, stock=9)
    sold = settle(shop, of(cart_of(shop, (tea, 2), (tea, 1)), 0, li.operator_id))
    others = settle(shop, cart_of(shop, (tea, 1)))
    assert {row["id"] for row in bills(li).window(0, 9, None)} == {sold}
    number = bill_detail(li, sale_id=sold).number
    assert [hit.id for hit in find_bills(li, number)] == [sold]
    with pytest.raises(NotFound):
        bill_detail(li, sale_id=others)
    (row,) = [row for row in people_report(li, ReportAsked()).rows if row["id"] == li.operator_id]
    assert row["net_fen"] == 2_000
    asked = ReportAsked(values={"person_id": li.operator_id})
    assert bill_report(li, asked).totals["net_fen"] == 2_000


def test_of_a_bill_with_two_salespersons_the_report_shows_each_his_part(shop, li):
    tea, nuts = add_product(shop, stock=9), add_product(shop, stock=9, list_price_fen=3_000)
    sale_id = settle(shop, of(cart_of(shop, (tea, 1), (nuts, 1)), 1, li.operator_id))
    (row,) = bill_report(shop.actor, ReportAsked(values={"person_id": li.operator_id})).window(0, 9, None)
    assert (row["id"], row["net_fen"], row["cash_fen"], row["salesperson"]) == (sale_id, 3_000, 4_000, "李四")
    (row,) = bill_report(shop.actor, ReportAsked()).window(0, 9, None)
    assert row["net_fen"] == 4_000


def test_a_customer_is_served_by_who_sold_him_a_line(shop, li):
    who = add_customer(shop)
    tea = add_product(shop, stock=9)
    cart = of(cart_of(shop, (tea, 1), (tea, 1), customer_id=who), 1, li.operator_id)
    settle(shop, replace(cart, salesperson_id=shop.actor.operator_id))
    table = people_report(shop.actor, ReportAsked())
    assert {row["id"]: row["customers"] for row in table.rows} == {
        shop.actor.operator_id: 1,
        li.operator_id: 1,
    }
    assert table.totals["customers"] == 1


def test_the_receipt_names_salespersons_where_the_shop_wants_it(shop, li):
    tea = add_product(shop, stock=9)
    cart = of(cart_of(shop, (tea, 1), (tea, 2), salesperson_id=shop.actor.operator_id), 1, li.operator_id)
    sale_id = settle(shop, cart)
    assert "业务员" not in str(receipt_slip(shop.actor, sale_id=sale_id).blocks)
    save_options(shop.actor, values={"receipt.salespersons": True})
    slip = receipt_slip(shop.actor, sale_id=sale_id)
    assert Pair("业务员", shop.actor.name) in slip.blocks
    notes = [block.note for block in slip.blocks if isinstance(block, Item)]
    assert notes == ["", "业务员 李四"]


def test_sums_made_anew_are_the_same(shop, li):
    tea = add_product(shop, stock=9)
    cart = of(cart_of(shop, (tea, 1), (tea, 2)), 1, li.operator_id)
    sale_id = settle(shop, cart)
    line = bill_detail(shop.actor, sale_id=sale_id).lines[1]
    return_goods(shop.actor, key=new_key(), sale_id=sale_id, quantities={line.id: 1_000})

    def kept() -> dict[str, set[tuple[object, ...]]]:
        return {
            one.table: set(fetch(f"SELECT {one.columns} FROM {one.table}"))
            for one in SUMMARIES
            if "salesperson_id" in one.keys
        }

    before = kept()
    assert len(before) == 2
    rebuild_sums(shop.actor, keys=SUMMARY_BY_KEY, confirmed=frozenset({REBUILD_SUMS}))
    assert kept() == before
    assert not faults()
