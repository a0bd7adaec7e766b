"""Stored value: principal and bonus apart, bonus spent last."""

from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen
from meiping.kernel.permissions import permission

RECHARGE = permission("wallet.recharge", "充值", group="财务")
REFUND = permission("wallet.refund", "储值退款", group="财务")


def split_spending(amount_fen: int, *, principal_fen: int, bonus_fen: int) -> tuple[int, int]:
    """Fen taken from principal and from bonus. Raises InputError where both together are not enough."""
    if amount_fen > principal_fen + bonus_fen:
        raise InputError(
            f"储值余额不足：现有 {show_fen(principal_fen + bonus_fen)}，要用 {show_fen(amount_fen)}。"
        )
    from_principal = min(amount_fen, principal_fen)
    return from_principal, amount_fen - from_principal


def lapsing_bonus(refund_fen: int, *, principal_fen: int, bonus_fen: int, lapse: bool | None) -> int:
    """The fen of bonus that lapse when ``refund_fen`` of the principal are given back.

    Bonus never becomes money. While principal is left the bonus stays; when the last of it goes, ``lapse`` says
    what becomes of the bonus, and must be said. Raises InputError for more than the principal.
    """
    if refund_fen <= 0:
        raise InputError("退款金额必须大于零。", field="principal_fen")
    if refund_fen > principal_fen:
        spared = f"，赠送的 {show_fen(bonus_fen)} 不能退成现金" if bonus_fen else ""
        raise InputError(f"储值本金只有 {show_fen(principal_fen)}{spared}。", field="principal_fen")
    if refund_fen < principal_fen or not bonus_fen:
        return 0
    if lapse is None:
        raise InputError(
            f"本金全部退完，还有赠送 {show_fen(bonus_fen)}，请选择作废或保留。", field="lapse_bonus"
        )
    return bonus_fen if lapse else 0
