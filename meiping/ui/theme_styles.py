"""The style tables of the widgets. They do not survive a change of theme, so they are written again after each one."""

from typing import Any

import ttkbootstrap as ttk

from meiping.ui.colours import Palette

_WORD_BUTTONS = ("primary outline", "primary ghost", "@chrome primary ghost", "primary link")


def restyle(root: ttk.App, colours: Palette) -> None:
    """Dress every style the program uses in these colours."""
    # the toolkit leaves the ring empty for widgets without a style of their own, and Tk complains when it draws one
    root.style.configure(".", focuscolor=colours.foreground)
    _style_lists(root, colours)
    _style_fields(root, colours)
    _style_notebooks(root, colours)
    _style_words(root, colours)
    _style_buttons(root, colours)
    _style_menus(root, colours)


def _px(root: ttk.App, size: float) -> int:
    return int(ttk.scale_size(root, size))


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
        padding=(_px(root, 8), _px(root, 7)),
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
        root.style.configure(
            cell, padding=(_px(root, 8), 0)
        )  # as wide as the heading's, so that both line up


def _style_fields(root: ttk.App, colours: Palette) -> None:
    for name in ("TEntry", "TCombobox", "TSpinbox"):
        root.style.configure(name, padding=_px(root, 6) if name != "TSpinbox" else _px(root, 5))
    root.style.configure("TButton", padding=(_px(root, 12), _px(root, 5)))
    for name, colour in (("Wrong", colours.danger), ("Doubtful", colours.warning)):
        for family in ("TEntry", "TCombobox"):
            style = f"{name}.{family}"
            root.style.configure(style, bordercolor=colour, padding=_px(root, 6))
            root.style.map(
                style,
                bordercolor=[("focus", colour)],
                lightcolor=[("focus", colour)],
                darkcolor=[("focus", colour)],
            )
    bare: Any = [("Entry.padding", {"sticky": "nswe", "children": [("Entry.textarea", {"sticky": "nswe"})]})]
    root.style.layout("Bare.TEntry", bare)
    root.style.configure("Bare.TEntry", padding=_px(root, 6), borderwidth=0)
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
    root.style.configure("TNotebook.Tab", padding=(_px(root, 14), _px(root, 7)))
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
    root.style.configure(side, tabposition="wn", tabmargins=(0, _px(root, 8), 0, 0))
    root.style.configure(f"{side}.Tab", padding=(_px(root, 16), _px(root, 9)), width=-9)
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
    root.style.configure(flat, tabposition="nw", tabmargins=(_px(root, 12), _px(root, 6), _px(root, 12), 0))
    root.style.configure(f"Inner.{flat}", tabmargins=(0, _px(root, 6), 0, 0))  # in line with what is below
    root.style.configure(f"{flat}.Tab", padding=(_px(root, 12), _px(root, 6)))
    # many tabs in little room
    root.style.configure(f"Close.Inner.{flat}.Tab", padding=(_px(root, 5), _px(root, 6)))
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
    root.style.configure("Sash", sashthickness=_px(root, 8), gripcount=0)
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
            padding=(_px(root, 8), _px(root, 3)),
            anchor="center",
        )
        root.style.map(
            f"Soft{name}.TButton",
            background=[("pressed", colours.background), ("active", colours.background), ("!active", ground)],
        )


def _style_buttons(root: ttk.App, colours: Palette) -> None:
    """The words of buttons without a filled ground: the fill of the others is too dark to be read on a dark page."""
    for look in _WORD_BUTTONS:
        made = ttk.Button(root, bootstyle=look)  # the toolkit writes a style when it is first used
        root.style.configure(str(made.cget("style")), foreground=colours.accent)
        made.destroy()


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
        "activeBorderWidth": str(_px(root, 4)),
        "tearOff": "0",
    }
    for option, value in options.items():
        root.option_add(f"*Menu.{option}", value, 60)
