"""What a page asks before, during and after an import."""

import json
from dataclasses import dataclass
from typing import Any

from meiping.adapters.progress import Progress
from meiping.domains.stewardship.import_cells import text_of
from meiping.domains.stewardship.import_columns import Columns
from meiping.domains.stewardship.import_fields import (
    IMPORT,
    KIND_BY_KEY,
    Form,
    ImportField,
    ImportKind,
    Mapped,
    find_header,
    guess,
    headings,
    sample,
    signature,
)
from meiping.domains.stewardship.import_known import import_fields, imported_at
from meiping.domains.stewardship.import_plan import plan_customers
from meiping.domains.stewardship.import_records import plan_records
from meiping.domains.stewardship.import_rules import BATCH_COLUMNS, ImportOptions, Plan
from meiping.domains.stewardship.imports import MAPPING_OPTION
from meiping.domains.stewardship.models import ImportBatch
from meiping.kernel.actor import Actor
from meiping.kernel.moments import show_moment
from meiping.kernel.sheet import SheetRows, column_letters
from meiping.kernel.tabular import Table
from meiping.store.database import fetch_value
from meiping.store.unit_of_work import query

_SHOWN = 3
_GUESS_CHECKED = (Form.YES, Form.DATE, Form.MOMENT, Form.MONEY, Form.WHOLE, Form.PHONE)
_ENOUGH = 3
"""Fewer cells than this prove nothing against a heading, unless it asks for yes or no."""
MOST_BATCHES = 500


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet as it is offered: where it stands, its heading, its first cells in words."""

    place: int
    letters: str
    heading: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """A sheet as far as it explains itself. ``remembered`` says that the same headings came before.

    ``imported_at`` is when the same content was imported, in UTC milliseconds.
    """

    kind: ImportKind
    header: int
    columns: tuple[SheetColumn, ...]
    fields: tuple[ImportField, ...]
    mapped: Mapped
    remembered: bool
    rows: int
    imported_at: int | None


@query(IMPORT)
def understand(actor: Actor, *, kind: ImportKind, sheet: SheetRows) -> Understood:
    """Find the headings and guess the columns. Raises UserError where there are none."""
    fields = import_fields(kind)
    header = find_header(sheet, fields)
    titles = headings(sheet, header)
    known = {field.key for field in fields}
    kept = fetch_value(
        "SELECT value FROM option WHERE key = ?", f"{MAPPING_OPTION}{kind.key}.{signature(titles)}"
    )
    before = {int(column): key for column, key in json.loads(kept).items() if key in known} if kept else {}
    mapped = before or guess(titles, fields, lambda field, column: _fits(actor, sheet, header, field, column))
    columns = tuple(
        SheetColumn(
            place,
            column_letters(place + sheet.first_column),
            title,
            tuple(text_of(cell) for cell in sample(sheet, header, place)[:_SHOWN]),
        )
        for place, title in enumerate(titles)
    )
    shown = tuple(one for one in columns if one.heading or one.examples)
    rows = len(sheet.rows) - header - 1
    return Understood(
        kind, header, shown, fields, mapped, bool(before), rows, imported_at(kind, sheet.file_hash)
    )


def _fits(actor: Actor, sheet: SheetRows, header: int, field: ImportField, column: int) -> bool:
    """Whether most of a column's cells are what its heading says; only asked of what has a clear form."""
    if field.form not in _GUESS_CHECKED:
        return True
    cells = sample(sheet, header, column)
    mapped = {column: field.key, -1: "name"} if not field.key.startswith("record.") else None
    if mapped is None or not cells:
        return True
    one = Columns(actor, ImportKind.CUSTOMERS, sheet, mapped, ImportOptions(create_words=True))
    row = [None] * column
    bad = sum(bool(one.values(0, (*row, cell))[1]) for cell in cells)
    few = len(cells) < _ENOUGH and field.form is not Form.YES
    return few or bad * 2 <= len(cells)


@query(IMPORT)
def preview_import(
    actor: Actor,
    *,
    kind: ImportKind,
    sheet: SheetRows,
    header: int,
    mapped: Mapped,
    options: ImportOptions,
    progress: Progress | None = None,
) -> Plan:
    """What an import would make of every row; nothing is written. Raises UserError, and Cancelled."""
    if kind is ImportKind.RECORDS:
        return plan_records(actor, sheet, header, mapped, options, progress)[0]
    return plan_customers(actor, sheet, header, mapped, options, progress)


@query(IMPORT)
def import_batches(actor: Actor) -> Table:
    """The imports, the latest first."""
    rows: list[dict[str, Any]] = []
    for batch in ImportBatch.select().order_by(ImportBatch.id.desc()).limit(MOST_BATCHES):
        undone = batch.undone_at
        rows.append(
            {
                "id": batch.id,
                "at": batch.at,
                "kind": KIND_BY_KEY[batch.kind].title,
                "file_name": batch.file_name,
                "operator_name": batch.operator_name,
                "created_count": batch.created_count,
                "updated_count": batch.updated_count,
                "refused_count": batch.refused_count,
                "state": "" if undone is None else f"已于 {show_moment(undone)} 撤销",
                "tone": None if undone is None else "muted",
            }
        )
    return Table("导入记录", BATCH_COLUMNS, rows)
