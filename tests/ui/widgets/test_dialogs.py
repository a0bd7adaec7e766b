"""Questions and bad news."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path

import pytest

from meiping.kernel.money import parse_fen
from meiping.ui.widgets.dialogs import _News, ask, ask_text, choose_open_file, choose_save_file, tell
from meiping.ui.widgets.progress import ProgressDialog

Answer = Callable[..., None]


@pytest.mark.parametrize(
    ("danger", "keys", "agreed"),
    [
        (False, ("<Return>",), True),
        (False, ("<space>",), True),
        (False, ("<Left>", "<Return>"), False),
        (False, ("<Escape>",), False),
        (True, ("<Return>",), False),
        (True, ("<Right>", "<Return>"), True),
        (True, ("<Escape>",), False),
    ],
)
def test_questions_are_answered_by_keyboard(
    page: tk.Widget, answer: Answer, danger: bool, keys: tuple[str, ...], agreed: bool
) -> None:
    answer(*keys)
    assert ask(page, "删除这位客户吗？", yes="删除", no="不删", danger=danger) is agreed


def test_bad_news_is_calm_and_its_detail_can_be_copied(page: tk.Widget, answer: Answer) -> None:
    news = _News(page, "没有保存成功。", "请再试一次。", "Traceback: x", "提示")
    assert not news._text.winfo_ismapped()
    news._folded.invoke()
    page.update()
    assert news._text.winfo_ismapped()
    news._copy()
    assert page.clipboard_get() == "Traceback: x"
    news.close()
    answer("<Return>")
    tell(page, "打印机没有响应。")


def test_arrows_go_to_the_button_they_point_at(page: tk.Widget) -> None:
    news = _News(page, "没有保存成功。", "", "Traceback: x", "提示")
    copy, good = sorted(news.footer.pack_slaves(), key=lambda button: button.winfo_x())
    seen = []
    for start, key in ((good, "<Left>"), (copy, "<Right>"), (copy, "<Left>")):
        start.focus_force()
        page.update()
        start.event_generate(key)
        page.update()
        seen.append(news.focus_get())
    news.close()
    assert seen == [copy, good, good]


def test_a_press_on_the_window_behind_leaves_the_keys_to_the_dialog(page: tk.Widget, root: tk.Tk) -> None:
    news = _News(page, "没有保存成功。", "", "Traceback: x", "提示")
    root.update()
    chosen = news.focus_get()
    news.tk.call("focus", "-force", ".")
    root.update()
    assert root.focus_get() is not chosen
    news.event_generate("<ButtonPress-1>", x=-40, y=-40)
    root.update()
    assert news.focus_get() is chosen
    news.close()


def test_a_line_is_asked_for_and_checked(page: tk.Widget, answer: Answer) -> None:
    answer("<Key-x>", "<Return>", "<BackSpace>", "<Key-5>", "<Return>")
    assert ask_text(page, "备用金是多少？", check=parse_fen) == "5"
    answer("<Key-7>", "<Escape>")
    assert ask_text(page, "备用金是多少？") is None


def test_dialogs_stack_and_give_the_keys_back(page: tk.Widget, answer: Answer) -> None:
    outer = _News(page, "外面", "", "", "提示")
    answer("<Return>")
    assert ask(outer, "里面？", yes="继续")
    assert page.tk.eval("lindex [grab current] 0") == str(outer)
    outer.close()
    assert page.tk.eval("grab current") == ""


def test_short_work_shows_nothing_and_long_work_can_be_stopped(
    page: tk.Widget, pump: Callable[..., None], answer: Answer
) -> None:
    stopped: list[str] = []
    short = ProgressDialog(page, "正在导出")
    short.report(1, 10)
    short.close()
    long = ProgressDialog(page, "正在导出", lambda: stopped.append("stop"))
    long.report(500, 2000, "已写")
    pump(long.is_open)
    assert not short.is_open()
    window = long._window
    assert window is not None
    assert window._text.cget("text") == "已写 500 / 2,000"
    long.report(0, 0, "正在整理")
    assert window._text.cget("text") == "正在整理"
    window.event_generate("<Escape>")
    window.dismiss()
    assert stopped == ["stop"]
    long.close()
    assert not window.winfo_exists()


def test_what_goes_on_over_a_dialog_gives_the_keys_back_to_it(
    page: tk.Widget, root: tk.Tk, pump: Callable[..., None]
) -> None:
    tk.Entry(page).pack()
    outer = _News(page, "外面", "", "", "提示")
    root.update()
    held = root.focus_get()
    assert held is not None
    work = ProgressDialog(root, "导入", lambda: None)
    pump(work.is_open)
    root.update()
    assert root.focus_get() is not held
    work.close()
    root.update()
    assert root.focus_get() is held
    assert root.tk.eval("lindex [grab current] 0") == str(outer)
    outer.close()


def test_a_dialog_keeps_the_keys_when_a_file_was_chosen_over_it(
    page: tk.Widget, answer: Answer, tmp_path: Path
) -> None:
    outer = _News(page, "外面", "", "", "提示")
    (tmp_path / "价目.xlsx").write_bytes(b"x")
    for keys in ("<Return>", "<Escape>"):
        answer(keys)
        choose_open_file(outer, "导入", [("Excel 工作簿", "*.xlsx")], str(tmp_path / "价目.xlsx"))
        page.update()
        assert page.tk.eval("lindex [grab current] 0") == str(outer)
    outer.close()


def test_a_file_is_chosen_by_keyboard(page: tk.Widget, answer: Answer, tmp_path: Path) -> None:
    answer("<Return>")
    chosen = choose_save_file(page, "导出客户", [("Excel 工作簿", "*.xlsx")], str(tmp_path / "客户.xlsx"))
    assert chosen == tmp_path / "客户.xlsx"
    (tmp_path / "价目.xlsx").write_bytes(b"x")
    answer("<Return>")
    assert choose_open_file(page, "导入", [("Excel 工作簿", "*.xlsx")], str(tmp_path / "价目.xlsx")) == (
        tmp_path / "价目.xlsx"
    )
    answer("<Escape>")
    assert choose_save_file(page, "导出客户", [("Excel 工作簿", "*.xlsx")], "客户.xlsx") is None
