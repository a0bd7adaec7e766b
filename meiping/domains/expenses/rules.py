"""What an expense and an advance are, their steps, and who may do them."""

from collections.abc import Mapping
from dataclasses import dataclass

from meiping.kernel.entered import text_field
from meiping.kernel.errors import InputError
from meiping.kernel.money import MAX_FEN
from meiping.kernel.permissions import permission
from meiping.kernel.titled import Titled

VIEW = permission("expenses.view", "查看费用与借支", group="财务")
MAKE = permission("expenses.make", "登记费用与借支", group="财务")
APPROVE = permission("expenses.approve", "审批费用与借支", group="财务")
PAY = permission("expenses.pay", "支付费用与借支", group="财务")

EXPENSE, ADVANCE = "expense", "advance"
KINDS: Mapping[str, str] = {EXPENSE: "费用", ADVANCE: "借支"}
PREFIXES: Mapping[str, str] = {EXPENSE: "FY", ADVANCE: "JZ"}
CATEGORY = "expense_category"
"""The dictionary of categories."""


class Status(Titled):
    """The steps of an expense: key in the file, word on screen."""

    REQUESTED = ("requested", "待审批")
    APPROVED = ("approved", "待支付")
    REFUSED = ("refused", "已驳回")
    PAID = ("paid", "已支付")


STATUS_BY_KEY = {status.key: status for status in Status}


@dataclass(frozen=True, slots=True)
class ExpenseInput:
    """What is entered: for whom it is, how much (fen), of which category (an expense only), to whom it was paid."""

    person_id: int | None = None
    amount_fen: int | None = None
    category_id: int | None = None
    payee: str = ""
    note: str = ""


def check_expense(kind: str, entered: ExpenseInput) -> ExpenseInput:
    """Bring it into its stored form. Raises InputError with the field it concerns."""
    if kind == EXPENSE and entered.category_id is None:
        raise InputError("请选择费用类别。", field="category_id")
    if entered.person_id is None:
        raise InputError("请选择经手人。" if kind == EXPENSE else "请选择借支人。", field="person_id")
    if entered.amount_fen is None or not 0 < entered.amount_fen <= MAX_FEN:
        raise InputError("金额必须大于零。", field="amount_fen")
    return ExpenseInput(
        entered.person_id,
        entered.amount_fen,
        entered.category_id if kind == EXPENSE else None,
        text_field(entered.payee, field="payee", title="收款方", limit=60),
        text_field(entered.note, field="note", title="说明", limit=200),
    )
