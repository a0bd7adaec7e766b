"""Ctrl+K from anywhere: type, arrows, Enter, and one is there."""

import tkinter as tk
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.domains.access.service import save_role
from meiping.domains.contacts.rules import ContactInput
from meiping.domains.contacts.service import add_contact
from meiping.kernel.actor import Actor, Scope
from meiping.ui.page_list import PAGES
from meiping.ui.shell.search_everywhere import SearchEverywhere, SearchWindow, matching_pages
from tests.domains.support.casing import take
from tests.factories import add_customer, add_product, sell
from tests.shop import OpenedShop
from tests.windows import PageContext, texts

Pump = Callable[..., None]
Press = Callable[..., None]
Write = Callable[[tk.Misc, str], None]


@pytest.fixture
def search(page: tk.Widget, context: PageContext) -> Iterator[Callable[..., SearchWindow]]:
    """The window over a page, with the program's own pages."""
    opened: list[SearchWindow] = []

    def show(actor: Actor | None = None) -> SearchWindow:
        context.actor = actor or context.actor
        allowed = [spec for spec in PAGES if context.actor.can(spec.permission)]
        opened.append(SearchWindow(page, SearchEverywhere(context, lambda: allowed)))
        page.update()
        return opened[-1]

    yield show
    for window in opened:
        if window.winfo_exists():
            window.close()


def typed(window: SearchWindow, write: Write, pump: Pump, text: str) -> list[tuple[str, str]]:
    before = window.hits
    write(window.entry, text)
    pump(lambda: window.hits is not before)
    return [(hit.group, hit.title) for hit in window.hits]


def test_kinds_stand_in_groups_and_enter_opens_the_first(
    shop: OpenedShop, search: Any, write: Write, pump: Pump, press: Press, context: PageContext
):
    wang = add_customer(shop, name="王晓梅", phone="13822017788")
    add_contact(shop.actor, customer_id=wang, contact=ContactInput(name="王芳"))
    add_product(shop, name="王老吉")
    window = search()
    assert "都可以找" in " ".join(texts(window))
    assert typed(window, write, pump, "王") == [("客户", "王晓梅"), ("联系人", "王芳"), ("商品", "王老吉")]
    assert {"138 2201 7788 · C00001", "¥10.00"} <= set(texts(window))
    press(window.entry, "<Return>")
    assert not window.winfo_exists()
    assert context.opened == [("customer_hub", {"customer_id": wang})]


def test_arrows_walk_over_the_kinds_and_enter_does_not_wait_for_the_results(
    shop: OpenedShop, search: Any, write: Write, pump: Pump, press: Press, context: PageContext
):
    wang = add_customer(shop, name="王晓梅")
    add_contact(shop.actor, customer_id=wang, contact=ContactInput(name="王芳"))
    product_id = add_product(shop, name="王老吉")
    window = search()
    typed(window, write, pump, "王")
    press(window.entry, "<Down>", "<Down>", "<Down>", "<Down>", "<Up>")
    assert window.cursor == 1
    press(window.entry, "<Return>")
    window = search()
    write(window.entry, "wlj")
    press(window.entry, "<Return>")
    assert context.opened == [
        ("customer_hub", {"customer_id": wang, "tab": "联系人"}),
        ("products", {"text": "王老吉", "select": product_id}),
    ]


def test_a_bill_is_opened_by_the_end_of_its_number(
    shop: OpenedShop, search: Any, write: Write, pump: Pump, press: Press, context: PageContext
):
    bill = sell(shop, (add_product(shop, stock=5), 1))
    window = search()
    assert ("业务单", bill.number) in typed(window, write, pump, "20260316-1")
    press(window.entry, "<Return>")
    assert context.opened == [("bills", {"text": bill.number, "select": bill.sale_id})]


def test_a_service_case_is_opened_in_its_list(
    shop: OpenedShop, search: Any, write: Write, pump: Pump, press: Press, context: PageContext
):
    case_id = take(shop, add_customer(shop, name="王晓梅"), "台灯不亮")
    window = search()
    assert typed(window, write, pump, "台灯") == [("服务单", "FW-20260316-0001")]
    press(window.entry, "<Return>")
    assert context.opened == [("cases", {"text": "FW-20260316-0001", "select": case_id})]


def test_pages_are_found_by_name_and_initials_and_the_one_called_by_name_comes_first(
    shop: OpenedShop, search: Any, write: Write, pump: Pump, press: Press, context: PageContext
):
    add_customer(shop, name="沈子")  # sz as well
    window = search()
    assert typed(window, write, pump, "sz")[:2] == [("页面", "设置"), ("客户", "沈子")]
    press(window.entry, "<Return>")
    assert context.opened == [("settings", {})]
    assert [page.title for page in matching_pages("备份", PAGES)] == ["备份与恢复"]
    assert [page.title for page in matching_pages("czrz", PAGES)] == ["操作日志"]
    assert matching_pages(" ", PAGES) == []


def test_what_one_may_not_see_is_not_offered(shop: OpenedShop, search: Any, write: Write, pump: Pump):
    add_customer(shop, name="王晓梅")
    save_role(shop.actor, role_id=None, name="看货", scope=Scope.ALL, permissions=["products.view"])
    window = search(shop.as_role("看货"))
    write(window.entry, "王")
    pump(lambda: "没有找到“王”" in texts(window))
    assert typed(window, write, pump, "设置") == []
    assert typed(window, write, pump, "商品") == [("页面", "商品管理")]


def test_esc_closes_and_gives_the_keys_back(root: ttk.App, page: tk.Widget, search: Any, press: Press):
    field = ttk.Entry(page)
    field.pack()
    field.focus_force()
    root.update()
    window = search()
    assert root.focus_get() is window.entry
    press(window.entry, "<Escape>")
    assert not window.winfo_exists()
    assert root.focus_get() is field


def test_many_hits_scroll_with_the_arrows(
    shop: OpenedShop, search: Any, write: Write, pump: Pump, press: Press, context: PageContext
):
    for number in range(9):
        add_customer(shop, name=f"王{number}")
        add_product(shop, name=f"王老吉{number}")
    window = search()
    assert len(typed(window, write, pump, "王")) == 16
    press(window.entry, "<Next>", "<Next>")
    assert window.cursor == 15
    assert "王老吉7" in texts(window)
    press(window.entry, "<Prior>", "<Prior>")
    assert window.cursor == 0
    window.lines[2].parts[0].event_generate("<ButtonRelease-1>")
    assert context.opened[0][0] == "customer_hub"
