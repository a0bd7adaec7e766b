"""Mouse, wheel and keyboard of a virtual list."""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import ttkbootstrap as ttk

from meiping.ui.widgets.menus import MenuEntry, popup

if TYPE_CHECKING:
    from meiping.ui.widgets.virtual_list import VirtualList

SHIFT, CONTROL = 0x1, 0x4
_EDGE = 5
"""Pixels from the edge between two columns, as Tk takes it, into the left one."""
_WHEEL_ROWS = 3
_ASIDE = 80
"""Pixels an arrow moves the columns sideways."""
_RANGE_LIMIT = 20_000


class ListHands:
    """Binds what hands do to what the list does."""

    def __init__(self, owner: "VirtualList") -> None:
        self._list = owner
        self._tree = owner.tree
        self._anchor = 0
        self._wheel = 0
        self._dragged: str | None = None
        self._sized: str | None = None
        self._held: int | None = None
        """A row among several selected ones that is pressed: it may be the beginning of dragging them."""
        self._bind_mouse()
        self._bind_keys()

    # ---------------------------------------------------------------- mouse

    def _bind_mouse(self) -> None:
        tree = self._tree
        tree.bind("<ButtonPress-1>", self._pressed)
        tree.bind("<B1-Motion>", self._dragging)
        tree.bind("<ButtonRelease-1>", self._released)
        tree.bind("<Double-Button-1>", self._double)
        aqua = tree.tk.call("tk", "windowingsystem") == "aqua"
        for button in ("<Button-2>", "<Control-Button-1>") if aqua else ("<Button-3>",):
            tree.bind(button, self._right)
        tree.bind("<MouseWheel>", self._wheeled)
        tree.bind("<Button-4>", lambda _event: self._roll(-_WHEEL_ROWS))
        tree.bind("<Button-5>", lambda _event: self._roll(_WHEEL_ROWS))

    def _index(self, event: "tk.Event[tk.Misc]") -> int | None:
        item = self._tree.identify_row(event.y)
        return self._list.rows_from + int(item[1:]) if item else None

    def _column(self, event: "tk.Event[tk.Misc]") -> str | None:
        if self._tree.identify_region(event.x, event.y) != "heading":
            return None
        return str(self._tree.column(self._tree.identify_column(event.x), "id"))

    def _left_of_edge(self, event: "tk.Event[tk.Misc]") -> str | None:
        """The column whose width is drawn by the edge under the mouse."""
        if self._tree.identify_region(event.x, event.y) != "separator":
            return None
        return str(self._tree.column(self._tree.identify_column(event.x - _EDGE), "id"))

    def _pressed(self, event: "tk.Event[tk.Misc]") -> None:
        self._tree.focus_set()
        self._dragged, self._sized = self._column(event), self._left_of_edge(event)
        if self._sized is not None:  # Tk would give the room that is drawn straight back
            self._tree.column(self._sized, stretch=False)
        index = self._index(event)
        if index is None or self._tree.identify_region(event.x, event.y) not in ("cell", "tree"):
            return
        state = int(event.state)
        if state & CONTROL and self._list.extended:
            self.toggle(index)
            return
        if self._list.drag is not None and not state & SHIFT:
            self._list.drag.press(event.x_root, event.y_root)
            found = self._list.row_at(index)
            if found and found[0] in self._list.selection and self._list.selected_count() > 1:
                self._held = index
                return
        self.move_to(index, extend=bool(state & SHIFT))

    def _dragging(self, event: "tk.Event[tk.Misc]") -> str | None:
        if self._list.drag is not None and self._list.drag.move(event.x_root, event.y_root):
            return "break"
        if self._dragged is None:
            return None
        over = self._column(event)
        self._tree.configure(cursor="sb_h_double_arrow" if over not in (None, self._dragged) else "")
        return None

    def _released(self, event: "tk.Event[tk.Misc]") -> None:
        held, self._held = self._held, None
        if self._list.drag is not None and self._list.drag.release():
            return
        if held is not None:
            self.move_to(held)
        dragged, self._dragged = self._dragged, None
        over = self._column(event)
        self._tree.configure(cursor="")
        if dragged and over and over != dragged:
            self._list.layout.move(dragged, over)
            self._list.columns_changed()
        elif self._sized is not None:
            self._list.width_dragged(self._sized)

    def _double(self, event: "tk.Event[tk.Misc]") -> None:
        if (
            self._tree.identify_region(event.x, event.y) in ("cell", "tree")
            and self._index(event) is not None
        ):
            self._open()

    def _right(self, event: "tk.Event[tk.Misc]") -> str:
        column = self._column(event)
        if column is not None:
            popup(self._list, self.column_menu(column), event.x_root, event.y_root)
            return "break"
        index = self._index(event)
        if index is not None:
            self._tree.focus_set()
            found = self._list.row_at(index)
            if found and found[0] not in self._list.selection:
                self.move_to(index)
            else:
                self._list.cursor = index
            self._show_menu(event.x_root, event.y_root)
        return "break"

    def _wheeled(self, event: "tk.Event[tk.Misc]") -> str:
        step = event.delta / 120 if abs(event.delta) >= 120 else event.delta
        return self._roll(-round(step * _WHEEL_ROWS))

    def _roll(self, rows: int) -> str:
        """Wheel steps add up; the list is drawn once they stop coming."""
        self._list.first = max(0, min(self._list.first + rows, self._list.count - 1))
        self._list.draw_later()
        return "break"

    def scrollbar_moved(self, what: str, amount: str, unit: str = "") -> None:
        """What Tk's scrollbar asks for."""
        if what == "moveto":
            self._list.first = max(0, round(float(amount) * self._list.count))
            self._list.draw_later()
        else:
            self._roll(round(float(amount)) * (self._list.capacity() if unit.startswith("page") else 1))

    # ---------------------------------------------------------------- keyboard

    def _bind_keys(self) -> None:
        for sequence, step in (("Up", -1), ("Down", 1)):
            self._bind_move(sequence, partial(self._step_from, step))
        for sequence, sign in (("Prior", -1), ("Next", 1)):
            self._bind_move(sequence, partial(self._page_from, sign))
        for sequence, side in (("<Left>", -1), ("<Right>", 1)):
            self._tree.bind(sequence, partial(self._roll_aside, side))
        self._bind_move("Home", lambda _here: 0)
        self._bind_move("End", lambda _here: self._list.count - 1)
        tree = self._tree
        for sequence in ("<Control-Prior>", "<Control-Next>", "<Alt-Left>", "<Alt-Right>"):
            tree.bind(sequence, lambda _event: None)  # pages and their tabs are turned with them
        for letter in "aA":
            tree.bind(f"<Control-{letter}>", lambda _event: self.select_all())
        for letter in "cC":
            tree.bind(f"<Control-{letter}>", lambda _event: self._copy())
        for sequence in ("<Return>", "<KP_Enter>", "<F2>"):
            tree.bind(sequence, lambda _event: self._open())
        tree.bind("<Control-space>", lambda _event: self.toggle(self._list.cursor))
        menu_key = "<App>" if tree.tk.call("tk", "windowingsystem") == "win32" else "<Menu>"
        for sequence in (menu_key, "<Shift-F10>"):
            tree.bind(sequence, lambda _event: self._menu_by_key())
        tree.bind("<FocusIn>", lambda _event: self._focused(), add=True)

    def _roll_aside(self, side: int, _event: object) -> str:
        """To the columns that find no room."""
        self._list.scroll_aside(side * _ASIDE)
        return "break"

    def _step_from(self, step: int, here: int) -> int:
        """The first step takes the row at hand, where none has been chosen yet."""
        return here + step if here < 0 or self._list.selected_count() else here

    def _page_from(self, sign: int, here: int) -> int:
        return here + sign * max(1, self._list.capacity() - 1)

    def _bind_move(self, key: str, target: Callable[[int], int]) -> None:
        self._tree.bind(f"<{key}>", lambda _event: self.move_to(target(self._list.cursor)))
        self._tree.bind(f"<Shift-{key}>", lambda _event: self.move_to(target(self._list.cursor), extend=True))

    def _focused(self) -> None:
        """Coming in by Tab or ↓ takes the first row in view, so that the next key has somewhere to start."""
        if self._list.cursor < 0 and self._list.count:
            self._list.cursor = self._list.first

    def move_to(self, index: int, *, extend: bool = False) -> str:
        """Select the row at ``index`` (or all up to it) and bring it into view."""
        owner = self._list
        if not owner.count:
            return "break"
        index = max(0, min(index, owner.count - 1))
        if extend and owner.extended:
            low, high = sorted((self._anchor, index))
            rows = owner.fetch(low, min(high - low + 1, _RANGE_LIMIT))
            owner.selection.only((row.get("id", place), row) for place, row in enumerate(rows, low))
        else:
            self._anchor = index
            found = owner.row_at(index)
            owner.selection.only([found] if found else [])
        owner.cursor = index
        owner.see(index)
        owner.selection_changed()
        return "break"

    def toggle(self, index: int) -> str:
        """Turn the choice of one row round, leaving the others."""
        found = self._list.row_at(index)
        if found:
            self._list.selection.toggle(*found)
            self._list.cursor = self._anchor = index
            self._list.selection_changed()
        return "break"

    def select_all(self) -> str:
        """Choose every row, seen or not."""
        if self._list.extended and self._list.count:
            self._list.selection.choose_all()
            self._list.selection_changed()
        return "break"

    def _copy(self) -> str:
        self._list.copy()
        return "break"

    def _open(self) -> str | None:
        if self._list.on_open is None:
            return None  # the key may mean something to the page
        row = self._list.current_row()
        if row is not None:
            self._list.on_open(row)
        return "break"

    # ---------------------------------------------------------------- menus

    def row_menu(self) -> list[MenuEntry]:
        """What can be done with the current row, copying last."""
        row = self._list.current_row()
        if row is None:
            return []
        offered = list(self._list.on_menu(row)) if self._list.on_menu is not None else []
        return [*offered, *([("-", None)] if offered else []), ("复制", self._list.copy)]

    def _show_menu(self, x: int, y: int) -> None:
        popup(self._list, self.row_menu(), x, y)

    def _menu_by_key(self) -> str:
        item = self._tree.focus()
        box = self._tree.bbox(item) if item else ""
        if box:
            x, y, _width, height = box
            x, y = self._tree.winfo_rootx() + x + 40, self._tree.winfo_rooty() + y + height
            popup(self._list, self.menu_of_keys(), x, y)
        return "break"

    def menu_of_keys(self) -> list[MenuEntry]:
        """What the row's menu offers, and what the mouse does at the headings: order and columns."""
        orders = self._orders()
        return [
            *self.row_menu(),
            ("-", None),
            *([("排序", orders)] if orders else []),
            ("显示的列", self._column_ticks()),
        ]

    def _orders(self) -> list[MenuEntry]:
        """The columns shown that the rows can be put in order by; the present one says which way it goes."""
        owner = self._list
        sort = owner.layout.sort
        found: list[MenuEntry] = []
        for column in owner.layout.visible():
            if column.sortable:
                arrow = ("  ▼" if sort.descending else "  ▲") if sort and sort.key == column.key else ""
                found.append((column.title + arrow, partial(owner.sort_by, column.key)))
        return found

    def column_menu(self, clicked: str) -> list[MenuEntry]:
        """Ticks for the columns, and what can be done with the one clicked."""
        layout = self._list.layout
        return [
            *self._column_ticks(),
            ("-", None),
            ("左移这一列", lambda: self._apply(layout.shift, clicked, -1)),
            ("右移这一列", lambda: self._apply(layout.shift, clicked, 1)),
            ("恢复原来的列", lambda: self._apply(layout.reset)),
        ]

    def _column_ticks(self) -> list[MenuEntry]:
        layout = self._list.layout
        entries: list[MenuEntry] = []
        for name in layout.order:
            tick = ttk.BooleanVar(self._list, name not in layout.hidden)
            toggle = partial(self._apply, layout.toggle, name)
            entries.append((layout.columns[name].title, (tick, toggle)))
        return entries

    def _apply(self, change: Callable[..., None], *values: object) -> None:
        change(*values)
        self._list.columns_changed(refetch=True)
