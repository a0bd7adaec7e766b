"""Credit: only for a named customer and within the limit."""

from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen
from meiping.kernel.permissions import permission

RECEIVE = permission("receivables.receive", "收款", group="财务")


def check_credit(amount_fen: int, *, debt_fen: int, limit_fen: int) -> None:
    """Raise InputError where the debt would pass the customer's limit."""
    left = max(limit_fen - debt_fen, 0)
    if amount_fen > left:
        raise InputError(
            f"超出信用额度：额度 {show_fen(limit_fen)}，已欠 {show_fen(debt_fen)}，还可赊 {show_fen(left)}。",
            field="credit",
        )
