"""Who looks after customers, at the windows: handed over, delegated, claimed from the pool, and taken back."""

from datetime import timedelta

import pytest

from meiping.domains.customers.queries import customer_detail, customer_list, shares_of
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_customer
from meiping.domains.settings.service import save_options
from meiping.ui.pages.customers.customer_hub_page import PAGE as HUB
from meiping.ui.pages.customers.customer_list_page import PAGE as LIST
from meiping.ui.pages.customers.pool_page import CLAIMS_TAB, PAGE, SHARES_TAB


@pytest.fixture
def jia(shop):
    return shop.add_operator("业务员甲", "业务员")


@pytest.fixture
def yi(shop):
    return shop.add_operator("业务员乙", "业务员")


@pytest.fixture
def two(shop, jia) -> list[int]:
    """陈三 and 王小明, customers of 业务员甲."""
    return [
        add_customer(shop.actor, customer=CustomerInput(name, owner_id=jia.operator_id))
        for name in ("陈三", "王小明")
    ]


def act(page, text: str) -> None:
    """Press an action of the list as its row menu does."""
    page._actions.perform(page._actions.called(text))


def names(rows) -> list[str]:
    return [row["name"] for row in rows]


def take_back(context) -> None:
    context.toasts[-1][2][1]()


def test_selected_customers_are_handed_over_and_taken_back(opened, shop, two, yi, context, dialog, no_dialog):
    page = opened(LIST)
    page.list.tree.event_generate("<<SelectAll>>")
    page.list.select_id(two[0])
    act(page, "转移…")
    dialog().form.set_value("owner_id", yi.operator_id)
    dialog().submit()
    assert no_dialog()
    assert context.told() == "已把 1 位客户转给“业务员乙”。"
    assert customer_detail(shop.actor, two[0]).owner == yi.name
    take_back(context)
    assert customer_detail(shop.actor, two[0]).owner == "业务员甲"


def test_many_are_handed_over_in_the_background(opened, shop, two, yi, context, dialog, monkeypatch):
    monkeypatch.setattr("meiping.ui.pages.customers.ownership_dialogs._MANY", 0)
    page = opened(LIST)
    page.list.select_id(two[0])
    act(page, "转移…")
    dialog().form.set_value("owner_id", yi.operator_id)
    dialog().submit()
    assert customer_detail(shop.actor, two[0]).owner == yi.name
    assert "转给“业务员乙”" in context.told()


def test_a_delegation_is_asked_for_and_shown_in_the_hub_and_taken_back(
    opened, shop, two, yi, context, dialog, no_dialog
):
    page = opened(HUB)
    page.open(customer_id=two[1])
    line = page.view._care
    line.menu()["授权…"]()
    form = dialog().form
    form.set_value("operator_id", yi.operator_id)
    form.set_value("until", shop.actor.today() - timedelta(days=1))
    dialog().submit()
    assert "过去" in context.told()
    form.set_value("until", shop.actor.today() + timedelta(days=7))
    dialog().submit()
    assert no_dialog()
    assert line.cget("text") == "授权给业务员乙，至 2026-03-23"
    line.menu()["收回：授权给业务员乙，至 2026-03-23"]()
    assert line.cget("text") == ""
    assert not line.winfo_manager()
    take_back(context)
    assert len(shares_of(shop.actor, customer_id=two[1])) == 1


def test_co_managing_is_asked_for_without_a_day(opened, shop, two, yi, dialog, no_dialog):
    page = opened(HUB)
    page.open(customer_id=two[1])
    page.view._care.menu()["共同跟进…"]()
    assert "until" not in dialog().form._asked
    dialog().form.set_value("operator_id", yi.operator_id)
    dialog().submit()
    assert no_dialog()
    assert page.view._care.cget("text") == "与业务员乙共同跟进"


def test_a_customer_is_put_into_the_pool_from_the_hub_and_taken_back(opened, shop, two, context):
    page = opened(HUB)
    page.open(customer_id=two[1])
    page.view._care.menu()["退回公海"]()
    assert context.told() == "已把 1 位客户退回公海。"
    assert page.view.detail.owner == ""
    assert page.view._care.menu()["授权…"] is None
    take_back(context)
    assert page.view.detail.owner == "业务员甲"


def test_who_may_not_transfer_is_not_offered_it(opened, two, jia, context):
    context.actor = jia
    page = opened(LIST)
    assert not [a.text for a in page._actions.offered if a.text in ("转移…", "授权…", "共同跟进…")]
    hub = opened(HUB)
    assert hub.view._care._button is None


def test_a_salesperson_claims_from_the_pool_at_once(opened, shop, jia, context):
    free = add_customer(shop.actor, customer=CustomerInput("王小明", phone="13822017788"))
    context.actor = jia
    page = opened(PAGE)
    (row,) = page.front.list.visible_rows()
    assert row["phone"] == "138 **** 7788"
    page.front.list.select_id(free)
    act(page.front, "领用")
    assert context.told() == "已领用 1 位客户。"
    assert page.front.list.count == 0
    assert names(customer_list(jia).window(0, 9, None)) == ["王小明"]


def test_a_claim_that_must_be_confirmed_waits_on_its_tab(opened, shop, jia, context):
    save_options(shop.actor, values={"customers.claim_confirm": True})
    free = add_customer(shop.actor, customer=CustomerInput("王小明", phone="13822017788"))
    context.actor = jia
    asking = opened(PAGE)
    asking.front.list.select_id(free)
    act(asking.front, "申请领用")
    assert "主管同意后归您" in context.told()
    assert asking.front.list.row_at(0)[1]["asked_by"] == "我已申请"

    context.actor = shop.actor
    page = opened(PAGE)
    assert page._tabs.tab(1, "text") == "领用申请（1）"
    page.open(tab=CLAIMS_TAB)
    page.widget.update()
    page.front.list.select_id(page.front.list.row_at(0)[0])
    act(page.front, "同意")
    assert page._tabs.tab(1, "text") == "领用申请"
    assert customer_detail(shop.actor, free).owner == jia.name


def test_shares_are_listed_and_taken_back(opened, shop, two, yi, context):
    from meiping.domains.customers.sharing import share_customers

    share_customers(shop.actor, customer_ids=two, operator_id=yi.operator_id)
    page = opened(PAGE)
    page.open(tab=SHARES_TAB)
    page.widget.update()
    assert sorted(row["customer"] for row in page.front.list.visible_rows()) == ["王小明", "陈三"]
    page.front.list.select_id(page.front.list.row_at(0)[0])
    act(page.front, "收回")
    assert page.front.list.count == 1
    take_back(context)
    assert page.front.list.count == 2
