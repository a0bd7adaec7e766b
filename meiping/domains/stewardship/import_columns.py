"""The columns of a sheet that are taken in, and a row that is not."""

from collections.abc import Sequence
from typing import Any

from meiping.domains.custom_fields.queries import fields_of
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.stewardship.import_cells import Convert, Words, converter, own_converter
from meiping.domains.stewardship.import_fields import (
    Form,
    ImportField,
    ImportKind,
    Mapped,
    check_mapping,
)
from meiping.domains.stewardship.import_known import (
    import_fields,
    words_for,
)
from meiping.domains.stewardship.import_rules import (
    Action,
    ImportOptions,
)
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError
from meiping.kernel.sheet import Cell, SheetRows

_NO_RESULT = "{}的公式没有保存结果，请用 Excel 打开文件保存一次再导入。"
Column = tuple[int, ImportField, Convert]


class Refusal(Exception):
    """The row is not taken: the title of the column, a sentence, and whether it is only passed over."""

    def __init__(self, title: str, sentence: str, action: Action = Action.REFUSE) -> None:
        super().__init__(sentence)
        self.title, self.sentence, self.action = title, sentence, action


class Columns:
    """The columns of a sheet that are taken in, and how their cells are understood."""

    def __init__(
        self, actor: Actor, kind: ImportKind, sheet: SheetRows, mapped: Mapped, options: ImportOptions
    ) -> None:
        fields = import_fields(kind)
        check_mapping(kind, mapped, fields)
        by_key = {one.key: one for one in fields}
        self.titles = {one.key: one.title for one in fields}
        self.words: dict[str, Words] = {}
        self._sheet = sheet
        own = {spec.key: spec for spec in fields_of(CUSTOMER)} if kind is ImportKind.CUSTOMERS else {}
        today = actor.today()

        def convert(target: ImportField) -> Convert:
            if target.form is Form.CUSTOM:
                return own_converter(own[target.key], today=today, date1904=sheet.date1904)
            if target.form in (Form.WORD, Form.PERSON):
                self.words[target.key] = words_for(target, options)
                return self.words[target.key].find
            return converter(target.form, target.title, today=today, date1904=sheet.date1904)

        targets = [(column, by_key[key]) for column, key in sorted(mapped.items())]
        self._columns: list[Column] = [(column, target, convert(target)) for column, target in targets]

    def values(self, number: int, cells: Sequence[Cell]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """What a row says by the field's key, and the cells that can't be understood."""
        values: dict[str, Any] = {}
        problems: list[tuple[str, str]] = []
        missing = self._sheet.no_result.get(number, ())
        there = len(cells)
        for column, target, convert in self._columns:
            cell = cells[column] if column < there else None
            if column in missing:
                problems.append((target.title, _NO_RESULT.format(target.title)))
            elif cell is None or (isinstance(cell, str) and not cell.strip()):
                continue
            else:
                try:
                    values[target.key] = convert(cell)
                except InputError as error:
                    problems.append((target.title, error.sentence))
        return values, problems
