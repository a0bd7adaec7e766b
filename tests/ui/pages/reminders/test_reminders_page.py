"""Somebody who follows up with customers keeps reminders, mostly by keyboard."""

import tkinter as tk
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.domains.reminders.automatic import renew_automatic
from meiping.domains.reminders.queries import ReminderFilter, due, reminder_detail, reminder_list
from meiping.domains.reminders.rules import ReminderInput, Repeat
from meiping.domains.reminders.service import add_reminder
from meiping.kernel.moments import show_moment
from meiping.ui.pages.reminders.reminders_page import PAGE
from meiping.ui.widgets.picker import Picker
from tests.domains.office.giving import give
from tests.factories import add_customer, recharge
from tests.shop import OpenedShop
from tests.windows import PageContext, parts, texts, when_asked

Press = Callable[..., None]
TODAY = date(2026, 3, 16)


def remind(shop: OpenedShop, subject: str, day: date = TODAY, at: time = time(10), **more: Any) -> int:
    return add_reminder(shop.actor, reminder=ReminderInput(subject, day, at, **more))


def subjects(page: Any) -> list[str]:
    page.list.draw_now()
    return [row["subject"] for row in page.list.visible_rows()]


def saved(shop: OpenedShop) -> dict[str, Any]:
    rows = reminder_list(shop.actor, ReminderFilter(state="all")).window(0, 9, None)
    assert len(rows) == 1
    return dict(rows[0])


def test_an_empty_list_says_what_belongs_there_and_offers_it(opened: Any, dialog: Any) -> None:
    page = opened(PAGE)
    words = texts(page.widget)
    assert any("提醒条" in word for word in words)
    assert "添加提醒" in words
    offered = [b for b in parts(page.list, ttk.Button) if b.cget("text") == "添加提醒"]
    offered[0].invoke()
    dialog().close()


def test_a_reminder_is_typed_and_saved_without_the_mouse(
    opened: Any, press: Press, dialog: Any, fill: Any, shop: OpenedShop, context: PageContext, pump: Any
) -> None:
    add_customer(shop, name="单晓梅", phone="13822017788")
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    form = dialog()
    assert form.form.value("first_date") == date(2026, 3, 17)
    fill(form, subject="回访", customer_id="sxm", first_date="0401", time_of_day="15点")
    picker = form.form.editor("customer_id")
    assert isinstance(picker, Picker)
    press(picker.entry, "<Down>", "<Return>")
    press(form, "<Control-s>")
    assert not form.winfo_exists()
    row = saved(shop)
    assert (row["subject"], row["customer"], row["first_date"]) == ("回访", "单晓梅", date(2026, 4, 1))
    assert (row["time_of_day"], row["operator"]) == ("15:00", "王老板")
    assert subjects(page) == ["回访"]
    assert context.told() == "已添加提醒。"


def test_a_usual_time_fills_day_and_time_in(opened: Any, press: Press, dialog: Any) -> None:
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    form = dialog()
    form.form.set_value("quick", "今晚8点")
    assert (form.form.value("first_date"), form.form.value("time_of_day")) == (TODAY, time(20))
    form.form.set_value("quick", "1小时后")
    assert (form.form.value("first_date"), form.form.value("time_of_day")) == (TODAY, time(10))
    form.close()


def test_late_in_the_evening_tonight_is_not_offered(
    opened: Any, press: Press, dialog: Any, shop: OpenedShop
) -> None:
    shop.clock.set(2026, 3, 16, 20, 30)
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    form = dialog()
    offered = form.form.editor("quick").target.cget("values")
    assert not any("今晚" in word for word in offered)
    assert any(word.startswith("明天9点（03-17 周二 09:00）") for word in offered)
    form.close()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "回访", "first_date": "31.2."}, "first_date"),
        ({"subject": "回访", "first_date": "2026-03-15"}, "time_of_day"),
        ({"subject": "回访", "time_of_day": "25:00"}, "time_of_day"),
        ({"subject": "回访", "customer_id": "查无此人"}, "customer_id"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    opened: Any,
    press: Press,
    dialog: Any,
    fill: Any,
    shop: OpenedShop,
    typed: dict[str, str],
    field: str,
) -> None:
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    form = dialog()
    fill(form, content="带上样品", **typed)
    press(form, "<Control-s>")
    assert form.winfo_exists()
    focused = str(form.focus_get())
    assert focused.startswith(str(form.form.editor(field).widget))
    assert form.form.value("content") == "带上样品"
    assert reminder_list(shop.actor).count() == 0
    form.close()


def test_the_customer_page_asks_for_a_reminder_with_its_customer_filled_in(
    opened: Any, dialog: Any, fill: Any, press: Press, shop: OpenedShop
) -> None:
    customer_id = add_customer(shop, name="李娜")
    page = opened(PAGE)
    page.open(customer_id=customer_id)
    form = dialog()
    assert form.form.value("customer_id") == customer_id
    fill(form, subject="送货")
    press(form, "<Control-s>")
    assert saved(shop)["customer_id"] == customer_id


def test_changing_keeps_what_was_not_touched(
    opened: Any, press: Press, dialog: Any, fill: Any, shop: OpenedShop
) -> None:
    customer_id = add_customer(shop, name="李娜")
    reminder_id = remind(
        shop, "交房租", date(2026, 3, 31), repeat=Repeat.MONTHLY, customer_id=customer_id, content="月底"
    )
    page = opened(PAGE)
    page.list.select_id(reminder_id)
    press(page.list.tree, "<F2>")
    form = dialog()
    assert form.form.value("repeat") is Repeat.MONTHLY
    fill(form, subject="交店租")
    press(form, "<Control-s>")
    detail = reminder_detail(shop.actor, reminder_id=reminder_id)
    assert (detail.subject, detail.customer, detail.content) == ("交店租", "李娜", "月底")
    assert detail.schedule.repeat is Repeat.MONTHLY


# ------------------------------------------------------------------ doing
def test_done_by_key_and_taken_back_from_the_message(
    opened: Any, press: Press, shop: OpenedShop, context: PageContext
) -> None:
    reminder_id = remind(shop, "回访")
    shop.clock.set(2026, 3, 16, 10, 30)
    page = opened(PAGE)
    page.list.select_id(reminder_id)
    press(page.list.tree, "<Control-d>")
    assert subjects(page) == []
    text, _kind, action = context.toasts[-1]
    assert text == "已完成。"
    assert action is not None
    assert action[0] == "撤销"
    action[1]()
    page.reload()
    assert subjects(page) == ["回访"]


def test_several_are_deleted_at_once_and_come_back(
    opened: Any, press: Press, shop: OpenedShop, context: PageContext
) -> None:
    for subject in ("甲", "乙", "丙"):
        remind(shop, subject)
    page = opened(PAGE)
    page.list.focus_set()
    press(page.list.tree, "<Control-a>", "<Delete>")
    assert subjects(page) == []
    text, _kind, action = context.toasts[-1]
    assert text == "已删除 3 条提醒。"
    assert action is not None
    action[1]()
    page.reload()
    assert len(subjects(page)) == 3


def test_deleting_many_is_asked_first(opened: Any, press: Press, answer: Any, shop: OpenedShop) -> None:
    for number in range(21):
        remind(shop, f"第{number}条")
    page = opened(PAGE)
    page.list.focus_set()
    answer("不删")
    press(page.list.tree, "<Control-a>", "<Delete>")
    assert reminder_list(shop.actor).count() == 21


def test_putting_off_to_a_time_in_words(opened: Any, shop: OpenedShop, root: ttk.App) -> None:
    reminder_id = remind(shop, "回访")
    page = opened(PAGE)
    page.list.select_id(reminder_id)

    def type_in(dialog: tk.Toplevel) -> None:
        (entry,) = parts(dialog, ttk.Entry)
        entry.delete(0, "end")
        entry.insert(0, "下周一下午3点")

    when_asked(root, "推迟", first=type_in)
    page.snooze_asking([reminder_id])
    row = saved(shop)
    assert row["state"] == "已推迟"
    assert show_moment(row["when_at"]) == "2026-03-23 15:00"


def test_the_pane_shows_it_and_its_buttons_do_it(
    opened: Any, shop: OpenedShop, context: PageContext, pump: Any, press: Press
) -> None:
    customer_id = add_customer(shop, name="李娜", phone="13822017788")
    reminder_id = remind(shop, "送货", customer_id=customer_id, content="两箱矿泉水")
    page = opened(PAGE)
    page.list.select_id(reminder_id)
    pump(lambda: "两箱矿泉水" in texts(page.widget))
    shown = texts(page.widget)
    assert {"送货", "李娜", "138 2201 7788", "2026-03-16 10:00 周一 · 待提醒"} <= set(shown)
    page.open_customer(page.list.current_row())
    assert context.opened == [("customer_hub", {"customer_id": customer_id})]


def test_filters_narrow_by_state_and_days(opened: Any, shop: OpenedShop) -> None:
    remind(shop, "今天")
    remind(shop, "明天", TODAY + timedelta(days=1))
    remind(shop, "下月", TODAY + timedelta(days=31))
    shop.clock.set(2026, 3, 16, 11)
    page = opened(PAGE)
    assert subjects(page) == ["今天", "明天", "下月"]
    page.narrow(state="due")
    assert subjects(page) == ["今天"]
    page.narrow(state=None, days=1)
    assert subjects(page) == ["今天", "明天"]
    page.narrow("下")
    page.clear()
    assert len(subjects(page)) == 3


def test_a_done_one_is_found_when_it_is_opened_from_elsewhere(
    opened: Any, shop: OpenedShop, press: Press
) -> None:
    reminder_id = remind(shop, "回访")
    page = opened(PAGE)
    page.list.select_id(reminder_id)
    press(page.list.tree, "<Control-d>")
    page.open(select=reminder_id)
    assert page.list.current_row()["state"] == "已完成"


def test_a_salesperson_is_not_asked_for_whom(
    opened: Any, dialog: Any, press: Press, shop: OpenedShop, context: PageContext, fill: Any
) -> None:
    context.actor = shop.as_role("业务员")
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    form = dialog()
    fill(form, subject="回访")
    press(form, "<Control-s>")
    assert not form.winfo_exists()
    shop.clock.set(2026, 3, 17, 9)
    assert [found.subject for found in due(context.actor)] == ["回访"]


# ------------------------------------------------------------------ given days, days ahead, automatic ones
def test_a_weekly_one_asks_on_which_days_and_says_so_in_the_list(
    opened: Any, press: Press, dialog: Any, fill: Any, shop: OpenedShop
) -> None:
    page = opened(PAGE)
    press(page.list.tree, "<Control-n>")
    form = dialog()
    assert not form.form.editor("weekdays").widget.winfo_viewable()
    fill(form, subject="盘点", days_ahead="2")
    form.form.set_value("first_date", date(2026, 3, 18))
    form.form.set_value("repeat", Repeat.WEEKLY)
    form.update()
    assert form.form.editor("weekdays").widget.winfo_viewable()
    assert form.form.value("weekdays") == [2], "the first date's own day to begin with"
    form.form.set_value("weekdays", [0, 2, 4])
    press(form, "<Control-s>")
    row = saved(shop)
    assert row["repeat"] == "每周一、三、五 · 提前 2 天"
    assert row["about_date"] == date(2026, 3, 18)
    assert show_moment(row["when_at"]) == "2026-03-16 09:00"


def test_changing_shows_the_given_days(opened: Any, press: Press, dialog: Any, shop: OpenedShop) -> None:
    reminder_id = remind(shop, "盘点", repeat=Repeat.WEEKLY, weekdays=0b100001, days_ahead=1)
    page = opened(PAGE)
    page.list.select_id(reminder_id)
    press(page.list.tree, "<F2>")
    form = dialog()
    assert form.form.value("weekdays") == [0, 5]
    assert form.form.value("days_ahead") == 1
    form.close()


def test_one_that_made_itself_says_so_and_leads_to_its_customer(
    opened: Any, press: Press, no_dialog: Any, shop: OpenedShop, context: PageContext, pump: Any
) -> None:
    customer_id = add_customer(shop, name="王晓梅", birth_date=date(1985, 3, 18))
    recharge(shop, customer_id, 5_000)
    renew_automatic(shop.actor)
    page = opened(PAGE)
    row = page.list.row_at(0)[1]
    assert row["repeat"] == "自动 · 提前 3 天"
    page.list.select_id(row["id"])
    pump(lambda: "2 天后（03-18 周三）" in texts(page.widget))
    assert "储值 ¥50.00" in texts(page.widget)
    press(page.list.tree, "<F2>")
    assert no_dialog()
    assert context.opened == [("customer_hub", {"customer_id": customer_id})]


def test_a_reminder_of_a_tasks_last_day_leads_to_the_task(
    opened: Any, shop: OpenedShop, context: PageContext, press: Press
) -> None:
    task = give(shop.actor, "送样品", due_date=TODAY)
    renew_automatic(shop.actor)
    page = opened(PAGE)
    page.narrow(kind="task_due")
    assert subjects(page) == ["任务到期：送样品"]
    page.list.select_id(page.list.row_at(0)[0])
    press(page.list.tree, "<F2>")
    assert context.opened == [("tasks", {"select": task})]
