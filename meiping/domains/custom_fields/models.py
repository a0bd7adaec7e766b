"""Custom fields and the values records have in them."""

from peewee import CompositeKey, ForeignKeyField, IntegerField, TextField

from meiping.store.fields import DayField, ExactField, FlagField, KeyedModel, ShopModel


class CustomField(ShopModel):
    """A field of the shop's own on the records of a kind. ``choices`` is a JSON list of words."""

    record_kind = TextField()
    title = TextField()
    kind = TextField()
    choices = TextField(default="[]")
    required = FlagField(default=False)
    in_list = FlagField(default=False)
    position = IntegerField(default=0)
    active = FlagField(default=True)


class CustomValue(KeyedModel):
    """What a record has in a custom field: words in ``text``, numbers in thousandths and yes as 1000, days."""

    field = ForeignKeyField(CustomField)
    field_id: int
    record_id = IntegerField()
    text = TextField(default="")
    number_milli = ExactField(null=True)
    day = DayField(null=True)

    class Meta:
        primary_key = CompositeKey("field", "record_id")
