"""Tables of categories, products, bar codes and prices by rule."""

from peewee import CompositeKey, ForeignKeyField, IntegerField, TextField

from meiping.domains.settings.models import Level
from meiping.store.fields import (
    DayField,
    FenField,
    FlagField,
    InstantField,
    KeyedModel,
    MilliField,
    ShopModel,
)


class Category(ShopModel):
    """A category, or a sub-category below ``parent``."""

    name = TextField()
    parent = ForeignKeyField("self", null=True)
    parent_id: int | None


class Product(ShopModel):
    """Goods, or a service without stock. ``incomplete`` marks one made in haste at the counter (待完善).

    ``amount_only`` marks the one product that stands for lines of an amount only (无码商品), ``fee_line`` the one that
    annual fees are sold as. ``below_zero`` is what selling more than there is means for it, empty for what the shop says.
    ``annual_fee_fen`` is due for every ``service_term_months``; 0 is none of either.
    """

    code = TextField(unique=True)
    name = TextField()
    name_key = TextField()
    category = ForeignKeyField(Category, null=True)
    category_id: int | None
    brand = TextField(default="")
    unit = TextField(default="")
    quantity_decimals = IntegerField(default=0)
    specification = TextField(default="")
    purchase_price_fen = FenField(default=0)
    list_price_fen = FenField()
    lowest_price_fen = FenField(default=0)
    stocked = FlagField(default=True)
    low_stock_milli = MilliField(null=True)
    below_zero = TextField(default="")
    active = FlagField(default=True)
    incomplete = FlagField(default=False)
    notes = TextField(default="")
    amount_only = FlagField(default=False)
    annual_fee_fen = FenField(default=0)
    service_term_months = IntegerField(default=0)
    warranty_months = IntegerField(default=0)
    fee_line = FlagField(default=False)
    created_at = InstantField()


class ProductBarcode(KeyedModel):
    """A bar code and the product it names."""

    barcode = TextField(primary_key=True)
    product = ForeignKeyField(Product)
    product_id: int


class LevelPrice(KeyedModel):
    """What customers of a level pay for a product (会员价), in place of the level's discount."""

    product = ForeignKeyField(Product)
    product_id: int
    level = ForeignKeyField(Level)
    level_id: int
    price_fen = FenField()

    class Meta:
        table_name = "product_level_price"
        primary_key = CompositeKey("product", "level")


class PriceRule(ShopModel):
    """A special price of a product, so much off from a sum on, or a birthday discount; ``kind`` says which.

    Both days count; None is open. ``level`` None means everybody.
    """

    kind = TextField()
    title = TextField()
    product = ForeignKeyField(Product, null=True)
    product_id: int | None
    price_fen = FenField(null=True)
    least_fen = FenField(null=True)
    off_fen = FenField(null=True)
    discount_bp = IntegerField(null=True)
    whole_month = FlagField(default=False)
    level = ForeignKeyField(Level, null=True)
    level_id: int | None
    first_date = DayField(null=True)
    last_date = DayField(null=True)
    active = FlagField(default=True)
