"""The tables of receipts, of what they paid, and of debts written off; what is owed is in the ledger."""

from peewee import ForeignKeyField, TextField

from meiping.domains.access.models import NumberedDocument
from meiping.domains.customers.models import Customer
from meiping.domains.ledger.models import Entry
from meiping.domains.till.models import MoneySlip
from meiping.store.fields import DayField, FenField, InstantField, ShopModel


class Receipt(MoneySlip):
    """Money a customer paid later against what is owed."""

    amount_fen = FenField()


class WriteOff(NumberedDocument):
    """A debt the shop gives up (坏账核销)."""

    customer = ForeignKeyField(Customer)
    customer_id: int
    posted_at = InstantField()
    business_date = DayField()
    amount_fen = FenField()
    reason = TextField()


class ReceivableMatch(ShopModel):
    """How much of the charge in one entry was paid by another: a receipt, a return, a write-off."""

    charge_entry = ForeignKeyField(Entry)
    charge_entry_id: int
    paying_entry = ForeignKeyField(Entry)
    paying_entry_id: int
    amount_fen = FenField()
