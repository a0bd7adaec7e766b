"""The recycle bin: a row lies in it while its ``deleted_at`` is set; ``deleted_by`` names who put it there."""

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from meiping.kernel.errors import NotFound
from meiping.store.unit_of_work import Work


class Binned(Protocol):
    """A row of a table with a recycle bin."""

    id: Any
    deleted_at: Any


R = TypeVar("R", bound=Binned)


def move(work: Work, rows: Iterable[R], *, into_bin: bool) -> list[R]:
    """Put rows into the recycle bin, or take them out, one after the other; gives those that were not there yet."""
    moved = []
    for row in rows:
        if (row.deleted_at is None) is not into_bin:
            continue
        at, by = (work.at, work.actor.name) if into_bin else (None, "")
        model: Any = type(row)
        model.update(deleted_at=at, deleted_by=by).where(model.id == row.id).execute()
        moved.append(row)
    return moved


def require_outside(row: Binned, what: str) -> None:
    """Raise NotFound for a row in the recycle bin; ``what`` begins the sentence."""
    if row.deleted_at is not None:
        raise NotFound(f"{what}已经删除，请先恢复。")
