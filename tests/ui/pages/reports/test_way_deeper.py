"""Behind every figure stand the rows that add up to it: rows of nobody, months cut by the period, money by day and tender."""

from datetime import date
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.domains.access.service import save_role
from meiping.domains.catalog.service import save_category
from meiping.domains.customers.conditions import chosen
from meiping.domains.reports.analysis.queries import contribution
from meiping.domains.reports.rules import Period
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.service import checkout
from meiping.domains.support.service import close_cases
from meiping.domains.till.rules import RECEIVING_TENDERS
from meiping.kernel.actor import Scope
from meiping.kernel.tabular import Row
from meiping.ui.pages.money.dealings_page import PAGE as DEALINGS
from meiping.ui.pages.reports.ageing_page import PAGE as AGEING
from meiping.ui.pages.reports.bill_report_page import PAGE as BILLS
from meiping.ui.pages.reports.case_report_page import PAGE as CASE_REPORT
from meiping.ui.pages.reports.contribution_page import PAGE as CONTRIBUTION
from meiping.ui.pages.reports.customer_report_page import PAGE as CUSTOMERS
from meiping.ui.pages.reports.people_report_page import PAGE as PEOPLE
from meiping.ui.pages.reports.product_report_page import PAGE as PRODUCTS
from meiping.ui.pages.reports.report import ReportPage
from meiping.ui.pages.reports.stored_page import PAGE as STORED
from meiping.ui.pages.reports.summary_page import PAGE as SUMMARY
from meiping.ui.pages.reports.tenders_page import PAGE as TENDERS
from meiping.ui.pages.service.cases_page import PAGE as CASES
from tests.domains.support.casing import take
from tests.factories import add_customer, add_product, cart_of, recharge, sell
from tests.shop import OpenedShop
from tests.windows import PageContext, parts, texts


@pytest.fixture
def traded(shop: OpenedShop) -> OpenedShop:
    """Two days of bills with and without customer and salesperson, paid in several ways; stored value; a debt."""
    wang = add_customer(shop, name="王芳", credit_yuan=500)
    tea = add_product(shop, stock=99, name="龙井")
    for day in (12, 16):
        shop.clock.set(2026, 3, day)
        sell(shop, (tea, 1))
        mine = cart_of(shop, (tea, 3), customer_id=wang, salesperson_id=shop.actor.operator_id)
        checkout(shop.actor, cart=mine, payments=[Payment("credit", 1_000), Payment("wechat", 2_000)])
        recharge(shop, wang, 5_000, 500)
    clerk = shop.as_role("收银员")
    checkout(clerk, cart=cart_of(shop, (tea, 2)), payments=[Payment("alipay", 2_000)])
    return shop


def row_of(page: ReportPage, key: Any) -> Row:
    return next(row for row in page.table.window(0, 99, None) if row["id"] == key)


def follow(page: ReportPage, context: PageContext, opened: Any, to: Any, row: Row) -> Any:
    """The page that opens behind a row, as it opens."""
    page._open_row(row)
    return arrive(context, opened, to)


def arrive(context: PageContext, opened: Any, to: Any) -> Any:
    there = opened(to)
    there.open(**context.opened.pop()[1])
    return there


@pytest.mark.parametrize(
    ("report", "word"), [(CUSTOMERS, "客户 散客"), (PEOPLE, "业务员 没有业务员")], ids=["customers", "people"]
)
def test_what_nobody_bought_or_sold_leads_to_its_bills(
    opened: Any, traded: OpenedShop, context: PageContext, report: Any, word: str
) -> None:
    page = opened(report)
    nobody = row_of(page, 0)
    assert nobody["net_fen"] == 4_000
    bills = follow(page, context, opened, BILLS, nobody)
    assert bills.table.totals["net_fen"] == nobody["net_fen"]
    assert bills.list.count == nobody["bills"] == 3
    chosen_there = bills.boxes["person_id"].get() if "person_id" in bills.boxes else ""
    assert any(word in one for one in texts(bills.widget)) or chosen_there == "没有业务员"


def test_a_day_of_money_leads_to_each_of_its_movements(
    opened: Any, traded: OpenedShop, context: PageContext
) -> None:
    page = opened(TENDERS)
    day = row_of(page, "2026-03-16")
    there = follow(page, context, opened, DEALINGS, day)
    assert there.list.count == 4
    assert there._listing(there.asked()).summary()["money_fen"] == day["received_fen"] == 10_000
    assert "2026-03-16" in there._subtitle(there.asked())


@pytest.mark.parametrize("tender", [one.key for one in RECEIVING_TENDERS])
def test_a_bar_of_money_leads_to_what_came_in_that_way(
    opened: Any, traded: OpenedShop, context: PageContext, tender: str
) -> None:
    page = opened(TENDERS)
    page._picked(tender)
    there = arrive(context, opened, DEALINGS)
    assert there._listing(there.asked()).summary()["money_fen"] == page.table.totals[f"{tender}_fen"]


def test_money_of_one_operator_leads_to_what_he_took(
    opened: Any, traded: OpenedShop, context: PageContext
) -> None:
    clerk = traded.as_role("收银员").operator_id
    page = opened(TENDERS)
    page.open(by="day", person_id=clerk)
    there = follow(page, context, opened, DEALINGS, page.table.rows[0])
    (row,) = there.list.visible_rows()
    assert (row["money_fen"], row["tenders"]) == (2_000, "支付宝")
    assert there._subtitle(there.asked()).startswith("2026-03-16 · 收银员")


def test_a_day_of_stored_value_leads_to_what_changed_it(
    opened: Any, traded: OpenedShop, context: PageContext
) -> None:
    page = opened(STORED)
    page.boxes["by"].set_value("day")
    day = row_of(page, "2026-03-12")
    there = follow(page, context, opened, DEALINGS, day)
    changed = day["closing_fen"] - day["opening_fen"]
    assert there._listing(there.asked()).summary()["stored_change_fen"] == changed == 5_500


def test_an_age_of_debts_leads_to_who_owes_so_long(
    opened: Any, traded: OpenedShop, context: PageContext
) -> None:
    late = add_customer(traded, name="李四", credit_yuan=100, payment_days=60)
    cart = cart_of(traded, (add_product(traded, stock=9), 1), customer_id=late)
    checkout(traded.actor, cart=cart, payments=[Payment("credit", 1_000)])
    page = opened(AGEING)
    page._picked("not_due_fen")
    page.open(**context.opened.pop()[1])
    assert [row["name"] for row in page.table.rows] == ["李四"]
    assert page.table.totals["not_due_fen"] == 1_000
    assert any("只看 未到期" in word for word in texts(page.widget))
    page._picked("over_90_fen")
    page.open(**context.opened.pop()[1])
    assert page.table.count() == 0
    back = next(one for one in parts(page.widget, ttk.Button) if "只看" in str(one.cget("text")))
    back.focus_force()
    back.invoke()
    page.widget.update()
    assert page.widget.focus_get() is not None
    assert str(page.widget.focus_get()).startswith(str(page.search)), "the keys stay on the page"
    assert page.table.count() == 2


def test_a_point_of_the_contribution_leads_to_the_first_customers(
    opened: Any, shop: OpenedShop, context: PageContext
) -> None:
    tea = add_product(shop, stock=99)
    people = [add_customer(shop) for _ in range(5)]
    for pieces, who in enumerate(people, 1):
        sell(shop, (tea, pieces), customer_id=who)
    page = opened(CONTRIBUTION)
    chart = page.chart.chart()
    assert chart is not None
    page._picked(chart.key(list(chart.categories).index("前 40%")))
    ((key, values),) = context.opened
    first = [row["id"] for row in contribution(shop.actor, Period()).rows][:2]
    assert first == people[:-3:-1]
    assert (key, values["conditions"]) == ("customers", (chosen("贡献最大的 2 位", first),))
    page.boxes["letter"].set_value("A")
    page._picked(str(people[-1]))
    assert context.opened[-1] == ("customer_hub", {"customer_id": people[-1]})


def test_a_month_cut_by_the_period_shows_only_days_of_both(
    opened: Any, traded: OpenedShop, context: PageContext
) -> None:
    cut = {"first": date(2026, 2, 20), "last": date(2026, 3, 13)}
    for report, to in ((SUMMARY, SUMMARY), (STORED, STORED)):
        page = opened(report)
        page.open(**cut, by="month")
        month = row_of(page, "2026-03")
        there = follow(page, context, opened, to, month)
        assert there.asked().period == Period(date(2026, 3, 1), date(2026, 3, 13))
        key = "net_fen" if report is SUMMARY else "recharged_fen"
        assert there.table.totals[key] == month[key] > 0


def test_cases_of_a_month_are_those_registered_in_the_period(
    opened: Any, shop: OpenedShop, context: PageContext
) -> None:
    wang = add_customer(shop)
    for day in (3, 14, 15):
        shop.clock.set(2026, 3, day)
        close_cases(shop.actor, case_ids=[take(shop, wang)], reason="结束")
    page = opened(CASE_REPORT)
    page.open(first=date(2026, 3, 10), last=date(2026, 4, 2), by="month")
    month = row_of(page, "2026-03")
    assert month["cases"] == 2
    there = follow(page, context, opened, CASES, month)
    assert there.list.count == 2


def test_a_category_leads_to_the_products_that_make_up_its_row(
    opened: Any, shop: OpenedShop, context: PageContext
) -> None:
    drinks = save_category(shop.actor, name="饮料")
    tea = save_category(shop.actor, name="茶", parent_id=drinks)
    for pieces, category_id in enumerate((drinks, tea, None), 1):
        sell(shop, (add_product(shop, stock=9, category_id=category_id), pieces))
    page = opened(PRODUCTS)
    page.boxes["by"].set_value("category")
    rows = list(page.table.window(0, 9, None))
    assert {row["id"]: row["net_fen"] for row in rows} == {drinks: 1_000, tea: 2_000, 0: 3_000}
    for row in rows:
        page.boxes["by"].set_value("category")
        page._open_row(row)
        page.open(**context.opened.pop()[1])
        assert page.table.totals["net_fen"] == row["net_fen"]
        assert page.list.count == 1
        page.open(just_category=None)


def test_where_nothing_is_yet_a_report_leads_to_where_something_begins(
    opened: Any, shop: OpenedShop, context: PageContext
) -> None:
    for report, key in ((BILLS, "counter"), (CASE_REPORT, "cases"), (STORED, "customer_hub")):
        page = opened(report)
        page.open(quick="all")
        action = page._way_out()
        assert action is not None
        action[1]()
        assert context.opened.pop() == (key, {})
        page.widget.destroy()
    save_role(shop.actor, role_id=None, name="看报表", scope=Scope.ALL, permissions=["reports.view"])
    context.actor = shop.as_role("看报表")
    page = opened(BILLS)
    page.open(quick="all")
    assert page._way_out() is None
