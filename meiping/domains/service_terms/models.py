"""The table of service terms."""

from peewee import ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Company
from meiping.domains.catalog.models import Product
from meiping.domains.customers.models import Customer
from meiping.store.fields import DayField, FenField, InstantField, ShopModel


class ServiceTerm(ShopModel):
    """A term that a line of a bill brought: of the product sold, or by its annual fee the one after ``renews``.

    Both days are within it. ``root_line_id`` is the line by which the service was sold first, ``sale_line_id`` the line
    that paid for this term: of each as much counts as has not come back. ``fee_fen`` is a piece's fee as it was agreed.
    ``closed_at`` is set while the customer does not want it to go on.
    """

    sale_line_id = IntegerField(unique=True)
    root_line_id = IntegerField()
    renews = ForeignKeyField("self", null=True)
    renews_id: int | None
    company = ForeignKeyField(Company)
    company_id: int
    customer = ForeignKeyField(Customer)
    customer_id: int
    product = ForeignKeyField(Product)
    product_id: int
    start_date = DayField()
    end_date = DayField()
    anchor_day = IntegerField()
    months = IntegerField()
    fee_fen = FenField()
    closed_at = InstantField(null=True)
    closed_reason = TextField(default="")
