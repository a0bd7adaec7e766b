"""The table of receipts; what is owed is in the ledger."""

from meiping.domains.till.models import MoneySlip
from meiping.store.fields import FenField


class Receipt(MoneySlip):
    """Money a customer paid later against what is owed."""

    amount_fen = FenField()
