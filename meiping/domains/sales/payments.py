"""How a bill is paid."""

from collections.abc import Sequence
from dataclasses import dataclass

from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen


@dataclass(frozen=True, slots=True)
class Payment:
    """Part of a bill paid one way. ``received_fen`` is the cash handed over, where it is more."""

    tender: str
    amount_fen: int
    received_fen: int | None = None

    @property
    def change_fen(self) -> int:
        """The cash to give back."""
        return 0 if self.received_fen is None else self.received_fen - self.amount_fen


def check_change(payments: Sequence[Payment], stored_fen: int, *, named: bool) -> int:
    """The cash to give back where ``stored_fen`` of the change goes into stored value.

    Raises InputError for more than the change, and without a customer.
    """
    change_fen = sum(payment.change_fen for payment in payments)
    if not 0 <= stored_fen <= change_fen:
        raise InputError("存入储值的找零不能比找零多。", field="cash")
    if stored_fen and not named:
        raise InputError("散客的找零不能存入储值，请先选择客户（F2）。", field="cash")
    return change_fen - stored_fen


def check_payments(total_fen: int, payments: Sequence[Payment]) -> None:
    """Raise InputError unless the payments are positive and come to the total."""
    for payment in payments:
        if payment.amount_fen <= 0:
            raise InputError("付款金额必须大于零。", field=payment.tender)
        if payment.change_fen < 0 or (payment.change_fen and payment.tender != "cash"):
            raise InputError("实收现金不能少于要付的金额。", field=payment.tender)
    paid = sum(payment.amount_fen for payment in payments)
    if paid < total_fen:
        raise InputError(f"还差 {show_fen(total_fen - paid)} 没有付。", field="payments")
    if paid > total_fen:
        raise InputError(f"付款多了 {show_fen(paid - total_fen)}，请检查金额。", field="payments")
