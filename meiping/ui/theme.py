"""The look, in one place: colours light and dark, named fonts, style tables, Chinese for the toolkit's own words.

Pages take colours from ``palette``, pixels from ``px`` and fonts by name (MpSmall, MpBody, MpBold, MpBig, MpTitle,
MpKpi, MpTotal); nothing else in the program names a colour, a font size or a bare pixel.
"""

import sys
import tkinter as tk
from tkinter import font
from typing import Literal

import ttkbootstrap as ttk
from ttkbootstrap.localization import MessageCatalog

from meiping.adapters.fonts import screen_families
from meiping.ui.colours import DARK, LIGHT, Mode, Palette
from meiping.ui.theme_styles import restyle
from meiping.ui.toolkit_words import WORDS

__all__ = [
    "DARK",
    "FONT_SIZE_TITLES",
    "LIGHT",
    "FontSize",
    "Mode",
    "Palette",
    "chars",
    "make_root",
    "palette",
    "px",
    "set_font_size",
    "set_mode",
]

FontSize = Literal["small", "medium", "large"]
FONT_SIZE_TITLES: dict[FontSize, str] = {"small": "小", "medium": "中", "large": "大"}


_PALETTES: dict[str, Palette] = {"light": LIGHT, "dark": DARK}

_BASE_POINTS: dict[FontSize, int] = {"small": 9, "medium": 10, "large": 12}
_FONTS: tuple[tuple[str, int, str], ...] = (
    ("MpSmall", 9, "normal"),
    ("MpBody", 10, "normal"),
    ("MpBold", 10, "bold"),
    ("MpBig", 13, "bold"),
    ("MpTitle", 14, "bold"),
    ("MpKpi", 19, "bold"),
    ("MpTotal", 40, "bold"),
)
"""Name, points at the medium size, weight."""
_TK_FONTS = ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkIconFont", "TkHeadingFont", "TkCaptionFont")


class _Theme(ttk.Theme):
    """The library's generated colours with the fills of dark mode deep enough for white letters."""

    def to_definitions(self) -> list[ttk.style.ThemeDefinition]:
        """The light and the dark definition, corrected."""
        definitions = super().to_definitions()
        for definition in definitions:
            if definition.mode == "dark":
                for role, colour in (
                    ("primary", "#4479e6"),
                    ("success", "#23925f"),
                    ("danger", "#e0525a"),
                    ("inputbg", DARK.background),
                ):
                    definition.colors.set(role, colour)
        return list(definitions)


def make_root(
    mode: Mode = "light",
    font_size: FontSize = "medium",
    scaling: float | None = None,
    *,
    title: str = "meiping",
) -> ttk.App:
    """The program's one window, dressed but empty.

    ``scaling`` is the size of everything as a factor (1.0, 1.25, 1.5, 2.0); None takes what the screen says.
    """
    _Theme(
        name="meiping",
        primary="#3b7cf5",
        success="#22a06b",
        info="#1b9cc4",
        warning="#f0a020",
        danger="#e5484d",
        neutral="#94a3b8",
        light={"background": LIGHT.background, "foreground": LIGHT.foreground},
        dark={"background": DARK.background, "foreground": DARK.foreground},
    ).register()
    ttk.set_locale("zh_cn")
    baseline = 1 if sys.platform == "darwin" else 4 / 3  # Tk's pixels a point at 100 %
    root = ttk.App(title=title, theme=f"meiping-{mode}", scaling=scaling * baseline if scaling else None)
    for word, chinese in WORDS.items():
        MessageCatalog.set("zh_cn", word, chinese)
    _name_fonts(root, font_size)
    root.tk.eval("bind TButton <Key-space> { ttk::button::activate %W }")
    root.style.on_theme_change(lambda _style: restyle(root, palette(root)), call_now=False)
    restyle(root, palette(root))
    return root


def set_mode(root: ttk.App, mode: Mode) -> None:
    """Switch between light and dark; every widget follows at once."""
    root.theme_mode = mode


def set_font_size(root: ttk.App, font_size: FontSize) -> None:
    """Switch between 小, 中 and 大; every widget follows at once."""
    _name_fonts(root, font_size)
    restyle(root, palette(root))
    root.tk.call("ttk::ThemeChanged")


def palette(widget: tk.Misc) -> Palette:
    """The colours in force."""
    return _PALETTES[str(ttk.Style.get_instance().theme_mode)]


def px(widget: tk.Misc, size: float) -> int:
    """Pixels of this screen for ``size`` pixels at 100 %."""
    return int(ttk.scale_size(widget, size))


def chars(widget: tk.Misc, count: float, font: str = "MpBody") -> int:
    """Pixels that ``count`` half-width characters of the font take."""
    return round(ttk.nametofont(font, root=widget).measure("0" * 10) * count / 10)


def _name_fonts(root: ttk.App, font_size: FontSize) -> None:
    factor = _BASE_POINTS[font_size] / _BASE_POINTS["medium"]
    family = _family(root)
    ttk.Fonts.set_global_family(family)
    for name in _TK_FONTS:
        ttk.Fonts.configure(name, size=_BASE_POINTS[font_size])
    ttk.Fonts.configure("TkHeadingFont", weight="normal")
    ttk.Fonts.configure("TkTooltipFont", size=round(9 * factor))
    known = font.names(root)
    for name, points, weight in _FONTS:
        size = round(points * factor)
        if name in known:  # made anew it would vanish with the object that made it first
            ttk.Fonts.configure(name, size=size)
        else:
            ttk.Fonts.create_alias(name, family=family, size=size, weight=weight)


def _family(root: ttk.App) -> str:
    have = set(font.families(root))
    for family in screen_families(str(root.tk.call("tk", "windowingsystem"))):
        if family in have:
            return family
    return str(ttk.nametofont("TkDefaultFont", root=root).actual("family"))
