"""The moves of points; a customer's points are kept in his row by a trigger. Rows are added and never changed."""

from peewee import ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Company
from meiping.domains.customers.models import Customer
from meiping.store.fields import DayField, ExactField, InstantField, ShopModel


class PointMove(ShopModel):
    """Points a customer got (positive) or lost.

    Those with ``expires_date`` are points got that lapse on that day; those without are points used. ``key`` makes a move by
    hand be written once.
    """

    key = TextField(unique=True, null=True)
    at = InstantField()
    business_date = DayField()
    company = ForeignKeyField(Company)
    company_id: int
    operator_id = IntegerField()
    customer = ForeignKeyField(Customer)
    customer_id: int
    source_kind = TextField()
    source_id = IntegerField()
    kind = TextField()
    points = ExactField()
    expires_date = DayField(null=True)
    note = TextField(default="")
