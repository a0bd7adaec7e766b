"""Money as integer fen: parsing, showing, rounding and sharing out, each in one place.

Amounts inside the program are ``int`` fen and named ``*_fen``; ratios are ``int`` basis points
(10,000 = 1) and named ``*_bp``. No float ever holds money.
"""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

from meiping.kernel.errors import InputError
from meiping.kernel.text import decimal_of, plain

MAX_FEN = 10_000_000_000_00
"""The largest amount the program takes: ten thousand million yuan."""
WHOLE_BP = 10_000


def parse_fen(text: str, *, name: str = "金额", minimum: int | None = 0) -> int:
    """Fen from what a person typed: full width, commas, spaces, ¥ and 元 are understood.

    Raises InputError for anything else, for more than two decimals, and below ``minimum``.
    """
    yuan = decimal_of(plain(text).replace("¥", "").replace("￥", "").strip().removesuffix("元"))
    if yuan is None:
        raise InputError(f"{name}“{text.strip()}”不是数字，请输入如 12.50 的金额。")
    fen = yuan * 100
    if fen != fen.to_integral_value():
        raise InputError(f"{name}最多两位小数，请改为如 12.50。")
    if abs(fen) > MAX_FEN:
        raise InputError(f"{name}太大，请检查是否把条码输入到了金额里。")
    if minimum is not None and fen < minimum:
        raise InputError(f"{name}不能小于 {show_fen(minimum)}。")
    return int(fen)


def show_fen(fen: int | None, *, sign: str = "¥") -> str:
    """``¥1,234.50``; negative ``-¥5.00``; unknown is empty."""
    if fen is None:
        return ""
    whole, cents = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{sign}{whole:,}.{cents:02d}"


def yuan(fen: int) -> Decimal:
    """Exact Decimal yuan, for spreadsheets and documents."""
    return Decimal(fen).scaleb(-2)


def rounded_ratio(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` rounded half away from zero: the program's one rounding rule."""
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    quotient, rest = divmod(abs(numerator), denominator)
    if rest * 2 >= denominator:
        quotient += 1
    return quotient if numerator >= 0 else -quotient


def line_amount(price_fen: int, qty_milli: int, discount_bp: int = WHOLE_BP) -> int:
    """Fen of a line: unit price × quantity in thousandths × discount in basis points, rounded once."""
    return rounded_ratio(price_fen * qty_milli * discount_bp, 1000 * WHOLE_BP)


def share_out(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Split ``total_fen`` in proportion to non-negative ``weights`` by largest remainder.

    The shares sum to the total exactly; equal remainders go to the earlier line. With no weight at
    all everything goes to the first.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative")
    if not weights:
        if total_fen:
            raise ValueError("nothing to share the amount among")
        return []
    if not total_fen:
        return [0] * len(weights)
    whole = sum(weights)
    if whole == 0:
        return [total_fen, *[0] * (len(weights) - 1)]
    sign = -1 if total_fen < 0 else 1
    shares, rests = [], []
    for position, weight in enumerate(weights):
        share, rest = divmod(abs(total_fen) * weight, whole)
        shares.append(share)
        rests.append((-rest, position))
    for _, position in sorted(rests)[: abs(total_fen) - sum(shares)]:
        shares[position] += 1
    return [sign * share for share in shares]


class CashRounding(StrEnum):
    """How a bill's total is rounded in the customer's favour or to the nearest (抹零)."""

    NONE = "none"
    JIAO_DOWN = "jiao_down"
    YUAN_DOWN = "yuan_down"
    JIAO_NEAREST = "jiao_nearest"
    YUAN_NEAREST = "yuan_nearest"


def rounding_difference(total_fen: int, rule: CashRounding) -> int:
    """What the rule adds to ``total_fen`` (mostly negative fen); booked as a figure of its own."""
    if rule is CashRounding.NONE:
        return 0
    step = Decimal(100 if rule.value.startswith("yuan") else 10)
    mode = ROUND_DOWN if rule.value.endswith("down") else ROUND_HALF_UP
    return int((Decimal(total_fen) / step).quantize(Decimal(1), mode) * step) - total_fen


def parse_discount(text: str) -> int:
    """Basis points of the price that stays, from a ratio (0.85), 折 (8.5) or per cent (85).

    Up to 1 is a ratio, above 1 to below 10 is 折, 10 and more is per cent. Raises InputError.
    """
    cleaned = plain(text).replace(" ", "").removesuffix("折").removesuffix("%")
    try:
        number = Decimal(cleaned)
    except InvalidOperation:
        raise InputError(f"折扣“{text.strip()}”看不懂，请输入如 0.85、8.5 或 85。") from None
    if not number.is_finite() or number <= 0 or number > 100:
        raise InputError("折扣要大于 0，最多 100，例如 0.85、8.5 折或 85。")
    if number <= 1:
        ratio = number
    elif number < 10:
        ratio = number / 10
    else:
        ratio = number / 100
    return int((ratio * WHOLE_BP).quantize(Decimal(1), ROUND_HALF_UP))


def show_discount(discount_bp: int) -> str:
    """``9 折`` or ``8.5 折``; no discount is empty."""
    if discount_bp == WHOLE_BP:
        return ""
    return f"{(Decimal(discount_bp) / 1000).normalize():f} 折"
