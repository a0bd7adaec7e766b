"""The owner opens the program in the morning and sees where things stand."""

import tkinter as tk
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import ttkbootstrap as ttk
from PIL import Image, ImageColor

from meiping.domains.access.service import save_role
from meiping.domains.audit.models import Operation
from meiping.domains.customers.conditions import Condition, Operator, chosen
from meiping.domains.desk.trade import busy_hours
from meiping.domains.reminders.queries import due
from meiping.domains.reminders.rules import ReminderInput
from meiping.domains.reminders.service import add_reminder
from meiping.domains.sales.carts import hold_cart
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.kernel.actor import Scope
from meiping.store.database import fetch_value
from meiping.ui import list_output, theme
from meiping.ui.colours import Mode
from meiping.ui.pages.counter import bills_page as bills_page_module
from meiping.ui.pages.reports import chart_panel
from meiping.ui.pages.reports.desk_cards import against
from meiping.ui.pages.reports.desk_page import PAGE, DeskPage
from meiping.ui.pages.reports.product_report_page import PAGE as PRODUCTS
from meiping.ui.widgets.cards import Kpi
from tests.domains.renewals.serving import add_machine
from tests.domains.support.casing import take
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
    assert shown(page, "net_fen") == ["今日销售额", "¥0.00", "昨天 ¥0.00"]
    assert shown(page, "average_fen") == ["客单价", "—", "昨天没有"]
    assert page.chart is not None
    words = texts(page.chart)
    assert "近 30 天还没有业务。收银以后，这里显示每天的销售额。" in words
    press_button(page.chart, "去收银")
    assert context.opened == [("counter", {})]
    assert page.watch.texts() == {
        "挂单": "没有",
        "今日回访": "没有",
        "近 7 天生日": "没有",
        "逾期欠款": "没有",
        "库存": "都够",
        "我的任务": "没有",
        "备份": "还没有备份",
    }
    assert page.kpis is not None
    assert page.kpis.tenders() == "今天还没有收款"
    assert page.hours is not None
    assert "有了业务以后，这里显示近 8 周每个钟点有多少张单。" in texts(page.hours)


def test_figures_of_today_against_yesterday(opened: Opened, shop: OpenedShop) -> None:
    tea = add_product(shop, stock=99)
    sell(shop, (tea, 2))
    shop.clock.advance(days=1)
    sell(shop, (tea, 2))
    sell(shop, (tea, 3))
    add_customer(shop)
    page = opened(PAGE)
    assert shown(page, "net_fen") == ["今日销售额", "¥50.00", "昨天 ¥20.00\n▲ 150%"]
    assert shown(page, "bills") == ["今日单数", "2", "昨天 1\n▲ 100%"]
    assert shown(page, "average_fen") == ["客单价", "¥25.00", "昨天 ¥20.00\n▲ 25%"]
    assert shown(page, "received_fen") == ["今日实收", "¥50.00", "昨天 ¥20.00\n▲ 150%"]
    assert shown(page, "new") == ["今日新增客户", "1", "昨天 0"]


def test_the_bills_behind_the_figure_are_as_many_as_it_says(
    opened: Opened, shop: OpenedShop, context: PageContext
) -> None:
    tea = add_product(shop, stock=99)
    sell(shop, (tea, 1))
    shop.clock.advance(days=1)
    sold = [sell(shop, (tea, 2)), sell(shop, (tea, 3))]
    (line,) = bill_detail(shop.actor, sale_id=sold[0].sale_id).lines
    return_goods(shop.actor, key=new_key(), sale_id=sold[0].sale_id, quantities={line.id: 2_000})
    page = opened(PAGE)
    assert page.kpis is not None
    assert shown(page, "bills")[1] == "2"
    click(page.kpis.cards["bills"])
    bills_page: Any = opened(bills_page_module.PAGE)
    bills_page.narrow("没有这张单", kind="return")
    bills_page.open(**context.opened.pop()[1])
    bills_page.widget.update()
    assert bills_page.list.count == 2
    assert {row["kind"] for row in bills_page.list.visible_rows()} == {"销售"}
    assert "2026-03-17 卖出" in bills_page._subtitle(bills_page.asked())
    bills_page.narrow("", period="today")
    assert bills_page.list.count == 3


def test_what_came_in_today_opens_the_tenders_of_today(
    opened: Opened, shop: OpenedShop, context: PageContext
) -> None:
    page = opened(PAGE)
    assert page.kpis is not None
    click(next(one for one in parts(page.kpis, ttk.Label) if one.cget("text") == page.kpis.tenders()))
    asked = {"quick": "today", "by": "day", "company_id": None, "person_id": None}
    assert context.opened == [("tenders", asked)]


def test_less_than_the_whole_of_yesterday_is_no_bad_news_yet() -> None:
    def word(number: int) -> str:
        return str(number)

    assert against(3, 9, word, whole_day=True) == ("昨天 9", "muted")
    assert against(3, 9, word, whole_day=False) == ("昨天 9  ▼ 67%", "bad")
    assert against(100, 103, word, whole_day=False) == ("昨天 103  ▼ 2.9%", "bad")
    assert against(90, 2, word, whole_day=True) == ("昨天 2  ▲ 45 倍", "good")
    assert against(5, -3, word, whole_day=True) == ("昨天 -3", "muted")
    assert against(5, None, word, whole_day=True) == ("昨天没有", "muted")


def test_every_figure_opens_its_place(opened: Opened, shop: OpenedShop, context: PageContext) -> None:
    page = opened(PAGE)
    assert page.kpis is not None
    today = date(2026, 3, 16)
    everybody = dict.fromkeys(("level_id", "source_id", "owner_id", "status_id"))
    summary = ("summary", {"quick": "today", "by": "day", "company_id": None})
    new = Condition("created_date", Operator.BETWEEN, (today, today))
    for key, wanted in {
        "net_fen": summary,
        "bills": ("bills", {"first_date": today, "last_date": today, "sold": True}),
        "average_fen": summary,
        "profit_fen": summary,
        "received_fen": summary,
        "new": ("customers", {**everybody, "conditions": (new,)}),
        "returning": ("customers", {**everybody, "conditions": (chosen("今天回头的客户", ()),)}),
    }.items():
        card = page.kpis.cards[key]
        assert isinstance(card, Kpi)
        click(card)
        assert context.opened.pop() == wanted
    opens = {
        "挂单": ("counter", {}),
        "今日回访": ("visits", {"text": ""}),
        "近 7 天生日": ("customers", {**everybody, "conditions": (chosen("近 7 天生日", ()),)}),
        "逾期欠款": ("debtors", {"late": "1"}),
        "库存": ("stock", {"low": True, "company": shop.company_id}),
        "备份": ("backup", {}),
    }
    labels = [part for part in parts(page.watch, ttk.Label) if part.cget("text") in opens]
    assert len(labels) == len(opens)
    for label in labels:
        click(label)
        assert context.opened.pop() == opens[label.cget("text")]


def test_services_that_end_stand_on_the_desk_and_open_their_list(
    opened: Opened, shop: OpenedShop, context: PageContext
) -> None:
    machine = add_machine(shop)
    for year in (2024, 2025):
        shop.clock.set(year, 3, 20)
        sell(shop, (machine, 1), customer_id=add_customer(shop))
    shop.clock.set(2026, 3, 16)
    page = opened(PAGE)
    words = [str(part.cget("text")) for part in parts(page.watch, ttk.Label)]
    assert "已过期 1 项，即将到期 1 项" in words
    click(next(part for part in parts(page.watch, ttk.Label) if part.cget("text") == "服务到期"))
    assert context.opened == [("service_terms", {"state": "waiting"})]


def test_open_service_cases_stand_on_the_desk_ones_own_first(
    opened: Opened, shop: OpenedShop, context: PageContext
) -> None:
    wang = add_customer(shop)
    today = shop.actor.today()
    take(shop, wang)
    page = opened(PAGE)
    assert page.watch.texts()["服务单"] == "1 张未完成"
    take(shop, wang, to=shop.actor.operator_id, due_date=today)
    shop.clock.advance(days=1)
    page.reload()
    assert page.watch.texts()["服务单"] == "等我处理 1 张，逾期 1 张"
    click(next(part for part in parts(page.watch, ttk.Label) if part.cget("text") == "服务单"))
    assert context.opened == [("cases", {"state": "mine"})]


def test_today_can_be_held_against_other_days_and_the_choice_stays(opened: Opened, shop: OpenedShop) -> None:
    tea = add_product(shop, stock=99)
    shop.clock.set(2026, 3, 9)
    sell(shop, (tea, 1))
    shop.clock.set(2026, 3, 16)
    sell(shop, (tea, 3), customer_id=add_customer(shop))
    page = opened(PAGE)
    assert shown(page, "net_fen")[2] == "昨天 ¥0.00"
    dict(page.comparisons())["比上周同日"]()
    assert shown(page, "net_fen") == ["今日销售额", "¥30.00", "上周同日 ¥10.00\n▲ 200%"]
    assert shown(page, "profit_fen") == ["今日毛利", "¥21.00", "上周同日 ¥7.00\n▲ 200%"]
    assert page.kpis is not None
    assert page.kpis.tenders() == "今日收款：现金 ¥30.00"
    page.widget.destroy()
    again = opened(PAGE)
    assert shown(again, "net_fen")[2] == "上周同日 ¥10.00\n▲ 200%"


def test_what_today_is_held_against_opens_the_rows_of_that_day(
    opened: Opened, shop: OpenedShop, context: PageContext
) -> None:
    tea, regular = add_product(shop, stock=99), add_customer(shop)
    for number in (8, 9):
        shop.clock.set(2026, 3, number)
        sell(shop, (tea, 1), customer_id=regular)
    shop.clock.set(2026, 3, 16)
    page = opened(PAGE)
    assert page.kpis is not None
    page.compare("week")
    day = date(2026, 3, 9)
    sold = ("bills", {"first_date": day, "last_date": day, "sold": True})
    summary = ("summary", {"first": day, "last": day, "by": "day", "company_id": None})
    for key, wanted in {
        "net_fen": summary,
        "bills": sold,
        "profit_fen": summary,
        "received_fen": summary,
    }.items():
        click(parts(page.kpis.cards[key], ttk.Label)[-1])
        assert context.opened == [wanted]
        context.opened.clear()
    remark = parts(page.kpis.cards["returning"], ttk.Label)[-1]
    remark.focus_set()
    remark.event_generate("<Return>")
    ((key, values),) = context.opened
    assert (key, values["conditions"]) == ("customers", (chosen("上周同日回头的客户", (regular,)),))
    context.opened.clear()
    click(parts(page.kpis.cards["new"], ttk.Label)[-1])
    created = Condition("created_date", Operator.BETWEEN, (day, day))
    assert context.opened[0][1]["conditions"] == (created,)


def test_best_goods_open_what_was_sold_of_them_and_unsold_ones_their_stock(
    opened: Opened, shop: OpenedShop, context: PageContext
) -> None:
    tea, dust = add_product(shop, stock=99, name="龙井"), add_product(shop, stock=5, name="旧日历")
    shop.clock.advance(days=40)
    sell(shop, (tea, 3))
    page = opened(PAGE)
    assert page.goods is not None
    words = texts(page.goods)
    assert {"龙井", "¥30.00", "旧日历", "5个 · 没有卖过"} <= set(words)
    click(next(part for part in parts(page.goods, ttk.Label) if part.cget("text") == "旧日历"))
    code = fetch_value("SELECT code FROM product WHERE id = ?", dust)
    assert context.opened.pop() == ("stock", {"text": code, "company": shop.company_id, "low": False})
    click(next(part for part in parts(page.goods, ttk.Label) if part.cget("text") == "龙井"))
    key, values = context.opened.pop()
    report: Any = opened(PRODUCTS)
    report.open(**values)
    assert key == "product_report"
    assert [(row["name"], row["net_fen"]) for row in report.table.rows] == [("龙井", 3_000)]


def test_a_cell_of_the_hours_opens_what_was_sold_in_it(
    opened: Opened, shop: OpenedShop, context: PageContext, pump: Any
) -> None:
    goods = add_product(shop, stock=99)
    for day, hour, count in ((16, 14, 2), (16, 9, 1), (17, 14, 1)):
        for _ in range(count):
            shop.clock.set(2026, 3, day, hour, 30)
            sell(shop, (goods, 1))
    shop.clock.set(2026, 3, 20, 9)
    page = opened(PAGE)
    assert page.hours is not None
    view = page.hours.view
    pump(lambda: view.picture() is not None)
    cells = {view.key_at(x, y) for x in range(0, 400, 4) for y in range(0, 250, 4)}
    assert "周一/14" in cells
    page._open_hour("周一/14")
    ((key, arguments),) = context.opened
    assert key == "bills"
    bills_page: Any = opened(bills_page_module.PAGE)
    bills_page.open(**arguments)
    assert bills_page.list.count == busy_hours(shop.actor)[0, 14] == 2
    assert {row["kind"] for row in bills_page.list.visible_rows()} == {"销售"}
    assert "周一 14 点" in bills_page._subtitle(bills_page.asked())


def test_the_hours_are_drawn_by_weekday(opened: Opened, shop: OpenedShop, pump: Any) -> None:
    tea = add_product(shop, stock=99)
    for hour in (9, 9, 12):
        shop.clock.set(2026, 3, 14, hour)
        sell(shop, (tea, 1))
    shop.clock.set(2026, 3, 16)
    page = opened(PAGE)
    assert page.hours is not None
    view = page.hours.view
    pump(lambda: view.picture() is not None)
    chart = page.hours.chart()
    assert chart is not None
    assert list(chart.categories) == ["9点", "10点", "11点", "12点"]
    assert {one.name: list(one.values) for one in chart.series}["周六"] == [2, 0, 0, 1]


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
    assert list(page.watch.texts()) == ["挂单", "今日回访", "近 7 天生日", "逾期欠款", "我的任务"]


def test_somebody_without_any_right_gets_a_calm_page(
    opened: Opened, shop: OpenedShop, context: PageContext
) -> None:
    save_role(shop.actor, role_id=None, name="只看商品", scope=Scope.OWN, permissions=["products.view"])
    context.actor = shop.as_role("只看商品")
    page = opened(PAGE)
    assert page.watch.texts() == {}
    assert "请从左边选择要做的事。" in texts(page.widget)
    assert not page.watch.winfo_ismapped()


def test_a_window_open_over_midnight_begins_a_new_day(opened: Opened, shop: OpenedShop) -> None:
    sell(shop, (add_product(shop, stock=9), 2))
    page = opened(PAGE)
    assert shown(page, "net_fen")[1] == "¥20.00"
    shop.clock.set(2026, 3, 17, 0, 1)
    page._look_for_a_new_day()
    assert shown(page, "net_fen") == ["今日销售额", "¥0.00", "昨天 ¥20.00"]
    assert "2026-03-17 星期二" in texts(page.head)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_chart_takes_the_colours_of_the_theme(
    opened: Opened, shop: OpenedShop, root: ttk.App, pump: Any, mode: Mode
) -> None:
    theme.set_mode(root, mode)
    sell(shop, (add_product(shop, stock=9), 2))
    page = opened(PAGE)
    assert page.chart is not None
    view = page.chart.view
    pump(lambda: view.picture() is not None)
    picture = view.picture()
    assert picture is not None
    ground = theme.palette(root).background
    assert ImageColor.getrgb(ground) == picture.convert("RGB").getpixel((1, 1))


def test_a_chart_is_copied_and_printed_by_who_may_export(
    opened: Opened, shop: OpenedShop, context: PageContext, pump: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[bytes] = []
    printed: list[Any] = []
    monkeypatch.setattr(chart_panel, "to_clipboard", copied.append)
    monkeypatch.setattr(list_output, "open_in_system", printed.append)
    sell(shop, (add_product(shop, stock=9), 2))
    page = opened(PAGE)
    assert page.chart is not None
    view = page.chart.view
    pump(lambda: view.picture() is not None)
    offered = dict(view.menu_entries())
    assert list(offered) == ["保存图片……", "复制图片", "打印…"]
    page.chart.copy()
    page.chart.print()
    assert copied[0].startswith(b"\x89PNG")
    assert printed[0].read_bytes().startswith(b"%PDF")
    written = [row.summary for row in Operation.select().where(Operation.action == "export")]
    assert written == ["导出或打印“图表：近 30 天卖了多少？”，30 行"] * 2
    permissions = ["reports.view"]
    save_role(shop.actor, role_id=None, name="只看报表", scope=Scope.ALL, permissions=permissions)
    context.actor = shop.as_role("只看报表")
    assert view.menu_entries() == []


def test_a_chart_is_saved_and_that_is_written_down(
    opened: Opened,
    shop: OpenedShop,
    context: PageContext,
    pump: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "销售.png"
    monkeypatch.setattr(chart_panel, "choose_save_file", lambda *_: path)
    sell(shop, (add_product(shop, stock=9), 2))
    page = opened(PAGE)
    assert page.chart is not None
    view = page.chart.view
    pump(lambda: view.picture() is not None)
    offered: Any = dict(view.menu_entries())
    offered["保存图片……"]()
    pump(lambda: "已保存" in context.told())
    with Image.open(path) as saved:
        assert saved.size == (1600, 900), (
            "as sharp as the one that is copied, however small the one on screen"
        )
    written = [row.summary for row in Operation.select().where(Operation.action == "export")]
    assert len(written) == 1
