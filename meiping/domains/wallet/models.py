"""The tables of recharges and refunds; balances are in the ledger."""

from meiping.domains.till.models import MoneySlip
from meiping.store.fields import FenField


class Recharge(MoneySlip):
    """Money a customer put into stored value, and the bonus given for it."""

    principal_fen = FenField()
    bonus_fen = FenField()


class Refund(MoneySlip):
    """Principal a customer got back as money, and the bonus that lapsed with the last of it."""

    principal_fen = FenField()
    lapsed_bonus_fen = FenField()
