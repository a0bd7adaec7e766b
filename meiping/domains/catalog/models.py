"""Tables of categories, products and bar codes."""

from peewee import ForeignKeyField, IntegerField, TextField

from meiping.store.fields import FenField, FlagField, InstantField, KeyedModel, MilliField, ShopModel


class Category(ShopModel):
    """A category, or a sub-category below ``parent``."""

    name = TextField()
    parent = ForeignKeyField("self", null=True)
    parent_id: int | None


class Product(ShopModel):
    """Goods, or a service without stock. ``incomplete`` marks one made in haste at the counter (待完善)."""

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
    active = FlagField(default=True)
    incomplete = FlagField(default=False)
    notes = TextField(default="")
    created_at = InstantField()


class ProductBarcode(KeyedModel):
    """A bar code and the product it names."""

    barcode = TextField(primary_key=True)
    product = ForeignKeyField(Product)
    product_id: int
