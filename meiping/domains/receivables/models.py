"""The table of receipts; what is owed is in the ledger."""

from peewee import ForeignKeyField, TextField

from meiping.domains.access.models import Company, Operator
from meiping.domains.customers.models import Customer
from meiping.store.fields import DayField, FenField, InstantField, ShopModel


class Receipt(ShopModel):
    """Money a customer paid later against what is owed."""

    key = TextField(unique=True)
    number = TextField(unique=True)
    company = ForeignKeyField(Company)
    company_id: int
    customer = ForeignKeyField(Customer)
    customer_id: int
    operator = ForeignKeyField(Operator)
    operator_id: int
    posted_at = InstantField()
    business_date = DayField()
    amount_fen = FenField()
    tender = TextField()
    note = TextField(default="")
