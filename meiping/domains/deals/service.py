"""Verbs about quotes, and the way from one to the counter."""

from collections.abc import Collection
from datetime import date
from typing import Any

from meiping.domains.audit import service as audit
from meiping.domains.catalog.models import Product
from meiping.domains.contacts.models import Contact
from meiping.domains.contacts.queries.reach import usable_customer
from meiping.domains.customers.rules import EDIT
from meiping.domains.deals.billing import unfinished_bill
from meiping.domains.deals.models import Quote, QuoteLine
from meiping.domains.deals.queries import QuoteDetail, read_quote, visible_quote
from meiping.domains.deals.rules import (
    KIND,
    PREFIX,
    QUOTE_TITLES,
    QuoteInput,
    QuoteLineInput,
    QuoteState,
    check_floor,
    check_quote,
    goods_words,
)
from meiping.domains.settings.service import next_number
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.moments import show_date
from meiping.kernel.source import Source
from meiping.store import recycle_bin
from meiping.store.unit_of_work import Work, verb


@verb(EDIT)
def add_quote(work: Work, *, key: str, customer_id: int, quote: QuoteInput) -> int:
    """Write down prices told to a customer and give the quote's id; the same ``key`` again gives the first one's.

    Raises InputError with the field, ``line.2`` for the third line.
    """
    there = Quote.get_or_none(Quote.key == key)
    if there is not None:
        return int(visible_quote(work.actor, there.id).id)
    usable_customer(work.actor, customer_id)
    if not work.actor.operator_id:
        raise InputError("报价要由一位操作员记录，请先登录。")
    wanted = check_quote(quote, today=work.day)
    names = _products(wanted, before=None)
    made = Quote.create(
        key=key,
        number=next_number(work, PREFIX, day=work.day),
        company=work.actor.company_id,
        customer=customer_id,
        contact=_person(customer_id, wanted.contact_name),
        operator=work.actor.operator_id,
        created_at=work.at,
        **_columns(wanted),
    )
    _write_lines(made.id, wanted.lines, names)
    _written(work, "quote.add", "新增报价", made.id)
    return int(made.id)


@verb(EDIT)
def change_quote(work: Work, *, quote_id: int, quote: QuoteInput) -> int:
    """Change a quote that is neither turned into a bill nor given up; every field that changed is written down.

    Gives how many did. Raises InputError, UserError where its bill stands unfinished at the counter.
    """
    row = _usable(work, quote_id)
    before = read_quote(quote_id, today=work.day)
    _require_changeable(before)
    if unfinished_bill(work, row) is not None:
        raise UserError("这份报价开的单还在收银台或挂单里，请先结账或清空那张单，再改报价。")
    wanted = check_quote(quote, today=max(work.day, before.quoted_date))
    names = _products(wanted, before=before)
    same_person = wanted.contact_name == before.contact_name
    person = row.contact_id if same_person else _person(row.customer_id, wanted.contact_name)
    Quote.update(contact=person, **_columns(wanted)).where(Quote.id == quote_id).execute()
    QuoteLine.delete().where(QuoteLine.quote == quote_id).execute()
    _write_lines(quote_id, wanted.lines, names)
    after = read_quote(quote_id, today=work.day)
    changes = [(title, _shown(before, key), _shown(after, key)) for key, title in QUOTE_TITLES.items()]
    count = audit.record_changes(work, Source(KIND, quote_id), changes)
    if count:
        _written(work, "quote.change", "修改报价", quote_id)
    return count


@verb(EDIT)
def delete_quotes(work: Work, *, quote_ids: Collection[int]) -> int:
    """Put quotes into the recycle bin; gives how many went."""
    return _move(work, quote_ids, into_bin=True, action="quote.delete", summary="报价移入回收站")


@verb(EDIT)
def restore_quotes(work: Work, *, quote_ids: Collection[int]) -> int:
    """Take quotes out of the recycle bin; gives how many came back."""
    return _move(work, quote_ids, into_bin=False, action="quote.restore", summary="从回收站恢复报价")


@verb(EDIT)
def give_up_quotes(work: Work, *, quote_ids: Collection[int], given_up: bool = True) -> int:
    """Write down that nothing comes of quotes, or not ``given_up`` that they hold again; gives how many changed.

    Those turned into a bill are passed over.
    """
    changed = 0
    for quote_id in quote_ids:
        row = _usable(work, quote_id)
        billed = read_quote(quote_id, today=work.day).state is QuoteState.BILLED
        if billed or (row.given_up_at is not None) == given_up:
            continue
        Quote.update(given_up_at=work.at if given_up else None).where(Quote.id == quote_id).execute()
        action, summary = ("quote.give_up", "放弃报价") if given_up else ("quote.reopen", "重新启用报价")
        _written(work, action, summary, quote_id)
        changed += 1
    return changed


# ---------------------------------------------------------------- inside
def _move(work: Work, quote_ids: Collection[int], *, into_bin: bool, action: str, summary: str) -> int:
    rows = (visible_quote(work.actor, quote_id) for quote_id in quote_ids)
    moved = recycle_bin.move(work, rows, into_bin=into_bin)
    for row in moved:
        _written(work, action, summary, row.id)
    return len(moved)


def _usable(work: Work, quote_id: int) -> Quote:
    row = visible_quote(work.actor, quote_id)
    recycle_bin.require_outside(row, "这份报价")
    return row


def _require_changeable(detail: QuoteDetail) -> None:
    if detail.state is QuoteState.BILLED:
        raise UserError(f"这份报价已经开单（{detail.bill}），不能再改。")
    if detail.state is QuoteState.GIVEN_UP:
        raise UserError("这份报价已经放弃，请先重新启用。")


def _columns(quote: QuoteInput) -> dict[str, Any]:
    return {
        "contact_name": quote.contact_name,
        "quoted_date": quote.quoted_date,
        "valid_until_date": quote.valid_until_date,
        "subject": quote.subject,
        "notes": quote.notes,
        "total_fen": quote.total_fen,
        "line_count": len(quote.lines),
    }


def _products(quote: QuoteInput, *, before: QuoteDetail | None) -> dict[int, tuple[str, str]]:
    """Name and unit of each product, as they were told before where they were.

    Raises InputError for a product out of use or a price under the floor, unless that was told before.
    """
    told = {line.product_id: line for line in before.lines} if before is not None else {}
    rows = {
        row.id: row for row in Product.select().where(Product.id.in_([x.product_id for x in quote.lines]))
    }
    names: dict[int, tuple[str, str]] = {}
    for place, line in enumerate(quote.lines):
        product, earlier, field = rows.get(line.product_id), told.get(line.product_id), f"line.{place}"
        if product is None:
            raise InputError(f"第 {place + 1} 行的商品已经不在了，请去掉这一行。", field=field)
        if earlier is None and not product.active:
            raise InputError(f"“{product.name}”已停用，请去掉这一行。", field=field)
        if earlier is None or earlier.price_fen != line.price_fen:
            check_floor(
                product.name,
                line.price_fen,
                list_fen=product.list_price_fen,
                lowest_fen=product.lowest_price_fen,
                field=field,
            )
        names[product.id] = (
            (earlier.product_name, earlier.unit) if earlier is not None else (product.name, product.unit)
        )
    return names


def _write_lines(quote_id: int, lines: Collection[QuoteLineInput], names: dict[int, tuple[str, str]]) -> None:
    for position, line in enumerate(lines, start=1):
        name, unit = names[line.product_id]
        QuoteLine.create(
            quote=quote_id,
            position=position,
            product=line.product_id,
            product_name=name,
            unit=unit,
            qty_milli=line.qty_milli,
            price_fen=line.price_fen,
            amount_fen=line.amount_fen,
            note=line.note,
        )


def _person(customer_id: int, name: str) -> int | None:
    """The contact with this name, where it is clear who is meant."""
    same = Contact.select(Contact.id).where(
        Contact.customer == customer_id, Contact.name == name, Contact.deleted_at.is_null()
    )
    found = [row.id for row in same.limit(2)]
    return found[0] if len(found) == 1 else None


def _shown(detail: QuoteDetail, key: str) -> str:
    if key == "goods":
        return goods_words([(line.product_name, line.qty_milli, line.price_fen) for line in detail.lines])
    value: date | str | None = getattr(detail, key)
    return value if isinstance(value, str) else show_date(value)


def _written(work: Work, action: str, summary: str, quote_id: int) -> None:
    audit.record(work, action, summary, Source(KIND, quote_id))
    work.changed(Topic.DEALS)
