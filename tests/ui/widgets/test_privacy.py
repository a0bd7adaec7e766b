"""One key hides costs, profits and phones on the screen; what is stored and exported stays as it is."""

from collections.abc import Iterator

import pytest
import ttkbootstrap as ttk

from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.kernel.tabular import Column, Kind
from meiping.ui.pages.reports.chart_panel import ChartPanel
from meiping.ui.pages.reports.figure_row import FigureRow
from meiping.ui.widgets import privacy
from meiping.ui.widgets.cards import Facts, Kpi
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_fields import Field, FieldKind
from tests.windows import PageContext, texts


@pytest.fixture(autouse=True)
def shown_again() -> Iterator[None]:
    yield
    privacy.hide(False)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13822017788", "138****7788"),
        ("138 2201 7788", "138****7788"),
        ("0755-26001234", "0755****1234"),
        ("王女士 138 2201 7788 · 生日", "王女士 138****7788 · 生日"),
        ("138 2201 7788 / 13900001234", "138****7788 / 139****1234"),
        ("XS-20260131-0001", "XS-20260131-0001"),
        ("6901028012348", "6901028012348"),
        ("¥1,234.00", "¥1,234.00"),
    ],
)
def test_phones_are_masked_wherever_they_stand_and_nothing_else(text: str, masked: str) -> None:
    assert privacy.said(text) == text
    privacy.hide(True)
    assert privacy.said(text) == masked


def test_lists_hide_costs_profits_and_phones() -> None:
    cost, price = Column("cost_fen", "成本", Kind.MONEY), Column("net_fen", "净销售额", Kind.MONEY)
    margin, phone = Column("margin_bp", "毛利率", Kind.PERCENT), Column("phone", "电话", Kind.PHONE)
    assert privacy.cell(cost, 300) == "¥3.00"
    privacy.hide(True)
    assert privacy.cell(cost, 300) == privacy.MASK
    assert privacy.cell(margin, 300) == privacy.MASK
    assert privacy.cell(price, 300) == "¥3.00"
    assert privacy.cell(phone, "13822017788") == "138****7788"
    assert privacy.cell(cost, None) == ""
    assert phone.show("13822017788") == "138 2201 7788", "exports and prints are not touched"


def test_facts_and_figures_hide_them_too(root: ttk.App) -> None:
    privacy.hide(True)
    facts = Facts(root)
    facts.show([("电话", "138 2201 7788"), ("进价", "¥3.00"), ("等级", "金卡")])
    assert "138****7788" in texts(facts)
    assert privacy.MASK in texts(facts)
    assert "金卡" in texts(facts)
    profit = Kpi(root, "今日毛利")
    profit.show("¥120.00", "上期 ¥90.00")
    assert "¥120.00" not in texts(profit)
    facts.destroy()
    profit.destroy()


def test_fields_show_dots_and_keep_what_they_hold(root: ttk.App) -> None:
    privacy.hide(True)
    form = Form(
        root,
        [
            Field("phone", "电话", FieldKind.PHONE),
            Field("cost_fen", "进价", FieldKind.MONEY),
            Field("name", "名称"),
        ],
        values={"phone": "13822017788", "cost_fen": 300, "name": "王女士"},
    )
    shows = {key: str(form.editor(key).target.cget("show")) for key in ("phone", "cost_fen", "name")}
    assert shows == {"phone": "●", "cost_fen": "●", "name": ""}
    assert form.values() == {"phone": "13822017788", "cost_fen": 300, "name": "王女士"}
    form.destroy()


def test_charts_and_figures_of_a_report_hide_profits_but_exports_keep_them(
    root: ttk.App, context: PageContext
) -> None:
    panel = ChartPanel(root, context)
    profit = Chart(ChartKind.BAR, "每天毛利多少？", ["11-01"], [Series("毛利", [12_000])], Kind.MONEY)
    sales = Chart(ChartKind.BAR, "每天卖了多少？", ["11-01"], [Series("净销售额", [12_000])], Kind.MONEY)
    figures = FigureRow(root, [Column("result_fen", "净利", Kind.MONEY)], worse=(), neither=())
    privacy.hide(True)
    panel.show(profit)
    figures.show({"result_fen": 12_000}, {"result_fen": 9_000})
    assert "成本和利润已遮住，按 Ctrl+Shift+M 显示。" in texts(panel)
    assert not panel.view.winfo_manager()
    assert panel.chart() == profit
    assert not any("120.00" in text or "%" in text for text in texts(figures))
    panel.show(sales)
    assert panel.view.winfo_manager()
    privacy.hide(False)
    panel.show(profit)
    assert panel.view.winfo_manager()
    panel.destroy()
    figures.destroy()
