"""A customer's statement on paper or in a workbook."""

import tkinter as tk
from datetime import timedelta
from typing import Any

from meiping.domains.audit.rules import EXPORT
from meiping.domains.receivables.statements import COLUMNS, Statement, customer_statement
from meiping.ui.context import Context
from meiping.ui.list_output import export_listing, print_table
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

_PAPER, _SHEET = "paper", "sheet"


def statement_dialog(parent: tk.Misc, context: Context, customer_id: int, name: str) -> FormDialog:
    """Ask for the days and make the statement; from the first of last month unless others are typed."""
    today = context.actor.today()
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    ways = [(_PAPER, "打印或存为 PDF")]
    if context.actor.can(EXPORT):
        ways.append((_SHEET, "导出 Excel"))

    def submit(values: dict[str, Any]) -> bool:
        way = values.pop("way")
        return context.run(
            customer_statement,
            customer_id=customer_id,
            **values,
            near=dialog,
            button=dialog.button,
            done=lambda made: _print(context, made) if way == _PAPER else _export(parent, context, made),
        )

    fields = (
        Field("present", "", FieldKind.NOTE, hint=name),
        Field("first_date", "从", FieldKind.DATE, required=True),
        Field("last_date", "到", FieldKind.DATE, required=True),
        Field("way", "怎么给", FieldKind.CHOICE, required=True, choices=tuple(ways)),
    )
    values = {"first_date": last_month, "last_date": today, "way": _PAPER}
    dialog = FormDialog(parent, "对账单", fields, submit="生成", on_submit=submit, values=values)
    return dialog


def _print(context: Context, made: Statement) -> None:
    facts = context.facts()
    head = {
        "shop": facts.get("shop", "") or facts.get("company", ""),
        "客户": made.customer,
    }
    print_table(context, made.table, head, made.below)


def _export(parent: tk.Misc, context: Context, made: Statement) -> None:
    title = f"对账单 {made.customer}"
    export_listing(parent, context, title, COLUMNS, made.table, subtitle=made.table.subtitle)
