"""The owner opens the program in the morning and sees where things stand."""

import tkinter as tk
from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
import ttkbootstrap as ttk
from PIL import ImageColor

from meiping.domains.access.service import save_role
from meiping.domains.reminders.queries import due
from meiping.domains.reminders.rules import ReminderInput
from meiping.domains.reminders.service import add_reminder
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import hold_cart
from meiping.kernel.actor import Scope
from meiping.ui import theme
from meiping.ui.pages.reports.desk_cards import against
from meiping.ui.pages.reports.desk_page import PAGE, DeskPage
from meiping.ui.widgets.cards import Kpi
from tests.factories import add_customer, add_product, cart_of, new_key, sell
from tests.shop import OpenedShop
from tests.windows import PageContext, parts, texts

Opened = Callable[..., DeskPage]


def shown(page: DeskPage, key: str) -> list[str]:
    """Title, value and remark of a figure."""
    assert page.kpis is not None
    return texts(page.kpis.cards[key])


def click(widget: tk.Misc) -> None:
    widget.event_generate("<Button-1>", x=4, y=4)
    widget.update()


def remind(shop: OpenedShop, subject: str, at: time = time(9, 30), customer_id: int | None = None) -> int:
    reminder = ReminderInput(subject, date(2026, 3, 16), at, customer_id=customer_id)
    return add_reminder(shop.actor, reminder=reminder)


def press_button(widget: tk.Misc, word: str) -> None:
    next(b for b in parts(widget, ttk.Button) if b.cget("text") == word).invoke()
    widget.update()


def test_an_empty_shop_says_what_will_appear_and_leads_to_the_till(
    opened: Opened, context: PageContext
) -> None:
    page = opened(PAGE)
    assert shown(page, "sales") == ["今日销售额", "¥0.00", "昨天 ¥0.00"]
    assert shown(page, "average") == ["客单价", "—", "昨天没有"]
    assert page.chart is not None
    words = texts(page.chart)
    assert "近 30 天还没有业务。收银以后，这里显示每天的销售额。" in words
    press_button(page.chart, "去收银")
    assert context.opened == [("counter", {})]
    assert page.watch.texts() == {"挂单": "没有", "库存": "都够", "备份": "还没有备份"}


def test_figures_of_today_against_yesterday(opened: Opened, shop: OpenedShop) -> None:
    tea = add_product(shop, stock=99)
    sell(shop, (tea, 2))
    shop.clock.advance(days=1)
    sell(shop, (tea, 2))
    sell(shop, (tea, 3))
    add_customer(shop)
    page = opened(PAGE)
    assert shown(page, "sales") == ["今日销售额", "¥50.00", "▲ 150%  昨天 ¥20.00"]
    assert shown(page, "bills") == ["今日单数", "2", "▲ 100%  昨天 1"]
    assert shown(page, "average") == ["客单价", "¥25.00", "▲ 25%  昨天 ¥20.00"]
    assert shown(page, "received") == ["今日实收", "¥50.00", "▲ 150%  昨天 ¥20.00"]
    assert shown(page, "customers") == ["今日新增客户", "1", "昨天 0"]


def test_less_than_the_whole_of_yesterday_is_no_bad_news_yet() -> None:
    def word(number: int) -> str:
        return str(number)

    assert against(3, 9, word, whole_day=True) == ("昨天 9", "muted")
    assert against(3, 9, word, whole_day=False) == ("▼ 67%  昨天 9", "bad")
    assert against(100, 103, word, whole_day=False) == ("▼ 2.9%  昨天 103", "bad")
    assert against(90, 2, word, whole_day=True) == ("▲ 45 倍  昨天 2", "good")
    assert against(5, -3, word, whole_day=True) == ("昨天 -3", "muted")
    assert against(5, None, word, whole_day=True) == ("昨天没有", "muted")


def test_every_figure_opens_its_place(opened: Opened, shop: OpenedShop, context: PageContext) -> None:
    page = opened(PAGE)
    assert page.kpis is not None
    today = date(2026, 3, 16)
    for key, wanted in {
        "sales": ("summary", {"quick": "today"}),
        "bills": ("bills", {"first_date": today, "last_date": today}),
        "average": ("bills", {"first_date": today, "last_date": today}),
        "received": ("summary", {"quick": "today"}),
        "customers": ("customers", {}),
    }.items():
        card = page.kpis.cards[key]
        assert isinstance(card, Kpi)
        click(card)
        assert context.opened.pop() == wanted
    for label, wanted in zip(
        [part for part in parts(page.watch, ttk.Label) if part.cget("text") in ("挂单", "库存", "备份")],
        [("counter", {}), ("stock", {"low": True}), ("backup", {})],
        strict=True,
    ):
        click(label)
        assert context.opened.pop() == wanted


def test_a_bar_opens_the_bills_of_its_day(
    opened: Opened, shop: OpenedShop, context: PageContext, pump: Any
) -> None:
    tea = add_product(shop, stock=99)
    bill = sell(shop, (tea, 2))
    shop.clock.advance(days=2)
    line = bill_detail(shop.actor, sale_id=bill.sale_id).lines[0]
    return_goods(shop.actor, key=new_key(), sale_id=bill.sale_id, quantities={line.id: 1_000})
    page = opened(PAGE)
    assert page.chart is not None
    view = page.chart.view
    pump(lambda: view.picture() is not None)
    chart = page.chart.chart()
    assert chart is not None
    assert len(chart.categories) == 30
    assert list(chart.series[0].values)[-3:] == [2_000, 0, -1_000]
    picture = page.chart.view.picture()
    assert picture is not None
    y = picture.height // 2
    keys = [page.chart.view.key_at(x, y) for x in range(picture.width)]
    page.chart.view._label.event_generate("<Button-1>", x=keys.index("2026-03-16") + 2, y=y)
    page.widget.update()
    wanted = date(2026, 3, 16)
    assert context.opened == [("bills", {"first_date": wanted, "last_date": wanted})]


def test_due_reminders_are_done_and_put_off_from_here(
    opened: Opened, shop: OpenedShop, context: PageContext
) -> None:
    customer_id = add_customer(shop, name="李娜")
    remind(shop, "回访", customer_id=customer_id)
    remind(shop, "盘点", time(9, 40))
    page = opened(PAGE)
    assert page.reminders is not None
    assert "没有到时间的提醒。\n下一条：2026-03-16 09:30 回访 · 李娜" in texts(page.reminders)
    shop.clock.set(2026, 3, 16, 10)
    page.reload()
    words = texts(page.reminders)
    assert {"回访", "李娜 · 09:30", "盘点", "09:40"} <= set(words)
    press_button(page.reminders, "完成")
    assert [found.subject for found in due(shop.actor)] == ["盘点"]
    page.reload()
    click(next(part for part in parts(page.reminders, ttk.Label) if part.cget("text") == "盘点"))
    assert context.opened[-1][0] == "reminders"
    press_button(page.reminders, "添加")
    assert context.opened[-1] == ("reminders", {"add": True})


def test_a_thousand_due_reminders_do_not_fill_the_window(opened: Opened, shop: OpenedShop) -> None:
    for number in range(40):
        remind(shop, f"第{number}条")
    shop.clock.set(2026, 3, 16, 10)
    page = opened(PAGE)
    assert page.reminders is not None
    assert "还有 10 条……" in texts(page.reminders)


def test_things_to_keep_an_eye_on(opened: Opened, shop: OpenedShop, context: PageContext) -> None:
    tea = add_product(shop, stock=3, low_stock_milli=5_000)
    hold_cart(shop.actor, cart=cart_of(shop, (tea, 1)))
    page = opened(PAGE)
    watched = page.watch.texts()
    assert (watched["挂单"], watched["库存"]) == ("1 张", "1 种到了下限")


def test_a_clerk_sees_what_waits_for_him_and_no_figures(
    opened: Opened, shop: OpenedShop, context: PageContext
) -> None:
    context.actor = shop.as_role("收银员")
    page = opened(PAGE)
    assert page.kpis is None
    assert page.chart is None
    assert page.reminders is not None
    assert list(page.watch.texts()) == ["挂单"]


def test_somebody_without_any_right_gets_a_calm_page(
    opened: Opened, shop: OpenedShop, context: PageContext
) -> None:
    save_role(shop.actor, role_id=None, name="只看客户", scope=Scope.OWN, permissions=["customers.view"])
    context.actor = shop.as_role("只看客户")
    page = opened(PAGE)
    assert page.watch.texts() == {}
    assert "请从左边选择要做的事。" in texts(page.widget)
    assert not page.watch.winfo_ismapped()


def test_a_window_open_over_midnight_begins_a_new_day(opened: Opened, shop: OpenedShop) -> None:
    sell(shop, (add_product(shop, stock=9), 2))
    page = opened(PAGE)
    assert shown(page, "sales")[1] == "¥20.00"
    shop.clock.set(2026, 3, 17, 0, 1)
    page._look_for_a_new_day()
    assert shown(page, "sales") == ["今日销售额", "¥0.00", "昨天 ¥20.00"]
    assert "2026-03-17 星期二" in texts(page.head)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_chart_takes_the_colours_of_the_theme(
    opened: Opened, shop: OpenedShop, root: ttk.App, pump: Any, mode: str
) -> None:
    theme.set_mode(root, mode)  # type: ignore[arg-type]
    sell(shop, (add_product(shop, stock=9), 2))
    page = opened(PAGE)
    assert page.chart is not None
    view = page.chart.view
    pump(lambda: view.picture() is not None)
    picture = view.picture()
    assert picture is not None
    ground = theme.palette(root).background
    assert ImageColor.getrgb(ground) == picture.convert("RGB").getpixel((1, 1))
