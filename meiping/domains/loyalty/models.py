"""The moves of points, whose sum a trigger keeps in the customer's row; count cards and their uses.

Rows of moves, cards and uses are added and never changed.
"""

from peewee import ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Company
from meiping.domains.catalog.models import Product
from meiping.domains.customers.models import Customer
from meiping.store.fields import (
    DayField,
    ExactField,
    FenField,
    FlagField,
    InstantField,
    KeyedModel,
    ShopModel,
)


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


class CardKind(KeyedModel):
    """A product that is a count card (次卡): so many uses of a service, for ``days`` from the sale, 0 for ever."""

    product = ForeignKeyField(Product, primary_key=True)
    product_id: int
    service = TextField()
    uses = IntegerField()
    days = IntegerField(default=0)
    active = FlagField(default=True)


class CountCard(ShopModel):
    """One card that was sold: ``net_fen`` was paid for it; it can be used until the day before ``until_date``."""

    company = ForeignKeyField(Company)
    company_id: int
    customer = ForeignKeyField(Customer)
    customer_id: int
    sale_line_id = IntegerField()
    service = TextField()
    uses = ExactField()
    net_fen = FenField()
    sold_at = InstantField()
    until_date = DayField(null=True)


class CardUse(ShopModel):
    """Uses that left a card (negative: came back) and what they took of its worth."""

    key = TextField(unique=True, null=True)
    number = TextField(default="")
    card = ForeignKeyField(CountCard)
    card_id: int
    at = InstantField()
    business_date = DayField()
    operator_id = IntegerField()
    kind = TextField()
    uses = ExactField()
    amount_fen = FenField()
    undoes_id = IntegerField(null=True, unique=True)
