"""What the strip above the window, the desk and the list do with reminders alike; each can be taken back at once."""

from collections.abc import Sequence
from datetime import datetime

from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.office.rules import USE as USE_TASKS
from meiping.domains.reminders.queries import reminder_detail
from meiping.domains.reminders.service import Kept, delete_reminders, mark_done, snooze, take_back
from meiping.kernel.moments import show_moment, to_ms
from meiping.ui.context import Context


def tick_off(context: Context, ids: Sequence[int]) -> bool:
    """They have been dealt with; True if that was written down."""
    return context.run(mark_done, reminder_ids=ids, done=lambda kept: _tell(context, "已完成", kept))


def put_off(context: Context, ids: Sequence[int], until: datetime) -> bool:
    """Come again then; True if that was written down."""
    told = f"已推迟到 {show_moment(to_ms(until))}"
    return context.run(snooze, reminder_ids=ids, until=until, done=lambda kept: _tell(context, told, kept))


def delete(context: Context, ids: Sequence[int]) -> bool:
    """Delete them; True if that was written down."""
    return context.run(delete_reminders, reminder_ids=ids, done=lambda kept: _tell(context, "已删除", kept))


def open_subject(context: Context, reminder_id: int) -> None:
    """Bring up the task or the customer it is about; one about nothing, in the list of reminders."""
    detail = context.read(reminder_detail, reminder_id=reminder_id)
    if detail is None:
        return
    if detail.task_id is not None and context.actor.can(USE_TASKS):
        context.open_page("tasks", select=detail.task_id)
    elif detail.customer_id is not None and context.actor.can(VIEW_CUSTOMERS):
        context.open_page("customer_hub", customer_id=detail.customer_id)
    else:
        context.open_page("reminders", select=reminder_id)


def _tell(context: Context, told: str, kept: Sequence[Kept]) -> None:
    if not kept:
        return
    count = f" {len(kept):,} 条提醒" if len(kept) > 1 else ""

    def undo() -> None:
        context.run(take_back, kept=kept, success="已撤销。")

    context.toast(f"{told}{count}。", action=("撤销", undo))
