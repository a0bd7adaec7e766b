"""The reports over sales on screen: each figure leads to its bills, a bill is returned from its report."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import ttkbootstrap as ttk

from meiping.domains.access.service import add_company, save_role
from meiping.domains.reports.queries import bill_report, targets_of
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.kernel.actor import Scope
from meiping.ui import list_output
from meiping.ui.bills.return_dialog import ReturnDialog
from meiping.ui.page_list import PAGES
from meiping.ui.pages.reports.ageing_page import PAGE as AGEING
from meiping.ui.pages.reports.bill_report_page import PAGE as BILLS
from meiping.ui.pages.reports.customer_report_page import PAGE as CUSTOMERS
from meiping.ui.pages.reports.people_report_page import PAGE as PEOPLE
from meiping.ui.pages.reports.people_report_page import targets_dialog
from meiping.ui.pages.reports.product_report_page import PAGE as PRODUCTS
from meiping.ui.pages.reports.report import ReportPage
from meiping.ui.pages.reports.stock_flow_page import PAGE as STOCK
from meiping.ui.pages.reports.stored_page import PAGE as STORED
from meiping.ui.pages.reports.tenders_page import PAGE as TENDERS
from tests.factories import add_customer, add_product, cart_of, new_key, recharge, sell
from tests.shop import OpenedShop
from tests.windows import PageContext, parts, texts

ALL = (BILLS, PRODUCTS, CUSTOMERS, PEOPLE, TENDERS, STORED, AGEING, STOCK)


@pytest.fixture
def traded(shop: OpenedShop) -> OpenedShop:
    """Tea and cups sold to 钱多多, partly on credit, and to a stranger; stored value recharged."""
    who = add_customer(shop, name="钱多多", credit_yuan=500)
    tea = add_product(shop, stock=99, cost_fen=400, name="龙井", brand="老树")
    cup = add_product(shop, stock=99, cost_fen=100, name="杯子")
    recharge(shop, who, 9_000, 500)
    sell(shop, (tea, 2))
    cart = cart_of(shop, (tea, 1), (cup, 3), customer_id=who, salesperson_id=shop.actor.operator_id)
    checkout(shop.actor, cart=cart, payments=[Payment("credit", 1_500), Payment("wechat", 2_500)])
    return shop


def names(page: ReportPage, key: str = "name") -> list[str]:
    page.list.draw_now()
    return [row[key] for row in page.list.visible_rows()]


def press(page: ReportPage, word: str) -> None:
    next(b for b in parts(page.widget, ttk.Button) if word in str(b.cget("text"))).invoke()
    page.widget.update()


@pytest.mark.parametrize("parts_of_page", ALL, ids=[page.help[:6] for page in ALL])
def test_each_is_right_with_nothing_and_with_little(
    opened: Any, shop: OpenedShop, parts_of_page: Any, context: PageContext
) -> None:
    page = opened(parts_of_page)
    assert page.list.count == 0
    assert page.spec.empty in (*texts(page.widget), *texts(page.chart)) or page.spec.chart is None
    page.widget.destroy()
    sell(shop, (add_product(shop, stock=5), 1))
    page = opened(parts_of_page)
    assert page.list.count == len(page.table.window(0, 99, None))


def test_products_lead_to_their_bills(opened: Any, traded: OpenedShop, context: PageContext) -> None:
    page = opened(PRODUCTS)
    assert names(page) == ["杯子", "龙井"]
    page._open_row(page.table.rows[1])
    asked: Any = context.opened.pop()
    assert asked[0] == "bill_report"
    page.widget.destroy()
    bills = opened(BILLS)
    bills.open(**asked[1])
    assert bills.list.count == 2
    assert any("只看 商品 龙井" in word for word in texts(bills.widget))
    press(bills, "只看 商品")
    assert not any("只看" in word for word in texts(bills.widget))
    bills.open(quick="today", product_id=page.table.rows[0]["id"])
    assert bills.list.count == 1
    bills.open(quick="today")
    assert bills.list.count == 2, "who comes for all bills sees all"


def test_brands_and_categories_lead_to_their_products(
    opened: Any, traded: OpenedShop, context: PageContext
) -> None:
    page = opened(PRODUCTS)
    page.boxes["by"].set_value("brand")
    assert sorted(names(page)) == ["没有品牌", "老树"]
    page._open_row(next(row for row in page.table.rows if row["id"] == "老树"))
    page.open(**context.opened.pop()[1])
    assert names(page) == ["龙井"]


def test_customers_and_salespersons_lead_to_their_bills(
    opened: Any, traded: OpenedShop, context: PageContext
) -> None:
    page = opened(CUSTOMERS)
    assert names(page) == ["钱多多", "散客"]
    page._open_row(page.table.rows[0])
    first: Any = context.opened.pop()[1]
    page.widget.destroy()
    page = opened(PEOPLE)
    page._open_row(next(row for row in page.table.rows if row["id"]))
    second: Any = context.opened.pop()[1]
    page.widget.destroy()
    bills = opened(BILLS)
    for asked in (first, second):
        bills.open(**asked)
        assert names(bills, "customer") == ["钱多多"]


def test_a_bill_is_opened_and_returned_from_its_report(
    opened: Any, traded: OpenedShop, context: PageContext, press: Any, root: ttk.App
) -> None:
    page = opened(BILLS)
    row = page.list.visible_rows()[0]
    page._open_row(row)
    assert context.opened.pop() == ("bills", {"text": row["number"], "select": row["id"]})
    seen: list[int] = []

    def return_all() -> None:
        dialog = next(one for one in root.winfo_children() if isinstance(one, ReturnDialog))
        seen.append(dialog.winfo_id())
        dialog.destroy()

    page.list.select_id(row["id"])
    root.after(300, return_all)
    press(page.list.tree, "<F7>")
    assert seen


def test_bars_of_bills_lead_from_months_to_days_to_hours_to_bills(opened: Any, traded: OpenedShop) -> None:
    tea = add_product(traded, stock=9)
    traded.clock.set(2026, 2, 27, 9, 20)
    sell(traded, (tea, 1))
    traded.clock.set(2026, 2, 27, 11, 5)
    bill = sell(traded, (tea, 3))
    traded.clock.set(2026, 3, 16)
    page = opened(BILLS)

    def bars() -> dict[str, int]:
        chart = page.chart.chart()
        assert chart is not None
        return {
            key: int(fen or 0) for key, fen in zip(chart.keys, chart.series[0].values, strict=True) if fen
        }

    def pick(key: str) -> None:
        page._picked(key)
        page.widget.update()

    assert bars() == {"2026-03-16": 6_000}
    press_quick(page, "全部")
    assert bars() == {"2026-02": 4_000, "2026-03": 6_000}
    page.boxes["kind"].set_value("sale")
    pick("2026-02")
    assert bars() == {"2026-02-27": 4_000}
    pick("2026-02-27")
    assert bars() == {"09": 1_000, "11": 3_000}
    pick("11")
    assert names(page, "number") == [bill.number]
    assert page.boxes["kind"].get_value() == "sale"
    press(page, "只看 11 点")
    assert page.list.count == 2


def press_quick(page: ReportPage, word: str) -> None:
    next(b for b in parts(page.widget, ttk.Radiobutton) if b.cget("text") == word).invoke()
    page.widget.update()


def test_without_the_right_nothing_is_returned_or_told_of_cost(
    opened: Any, traded: OpenedShop, context: PageContext
) -> None:
    save_role(traded.actor, role_id=None, name="看报表", scope=Scope.COMPANY, permissions=["reports.view"])
    context.actor = traded.as_role("看报表")
    for one in ALL:
        page = opened(one)
        shown = {column.title for column in page._columns()}
        assert {"成本", "毛利", "毛利率", "结存金额"}.isdisjoint(shown)
        assert {"退货 F7", "导出", "设置目标 ▾"}.isdisjoint(texts(page.head))
        page.widget.destroy()


def test_targets_are_set_beside_the_report(
    opened: Any, traded: OpenedShop, context: PageContext, fill: Callable[..., None]
) -> None:
    page = opened(PEOPLE)
    dialog = targets_dialog(page.widget, context, date(2026, 3, 1))
    assert dialog is not None
    fill(dialog, **{str(traded.actor.operator_id): "100"})
    dialog.submit()
    assert next(one.amount_fen for one in targets_of(traded.actor, "2026-03")) == 10_000
    page.reload()
    row = next(row for row in page.table.rows if row["id"])
    assert (row["target_fen"], row["reached_bp"]) == (10_000, 4_000)
    chart = page.chart.chart()
    assert chart is not None
    assert [series.name for series in chart.series] == ["净销售额", "目标"]


def test_bills_go_into_a_workbook_as_numbers_and_dates(
    opened: Any, traded: OpenedShop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "单据.xlsx"
    monkeypatch.setattr(list_output, "choose_save_file", lambda *_: path)
    page = opened(BILLS)
    page.export()
    sheet: Any = openpyxl.load_workbook(path).active
    cells = [list(row) for row in sheet.values]
    titles = next(row for row in cells if "单号" in row)
    wanted = bill_report(traded.actor, page.asked())
    number, amount = titles.index("单号"), titles.index("金额")
    found = [(row[number], round(row[amount] * 100)) for row in cells if str(row[number]).startswith("XS-")]
    assert found == [(row["number"], row["net_fen"]) for row in wanted.window(0, 99, None)]
    total = next(row for row in cells if row[0] == "合计")
    assert round(total[amount] * 100) == wanted.totals["net_fen"]
    assert sheet.freeze_panes


@pytest.mark.parametrize("parts_of_page", [TENDERS, STORED], ids=["tenders", "stored"])
def test_days_are_dates_in_a_workbook(
    opened: Any, traded: OpenedShop, parts_of_page: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "日.xlsx"
    monkeypatch.setattr(list_output, "choose_save_file", lambda *_: path)
    page = opened(parts_of_page)
    page.boxes["by"].set_value("day")
    page.export()
    cells = [list(row) for row in openpyxl.load_workbook(path).worksheets[0].values]
    place = next(number for number, row in enumerate(cells) if row[0] == "日期")
    assert cells[place + 1][0] == datetime(2026, 3, 16)
    assert any(row[0] == "合计" for row in cells)


def test_a_month_of_stored_value_leads_to_its_days(
    opened: Any, traded: OpenedShop, context: PageContext
) -> None:
    page = opened(STORED)
    page._open_row(page.list.visible_rows()[0])
    key, arguments = context.opened[-1]
    assert (key, arguments["by"]) == ("stored_value", "day")
    page.open(**arguments)
    page.widget.update()
    assert names(page) == ["2026-03-16"]


def test_rows_without_anything_to_draw_are_not_told_to_be_none(opened: Any, shop: OpenedShop) -> None:
    tea = add_product(shop, stock=9)
    bill = sell(shop, (tea, 1))
    (line,) = bill_detail(shop.actor, sale_id=bill.sale_id).lines
    return_goods(shop.actor, key=new_key(), sale_id=bill.sale_id, quantities={line.id: 1_000})
    page = opened(BILLS)
    assert page.list.count == 2
    words = texts(page.chart)
    assert "这里没有可以画的数字，请看下面的表。" in words
    assert page.spec.empty not in words


@pytest.mark.parametrize("parts_of_page", ALL, ids=[page.help[:6] for page in ALL])
def test_each_is_printed_and_exported_with_its_chart(
    opened: Any, traded: OpenedShop, parts_of_page: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "表.xlsx"
    shown: list[Path] = []
    monkeypatch.setattr(list_output, "choose_save_file", lambda *_: path)
    monkeypatch.setattr(list_output, "open_in_system", shown.append)
    page = opened(parts_of_page)
    page.export()
    page.print()
    book = openpyxl.load_workbook(path)
    assert ("图表" in book.sheetnames) is (page.chart.chart() is not None)
    assert shown[0].read_bytes().startswith(b"%PDF")


def test_several_companies_can_be_told_apart(opened: Any, traded: OpenedShop) -> None:
    branch = add_company(traded.actor, name="东街分店")
    for one in ALL:
        page = opened(one)
        before = page.list.count
        page.boxes["company_id"].set_value(branch)
        assert page.list.count <= before
        assert bill_detail(traded.actor, sale_id=1).company_id != branch
        page.widget.destroy()


def test_every_report_is_on_the_menu() -> None:
    listed = [page.parts() for page in PAGES]
    assert all(one in listed for one in ALL)
