"""Customers, who shares in looking after them, and claims on those in the public pool."""

from peewee import CompositeKey, ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Company, Department, Operator
from meiping.domains.settings.models import DictionaryItem, Level
from meiping.store.fields import DayField, FenField, FlagField, InstantField, KeyedModel, ShopModel


class Customer(ShopModel):
    """A person or firm that buys. In the recycle bin while ``deleted_at`` is set.

    Without an owner a customer is in the public pool. ``first_contact_at`` and ``last_contact_at`` are kept by
    triggers from the contact records, ``points`` by one from the moves of points. While
    ``card_frozen_at`` is set his card is lost. One merged into another names it
    in ``merged_into`` and is deleted besides. ``anonymised_at`` says that everything about the person was
    taken out for good; bills and money stay.
    """

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
    nature = ForeignKeyField(DictionaryItem, null=True)
    nature_id: int | None
    region = ForeignKeyField(DictionaryItem, null=True)
    region_id: int | None
    province = TextField(default="")
    city = TextField(default="")
    postcode = TextField(default="")
    fax = TextField(default="")
    website = TextField(default="")
    occupation = TextField(default="")
    legal_representative = TextField(default="")
    bank = TextField(default="")
    bank_account = TextField(default="")
    tax_number = TextField(default="")
    photo_hash = TextField(default="")
    email = TextField(default="")
    address = TextField(default="")
    credit_limit_fen = FenField(default=0)
    payment_days = IntegerField(default=0)
    notes = TextField(default="")
    owner = ForeignKeyField(Operator, null=True)
    owner_id: int | None
    owned_since_date = DayField(null=True)
    company = ForeignKeyField(Company)
    company_id: int
    department = ForeignKeyField(Department, null=True)
    department_id: int | None
    created_date = DayField()
    next_contact_date = DayField(null=True)
    first_contact_at = InstantField(null=True)
    last_contact_at = InstantField(null=True)
    points = IntegerField(default=0)
    card_frozen_at = InstantField(null=True)
    merged_into = ForeignKeyField("self", null=True)
    merged_into_id: int | None
    anonymised_at = InstantField(null=True)
    deleted_at = InstantField(null=True)
    deleted_by = TextField(default="")


class CustomerShare(ShopModel):
    """Another salesperson looks after a customer too: until a day (a delegation), or until taken back."""

    customer = ForeignKeyField(Customer)
    customer_id: int
    operator = ForeignKeyField(Operator)
    operator_id: int
    until_date = DayField(null=True)
    granted_by = TextField()
    granted_at = InstantField()
    ended_at = InstantField(null=True)
    ended_by = TextField(default="")


class PoolClaim(ShopModel):
    """A salesperson asks for a customer of the public pool; open while ``decided_at`` is None."""

    customer = ForeignKeyField(Customer)
    customer_id: int
    operator = ForeignKeyField(Operator)
    operator_id: int
    asked_at = InstantField()
    decided_at = InstantField(null=True)
    decided_by = TextField(default="")
    granted = FlagField(null=True)


class CustomerDistinct(KeyedModel):
    """Two customers that look alike and are not the same: their ids, the smaller first."""

    a = ForeignKeyField(Customer)
    a_id: int
    b = ForeignKeyField(Customer)
    b_id: int

    class Meta:
        primary_key = CompositeKey("a", "b")


class MemberPin(KeyedModel):
    """A member's spending PIN as its hash, and how tries went.

    ``cart_key`` names the cart for which it was right, for up to ``passed_fen`` of what he has; empty for none.
    """

    customer = ForeignKeyField(Customer, primary_key=True, on_delete="CASCADE")
    customer_id: int
    pin_hash = TextField()
    failures = IntegerField(default=0)
    blocked_until_at = InstantField(default=0)
    cart_key = TextField(default="")
    passed_fen = FenField(default=0)


class ReplacedCard(KeyedModel):
    """A card number that another took the place of."""

    card_number = TextField()
    customer = ForeignKeyField(Customer, on_delete="CASCADE")
    customer_id: int
    replaced_at = InstantField()

    class Meta:
        primary_key = CompositeKey("card_number", "customer")
