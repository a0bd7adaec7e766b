"""How the columns of one list stand: order, widths, hidden ones, sort; remembered between starts."""

from collections.abc import Sequence
from typing import Any

from meiping.kernel.tabular import Column, Sort
from meiping.ui.view_state import ViewState


class ColumnLayout:
    """The user's arrangement of a list's columns, kept in the view state under ``list.<key>``.

    Widths are kept in characters, so that they survive another font size or screen.
    """

    def __init__(self, columns: Sequence[Column], view: ViewState, key: str) -> None:
        self.columns = {column.key: column for column in columns}
        self._view = view
        self._key = f"list.{key}"
        kept: dict[str, Any] = view.get(self._key) or {}
        order = [name for name in kept.get("order", ()) if name in self.columns]
        for place, name in enumerate(self.columns):
            if name not in order:  # a column the program has gained since stands where it was written
                order.insert(min(place, len(order)), name)
        self.order: list[str] = order
        was_hidden = kept.get("hidden", ())
        known = kept.get("known", ())
        self.hidden = {
            column.key
            for column in columns
            if (column.key in was_hidden if column.key in known else column.hidden)
        }
        self.widths: dict[str, float] = {
            name: float(width) for name, width in kept.get("widths", {}).items() if name in self.columns
        }
        sort = kept.get("sort")
        self.sort = Sort(sort[0], bool(sort[1])) if sort and self._sortable(sort[0]) else None

    def _sortable(self, name: str) -> bool:
        return name in self.columns and self.columns[name].sortable

    def visible(self) -> tuple[Column, ...]:
        """The columns shown, in their order; never none at all."""
        shown = tuple(self.columns[name] for name in self.order if name not in self.hidden)
        return shown or (self.columns[self.order[0]],)

    def width(self, column: Column) -> float:
        """Width in characters of the body font."""
        return self.widths.get(column.key, column.width)

    def set_width(self, name: str, width: float) -> None:
        """Remember a width dragged by the user."""
        self.widths[name] = round(width, 1)
        self._save()

    def toggle(self, name: str) -> None:
        """Show or hide a column; the last one stays."""
        if name in self.hidden:
            self.hidden.remove(name)
        elif len(self.visible()) > 1:
            self.hidden.add(name)
        self._save()

    def move(self, name: str, target: str) -> None:
        """Put a column where another stands."""
        place = self.order.index(target)
        self.order.remove(name)
        self.order.insert(place, name)
        self._save()

    def shift(self, name: str, step: int) -> None:
        """Move a column one visible place to the left (-1) or right (+1)."""
        shown = [column.key for column in self.visible()]
        place = shown.index(name) + step
        if 0 <= place < len(shown):
            self.move(name, shown[place])

    def sort_by(self, name: str) -> None:
        """Ascending first, descending at the second time."""
        if self._sortable(name):
            again = self.sort is not None and self.sort.key == name and not self.sort.descending
            self.sort = Sort(name, descending=again)
            self._save()

    def reset(self) -> None:
        """Back to the columns as the program has them."""
        self.order = list(self.columns)
        self.hidden = {column.key for column in self.columns.values() if column.hidden}
        self.widths = {}
        self.sort = None
        self._save()

    def _save(self) -> None:
        self._view.set(
            self._key,
            {
                "order": self.order,
                "hidden": sorted(self.hidden),
                "known": sorted(self.columns),
                "widths": self.widths,
                "sort": [self.sort.key, self.sort.descending] if self.sort else None,
            },
        )
