"""Codes that a scale prints (称重码): an item and its weight or amount in one EAN-13."""

from dataclasses import dataclass

from meiping.domains.catalog.queries import ProductHit, by_code
from meiping.domains.catalog.rules import VIEW, check_digit
from meiping.domains.settings.options import WEIGHED_AMOUNT
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError
from meiping.kernel.money import rounded_ratio
from meiping.kernel.quantity import ONE
from meiping.store.unit_of_work import query

_LENGTH, _PREFIX = 13, 2


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the shop's scales write: the first two digits, how many digits name the item, what the rest says."""

    prefixes: frozenset[str]
    item_digits: int
    amount: bool


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says: the item's digits, and its weight in grams or its amount in fen."""

    item: str
    value: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """Goods from a scale: thousandths of a kilogram, and the amount in fen where the label has one."""

    hit: ProductHit
    qty_milli: int
    amount_fen: int | None


def read_label(code: str, scheme: Scheme) -> Label | None:
    """What the code says; None for one that is no scale's: another prefix, length or a wrong check digit."""
    if len(code) != _LENGTH or not (code.isascii() and code.isdigit()):
        return None
    if code[:_PREFIX] not in scheme.prefixes or check_digit(code[:-1]) != code[-1]:
        return None
    end = _PREFIX + scheme.item_digits
    return Label(code[_PREFIX:end], int(code[end:-1]))


def quantity_for(amount_fen: int, price_fen: int) -> int:
    """Thousandths that come closest to an amount at this price."""
    return max(rounded_ratio(amount_fen * ONE, price_fen), 1)


def _read(code: str) -> tuple[Label | None, Scheme]:
    scheme = Scheme(
        frozenset(option("weighed.prefixes")),
        option("weighed.item_digits"),
        option("weighed.value") == WEIGHED_AMOUNT,
    )
    return read_label(code, scheme), scheme


@query(VIEW)
def item_on_label(actor: Actor, *, code: str) -> str | None:
    """The digits that name the goods on a scale's label; None for a code that is none."""
    label, _scheme = _read(code)
    return label.item if label is not None else None


@query(VIEW)
def by_label(actor: Actor, *, code: str) -> Weighed | None:
    """The goods on a scale's label, by product code or bar code; None for a code that is none or names nothing.

    Raises InputError for a label without weight, or an amount of goods that have no price.
    """
    label, scheme = _read(code)
    if label is None:
        return None
    hit = by_code(actor, code=label.item) or by_code(actor, code=label.item.lstrip("0") or "0")
    if hit is None:
        return None
    if not label.value:
        raise InputError(f"“{hit.name}”的称重码里重量是零，请重新称。")
    if not scheme.amount:
        return Weighed(hit, label.value, None)
    if not hit.price_fen:
        raise InputError(f"“{hit.name}”没有售价，不能按金额称重。")
    return Weighed(hit, quantity_for(label.value, hit.price_fen), label.value)
