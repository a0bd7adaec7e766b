"""Shortcuts, the input method's false function keys, and scanners."""

import tkinter as tk
from collections.abc import Callable

import pytest
import ttkbootstrap as ttk

from meiping.ui.widgets.keys import KeyDispatcher

Press = Callable[..., None]


class Counter:
    """Remembers what was called."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __call__(self, name: str) -> Callable[[], None]:
        return lambda: self.calls.append(name)


@pytest.fixture
def keys(root: ttk.App) -> KeyDispatcher:
    return KeyDispatcher(root)


@pytest.fixture
def called() -> Counter:
    return Counter()


@pytest.fixture
def entry(page: tk.Widget) -> ttk.Entry:
    made = ttk.Entry(page)
    made.pack()
    return made


def synthetic(
    widget: tk.Misc, keysym: str, char: str, state: int = 0, time: int = 1000
) -> "tk.Event[tk.Misc]":
    """An event as a Chinese input method on Windows makes it: keysym and char disagree."""
    event: tk.Event[tk.Misc] = tk.Event()
    event.widget, event.keysym, event.char, event.state, event.time = widget, keysym, char, state, time
    return event


def scan(widget: tk.Misc, code: str, *, gap: int = 8, start: int = 50_000, end: str = "<Return>") -> None:
    """A scanner's keys, ``gap`` milliseconds apart."""
    widget.focus_force()
    widget.update()
    at = start
    for char in code:
        widget.event_generate(f"<Key-{char}>", time=at)
        at += gap
    widget.event_generate(end, time=at)
    widget.update()


def test_function_keys_reach_the_page_from_any_entry(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry, called: Counter, press: Press
) -> None:
    keys.bind(page, {"F12": called("settle"), "F10": called("menu"), "Control-k": called("search")})
    press(entry, "<F12>", "<F10>", "<Control-k>")
    assert called.calls == ["settle", "menu", "search"]


@pytest.mark.parametrize(
    ("keysym", "char"), [("F3", "r"), ("F10", "y"), ("Delete", "."), ("Insert", "-"), ("F1", "p")]
)
def test_a_letter_that_comes_as_a_function_key_is_the_letter(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry, called: Counter, keysym: str, char: str
) -> None:
    keys.bind(page, {keysym: called("wrong")})
    event = synthetic(entry, keysym, char)
    assert keys.character(event) == "break"
    assert keys.command(event) is None
    assert entry.get() == char
    assert called.calls == []


def test_without_an_entry_such_a_letter_does_nothing(
    keys: KeyDispatcher, page: tk.Widget, called: Counter
) -> None:
    button = ttk.Button(page, text="结账", command=called("clicked"))
    button.pack()
    keys.bind(page, {"F5": called("discount")})
    assert keys.character(synthetic(button, "F5", "t")) == "break"
    assert called.calls == []


def test_delete_belongs_to_an_entry_with_text_and_to_the_page_without(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry, called: Counter, press: Press
) -> None:
    keys.bind(page, {"Delete": called("remove line")})
    entry.insert(0, "12")
    entry.icursor(0)
    press(entry, "<Delete>", "<Delete>")
    assert (entry.get(), called.calls) == ("", [])
    press(entry, "<Delete>")
    assert called.calls == ["remove line"]


def test_bare_characters_are_commands_in_the_empty_scan_field_only(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry, called: Counter, press: Press
) -> None:
    other = ttk.Entry(page)
    other.pack()
    keys.bind(page, {}, on_char={"+": called("one more"), "*": called("quantity")}, entry=entry)
    press(entry, "<plus>")
    press(other, "<plus>")
    entry.insert(0, "3")
    press(entry, "<asterisk>")
    assert called.calls == ["one more"]
    assert (entry.get(), other.get()) == ("3*", "+")


def test_full_width_signs_count_as_signs(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry, called: Counter
) -> None:
    keys.bind(page, {}, on_char={"+": called("one more")}, entry=entry)
    assert keys.character(synthetic(entry, "plus", "＋")) == "break"
    assert called.calls == ["one more"]


def test_only_the_page_in_front_hears(
    keys: KeyDispatcher, page: tk.Widget, called: Counter, press: Press
) -> None:
    book = ttk.Notebook(page)
    book.pack()
    first, second = ttk.Frame(book), ttk.Frame(book)
    for tab in (first, second):
        book.add(tab, text="页")
        ttk.Entry(tab).pack()
    keys.bind(first, {"F2": called("first")})
    keys.bind(second, {"F2": called("second")})
    book.select(1)
    press(second.winfo_children()[0], "<F2>")
    assert called.calls == ["second"]


def test_a_dialog_shuts_the_keys_of_the_page_out(
    root: ttk.App, keys: KeyDispatcher, page: tk.Widget, called: Counter, press: Press
) -> None:
    keys.bind(page, {"F12": called("settle")})
    keys.bind(root, {"F1": called("help")})
    dialog = ttk.Toplevel(master=root)
    inner = ttk.Entry(dialog)
    inner.pack()
    dialog.wait_visibility()
    dialog.grab_set()
    keys.bind(dialog, {"F3": called("in dialog")})
    press(inner, "<F12>", "<F1>", "<F3>")
    dialog.grab_release()
    assert called.calls == ["in dialog"]


def test_a_key_means_one_thing(keys: KeyDispatcher, root: ttk.App, page: tk.Widget, called: Counter) -> None:
    keys.bind(root, {"Control-k": called("search")})
    with pytest.raises(ValueError, match="Control-k"):
        keys.bind(page, {"Ctrl-K": called("else")})
    with pytest.raises(ValueError, match="bare characters"):
        keys.bind(page, {"plus": called("else")})


def test_a_key_that_closes_its_own_window_ends_there(
    keys: KeyDispatcher, root: ttk.App, page: tk.Widget, called: Counter, press: Press
) -> None:
    keys.bind(root, {"Escape": called("back")})
    window = ttk.Toplevel(master=page)
    inner = ttk.Entry(window)
    inner.pack()
    inner.bind("<Escape>", lambda _event: window.destroy())
    window.wait_visibility()
    press(inner, "<Escape>")
    assert called.calls == []


def test_keys_of_a_destroyed_page_are_free_again(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry, called: Counter, press: Press
) -> None:
    gone = ttk.Frame(page)
    keys.bind(gone, {"F6": called("hold")})
    gone.destroy()
    keys.bind(page, {"F6": called("recall")})
    press(entry, "<F6>")
    assert called.calls == ["recall"]


def test_a_scan_that_lands_elsewhere_comes_to_the_page_and_leaves_no_trace(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry
) -> None:
    codes: list[str] = []
    remark = ttk.Entry(page)
    remark.pack()
    remark.insert(0, "靠窗")
    remark.icursor("end")
    keys.bind(page, {}, entry=entry, on_scan=codes.append)
    scan(remark, "6901234567892")
    assert codes == ["6901234567892"]
    assert remark.get() == "靠窗"


def test_a_scan_on_a_list_comes_to_the_page_too(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry
) -> None:
    codes: list[str] = []
    tree = ttk.Treeview(page)
    tree.pack()
    keys.bind(page, {}, entry=entry, on_scan=codes.append)
    scan(tree, "69012345")
    assert codes == ["69012345"]


def test_the_scan_field_keeps_its_own_scans(keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry) -> None:
    codes: list[str] = []
    entered: list[str] = []
    entry.bind("<Return>", lambda _event: entered.append(entry.get()))
    keys.bind(page, {}, entry=entry, on_scan=codes.append)
    scan(entry, "69012345")
    assert (codes, entered) == ([], ["69012345"])


def test_the_second_line_end_of_a_scanner_means_nothing(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry
) -> None:
    entered: list[str] = []
    entry.bind("<Return>", lambda _event: entered.append(entry.get()))
    keys.bind(page, {}, entry=entry, on_scan=lambda _code: None)
    scan(entry, "69012345", start=90_000)
    entry.delete(0, "end")
    entry.event_generate("<Return>", time=90_000 + 8 * 8 + 20)
    entry.update()
    assert entered == ["69012345"]


def test_a_scanner_may_end_in_a_bare_line_feed(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry
) -> None:
    entered: list[str] = []
    entry.bind("<Return>", lambda _event: entered.append(entry.get()))
    keys.bind(page, {}, entry=entry, on_scan=lambda _code: None)
    scan(entry, "69012345", end="<Linefeed>")
    assert entered == [entry.get()] == ["69012345"]


def test_a_line_feed_after_an_enter_is_no_second_one(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry
) -> None:
    entered: list[str] = []
    entry.bind("<Return>", lambda _event: entered.append(entry.get()))
    scan(entry, "123", start=70_000)
    entry.event_generate("<Linefeed>", time=70_000 + 4 * 8)
    entry.update()
    assert entered == [entry.get()] == ["123"]


@pytest.mark.parametrize(("code", "gap"), [("69012345", 60), ("12345", 8)])
def test_fingers_and_short_runs_are_no_scan(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry, code: str, gap: int
) -> None:
    codes: list[str] = []
    remark = ttk.Entry(page)
    remark.pack()
    keys.bind(page, {}, entry=entry, on_scan=codes.append)
    scan(remark, code, gap=gap)
    assert (codes, remark.get()) == ([], code)


def test_undo_is_the_pages_unless_a_text_box_has_something_to_undo(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry, called: Counter, press: Press
) -> None:
    keys.bind(page, {"Control-z": called("take back")})
    entry.insert(0, "王小明")
    press(entry, "<Control-z>")
    assert (entry.get(), called.calls) == ("王小明", ["take back"])
    box = tk.Text(page, undo=True)
    box.pack()
    press(box, "<Control-z>")
    assert called.calls == ["take back", "take back"]
    press(box, "<Key-x>", "<Control-z>")
    assert (box.get("1.0", "end-1c"), len(called.calls)) == ("", 2)


def test_a_field_pastes_text_and_leaves_what_it_cannot_paste_to_the_page(
    keys: KeyDispatcher, page: tk.Widget, entry: ttk.Entry, called: Counter, press: Press
) -> None:
    keys.bind(page, {"Control-v": called("paste a picture")})
    page.clipboard_clear()
    press(entry, "<Control-v>")
    assert called.calls == ["paste a picture"]
    page.clipboard_clear()
    page.clipboard_append("王小明")
    press(entry, "<Control-v>")
    assert (entry.get(), len(called.calls)) == ("王小明", 1)
    button = ttk.Button(page, text="添加")
    button.pack()
    press(button, "<Control-v>")
    assert len(called.calls) == 2
