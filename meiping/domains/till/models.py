"""What all slips have on which money of a customer moves outside a bill."""

from peewee import ForeignKeyField, TextField

from meiping.domains.access.models import Company, Operator
from meiping.domains.customers.models import Customer
from meiping.store.fields import DayField, InstantField, ShopModel


class MoneySlip(ShopModel):
    """Head of a slip; its room adds the amounts. Has no table of its own, and its rows are never changed."""

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
    tender = TextField()
    note = TextField(default="")
