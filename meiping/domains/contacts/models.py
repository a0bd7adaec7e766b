"""Contacts and contact records."""

from peewee import ForeignKeyField, TextField

from meiping.domains.access.models import Operator
from meiping.domains.customers.models import Customer
from meiping.domains.settings.models import DictionaryItem
from meiping.store.fields import DayField, FlagField, InstantField, ShopModel


class Contact(ShopModel):
    """A person at a customer; one of them is the main one. In the recycle bin while ``deleted_at`` is set."""

    customer = ForeignKeyField(Customer)
    customer_id: int
    name = TextField()
    name_key = TextField()
    nickname = TextField(default="")
    gender = TextField(default="")
    birth_date = DayField(null=True)
    birthday_lunar = FlagField(default=False)
    department = TextField(default="")
    post = TextField(default="")
    main = FlagField(default=False)
    mobile = TextField(default="")
    office_phone = TextField(default="")
    home_phone = TextField(default="")
    email = TextField(default="")
    wechat = TextField(default="")
    qq = TextField(default="")
    address = TextField(default="")
    notes = TextField(default="")
    created_at = InstantField()
    deleted_at = InstantField(null=True)
    deleted_by = TextField(default="")


class ContactRecord(ShopModel):
    """One contact made. ``contact_name`` is the person's name as written, ``contact`` the person where on file.

    The customer's first and last contact follow by trigger.
    """

    customer = ForeignKeyField(Customer)
    customer_id: int
    contact = ForeignKeyField(Contact, null=True)
    contact_id: int | None
    contact_name = TextField(default="")
    type = ForeignKeyField(DictionaryItem, null=True)
    type_id: int | None
    at = InstantField()
    content = TextField()
    next_contact_date = DayField(null=True)
    operator = ForeignKeyField(Operator)
    operator_id: int
    created_at = InstantField()
    deleted_at = InstantField(null=True)
    deleted_by = TextField(default="")
