"""What finds no room in its column: a figure widens it, for half a sum is another sum; words end in …"""

from collections.abc import Collection, Mapping, MutableMapping

import ttkbootstrap as ttk

from meiping.kernel.tabular import RIGHT_ALIGNED, Column
from meiping.ui.theme import px
from meiping.ui.widgets.cut_text import CELL_EDGE, cut


def longest_figures(
    columns: Collection[Column], rows: Collection[Mapping[str, str]], own_widths: Collection[str]
) -> dict[str, str]:
    """The longest text of each column of figures that has no width of the user's own."""
    figures = [column.key for column in columns if column.kind in RIGHT_ALIGNED]
    return {
        key: max((row[key] for row in rows), key=len, default="") for key in figures if key not in own_widths
    }


def make_room(tree: ttk.Treeview, texts: Mapping[str, str], font_name: str = "MpBody") -> bool:
    """Widen the columns whose text is longer than they are; words beside them give way. False if all fit."""
    font = ttk.nametofont(font_name, root=tree)
    grown = False
    for key, text in texts.items():
        need = font.measure(text) + 2 * px(tree, CELL_EDGE)
        if need > tree.column(key, "width"):
            tree.column(key, width=need)
            grown = True
    if grown:
        _give_way(tree, texts)
    return grown


def cut_words(
    tree: ttk.Treeview, columns: Collection[Column], rows: Collection[MutableMapping[str, str]]
) -> None:
    """Shorten the words of each row to the width their column has now."""
    font = ttk.nametofont("MpBody", root=tree)
    widest = max(font.measure("国"), font.measure("W"))
    for column in columns:
        if column.kind in RIGHT_ALIGNED:
            continue
        room = int(tree.column(column.key, "width")) - 2 * px(tree, CELL_EDGE)
        for row in rows:
            text = row[column.key]
            if len(text) * widest > room:  # else it fits whatever its letters are
                row[column.key] = cut(text, font, room)


def _give_way(tree: ttk.Treeview, figures: Collection[str]) -> None:
    shown = tree.cget("displaycolumns")
    over = sum(int(tree.column(key, "width")) for key in shown) - tree.winfo_width()
    for key in shown:
        if over > 0 and key not in figures and tree.column(key, "stretch"):
            width = int(tree.column(key, "width"))
            least = max(width - over, int(tree.column(key, "minwidth")))
            tree.column(key, width=least)
            over -= width - least
