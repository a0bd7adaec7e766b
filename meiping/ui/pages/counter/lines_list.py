"""The lines of the bill, the one in hand marked; on an empty counter the keys are explained in their place."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.sales.cart import CartLine
from meiping.domains.sales.pricing import PricedBill, PricedLine
from meiping.kernel.money import show_discount, show_fen
from meiping.kernel.quantity import show_milli
from meiping.ui.pages.counter.key_hints import KeyHints
from meiping.ui.theme import chars, palette, px
from meiping.ui.widgets.cut_text import CELL_EDGE, cut
from meiping.ui.widgets.jobs import Jobs
from meiping.ui.widgets.menus import MenuEntry, popup

_COLUMNS: tuple[tuple[str, str, float, str], ...] = (
    ("place", "#", 3, "e"),
    ("code", "编码", 14, "w"),
    ("name", "商品", 16, "w"),
    ("person", "业务员", 8, "w"),
    ("price", "单价", 10, "e"),
    ("quantity", "数量", 9, "e"),
    ("discount", "折扣", 7, "e"),
    ("amount", "小计", 11, "e"),
)
"""Key, title, width in characters, anchor."""
_FIGURES = ("price", "quantity", "amount")
"""Never cut: half a sum is another sum. Their columns grow with what stands in them."""
_PADDING = 8
_NAME_LEAST = 24
"""Below so many characters for the name the codes make room."""


class LinesList(ttk.Frame):
    """Never takes the focus: the keys go through the scan field."""

    def __init__(
        self,
        parent: tk.Misc,
        *,
        on_select: Callable[[int], object],
        on_open: Callable[[], object],
        menu: Callable[[], Sequence[MenuEntry]],
    ) -> None:
        super().__init__(parent, bootstyle="bordered", padding=1)
        self._on_select, self._on_open, self._menu = on_select, on_open, menu
        self._lines: tuple[CartLine, ...] = ()
        self._cells: list[list[str]] = []
        self._widths: dict[str, int] = {}
        self._painted: list[tuple[list[str], list[str]]] = []
        self._has_people = False
        self._jobs = Jobs(self)
        self.tree = ttk.Treeview(
            self,
            columns=[key for key, *_ in _COLUMNS],
            show="headings",
            selectmode="browse",
            takefocus=False,
            height=1,
        )
        self._bar = ttk.Scrollbar(self, command=self.tree.yview, bootstyle="round")
        self.tree.configure(yscrollcommand=self._set_bar)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.tree.grid(row=0, column=0, sticky="nsew")
        self._hints = KeyHints(self)
        self._bind_hands()
        self._arrange()

    def _bind_hands(self) -> None:
        tree = self.tree
        tree.bind("<ButtonPress-1>", self._pressed)
        tree.bind("<Double-Button-1>", self._opened)
        aqua = tree.tk.call("tk", "windowingsystem") == "aqua"
        for button in ("<Button-2>", "<Control-Button-1>") if aqua else ("<Button-3>",):
            tree.bind(button, self._asked)
        tree.bind("<Configure>", lambda _event: self._fit(), add=True)
        tree.bind("<<ThemeChanged>>", lambda _event: self._arrange(), add=True)

    def _arrange(self) -> None:
        colours = palette(self)
        self.tree.tag_configure("stripe", background=colours.stripe)
        self.tree.tag_configure("gift", foreground=colours.success)
        self.tree.tag_configure("back", foreground=colours.danger)
        self._widths = self._measure()
        for key, title, _, anchor in _COLUMNS:
            room = self._widths[key]
            side: Any = anchor
            self.tree.heading(key, text=title, anchor=side)
            self.tree.column(key, width=room, minwidth=px(self, 30), anchor=side, stretch=key == "name")
        self._fit()

    # ---------------------------------------------------------------- what is shown

    def show(
        self, lines: tuple[CartLine, ...], bill: PricedBill, position: int, people: Sequence[str] = ()
    ) -> None:
        """The lines of the bill as priced, with the one in hand in view.

        ``people`` are the salespersons of lines that have one of their own; their column is there where any has.
        """
        self._lines, self._has_people = lines, any(people)
        told = people or [""] * len(lines)
        self._cells = [
            _texts(place, *each) for place, each in enumerate(zip(lines, bill.lines, told, strict=True))
        ]
        if self._measure() != self._widths:
            self._arrange()
        self._paint()
        if 0 <= position < len(lines):
            item = str(position)
            self.tree.selection_set(item)
            self.tree.see(item)
        if lines:
            self._hints.place_forget()
        else:
            self._hints.place(in_=self.tree, relx=0.5, rely=0.54, anchor="center")

    def _paint(self) -> None:
        items = self.tree.get_children()
        if len(items) > len(self._lines):
            self.tree.delete(*items[len(self._lines) :])
        del self._painted[len(self._lines) :]
        room, whose = self._room("name"), self._room("person")
        font = ttk.nametofont("MpBody", root=self)
        for place, (line, texts) in enumerate(zip(self._lines, self._cells, strict=True)):
            values = [*texts[:2], cut(texts[2], font, room), cut(texts[3], font, whose), *texts[4:]]
            tags = ["stripe"] if place % 2 else []
            tags += ["back"] if line.taken is not None else ["gift"] if line.gift else []
            row = values, tags
            if place >= len(items):
                self.tree.insert("", "end", iid=str(place), values=values, tags=tags)
                self._painted.append(row)
            elif self._painted[place] != row:  # a long bill is mostly as it was
                self.tree.item(str(place), values=values, tags=tags)
                self._painted[place] = row

    def _measure(self) -> dict[str, int]:
        """The pixels each column needs."""
        font, side = ttk.nametofont("MpBody", root=self), px(self, _PADDING)
        widths = {}
        for place, (key, _, width, _) in enumerate(_COLUMNS):
            least = chars(self, width)
            if key in _FIGURES:
                figures = {texts[place] for texts in self._cells}
                sums = (font.measure(text) + side for text in figures)
                least = max([least, *sums])
            widths[key] = 0 if key == "person" and not self._has_people else least + 2 * side
        return widths

    def _room(self, key: str) -> int:
        return int(self.tree.column(key, "width")) - 2 * px(self, CELL_EDGE)

    def _fit(self) -> None:
        """Codes give way to names where there is no room for both."""
        width = self.tree.winfo_width()
        if width <= 1:
            return
        needed = self._widths
        left = max(0, width - sum(room for key, room in needed.items() if key != "name"))
        narrow = left < chars(self, _NAME_LEAST) + 2 * px(self, _PADDING)
        self.tree.column("name", width=left + needed["code"] if narrow else left)
        gone = {key for key, there in (("code", not narrow), ("person", self._has_people)) if not there}
        shown = [key for key, *_ in _COLUMNS if key not in gone]
        if list(self.tree.cget("displaycolumns")) != shown:
            self.tree.configure(displaycolumns=shown)
        self._hints.fit(self.tree.winfo_height() - px(self, 60))
        self._jobs.once("fit", self._refit)

    def _refit(self) -> None:
        if self.winfo_exists():
            self._paint()

    def _set_bar(self, low: float, high: float) -> None:
        self._bar.set(low, high)
        if float(low) <= 0 and float(high) >= 1:
            self._bar.grid_remove()
        else:
            self._bar.grid(row=0, column=1, sticky="ns")

    # ---------------------------------------------------------------- the mouse

    def _place(self, event: "tk.Event[tk.Misc]") -> int | None:
        if self.tree.identify_region(event.x, event.y) != "cell":
            return None
        item = self.tree.identify_row(event.y)
        return int(item) if item else None

    def _pressed(self, event: "tk.Event[tk.Misc]") -> str | None:
        place = self._place(event)
        if place is not None:
            self._on_select(place)
        return None if self.tree.identify_region(event.x, event.y) in ("heading", "separator") else "break"

    def _opened(self, event: "tk.Event[tk.Misc]") -> str:
        if self._place(event) is not None:
            self._on_open()
        return "break"

    def _asked(self, event: "tk.Event[tk.Misc]") -> str:
        place = self._place(event)
        if place is not None:
            self._on_select(place)
            popup(self, self._menu(), event.x_root, event.y_root)
        return "break"


def price_word(line: CartLine, priced: PricedLine) -> str:
    """Why the price is not the list price; empty where it is."""
    if line.taken is not None or priced.price_fen == line.list_price_fen:
        return ""
    if line.price_fen != line.list_price_fen:
        return "改价"
    if line.special_price_fen is not None and priced.price_fen >= line.special_price_fen:
        level = line.level_price_fen
        return "会员价" if level is not None and level <= line.special_price_fen else "特价"
    return "会员价" if line.level_price_fen is not None else "最低价"


def _texts(place: int, line: CartLine, priced: PricedLine, person: str) -> list[str]:
    """The cells of one line: the price that counts, the discount that counts, what it comes to."""
    marks = [line.note] if line.note else []
    if line.taken is not None:
        marks.append("退，报损" if line.taken.to_waste else "退")
    name = f"{line.name}（{'，'.join(marks)}）" if marks else line.name
    discount = "赠品" if line.gift else show_discount(priced.discount_bp) or price_word(line, priced)
    price_fen = line.list_price_fen if line.gift else priced.price_fen
    return [
        str(place + 1),
        line.code,
        name,
        person,
        show_fen(price_fen),
        f"{show_milli(line.qty_milli)} {line.unit}".rstrip(),
        discount,
        show_fen(priced.net_fen if line.taken is not None else priced.own_fen),
    ]
