"""The look, in one place: colours light and dark, named fonts, style tables, Chinese for the toolkit's own words.

Pages take colours from ``palette``, pixels from ``px`` and fonts by name (MpSmall, MpBody, MpBold, MpBig, MpTitle,
MpKpi, MpTotal); nothing else in the program names a colour, a font size or a bare pixel.
"""

import tkinter as tk
from dataclasses import dataclass
from tkinter import font
from typing import Any, Literal

import ttkbootstrap as ttk
from ttkbootstrap.localization import MessageCatalog

from meiping.adapters.fonts import screen_families

Mode = Literal["light", "dark"]
FontSize = Literal["small", "medium", "large"]
FONT_SIZE_TITLES: dict[FontSize, str] = {"small": "小", "medium": "中", "large": "大"}


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mode, as ``#rrggbb``."""

    mode: Mode
    background: str
    foreground: str
    muted: str
    """Hints and facts: readable, but second to what is said."""
    faint: str
    """Words inside empty fields."""
    hairline: str
    chrome: str
    """Strips, cards and bars around the content."""
    accent: str
    accent_soft: str
    on_accent: str
    success: str
    success_soft: str
    warning: str
    """Amber as text and icon, dark enough to read on the background."""
    warning_soft: str
    danger: str
    danger_soft: str
    stripe: str
    heading: str
    heading_text: str
    heading_hover: str
    selection: str
    hover: str
    rail: str
    rail_text: str
    rail_hover: str


LIGHT = Palette(
    mode="light",
    background="#ffffff",
    foreground="#1f2937",
    muted="#5b6a80",
    faint="#8592a6",
    hairline="#d6d6d6",
    chrome="#f7f7f7",
    accent="#2f63c4",
    accent_soft="#e3ecfd",
    on_accent="#ffffff",
    success="#177a4e",
    success_soft="#e3f5ec",
    warning="#9a6100",
    warning_soft="#fff4d6",
    danger="#c22f36",
    danger_soft="#fdeaea",
    stripe="#f8fafc",
    heading="#f1f5f9",
    heading_text="#475569",
    heading_hover="#e2e8f0",
    selection="#d8e5fd",
    hover="#eef3fb",
    rail="#1e293b",
    rail_text="#cbd5e1",
    rail_hover="#2b3a52",
)
DARK = Palette(
    mode="dark",
    background="#1b212b",
    foreground="#e5e9f0",
    muted="#9aa6b8",
    faint="#7b889c",
    hairline="#3f444d",
    chrome="#222831",
    accent="#75a3fa",
    accent_soft="#263754",
    on_accent="#ffffff",
    success="#4ec08d",
    success_soft="#1d3a30",
    warning="#f3b852",
    warning_soft="#3a2f14",
    danger="#f0757a",
    danger_soft="#43262b",
    stripe="#1f2631",
    heading="#262e3a",
    heading_text="#b6c0cf",
    heading_hover="#303a48",
    selection="#2a4470",
    hover="#252d3a",
    rail="#11161e",
    rail_text="#b8c3d3",
    rail_hover="#222c3b",
)
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

_WORDS = {
    "Yes": "是",
    "No": "否",
    "OK": "确定",
    "Ok": "确定",
    "Cancel": "取消",
    "Close": "关闭",
    "Open": "打开",
    "Save": "保存",
    "Delete": "删除",
    "Retry": "重试",
    "Previous": "上一页",
    "Next": "下一页",
    "Search": "搜索",
    "Copy": "复制",
    "Cut": "剪切",
    "Paste": "粘贴",
    "Select All": "全选",
    "Undo": "撤销",
    "Directory:": "文件夹：",
    "Name": "名称",
    "Size": "大小",
    "Modified": "修改时间",
    "Selection:": "已选：",
    "File name:": "文件名：",
    "Files of type:": "文件类型：",
    "Show hidden files": "显示隐藏的文件",
    "All Files": "所有文件",
    "Select Directory": "选择文件夹",
    "Save As": "另存为",
    "File already exists. Overwrite?": "已经有同名的文件，要覆盖它吗？",
    "Redo": "重做",
    **dict(zip(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), "一二三四五六日", strict=True)),
    **dict(
        zip(
            (
                *("January", "February", "March", "April", "May", "June", "July", "August"),
                *("September", "October", "November", "December"),
            ),
            (f"{month}月" for month in range(1, 13)),
            strict=True,
        )
    ),
}


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
    root = ttk.App(title=title, theme=f"meiping-{mode}", scaling=scaling * 4 / 3 if scaling else None)
    for word, chinese in _WORDS.items():
        MessageCatalog.set("zh_cn", word, chinese)
    _name_fonts(root, font_size)
    root.tk.eval("bind TButton <Key-space> { ttk::button::activate %W }")
    root.style.on_theme_change(lambda _style: _restyle(root), call_now=False)
    _restyle(root)
    return root


def set_mode(root: ttk.App, mode: Mode) -> None:
    """Switch between light and dark; every widget follows at once."""
    root.theme_mode = mode


def set_font_size(root: ttk.App, font_size: FontSize) -> None:
    """Switch between 小, 中 and 大; every widget follows at once."""
    _name_fonts(root, font_size)
    _restyle(root)
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


def _restyle(root: ttk.App) -> None:
    """Style tables do not survive a change of theme, so they are written again after each one."""
    colours = palette(root)
    _style_lists(root, colours)
    _style_fields(root, colours)
    _style_notebooks(root, colours)
    _style_words(root, colours)
    _style_menus(root, colours)


def _style_lists(root: ttk.App, colours: Palette) -> None:
    line = ttk.nametofont("MpBody", root=root).metrics("linespace")
    for name, face in (("Treeview", "MpBody"), ("Totals.Treeview", "MpBold")):
        root.style.configure(name, font=face, rowheight=round(line * 1.6), borderwidth=0)
        root.style.configure(
            name,
            background=colours.background,
            fieldbackground=colours.background,
            foreground=colours.foreground,
        )
        root.style.map(
            name,
            background=[("selected", colours.selection)],
            foreground=[("disabled", colours.muted), ("selected", colours.foreground)],
        )
        root.style.layout(name, [("Treeview.treearea", {"sticky": "nswe"})])
    root.style.configure("Totals.Treeview", background=colours.heading, fieldbackground=colours.heading)
    root.style.configure(
        "Treeview.Heading",
        padding=(px(root, 8), px(root, 7)),
        background=colours.heading,
        foreground=colours.heading_text,
        relief="flat",
        font="MpBody",
    )
    root.style.map(
        "Treeview.Heading",
        background=[("active", colours.heading_hover)],
        foreground=[("disabled", colours.muted)],
    )
    for cell in ("Treeview.Cell", "Totals.Treeview.Cell", "Cell"):
        root.style.configure(cell, padding=(px(root, 8), 0))  # as wide as the heading's, so that both line up


def _style_fields(root: ttk.App, colours: Palette) -> None:
    for name in ("TEntry", "TCombobox", "TSpinbox"):
        root.style.configure(name, padding=px(root, 6) if name != "TSpinbox" else px(root, 5))
    root.style.configure("TButton", padding=(px(root, 12), px(root, 5)))
    for name, colour in (("Wrong", colours.danger), ("Doubtful", colours.warning)):
        for family in ("TEntry", "TCombobox"):
            style = f"{name}.{family}"
            root.style.configure(style, bordercolor=colour, padding=px(root, 6))
            root.style.map(
                style,
                bordercolor=[("focus", colour)],
                lightcolor=[("focus", colour)],
                darkcolor=[("focus", colour)],
            )
    bare: Any = [("Entry.padding", {"sticky": "nswe", "children": [("Entry.textarea", {"sticky": "nswe"})]})]
    root.style.layout("Bare.TEntry", bare)
    root.style.configure("Bare.TEntry", padding=px(root, 6), borderwidth=0)
    for name in ("TEntry", "Bare.TEntry", "TCombobox", "TSpinbox"):
        root.style.map(name, foreground=[("disabled", colours.muted)])
    root.style.map("TEntry", fieldbackground=[("disabled", colours.chrome), ("readonly", colours.chrome)])
    root.style.configure("Bare.TEntry", background=root.style.colors.inputbg)
    root.style.configure("Hint.TLabel", background=root.style.colors.inputbg, foreground=colours.faint)
    # The box around an entry that has a button inside it: the ring follows the inner entry's focus.
    for name, state_colour in (("Box.TFrame", colours.accent), ("Wrong.Box.TFrame", colours.danger)):
        resting = colours.hairline if name == "Box.TFrame" else colours.danger
        background = root.style.lookup("TEntry", "fieldbackground")
        root.style.configure(
            name, background=background, bordercolor=resting, lightcolor=background, darkcolor=background
        )
        root.style.configure(name, relief="raised", borderwidth=1)
        ring = [("focus", state_colour)]
        root.style.map(name, bordercolor=ring, lightcolor=ring, darkcolor=ring)


def _style_notebooks(root: ttk.App, colours: Palette) -> None:
    root.style.configure("TNotebook.Tab", padding=(px(root, 14), px(root, 7)))
    padded_label: Any = (
        "Notebook.padding",
        {"sticky": "nswe", "children": [("Notebook.label", {"sticky": "w"})]},
    )
    side, flat = "Side.TNotebook", "Flat.TNotebook"
    for name, ground in ((side, colours.rail), (flat, colours.background)):
        root.style.layout(f"{name}.Tab", [("Notebook.tab", {"sticky": "nswe", "children": [padded_label]})])
        root.style.configure(name, background=ground, borderwidth=0, padding=0)
        edges = {"bordercolor": colours.background, "lightcolor": colours.background}
        root.style.configure(name, darkcolor=colours.background, **edges)
        root.style.configure(
            f"{name}.Tab", borderwidth=0, bordercolor=ground, focuscolor=ground, font="MpBody"
        )
    root.style.layout(
        side, [("null", {"sticky": "nswe"})]
    )  # the client's frame would show as a step at the rail
    root.style.configure(side, tabposition="wn", tabmargins=(0, px(root, 8), 0, 0))
    root.style.configure(f"{side}.Tab", padding=(px(root, 16), px(root, 9)), width=-9)
    fill = root.style.colors.primary
    grounds = [("selected", fill), ("active", colours.rail_hover), ("!selected", colours.rail)]
    root.style.map(
        f"{side}.Tab",
        background=grounds,
        lightcolor=grounds,
        darkcolor=grounds,
        bordercolor=grounds,
        foreground=[("selected", colours.on_accent), ("!selected", colours.rail_text)],
        expand=[("selected", (0, 0, 0, 0))],
        padding=[],
    )
    root.style.configure(flat, tabposition="nw", tabmargins=(px(root, 12), px(root, 6), px(root, 12), 0))
    root.style.configure(f"{flat}.Tab", padding=(px(root, 12), px(root, 6)))
    grounds = [
        ("selected", colours.accent_soft),
        ("active", colours.hover),
        ("!selected", colours.background),
    ]
    root.style.map(
        f"{flat}.Tab",
        background=grounds,
        lightcolor=grounds,
        darkcolor=grounds,
        bordercolor=grounds,
        foreground=[("selected", colours.accent), ("!selected", colours.muted)],
        expand=[("selected", (0, 0, 0, 0))],
        padding=[],
    )


def _style_words(root: ttk.App, colours: Palette) -> None:
    tones = {"Muted": colours.muted, "Good": colours.success, "Warn": colours.warning, "Bad": colours.danger}
    for tone, colour in tones.items():
        root.style.configure(f"{tone}.TLabel", foreground=colour, background=colours.background)
        root.style.configure(f"{tone}.Chrome.TLabel", foreground=colour, background=colours.chrome)
    for orient in ("Horizontal", "Vertical"):  # the gap between panes is the sash; it needs no line
        root.style.configure(f"{orient}.TPanedwindow", background=colours.background)
    root.style.configure("Sash", sashthickness=px(root, 8), gripcount=0)
    for name, ground in (("PickOn", colours.selection), ("PickOff", colours.background)):
        root.style.configure(f"{name}.TFrame", background=ground)
        root.style.configure(f"{name}.TLabel", background=ground, foreground=colours.foreground)
        root.style.configure(f"{name}Muted.TLabel", background=ground, foreground=colours.muted)
    root.style.configure("Faint.TLabel", foreground=colours.faint, background=colours.background)
    fill = root.style.colors.primary
    root.style.configure("DayChosen.TLabel", foreground=colours.on_accent, background=fill)
    root.style.configure("DayToday.TLabel", foreground=colours.accent, background=colours.accent_soft)
    root.style.configure("Accent.TLabel", foreground=colours.accent, background=colours.background)
    root.style.configure("Chrome.TLabel", foreground=colours.foreground, background=colours.chrome)
    root.style.configure("Chrome.TFrame", background=colours.chrome)
    root.style.configure("Hairline.TFrame", background=colours.hairline)
    root.style.configure("Rail.TFrame", background=colours.rail)
    root.style.configure("Rail.TLabel", background=colours.rail, foreground=colours.rail_text)
    grounds = {
        "Info": (colours.accent_soft, colours.accent),
        "Success": (colours.success_soft, colours.success),
        "Warning": (colours.warning_soft, colours.warning),
        "Danger": (colours.danger_soft, colours.danger),
    }
    for name, (ground, ink) in grounds.items():
        root.style.configure(f"Soft{name}.TFrame", background=ground)
        root.style.configure(f"Edge{name}.TFrame", background=ink)
        root.style.configure(f"Soft{name}.TLabel", background=ground, foreground=colours.foreground)
        root.style.configure(f"Ink{name}.TLabel", background=ground, foreground=ink)
        root.style.layout(
            f"Soft{name}.TButton", root.style.layout("Ghost.TButton") or root.style.layout("TButton")
        )
        root.style.configure(
            f"Soft{name}.TButton",
            background=ground,
            foreground=ink,
            borderwidth=0,
            relief="flat",
            focuscolor=ink,
            padding=(px(root, 8), px(root, 3)),
            anchor="center",
        )
        root.style.map(
            f"Soft{name}.TButton",
            background=[("pressed", colours.background), ("active", colours.background), ("!active", ground)],
        )


def _style_menus(root: ttk.App, colours: Palette) -> None:
    """Menus made later take these; the toolkit dresses those that exist."""
    options = {
        "background": colours.background,
        "foreground": colours.foreground,
        "activeBackground": colours.accent_soft,
        "activeForeground": colours.foreground,
        "disabledForeground": colours.muted,
        "selectColor": colours.accent,
        "font": "MpBody",
        "relief": "flat",
        "activeBorderWidth": str(px(root, 4)),
        "tearOff": "0",
    }
    for option, value in options.items():
        root.option_add(f"*Menu.{option}", value, 60)
