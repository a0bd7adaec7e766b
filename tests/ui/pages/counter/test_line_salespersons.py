"""Shift+F4: a line that counts for another salesperson than the bill."""

import pytest

from meiping.domains.settings.till_keys import save_till_keys
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError
from meiping.ui.bills.return_form import Chosen
from meiping.ui.counter_keys import help_keys
from meiping.ui.pages.counter.bill_pane import BillPane
from tests.shop import OpenedShop
from tests.ui.pages.counter.conftest import COLA, SOAP, Clerk


@pytest.fixture
def li(shop: OpenedShop) -> Actor:
    return shop.add_operator("李四", "业务员")


def choose(clerk: Clerk, name: str, key: str = "Shift-F4") -> None:
    """Choose by name in the window that the key opens."""
    clerk.in_dialog(lambda: clerk.type(name), lambda: clerk.key("Return"))
    clerk.key(key)


def shown(clerk: Clerk) -> list[str]:
    """What the column of salespersons says; nothing where it is not there."""
    tree = clerk.page.lines.tree
    if "person" not in tree.cget("displaycolumns"):
        return []
    return [str(tree.set(item, "person")) for item in tree.get_children()]


def own(clerk: Clerk) -> list[int | None]:
    return [line.salesperson_id for line in clerk.page.till.cart.lines]


def test_the_line_in_hand_counts_for_another_and_the_list_says_so(clerk: Clerk, li: Actor):
    clerk.scan(COLA)
    assert shown(clerk) == []
    clerk.scan(SOAP)
    choose(clerk, "李四")
    assert shown(clerk) == ["", "李四"]
    clerk.key("F12", "Return")
    bill = clerk.bills()[0]
    assert [line.salesperson for line in bill.lines] == ["", "李四"]


def test_the_bills_salesperson_chosen_clears_it_and_undo_brings_it_back(clerk: Clerk, li: Actor):
    clerk.scan(SOAP)
    choose(clerk, "李四")
    choose(clerk, "同整单")
    assert (own(clerk), shown(clerk)) == ([None], [])
    clerk.key("Control-z")
    assert (own(clerk), shown(clerk)) == ([li.operator_id], ["李四"])
    choose(clerk, "李四", "F4")
    assert shown(clerk) == [], "now it is the bill's"
    choose(clerk, "不指定", "F4")
    assert shown(clerk) == ["李四"]


def test_a_held_bill_keeps_it_and_the_same_goods_scanned_again_are_the_bills(clerk: Clerk, li: Actor):
    clerk.scan(SOAP)
    choose(clerk, "李四")
    clerk.scan(SOAP)
    assert own(clerk) == [li.operator_id, None]
    clerk.key("F6", "Return")
    assert clerk.lines() == []
    clerk.key("F6")
    assert shown(clerk) == ["李四", ""]


def test_what_comes_back_stays_with_who_sold_it(clerk: Clerk, li: Actor, shop: OpenedShop):
    clerk.scan(SOAP)
    choose(clerk, "李四")
    clerk.key("F12", "Return")
    sold = clerk.bills()[0]
    page = clerk.page
    page.commands.bill.take_back(Chosen(sold.id, {sold.lines[0].id: 1_000}, to_waste=False))
    assert shown(clerk) == ["李四"]
    clerk.key("Shift-F4")
    assert "卖出时的业务员" in clerk.said()
    with pytest.raises(InputError):
        page.till.set_line_salesperson(None)


def test_without_goods_it_says_so(clerk: Clerk):
    clerk.key("Shift-F4")
    assert "还没有商品" in clerk.said()


def test_the_shop_may_choose_another_key_and_f1_lists_it(clerk: Clerk, li: Actor, shop: OpenedShop):
    assert any(key == "Shift+F4" and "本行业务员" in words for key, words in help_keys())
    save_till_keys(shop.actor, keys={"line_salesperson": "Control-b"})
    clerk.page.reload()
    clerk.scan(SOAP)
    choose(clerk, "李四", "Control-b")
    assert shown(clerk) == ["李四"]


def test_the_pane_of_a_bill_says_whose_line_it_is(clerk: Clerk, li: Actor):
    clerk.scan(COLA)
    clerk.scan(SOAP)
    choose(clerk, "李四")
    clerk.key("F12", "Return")
    number = clerk.bills()[0].id

    def nothing(_bill: object) -> None:
        return None

    pane = BillPane(
        clerk.page.widget.master,
        clerk.context,
        on_return=nothing,
        on_print=nothing,
        on_save=nothing,
    )
    pane.show({"id": number})
    names = [row["product_name"] for row in pane._lines.current_table("").rows]
    assert names == ["可口可乐", "香皂（李四售）"]
