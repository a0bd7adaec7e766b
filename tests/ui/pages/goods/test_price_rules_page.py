"""The owner writes down what the counter gives by itself."""

import tkinter as tk

import pytest
import ttkbootstrap as ttk

from meiping.domains.catalog.prices import price_rules
from meiping.domains.catalog.queries import product_detail
from meiping.domains.settings.queries import levels
from meiping.ui.pages.goods.price_rules_page import PRICE_RULES
from meiping.ui.pages.goods.product_dialog import change_product_dialog
from meiping.ui.rules_page import RulesPage
from meiping.ui.widgets.form_dialog import FormDialog
from tests import factories
from tests.shop import OpenedShop
from tests.windows import PageContext, dialogs


@pytest.fixture
def listed(root: ttk.App, context: PageContext, page: tk.Widget) -> RulesPage:
    made = RulesPage(page, context, PRICE_RULES)
    made.widget.pack(fill="both", expand=True)
    root.update()
    return made


def asked(root: ttk.App) -> FormDialog:
    return next(one for one in dialogs(root) if isinstance(one, FormDialog))


def test_so_much_off_a_bill_is_written_down_without_a_name(
    root: ttk.App, listed: RulesPage, shop: OpenedShop
) -> None:
    listed.add()
    dialog = asked(root)
    dialog.form.set_value("kind", "threshold")
    root.update()
    dialog.form.set_value("least_fen", 10_000)
    dialog.form.set_value("off_fen", 1_000)
    dialog.submit()
    (row,) = price_rules(shop.actor).rows
    assert (row["kind"], row["title"], row["state"]) == ("满减", "满 100 减 10", "进行中")
    listed.toggle(row)
    assert price_rules(shop.actor).rows[0]["state"] == "停用"


def test_what_is_missing_is_told_beside_its_field(root: ttk.App, listed: RulesPage, shop: OpenedShop) -> None:
    tea = factories.add_product(shop, name="茶")
    listed.add()
    dialog = asked(root)
    dialog.submit()
    assert dialog.winfo_exists()
    root.update()
    dialog.form.set_value("product_id", tea)
    dialog.form.set_value("price_fen", 800)
    dialog.submit()
    assert [row["terms"] for row in price_rules(shop.actor).rows] == ["茶 ¥8.00"]


def test_a_product_has_prices_of_its_own_for_levels(
    root: ttk.App, context: PageContext, shop: OpenedShop
) -> None:
    tea = factories.add_product(shop, name="茶")
    gold = next(one for one in levels() if one.name == "金卡")
    dialog = change_product_dialog(root, context, tea)
    assert dialog is not None
    dialog.form.set_value(f"level_price_{gold.id}", 850)
    dialog.submit()
    assert product_detail(shop.actor, product_id=tea).product.level_prices == ((gold.id, 850),)
    again = change_product_dialog(root, context, tea)
    assert again is not None
    assert again.form.value(f"level_price_{gold.id}") == 850
    again.close()
