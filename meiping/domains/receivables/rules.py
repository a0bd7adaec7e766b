"""Credit: only for a named customer and within the limit; what is owed is received later, or given up."""

from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen
from meiping.kernel.permissions import permission

RECEIVE = permission("receivables.receive", "收款", group="财务")
WRITE_OFF = permission("receivables.write_off", "坏账核销", group="财务")


def check_credit(amount_fen: int, *, debt_fen: int, limit_fen: int) -> None:
    """Raise InputError where the debt would pass the customer's limit."""
    left = max(limit_fen - debt_fen, 0)
    if amount_fen > left:
        raise InputError(
            f"超出信用额度：额度 {show_fen(limit_fen)}，已欠 {show_fen(debt_fen)}，还可赊 {show_fen(left)}。",
            field="credit",
        )


def check_against_debt(amount_fen: int, *, debt_fen: int, what: str) -> None:
    """Raise InputError unless ``what`` (收款, 核销) is of some money and of no more than is owed."""
    if amount_fen <= 0:
        raise InputError(f"{what}金额必须大于零。", field="amount_fen")
    if amount_fen > debt_fen:
        raise InputError(f"只欠 {show_fen(debt_fen)}，{what}不能更多。", field="amount_fen")
