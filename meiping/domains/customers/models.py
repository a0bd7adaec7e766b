"""The table of customers."""

from peewee import ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Company, Department, Operator
from meiping.domains.settings.models import DictionaryItem, Level
from meiping.store.fields import DayField, FenField, FlagField, InstantField, ShopModel


class Customer(ShopModel):
    """A person or firm that buys. In the recycle bin while ``deleted_at`` is set."""

    code = TextField(unique=True)
    name = TextField()
    name_key = TextField()
    firm = FlagField(default=False)
    keyword = TextField(default="")
    short_name = TextField(default="")
    phone = TextField(default="")
    phone2 = TextField(default="")
    card_number = TextField(null=True)
    gender = TextField(default="")
    birth_date = DayField(null=True)
    birthday_lunar = FlagField(default=False)
    level = ForeignKeyField(Level, null=True)
    level_id: int | None
    type = ForeignKeyField(DictionaryItem, null=True)
    type_id: int | None
    status = ForeignKeyField(DictionaryItem, null=True)
    status_id: int | None
    source = ForeignKeyField(DictionaryItem, null=True)
    source_id: int | None
    industry = ForeignKeyField(DictionaryItem, null=True)
    industry_id: int | None
    email = TextField(default="")
    address = TextField(default="")
    credit_limit_fen = FenField(default=0)
    payment_days = IntegerField(default=0)
    notes = TextField(default="")
    owner = ForeignKeyField(Operator, null=True)
    owner_id: int | None
    company = ForeignKeyField(Company)
    company_id: int
    department = ForeignKeyField(Department, null=True)
    department_id: int | None
    created_date = DayField()
    next_contact_date = DayField(null=True)
    deleted_at = InstantField(null=True)
    deleted_by = TextField(default="")
