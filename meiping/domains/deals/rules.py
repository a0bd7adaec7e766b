"""What a quote is: input and its refusals, the state it is in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from meiping.domains.contacts.rules import PERSON_LIMIT
from meiping.kernel.entered import text_field
from meiping.kernel.errors import InputError
from meiping.kernel.money import MAX_FEN, line_amount, show_fen
from meiping.kernel.quantity import MAX_MILLI, show_milli
from meiping.kernel.titled import Titled

KIND = "quote"
"""The kind in the logs."""
PREFIX = "BJ"
"""How numbers of quotes begin."""
MAX_LINES = 200
SUBJECT_LIMIT, NOTES_LIMIT, LINE_NOTE_LIMIT = 100, 1000, 100
VALID_DAYS = 30
"""For how many days a quote holds unless another day is entered."""
QUOTE_TITLES = {
    "quoted_date": "报价日期",
    "valid_until_date": "有效至",
    "contact_name": "联系人",
    "subject": "主题",
    "notes": "备注",
    "goods": "商品",
}
"""The word on screen of each field of a quote, in the order in which changes are written down."""


class QuoteState(Titled):
    """What has become of a quote: key and word on screen."""

    OPEN = ("open", "有效")
    EXPIRED = ("expired", "已过期")
    BILLED = ("billed", "已开单")
    GIVEN_UP = ("given_up", "已放弃")


def state_of(*, billed: bool, given_up: bool, valid_until: date | None, today: date) -> QuoteState:
    """What has become of a quote; it holds to the end of its last day."""
    if billed:
        return QuoteState.BILLED
    if given_up:
        return QuoteState.GIVEN_UP
    expired = valid_until is not None and valid_until < today
    return QuoteState.EXPIRED if expired else QuoteState.OPEN


def usual_end(day: date) -> date:
    """The last day of a quote made on ``day``."""
    return day + timedelta(days=VALID_DAYS)


@dataclass(frozen=True, slots=True)
class QuoteLineInput:
    """Goods with the unit price in fen told for them, and how many, in thousandths."""

    product_id: int
    qty_milli: int
    price_fen: int
    note: str = ""

    @property
    def amount_fen(self) -> int:
        """What the line comes to."""
        return line_amount(self.price_fen, self.qty_milli)


@dataclass(frozen=True, slots=True)
class QuoteInput:
    """What is entered of a quote. ``quoted_date`` None is today, ``valid_until_date`` None for ever."""

    lines: tuple[QuoteLineInput, ...]
    subject: str = ""
    quoted_date: date | None = None
    valid_until_date: date | None = None
    contact_name: str = ""
    notes: str = ""

    @property
    def total_fen(self) -> int:
        """What the lines come to."""
        return sum(line.amount_fen for line in self.lines)


def check_quote(quote: QuoteInput, *, today: date) -> QuoteInput:
    """Bring what was entered into its stored form.

    Raises InputError with the field it concerns: ``lines``, or ``line.2`` for the third one.
    """
    day = quote.quoted_date or today
    if day > today:
        raise InputError("报价日期不能晚于今天。", field="quoted_date")
    if quote.valid_until_date is not None and quote.valid_until_date < day:
        raise InputError("有效期不能早于报价日期。", field="valid_until_date")
    titles = QUOTE_TITLES
    checked = replace(
        quote,
        quoted_date=day,
        subject=text_field(quote.subject, field="subject", title=titles["subject"], limit=SUBJECT_LIMIT),
        contact_name=text_field(
            quote.contact_name, field="contact_name", title=titles["contact_name"], limit=PERSON_LIMIT
        ),
        notes=text_field(quote.notes, field="notes", title=titles["notes"], limit=NOTES_LIMIT, lines=True),
    )
    return replace(checked, lines=_check_lines(quote.lines))


def _check_lines(lines: Sequence[QuoteLineInput]) -> tuple[QuoteLineInput, ...]:
    if not lines:
        raise InputError("报价里还没有商品，请至少加一种。", field="lines")
    if len(lines) > MAX_LINES:
        raise InputError(f"一份报价最多 {MAX_LINES} 种商品，请分成几份。", field="lines")
    seen: set[int] = set()
    checked = []
    for place, line in enumerate(lines):
        field = f"line.{place}"
        if line.product_id in seen:
            raise InputError(f"第 {place + 1} 行的商品前面已经有了，请合成一行。", field=field)
        if not 0 < line.qty_milli <= MAX_MILLI:
            raise InputError(f"第 {place + 1} 行的数量不对，请检查。", field=field)
        if not 0 <= line.price_fen <= MAX_FEN or line.amount_fen > MAX_FEN:
            raise InputError(f"第 {place + 1} 行的报价不对，请检查。", field=field)
        seen.add(line.product_id)
        note = text_field(line.note, field=field, title=f"第 {place + 1} 行的备注", limit=LINE_NOTE_LIMIT)
        checked.append(replace(line, note=note))
    return tuple(checked)


def check_floor(name: str, price_fen: int, *, list_fen: int, lowest_fen: int, field: str | None) -> None:
    """Raise InputError for a price the counter may not take; the list price may always be told."""
    if price_fen < min(lowest_fen, list_fen):
        raise InputError(f"“{name}”最低只能报 {show_fen(lowest_fen)}。", field=field)


def goods_title(first: str, count: int) -> str:
    """What a quote without a subject is called: ``红茶 等 2 种``."""
    return f"{first} 等 {count} 种" if count > 1 else first


def goods_words(lines: Sequence[tuple[str, int, int]]) -> str:
    """Lines (name, thousandths, price fen) in words: ``红茶 2 × ¥10.00；...``."""
    return "；".join(f"{name} {show_milli(qty)} × {show_fen(price)}" for name, qty, price in lines)
