"""Tables of carts and bills. A posted bill is never changed; a return is a bill with negative lines."""

from peewee import CompositeKey, ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Company, NumberedDocument, Operator
from meiping.domains.catalog.models import Product
from meiping.domains.customers.models import Customer
from meiping.domains.till.models import MoneySlip
from meiping.store.fields import (
    DayField,
    FenField,
    FlagField,
    InstantField,
    KeyedModel,
    MilliField,
    ShopModel,
)


class Cart(ShopModel):
    """An unfinished bill: the open one of a company, or held ones. ``body`` is versioned JSON."""

    key = TextField(unique=True)
    company = ForeignKeyField(Company)
    company_id: int
    operator = ForeignKeyField(Operator)
    operator_id: int
    held_at = InstantField(null=True)
    note = TextField(default="")
    body = TextField()
    changed_at = InstantField()


class Sale(NumberedDocument):
    """A posted bill. ``key`` is the cart's, so that a bill is posted once whatever is pressed twice."""

    kind = TextField()
    customer = ForeignKeyField(Customer, null=True)
    customer_id: int | None
    salesperson = ForeignKeyField(Operator, null=True)
    salesperson_id: int | None
    original = ForeignKeyField("self", null=True)
    original_id: int | None
    shift_id = IntegerField(null=True)
    posted_at = InstantField()
    business_date = DayField()
    list_fen = FenField()
    discount_fen = FenField()
    rounding_fen = FenField()
    total_fen = FenField()
    cost_fen = FenField()
    line_count = IntegerField()
    note = TextField(default="")
    tax_bp = IntegerField(default=0)


class SaleLine(ShopModel):
    """One line with everything frozen; the lines' ``net_fen`` sum to the bill's total."""

    sale = ForeignKeyField(Sale)
    sale_id: int
    position = IntegerField()
    product = ForeignKeyField(Product)
    product_id: int
    product_name = TextField()
    unit = TextField()
    qty_milli = MilliField()
    list_price_fen = FenField()
    price_fen = FenField()
    discount_bp = IntegerField()
    bill_discount_fen = FenField()
    rounding_fen = FenField()
    net_fen = FenField()
    cost_fen = FenField()
    gift = FlagField(default=False)
    note = TextField(default="")
    returns_line = ForeignKeyField("self", null=True)
    returns_line_id: int | None
    returned_milli = MilliField(default=0)
    salesperson_id = IntegerField(null=True)
    """Empty where it is the bill's; 0 where nobody gets the credit."""


class SaleTender(ShopModel):
    """How a bill was paid. ``received_fen`` is the cash handed over; the change is the difference."""

    sale = ForeignKeyField(Sale)
    sale_id: int
    tender = TextField()
    amount_fen = FenField()
    received_fen = FenField()


class TenderChange(ShopModel):
    """A wrong tender of a bill put right: the money was taken by ``to_tender``. Read beside the bill's tenders."""

    key = TextField(unique=True)
    sale = ForeignKeyField(Sale)
    sale_id: int
    operator = ForeignKeyField(Operator)
    operator_id: int
    posted_at = InstantField()
    business_date = DayField()
    from_tender = TextField()
    to_tender = TextField()
    amount_fen = FenField()
    reason = TextField(default="")


class Deposit(MoneySlip):
    """Money taken beforehand for the cart ``cart_key`` (positive) or given back; ``sale`` names the bill it was over at."""

    amount_fen = FenField()
    cart_key = TextField()
    sale = ForeignKeyField(Sale, null=True)
    sale_id: int | None


class Invoice(ShopModel):
    """An invoice made out for a bill; several bills on one paper have its ``key`` in common.

    ``amount_fen`` contains ``tax_fen``. It is never changed: a wrong one is cancelled, once.
    """

    key = TextField()
    sale = ForeignKeyField(Sale)
    sale_id: int
    number = TextField()
    title = TextField()
    tax_number = TextField(default="")
    amount_fen = FenField()
    tax_fen = FenField()
    rate_bp = IntegerField()
    invoiced_date = DayField()
    operator = ForeignKeyField(Operator)
    operator_id: int
    made_at = InstantField()
    note = TextField(default="")
    cancelled_at = InstantField(null=True)
    cancelled_by = ForeignKeyField(Operator, null=True)
    cancelled_by_id: int | None
    cancel_reason = TextField(default="")


class ExchangeCredit(KeyedModel):
    """What an exchange took out of an earlier bill, by tender; ``kept_fen`` of it pays for other goods.

    The rest was given back. ``bonus_fen`` and ``kept_bonus_fen`` are the parts that had been given as bonus.
    """

    sale = ForeignKeyField(Sale)
    sale_id: int
    original = ForeignKeyField(Sale)
    original_id: int
    tender = TextField()
    amount_fen = FenField()
    bonus_fen = FenField()
    kept_fen = FenField()
    kept_bonus_fen = FenField()

    class Meta:
        primary_key = CompositeKey("sale", "original", "tender")


class SalesDay(KeyedModel):
    """A day's sums a company, kept by triggers on bills and lines."""

    company = ForeignKeyField(Company)
    company_id: int
    business_date = DayField()
    bills = IntegerField()
    sales_fen = FenField()
    returns_fen = FenField()
    discount_fen = FenField()
    cost_fen = FenField()

    class Meta:
        primary_key = CompositeKey("company", "business_date")


class ProductSums(KeyedModel):
    """What a product sold in a company less what came back, and what came back. Has no table of its own."""

    company = ForeignKeyField(Company)
    company_id: int
    product = ForeignKeyField(Product)
    product_id: int
    qty_milli = MilliField()
    returned_milli = MilliField()
    net_fen = FenField()
    returns_fen = FenField()
    cost_fen = FenField()


class ProductDay(ProductSums):
    """On a day; kept by a trigger."""

    business_date = DayField()

    class Meta:
        primary_key = CompositeKey("company", "business_date", "product")


class ProductMonth(ProductSums):
    """In a month (``2026-11``); kept by a trigger."""

    month = TextField()

    class Meta:
        primary_key = CompositeKey("company", "month", "product")


class ProductYear(ProductSums):
    """In a year (``2026``); kept by a trigger."""

    year = TextField()

    class Meta:
        primary_key = CompositeKey("company", "year", "product")


class BillSums(KeyedModel):
    """What bills in a company came to. Has no table of its own."""

    company = ForeignKeyField(Company)
    company_id: int
    bills = IntegerField()
    net_fen = FenField()
    returns_fen = FenField()
    discount_fen = FenField()
    cost_fen = FenField()


class CustomerMonth(BillSums):
    """A customer's month with a salesperson, 0 for nobody; kept by triggers on bills and lines."""

    month = TextField()
    salesperson_id = IntegerField()
    customer_id = IntegerField()

    class Meta:
        primary_key = CompositeKey("company", "month", "salesperson_id", "customer_id")


class PersonMonth(BillSums):
    """A salesperson's month, 0 for nobody; kept by triggers."""

    month = TextField()
    salesperson_id = IntegerField()

    class Meta:
        primary_key = CompositeKey("company", "month", "salesperson_id")


class CustomerTotal(BillSums):
    """A customer's bills of all time, with the first and last day something was bought and how many there were."""

    customer_id = IntegerField()
    first_date = DayField(null=True)
    last_date = DayField(null=True)
    days = IntegerField()

    class Meta:
        primary_key = CompositeKey("customer_id", "company")
