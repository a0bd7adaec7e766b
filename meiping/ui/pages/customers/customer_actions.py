"""What is done with customers from more than one page: into the recycle bin and back, on to other pages."""

from collections.abc import Callable, Sequence
from typing import Any

from meiping.domains.customers.service import delete_customers, restore_customers
from meiping.kernel.errors import UserError
from meiping.kernel.tabular import Row
from meiping.store.database import writing
from meiping.ui.context import Context
from meiping.ui.pages.customers.recycling import may_go, recycle

HUB_PAGE, COUNTER_PAGE, BILLS_PAGE = "customer_hub", "counter", "bills"


def delete_chosen(context: Context, ids: Sequence[int], row: Row | None, done: Callable[[], None]) -> None:
    """Put customers into the recycle bin, with the way back in the message; ``row`` is that of the only one."""
    if may_go(context, ids, "位客户"):
        recycle(
            context,
            delete_customers,
            restore_customers,
            {"customer_ids": ids},
            told=f"已把“{row['name']}”移入回收站。" if row else f"已把 {len(ids):,} 位客户移入回收站。",
            back=lambda count: f"已恢复 {count:,} 位客户。",
            done=done,
        )


def in_background(
    context: Context, title: str, verb: Callable[..., Any], done: Callable[[Any], None]
) -> None:
    """Do something to very many customers with a progress beside it; ``verb`` lacks only who acts."""

    def work(_progress: object) -> Any:
        with writing():
            return verb(context.actor)

    def failed(error: Exception) -> None:
        if isinstance(error, UserError):
            context.toast(error.sentence, kind="danger")

    context.background(work, title=title, done=done, failed=failed)


def open_hub(context: Context, customer_id: int) -> None:
    """Everything about the customer, on one page."""
    context.open_page(HUB_PAGE, customer_id=customer_id)


def open_bill(context: Context, customer_id: int, *, from_hub: bool = False) -> None:
    """The counter, with this customer; from the hub it leads back there when the bill is done."""
    context.open_page(COUNTER_PAGE, customer_id=customer_id, **({"to_hub": True} if from_hub else {}))
