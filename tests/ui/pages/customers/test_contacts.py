"""Contacts over all customers and of one in the hub, by keyboard."""

from typing import Any

import pytest

from meiping.domains.access.service import save_role
from meiping.domains.contacts.queries import contact_list, contacts_of
from meiping.domains.contacts.rules import ContactInput
from meiping.domains.contacts.service import add_contact
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_customer, delete_customers
from meiping.domains.settings.queries import levels
from meiping.kernel.actor import Scope
from meiping.ui.pages.customers.contacts_page import PAGE
from meiping.ui.pages.customers.customer_hub_page import PAGE as HUB


@pytest.fixture
def firm(shop) -> int:
    customer = CustomerInput("恒达商贸", phone="13600002222", firm=True)
    return add_customer(shop.actor, customer=customer)


def contact(shop, customer_id: int, name: str, **values: Any) -> int:
    return add_contact(shop.actor, customer_id=customer_id, contact=ContactInput(name, **values))


def pane_of(hub, customer_id: int):
    hub.open(customer_id=customer_id)
    pane = hub.view.tabs.bring("联系人")
    hub.widget.update()
    return pane


def names(pane) -> list[str]:
    pane.list.update()
    return [row["name"] for row in pane.list.visible_rows()]


# --------------------------------------------------------------------- the hub
def test_insert_adds_a_contact_and_shows_him(opened, shop, firm, press, dialog, fill, no_dialog):
    pane = pane_of(opened(HUB), firm)
    press(pane.list.tree, "<Insert>")
    fill(dialog(), name="王经理", mobile="138 2201 7788", post="采购")
    press(dialog().form.editor("address").target, "<Control-Return>")
    assert no_dialog()
    assert names(pane) == ["王经理"]
    assert pane.list.current_row()["main"]
    assert "共 1 位" in pane._count.cget("text")


def test_a_refusal_stays_beside_its_field_with_what_was_typed(opened, shop, firm, press, dialog, fill):
    pane = pane_of(opened(HUB), firm)
    press(pane.list.tree, "<Insert>")
    fill(dialog(), name="", mobile="不是号码")
    dialog().submit()
    form = dialog().form
    assert form._asked["name"].message.cget("text")
    assert "不是电话号码" in form._asked["mobile"].message.cget("text")
    assert form.editor("mobile").target.get() == "不是号码"


def test_double_click_or_f2_changes_a_contact(opened, shop, firm, press, dialog, fill, no_dialog):
    contact(shop, firm, "王经理")
    hub = opened(HUB)
    pane = pane_of(hub, firm)
    press(pane.list.tree, "<Home>", "<F2>")
    fill(dialog(), name="王总")
    dialog().submit()
    assert no_dialog()
    assert names(pane) == ["王总"]


def test_delete_is_taken_back_from_the_message(opened, shop, firm, context, press):
    contact(shop, firm, "王经理")
    hub = opened(HUB)
    pane = pane_of(hub, firm)
    press(pane.list.tree, "<Home>", "<Delete>")
    assert names(pane) == []
    text, _kind, action = context.toasts[-1]
    assert text == "已删除联系人“王经理”。"
    assert action is not None
    assert action[0] == "撤销"
    action[1]()
    assert names(pane) == ["王经理"]


def test_another_is_made_the_main_contact(opened, shop, firm, press):
    contact(shop, firm, "王经理")
    contact(shop, firm, "李会计")
    hub = opened(HUB)
    pane = pane_of(hub, firm)
    pane.list.select_id(2)
    make_main = pane._actions.called("设为主联系人")
    pane._actions.perform(make_main)
    pane.list.update()
    assert [row["name"] for row in pane.list.visible_rows() if row["main"]] == ["李会计"]


def test_a_customer_is_found_in_the_hub_by_his_contact(opened, shop, firm, write, press, pump):
    contact(shop, firm, "欧阳娟", mobile="13822017788")
    hub = opened(HUB)
    write(hub.search.entry, "oyj")
    press(hub.search.entry, "<Return>")
    pump(lambda: hub.view.detail is not None)
    assert hub.view.detail.id == firm
    assert hub.list.current_row()["name"] == "欧阳娟 · 恒达商贸"


def test_nothing_is_added_to_somebody_in_the_bin(opened, shop, firm, context, press, no_dialog):
    delete_customers(shop.actor, customer_ids=[firm])
    pane = pane_of(opened(HUB), firm)
    press(pane.list.tree, "<Insert>")
    assert no_dialog()
    assert context.told() == "这位客户在回收站里，请先恢复。"


# ------------------------------------------------------------ over all customers
def test_a_contact_is_added_to_a_customer_chosen_by_typing(
    opened, shop, firm, press, dialog, fill, no_dialog, pump
):
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    picker = dialog().form.editor("customer_id")
    fill(dialog(), customer_id="恒达")
    pump(picker.is_open)
    press(picker.target, "<Return>")
    fill(dialog(), name="王经理")
    dialog().submit()
    assert no_dialog()
    assert contacts_of(shop.actor, customer_id=firm).count() == 1
    pump(lambda: page.detail._pane._name.cget("text") == "王经理")


def test_the_detail_leads_to_the_customer(opened, shop, firm, context, press):
    contact(shop, firm, "王经理", department="采购部")
    page = opened(PAGE)
    press(page.list.tree, "<Home>")
    page.list.update()
    page.detail.show(page.list.current_row())
    assert page.detail._pane._line.cget("text") == "恒达商贸 · 采购部"
    page.detail._open()
    assert context.opened == [("customer_hub", {"customer_id": firm})]


def test_who_may_only_look_is_offered_nothing_else(opened, shop, firm, context):
    contact(shop, firm, "王经理")
    save_role(shop.actor, role_id=None, name="看客", scope=Scope.ALL, permissions=["customers.view"])
    context.actor = shop.as_role("看客")
    page = opened(PAGE)
    assert [action.text for action in page._actions.offered] == ["打开客户"]
    pane = pane_of(opened(HUB), firm)
    assert pane._actions.offered == []
    assert contact_list(context.actor).count() == 1


def test_a_long_name_is_read_whole_in_a_small_window(opened, shop, root, pump):
    level = next(iter(levels())).id
    long = CustomerInput("东莞博雅文化传播有限公司", phone="13600003333", firm=True, level_id=level)
    customer_id = add_customer(shop.actor, customer=long)
    hub = opened(HUB)
    hub.open(customer_id=customer_id)
    pump()
    view = hub.view
    assert view._name.winfo_width() >= view._name.winfo_reqwidth()
    assert "普通" in view._line.cget("text") or view._level.winfo_width() >= view._level.winfo_reqwidth()
