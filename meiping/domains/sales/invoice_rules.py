"""The tax contained in prices, and what is entered of an invoice."""

import re
from dataclasses import dataclass, replace
from datetime import date

from meiping.kernel.entered import text_field
from meiping.kernel.errors import InputError
from meiping.kernel.money import WHOLE_BP, rounded_ratio
from meiping.kernel.text import plain

MOST_BILLS = 200
"""So many bills may go on one invoice."""
_NUMBER = re.compile(r"[0-9A-Z-]{1,30}")


def contained_tax_fen(amount_fen: int, rate_bp: int) -> int:
    """The tax in an amount that contains it, at a rate in basis points, rounded half up."""
    return rounded_ratio(amount_fen * rate_bp, WHOLE_BP + rate_bp)


def rate_words(rate_bp: int) -> str:
    """A rate as it is spoken of: ``13%``."""
    return f"{rate_bp / 100:g}%"


@dataclass(frozen=True, slots=True)
class InvoiceInput:
    """What is written on an invoice: its printed number, to whom, and the day it was made out."""

    number: str
    title: str
    invoiced_date: date | None
    tax_number: str = ""
    note: str = ""


def check_invoice(invoice: InvoiceInput, *, today: date) -> InvoiceInput:
    """The invoice in its stored form. Raises InputError with the field that can't be so."""
    number = re.sub(r"\s", "", plain(invoice.number)).upper()
    if not number:
        raise InputError("请填写发票上印的号码。", field="number")
    if not _NUMBER.fullmatch(number):
        raise InputError("发票号码只有数字和字母，最多 30 位。", field="number")
    title = text_field(invoice.title, field="title", title="抬头", limit=100)
    if not title:
        raise InputError("请填写抬头；开给个人的写“个人”或姓名。", field="title")
    if invoice.invoiced_date is None or invoice.invoiced_date > today:
        raise InputError("请填写开票日期，不能晚于今天。", field="invoiced_date")
    tax_number = re.sub(r"[\s-]", "", plain(invoice.tax_number)).upper()
    return replace(
        invoice,
        number=number,
        title=title,
        tax_number=text_field(tax_number, field="tax_number", title="税号", limit=30),
        note=text_field(invoice.note, field="note", title="备注", limit=100),
    )
