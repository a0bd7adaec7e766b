"""Merges of customers, and imports that can be taken back."""

from peewee import CompositeKey, ForeignKeyField, IntegerField, TextField

from meiping.domains.customers.models import Customer
from meiping.store.fields import InstantField, KeyedModel, ShopModel


class CustomerMerge(ShopModel):
    """One customer merged into another. ``before`` is JSON: what is needed to take it back."""

    survivor = ForeignKeyField(Customer)
    survivor_id: int
    twin = ForeignKeyField(Customer)
    twin_id: int
    at = InstantField()
    operator_name = TextField()
    before = TextField()
    undone_at = InstantField(null=True)


class ImportBatch(ShopModel):
    """One import. ``file_hash`` is the SHA-256 of the file's bytes, in hex."""

    kind = TextField()
    file_name = TextField()
    file_hash = TextField()
    at = InstantField()
    operator_name = TextField()
    created_count = IntegerField()
    updated_count = IntegerField()
    refused_count = IntegerField()
    undone_at = InstantField(null=True)


class ImportRow(KeyedModel):
    """A record an import made, or changed: then ``before`` is JSON of what it was."""

    batch = ForeignKeyField(ImportBatch)
    batch_id: int
    record_kind = TextField()
    record_id = IntegerField()
    before = TextField(default="")

    class Meta:
        primary_key = CompositeKey("batch", "record_kind", "record_id")
