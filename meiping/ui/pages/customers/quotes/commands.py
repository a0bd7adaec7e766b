"""Adding, opening, deleting quotes, turning one into a bill, laying one out on paper."""

import tkinter as tk
import uuid
from collections.abc import Callable, Sequence

from meiping.domains.catalog.queries import ProductHit, hits_by_id
from meiping.domains.catalog.rules import VIEW as VIEW_PRODUCTS
from meiping.domains.customers.rules import EDIT
from meiping.domains.deals.queries import LINE_COLUMNS, PriceHint, QuoteDetail, QuoteLineDetail, quote_detail
from meiping.domains.deals.rules import QuoteInput, QuoteState, usual_end
from meiping.domains.deals.service import (
    add_quote,
    change_quote,
    delete_quotes,
    give_up_quotes,
    restore_quotes,
)
from meiping.kernel.capital_money import capital_yuan
from meiping.kernel.moments import show_date
from meiping.kernel.tabular import Row, Table
from meiping.ui.context import Context
from meiping.ui.list_output import print_table
from meiping.ui.pages.customers.customer_actions import COUNTER_PAGE
from meiping.ui.pages.customers.quotes.dialog import QuoteDialog, read_hints
from meiping.ui.pages.customers.quotes.draft import DraftLine
from meiping.ui.pages.customers.recycling import recycle

Saved = Callable[[int], None]
"""Hears the id of what was saved."""
_APART = " " * 8


def add_quote_dialog(
    parent: tk.Misc, context: Context, saved: Saved, *, customer: tuple[int, str]
) -> QuoteDialog | None:
    """Write a quote for a customer (id, name); None for who may not look at products."""
    if not context.actor.can(VIEW_PRODUCTS):
        context.toast("写报价要能查看商品，请联系管理员。", kind="warning")
        return None
    key, today = str(uuid.uuid4()), context.actor.today()

    def submit(quote: QuoteInput) -> bool:
        return context.run(
            add_quote,
            key=key,
            customer_id=customer[0],
            quote=quote,
            near=dialog,
            button=dialog.button,
            success="已保存报价。",
            done=saved,
        )

    start = QuoteInput((), quoted_date=today, valid_until_date=usual_end(today))
    dialog = QuoteDialog(parent, context, "新增报价", customer=customer, quote=start, on_submit=submit)
    return dialog


def open_quote_dialog(parent: tk.Misc, context: Context, quote_id: int, saved: Saved) -> QuoteDialog | None:
    """Change a quote, or only read it where nothing can be changed any more; None if it is gone."""
    detail: QuoteDetail | None = context.read(quote_detail, quote_id=quote_id)
    if detail is None:
        return None

    def submit(quote: QuoteInput) -> bool:
        return context.run(
            change_quote,
            quote_id=quote_id,
            quote=quote,
            near=dialog,
            button=dialog.button,
            success="已保存报价。",
            done=lambda _count: saved(quote_id),
        )

    may = context.actor.can(EDIT) and context.actor.can(VIEW_PRODUCTS)
    changeable = may and detail.state in (QuoteState.OPEN, QuoteState.EXPIRED)
    dialog = QuoteDialog(
        parent,
        context,
        f"{'修改' if changeable else '查看'}报价 {detail.number}",
        customer=(detail.customer_id, detail.customer),
        quote=QuoteInput(
            (),
            subject=detail.subject,
            quoted_date=detail.quoted_date,
            valid_until_date=detail.valid_until_date,
            contact_name=detail.contact_name,
            notes=detail.notes,
        ),
        lines=_lines(context, detail),
        on_submit=submit if changeable else None,
        said=_state_words(detail),
    )
    return dialog


def _lines(context: Context, detail: QuoteDetail) -> list[DraftLine]:
    ids = [line.product_id for line in detail.lines]
    known = context.read(hits_by_id, product_ids=ids) if context.actor.can(VIEW_PRODUCTS) else {}
    hints = read_hints(context, detail.customer_id, ids)
    return [
        DraftLine(
            (known or {}).get(line.product_id) or _as_told(line, hints.get(line.product_id)),
            hints.get(line.product_id),
            line.product_name,
            line.unit,
            line.qty_milli,
            line.price_fen,
            line.note,
        )
        for line in detail.lines
    ]


def _as_told(line: QuoteLineDetail, hint: PriceHint | None) -> ProductHit:
    """The goods of a line for who may not look at products: what the quote itself says."""
    list_fen = hint.list_fen if hint is not None else line.price_fen
    return ProductHit(line.product_id, "", line.product_name, list_fen, line.unit, "", "", 0, 3, True)


def _state_words(detail: QuoteDetail) -> str:
    words = {
        QuoteState.OPEN: "",
        QuoteState.EXPIRED: "已过期，改“有效至”可以重新生效",
        QuoteState.BILLED: f"已开单 {detail.bill}",
        QuoteState.GIVEN_UP: "已放弃",
    }
    return words[detail.state]


def sell_as_quoted(context: Context, row: Row) -> None:
    """The counter with a quote's goods at the prices told; it leads back to the customer when the bill is done."""
    context.open_page(COUNTER_PAGE, customer_id=row["customer_id"], to_hub=True, quote_id=row["id"])


def delete_chosen_quotes(
    context: Context, ids: Sequence[int], row: Row | None, done: Callable[[], None]
) -> None:
    """Put quotes into the recycle bin, with the way back in the message; ``row`` is that of the only one."""
    recycle(
        context,
        delete_quotes,
        restore_quotes,
        {"quote_ids": ids},
        told=f"已删除报价 {row['number']}。" if row else f"已删除 {len(ids):,} 份报价。",
        back=lambda count: f"已恢复 {count:,} 份报价。",
        done=done,
    )


def give_up_quote_rows(
    context: Context, rows: Sequence[Row], done: Callable[[], None], *, given_up: bool
) -> None:
    """Write down that nothing comes of quotes, or that they hold again, with the way back in the message."""
    usable = [row for row in rows if row["state_key"] != QuoteState.BILLED.key]
    ids = [row["id"] for row in usable if (row["state_key"] == QuoteState.GIVEN_UP.key) != given_up]
    word = "放弃" if given_up else "重新启用"
    if not ids:
        context.toast(f"选中的报价里没有可以{word}的。", kind="info")
        return

    def undo() -> None:
        context.run(give_up_quotes, quote_ids=ids, given_up=not given_up, done=lambda _count: done())

    if context.run(give_up_quotes, quote_ids=ids, given_up=given_up, done=lambda _count: done()):
        context.toast(f"已{word} {len(ids):,} 份报价。", action=("撤销", undo))


def print_quote(context: Context, quote_id: int) -> None:
    """Lay a quote out on A4 and show it in the system's own viewer, which prints it or saves it as PDF."""
    detail: QuoteDetail | None = context.read(quote_detail, quote_id=quote_id)
    if detail is None:
        return
    facts = context.facts()
    head = {
        "shop": facts.get("shop", "") or facts.get("company", ""),
        "客户": detail.customer,
        "联系人": detail.contact_name,
        "单号": detail.number,
        "报价日期": show_date(detail.quoted_date),
        "有效至": show_date(detail.valid_until_date),
        "报价人": detail.operator,
    }
    rows = [
        {
            "id": place,
            "position": place,
            "product_name": line.product_name,
            "unit": line.unit,
            "qty_milli": line.qty_milli,
            "price_fen": line.price_fen,
            "amount_fen": line.amount_fen,
            "note": line.note,
        }
        for place, line in enumerate(detail.lines, start=1)
    ]
    columns = tuple(c for c in LINE_COLUMNS if c.key != "note" or any(line.note for line in detail.lines))
    table = Table("报价单", columns, rows, {"amount_fen": detail.total_fen}, subtitle=detail.subject)
    below = (
        f"合计（大写）：{capital_yuan(detail.total_fen)}",
        f"备注：{detail.notes}" if detail.notes else "",
        _whom_to_ask(context),
        f"客户确认：{'_' * 20}{_APART}日期：{'_' * 14}",
    )
    print_table(context, table, head, below)


def _whom_to_ask(context: Context) -> str:
    """The shop's phone and address."""
    known = (("电话", context.option("shop.phone")), ("地址", context.option("shop.address")))
    return _APART.join(f"{word}：{value}" for word, value in known if value)
