"""The shop is tidied up: who is in it twice is found, looked at side by side, made one, and taken apart again."""

from typing import Any

import pytest

from meiping.domains.customers.queries import customer_detail, find_customers
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_customer, delete_customers
from meiping.domains.stewardship.merge_rules import Side
from meiping.ui.pages.customers.customer_form import add_customer_dialog
from meiping.ui.pages.customers.customer_hub_page import PAGE as HUB
from meiping.ui.pages.customers.customer_list_page import PAGE as LIST
from meiping.ui.pages.customers.duplicates_page import PAGE
from meiping.ui.pages.customers.merging.commands import anonymise, merge_with_another
from meiping.ui.pages.customers.merging.merge_dialog import MergeDialog
from tests.windows import dialogs, texts

_ASKED = frozenset({"same_phone", "odd_input"})


@pytest.fixture
def twins(shop) -> tuple[int, int]:
    """One firm twice, with other words; and somebody else."""
    entered = (
        CustomerInput("深圳市好味美食有限公司", firm=True, phone="13800001234", notes="要发票"),
        CustomerInput("好味美食商行", firm=True, phone="13800001234", address="南门", notes="老板娘姓林"),
        CustomerInput("王小明", phone="13822017788"),
    )
    ids = [add_customer(shop.actor, customer=one, confirmed=_ASKED) for one in entered]
    return ids[0], ids[1]


def merge_dialog(root) -> MergeDialog:
    root.update()
    (found,) = (one for one in dialogs(root) if isinstance(one, MergeDialog))
    return found


def shown(page) -> list[tuple[str, str]]:
    page.widget.update()
    return [(row["left"], row["right"]) for row in page.list.visible_rows()]


def test_the_same_firm_is_found_and_made_one_by_keyboard(opened, twins, context, press, root):
    page = opened(PAGE)
    assert any("还没有找过" in one for one in texts(page.widget))
    page.pairs.look()
    assert shown(page.pairs) == [("深圳市好味美食有限公司", "好味美食商行")]
    assert page.pairs.list.row_at(0)[1]["reasons"] == "电话相同、主要名称相同"
    page.pairs.list.enter()
    press(page.pairs.list.tree, "<Return>")
    dialog = merge_dialog(root)
    assert {"备注", "要发票", "老板娘姓林", "南门"} <= set(texts(dialog))
    assert dialog.picks()["notes"] is Side.BOTH
    press(dialog.button, "<Control-Return>")
    left = customer_detail(context.actor, customer_id=twins[0])
    assert (left.name, left.address, left.notes) == ("深圳市好味美食有限公司", "南门", "要发票\n老板娘姓林")
    assert shown(page.pairs) == []
    text, _kind, action = context.toasts[-1]
    assert text == "已把“好味美食商行”并入“深圳市好味美食有限公司”。"
    action[1]()
    assert customer_detail(context.actor, customer_id=twins[0]).address == ""
    assert len(shown(page.pairs)) == 1


def test_the_other_one_may_stay(opened, twins, context, root):
    page = opened(PAGE)
    page.pairs.look()
    page.pairs.merge(page.pairs.list.row_at(0)[1])
    dialog = merge_dialog(root)
    dialog.swap()
    dialog.submit()
    (hit,) = find_customers(context.actor, "13800001234")
    assert hit.id == twins[1]


def test_not_the_same_is_remembered_until_taken_back(opened, twins, context, press):
    page = opened(PAGE)
    page.pairs.look()
    page.pairs.list.enter()
    press(page.pairs.list.tree, "<Delete>")
    assert shown(page.pairs) == []
    page.pairs.look()
    assert any("没有找到" in one for one in texts(page.widget))
    _text, _kind, action = context.toasts[-1]
    action[1]()
    page.pairs.look()
    assert len(shown(page.pairs)) == 1


def test_what_is_settled_makes_room_for_the_next_pair(opened, shop, twins, context, press, root):
    for name in ("王小明", "王小明商行"):
        add_customer(shop.actor, customer=CustomerInput(name, phone="13822017788"), confirmed=_ASKED)
    page = opened(PAGE)
    page.pairs.look()
    before = shown(page.pairs)
    assert len(before) > 2
    page.pairs.list.enter()
    press(page.pairs.list.tree, "<Delete>")
    assert shown(page.pairs) == before[1:]
    row = page.pairs.list.current_row()
    assert (row["left"], row["right"]) == before[1]
    press(page.pairs.list.tree, "<Delete>")
    assert shown(page.pairs) == before[2:]


def test_a_merge_is_taken_apart_in_the_list_of_merges(opened, twins, context, answer, root):
    page = opened(PAGE)
    page.pairs.look()
    page.pairs.merge(page.pairs.list.row_at(0)[1])
    merge_dialog(root).submit()
    page.turn(merges=True)
    page.widget.update()
    (row,) = page.merges.list.visible_rows()
    assert (row["twin"], row["survivor"]) == ("好味美食商行", "深圳市好味美食有限公司")
    answer("撤销合并")
    page.merges.undo(row)
    assert page.merges.list.count == 0
    assert customer_detail(context.actor, customer_id=twins[1]).deleted_at is None


def test_a_refusal_is_said_in_the_dialog_and_nothing_is_done(opened, twins, context, root):
    page = opened(PAGE)
    page.pairs.look()
    page.pairs.merge(page.pairs.list.row_at(0)[1])
    dialog = merge_dialog(root)
    delete_customers(context.actor, customer_ids=[twins[1]])
    dialog.submit()
    assert any("回收站" in one for one in texts(dialog))
    dialog.dismiss()
    assert customer_detail(context.actor, customer_id=twins[0]).address == ""


def test_two_rows_of_the_list_are_merged_and_one_asks_for_the_other(opened, twins, context, root, dialog):
    page = opened(LIST)
    merge = next(action for action in page._actions.offered if action.text == "合并…")
    merge.command([*twins], None)
    merge_dialog(root).dismiss()
    merge_with_another(page.widget, context, twins[0], "甲", page.reload)
    asked = dialog()
    asked.form.editor("twin_id").set_value(twins[0])
    asked.submit()
    assert any("另一位客户" in one for one in texts(asked))
    asked.form.editor("twin_id").set_value(twins[1])
    asked.submit()
    found = merge_dialog(root)
    assert "好味美食商行" in texts(found)
    found.dismiss()


def test_the_hub_of_a_merged_customer_is_the_survivors(opened, twins, context, root):
    page = opened(PAGE)
    page.pairs.look()
    page.pairs.merge(page.pairs.list.row_at(0)[1])
    merge_dialog(root).submit()
    hub = opened(HUB)
    hub.open(customer_id=twins[1])
    assert hub.view.detail.id == twins[0]


def test_the_form_warns_while_typing_and_leads_to_who_is_there(opened, twins, context, pump, write, root):
    page = opened(LIST)
    form = add_customer_dialog(page.widget, context, lambda _id: None)
    write(form.form.editor("name").target, "好味美食公司")
    pump(lambda: "主要名称相同" in form._twins.cget("text"))
    entry: Any = form.form.editor("name").target
    entry.delete(0, "end")
    form._open_twin(twins[0])
    assert context.opened[-1] == ("customer_hub", {"customer_id": twins[0]})


def test_of_several_who_are_there_any_can_be_opened(opened, twins, context, pump, write, root):
    page = opened(LIST)
    form = add_customer_dialog(page.widget, context, lambda _id: None)
    write(form.form.editor("phone").target, "13800001234")
    pump(lambda: form._twins.cget("text").count("电话相同") == 2)
    entry: Any = form.form.editor("phone").target
    entry.delete(0, "end")
    root.update()
    form._opener.invoke()
    root.update()
    menu: Any = form._opener.winfo_children()[0]
    words = [menu.entrycget(place, "label") for place in range(menu.index("end") + 1)]
    assert words == ["深圳市好味美食有限公司（电话相同）", "好味美食商行（电话相同）"]
    menu.unpost()
    menu.invoke(1)
    assert context.opened[-1] == ("customer_hub", {"customer_id": twins[1]})


def test_a_customer_is_made_anonymous_after_a_question(opened, twins, context, answer):
    page = opened(LIST)
    answer("永久隐去")
    anonymise(context, twins[0], page.reload)
    assert customer_detail(context.actor, customer_id=twins[0]).name.startswith("已隐去")
