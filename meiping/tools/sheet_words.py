"""The words ``import`` and ``export`` of the command line."""

from pathlib import Path
from typing import Any

from meiping.adapters.excel import write_workbook
from meiping.adapters.files import CannotWrite
from meiping.adapters.progress import Progress
from meiping.adapters.sheets import read_sheet
from meiping.adapters.text_table import write_text_table
from meiping.domains.audit.service import record_export
from meiping.domains.stewardship.exports import customer_export
from meiping.domains.stewardship.import_fields import KIND_BY_KEY, ImportKind
from meiping.domains.stewardship.import_queries import understand
from meiping.domains.stewardship.import_rules import (
    IMPORT_AGAIN,
    Duplicates,
    ImportOptions,
    MatchBy,
    Mode,
)
from meiping.domains.stewardship.import_tables import left_out_table
from meiping.domains.stewardship.imports import import_sheet
from meiping.kernel.actor import Actor
from meiping.kernel.errors import NeedsConfirmation, UserError

TEXT_ENDINGS = (".csv", ".tsv", ".txt")


def options_of(*, mode: str, duplicates: str, match: str, create_words: bool) -> ImportOptions:
    """What was chosen, from the keys of the choices."""

    def one(kind: Any, key: str) -> Any:
        return next(choice for choice in kind if choice.key == key)

    return ImportOptions(
        one(Mode, mode),
        one(Duplicates, duplicates),
        one(MatchBy, match),
        create_words,
        remedy="加上 --create-words",
    )


def import_file(
    actor: Actor,
    *,
    kind: str,
    path: Path,
    sheet: str,
    options: ImportOptions,
    again: bool,
    spare: Path,
    progress: Progress,
) -> tuple[int, list[str]]:
    """Import a file and save the rows left out beside it; gives the exit code and what is to be printed.

    Where nothing can be written beside the file, they go to the folder ``spare``. Raises UserError.
    """
    rows = read_sheet(path, sheet=sheet, progress=progress)
    understood = understand(actor, kind=KIND_BY_KEY[kind], sheet=rows)
    try:
        result = import_sheet(
            actor,
            kind=understood.kind,
            sheet=rows,
            header=understood.header,
            mapped=understood.mapped,
            options=options,
            progress=progress,
            confirmed=frozenset({IMPORT_AGAIN} if again else ()),
        )
    except NeedsConfirmation as asked:
        known = asked.sentence.removesuffix("，仍要导入吗？")
        raise UserError(f"{known}。要再导入一次，请加上 --again。") from None
    lines = [result.sentence]
    unused = [one.heading for one in understood.columns if one.heading and one.place not in understood.mapped]
    if unused:
        lines.append(f"没有对应、未导入的列：{'、'.join(unused)}")
    if result.left_out:
        table = left_out_table(rows, understood.header, result.left_out)
        lines.append(f"未导入的行和原因：{_save_left_out(path, spare, table)}")
    nothing = result.left_out and result.batch_id is None and not result.same
    return (1 if nothing else 0), lines


def _save_left_out(path: Path, spare: Path, table: Any) -> Path:
    for folder in (path.resolve().parent, spare):
        target = _free(folder, f"{path.stem}-未导入")
        try:
            write_workbook(target, [table])
        except CannotWrite:
            if folder == spare:
                raise
        else:
            return target
    raise AssertionError("unreachable")


def _free(folder: Path, stem: str) -> Path:
    target, number = folder / f"{stem}.xlsx", 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}.xlsx"
    return target


def export_file(actor: Actor, *, path: Path, progress: Progress) -> str:
    """Write all customers into a workbook, or by its ending a text with commas or tabs; gives what is to be printed.

    Raises UserError.
    """
    if path.suffix.lower() not in (".xlsx", *TEXT_ENDINGS):
        raise UserError("导出的文件名请以 .xlsx 或 .csv 结尾。")
    sheet = customer_export(actor)
    record_export(actor, what=ImportKind.CUSTOMERS.title, rows=sheet.count())
    if path.suffix.lower() in TEXT_ENDINGS:
        sign = "," if path.suffix.lower() == ".csv" else "\t"
        write_text_table(path, sheet, sign=sign, progress=progress)
    else:
        write_workbook(path, [sheet], progress=progress)
    return f"已导出 {sheet.count():,} 位客户：{path}"
