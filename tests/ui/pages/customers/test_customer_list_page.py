"""The clerk keeps customers in order: finds, adds, changes, deletes and brings back, by keyboard."""

from pathlib import Path

import pytest

from meiping.domains.audit.models import Operation
from meiping.domains.custom_fields.rules import CustomFieldInput, FieldKind
from meiping.domains.custom_fields.service import activate_field, add_field
from meiping.domains.customers.queries import customer_detail, find_customers
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_customer
from meiping.domains.settings.queries import levels, words
from meiping.domains.settings.service import save_options
from meiping.ui.pages.customers.customer_list_page import PAGE
from meiping.ui.pages.customers.recycle_bin_page import PAGE as BIN_PAGE
from tests.adapters.paper import page_texts
from tests.windows import texts


@pytest.fixture
def three(shop):
    """Three customers: 陈三, 单晓梅, 王小明."""
    status = words("customer_status")[0].id
    gold = next(level.id for level in levels() if level.name == "金卡")
    entered = (
        CustomerInput("王小明", phone="13822017788", card_number="880042", level_id=gold),
        CustomerInput("单晓梅", phone="13900001111", status_id=status),
        CustomerInput("陈三", phone="13600002222"),
    )
    return [add_customer(shop.actor, customer=customer) for customer in entered]


def shown(page) -> list[str]:
    page.widget.update()
    return [row["name"] for row in page.list.visible_rows()]


def facts(page) -> str:
    return str(page.head._facts.cget("text"))


def choose(page, name: str, press) -> None:
    press(page.list.tree, "<Home>")
    while page.list.current_row()["name"] != name:
        press(page.list.tree, "<Down>")


def type_into(page, write, pump, text: str) -> None:
    write(page.search.entry, text)
    pump(lambda: page.asked().text == text and page.search._told == text)
    page.widget.update()


# ---------------------------------------------------------------- finding


def test_the_search_box_is_ready_and_the_list_follows_typing(opened, three, write, pump, root):
    page = opened(PAGE)
    assert root.focus_get() is page.search.entry
    assert shown(page) == ["陈三", "单晓梅", "王小明"]
    assert facts(page) == "共 3 位客户 · 本月新增 3 位"
    type_into(page, write, pump, "sxm")
    assert shown(page) == ["单晓梅"]
    assert facts(page).startswith("符合条件 1 位客户")
    type_into(page, write, pump, "7788")
    assert shown(page) == ["王小明"]


def test_filters_narrow_together_and_are_taken_back_at_once(opened, three, write, pump):
    page = opened(PAGE)
    page.narrow(level_id=next(level.id for level in levels() if level.name == "金卡"))
    assert shown(page) == ["王小明"]
    type_into(page, write, pump, "陈")
    assert shown(page) == []
    page.list.blank.button.invoke()
    assert shown(page) == ["陈三", "单晓梅", "王小明"]
    assert page.search.get() == ""


def test_the_chosen_customer_stands_at_the_right(opened, three, press, pump):
    page = opened(PAGE)
    choose(page, "王小明", press)
    pump(lambda: page.detail._detail is not None and page.detail._detail.name == "王小明")
    assert {"王小明", "C00001", "电话", "138 2201 7788"} <= set(texts(page.detail.widget))


def test_an_empty_shop_offers_the_first_customer(opened, dialog, press):
    page = opened(PAGE)
    page.list.blank.button.invoke()
    assert dialog().title() == "新增客户"
    press(dialog(), "<Escape>")


# ---------------------------------------------------------------- adding and changing


def test_a_customer_is_added_without_the_mouse(opened, shop, context, press, dialog, write, no_dialog):
    page = opened(PAGE)
    press(page.search.entry, "<Control-n>")
    form = dialog().form
    write(form.editor("name").target, "单晓梅")
    write(form.editor("phone").target, "１３８ 2201 7788")
    press(form.editor("notes").target, "<Control-s>")
    assert no_dialog()
    assert shown(page) == ["单晓梅"]
    assert page.list.current_row()["name"] == "单晓梅"
    assert context.told() == "已新增客户“单晓梅”。"
    assert find_customers(shop.actor, "sxm")[0].phone == "13822017788"


def test_enter_walks_through_the_form_and_saves_at_its_end(
    opened, shop, press, dialog, write, no_dialog, root
):
    page = opened(PAGE)
    press(page.search.entry, "<Control-n>")
    write(dialog().form.editor("name").target, "陈三")
    for _field in range(40):
        if no_dialog():
            break
        press(
            root.focus_get(), "<Control-Return>" if root.focus_get().winfo_class() == "Text" else "<Return>"
        )
    assert shown(page) == ["陈三"]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({}, "name", "请填写客户名称或电话"),
        ({"phone": "没有"}, "phone", "不是电话号码"),
        ({"name": "甲", "card_number": "A-1"}, "card_number", "卡号只能是数字"),
        ({"name": "甲", "card_number": "880042"}, "card_number", "已经属于客户“王小明”（C00001）"),
        ({"name": "甲", "code": "c00001"}, "code", "编号已经用于客户“王小明”（C00001）"),
        ({"name": "甲", "birth_date": "2月30日"}, "birth_date", "看不懂"),
        ({"name": "甲", "birth_date": "2027-01-01"}, "birth_date", "不能晚于今天"),
        ({"name": "甲", "credit_limit_fen": "一千"}, "credit_limit_fen", "不是数字"),
        ({"name": "甲", "credit_limit_fen": "-5"}, "credit_limit_fen", "不能小于"),
        ({"name": "甲", "payment_days": "99999"}, "payment_days", "账期"),
        ({"name": "甲" * 61}, "name", "太长"),
    ],
)
def test_what_is_wrong_is_told_under_its_field_and_nothing_typed_is_lost(
    opened, three, press, dialog, fill, typed, field, sentence, no_dialog, answer
):
    page = opened(PAGE)
    press(page.search.entry, "<Control-n>")
    form_dialog = dialog()
    fill(form_dialog, **typed)
    form_dialog.submit()
    form_dialog.update()
    assert sentence in form_dialog.form._asked[field].message.cget("text")
    for key, words_typed in typed.items():
        assert form_dialog.form.editor(key).target.get() == words_typed
    answer("放弃")
    form_dialog.dismiss()
    assert no_dialog()
    assert len(shown(page)) == 3


def test_an_odd_phone_is_warned_about_and_saved_all_the_same(
    opened, shop, press, dialog, fill, answer, no_dialog
):
    page = opened(PAGE)
    press(page.search.entry, "<Control-n>")
    fill(dialog(), name="甲", phone="12345")
    dialog().form.editor("email").target.focus_force()
    dialog().update()
    assert "不像有效的号码" in dialog().form._asked["phone"].message.cget("text")
    answer("仍要保存")
    dialog().submit()
    assert no_dialog()
    assert find_customers(shop.actor, "12345")[0].name == "甲"


def test_a_known_phone_is_shown_while_typing_and_asked_about_when_saving(
    opened, shop, three, press, dialog, fill, pump, answer, no_dialog
):
    page = opened(PAGE)
    press(page.search.entry, "<Control-n>")
    form_dialog = dialog()
    fill(form_dialog, name="王太太", phone="138 2201 7788")
    pump(lambda: "王小明（电话相同）" in form_dialog._twins.cget("text"))
    answer("取消")
    form_dialog.submit()
    form_dialog.update()
    assert form_dialog.winfo_exists()
    answer("仍要保存")
    form_dialog.submit()
    assert no_dialog()
    assert len(shown(page)) == 4


def test_a_person_has_a_birthday_and_a_firm_an_industry(opened, press, dialog):
    page = opened(PAGE)
    press(page.search.entry, "<Control-n>")
    form = dialog().form
    form.update()
    assert form.editor("birth_date").widget.winfo_ismapped()
    assert not form.editor("industry_id").widget.winfo_ismapped()
    form.set_value("firm", True)
    form.update()
    assert not form.editor("birth_date").widget.winfo_ismapped()
    assert form.editor("industry_id").widget.winfo_ismapped()


def test_f2_changes_the_chosen_customer_and_emptied_fields_are_empty(
    opened, shop, three, press, dialog, fill
):
    page = opened(PAGE)
    choose(page, "王小明", press)
    press(page.list.tree, "<F2>")
    assert dialog().title() == "修改客户 C00001"
    fill(dialog(), name="王晓明", card_number="")
    dialog().form.set_value("level_id", None)
    dialog().submit()
    assert "王晓明" in shown(page)
    detail = customer_detail(shop.actor, three[0])
    assert (detail.card_number, detail.level) == ("", "")


def test_leaving_a_form_with_something_typed_asks_first(opened, press, dialog, fill, answer, no_dialog):
    page = opened(PAGE)
    press(page.search.entry, "<Control-n>")
    fill(dialog(), name="甲")
    answer("继续填写")
    press(dialog().form.editor("name").target, "<Escape>")
    assert dialog().form.value("name") == "甲"
    answer("放弃")
    press(dialog().form.editor("name").target, "<Escape>")
    assert no_dialog()


# ---------------------------------------------------------------- deleting, opening, taking out


def test_delete_moves_to_the_bin_and_undo_brings_back(opened, three, press, context):
    page = opened(PAGE)
    choose(page, "单晓梅", press)
    press(page.list.tree, "<Delete>")
    assert shown(page) == ["陈三", "王小明"]
    text, _kind, action = context.toasts[-1]
    assert text == "已把“单晓梅”移入回收站。"
    action[1]()
    assert shown(page) == ["陈三", "单晓梅", "王小明"]


def test_delete_in_the_search_box_deletes_no_customer(opened, three, press, write, pump):
    page = opened(PAGE)
    choose(page, "单晓梅", press)
    press(page.search.entry, "<Delete>")
    assert len(shown(page)) == 3


def test_several_are_deleted_at_once_and_restored_in_the_bin(opened, three, press, page, root):
    customers = opened(PAGE)
    press(customers.list.tree, "<Home>", "<Control-a>", "<Delete>")
    assert shown(customers) == []
    for child in page.winfo_children():
        child.destroy()
    bin_page = opened(BIN_PAGE).front
    assert len(shown(bin_page)) == 3
    press(bin_page.list.tree, "<Home>", "<F2>")
    assert len(shown(bin_page)) == 2
    bin_page.list.clear_selection()
    bin_page.perform(bin_page._actions.offered[0])
    assert len(shown(bin_page)) == 2  # nothing was chosen: told, not done


def test_enter_opens_the_hub(opened, three, press, context):
    page = opened(PAGE)
    choose(page, "王小明", press)
    press(page.list.tree, "<Return>")
    assert context.opened == [("customer_hub", {"customer_id": three[0]})]


def test_the_page_opens_narrowed_from_a_chart(opened, three):
    page = opened(PAGE)
    page.open(level_id=next(level.id for level in levels() if level.name == "金卡"))
    assert shown(page) == ["王小明"]
    page.open(text="陈", select=three[2])
    assert shown(page) == ["陈三"]  # the level no longer bounds it: the one asked for is seen


def test_export_holds_what_is_shown_as_it_is_shown(
    opened, three, tmp_path, monkeypatch, press, context, shop
):
    from openpyxl import load_workbook

    target = tmp_path / "客户.xlsx"
    monkeypatch.setattr("meiping.ui.list_output.choose_save_file", lambda *asked: target)
    page = opened(PAGE)
    page.narrow("1")
    page.list.sort_by("phone")
    press(page.search.entry, "<Control-e>")
    sheet = load_workbook(target).worksheets[0]
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    names = [row[1] for row in values if row[0] and str(row[0]).startswith("C0")]
    assert names == ["陈三", "王小明", "单晓梅"]
    assert "13600002222" in str(values) or "136 0000 2222" in str(values)
    assert context.told() == "已导出 3 行到“客户.xlsx”。"
    assert Operation.select().where(Operation.action == "export").count() == 1


def test_nothing_shown_is_not_exported(opened, context, press, monkeypatch):
    monkeypatch.setattr(
        "meiping.ui.list_output.choose_save_file", lambda *asked: pytest.fail("asked for a file")
    )
    page = opened(PAGE)
    press(page.search.entry, "<Control-e>")
    assert context.told() == "没有可以导出的内容。"


def test_print_lays_the_list_out_on_paper_under_the_shops_name(
    opened, shop, context, three, press, monkeypatch
):
    seen: list[Path] = []
    monkeypatch.setattr("meiping.ui.list_output.open_in_system", seen.append)
    page = opened(PAGE)
    press(page.search.entry, "<Control-p>")
    text = "\n".join(page_texts(seen[0]))
    assert all(word in text for word in (context.facts()["shop"], shop.actor.name, "王小明"))


def test_a_clerk_sees_neither_delete_nor_export(opened, shop, three, context, press):
    context.actor = shop.as_role("收银员")
    page = opened(PAGE)
    choose(page, "王小明", press)
    assert [word for word, _ in page.list.on_menu(page.list.current_row())] == [
        "打开客户操作",
        "修改",
        "新增客户",
        "-",
        "移到状态",
        "批量修改…",
    ]
    press(page.list.tree, "<Delete>", "<Control-e>")
    assert len(shown(page)) == 3


def test_a_reload_keeps_the_place_and_sees_what_is_new(opened, shop, three, press):
    page = opened(PAGE)
    choose(page, "王小明", press)
    add_customer(shop.actor, customer=CustomerInput("丁一"))
    page.reload()
    assert shown(page) == ["陈三", "单晓梅", "丁一", "王小明"]
    assert page.list.current_row()["name"] == "王小明"


# ---------------------------------------------------------------- the shop's own fields


@pytest.fixture
def own(shop):
    """Two fields of the shop's own, by title: a required choice in the list, and a number."""
    skin = CustomFieldInput("肤质", FieldKind.CHOICE, ("干", "油"), required=True, in_list=True)
    tall = CustomFieldInput("身高", FieldKind.NUMBER)
    return {field.title: add_field(shop.actor, record_kind="customer", field=field) for field in (skin, tall)}


def test_own_fields_are_asked_demanded_listed_and_shown(
    opened, shop, own, press, dialog, write, no_dialog, pump
):
    page = opened(PAGE)
    skin, tall = (f"custom_{own[title]}" for title in ("肤质", "身高"))
    assert [c.title for c in page.list.visible_columns()][-1] == "肤质"
    assert tall in page.list.layout.hidden
    press(page.search.entry, "<Control-n>")
    form = dialog().form
    write(form.editor("name").target, "单晓梅")
    write(form.editor(tall).target, "１６５.5")
    press(form.editor("notes").target, "<Control-s>")
    assert form._asked[skin].message.cget("text") == "请选择肤质。"
    form.set_value(skin, "油")
    press(form.editor("notes").target, "<Control-s>")
    assert no_dialog()
    assert page.list.current_row()[skin] == "油"
    pump(lambda: "油" in texts(page.detail.widget))
    assert {"肤质", "身高", "165.5"} <= set(texts(page.detail.widget))


def test_what_the_shop_demands_is_marked_in_the_form(opened, shop, press, dialog, write):
    save_options(shop.actor, values={"customers.required": ["city", "gender"]})
    page = opened(PAGE)
    press(page.search.entry, "<Control-n>")
    form = dialog().form
    write(form.editor("name").target, "陈三")
    press(form.editor("notes").target, "<Control-s>")
    assert form._asked["city"].message.cget("text") == "请填写城市。"
    form.set_value("firm", True)
    assert form._words["name"].cget("text") == "单位名称"
    write(form.editor("city").target, "佛山")
    press(form.editor("notes").target, "<Control-s>")
    assert shown(page) == ["陈三"]


def test_person_and_firm_are_two_forms_of_one_record(opened, press, dialog, write):
    page = opened(PAGE)
    press(page.search.entry, "<Control-n>")
    form = dialog().form
    write(form.editor("birth_date").target, "1990-05-01")
    form.set_value("firm", True)
    write(form.editor("tax_number").target, "91440606")
    assert form._asked["birth_date"].hidden
    assert not form._asked["tax_number"].hidden
    form.set_value("firm", False)
    assert form._asked["tax_number"].hidden
    assert str(form.value("birth_date")) == "1990-05-01"
    form.set_value("firm", True)
    assert form.value("tax_number") == "91440606"


def test_the_switch_is_turned_by_arrows(opened, press, dialog):
    page = opened(PAGE)
    press(page.search.entry, "<Control-n>")
    form = dialog().form
    press(form.editor("firm").target, "<Right>")
    assert form.value("firm") is True
    press(form.editor("firm").widget, "<Left>")
    assert form.value("firm") is False


def test_the_owner_is_handed_over_in_the_form_only_with_the_right_to_do_so(
    opened, shop, context, press, dialog
):
    add_customer(shop.actor, customer=CustomerInput("陈三", owner_id=shop.actor.operator_id))
    context.actor = shop.as_role("收银员")
    page = opened(PAGE)
    press(page.search.entry, "<Control-n>")
    assert str(dialog().form.editor("owner_id").widget.cget("state")) == "readonly"
    press(dialog(), "<Escape>")
    page.list.select_id(1)
    press(page.list.tree, "<F2>")
    assert str(dialog().form.editor("owner_id").widget.cget("state")) == "disabled"
    press(dialog(), "<Escape>")


def test_own_fields_leave_with_an_export_and_their_columns_come_and_go(
    opened, shop, own, tmp_path, monkeypatch, press, root
):
    from openpyxl import load_workbook

    custom = {own["肤质"]: "油", own["身高"]: "165.5"}
    add_customer(shop.actor, customer=CustomerInput("陈三", custom=custom))
    page = opened(PAGE)
    page.list.layout.toggle(f"custom_{own['身高']}")
    page.list.columns_changed()
    target = tmp_path / "客户.xlsx"
    monkeypatch.setattr("meiping.ui.list_output.choose_save_file", lambda *asked: target)
    press(page.search.entry, "<Control-e>")
    cells = [cell.value for row in load_workbook(target).worksheets[0].iter_rows() for cell in row]
    assert {"肤质", "油", "身高", 165.5} <= set(cells)
    page.list.sort_by(f"custom_{own['身高']}")
    for field_id in own.values():
        activate_field(shop.actor, field_id=field_id, active=False)
    page.reload()
    root.update()
    assert "肤质" not in [column.title for column in page.list.visible_columns()]
    assert shown(page) == ["陈三"]
