"""Stored value: principal and bonus apart, bonus spent last."""

from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen
from meiping.kernel.permissions import permission

RECHARGE = permission("wallet.recharge", "充值", group="财务")


def split_spending(amount_fen: int, *, principal_fen: int, bonus_fen: int) -> tuple[int, int]:
    """Fen taken from principal and from bonus. Raises InputError where both together are not enough."""
    if amount_fen > principal_fen + bonus_fen:
        raise InputError(
            f"储值余额不足：现有 {show_fen(principal_fen + bonus_fen)}，要用 {show_fen(amount_fen)}。"
        )
    from_principal = min(amount_fen, principal_fen)
    return from_principal, amount_fen - from_principal
