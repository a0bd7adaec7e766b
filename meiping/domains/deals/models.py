"""Tables of quotes."""

from peewee import ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import NumberedDocument
from meiping.domains.catalog.models import Product
from meiping.domains.contacts.models import Contact
from meiping.domains.customers.models import Customer
from meiping.store.fields import DayField, FenField, InstantField, MilliField, ShopModel


class Quote(NumberedDocument):
    """Prices told to a customer. ``key`` makes it be written once; ``cart_key`` is the key of the bill it was turned into.

    In the recycle bin while ``deleted_at`` is set, given up while ``given_up_at`` is.
    """

    customer = ForeignKeyField(Customer)
    customer_id: int
    contact = ForeignKeyField(Contact, null=True)
    contact_id: int | None
    contact_name = TextField(default="")
    quoted_date = DayField()
    valid_until_date = DayField(null=True)
    subject = TextField(default="")
    notes = TextField(default="")
    total_fen = FenField()
    line_count = IntegerField()
    cart_key = TextField(null=True)
    given_up_at = InstantField(null=True)
    created_at = InstantField()
    deleted_at = InstantField(null=True)
    deleted_by = TextField(default="")


class QuoteLine(ShopModel):
    """One product of a quote with its name, unit and price as they were told; ``price_fen`` is a unit's."""

    quote = ForeignKeyField(Quote)
    quote_id: int
    position = IntegerField()
    product = ForeignKeyField(Product)
    product_id: int
    product_name = TextField()
    unit = TextField()
    qty_milli = MilliField()
    price_fen = FenField()
    amount_fen = FenField()
    note = TextField(default="")
