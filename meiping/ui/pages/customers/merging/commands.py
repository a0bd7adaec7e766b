"""What lists and the hub offer: merging a customer with another, and making one anonymous."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial

from meiping.domains.customers.rules import DELETE, MERGE
from meiping.domains.maintenance.files import clear_if_unnamed
from meiping.domains.stewardship.anonymising import anonymise_customer
from meiping.kernel.errors import InputError
from meiping.kernel.tabular import Row
from meiping.ui.context import Context, Progress
from meiping.ui.customer_field import customer_field
from meiping.ui.list_actions import Action, Needs
from meiping.ui.pages.customers.merging.merge_dialog import MergeDialog
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.menus import MenuEntry

Done = Callable[[], None]


def merging_actions(parent: tk.Misc, context: Context, done: Done) -> tuple[Action, ...]:
    """What a list of customers offers on its rows."""

    def merge(ids: Sequence[int], row: Row | None) -> None:
        if len(ids) > 2:
            context.toast("一次合并两位客户：请只选两行，或只选一行再找另一位。", kind="info")
        elif row is None:
            MergeDialog(parent, context, ids[0], ids[1], lambda _left, _right: done())
        else:
            merge_with_another(parent, context, row["id"], row["name"], done)

    def forget(row: Row) -> None:
        anonymise(context, row["id"], done)

    return (
        Action(
            "合并…",
            merge,
            permission=MERGE,
            needs=Needs.IDS_AND_ROW,
            apart=True,
            many="合并选中的 {count} 位…",
        ),
        Action("隐去资料…", forget, permission=DELETE, needs=Needs.ONE),
    )


def more_entries(
    parent: tk.Misc, context: Context, customer_id: int, name: str, done: Done
) -> list[MenuEntry]:
    """The same for one customer, as a menu."""
    entries: list[MenuEntry] = []
    if context.actor.can(MERGE):
        entries.append(
            ("与另一位客户合并…", partial(merge_with_another, parent, context, customer_id, name, done))
        )
    if context.actor.can(DELETE):
        entries.append(("隐去资料…", partial(anonymise, context, customer_id, done)))
    return entries


def merge_with_another(parent: tk.Misc, context: Context, customer_id: int, name: str, done: Done) -> None:
    """Ask who the other one is, then show both side by side."""

    def submit(entered: Values) -> bool:
        if entered["twin_id"] == customer_id:
            dialog.show_error(InputError("请选择另一位客户，不是他自己。", field="twin_id"))
            return False
        dialog.close()
        MergeDialog(parent, context, customer_id, entered["twin_id"], lambda _left, _right: done())
        return False

    dialog = FormDialog(
        parent,
        "合并客户",
        (
            Field("what", "", FieldKind.NOTE, hint=f"“{name}”和谁是同一位客户？下一步可以逐项选择留下哪边。"),
            customer_field(context, "twin_id", required=True),
        ),
        submit="下一步",
        on_submit=submit,
    )


def anonymise(context: Context, customer_id: int, done: Done) -> None:
    """Take out who a customer is, after a question; the bytes nobody else names go in the background."""

    def finished(hashes: tuple[str, ...]) -> None:
        done()
        folder = context.folder

        def clear(_progress: Progress) -> int:
            return clear_if_unnamed(folder, hashes)

        if hashes:
            context.background(clear, title="清除附件", quiet=True)

    context.run(
        anonymise_customer,
        customer_id=customer_id,
        success="已隐去这位客户的资料，业务单和账目保留。",
        done=finished,
    )
