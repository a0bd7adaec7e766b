"""Lines of an amount only (无码商品): goods without a code, sold for what is typed."""

from meiping.domains.catalog.rules import AMOUNT_ONLY
from meiping.domains.catalog.service import amount_only_product
from meiping.domains.sales.cart import CartLine
from meiping.domains.sales.rules import CHECKOUT
from meiping.kernel.errors import InputError
from meiping.kernel.money import parse_fen
from meiping.kernel.quantity import ONE
from meiping.kernel.text import clean, plain
from meiping.store.unit_of_work import Work, verb

NAME_LIMIT = 40


def amount_and_name(text: str) -> tuple[int, str]:
    """Fen and name from ``12.5 手工皂``; without a name it is 无码商品. Raises InputError."""
    amount, _, name = plain(text).strip().partition(" ")
    amount_fen = parse_fen(amount)
    if not amount_fen:
        raise InputError("金额必须大于零。")
    return amount_fen, clean(name, name="名称", limit=NAME_LIMIT) or AMOUNT_ONLY


@verb(CHECKOUT)
def amount_only_line(work: Work, *, text: str) -> CartLine:
    """The line for an amount, with the name typed behind it if there is one. Raises InputError."""
    amount_fen, name = amount_and_name(text)
    return CartLine(
        product_id=amount_only_product(work),
        code="",
        name=name,
        unit="",
        qty_milli=ONE,
        list_price_fen=amount_fen,
        price_fen=amount_fen,
        quantity_decimals=3,
        amount_only=True,
    )
