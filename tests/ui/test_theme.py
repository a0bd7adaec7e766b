"""Light and dark, three font sizes, and what the toolkit gets wrong."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import fields

import pytest
import ttkbootstrap as ttk
from ttkbootstrap.localization import MessageCatalog

from meiping.ui import theme
from meiping.ui.colours import Mode
from meiping.ui.theme import DARK, LIGHT, Palette

MODES: tuple[tuple[Mode, Palette], ...] = (("dark", DARK), ("light", LIGHT))


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_everything_can_be_read(colours: Palette) -> None:
    grounds = {
        "foreground": ("background", "chrome", "stripe", "selection", "hover", "heading"),
        "muted": ("background", "chrome", "stripe"),
        "accent": ("background", "accent_soft"),
        "success": ("background", "success_soft"),
        "warning": ("background", "warning_soft"),
        "danger": ("background", "danger_soft", "stripe"),
        "heading_text": ("heading", "heading_hover"),
        "rail_text": ("rail", "rail_hover"),
    }
    weak = [
        f"{ink} on {ground}: {contrast(getattr(colours, ink), getattr(colours, ground)):.2f}"
        for ink, places in grounds.items()
        for ground in places
        if contrast(getattr(colours, ink), getattr(colours, ground)) < 4.5
    ]
    assert weak == []


@pytest.mark.parametrize(
    "look", ["primary outline", "primary ghost", "@chrome primary ghost", "primary link"]
)
def test_buttons_of_words_alone_can_be_read_in_both_modes(root: ttk.App, page: tk.Widget, look: str) -> None:
    button = ttk.Button(page, text="充值 F6", icon="cash", bootstyle=look)
    for mode, colours in MODES:
        theme.set_mode(root, mode)
        ink = str(root.style.lookup(str(button.cget("style")), "foreground"))
        assert contrast(ink, colours.chrome) >= 4.5


def test_both_modes_say_every_colour() -> None:
    for colours in (LIGHT, DARK):
        values = [getattr(colours, field.name) for field in fields(Palette) if field.name != "mode"]
        assert all(len(value) == 7 and value.startswith("#") for value in values)


def test_styles_follow_the_mode(root: ttk.App, page: tk.Widget) -> None:
    words = ttk.Label(page, text="提示", style="Muted.TLabel")
    words.pack()
    for mode, colours in MODES:
        theme.set_mode(root, mode)
        assert theme.palette(words) is colours
        assert str(words.cget("style")) == "Muted.TLabel"
        assert root.style.lookup("Muted.TLabel", "foreground") == colours.muted
        assert root.style.lookup("Treeview", "background", ["selected"]) == colours.selection
        assert root.style.lookup("Side.TNotebook.Tab", "background", ["!selected"]) == colours.rail


def test_the_chrome_of_the_toolkit_is_ours(root: ttk.App, page: tk.Widget) -> None:
    for mode, colours in reversed(MODES):
        theme.set_mode(root, mode)
        frame = ttk.Frame(page, bootstyle="@chrome")
        assert root.style.lookup(str(frame.cget("style")), "background") == colours.chrome


def test_the_font_size_can_be_changed_at_any_time(root: ttk.App, page: tk.Widget) -> None:
    title = ttk.Label(page, text="客户", font="MpTitle")
    title.pack()
    page.update()
    before = title.winfo_reqheight()
    theme.set_font_size(root, "large")
    page.update()
    assert title.winfo_reqheight() > before
    rows = root.style.lookup("Treeview", "rowheight")
    theme.set_font_size(root, "medium")
    page.update()
    assert title.winfo_reqheight() == before
    assert rows > root.style.lookup("Treeview", "rowheight")


def test_a_row_is_higher_than_its_letters(root: ttk.App) -> None:
    line = ttk.nametofont("MpBody", root=root).metrics("linespace")
    assert root.style.lookup("Treeview", "rowheight") >= 1.4 * line


def test_space_clicks_a_button(page: tk.Widget, press: Callable[..., None]) -> None:
    clicked: list[str] = []
    button = ttk.Button(page, text="保存", command=lambda: clicked.append("x"))
    button.pack()
    press(button, "<space>")
    assert clicked == ["x"]


def test_the_toolkit_speaks_chinese(root: ttk.App) -> None:
    words = ("Yes", "No", "Cancel", "Mo", "Su", "November", "Search")
    spoken = [MessageCatalog.translate(word) for word in words]
    assert spoken == ["是", "否", "取消", "一", "日", "11月", "搜索"]


def test_widgets_without_a_style_of_their_own_have_a_ring_to_draw(root: ttk.App) -> None:
    for mode, colours in MODES:
        theme.set_mode(root, mode)
        assert str(root.style.lookup(".", "focuscolor")) == colours.foreground
