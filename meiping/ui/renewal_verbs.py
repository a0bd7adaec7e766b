"""What the list of services and the customer's own do with them alike: renew, write off, remind, ask for the fee."""

import tkinter as tk
from collections.abc import Callable, Sequence

from meiping.domains.renewals.rules import REASON_LIMIT, require_renewable
from meiping.domains.renewals.service import close_services, reopen_services
from meiping.kernel.errors import UserError
from meiping.kernel.moments import show_date
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.reminder_dialog import add_reminder_dialog
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field

Changed = Callable[[], None]
"""Called once something was done."""


def renew(context: Context, rows: Sequence[Row], *, from_hub: bool = False) -> None:
    """The counter with the fees of these services; from the hub it leads back there when the bill is done."""
    try:
        require_renewable(rows)
    except UserError as error:
        context.toast(error.sentence, kind="warning")
        return
    ids = [row["id"] for row in rows]
    context.open_page("counter", customer_id=rows[0]["customer_id"], renew=ids, to_hub=from_hub)


def ask_why_closed(
    parent: tk.Misc, context: Context, rows: Sequence[Row], changed: Changed
) -> FormDialog | None:
    """Ask why services are not wanted any more and write it down; the message offers to take that back."""
    ids = [row["id"] for row in rows if row["amount_fen"] is not None]
    if not ids:
        context.toast("选中的服务都不在待续之列。", kind="info")
        return None

    def undo() -> None:
        context.run(reopen_services, term_ids=ids, success="已恢复待续。", done=lambda _count: changed())

    def done(count: int) -> None:
        changed()
        context.toast(f"已记下 {count:,} 项服务不再续，不再提醒。", action=("撤销", undo))

    def submit(entered: Values) -> bool:
        return context.run(close_services, near=dialog, term_ids=ids, reason=entered["reason"], done=done)

    what = f"“{rows[0]['product']}”" if len(rows) == 1 else f"{len(ids):,} 项服务"
    field = Field("reason", "原因", required=True, limit=REASON_LIMIT, hint="例如：换了别家、设备停用")
    dialog = FormDialog(parent, f"{what}不再续", (field,), submit="不再续", on_submit=submit)
    return dialog


def reopen(context: Context, rows: Sequence[Row], changed: Changed) -> None:
    """Services that are wanted again."""
    ids = [row["id"] for row in rows if row["closed_at"] is not None]
    if not ids:
        context.toast("选中的服务没有记为不再续。", kind="info")
        return
    context.run(
        reopen_services,
        term_ids=ids,
        success=lambda count: f"已恢复 {count:,} 项服务待续。",
        done=lambda _count: changed(),
    )


def remind(parent: tk.Misc, context: Context, row: Row, changed: Changed) -> FormDialog:
    """Ask when to be reminded of a service."""
    subject = f"{row['product']} 服务 {show_date(row['end_date'])} 到期"
    return add_reminder_dialog(
        parent, context, lambda _id: changed(), customer_id=row["customer_id"], subject=subject
    )


def open_bill(context: Context, row: Row) -> None:
    """The bill that paid for the term."""
    context.open_page("bills", select=row["bill_id"])
