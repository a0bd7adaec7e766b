"""Statuses beside the list, conditions above it, one field of many customers, cards and labels."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from meiping.domains.customers.conditions import Condition, Operator
from meiping.domains.customers.queries import customer_detail
from meiping.domains.customers.rules import NOT_FILLED, CustomerInput
from meiping.domains.customers.service import add_customer
from meiping.domains.settings.queries import words
from meiping.ui.pages.customers.customer_list.advanced_dialog import AdvancedDialog
from meiping.ui.pages.customers.customer_list.paper import LabelDialog, card_of
from meiping.ui.pages.customers.customer_list_page import PAGE
from tests.windows import dialogs, texts


@pytest.fixture
def statuses():
    """The first two statuses as (id, name)."""
    return [(word.id, word.name) for word in words("customer_status")[:2]]


@pytest.fixture
def four(shop, statuses):
    """Four customers: two of the first status, one of the second, one of none."""
    (first, _), (second, _) = statuses
    entered = (
        CustomerInput("安一", status_id=first, province="浙江", next_contact_date=date(2026, 3, 1)),
        CustomerInput("白二", status_id=first, province="江苏", owner_id=shop.actor.operator_id),
        CustomerInput("陈三", status_id=second, address="人民路 8 号", phone="13600002222"),
        CustomerInput("丁四", credit_limit_fen=100_000),
    )
    return [add_customer(shop.actor, customer=customer) for customer in entered]


def shown(page) -> list[str]:
    page.widget.update()
    return [row["name"] for row in page.list.visible_rows()]


def counts(page) -> dict[str, str]:
    tree = page.side.tree
    return {str(tree.item(key, "text")): str(tree.set(key, "count")) for key in tree.get_children()}


def select(page, *places: int) -> None:
    page.list._hands.move_to(places[0])
    for place in places[1:]:
        page.list._hands.toggle(place)
    page.widget.update()


def of(shop, customer_id: int):
    return customer_detail(shop.actor, customer_id=customer_id)


def middle(tree, key: str) -> tuple[int, int]:
    _x, y, _width, height = tree.bbox(key)
    return tree.winfo_rootx() + 20, tree.winfo_rooty() + y + height // 2


# ---------------------------------------------------------------- statuses


def test_statuses_stand_at_the_left_with_counts_and_a_press_filters(opened, four, statuses):
    page = opened(PAGE)
    (first, name), (_, other) = statuses
    told = counts(page)
    assert (told["全部客户"], told["我的客户"], told["逾期未联系"]) == ("4", "1", "1")
    assert (told[name], told[other], told["未填写"]) == ("2", "1", "1")
    page.side.tree.selection_set(f"s{first}")
    page.widget.update()
    assert shown(page) == ["安一", "白二"]
    page.side.tree.selection_set("s0")
    page.widget.update()
    assert shown(page) == ["丁四"]
    page.side.tree.selection_set("overdue")
    page.widget.update()
    assert shown(page) == ["安一"]


def test_arrow_keys_step_over_the_heading(opened, four, statuses, press):
    page = opened(PAGE)
    page.side.tree.selection_set("overdue")
    page.side.tree.focus("overdue")
    press(page.side.tree, "<Down>")
    assert page.side.tree.selection() == (f"s{statuses[0][0]}",)
    press(page.side.tree, "<Up>")
    assert page.side.tree.selection() == ("overdue",)


def test_customers_dragged_onto_a_status_move_there_and_back(opened, shop, four, statuses, context, root):
    page = opened(PAGE)
    second, name = statuses[1]
    select(page, 0, 1)
    tree = page.list.tree
    x, y, _width, height = tree.bbox("r1", "name")
    tree.event_generate("<ButtonPress-1>", x=x + 5, y=y + height // 2, rootx=0, rooty=0)
    over_x, over_y = middle(page.side.tree, f"s{second}")
    page.list.drag.move(over_x, over_y)
    assert page.side.tree.item(f"s{second}", "tags") == ("target",) or "target" in str(
        page.side.tree.item(f"s{second}", "tags")
    )
    assert f"2 位客户 → {name}" in texts(root)
    tree.event_generate("<ButtonRelease-1>", x=5, y=5)
    root.update()
    assert [of(shop, one).status_id for one in four[:3]] == [second] * 3
    assert counts(page)[name] == "3"
    told, _kind, action = context.toasts[-1]
    assert told == f"已把 2 位客户的状态改为“{name}”。"
    action[1]()
    assert [of(shop, one).status_id for one in four[:2]] == [statuses[0][0]] * 2


def test_letting_go_elsewhere_or_escape_moves_nobody(opened, shop, four, press, root):
    page = opened(PAGE)
    before = [of(shop, one).status_id for one in four]
    select(page, 0, 1)
    page.list.drag.press(5, 5)
    assert page.list.drag.move(*middle(page.side.tree, "s0"))
    press(page.list.tree, "<Escape>")
    assert not page.list.drag.release()
    page.list.drag.press(5, 5)
    page.list.drag.move(root.winfo_rootx() + 600, root.winfo_rooty() + 300)
    assert page.list.drag.release()
    assert [of(shop, one).status_id for one in four] == before


def test_a_press_among_several_selected_rows_chooses_just_that_one(opened, four):
    page = opened(PAGE)
    select(page, 0, 1)
    x, y, _width, height = page.list.tree.bbox("r1", "name")
    page.list.tree.event_generate("<ButtonPress-1>", x=x + 5, y=y + height // 2)
    assert page.list.selected_count() == 2
    page.list.tree.event_generate("<ButtonRelease-1>", x=x + 5, y=y + height // 2)
    assert page.list.selected_ids() == [four[1]]


def test_the_menu_moves_to_a_status_by_keyboard(opened, shop, four, statuses):
    page = opened(PAGE)
    select(page, 3)
    entries = dict(dict(page.list.on_menu(page.list.current_row()))["移到状态"])
    entries[statuses[1][1]]()
    assert of(shop, four[3]).status_id == statuses[1][0]


def test_a_status_is_renamed_and_moved_by_keys(opened, four, statuses, press, dialog, fill, no_dialog):
    page = opened(PAGE)
    (first, _), (second, _) = statuses
    page.side.tree.selection_set(f"s{first}")
    page.widget.update()
    press(page.side.tree, "<F2>")
    fill(dialog(), name="新认识")
    press(dialog(), "<Control-s>")
    assert no_dialog()
    assert counts(page)["新认识"] == "2"
    press(page.side.tree, "<Alt-Down>")
    assert [word.id for word in words("customer_status")[:2]] == [second, first]


def test_the_side_list_is_hidden_and_its_choice_stays_in_sight(opened, four, statuses, press, context):
    page = opened(PAGE)
    page.narrow(status_id=statuses[0][0])
    press(page.search.entry, "<Control-Shift-S>")
    assert not page.side.widget.winfo_ismapped()
    assert f"状态：{statuses[0][1]}  ✕" in texts(page.chips.widget)
    assert context.view.get("customers.side") is False
    page._drop_side_choice()
    assert len(shown(page)) == 4


# ---------------------------------------------------------------- advanced search


@pytest.fixture
def asked(opened, press, root):
    """The page with the advanced search open."""
    page = opened(PAGE)
    press(page.search.entry, "<Control-Shift-F>")
    box = dialogs(root)[-1]
    assert isinstance(box, AdvancedDialog)
    return page, box


def test_conditions_are_asked_said_as_chips_and_taken_back(four, asked, write, press):
    page, box = asked
    row = box.rows[0]
    row.field_box.set_value("province")
    write(row._editors[0].target, "江")
    press(row._editors[0].target, "<Return>")
    assert shown(page) == ["安一", "白二"]
    page.search_more()
    again: Any = dialogs(page.widget.winfo_toplevel())[-1]
    again.add()
    again.rows[1].field_box.set_value("owner")
    again.rows[1]._editors[0].set_value([page.context.actor.operator_id, 0])
    again.submit()
    assert shown(page) == ["安一", "白二"]
    assert len([text for text in texts(page.chips.widget) if "✕" in text]) == 2
    page.chips._remove(page.chips.conditions[0])
    assert len(shown(page)) == 4
    page.clear()
    assert not page.chips.conditions
    assert not page.asked().narrowed()


def test_what_is_wrong_is_told_at_its_row_and_nothing_is_lost(four, asked, write):
    page, box = asked
    row = box.rows[0]
    row.field_box.set_value("credit_limit_fen")
    write(row._editors[0].target, "一千")
    box.submit()
    assert box.winfo_exists()
    assert any("不是数字" in text for text in texts(row))
    assert row._editors[0].raw() == "一千"
    write(row._editors[0].target, "1000")
    box.submit()
    assert shown(page) == ["丁四"]


def test_searches_are_kept_used_and_replaced(opened, shop, four, dialog, fill, answer):
    page = opened(PAGE)
    page.chips.use((Condition("province", Operator.CONTAINS, ("浙",)),))
    form = page.saved.ask_name()
    fill(form, name="浙江的")
    form.submit()
    page.clear()
    dict(page.saved.entries())["浙江的"]()
    assert shown(page) == ["安一"]
    page.chips.use((Condition("province", Operator.CONTAINS, ("苏",)),))
    form = page.saved.ask_name()
    fill(form, name="浙江的")
    answer("替换")
    form.submit()
    page.clear()
    dict(page.saved.entries())["浙江的"]()
    assert shown(page) == ["白二"]


def test_what_filters_and_side_list_are_set_to_is_kept_too(
    opened, shop, four, statuses, dialog, fill, context, no_dialog
):
    page = opened(PAGE)
    page.narrow("安", status_id=statuses[0][0], owner_id=shop.actor.operator_id)
    dict(page.saved.entries())["保存现在的条件…"]()
    fill(dialog(), name="我的一类")
    dialog().submit()
    page.clear()
    page.narrow(status_id=statuses[1][0], source_id=NOT_FILLED)
    dict(page.saved.entries())["我的一类"]()
    assert shown(page) == ["白二"]
    page.clear()
    page.narrow("安")
    dict(page.saved.entries())["保存现在的条件…"]()
    assert no_dialog(), "it is said before a name is asked for"
    assert "没有可以保存的条件" in context.told()


# ---------------------------------------------------------------- one field of many


def test_one_field_of_the_selected_customers_is_changed_and_taken_back(
    opened, shop, four, dialog, fill, context, no_dialog
):
    page = opened(PAGE)
    select(page, 0, 1, 2)
    page._bulk(page.list.selected_ids())
    box = dialog()
    box.form.editor("field").set_value("province")
    assert "浙江 1 位" in box._now.cget("text")
    fill(box, province="上海")
    box.submit()
    assert no_dialog()
    assert [of(shop, one).province for one in four] == ["上海", "上海", "上海", ""]
    told, _kind, action = context.toasts[-1]
    assert told == "已把 3 位客户的省份改为“上海”。"
    action[1]()
    assert [of(shop, one).province for one in four] == ["浙江", "江苏", "", ""]


def test_a_day_given_to_many_is_told_as_the_program_shows_days(opened, four, dialog, fill, context):
    page = opened(PAGE)
    select(page, 0, 1)
    page._bulk(page.list.selected_ids())
    box = dialog()
    box.form.editor("field").set_value("next_contact_date")
    fill(box, next_contact_date="20261201")
    box.submit()
    assert context.toasts[-1][0] == "已把 2 位客户的下次联系改为“2026-12-01”。"


# ---------------------------------------------------------------- on paper


def test_a_card_holds_what_may_be_seen(shop, four):
    card = card_of(shop.actor, four[3])
    assert card.title == "丁四"
    assert ("信用额度", "¥1,000.00") in card.sections[3].facts
    assert [name for name, _value in card.figures] == ["储值余额", "欠款", "累计消费"]


def test_labels_are_laid_out_and_those_without_an_address_told(
    opened, four, root, tmp_path, monkeypatch, context
):
    target = Path(tmp_path / "标签.pdf")
    monkeypatch.setattr(
        "meiping.ui.pages.customers.customer_list.paper.choose_save_file", lambda *asked: target
    )
    page = opened(PAGE)
    select(page, 0, 2)
    page._print_labels(page.list.selected_ids())
    box = dialogs(root)[-1]
    assert isinstance(box, LabelDialog)
    box._preview()
    assert "1 位没有填写地址" in box._told.cget("text")
    assert len(box.labels()) == 1
    box.form.set_value("content", "name")
    assert len(box.labels()) == 2
    box.save()
    assert target.read_bytes().startswith(b"%PDF")


def test_labels_begin_on_a_place_that_the_page_has(opened, four, root, tmp_path, monkeypatch):
    target = Path(tmp_path / "标签.pdf")
    monkeypatch.setattr(
        "meiping.ui.pages.customers.customer_list.paper.choose_save_file", lambda *asked: target
    )
    page = opened(PAGE)
    select(page, 0, 2)
    page._print_labels(page.list.selected_ids())
    box = dialogs(root)[-1]
    box.form.set_value("content", "name")
    box.form.set_value("first", 99)
    box.save()
    assert any("请输入 1 到 " in one for one in texts(box))
    assert not target.exists()
    box.form.set_value("first", 2)
    box.save()
    assert target.read_bytes().startswith(b"%PDF")


def test_a_right_click_offers_what_can_be_done_with_the_status_under_it(opened, four, statuses, monkeypatch):
    offered: list[dict[str, object]] = []
    monkeypatch.setattr(
        "meiping.ui.pages.customers.customer_list.status_side.popup",
        lambda _tree, entries, _x, _y: offered.append(dict(entries)),
    )
    page = opened(PAGE)
    page.widget.update()
    tree, (first, _name) = page.side.tree, statuses[0]
    across, down = middle(tree, f"s{first}")
    tree.event_generate("<Button-3>", x=across - tree.winfo_rootx(), y=down - tree.winfo_rooty())
    assert offered[0]["改名…"] is not None
    assert page.side.values()["status_id"] == first
