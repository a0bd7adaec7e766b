"""Tables of stock: what lies where, every move, and the documents that moved it."""

from peewee import CompositeKey, ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Company, NumberedDocument
from meiping.domains.catalog.models import Product
from meiping.store.fields import (
    DayField,
    FenField,
    FlagField,
    InstantField,
    KeyedModel,
    MilliField,
    ShopModel,
)


class Stock(KeyedModel):
    """Quantity and value of a product in a company: the sums of its moves."""

    company = ForeignKeyField(Company)
    company_id: int
    product = ForeignKeyField(Product)
    product_id: int
    qty_milli = MilliField()
    value_fen = FenField()
    last_cost_fen = FenField(default=0)
    last_move_at = InstantField()

    class Meta:
        primary_key = CompositeKey("company", "product")


class StockMove(ShopModel):
    """Goods in (positive) or out (negative) with their value at cost; never changed."""

    at = InstantField()
    business_date = DayField()
    company = ForeignKeyField(Company)
    company_id: int
    product = ForeignKeyField(Product)
    product_id: int
    qty_milli = MilliField()
    value_fen = FenField()
    nature = TextField()
    source_kind = TextField()
    source_id = IntegerField()


class StockDocument(NumberedDocument):
    """库存增加 or 库存减少: several lines posted at once."""

    incoming = FlagField()
    nature = TextField()
    note = TextField(default="")
    posted_at = InstantField()
    business_date = DayField()
    value_fen = FenField()


class StockDocumentLine(ShopModel):
    """One product of a stock document; the quantity is positive either way."""

    document = ForeignKeyField(StockDocument)
    document_id: int
    position = IntegerField()
    product = ForeignKeyField(Product)
    product_id: int
    qty_milli = MilliField()
    value_fen = FenField()


class StockSums(KeyedModel):
    """A product's moves of one ``flow`` in a company, signed as they are. Has no table of its own.

    The flows are ``in``, ``sold`` (less what customers brought back), ``out`` and ``adjusted`` (value only).
    """

    company = ForeignKeyField(Company)
    company_id: int
    product = ForeignKeyField(Product)
    product_id: int
    flow = TextField()
    qty_milli = MilliField()
    value_fen = FenField()


class StockMonth(StockSums):
    """In a month; kept by a trigger."""

    month = TextField()

    class Meta:
        primary_key = CompositeKey("company", "month", "product", "flow")


class StockYear(StockSums):
    """In a year; kept by a trigger."""

    year = TextField()

    class Meta:
        primary_key = CompositeKey("company", "year", "product", "flow")
