"""The short chart of accounts and what makes an entry an entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from meiping.kernel.permissions import permission

VIEW_MONEY = permission("money.view", "查看财务往来", group="财务")


class Account(StrEnum):
    """The accounts. Debits are positive fen, credits negative."""

    CASH = "cash"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    CARD = "card"
    RECEIVABLE = "receivable"
    INVENTORY = "inventory"
    STORED_PRINCIPAL = "stored_principal"
    STORED_BONUS = "stored_bonus"
    SALES = "sales"
    ROUNDING = "rounding"
    COST_OF_SALES = "cost_of_sales"
    PROMOTION = "promotion"
    STOCK_DIFFERENCE = "stock_difference"
    OPENING = "opening"
    PURCHASES = "purchases"
    SAFE = "safe"
    CASH_DIFFERENCE = "cash_difference"
    EXPENSE = "expense"
    ADVANCE = "advance"
    BAD_DEBT = "bad_debt"
    CARD_LIABILITY = "card_liability"
    CARD_INCOME = "card_income"
    DEPOSIT = "deposit"


@dataclass(frozen=True, slots=True)
class Line:
    """One account's part of an entry; ``party_id`` is the customer it concerns, 0 for nobody."""

    account: Account
    amount_fen: int
    party_id: int = 0


def balanced(lines: Sequence[Line]) -> list[Line]:
    """The lines without empty ones and with the same account and party added up.

    Raises ValueError unless they sum to zero: that is a fault of the program, not of the user.
    """
    sums: dict[tuple[Account, int], int] = {}
    for line in lines:
        sums[line.account, line.party_id] = sums.get((line.account, line.party_id), 0) + line.amount_fen
    if sum(sums.values()):
        raise ValueError(f"entry does not balance by {sum(sums.values())} fen")
    return [Line(account, amount, party) for (account, party), amount in sums.items() if amount]
