"""The table of reminders."""

from peewee import ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Operator
from meiping.domains.customers.models import Customer
from meiping.store.fields import DayField, InstantField, ShopModel


class Reminder(ShopModel):
    """Something to be reminded of. ``occurrence`` counts from the anchor (first date and time of day)."""

    customer = ForeignKeyField(Customer, null=True)
    customer_id: int | None
    subject = TextField()
    content = TextField(default="")
    first_date = DayField()
    time_of_day = TextField()
    repeat = TextField()
    weekdays = IntegerField(default=0)
    days_ahead = IntegerField(default=0)
    origin = TextField(null=True)
    operator = ForeignKeyField(Operator)
    operator_id: int
    occurrence = IntegerField(default=0)
    due_at = InstantField()
    snoozed_until_at = InstantField(null=True)
    notified_at = InstantField(null=True)
    done_at = InstantField(null=True)
    created_at = InstantField()
