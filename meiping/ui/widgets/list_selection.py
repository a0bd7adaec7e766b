"""Which rows of a list are chosen, by their ids, whether they are in view or not."""

from collections.abc import Iterable

from meiping.kernel.tabular import Row

RowId = int | str


class Selection:
    """Chosen rows: either picked ones, or everything but a few."""

    def __init__(self) -> None:
        self.everything = False
        self._picked: dict[RowId, Row] = {}
        self._left_out: set[RowId] = set()

    def __contains__(self, row_id: RowId) -> bool:
        return row_id not in self._left_out if self.everything else row_id in self._picked

    def count(self, total: int) -> int:
        """How many rows are chosen out of ``total``."""
        return max(0, total - len(self._left_out)) if self.everything else len(self._picked)

    def clear(self) -> None:
        """Choose nothing."""
        self.everything = False
        self._picked.clear()
        self._left_out.clear()

    def choose_all(self) -> None:
        """Choose every row, seen or not."""
        self.clear()
        self.everything = True

    def only(self, rows: Iterable[tuple[RowId, Row]]) -> None:
        """Choose these rows and no others."""
        self.clear()
        self._picked.update(rows)

    def toggle(self, row_id: RowId, row: Row) -> None:
        """Turn one row's choice round."""
        if self.everything:
            self._left_out.symmetric_difference_update({row_id})
        elif self._picked.pop(row_id, None) is None:
            self._picked[row_id] = row

    def refresh(self, row_id: RowId, row: Row) -> None:
        """Keep the newest picture of a chosen row."""
        if row_id in self._picked:
            self._picked[row_id] = row

    def drop(self, row_id: RowId) -> None:
        """The row is gone."""
        self._picked.pop(row_id, None)
        self._left_out.discard(row_id)

    def picked(self) -> dict[RowId, Row]:
        """The rows picked one by one; empty while everything is chosen."""
        return dict(self._picked)

    def left_out(self) -> list[RowId]:
        """The rows not chosen where everything else is."""
        return list(self._left_out)
