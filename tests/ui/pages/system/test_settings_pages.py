"""设置 and 数据字典: the shop's own words and ways."""

import tkinter as tk
from collections.abc import Callable
from typing import Any

import pytest

from meiping.domains.access.queries import company_name
from meiping.domains.access.service import add_company
from meiping.domains.settings.options import OPTIONS
from meiping.domains.settings.queries import all_options, levels, option, words
from meiping.domains.settings.service import save_options
from meiping.kernel.errors import InputError
from meiping.store.database import fetch_value
from meiping.ui.pages.system import dictionaries_page, settings_page
from tests.shop import OpenedShop
from tests.windows import PageContext, dialogs, texts

Opened = Callable[[Any], Any]
Front = Callable[[], Any]
Fill = Callable[..., None]
Press = Callable[..., None]
Choose = Callable[[Any, str], None]


@pytest.fixture
def choose(pump: Callable[..., None]) -> Choose:
    """Choose one of the shop's lists at the left."""

    def to(page: Any, kind: str) -> None:
        page.lists.select_id(kind)
        pump(lambda: page.kind == kind)

    return to


def test_the_options_of_a_section_stand_together() -> None:
    sections = [spec.section for spec in OPTIONS]
    begun = [section for place, section in enumerate(sections) if sections[place - 1 : place] != [section]]
    assert len(begun) == len(set(begun)), "a form shows each heading once"


def test_every_option_is_on_the_page_with_its_value(opened: Opened, context: PageContext) -> None:
    page = opened(settings_page.PAGE)
    assert page.form.values() == all_options()
    assert set(page.form.values()) == {spec.key for spec in OPTIONS}


def test_only_what_was_changed_is_saved_and_written_down(
    opened: Opened, context: PageContext, shop: OpenedShop, press: Press
) -> None:
    page = opened(settings_page.PAGE)
    page.form.set_value("receipt.width", "58")
    page.form.set_value("backup.keep", 12)
    press(page.form, "<Control-s>")
    assert (option("receipt.width"), option("backup.keep")) == ("58", 12)
    summary = fetch_value("SELECT summary FROM operation ORDER BY id DESC LIMIT 1")
    assert summary == "修改设置：小票宽度、保留自动备份份数"
    assert context.told() == "设置已保存"
    assert not page.form.changed()


def test_a_wrong_setting_is_told_beside_it_and_nothing_is_saved(
    opened: Opened, context: PageContext, shop: OpenedShop, press: Press
) -> None:
    page = opened(settings_page.PAGE)
    page.form.set_value("shop.name", "")
    page.form.set_value("backup.keep", 2)
    page.form.set_value("receipt.width", "58")
    press(page.form, "<Control-s>")
    assert "请填写店名。" in texts(page.form)
    page.form.set_value("shop.name", "新店")
    press(page.form, "<Control-s>")
    assert "保留自动备份份数请在 3 到 500 之间。" in texts(page.form)
    assert option("receipt.width") == "80"
    page.undo()
    page.form.set_value("shop.phone", "没有")
    press(page.form, "<Control-s>")
    assert "电话请填写号码，例如 0755-26001234。" in texts(page.form)
    page.form.set_value("shop.phone", "0755-26001234")
    page.form.set_value("shop.name", "店" * 41)
    press(page.form, "<Control-s>")
    assert "店名太长，最多 40 个字，现在有 41 个。" in texts(page.form)
    with pytest.raises(InputError, match="最多 40 个字") as refused:
        save_options(shop.actor, values={"shop.name": "店" * 41})
    assert refused.value.field == "shop.name"


def test_the_company_is_renamed_with_the_shop(shop: OpenedShop) -> None:
    branch = add_company(shop.actor, name="东门分店")
    save_options(shop.actor, values={"shop.name": "新店"})
    assert company_name(shop.actor.company_id) == "新店"
    assert company_name(branch) == "东门分店"
    with pytest.raises(InputError, match="已经有叫“东门分店”的公司"):
        save_options(shop.actor, values={"shop.name": "东门分店"})


def test_what_is_typed_survives_a_change_from_elsewhere(
    opened: Opened, context: PageContext, shop: OpenedShop
) -> None:
    page = opened(settings_page.PAGE)
    page.form.set_value("shop.phone", "138 2201 7788")
    save_options(shop.actor, values={"backup.keep": 7})
    page.reload()
    assert page.form.value("shop.phone") == "138 2201 7788"
    page.undo()
    assert page.form.value("shop.phone") == ""
    assert page.form.value("backup.keep") == 7


def test_a_new_word_is_offered_at_once(
    opened: Opened, context: PageContext, choose: Choose, front: Front, fill: Fill, press: Press
) -> None:
    page = opened(dictionaries_page.PAGE)
    choose(page, "customer_source")
    press(page.words.tree, "<Control-n>")
    fill(front(), name="小红书")
    press(front(), "<Control-s>")
    assert words("customer_source")[-1].name == "小红书"
    assert page.words.current_row()["name"] == "小红书"


def test_a_word_there_already_is_refused_beside_the_field(
    opened: Opened, context: PageContext, choose: Choose, front: Front, fill: Fill, press: Press
) -> None:
    page = opened(dictionaries_page.PAGE)
    choose(page, "industry")
    page.add()
    fill(front(), name="零售")
    press(front(), "<Control-s>")
    assert "行业里已经有“零售”。" in texts(front())


def test_a_level_takes_its_discount_as_people_say_it(
    opened: Opened, context: PageContext, front: Front, fill: Fill, press: Press, root: tk.Tk
) -> None:
    page = opened(dictionaries_page.PAGE)
    page.words.select_id(levels()[1].id)
    press(page.words.tree, "<F2>")
    assert len(dialogs(root)) == 1
    fill(front(), discount_bp="8.8")
    press(front(), "<Control-s>")
    assert levels()[1].discount_bp == 8_800


def test_the_list_has_the_keys_again_after_a_word_was_saved(
    opened: Opened, context: PageContext, choose: Choose, front: Front, fill: Fill, press: Press, root: tk.Tk
) -> None:
    page = opened(dictionaries_page.PAGE)
    choose(page, "industry")
    page.words.select_id(words("industry")[0].id)
    press(page.words.tree, "<F2>")
    fill(front(), name="百货")
    press(front(), "<Control-s>")
    root.update()
    assert root.focus_get() is page.words.tree


def test_an_unused_word_is_put_aside_and_brought_back(
    opened: Opened, context: PageContext, choose: Choose, press: Press
) -> None:
    page = opened(dictionaries_page.PAGE)
    choose(page, "industry")
    first = words("industry")[0]
    page.words.select_id(first.id)
    press(page.words.tree, "<Delete>")
    assert first.name not in {word.name for word in words("industry")}
    press(page.words.tree, "<Delete>")
    assert first.name in {word.name for word in words("industry")}


def test_words_and_levels_are_put_in_order(
    opened: Opened, context: PageContext, choose: Choose, press: Press
) -> None:
    page = opened(dictionaries_page.PAGE)
    before = [level.id for level in levels()]
    page.words.select_id(before[0])
    press(page.words.tree, "<Alt-Down>", "<Alt-Down>")
    assert [level.id for level in levels()] == [before[1], before[2], before[0], *before[3:]]
    choose(page, "industry")
    there = [word.id for word in words("industry")]
    page.words.select_id(there[-1])
    press(page.words.tree, "<Alt-Up>")
    assert [word.id for word in words("industry")] == [*there[:-2], there[-1], there[-2]]
    assert page.words.current_row()["id"] == there[-1]
