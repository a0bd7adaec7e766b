"""服务到期 as a page: what ran out on top; renewed, asked for by letter, reminded of and closed by keyboard."""

from pathlib import Path

import pytest

from meiping.domains.reminders.queries import reminders_of
from meiping.domains.renewals.service import close_services
from meiping.ui.pages.service.terms_page import PAGE
from tests.adapters.paper import page_texts
from tests.domains.renewals.serving import add_machine, terms
from tests.factories import add_customer, sell


@pytest.fixture
def firm(shop) -> int:
    """Two machines whose service ran out the day before, and a third that goes on."""
    machine = add_machine(shop)
    firm = add_customer(shop, name="恒达贸易")
    sell(shop, (machine, 2), customer_id=firm)
    shop.clock.set(2026, 9, 1)
    sell(shop, (machine, 1), customer_id=add_customer(shop, name="李小梅"))
    shop.clock.set(2027, 3, 16)
    return firm


def rows(page) -> list[tuple[str, str, int | None]]:
    page.list.update()
    return [(row["customer"], row["state"], row["days_left"]) for row in page.list.visible_rows()]


def test_what_ran_out_stands_on_top_and_the_head_says_what_is_to_be_collected(opened, firm):
    page = opened(PAGE)
    assert rows(page) == [("恒达贸易", "已过期", -1), ("李小梅", "服务中", 168)]
    assert "已过期 1 项 · 应收年费 ¥600.00" in page.head._facts.cget("text")
    page.narrow("", state="waiting")
    assert rows(page) == [("恒达贸易", "已过期", -1)]
    page.narrow("lxm", state=None)
    assert rows(page) == [("李小梅", "服务中", 168)]


def test_a_service_is_renewed_at_the_counter_by_one_key(opened, shop, firm, press, context):
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<F7>")
    wanted = [terms(shop)[0]["id"]]
    assert context.opened == [("counter", {"customer_id": firm, "renew": wanted, "to_hub": False})]


def test_what_can_not_be_renewed_is_told_without_leaving_the_page(opened, shop, firm, press, context):
    page = opened(PAGE)
    press(page.list.tree, "<Control-a>", "<F7>")
    assert "一次只能给一位客户续费" in context.told()
    close_services(shop.actor, term_ids=[terms(shop)[0]["id"]], reason="换了别家")
    page.narrow("", state="closed")
    press(page.list.tree, "<Home>", "<F7>")
    assert "请先恢复" in context.told()
    assert not context.opened


def test_letters_go_to_each_customer(opened, firm, press, monkeypatch):
    seen: list[Path] = []
    monkeypatch.setattr("meiping.ui.list_output.open_in_system", seen.append)
    page = opened(PAGE)
    press(page.list.tree, "<Control-a>", "<F8>")
    first, second = page_texts(seen[0])
    assert all(word in first for word in ("年费催缴单", "恒达贸易", "¥600.00", "2027-03-15"))
    assert all(word in second for word in ("年费催缴单", "李小梅", "¥300.00"))


def test_a_service_not_wanted_any_more_leaves_the_list_and_comes_back(
    opened, shop, firm, press, dialog, no_dialog, fill, context
):
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<Delete>")
    dialog().submit()
    assert dialog().form._asked["reason"].message.cget("text")
    fill(dialog(), reason="换了别家")
    dialog().submit()
    assert no_dialog()
    assert rows(page) == [("李小梅", "服务中", 168)]
    (_, _, action) = context.toasts[-1]
    assert action is not None
    action[1]()
    assert len(rows(page)) == 2


def test_one_may_be_reminded_of_it(opened, shop, firm, press, dialog, no_dialog):
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<F4>")
    assert dialog().form.value("subject") == "收银机 服务 2027-03-15 到期"
    dialog().submit()
    assert no_dialog()
    assert reminders_of(shop.actor, customer_id=firm).count() == 1


def test_a_double_click_leads_to_the_customer(opened, firm, press, context):
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<Return>")
    assert context.opened == [("customer_hub", {"customer_id": firm})]
