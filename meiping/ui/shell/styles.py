"""The styles that only the frame of the window needs; written again after each change of theme or font size."""

import tkinter as tk

import ttkbootstrap as ttk

from meiping.ui.theme import palette, px


def keep_styles(root: ttk.App) -> None:
    """Set the styles now and after every change of theme; once a root."""

    def again(event: "tk.Event[tk.Misc] | None" = None) -> None:
        if event is None or event.widget is root:
            _set(root)

    again()
    root.bind("<<ThemeChanged>>", again, add=True)


def fit_rail(root: ttk.App, tabs: int, room: int) -> None:
    """Make the tabs of the rail lower where so many of them would not fit into ``room`` pixels."""
    if tabs == 0 or room <= 1:
        return
    line = ttk.nametofont("MpBody", root=root).metrics("linespace")
    above = min(px(root, 9), max(px(root, 1), ((room - px(root, 8)) // tabs - line) // 2 - 1))
    sides = px(root, 16)
    padding = root.tk.splitlist(root.style.lookup("Side.TNotebook.Tab", "padding"))
    if [int(str(part)) for part in padding] != [sides, above]:  # setting it lays the window out again
        root.style.configure("Side.TNotebook.Tab", padding=(sides, above))


def _set(root: ttk.App) -> None:
    colours, style = palette(root), root.style
    style.layout("Rail.TButton", style.layout("SoftInfo.TButton"))
    style.configure(
        "Rail.TButton",
        background=colours.rail,
        foreground=colours.rail_text,
        focuscolor=colours.rail_text,
        borderwidth=0,
        relief="flat",
        anchor="w",
        font="MpBody",
        padding=(px(root, 17), px(root, 9)),
    )
    sides = (px(root, 17), px(root, 9), px(root, 2), px(root, 9))
    style.configure("Search.Rail.TButton", font="MpSmall", padding=sides)
    style.map("Rail.TButton", background=[("active", colours.rail_hover), ("!active", colours.rail)])
    line = ttk.nametofont("MpBody", root=root).metrics("linespace")
    style.layout("Pages.Treeview", [("Treeview.treearea", {"sticky": "nswe"})])
    style.configure(
        "Pages.Treeview",
        rowheight=round(line * 1.9),
        background=colours.chrome,
        fieldbackground=colours.chrome,
        foreground=colours.foreground,
        borderwidth=0,
        indent=0,
        font="MpBody",
    )
    style.configure("Pages.Treeview.Item", indicatorsize=0, padding=(px(root, 12), 0, 0, 0))
    style.map(
        "Pages.Treeview",
        background=[("selected", colours.accent_soft)],
        foreground=[("selected", colours.accent)],
    )
    style.configure("Status.TButton", padding=0)
    style.configure("Locked.TFrame", background=colours.heading)
    style.configure("Locked.TLabel", background=colours.heading, foreground=colours.muted)
