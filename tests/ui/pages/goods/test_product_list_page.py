"""The owner keeps the shop's products in order, mostly by keyboard."""

from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.catalog.queries import ProductFilter, State, categories, product_detail, product_list
from meiping.domains.catalog.rules import ProductInput
from meiping.domains.catalog.service import add_product
from meiping.domains.stock.service import StockLine, receive_goods
from meiping.ui.pages.goods.category_dialog import CategoryDialog
from meiping.ui.pages.goods.product_list_page import PAGE
from tests.factories import new_key
from tests.shop import OpenedShop
from tests.windows import PageContext

Press = Callable[..., None]


def names(page: Any) -> list[str]:
    page.list.draw_now()
    return [row["name"] for row in page.list.visible_rows()]


def test_a_new_product_is_typed_saved_and_shown(
    opened: Any, press: Press, dialog: Any, fill: Any, context: PageContext, root: ttk.App
) -> None:
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    form = dialog()
    fill(
        form,
        name="冰红茶",
        barcodes="６９０１２３４５６７８９２",
        list_price_fen="￥３．５",
        category_id="饮料",
    )
    press(form, "<Control-s>")
    assert form.winfo_exists(), "a category that was typed but not picked is told"
    fill(form, category_id="")
    press(form, "<Control-s>")
    assert not form.winfo_exists()
    assert context.told() == "已新增“冰红茶”"
    assert names(page) == ["冰红茶"]
    assert page.list.current_row()["list_price_fen"] == 350


def test_wrong_input_stays_beside_its_field_and_nothing_typed_is_lost(
    opened: Any, press: Press, dialog: Any, fill: Any, cola: int, shop: OpenedShop
) -> None:
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    form = dialog()
    fill(form, name="雪碧", list_price_fen="三块五", barcodes="6901234567892")
    press(form, "<Control-s>")
    assert form.form.editor("list_price_fen").raw() == "三块五"
    fill(form, list_price_fen="3.5", lowest_price_fen="4")
    press(form, "<Control-s>")
    assert form.winfo_exists()
    fill(form, lowest_price_fen="")
    press(form, "<Control-s>")
    assert form.winfo_exists(), "the bar code belongs to another product"
    assert form.form.editor("name").raw() == "雪碧"
    fill(form, barcodes="")
    press(form, "<Control-s>")
    assert not form.winfo_exists()
    assert product_list(shop.actor, filter=ProductFilter()).count() == 2


def test_an_odd_bar_code_is_asked_about(
    opened: Any, press: Press, dialog: Any, fill: Any, answer: Any, shop: OpenedShop
) -> None:
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    form = dialog()
    fill(form, name="自制面包", list_price_fen="5", barcodes="6901234567890")
    answer("取消")
    press(form, "<Control-s>")
    assert form.winfo_exists()
    press(form)
    form.form.focus_first()
    answer("仍要保存")
    form.after(400, form.submit)
    form.wait_window()
    assert product_detail(shop.actor, product_id=1).product.barcodes == "6901234567890"


def test_a_service_is_asked_no_low_mark(
    opened: Any, press: Press, dialog: Any, fill: Any, shop: OpenedShop
) -> None:
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    form = dialog()
    form.form.editor("stocked").set_value(False)
    form.update()
    assert not form.form.editor("low_stock_milli").widget.winfo_ismapped()
    fill(form, name="上门安装", list_price_fen="50")
    press(form, "<Control-s>")
    assert not product_detail(shop.actor, product_id=1).product.stocked


def test_f2_changes_the_product_in_hand(
    opened: Any, press: Press, dialog: Any, fill: Any, cola: int, shop: OpenedShop
) -> None:
    page = opened(PAGE)
    press(page.search.entry, "<Down>")
    press(page.list.tree, "<Down>", "<F2>")
    form = dialog()
    assert form.form.value("list_price_fen") == 350
    fill(form, list_price_fen="4")
    press(form, "<Control-s>")
    assert product_detail(shop.actor, product_id=cola).product.list_price_fen == 400


def test_searching_as_one_types_and_the_scanner_in_the_search_box(
    opened: Any, write: Any, pump: Any, cola: int, shop: OpenedShop
) -> None:
    add_product(shop.actor, product=ProductInput("重庆火锅底料", 1500))
    page = opened(PAGE)
    write(page.search.entry, "cqhg")
    pump(lambda: names(page) == ["重庆火锅底料"])
    write(page.search.entry, "6901234567892")
    pump(lambda: names(page) == ["可口可乐"])
    write(page.search.entry, "没有这个")
    pump(lambda: names(page) == [])


def test_delete_asks_and_goods_with_history_are_put_out_of_use_instead(
    opened: Any, press: Press, answer: Any, cola: int, shop: OpenedShop, context: PageContext
) -> None:
    add_product(shop.actor, product=ProductInput("阿胶", 100))
    receive_goods(shop.actor, key=new_key(), nature="期初", lines=[StockLine(cola, 1000, 100)])
    page = opened(PAGE)
    press(page.list.tree, "<Control-a>")
    answer("不删")
    press(page.list.tree, "<Delete>")
    assert product_list(shop.actor, filter=ProductFilter()).count() == 2
    answer("删除")
    press(page.list.tree, "<Delete>")
    assert "只能停用" in context.told()
    page.list.select_id(cola)
    next(action for action in page.spec.actions if action.text == "停用").command(page.list.selected_ids())
    text, _, action = context.toasts[-1]
    assert "已停用 1 个商品" in text
    assert product_list(shop.actor, filter=ProductFilter(state=State.INACTIVE)).count() == 1
    assert action is not None
    action[1]()
    assert product_list(shop.actor, filter=ProductFilter(state=State.INACTIVE)).count() == 0


def test_the_pane_tells_stock_and_moves(
    opened: Any, press: Press, pump: Any, cola: int, shop: OpenedShop
) -> None:
    receive_goods(shop.actor, key=new_key(), nature="期初", lines=[StockLine(cola, 24_000, 200)])
    page = opened(PAGE)
    press(page.list.tree, "<Down>")
    pump(lambda: page.detail.moves.count == 1)
    said = [str(label.cget("text")) for label in page.detail.facts.winfo_children()]
    assert "24 瓶" in said
    assert "¥48.00" in said


def test_the_counter_sees_no_costs_no_stock_and_no_buttons(
    opened: Any, context: PageContext, shop: OpenedShop, cola: int
) -> None:
    context.actor = shop.as_role("收银员")
    page = opened(PAGE)
    keys = {column.key for column in page.list.layout.columns.values()}
    assert not keys & {"purchase_price_fen", "stock_milli"}
    assert page.detail.moves is None
    assert page.list.on_open is None


def test_categories_are_added_renamed_and_deleted_by_keyboard(
    opened: Any, press: Press, dialog: Any, fill: Any, answer: Any, root: ttk.App, context: PageContext
) -> None:
    page = opened(PAGE)
    window = CategoryDialog(page.widget, context)
    press(window.list.tree, "<Control-n>")
    form = dialog()
    press(form, "<Control-s>")
    assert form.winfo_exists(), "an empty name is refused"
    fill(form, name="饮料")
    press(form, "<Return>")
    assert [one.title for one in categories()] == ["饮料"]
    window.add_below()
    form = dialog()
    fill(form, name="茶")
    press(form, "<Return>")
    press(window.list.tree, "<F2>")
    form = dialog()
    fill(form, name="茶饮")
    press(form, "<Return>")
    assert [one.title for one in categories()] == ["饮料", "饮料 / 茶饮"]
    answer("删除")
    press(window.list.tree, "<Delete>")
    assert [one.title for one in categories()] == ["饮料"]
    press(window.list.tree, "<Escape>")
    assert not window.winfo_exists()


def test_a_category_can_be_made_while_a_product_is_typed(
    opened: Any, press: Press, dialog: Any, write: Any, pump: Any
) -> None:
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    picker = dialog().form.editor("category_id")
    write(picker.entry, "饮料/茶")
    pump(picker.is_open)
    press(picker.entry, "<Return>")
    assert picker.text.get() == "饮料 / 茶"
    assert [one.title for one in categories()] == ["饮料", "饮料 / 茶"]


def test_fee_term_and_warranty_are_typed_and_shown(
    opened: Any, press: Press, dialog: Any, fill: Any, cola: int, shop: OpenedShop
) -> None:
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<F2>")
    fill(dialog(), annual_fee_fen="300")
    press(dialog(), "<Control-s>")
    assert "请填写服务期" in dialog().form._asked["service_term_months"].message.cget("text")
    fill(dialog(), service_term_months="12", warranty_months="24")
    press(dialog(), "<Control-s>")
    product = product_detail(shop.actor, product_id=cola).product
    assert (product.annual_fee_fen, product.service_term_months, product.warranty_months) == (30_000, 12, 24)
    page.reload()
    assert page.list.current_row()["annual_fee_fen"] == 30_000
    press(page.list.tree, "<F2>")
    fill(dialog(), annual_fee_fen="", service_term_months="")
    press(dialog(), "<Control-s>")
    product = product_detail(shop.actor, product_id=cola).product
    assert (product.annual_fee_fen, product.service_term_months, product.warranty_months) == (0, 0, 24)
