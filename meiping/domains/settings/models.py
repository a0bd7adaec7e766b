"""Tables of options, dictionaries, levels, document numbers and saved searches."""

from peewee import CompositeKey, ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Company, Operator
from meiping.store.fields import FenField, FlagField, InstantField, KeyedModel, ShopModel


class Option(KeyedModel):
    """One setting of the shop; ``value`` is JSON."""

    key = TextField(primary_key=True)
    value = TextField()


class DictionaryItem(ShopModel):
    """One word of one of the shop's own lists."""

    kind = TextField()
    name = TextField()
    position = IntegerField(default=0)
    active = FlagField(default=True)


class Level(ShopModel):
    """A customer level and the part of the price its customers pay, in basis points.

    It is reached by spending ``upgrade_spent_fen`` or recharging ``upgrade_recharged_fen`` in all, None by hand only.
    """

    name = TextField(unique=True)
    discount_bp = IntegerField(default=10_000)
    upgrade_spent_fen = FenField(null=True)
    upgrade_recharged_fen = FenField(null=True)
    position = IntegerField(default=0)
    active = FlagField(default=True)


class NumberCounter(KeyedModel):
    """The last number given a kind of document, company and day."""

    kind = TextField()
    company = ForeignKeyField(Company)
    company_id: int
    day = TextField()
    last = IntegerField()

    class Meta:
        primary_key = CompositeKey("kind", "company", "day")


class SavedSearch(ShopModel):
    """What an operator narrowed a page's list to, kept under a name. ``conditions`` is JSON the page understands."""

    page = TextField()
    name = TextField()
    operator = ForeignKeyField(Operator)
    operator_id: int
    conditions = TextField()
    created_at = InstantField()
