"""Tables of service cases and of the steps taken with them."""

from peewee import ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Department, NumberedDocument, Operator
from meiping.domains.catalog.models import Product
from meiping.domains.customers.models import Customer
from meiping.domains.settings.models import DictionaryItem
from meiping.store.fields import DayField, InstantField, ShopModel


class ServiceCase(NumberedDocument):
    """A complaint or request of a customer. ``key`` makes it be written once.

    ``operator`` took it, ``person`` or ``department`` is to deal with it, ``done_by`` did, to ``done_percent`` of it.
    In the recycle bin while ``deleted_at`` is set.
    """

    customer = ForeignKeyField(Customer)
    customer_id: int
    registered_date = DayField()
    subject = TextField()
    type = ForeignKeyField(DictionaryItem)
    type_id: int
    priority = TextField()
    content = TextField(default="")
    product = ForeignKeyField(Product, null=True)
    product_id: int | None
    contact_name = TextField(default="")
    contact_phone = TextField(default="")
    status = TextField()
    department = ForeignKeyField(Department, null=True)
    department_id: int | None
    person = ForeignKeyField(Operator, null=True)
    person_id: int | None
    due_date = DayField(null=True)
    done_by = ForeignKeyField(Operator, null=True)
    done_by_id: int | None
    done_date = DayField(null=True)
    done_percent = IntegerField(null=True)
    result = TextField(default="")
    opinion = TextField(null=True)
    revisited_date = DayField(null=True)
    feedback = TextField(default="")
    closed_date = DayField(null=True)
    created_at = InstantField()
    deleted_at = InstantField(null=True)
    deleted_by = TextField(default="")


class ServiceStep(ShopModel):
    """One step of a case, never changed: who took it, when, and in words what was written down with it."""

    case = ForeignKeyField(ServiceCase)
    case_id: int
    at = InstantField()
    operator = ForeignKeyField(Operator)
    operator_id: int
    step = TextField()
    note = TextField(default="")
