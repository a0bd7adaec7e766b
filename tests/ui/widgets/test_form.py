"""Forms as a clerk fills them in."""

import tkinter as tk
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.kernel.errors import InputError, UserError
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.picker import Choice

Press = Callable[..., None]
PEOPLE = (Choice(7, "王晓梅", "138 2201 7788"), Choice(8, "李娜"))
FIELDS = (
    Field("name", "姓名", required=True, section="基本资料"),
    Field("phone", "手机", FieldKind.PHONE),
    Field("level", "等级", FieldKind.CHOICE, required=True, choices=lambda: [(1, "普通"), (2, "金卡")]),
    Field("birthday", "生日", FieldKind.DATE),
    Field("credit", "赊账额度", FieldKind.MONEY, section="账务", default=0),
    Field("discount", "折扣", FieldKind.DISCOUNT),
    Field(
        "referrer",
        "介绍人",
        FieldKind.PICK,
        search=lambda text: [person for person in PEOPLE if text in person.title],
        resolve=lambda number: next(person for person in PEOPLE if person.id == number),
    ),
    Field("sms", "愿意接收短信", FieldKind.CHECK),
    Field("points", "积分", FieldKind.NUMBER, readonly=True),
    Field("note", "备注", FieldKind.LONG_TEXT),
)


@pytest.fixture
def form(page: tk.Widget) -> Form:
    made = Form(page, FIELDS)
    made.pack(fill="both", expand=True)
    page.update()
    return made


def said(form: Form) -> dict[str, str]:
    """What is said under the fields, by key."""
    return {
        key: str(asked.message.cget("text"))
        for key, asked in form._asked.items()
        if asked.message.winfo_ismapped()
    }


def fill(form: Form, **texts: str) -> None:
    for key, text in texts.items():
        target: Any = form.editor(key).target
        target.delete("1.0" if isinstance(target, tk.Text) else 0, "end")
        target.insert("1.0" if isinstance(target, tk.Text) else 0, text)
    form.update()


def test_a_filled_form_gives_parsed_values(form: Form) -> None:
    form.set_values({"level": 2, "referrer": 7, "sms": True, "points": 3460})
    fill(
        form,
        name=" 王晓梅 ",
        phone="138-2201-7788",
        birthday="19891203",
        credit="１,０００",
        discount="85",
        note="两行\n备注",
    )
    assert form.values() == {
        "name": "王晓梅",
        "phone": "13822017788",
        "level": 2,
        "birthday": date(1989, 12, 3),
        "credit": 100000,
        "discount": 8500,
        "referrer": 7,
        "sms": True,
        "points": 3460,
        "note": "两行\n备注",
    }


def test_all_mistakes_are_told_at_once_and_nothing_typed_is_lost(form: Form) -> None:
    fill(form, birthday="十三月", credit="很多")
    with pytest.raises(InputError) as refused:
        form.values()
    form.update()
    assert refused.value.field == "name"
    assert said(form)["name"] == "请填写姓名。"
    assert said(form)["level"] == "请选择等级。"
    assert "看不懂" in said(form)["birthday"]
    assert "不是数字" in said(form)["credit"]
    assert form.tk.eval("focus") == str(form.editor("name").target)
    assert (form.editor("birthday").raw(), form.editor("credit").raw()) == ("十三月", "很多")


def test_a_complaint_goes_when_its_field_is_touched(form: Form) -> None:
    with pytest.raises(InputError):
        form.values()
    fill(form, name="王")
    assert "name" not in said(form)
    assert "level" in said(form)


def test_an_odd_phone_is_doubted_in_amber_and_does_not_stop(form: Form, press: Press) -> None:
    form.set_values({"level": 1})
    fill(form, name="王", phone="12345678")
    assert form.values()["phone"] == "12345678"
    form.update()
    assert "不像有效的号码" in said(form)["phone"]
    assert str(form._asked["phone"].message.cget("style")) == "Warn.TLabel"


def test_enter_walks_and_the_last_one_submits(page: tk.Widget, press: Press) -> None:
    sent: list[str] = []
    form = Form(page, FIELDS[:3], on_submit=lambda: sent.append("yes"))
    form.pack()
    form.focus_first()
    page.update()
    focus = [page.tk.eval("focus")]
    for key in ("<Return>", "<Return>", "<Shift-Return>", "<Return>", "<Return>"):
        press(page, key)
        focus.append(page.tk.eval("focus"))
    names, targets = ("name", "phone", "level", "phone", "level", "level"), []
    targets = [str(form.editor(name).target) for name in names]
    assert (focus, sent) == (targets, ["yes"])


def test_enter_stays_in_a_text_box_and_tab_leaves_it(form: Form, press: Press) -> None:
    note: Any = form.editor("note").target
    press(note, "<Return>", "<Tab>")
    assert note.get("1.0", "end-1c") == "\n"
    assert form.tk.eval("focus") != str(note)


def test_a_refusal_of_the_program_stands_beside_its_field_or_on_top(form: Form) -> None:
    form.show_error(UserError("这个手机已经属于李娜。", field="phone"))
    form.update()
    assert said(form)["phone"] == "这个手机已经属于李娜。"
    form.show_error(UserError("今天的班次已经结束。"))
    form.update()
    assert form._top.winfo_ismapped()
    form.clear_errors()
    form.update()
    assert not form._top.winfo_ismapped()
    assert said(form) == {}


def test_only_what_a_person_changed_counts_as_changed(form: Form) -> None:
    form.set_values({"name": "王", "level": 1, "referrer": 7, "birthday": date(1989, 12, 3)})
    assert not form.changed()
    fill(form, note="x")
    assert form.changed()
    fill(form, note="")
    assert not form.changed()


def test_two_columns_where_there_is_room_one_below(
    page: tk.Widget, form: Form, pump: Callable[..., None]
) -> None:
    def rows() -> int:
        return len({int(form.editor(field.key).widget.grid_info()["row"]) for field in FIELDS})

    assert rows() == 6
    form.pack_forget()
    form.place(x=0, y=0, width=400, height=690)
    pump(lambda: rows() == len(FIELDS))


def test_hidden_fields_have_no_value_and_disabled_ones_are_not_required(form: Form) -> None:
    form.set_values({"level": 1})
    form.show("note", False)
    form.enable("name", False)
    assert "note" not in form.values()


def test_a_record_typed_but_not_picked_is_asked_for(form: Form) -> None:
    form.set_values({"level": 1})
    fill(form, name="王", referrer="李")
    with pytest.raises(InputError, match="请从列表中选择介绍人"):
        form.values()


def test_the_wheel_does_not_change_a_choice_in_passing(form: Form) -> None:
    form.set_values({"level": 1})
    box = form.editor("level").target
    box.focus_force()
    form.update()
    for event in ("<Button-5>", "<MouseWheel>"):
        box.event_generate(event)
    form.update()
    assert form.value("level") == 1


# ---------------------------------------------------------------- in a dialog


class Saved:
    """What was handed over, and what is answered."""

    def __init__(self, answer: bool = True) -> None:
        self.values: list[dict[str, Any]] = []
        self.answer = answer

    def __call__(self, values: dict[str, Any]) -> bool:
        self.values.append(values)
        return self.answer


@pytest.fixture
def opened(page: tk.Widget) -> Callable[..., FormDialog]:
    def build(**options: Any) -> FormDialog:
        dialog = FormDialog(page, "新增客户", FIELDS[:3], values={"level": 1}, **options)
        page.update()
        return dialog

    return build


def test_control_s_saves_and_closes(opened: Callable[..., FormDialog], press: Press) -> None:
    saved = Saved()
    dialog = opened(on_submit=saved)
    fill(dialog.form, name="王晓梅")
    press(dialog, "<Control-s>")
    assert saved.values == [{"name": "王晓梅", "phone": "", "level": 1}]
    assert not dialog.winfo_exists()


def test_the_last_enter_saves(opened: Callable[..., FormDialog], press: Press) -> None:
    saved = Saved()
    dialog = opened(on_submit=saved)
    fill(dialog.form, name="王晓梅")
    press(dialog, "<Return>", "<Return>", "<Return>")
    assert len(saved.values) == 1


def test_a_refused_form_stays_open_with_what_was_typed(
    opened: Callable[..., FormDialog], press: Press
) -> None:
    dialog = opened(on_submit=Saved(answer=False))
    fill(dialog.form, name="王晓梅")
    dialog.submit()
    dialog.show_error(UserError("已经有这位客户。", field="name"))
    dialog.update()
    assert said(dialog.form) == {"name": "已经有这位客户。"}
    assert dialog.form.value("name") == "王晓梅"


def test_escape_closes_an_untouched_form_at_once(opened: Callable[..., FormDialog], press: Press) -> None:
    dialog = opened(on_submit=Saved())
    press(dialog, "<Escape>")
    assert not dialog.winfo_exists()


def test_escape_asks_before_typed_things_are_lost(
    opened: Callable[..., FormDialog], press: Press, answer: Callable[..., None]
) -> None:
    dialog = opened(on_submit=Saved())
    fill(dialog.form, name="王")
    answer("<Escape>")
    dialog.dismiss()
    assert dialog.winfo_exists()
    assert dialog.grab_current() is dialog
    answer("<Right>", "<space>")
    dialog.dismiss()
    assert not dialog.winfo_exists()


def test_the_focus_comes_back_to_where_it_was(
    page: tk.Widget, opened: Callable[..., FormDialog], press: Press
) -> None:
    scan = ttk.Entry(page)
    scan.pack()
    scan.focus_force()
    page.update()
    dialog = opened(on_submit=Saved())
    press(dialog, "<Escape>")
    assert page.tk.eval("focus") == str(scan)


def test_a_form_taller_than_the_screen_scrolls_with_the_focus(
    page: tk.Widget, pump: Callable[..., None]
) -> None:
    fields = [Field(f"f{number}", f"问题 {number}") for number in range(60)]
    dialog = FormDialog(page, "很长", fields, on_submit=Saved(), columns=1)
    page.update()
    assert dialog.winfo_height() < dialog.winfo_screenheight()
    last = dialog.form.editor("f59").target
    last.focus_force()
    pump(lambda: 0 < last.winfo_rooty() - dialog.winfo_rooty() < dialog.winfo_height())


def test_enter_goes_on_and_ctrl_enter_submits_from_every_tick_and_press(page: tk.Widget) -> None:
    several = tuple((number, f"第 {number} 张") for number in range(1, 4))
    way = Field("way", "方向", FieldKind.SWITCH, choices=(("out", "取出"), ("in", "存入")), default="in")
    submitted: list[int] = []
    made = Form(
        page,
        (way, Field("bills", "单", FieldKind.SEVERAL, choices=several), Field("note", "备注")),
        on_submit=lambda: submitted.append(1),
    )
    made.pack(fill="both", expand=True)
    page.update()
    for key in ("way", "bills"):
        editor: Any = made.editor(key)
        last = editor.parts[-1]
        last.focus_force()
        page.update()
        last.event_generate("<Control-Return>")
        last.event_generate("<Return>")
        page.update()
        assert str(page.tk.eval("focus")) != str(last)
    assert len(submitted) == 2
    assert str(page.tk.eval("focus")) == str(made.editor("note").target)
