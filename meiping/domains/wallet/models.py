"""The table of recharges; balances are in the ledger."""

from peewee import ForeignKeyField, TextField

from meiping.domains.access.models import Company, Operator
from meiping.domains.customers.models import Customer
from meiping.store.fields import DayField, FenField, InstantField, ShopModel


class Recharge(ShopModel):
    """Money a customer put into stored value, and the bonus given for it."""

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
    principal_fen = FenField()
    bonus_fen = FenField()
    tender = TextField()
    note = TextField(default="")
