"""The rows of an import as lists show them, and those left out as they are handed back."""

from collections.abc import Iterable

from meiping.domains.stewardship.import_cells import text_of
from meiping.domains.stewardship.import_fields import headings
from meiping.domains.stewardship.import_rules import Outcome, Plan, outcome_row
from meiping.kernel.sheet import SheetRows, column_letters
from meiping.kernel.tabular import Column, Kind, Table


def preview_table(plan: Plan, columns: tuple[Column, ...]) -> Table:
    """The rows of a plan for a list: those with problems first, then by number."""
    rows = sorted(map(outcome_row, plan.outcomes), key=lambda row: (row["tone"] != "danger", row["number"]))
    return Table("预览", columns, rows)


def left_out_table(sheet: SheetRows, header: int, left_out: Iterable[Outcome]) -> Table:
    """The rows that were not taken in, as they stood, each with its number and the reason."""
    titles = headings(sheet, header)
    columns = [
        Column("number", "行号", Kind.NUMBER),
        Column("remark", "未导入的原因", width=40),
        *(
            Column(f"c{place}", title or column_letters(place + sheet.first_column))
            for place, title in enumerate(titles)
        ),
    ]
    cells_of = dict(sheet.rows)
    rows = [
        {
            "id": one.number,
            "number": one.number,
            "remark": one.remark,
            **{f"c{place}": text_of(cell) for place, cell in enumerate(cells_of.get(one.number, ()))},
        }
        for one in left_out
    ]
    return Table("未导入的行", tuple(columns), rows)
