"""自定义字段: the owner adds what the customers' file lacks, and sees at once how it will be asked."""

from collections.abc import Callable
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.domains.custom_fields.queries import fields_of
from meiping.domains.custom_fields.rules import CustomFieldInput, FieldKind
from meiping.domains.custom_fields.service import add_field
from meiping.domains.customers.queries import customer_detail
from meiping.domains.customers.rules import KIND, CustomerInput
from meiping.domains.customers.service import add_customer
from meiping.domains.settings.queries import option
from meiping.ui.pages.system import settings_page
from meiping.ui.pages.system.custom_fields_page import PAGE
from tests.shop import OpenedShop
from tests.windows import PageContext, parts, texts, when_asked

Opened = Callable[[Any], Any]
Front = Callable[[], Any]
Press = Callable[..., None]
Write = Callable[..., None]


def titles(page: Any) -> list[str]:
    page.widget.update()
    return [row["title"] for row in page.list.visible_rows()]


@pytest.fixture
def two(shop: OpenedShop) -> dict[str, int]:
    """A choice and a text, by title."""
    skin = CustomFieldInput("肤质", FieldKind.CHOICE, ("干", "油"))
    tea = CustomFieldInput("口味", FieldKind.TEXT)
    return {field.title: add_field(shop.actor, record_kind=KIND, field=field) for field in (skin, tea)}


def test_an_empty_page_says_what_belongs_here_and_a_choice_is_set_up_by_keyboard(
    opened: Opened, front: Front, press: Press, write: Write, context: PageContext
) -> None:
    page = opened(PAGE)
    assert "肤质、车牌号" in page.list.blank.text.cget("text")
    page.list.blank.button.invoke()
    dialog = front()
    write(dialog.form.editor("title").target, "肤质")
    press(dialog.form.editor("kind").target, "<Right>", "<Right>", "<Right>")
    for word in ("干性", "油性", "混合"):
        rows = dialog.choices._rows
        row = next((row for row in rows if not row.entry.text.get()), rows[-1])
        write(row.entry, word)
        press(row.entry, "<Return>")
    press(dialog.form, "<Control-s>")
    (spec,) = fields_of(KIND)
    assert (spec.title, spec.kind, spec.choices) == ("肤质", FieldKind.CHOICE, ("干性", "油性", "混合"))
    assert titles(page) == ["肤质"]
    assert context.told() == "已保存字段“肤质”"


def test_control_enter_saves_from_a_word_too(
    opened: Opened, front: Front, press: Press, write: Write
) -> None:
    page = opened(PAGE)
    press(page.widget, "<Control-n>")
    dialog = front()
    write(dialog.form.editor("title").target, "肤质")
    press(dialog.form.editor("kind").target, "<Right>", "<Right>", "<Right>")
    write(dialog.choices._rows[0].entry, "干性")
    press(dialog.choices._rows[0].entry, "<Control-Return>")
    (spec,) = fields_of(KIND)
    assert spec.choices == ("干性",)


def test_how_it_will_be_asked_is_seen_at_once(opened: Opened, front: Front, pump: Any) -> None:
    page = opened(PAGE)
    page._add()
    dialog = front()
    dialog.form.set_value("title", "车牌号")
    dialog.form.set_value("required", True)
    pump(lambda: "车牌号" in texts(dialog._preview))
    assert "*" in texts(dialog._preview)
    dialog.form.set_value("kind", FieldKind.YES)
    pump(lambda: "是、否，或者不填。" in texts(dialog))
    when_asked(page.widget.winfo_toplevel(), "放弃")
    dialog.dismiss()


def test_what_is_wrong_is_told_beside_it(
    opened: Opened, front: Front, two: dict[str, int], press: Press
) -> None:
    page = opened(PAGE)
    page._add()
    dialog = front()
    dialog.form.set_value("title", "肤质")
    press(dialog.form, "<Control-s>")
    assert dialog.form._asked["title"].message.cget("text") == "已经有叫“肤质”的自定义字段。"
    dialog.form.set_value("title", "发质")
    dialog.form.set_value("kind", FieldKind.CHOICE)
    press(dialog.form, "<Control-s>")
    assert dialog._wrong.cget("text") == "请至少写一个选项。"
    assert len(fields_of(KIND)) == 2
    when_asked(page.widget.winfo_toplevel(), "放弃")
    dialog.dismiss()


def test_a_choice_renamed_is_renamed_with_its_customers_after_a_question(
    opened: Opened, front: Front, shop: OpenedShop, two: dict[str, int], press: Press, write: Write
) -> None:
    who = add_customer(shop.actor, customer=CustomerInput("甲", custom={two["肤质"]: "干"}))
    page = opened(PAGE)
    page.list.select_id(two["肤质"])
    page._change(page.list.current_row())
    dialog = front()
    assert "已有 1 条记录填了，类型不能再改" in texts(dialog)
    write(dialog.choices._rows[0].entry, "干性")
    press(dialog.choices._rows[0].entry, "<Alt-Down>")
    when_asked(page.widget.winfo_toplevel(), "一起改")
    press(dialog.form, "<Control-s>")
    assert fields_of(KIND)[0].choices == ("油", "干性")
    assert dict(customer_detail(shop.actor, customer_id=who).custom_facts)["肤质"] == "干性"


def test_a_word_is_dropped_and_one_empty_row_stays(
    opened: Opened, front: Front, two: dict[str, int], press: Press
) -> None:
    page = opened(PAGE)
    page.list.select_id(two["肤质"])
    page._change(page.list.current_row())
    dialog = front()
    for _word in range(3):
        press(dialog.choices._rows[0].entry, "<Control-Delete>")
    assert dialog.choices.words() == ()
    assert len(dialog.choices._rows) == 1
    when_asked(page.widget.winfo_toplevel(), "放弃")
    dialog.dismiss()


def test_the_buttons_above_the_list_read_in_the_order_of_its_menu(
    opened: Opened, two: dict[str, int]
) -> None:
    page = opened(PAGE)
    page.widget.update()
    shown = sorted(parts(page.head, ttk.Button), key=lambda button: button.winfo_x())
    assert [button.cget("text") for button in shown] == ["上移", "下移", "新增字段"]


def test_fields_are_moved_stopped_and_deleted(
    opened: Opened, two: dict[str, int], press: Press, context: PageContext
) -> None:
    page = opened(PAGE)
    page.list.select_id(two["口味"])
    press(page.list.tree, "<Alt-Up>")
    assert titles(page) == ["口味", "肤质"]
    assert page.list.current_row()["title"] == "口味"
    press(page.list.tree, "<Delete>")
    assert [spec.title for spec in fields_of(KIND)] == ["肤质"]
    assert context.told() == "已停用“口味”"
    page._delete(page.list.current_row())
    assert titles(page) == ["肤质"]


def test_the_owner_ticks_what_must_be_filled_in(opened: Opened, press: Press) -> None:
    page = opened(settings_page.PAGE)
    grid = page.form.editor("customers.required")
    grid.set_value(["city", "gender"])
    press(page.form, "<Control-s>")
    assert option("customers.required") == ["gender", "city"]
    assert not page.form.changed()
