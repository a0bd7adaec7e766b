"""The owner reads the reports: every figure is right, and every picture leads to its rows."""

import tkinter as tk
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import ttkbootstrap as ttk

from meiping.domains.access.service import add_company, save_role
from meiping.domains.customers.conditions import Condition, Operator
from meiping.domains.customers.queries import CustomerFilter, customer_list
from meiping.domains.customers.rules import NOT_FILLED
from meiping.domains.reports.queries import summary
from meiping.domains.reports.rules import Period, Quick, Unit
from meiping.domains.settings.queries import levels, words
from meiping.kernel.actor import Scope
from meiping.ui import list_output
from meiping.ui.pages.counter.bills_page import PAGE as BILLS
from meiping.ui.pages.customers.customer_list_page import CustomerListPage
from meiping.ui.pages.reports.composition_page import PAGE as COMPOSITION
from meiping.ui.pages.reports.composition_page import CompositionPage
from meiping.ui.pages.reports.report import ReportPage
from meiping.ui.pages.reports.summary_page import MOST_BARS
from meiping.ui.pages.reports.summary_page import PAGE as SUMMARY
from tests.factories import add_customer, add_product, sell
from tests.shop import OpenedShop
from tests.windows import PageContext, parts, texts

Press = Callable[..., None]


@pytest.fixture
def traded(shop: OpenedShop) -> OpenedShop:
    """Bills on 2025-12-31, 2026-02-28 and twice on 2026-03-16, at ¥10 a piece."""
    shop.clock.set(2025, 12, 30)
    tea = add_product(shop, stock=99, cost_fen=400)
    for day, pieces in (((2025, 12, 31), 1), ((2026, 2, 28), 2), ((2026, 3, 16), 3), ((2026, 3, 16), 4)):
        shop.clock.set(*day)
        sell(shop, (tea, pieces))
    return shop


def rows(page: ReportPage) -> list[tuple[str, int, int]]:
    page.list.draw_now()
    return [(row["label"], row["bills"], row["net_fen"]) for row in page.list.visible_rows()]


def press_word(page: ReportPage, word: str) -> None:
    kinds: list[Any] = [*parts(page.widget, ttk.Radiobutton), *parts(page.widget, ttk.Button)]
    next(b for b in kinds if b.cget("text") == word).invoke()
    page.widget.update()


def bars(page: ReportPage) -> dict[str, int]:
    chart = page.chart.chart()
    assert chart is not None
    return {key: int(value or 0) for key, value in zip(chart.keys, chart.series[0].values, strict=True)}


# ------------------------------------------------------------------ the summary
def test_this_month_is_shown_first_with_every_day_in_the_chart(opened: Any, traded: OpenedShop) -> None:
    page = opened(SUMMARY)
    assert rows(page) == [("2026-03-16", 2, 7_000)]
    assert bars(page) == {f"2026-03-{day:02d}": 7_000 if day == 16 else 0 for day in range(1, 17)}
    assert "2026-03-01 至 2026-03-16 · 1 行" in texts(page.widget)


def test_usual_periods_are_one_press_away(opened: Any, traded: OpenedShop) -> None:
    page = opened(SUMMARY)
    for word, wanted in {
        "今天": ["2026-03-16"],
        "昨天": [],
        "上月": ["2026-02-28"],
        "本年": ["2026-03-16", "2026-02-28"],
        "近30天": ["2026-03-16", "2026-02-28"],
        "全部": ["2026-03-16", "2026-02-28", "2025-12-31"],
    }.items():
        press_word(page, word)
        assert [label for label, _, _ in rows(page)] == wanted, word


def test_any_days_can_be_typed(
    opened: Any, traded: OpenedShop, write: Callable[[tk.Misc, str], None], press: Press
) -> None:
    page = opened(SUMMARY)
    write(page.periods.first.entry, "20251231")
    write(page.periods.last.entry, "26-2-28")
    press(page.periods.last.entry, "<Return>")
    assert [label for label, _, _ in rows(page)] == ["2026-02-28", "2025-12-31"]
    assert page.periods.quick is None


@pytest.mark.parametrize(("typed", "told"), [("32.13.", "看不懂"), ("2026-01-01", "不能晚于")])
def test_a_wrong_date_is_told_and_the_figures_stay(
    opened: Any,
    traded: OpenedShop,
    write: Callable[[tk.Misc, str], None],
    press: Press,
    typed: str,
    told: str,
) -> None:
    page = opened(SUMMARY)
    write(page.periods.last.entry, typed)
    press(page.periods.last.entry, "<Return>")
    assert any(told in word for word in texts(page.periods))
    assert rows(page) == [("2026-03-16", 2, 7_000)]
    press_word(page, "全部")
    assert not any(told in word for word in texts(page.periods))


def test_a_year_opens_its_months_a_month_its_days_a_day_its_bills(
    opened: Any, traded: OpenedShop, context: PageContext, press: Press
) -> None:
    page = opened(SUMMARY)
    page.boxes["by"].set_value(Unit.YEAR.key)
    page.periods.choose(Quick.ALL)
    assert rows(page) == [("2026", 3, 9_000), ("2025", 1, 1_000)]
    page.list.select_id("2026")
    press(page.list.tree, "<Return>")
    page.open(**context.opened.pop()[1])
    assert rows(page) == [("2026-03", 2, 7_000), ("2026-02", 1, 2_000)]
    assert list(bars(page)) == ["2026-01", "2026-02", "2026-03"]
    page._picked("2026-02")
    page.open(**context.opened.pop()[1])
    assert rows(page) == [("2026-02-28", 1, 2_000)]
    assert len(bars(page)) == 28
    page._picked("2026-02-28")
    day = date(2026, 2, 28)
    assert context.opened == [("bills", {"first_date": day, "last_date": day})]


def test_the_bills_of_a_day_are_the_ones_counted(opened: Any, traded: OpenedShop) -> None:
    page = opened(BILLS)
    for day, count in ((date(2026, 3, 16), 2), (date(2026, 2, 28), 1), (date(2026, 3, 1), 0)):
        page.open(first_date=day, last_date=day)
        assert page.list.count == count
        assert day.isoformat() in [box.get() for box in parts(page.widget, ttk.Combobox)]


def test_an_empty_period_says_so_and_offers_the_way_out(
    opened: Any, traded: OpenedShop, context: PageContext, shop: OpenedShop
) -> None:
    page = opened(SUMMARY)
    press_word(page, "昨天")
    assert "这段时间没有业务。收银、充值、收款以后，这里显示每天的销售额。" in texts(page.chart)
    press_word(page, "看全部日期")
    assert len(rows(page)) == 3


def test_an_empty_shop_says_what_will_stand_there(opened: Any, context: PageContext) -> None:
    page = opened(SUMMARY)
    press_word(page, "全部")
    assert [str(button.cget("text")) for button in parts(page.chart, ttk.Button)] == ["去收银"]
    press_word(page, "去收银")
    assert context.opened == [("counter", {})]


def test_a_workbook_holds_the_same_figures(
    opened: Any, traded: OpenedShop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, context: PageContext
) -> None:
    path = tmp_path / "汇总.xlsx"
    monkeypatch.setattr(list_output, "choose_save_file", lambda *_: path)
    page = opened(SUMMARY)
    press_word(page, "全部")
    page.export()
    sheet: Any = openpyxl.load_workbook(path).active
    cells = [list(row) for row in sheet.values]
    wanted = summary(traded.actor, Period())
    titles = next(row for row in cells if "日期" in row)
    net = titles.index("净销售额")
    figures = [row for row in cells if str(row[0])[:2] == "20" and row[net] is not None]
    assert [row[0].date() for row in figures] == [row["first"] for row in wanted.rows]
    assert [round(row[net] * 100) for row in figures] == [row["net_fen"] for row in wanted.rows]
    charts: Any = openpyxl.load_workbook(path)["图表"]
    assert len(charts._images) == 1
    total = next(row for row in cells if row[0] == "合计")
    assert round(total[net] * 100) == wanted.totals["net_fen"] == 10_000
    assert "汇总.xlsx" in context.told()


def test_selected_rows_alone_are_exported_and_printed(
    opened: Any, traded: OpenedShop, press: Press, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path, shown = tmp_path / "选中.xlsx", list[Path]()
    monkeypatch.setattr(list_output, "choose_save_file", lambda *_: path)
    monkeypatch.setattr(list_output, "open_in_system", shown.append)
    page = opened(SUMMARY)
    press_word(page, "全部")
    press(page.list.tree, "<Control-a>")
    assert [word for word, _ in page._menu(page.table.rows[0])] == [
        "查看更细的数字",
        "导出选中的 3 行",
        "打印选中的 3 行",
    ]
    page.list.select_id("2026-02-28")
    assert len(page._menu(page.table.rows[0])) == 1
    page.export(selected=True)
    book = openpyxl.load_workbook(path)
    cells = [list(row) for row in book.worksheets[0].values]
    assert [row[0].date() for row in cells if isinstance(row[0], datetime)] == [date(2026, 2, 28)]
    assert cells[1][0] == "全部日期 按日，选中的 1 行"
    assert book.sheetnames == ["汇总统计"], "a chart of all rows would tell something else"
    page.print(selected=True)
    assert shown[0].read_bytes().startswith(b"%PDF")


def test_it_is_printed_with_its_period(
    opened: Any, traded: OpenedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(list_output, "open_in_system", shown.append)
    page = opened(SUMMARY)
    page.print()
    assert shown[0].read_bytes().startswith(b"%PDF")


def test_without_the_rights_neither_cost_nor_export(
    opened: Any, traded: OpenedShop, context: PageContext
) -> None:
    save_role(traded.actor, role_id=None, name="看报表", scope=Scope.COMPANY, permissions=["reports.view"])
    context.actor = traded.as_role("看报表")
    page = opened(SUMMARY)
    assert {"成本", "毛利", "毛利率"}.isdisjoint(column.title for column in page.list.visible_columns())
    assert {"导出", "打印"}.isdisjoint(texts(page.head))
    page._picked("2026-03-16")
    assert context.opened == []


def test_one_company_or_all(opened: Any, traded: OpenedShop) -> None:
    page = opened(SUMMARY)
    assert "公司" not in texts(page.widget)
    branch = add_company(traded.actor, name="东街分店")
    page.widget.destroy()
    page = opened(SUMMARY)
    page.periods.choose(Quick.ALL)
    assert len(rows(page)) == 3
    page.boxes["company_id"].set_value(branch)
    assert rows(page) == []


def test_a_new_bill_keeps_the_place_in_a_long_table(opened: Any, shop: OpenedShop) -> None:
    tea = add_product(shop, stock=999)
    shop.clock.set(2025, 9, 1)
    for _ in range(60):
        sell(shop, (tea, 1))
        shop.clock.advance(days=1)
    page = opened(SUMMARY)
    page.periods.choose(Quick.ALL)
    page.list.select_id("2025-09-10")
    page.widget.update()
    first = page.list.first
    sell(shop, (tea, 5))
    page.reload()
    page.widget.update()
    assert page.list.selected_rows()[0]["label"] == "2025-09-10"
    assert page.list.first == first > 0
    assert page.list.count == 61


def test_years_of_days_stay_readable(opened: Any, shop: OpenedShop, pump: Any) -> None:
    tea = add_product(shop, stock=999)
    shop.clock.set(2023, 1, 1)
    for _ in range(30):
        sell(shop, (tea, 1))
        shop.clock.advance(days=40)
    page = opened(SUMMARY)
    page.periods.choose(Quick.ALL)
    assert len(bars(page)) == 30 < MOST_BARS, "empty days are left out of so long a time"
    pump(lambda: page.chart.view.picture() is not None)


# ------------------------------------------------------------------ the composition
def test_levels_and_sources_add_up_and_a_click_opens_them(
    opened: Any, shop: OpenedShop, context: PageContext, pump: Any, root: ttk.App
) -> None:
    gold = next(level.id for level in levels() if level.name == "金卡")
    source = next(word.id for word in words("customer_source") if word.name == "微信")
    for _ in range(3):
        add_customer(shop, level_id=gold, source_id=source)
    add_customer(shop)
    page: CompositionPage = opened(COMPOSITION)
    assert "共 4 位客户" in texts(page.head)
    level_chart, source_chart = page.charts[0].chart(), page.charts[1].chart()
    assert level_chart is not None
    assert source_chart is not None
    assert dict(zip(level_chart.categories, level_chart.series[0].values, strict=True)) == {
        "金卡": 3,
        "未填写": 1,
    }
    assert list(source_chart.categories) == ["微信", "未填写"]
    view = page.charts[0].view
    pump(lambda: view.picture() is not None)
    picture = view.picture()
    assert picture is not None
    spots = [(x, y) for x in range(0, picture.width, 4) for y in range(0, picture.height, 4)]
    for level_id, count in ((gold, 3), (NOT_FILLED, 1)):
        x, y = next(spot for spot in spots if view.key_at(*spot) == str(level_id))
        view._label.event_generate("<Button-1>", x=x, y=y)
        page.widget.update()
        asked: Any = context.opened.pop()
        wanted = (Condition("level", Operator.ONE_OF, (level_id,)),)
        assert (asked[0], asked[1]["conditions"]) == ("customers", wanted)
        there = CustomerListPage(tk.Toplevel(root), context)
        there.open(**asked[1])
        assert there.list.count == count
        there.widget.winfo_toplevel().destroy()


def test_growth_shows_months_without_a_new_customer_too(opened: Any, shop: OpenedShop) -> None:
    add_customer(shop, created_date=date(2025, 11, 3))
    add_customer(shop)
    page: CompositionPage = opened(COMPOSITION)
    chart = page.growth.chart()
    assert chart is not None
    assert list(zip(chart.categories, chart.series[0].values, strict=True)) == [
        ("2025-11", 1),
        ("2025-12", 0),
        ("2026-01", 0),
        ("2026-02", 0),
        ("2026-03", 1),
    ]


def test_any_two_ways_of_counting_stand_side_by_side(
    opened: Any, shop: OpenedShop, context: PageContext
) -> None:
    region = words("region")[0]
    add_customer(shop, region_id=region.id, gender="女")
    add_customer(shop)
    page: CompositionPage = opened(COMPOSITION)
    for by, names in (
        ("region", [region.name, "未填写"]),
        ("gender", ["未填写", "女"]),
        ("owner", ["未填写"]),
    ):
        page.choosers[0].set_value(by)
        chart = page.charts[0].chart()
        assert chart is not None
        assert sorted(chart.categories) == sorted(names)
        for place, count in enumerate(chart.series[0].values):
            page._open_part(0, chart.key(place))
            found = CustomerFilter(conditions=context.opened.pop()[1]["conditions"])
            assert customer_list(shop.actor, found).count() == count
    page._open_month("2026-03")
    found = CustomerFilter(conditions=context.opened.pop()[1]["conditions"])
    assert customer_list(shop.actor, found).count() == 2


def test_no_customers_yet_leads_to_the_first(opened: Any, context: PageContext) -> None:
    page: CompositionPage = opened(COMPOSITION)
    assert "有了客户以后，这里显示各个等级各有多少位。" in texts(page.charts[0])
    next(b for b in parts(page.charts[0], ttk.Button) if b.cget("text") == "去新增客户").invoke()
    assert context.opened == [("customers", {})]


# ------------------------------------------------------------------ every report
def test_figures_stand_against_the_period_before(opened: Any, traded: OpenedShop) -> None:
    page = opened(SUMMARY)
    page.open(first=date(2026, 3, 1), last=date(2026, 3, 31))
    assert {"¥70.00", "上期 ¥20.00  ▲250.0%"} <= set(texts(page.kpis.cards["net_fen"]))


def test_what_is_asked_is_kept_under_a_name(opened: Any, traded: OpenedShop, context: PageContext) -> None:
    page = opened(SUMMARY)
    page.boxes["by"].set_value(Unit.MONTH.key)
    press_word(page, "本年")
    dialog = page.saved.ask_name()
    dialog.form.set_values({"name": "按月看今年"})
    dialog.submit()
    press_word(page, "今天")
    page.boxes["by"].set_value(Unit.DAY.key)
    dict(page.saved.entries())["按月看今年"]()
    assert [label for label, _, _ in rows(page)] == ["2026-03", "2026-02"]
    traded.clock.set(2027, 1, 5)
    page.saved.entries()[0][1]()
    assert rows(page) == [], "this year has moved on"
