"""The page of rules that work by themselves: listed, written down, put out of use and taken away. Declared, drawn here."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, TypeVar

from meiping.domains.settings.queries import levels
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Listing, Row, Table
from meiping.ui.context import Context
from meiping.ui.list_page import LIST_KEYS, Action, Asked, Filter, ListPage, ListSpec, Needs
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind

R = TypeVar("R")
RULE_KEYS = (("Ctrl+N", "新增规则"), ("F2 / 双击", "修改"), ("Delete", "删除"), *LIST_KEYS)


@dataclass(frozen=True, slots=True)
class Rules(Generic[R]):
    """A kind of rules.

    ``entered`` is the dataclass of what its form asks. ``rows`` reads them all; a row has such a one as ``rule``, and
    what it is called under ``called``. A new one begins with ``blank``; ``asks`` gives the fields of the form for what
    stands in it at first, and ``follow`` may show others once one has changed. ``save`` and ``delete`` are the verbs.
    """

    key: str
    title: str
    called: str
    columns: Sequence[Column]
    rows: Callable[[Actor], Table]
    searched: Callable[[Row], str]
    search: str
    entered: Callable[..., R]
    blank: Mapping[str, Any]
    asks: Callable[[Context, Mapping[str, Any]], Sequence[Field]]
    save: Callable[..., int]
    saved: str
    delete: Callable[..., None]
    empty: str
    filters: Sequence[Filter] = ()
    keeps: Callable[[Row, Asked], bool] = lambda _row, _asked: True
    follow: Callable[[Form, str], object] | None = None
    width: int = 420


def when_and_whom() -> tuple[Field, ...]:
    """The fields every rule ends with but its name: for which level, from when to when."""
    return (
        Field(
            "level_id",
            "客户等级",
            FieldKind.CHOICE,
            choices=lambda: tuple((level.id, level.name) for level in levels()),
            hint="不选就是所有客户",
        ),
        Field("first_date", "从", FieldKind.DATE, hint="不填就是马上开始"),
        Field("last_date", "到", FieldKind.DATE, hint="含这一天，不填就是一直有效"),
    )


class RulesPage(ListPage):
    """The rules of one kind; the verbs say what may not be changed any more."""

    def __init__(self, parent: tk.Misc, context: Context, rules: Rules[Any]) -> None:
        self.rules = rules
        super().__init__(
            parent,
            context,
            ListSpec(
                key=rules.key,
                title=rules.title,
                unit="条规则",
                columns=rules.columns,
                listing=self._listing,
                search=rules.search,
                filters=rules.filters,
                actions=(
                    Action("新增规则", self.add, "plus-lg", key="Control-n", primary=True),
                    Action("修改", self.change, key="F2", needs=Needs.ONE, opens=True),
                    Action("停用 / 启用", self.toggle, needs=Needs.ONE),
                    Action("删除", self.delete, key="Delete", needs=Needs.ONE),
                ),
                empty=(rules.empty, "新增规则"),
            ),
        )

    def _listing(self, asked: Asked) -> Listing:
        found = self.rules.rows(self.context.actor)
        word = asked.text.strip().casefold()
        rows = [
            row
            for row in found.rows
            if word in self.rules.searched(row).casefold() and self.rules.keeps(row, asked)
        ]
        return Table(found.title, found.columns, rows)

    def add(self) -> None:
        """A new rule."""
        self._ask(None)

    def change(self, row: Row) -> None:
        """Other terms for a rule; what was done by it stays as it is."""
        self._ask(row)

    def _ask(self, row: Row | None) -> None:
        rule = row["rule"] if row else None
        values = {one.name: getattr(rule, one.name) for one in fields(rule)} if rule else self.rules.blank

        def save(entered: Values) -> bool:
            return self._save(self.rules.entered(**entered), row, near=dialog, button=dialog.button)

        follow = self.rules.follow
        dialog = FormDialog(
            self.widget,
            f"{'修改' if row else '新增'}{self.rules.title}",
            self.rules.asks(self.context, values),
            values=values,
            on_submit=save,
            on_change=(lambda key: follow(dialog.form, key)) if follow else None,
            columns=1,
            width=self.rules.width,
        )

    def _save(self, rule: Any, row: Row | None, **shown: Any) -> bool:
        return self.context.run(
            self.rules.save,
            rule=rule,
            rule_id=row["id"] if row else None,
            done=self._saved,
            success=self.rules.saved,
            **shown,
        )

    def _saved(self, rule_id: int) -> None:
        self.reload()
        self.list.select_id(rule_id)

    def toggle(self, row: Row) -> None:
        """Take a rule out of use, or back."""
        self._save(replace(row["rule"], active=not row["rule"].active), row)

    def delete(self, row: Row) -> None:
        """Take a rule away."""
        called, title = row[self.rules.called], self.rules.title
        if self.context.ask(f"删除{title}“{called}”吗？", yes="删除", no="不删", danger=True):
            self.context.run(
                self.rules.delete,
                rule_id=row["id"],
                success=f"已删除{title}。",
                done=lambda _none: self.reload(),
            )
