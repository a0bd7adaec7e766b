"""Quotes in the customer hub: written by keyboard, changed, sold, given up, deleted, printed, found again."""

from collections.abc import Callable
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.domains.access.service import save_role
from meiping.domains.deals.billing import turn_into_bill
from meiping.domains.deals.queries import QuoteDetail, quote_detail, quotes_of
from meiping.domains.deals.rules import QuoteState
from meiping.domains.deals.service import delete_quotes
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import checkout
from meiping.domains.settings.queries import levels
from meiping.kernel.actor import Scope
from meiping.ui.pages.customers.customer_hub_page import PAGE
from meiping.ui.pages.customers.quotes import commands
from meiping.ui.pages.customers.quotes.dialog import QuoteDialog
from meiping.ui.pages.customers.recycle_bin_page import PAGE as BIN_PAGE
from tests import factories
from tests.domains.deals.quoting import offer, told
from tests.ui.pages.customers.test_customer_hub_page import rows, tab
from tests.windows import PageContext, dialogs, texts, when_asked


@pytest.fixture
def tea(shop) -> int:
    return factories.add_product(shop, name="红茶", stock=50, lowest_price_fen=800, barcodes="6901234567892")


@pytest.fixture
def cup(shop) -> int:
    return factories.add_product(shop, name="茶杯", stock=50, list_price_fen=2_500)


@pytest.fixture
def firm(shop) -> int:
    gold = min(levels(), key=lambda level: level.discount_bp)
    return factories.add_customer(shop, name="恒达贸易", level_id=gold.id)


@pytest.fixture
def pane(opened, firm):
    """The sub-tab in front, showing the firm."""
    page = opened(PAGE)
    page.open(customer_id=firm)
    return tab(page, "报价")


@pytest.fixture
def form(root: ttk.App) -> Callable[[], QuoteDialog]:
    """The quote being written."""

    def found() -> QuoteDialog:
        root.update()
        (one,) = dialogs(root)
        assert isinstance(one, QuoteDialog)
        return one

    return found


def only(shop, firm: int) -> QuoteDetail:
    (row,) = quotes_of(shop.actor, customer_id=firm).window(0, 9, None)
    return quote_detail(shop.actor, quote_id=row["id"])


def select(pane, place: int = 0) -> None:
    pane.list.select_id(rows(pane)[place]["id"])
    pane.list.update()


def undo(context: PageContext) -> None:
    action = context.toasts[-1][2]
    assert action is not None
    action[1]()


def do(pane, word: str) -> None:
    """Press a button above the list, or choose it in the row's menu."""
    pane._actions.perform(pane._actions.called(word))


def test_a_quote_is_written_by_keyboard(
    shop, pane, firm, tea, cup, form, write, press, pump, context
) -> None:
    assert any("还没有报价" in text for text in texts(pane.list))
    press(pane.list.tree, "<Insert>")
    dialog = form()
    assert dialog.focus_get() is dialog.picker.entry
    write(dialog.picker.entry, "红茶")
    pump(dialog.picker.is_open)
    press(dialog.picker.entry, "<Return>")
    assert dialog.goods.editor is not None
    write(dialog.goods.editor, "１２")
    press(dialog.goods.editor, "<Return>")
    level = min(levels(), key=lambda one: one.discount_bp).discount_bp
    assert dialog.goods.editor.get_value() == max(1_000 * level // 10_000, 800), (
        "the price of his level is offered"
    )
    write(dialog.goods.editor, "￥9")
    press(dialog.goods.editor, "<Return>")
    assert dialog.focus_get() is dialog.picker.entry
    assert dialog._sum.cget("text") == "¥108.00"
    press(dialog.picker.entry, "<Return>")
    assert dialog.focus_get() is dialog.note.target
    write(dialog.note.target, "含送货")
    press(dialog.note.target, "<Control-Return>")
    assert not dialogs(pane.widget.winfo_toplevel())
    quote = only(shop, firm)
    assert told(quote) == [("红茶", "个", 12_000, 900, 10_800)]
    assert (quote.notes, f"{quote.quoted_date} {quote.valid_until_date}") == (
        "含送货",
        "2026-03-16 2026-04-15",
    )
    assert context.told() == "已保存报价。"
    assert [(row["number"], row["state"]) for row in rows(pane)] == [("BJ-20260316-0001", "有效")]
    assert pane.list.current_row()["id"] == quote.id


def test_the_head_leads_to_the_goods(pane, tea, form, press) -> None:
    pane.add()
    dialog = form()
    for key in ("subject", "contact_name", "quoted_date", "valid_until_date"):
        press(dialog.head.editor(key).target, "<Return>")
    assert dialog.focus_get() is dialog.picker.entry
    dialog.close()


def test_wrong_input_is_told_where_it_stands_and_nothing_typed_is_lost(
    shop, pane, firm, tea, form, write, press, pump
) -> None:
    pane.add()
    dialog = form()
    dialog.submit()
    assert "还没有商品" in dialog._message.cget("text")
    dialog.scan("6901234567892")
    assert dialog._message.cget("text") == ""
    dialog.goods.edit(0, "price_fen")
    write(dialog.goods.editor, "很便宜")
    dialog.submit()
    assert "“红茶”的报价“很便宜”不是数字" in dialog._message.cget("text")
    write(dialog.goods.editor, "")
    dialog.submit()
    assert "报价还没有填写" in dialog._message.cget("text")
    write(dialog.goods.editor, "7.99")
    dialog.submit()
    assert "最低只能报 ¥8.00" in dialog._message.cget("text")
    assert dialog.goods.editor is not None, "at the line it is about"
    write(dialog.goods.editor, "8")
    write(dialog.head.editor("valid_until_date").target, "2026-03-01")
    dialog.submit()
    assert "有效期不能早于报价日期" in dialog.head._asked["valid_until_date"].message.cget("text")
    write(dialog.head.editor("valid_until_date").target, "")
    dialog.submit()
    quote = only(shop, firm)
    assert (quote.total_fen, quote.valid_until_date) == (800, None)


def test_a_scan_adds_one_more_and_an_unknown_code_is_told(pane, tea, form) -> None:
    pane.add()
    dialog = form()
    dialog.scan("6901234567892")
    dialog.scan("6901234567892")
    assert [(line.name, line.qty_milli) for line in dialog.draft.lines] == [("红茶", 2_000)]
    dialog.scan("123")
    assert "没有条码或编码为 123 的商品" in dialog._message.cget("text")
    dialog.close()


def test_esc_asks_before_it_throws_something_typed_away(root, pane, tea, form) -> None:
    pane.add()
    form().dismiss()
    assert not dialogs(root)
    pane.add()
    dialog = form()
    dialog.scan("6901234567892")
    when_asked(root, "继续填写")
    dialog.dismiss()
    assert dialog.winfo_exists()
    when_asked(root, "放弃")
    dialog.dismiss()
    assert not dialogs(root)


def test_what_was_paid_before_stands_beside_the_price(shop, pane, firm, tea, cup, form) -> None:
    factories.sell(shop, (cup, 1), customer_id=firm)
    pane.add()
    dialog = form()
    dialog._picked(type("Hit", (), {"id": cup})())
    (row,) = dialog.draft.window(0, 1, None)
    assert (row["list_fen"], row["last_fen"]) == (2_500, 2_500)
    dialog.close()


def test_f2_changes_it(shop, pane, firm, tea, cup, form, press) -> None:
    offer(shop, firm, (tea, 1, 900), (cup, 2, 2_000), subject="试样")
    pane.changed()
    select(pane)
    press(pane.list.tree, "<F2>")
    dialog = form()
    assert dialog.title() == "修改报价 BJ-20260316-0001"
    dialog.head.set_value("subject", "正式")
    dialog.goods.select_id(tea)
    dialog.goods.update()
    press(dialog.goods.tree, "<Delete>")
    dialog.submit()
    quote = only(shop, firm)
    assert (quote.subject, told(quote)) == ("正式", [("茶杯", "个", 2_000, 2_000, 4_000)])


def test_selling_leads_to_the_counter(shop, pane, firm, tea, context: PageContext) -> None:
    quote = offer(shop, firm, (tea, 1, 900))
    pane.changed()
    select(pane)
    do(pane, "开单")
    assert context.opened == [("counter", {"customer_id": firm, "to_hub": True, "quote_id": quote})]


def test_one_that_was_sold_is_only_read(shop, pane, firm, tea, form, context: PageContext) -> None:
    quote = offer(shop, firm, (tea, 1, 900))
    cart = turn_into_bill(shop.actor, quote_id=quote)
    checkout(shop.actor, cart=cart, payments=[Payment("cash", price_bill(cart).total_fen)])
    pane.changed()
    assert [row["state"] for row in rows(pane)] == ["已开单"]
    select(pane)
    do(pane, "看业务单")
    assert context.opened == [("bills", {"select": 1})]
    do(pane, "打开")
    dialog = form()
    assert dialog.title().startswith("查看报价")
    assert any("已开单 XS-20260316-0001" in text for text in texts(dialog))
    assert "保存" not in texts(dialog)
    dialog.goods.edit(0)
    assert dialog.goods.editor is None
    dialog.dismiss()


def test_given_up_and_taken_up_again(shop, pane, firm, tea, context: PageContext) -> None:
    quote = offer(shop, firm, (tea, 1, 900))
    pane.changed()
    select(pane)
    do(pane, "放弃报价")
    assert [row["state"] for row in rows(pane)] == ["已放弃"]
    do(pane, "重新启用")
    assert [row["state"] for row in rows(pane)] == ["有效"]
    do(pane, "重新启用")
    assert context.told() == "选中的报价里没有可以重新启用的。"
    do(pane, "放弃报价")
    undo(context)
    assert quote_detail(shop.actor, quote_id=quote).state is QuoteState.OPEN


def test_deleted_it_comes_back_by_undo(shop, pane, firm, tea, press, context: PageContext) -> None:
    offer(shop, firm, (tea, 1, 900))
    pane.changed()
    select(pane)
    press(pane.list.tree, "<Delete>")
    assert rows(pane) == []
    assert context.told() == "已删除报价 BJ-20260316-0001。"
    undo(context)
    assert len(rows(pane)) == 1


def test_or_from_the_recycle_bin(shop, opened, firm, tea) -> None:
    delete_quotes(shop.actor, quote_ids=[offer(shop, firm, (tea, 1, 900))])
    page = opened(BIN_PAGE)
    page.open(kind="quote")
    page.widget.update()
    (row,) = page.front.list.visible_rows()
    assert row["customer"] == "恒达贸易"
    page.front.restore([row["id"]])
    assert quotes_of(shop.actor, customer_id=firm).count() == 1


def test_it_is_printed_on_a4(shop, pane, firm, tea, monkeypatch) -> None:
    printed: list[tuple[Any, ...]] = []
    monkeypatch.setattr(commands, "print_table", lambda _context, *given: printed.append(given))
    offer(shop, firm, (tea, 2, 900), subject="中秋礼盒", notes="含送货")
    pane.changed()
    select(pane)
    do(pane, "打印")
    ((table, head, below),) = printed
    assert (table.title, table.subtitle, table.totals) == ("报价单", "中秋礼盒", {"amount_fen": 1_800})
    assert (head["客户"], head["单号"]) == ("恒达贸易", "BJ-20260316-0001")
    assert below[:2] == ("合计（大写）：壹拾捌元整", "备注：含送货")


def test_who_may_not_edit_reads_only(shop, opened, context: PageContext, firm, tea, form) -> None:
    offer(shop, firm, (tea, 1, 900))
    rights = ("customers.view",)
    save_role(shop.actor, role_id=None, name="查询", scope=Scope.ALL, permissions=rights)
    context.actor = shop.as_role("查询")
    page = opened(PAGE)
    page.open(customer_id=firm)
    pane = tab(page, "报价")
    assert [action.text for action in pane._actions.offered] == ["打开", "打印"]
    select(pane)
    do(pane, "打开")
    assert form().title().startswith("查看报价")
    (row,) = form().draft.window(0, 9, None)
    assert (row["name"], row["list_fen"], row["price_fen"]) == ("红茶", 1_000, 900)
    form().dismiss()
    assert not context.toasts


def test_the_search_leads_to_the_quote(shop, opened, firm, tea) -> None:
    offer(shop, firm, (tea, 1, 900))
    quote = offer(shop, firm, (tea, 1, 950))
    page = opened(PAGE)
    page.open(customer_id=firm, tab="报价", select=quote)
    pane = tab(page, "报价")
    assert pane.list.current_row()["id"] == quote


def test_insert_works_before_the_list_has_a_row(pane, form, press) -> None:
    press(pane.widget.winfo_children()[0].winfo_children()[1], "<Insert>")
    form().dismiss()
