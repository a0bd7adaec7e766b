"""A list that holds only the rows one can see, so that a hundred thousand are as quick as fifty."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ttkbootstrap as ttk

from meiping.kernel.tabular import Column, Listing, Row, Table
from meiping.ui.theme import px
from meiping.ui.view_state import ViewState
from meiping.ui.widgets.cut_text import one_line
from meiping.ui.widgets.empty_state import EmptyState
from meiping.ui.widgets.jobs import Jobs
from meiping.ui.widgets.list_columns import ColumnLayout
from meiping.ui.widgets.list_hands import ListHands
from meiping.ui.widgets.list_headings import Headings
from meiping.ui.widgets.list_painter import RowPainter
from meiping.ui.widgets.list_preparing import Elsewhere, Job, Preparing
from meiping.ui.widgets.list_rows import CHUNK, OrderedRows
from meiping.ui.widgets.list_selection import RowId, Selection
from meiping.ui.widgets.list_totals import TotalsRow
from meiping.ui.widgets.menus import MenuEntry
from meiping.ui.widgets.row_drag import RowDrag

Menu = Sequence[MenuEntry]


class VirtualList(ttk.Frame):
    """Rows of a ``Listing``, a window at a time; at most one query a redraw.

    ``empty`` is (what belongs here, word on the button or None, what the button does). ``on_open`` gets the row
    double clicked or entered; ``on_menu`` gives what can be done with a row; ``on_select`` hears the current row,
    or None, a moment after it changed. ``view`` remembers columns and sort under ``key``. With a ``drag``
    rows can be dragged away.
    """

    def __init__(
        self,
        parent: tk.Misc,
        columns: Sequence[Column],
        *,
        key: str,
        view: ViewState,
        listing: Listing | None = None,
        empty: tuple[str, str | None, Callable[[], object] | None] = ("这里还没有内容", None, None),
        on_open: Callable[[Row], object] | None = None,
        on_menu: Callable[[Row], Menu] | None = None,
        on_select: Callable[[Row | None], object] | None = None,
        selectmode: str = "extended",
    ) -> None:
        super().__init__(parent, bootstyle="bordered", padding=1)
        self.layout = ColumnLayout(columns, view, key)
        self._view, self._key = view, key
        self.on_open, self.on_menu, self.on_select = on_open, on_menu, on_select
        self.extended = selectmode == "extended"
        self.selection = Selection()
        self.first = 0
        self.count = 0
        self.cursor = -1
        self._listing: Listing | None = None
        self._ordered = OrderedRows()
        self.rows_from = 0
        """Place in the whole list of the first row on screen; ``first`` may already want another."""
        self._rows: list[Row] = []
        self._drawn: tuple[int, int] | None = None
        self._summary: Mapping[str, Any] = {}
        self._jobs = Jobs(self)
        self._preparing = Preparing(self)
        self._anew = False
        self.drag: RowDrag | None = None
        self._told: Row | None = None
        self._build(tuple(columns))
        self.set_empty(*empty)
        self._hands = ListHands(self)
        self._arrange()
        if listing is not None:
            self.set_listing(listing)

    def _build(self, columns: tuple[Column, ...]) -> None:
        names = tuple(column.key for column in columns)
        self.tree = ttk.Treeview(self, columns=names, show="headings", selectmode="none", height=1)
        self._bar = ttk.Scrollbar(self, command=self._hands_scroll, bootstyle="round")
        self._side = ttk.Scrollbar(self, command=self._xview, orient="horizontal", bootstyle="round")
        self._totals = TotalsRow(self, self.tree)
        self._painter = RowPainter(self.tree)
        self._headings = Headings(self.tree, self._totals, self.sort_by)
        self.tree.configure(xscrollcommand=self._set_side)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.tree.grid(row=0, column=0, sticky="nsew")
        self.blank = EmptyState(self, self.tree)
        self.tree.bind("<Configure>", self._resized, add=True)
        self._painter.take_colours()  # a list made later is not told of a theme that was there before
        self.tree.bind("<<ThemeChanged>>", self._themed, add=True)

    # ---------------------------------------------------------------- what is shown

    def set_listing(self, listing: Listing) -> None:
        """Show other rows from the top, with nothing selected."""
        self._listing, self._anew = listing, True
        self._preparing.then(listing, self.layout.sort, self._fetched)

    def read_elsewhere(self, elsewhere: Elsewhere) -> None:
        """Have what takes long read off the main thread; the rows shown before stay until then."""
        self._preparing.elsewhere = elsewhere

    def when_ready(self, job: Job) -> None:
        """Run it now, or once the rows that are being read are on screen."""
        self._preparing.when_ready(job)

    def _fetched(self) -> None:
        """The rows can come at once: others from the top, or the same ones again."""
        if not self._anew:
            self._refresh()
            return
        self._anew = False
        self.first, self.cursor = 0, -1
        self.selection.clear()
        self._fetch_facts()
        self._tell_later()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Have other columns, arranged as they are remembered; the rows stay where they are."""
        if tuple(columns) == tuple(self.layout.columns.values()):
            return
        self.layout = ColumnLayout(columns, self._view, self._key)
        names = tuple(column.key for column in columns)
        for tree in (self.tree, self._totals):
            tree.configure(displaycolumns=("#all",))  # those shown must be among the new ones at every moment
            tree.configure(columns=names)
        self._drawn = None
        self.columns_changed()

    def set_empty(
        self, text: str, word: str | None = None, action: Callable[[], object] | None = None
    ) -> None:
        """What an empty list says, and the button that puts something there."""
        self.blank.say(text, word, action)

    def reload(self) -> None:
        """Fetch again, keeping place and selection; what is gone is no longer selected."""
        if self._listing is not None:
            self._preparing.then(self._listing, self.layout.sort, self._fetched)

    def _refresh(self) -> None:
        before, seen = self.count, [self._id_at(place) for place in range(len(self._rows))]
        current = self.current_row()
        self._fetch_facts()
        self.draw_now()
        if self.count < before:
            now = {self._id_at(place) for place in range(len(self._rows))}
            for row_id in seen:
                if row_id not in now:
                    self.selection.drop(row_id)
            self._paint()
        if current is not None and self.current_row() is None and self.count and not self.selected_count():
            self.cursor = min(max(self.cursor, 0), self.count - 1)
        self._tell_later()

    def _fetch_facts(self) -> None:
        """Count anew and let the totals follow once the rows are on screen."""
        assert self._listing is not None
        self._ordered.put(self._listing, self.layout.sort)
        self.count = self._listing.count()
        self.cursor = min(self.cursor, self.count - 1)
        self._drawn = None
        self._jobs.once("totals", self._show_totals)
        self.draw_later()

    def fetch(self, first: int, size: int) -> Sequence[Row]:
        """Rows in the order shown."""
        return self._ordered.window(first, size)

    def capacity(self) -> int:
        """How many whole rows there is room for."""
        return max(1, (self.tree.winfo_height() - self._heading_height()) // self._row_height())

    def _row_height(self) -> int:
        return int(ttk.Style.get_instance().lookup("Treeview", "rowheight") or 20)

    def _heading_height(self) -> int:
        if box := self.tree.bbox("r0") if self.tree.exists("r0") else "":
            return int(box[1])
        return int(ttk.nametofont("MpBody", root=self).metrics("linespace")) + 2 * px(self, 7) + 4

    # ---------------------------------------------------------------- drawing

    def draw_later(self) -> None:
        """Ask for a redraw; many asks make one."""
        self._jobs.once("draw", self.draw_now)

    def draw_now(self) -> None:
        """Fetch the rows in view if others are wanted, and paint them."""
        if self.tree.winfo_height() <= 1:
            return  # not on screen yet: its first size asks again
        size = self.capacity()
        self.first = max(0, min(self.first, self.count - size))
        if self._drawn != (self.first, size):
            self._rows = list(self.fetch(self.first, size))
            self._drawn, self.rows_from = (self.first, size), self.first
            for place, row in enumerate(self._rows):
                self.selection.refresh(self._id_at(place), row)
        self._paint()
        self._show_bar(size)
        self.blank.show(self.count == 0 and self._listing is not None)

    def _paint(self) -> None:
        chosen = [self._id_at(place) in self.selection for place in range(len(self._rows))]
        if self._painter.paint(self._rows, self.layout, first=self.first, chosen=chosen):
            self._jobs.once("widths", self._follow_widths)
        place = self.cursor - self.first
        self.tree.focus(f"r{place}" if 0 <= place < len(self._rows) else "")

    def _show_bar(self, size: int) -> None:
        if self.count > size:
            self._bar.set(self.first / self.count, (self.first + size) / self.count)
            self._bar.grid(row=0, column=1, sticky="ns")
        else:
            self._bar.grid_remove()

    def _show_totals(self) -> None:
        self._summary = self._listing.summary() if self._listing is not None else {}
        self._lay_totals()

    def _lay_totals(self) -> None:
        if self._summary and self.count:
            columns = tuple(self.layout.columns.values())
            self._totals.show(columns, self.layout.visible(), self._summary, set(self.layout.widths))
            self._totals.grid(row=1, column=0, columnspan=2, sticky="ew")
        else:
            self._totals.grid_remove()
        self._follow_widths()

    def _resized(self, _event: object) -> None:
        self.draw_later()
        self._jobs.once("widths", self._follow_widths)

    def _themed(self, _event: object) -> None:
        self._painter.take_colours()
        self._arrange()
        self._lay_totals()
        self._drawn = None
        self.draw_later()

    # ---------------------------------------------------------------- columns

    def _arrange(self) -> None:
        """Put the columns as the layout has them."""
        self._headings.arrange(self.layout)
        self._jobs.once("widths", self._follow_widths)

    def sort_by(self, key: str) -> None:
        """Order by a column, the other way round at the second time."""
        self.layout.sort_by(key)
        self.columns_changed(refetch=True)

    def columns_changed(self, *, refetch: bool = False) -> None:
        """Show the layout as it now is."""
        self._arrange()
        if self._listing is not None and refetch:
            self._preparing.then(self._listing, self.layout.sort, self._from_the_top)
        elif self._listing is not None:
            self._show_totals()
        self.draw_later()

    def _from_the_top(self) -> None:
        """Another order of the same rows, unless other rows were asked for meanwhile."""
        if self._anew:
            self._fetched()
            return
        self.first, self.cursor = 0, -1
        self._fetch_facts()

    def width_dragged(self, name: str) -> None:
        """Remember the width the user has just drawn; the others follow the window, not the user."""
        width = self._headings.width(name)
        if abs(width - self.layout.width(self.layout.columns[name])) > 0.5:
            self.layout.set_width(name, width)
        self._headings.arrange(self.layout)
        self._follow_widths()
        self.draw_later()

    def _follow_widths(self) -> None:
        self._totals.follow(self.layout.visible())

    def _xview(self, *command: str) -> None:
        self.tree.xview(*command)
        self._follow_widths()

    def scroll_aside(self, pixels: int) -> None:
        """Move the columns sideways, the totals with them."""
        self._xview("scroll", str(pixels), "units")

    def _set_side(self, low: str, high: str) -> None:
        self._side.set(low, high)
        if float(low) > 0 or float(high) < 1:
            self._side.grid(row=2, column=0, columnspan=2, sticky="ew")
        else:
            self._side.grid_remove()

    def _hands_scroll(self, *command: str) -> None:
        self._hands.scrollbar_moved(*command)

    # ---------------------------------------------------------------- rows and selection

    def _id_at(self, place: int) -> RowId:
        row = self._rows[place]
        found: RowId = row.get("id", self.rows_from + place)
        return found

    def row_at(self, index: int) -> tuple[RowId, Row] | None:
        """Id and row at a place of the whole list; fetched if it is out of view."""
        place = index - self.rows_from
        if self._drawn is not None and 0 <= place < len(self._rows):
            return self._id_at(place), self._rows[place]
        found = self.fetch(index, 1) if 0 <= index < self.count else ()
        return (found[0].get("id", index), found[0]) if found else None

    def visible_rows(self) -> list[Row]:
        """The rows in view."""
        return list(self._rows)

    def current_row(self) -> Row | None:
        """The row the hands are on, if it is selected."""
        if self.selection.everything or self.selected_count() > 1:
            found = self.row_at(self.cursor) if self.cursor >= 0 else None
            return found[1] if found and found[0] in self.selection else None
        return next(iter(self.selection.picked().values()), None)

    def selected_count(self) -> int:
        """How many rows are selected."""
        return self.selection.count(self.count)

    def selected_rows(self) -> list[Row]:
        """All selected rows; fetches them where everything was chosen."""
        return self._ordered.chosen(self.selection, self.count)

    def selected_ids(self) -> list[int]:
        """The ids of all selected rows."""
        return self._ordered.chosen_ids(self.selection, self.count)

    def only_selected(self, listing: Listing) -> Listing:
        """Of these rows, which are those of the list, the selected ones: for export and print."""
        narrowed = self._ordered.narrowed(listing, self.selection)
        if narrowed is not None:
            return narrowed
        return Table("", self.visible_columns(), self.selected_rows())

    def select_id(self, row_id: RowId, *, look_through: int = 5 * CHUNK) -> bool:
        """Select a row by its id and bring it into view; looked for in the first rows only. False if not found."""
        for first in range(0, min(self.count, look_through), CHUNK):
            for place, row in enumerate(self.fetch(first, CHUNK), first):
                if row.get("id", place) == row_id:
                    self.selection.only([(row_id, row)])
                    self.cursor = place
                    self.see(place)
                    self._tell_later()
                    return True
        return False

    def clear_selection(self) -> None:
        """Select nothing."""
        self.selection.clear()
        self.selection_changed()

    def see(self, index: int) -> None:
        """Scroll just as far as needed to show a row."""
        size = self.capacity()
        self.first = max(min(self.first, index), index - size + 1, 0)
        self.draw_later()

    def selection_changed(self) -> None:
        """Show the selection and tell it on."""
        self.draw_later()
        self._tell_later()

    def _tell_later(self) -> None:
        if self.on_select is not None:
            self._jobs.once("select", self._tell, delay=30)

    def _tell(self) -> None:
        row = self.current_row()
        if row != self._told and self.on_select is not None:
            self._told = row
            self.on_select(row)

    # ---------------------------------------------------------------- taking it out

    def visible_columns(self) -> tuple[Column, ...]:
        """The columns shown, in their order."""
        return self.layout.visible()

    def current_table(self, title: str, subtitle: str = "") -> Table:
        """Everything the list holds, in the order and columns shown: for export and print."""
        return Table(title, self.visible_columns(), self._ordered.all(self.count), self._summary, subtitle)

    def copy(self) -> None:
        """The selected rows with headings on the clipboard, as a spreadsheet takes them."""
        columns = self.visible_columns()
        lines = [[column.title for column in columns]]
        lines += [[column.show(row.get(column.key)) for column in columns] for row in self.selected_rows()]
        self.clipboard_clear()
        self.clipboard_append("\n".join("\t".join(map(one_line, line)) for line in lines))

    def focus_set(self) -> None:
        """Give the rows the keyboard, with the first one at hand if none is."""
        self.tree.focus_set()

    def step(self, rows: int) -> None:
        """Have the row so many further in hand, as the arrows do."""
        self._hands.move_to(self.cursor + rows)

    def enter(self) -> None:
        """Come in from the search above: the rows have the keyboard, and the first is chosen if none is."""
        self.focus_set()
        if not self.selected_count():
            self._hands.move_to(max(self.cursor, 0))
