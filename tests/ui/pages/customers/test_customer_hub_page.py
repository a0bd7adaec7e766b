"""Everything about one customer on one page, by keyboard."""

import pytest

from meiping.domains.customers.queries import customer_detail
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_customer, change_customer, delete_customers
from meiping.domains.ledger.queries import customer_balances
from meiping.domains.receivables.queries import open_items
from meiping.domains.receivables.service import receive
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.wallet.recharge_rules import save_rule
from meiping.domains.wallet.rules import RuleInput
from meiping.domains.wallet.service import refund
from meiping.kernel.tabular import Row
from meiping.ui.pages.customers.customer_hub_page import PAGE
from tests import factories
from tests.windows import when_asked


@pytest.fixture
def wang(shop) -> int:
    """王小明 with a limit of ¥1,000."""
    add_customer(shop.actor, customer=CustomerInput("陈三", phone="13600002222"))
    return add_customer(
        shop.actor, customer=CustomerInput("王小明", phone="13822017788", credit_limit_fen=1000_00)
    )


def on_credit(shop, customer_id: int) -> None:
    """A bill of ¥50.00 that is left unpaid."""
    product = factories.add_product(shop, stock=20)
    cart = factories.cart_of(shop, (product, 5), customer_id=customer_id)
    checkout(shop.actor, cart=cart, payments=[Payment("credit", price_bill(cart).total_fen)])


def show(page, write, pump, press, text: str) -> None:
    write(page.search.entry, text)
    press(page.search.entry, "<Return>")
    pump(lambda: page.view.detail is not None)


def tab(page, title: str):
    tabs = page.view.tabs
    place = next(n for n in range(tabs.index("end")) if tabs.tab(n, "text") == title)
    tabs.select(place)
    page.widget.update()
    return tabs._panes[place]


def rows(pane) -> list[Row]:
    pane.list.update()
    return list(pane.list.visible_rows())


def test_typing_and_enter_bring_the_customer_up(opened, wang, write, pump, press, root):
    page = opened(PAGE)
    assert root.focus_get() is page.search.entry
    show(page, write, pump, press, "7788")
    assert page.view.detail.id == wang
    assert page.view._name.cget("text") == "王小明"
    assert "C00002 · 138 2201 7788" in page.view._line.cget("text")


def test_whoever_was_not_found_is_added_by_mouse_with_what_was_typed(opened, wang, write, dialog, no_dialog):
    page = opened(PAGE)
    write(page.search.entry, "赵六")
    page.new.invoke()
    assert dialog().form.editor("name").target.get() == "赵六"
    dialog().submit()
    assert no_dialog()
    assert page.view.detail.name == "赵六"


def test_arrows_walk_through_the_results(opened, wang, press, pump):
    page = opened(PAGE)
    press(page.search.entry, "<Down>")
    press(page.list.tree, "<Home>")
    pump(lambda: page.view.detail is not None and page.view.detail.name == "陈三")
    press(page.list.tree, "<Down>")
    pump(lambda: page.view.detail.name == "王小明")


def test_who_is_not_found_can_be_added_with_what_was_typed(
    opened, shop, wang, write, pump, press, dialog, no_dialog
):
    page = opened(PAGE)
    write(page.search.entry, "13700003333")
    pump(lambda: page.list.count == 0)
    press(page.search.entry, "<Control-n>")
    assert dialog().form.value("phone") == "13700003333"
    dialog().submit()
    assert no_dialog()
    assert page.view.detail.phone == "13700003333"


def test_recharge_shows_at_once_in_figures_and_dealings(
    opened, shop, wang, context, press, dialog, fill, no_dialog
):
    page = opened(PAGE)
    page.open(customer_id=wang)
    press(page.list.tree, "<F6>")
    fill(dialog(), principal_fen="￥５００", bonus_fen="50")
    press(dialog().form.editor("note").target, "<Return>")
    assert no_dialog()
    assert context.told().startswith("已充值 ¥500.00，赠送 ¥50.00，单号 CZ-20260316-0001")
    assert page.view._money._figures[0][0].cget("text") == "¥550.00"
    assert [row["kind"] for row in rows(tab(page, "财务往来"))] == ["充值"]


def test_the_bonus_follows_the_rules_until_another_one_is_typed(
    opened, shop, wang, context, press, dialog, fill, no_dialog
):
    save_rule(shop.actor, rule=RuleInput("", 500_00, 50_00))
    page = opened(PAGE)
    page.open(customer_id=wang)
    press(page.list.tree, "<F6>")
    form = dialog().form
    for typed, bonus, said in (
        ("499", None, "没有适用的充值规则"),
        ("500", 50_00, "按规则“充 500 送 50”"),
        ("5", None, "没有适用的充值规则"),
    ):
        fill(dialog(), principal_fen=typed)
        assert form.value("bonus_fen") == bonus
        assert form._asked["bonus_fen"].message.cget("text") == said
    fill(dialog(), bonus_fen="8")
    fill(dialog(), principal_fen="1000")
    assert form.value("bonus_fen") == 8_00
    dialog().submit()
    assert no_dialog()
    assert context.told().startswith("已充值 ¥1,000.00，赠送 ¥8.00")


@pytest.mark.parametrize("typed", ["", "0", "-5", "很多", "1.234"])
def test_a_wrong_amount_is_told_and_nothing_is_booked(opened, shop, wang, press, dialog, fill, typed):
    page = opened(PAGE)
    page.open(customer_id=wang)
    press(page.list.tree, "<F6>")
    fill(dialog(), principal_fen=typed)
    dialog().submit()
    assert dialog().form._asked["principal_fen"].message.cget("text")
    assert customer_balances(shop.actor, customer_id=wang).stored_fen == 0


def test_a_payment_takes_all_of_the_debt_unless_another_sum_is_typed(
    opened, shop, wang, context, press, dialog, fill, no_dialog
):
    on_credit(shop, wang)
    page = opened(PAGE)
    page.open(customer_id=wang)
    press(page.list.tree, "<F7>")
    assert dialog().form.value("amount_fen") == 50_00
    fill(dialog(), amount_fen="60")
    dialog().submit()
    assert dialog().form._asked["amount_fen"].message.cget("text")
    fill(dialog(), amount_fen="20")
    dialog().submit()
    assert no_dialog()
    assert page.view._money._figures[1][0].cget("text") == "¥30.00"
    assert [row["kind"] for row in rows(tab(page, "财务往来"))] == ["收款", "销售"]


def test_ticked_bills_are_paid_and_the_sum_follows_the_ticks(
    opened, shop, wang, context, press, dialog, no_dialog
):
    on_credit(shop, wang)
    on_credit(shop, wang)
    page = opened(PAGE)
    page.open(customer_id=wang)
    press(page.list.tree, "<F7>")
    form = dialog().form
    first, second = (row["id"] for row in open_items(shop.actor, customer_id=wang).rows)
    assert form.value("amount_fen") == 100_00
    form.set_value("bills", [second])
    assert form.value("amount_fen") == 50_00
    dialog().submit()
    assert no_dialog()
    assert [row["id"] for row in open_items(shop.actor, customer_id=wang).rows] == [first]


def test_a_debt_can_be_given_up_with_a_reason(opened, shop, wang, context, dialog, fill, no_dialog):
    on_credit(shop, wang)
    page = opened(PAGE)
    page.open(customer_id=wang)
    page.view.write_off()
    dialog().submit()
    assert dialog().form._asked["reason"].message.cget("text")
    fill(dialog(), amount_fen="20", reason="搬走了")
    dialog().submit()
    assert no_dialog()
    assert context.told().startswith("已核销 ¥20.00")
    assert customer_balances(shop.actor, customer_id=wang).debt_fen == 30_00
    assert [row["kind"] for row in rows(tab(page, "财务往来"))] == ["核销", "销售"]


def test_without_a_debt_there_is_nothing_to_receive(opened, wang, context, press, no_dialog):
    page = opened(PAGE)
    page.open(customer_id=wang)
    press(page.list.tree, "<F7>")
    assert no_dialog()
    assert context.told() == "“王小明”没有欠款。"


def test_bills_open_at_their_own_page(opened, shop, wang, context, press):
    on_credit(shop, wang)
    page = opened(PAGE)
    page.open(customer_id=wang)
    bills = tab(page, "业务")
    press(bills.list.tree, "<Home>", "<Return>")
    assert context.opened[-1][0] == "bills"


def test_the_sub_tabs_are_turned_by_keys(opened, wang, press, root):
    page = opened(PAGE)
    page.open(customer_id=wang)
    tabs = page.view.tabs
    page.list.enter()
    seen = []
    for key in ("<Mod1-Right>", "<Mod1-Right>", "<Mod1-Left>", "<Mod1-Left>", "<Mod1-Left>"):
        press(root.focus_get(), key)
        seen.append(tabs.tab("current", "text"))
    assert seen == ["财务往来", "次卡", "财务往来", "业务", "动态"]


def test_after_a_key_of_the_customer_the_keyboard_is_where_it_was_or_in_the_tab_that_came(
    opened, shop, wang, press, root, dialog, no_dialog
):
    factories.sell(shop, (factories.add_product(shop, stock=9), 1), customer_id=wang)
    page = opened(PAGE)
    page.open(customer_id=wang)
    for where in (page.list.tree, page.search.entry):
        where.focus_set()
        press(where, "<F8>")
        press(dialog(), "<Escape>")
        assert no_dialog()
        assert root.focus_get() is where
    bills = tab(page, "业务")
    bills.list.enter()
    press(bills.list.tree, "<F4>")
    press(dialog(), "<Escape>")
    assert no_dialog()
    assert root.focus_get() is page.view.tabs, "nothing is written down yet: the tabs have the keys"


def test_a_bill_says_what_was_bought(opened, shop, wang):
    goods = [(factories.add_product(shop, name=name, stock=9), 1) for name in ("红茶", "绿茶", "白茶")]
    cart = factories.cart_of(shop, *goods, customer_id=wang)
    checkout(shop.actor, cart=cart, payments=[Payment("cash", price_bill(cart).total_fen)])
    page = opened(PAGE)
    page.open(customer_id=wang)
    assert [row["goods"] for row in rows(tab(page, "业务"))] == ["红茶、绿茶 等 3 种"]


def test_changes_are_found_with_who_and_when(opened, shop, wang, press, dialog, fill, no_dialog):
    page = opened(PAGE)
    page.open(customer_id=wang)
    press(page.list.tree, "<F2>")
    fill(dialog(), name="王晓明")
    dialog().submit()
    assert no_dialog()
    changes = rows(tab(page, "变动记录"))
    assert [(row["field"], row["old"], row["new"]) for row in changes] == [("客户", "王小明", "王晓明")]
    assert page.view._name.cget("text") == "王晓明"


def test_selling_goes_to_the_counter_with_the_customer(opened, wang, context, press):
    page = opened(PAGE)
    page.open(customer_id=wang)
    press(page.list.tree, "<F9>")
    assert context.opened == [("counter", {"customer_id": wang, "to_hub": True})]


def test_reminders_are_kept_without_leaving_the_customer(
    opened, wang, context, press, dialog, fill, no_dialog
):
    page = opened(PAGE)
    page.open(customer_id=wang)
    press(page.list.tree, "<F8>")
    fill(dialog(), subject="回访")
    dialog().submit()
    assert no_dialog()
    pane = tab(page, "提醒")
    assert [row["subject"] for row in rows(pane)] == ["回访"]

    pane.list.select_id(rows(pane)[0]["id"])
    press(pane.list.tree, "<F2>")
    fill(dialog(), subject="送货")
    dialog().submit()
    assert no_dialog()
    assert [row["subject"] for row in rows(pane)] == ["送货"]

    press(pane.list.tree, "<Control-d>")
    assert [row["state"] for row in rows(pane)] == ["已完成"]
    press(pane.list.tree, "<Delete>")
    assert rows(pane) == []
    assert context.opened == []


def test_keys_without_a_customer_say_what_is_missing(opened, wang, context, press, no_dialog):
    page = opened(PAGE)
    press(page.search.entry, "<F9>")
    assert context.told() == "请先在左边找一位客户。"
    press(page.search.entry, "<F6>", "<F7>", "<F2>")
    assert no_dialog()


def test_somebody_in_the_bin_is_shown_but_not_sold_to(opened, shop, wang, context, press):
    delete_customers(shop.actor, customer_ids=[wang])
    page = opened(PAGE)
    page.open(customer_id=wang)
    assert page.view._line.cget("text").startswith("在回收站里")
    press(page.list.tree, "<F9>")
    assert context.opened == []


def test_one_of_very_many_is_opened_from_elsewhere(opened, shop, wang, monkeypatch, pump):
    monkeypatch.setattr("meiping.ui.pages.customers.customer_hub_page._FEW", 1)
    page = opened(PAGE)
    page.open(customer_id=wang)
    pump(lambda: page.list.current_row() is not None)
    assert page.list.current_row()["name"] == "王小明"
    assert page.view.detail.id == wang


def test_what_was_changed_elsewhere_shows_after_a_reload(opened, shop, wang):
    page = opened(PAGE)
    page.open(customer_id=wang)
    kept = customer_detail(shop.actor, wang).as_input()
    change_customer(
        shop.actor, customer_id=wang, customer=CustomerInput("王晓明", phone=kept.phone, credit_limit_fen=1)
    )
    page.reload()
    assert page.view._name.cget("text") == "王晓明"


def test_a_salesperson_sees_money_but_takes_none(opened, shop, wang, context, press, no_dialog):
    seller = shop.as_role("业务员")
    mine = add_customer(seller, customer=CustomerInput("李四"))
    context.actor = seller
    page = opened(PAGE)
    assert page.list.count == 1
    page.open(customer_id=wang)
    assert page.view.detail is None
    page.open(customer_id=mine)
    press(page.list.tree, "<F6>", "<F7>", "<F9>")
    assert no_dialog()
    assert context.opened == []


def test_ctrl_e_takes_the_front_list_out(opened, shop, wang, press, tmp_path, monkeypatch):
    target = tmp_path / "往来.xlsx"
    monkeypatch.setattr("meiping.ui.list_output.choose_save_file", lambda *asked: target)
    on_credit(shop, wang)
    page = opened(PAGE)
    page.open(customer_id=wang)
    tab(page, "财务往来")
    press(page.list.tree, "<Control-e>")
    assert target.stat().st_size > 0


def test_the_timeline_shows_it_all_and_leads_to_each(opened, wang, write, pump, press, shop, context) -> None:
    on_credit(shop, wang)
    shop.clock.advance(minutes=1)
    factories.recharge(shop, wang, 5_000)
    page = opened(PAGE)
    show(page, write, pump, press, "7788")
    pane = tab(page, "动态")
    pump(lambda: pane.list.count == 2)
    assert [row["kind"] for row in rows(pane)] == ["充值", "销售"]
    pane.narrow("bills")
    pump(lambda: pane.list.count == 1)
    (bill,) = rows(pane)
    pane.list.on_open(bill)
    assert context.opened == [("bills", {"select": bill["record_id"]})]
    pane.narrow("money")
    pump(lambda: [row["kind"] for row in rows(pane)] == ["充值"])
    pane.list.on_open(rows(pane)[0])
    tabs = page.view.tabs
    assert tabs.tab(tabs.select(), "text") == "财务往来"


def test_an_empty_kind_of_the_timeline_says_so_and_offers_all(opened, wang, pump, shop) -> None:
    on_credit(shop, wang)
    page = opened(PAGE)
    page.open(customer_id=wang, tab="动态")
    pane = tab(page, "动态")
    pane.narrow("documents")
    pump(lambda: pane.list.count == 0)
    assert pane.list.blank.text.cget("text") == "没有“资料”这一类的动态"
    pane.list.blank.button.invoke()
    pump(lambda: pane.list.count == 1)


def test_one_comes_from_elsewhere_to_a_sub_tab(opened, wang) -> None:
    page = opened(PAGE)
    page.open(customer_id=wang, tab="动态")
    tabs = page.view.tabs
    assert page.view.detail.id == wang
    assert tabs.tab(tabs.select(), "text") == "动态"


def test_stored_value_is_refunded_and_the_bonus_asked_about(
    opened, shop, wang, context, press, dialog, fill, no_dialog
):
    factories.recharge(shop, wang, 100_00, 20_00)
    page = opened(PAGE)
    page.open(customer_id=wang)
    press(page.list.tree, "<Shift-F6>")
    fill(dialog(), principal_fen="40")
    dialog().submit()
    assert no_dialog()
    assert context.told() == "已退款 ¥40.00，单号 TK-20260316-0001。"
    press(page.list.tree, "<Shift-F6>")
    fill(dialog(), principal_fen="70")
    dialog().submit()
    assert "本金只有 ¥60.00" in dialog().form._asked["principal_fen"].message.cget("text")
    fill(dialog(), principal_fen="60")
    dialog().submit()
    assert dialog().form._asked["bonus"].message.cget("text"), "what becomes of the bonus is not said yet"
    dialog().form.set_value("bonus", "lapse")
    dialog().submit()
    assert no_dialog()
    assert context.told() == "已退款 ¥60.00，赠送 ¥20.00 作废，单号 TK-20260316-0002。"
    assert customer_balances(shop.actor, customer_id=wang).stored_fen == 0
    assert [row["kind"] for row in rows(tab(page, "财务往来"))] == ["退款", "退款", "充值"]


def test_bonus_alone_is_not_refunded(opened, shop, wang, context, press, no_dialog):
    factories.recharge(shop, wang, 100_00, 20_00)
    refund(shop.actor, key="first", customer_id=wang, principal_fen=100_00, lapse_bonus=False)
    page = opened(PAGE)
    page.open(customer_id=wang)
    press(page.list.tree, "<Shift-F6>")
    assert no_dialog()
    assert context.told() == "“王小明”没有可退的储值本金，只有赠送 ¥20.00，不能退成现金。"


def in_front(page):
    """The window that has the keys."""
    page.widget.update()
    return page.widget.nametowidget(page.widget.tk.eval("lindex [grab current] 0"))


def test_goods_come_back_without_leaving_the_customer(opened, shop, wang, context, press, no_dialog):
    product = factories.add_product(shop, stock=20)
    factories.sell(shop, (product, 3), customer_id=wang)
    page = opened(PAGE)
    page.open(customer_id=wang)
    bills = tab(page, "业务")
    bills.list.select_id(rows(bills)[0]["id"])
    page.widget.update()

    def in_window():
        returning = in_front(page)
        returning.form._asked[0].entry.set_value(1_000)
        returning.update()
        press(returning, "<Control-Return>")

    page.widget.after(80, in_window)
    press(page.list.tree, "<F3>")
    assert no_dialog()
    assert context.told() == "退货 TH-20260316-0001：退现金 ¥10.00。"
    assert [row["kind"] for row in rows(bills)] == ["退货", "销售"]


def test_f3_on_a_bill_of_goods_that_came_back_leads_to_the_list_of_bills(
    opened, shop, wang, context, press, no_dialog
):
    sold = factories.sell(shop, (factories.add_product(shop, stock=20), 3), customer_id=wang)
    (line,) = bill_detail(shop.actor, sale_id=sold.sale_id).lines
    return_goods(shop.actor, key="back", sale_id=sold.sale_id, quantities={line.id: 1_000})
    page = opened(PAGE)
    page.open(customer_id=wang)
    bills = tab(page, "业务")
    bills.list.select_id(rows(bills)[0]["id"])
    page.search.focus_set()
    press(page.search.entry, "<F3>")
    assert no_dialog()
    assert context.told() == "退货单不能再退，请选一张单，再按 F3 退货。"
    assert page.widget.focus_get() is bills.list.tree


@pytest.mark.parametrize("kind", ["sale", "recharge", "refund", "receipt"])
def test_the_paper_of_a_dealing_is_shown_again(opened, shop, wang, press, no_dialog, kind):
    on_credit(shop, wang)
    factories.recharge(shop, wang, 100_00)
    refund(shop.actor, key="back", customer_id=wang, principal_fen=10_00)
    receive(shop.actor, key="paid", customer_id=wang, amount_fen=10_00)
    page = opened(PAGE)
    page.open(customer_id=wang)
    dealings = tab(page, "财务往来")
    chosen = next(row for row in rows(dealings) if row["source"] == kind)
    dealings._show_slip(chosen)
    window = in_front(page)
    assert window.pane.receipt.number == chosen["number"]
    assert any("补打" in str(block) for block in window.pane.receipt.slip.blocks)
    press(window, "<Escape>")
    assert no_dialog()


def test_f11_asks_for_files_to_put_with_the_customer(opened, wang, press, monkeypatch):
    page = opened(PAGE)
    page.open(customer_id=wang)
    asked: list[object] = []
    chooser = "meiping.ui.pages.customers.documents.incoming.choose_open_files"

    def choose(*words: object) -> list[str]:
        asked.append(words)
        return []

    monkeypatch.setattr(chooser, choose)

    press(page.list.tree, "<F11>")
    assert len(asked) == 1
    tabs = page.view.tabs
    assert tabs.tab(tabs.index("current"), "text") == "更多资料"


def test_a_card_is_lost_and_found_again_from_the_hub(root, opened, wang, write, pump, press):
    page = opened(PAGE)
    show(page, write, pump, press, "7788")

    def choose(word: str) -> None:
        dict(page.view._card_entries(page.view.detail))[word]()

    when_asked(root, "挂失")
    choose("会员卡挂失")
    assert page.view._line.cget("text").startswith("会员卡已挂失")
    when_asked(root, "解除挂失")
    choose("解除挂失")
    assert "挂失" not in page.view._line.cget("text")
    assert [word for word, _ in page.view._card_entries(page.view.detail)] == [
        "会员卡挂失",
        "换卡…",
        "消费密码…",
    ]
