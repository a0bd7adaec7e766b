"""The table of documents; their bytes lie in the data folder, found by content."""

from peewee import ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Operator
from meiping.domains.contacts.models import ContactRecord
from meiping.domains.customers.models import Customer
from meiping.domains.settings.models import DictionaryItem
from meiping.store.fields import InstantField, ShopModel


class Document(ShopModel):
    """A file under the user's name for it. ``hash`` is the SHA-256 of its bytes, in hex, and names them."""

    customer = ForeignKeyField(Customer, null=True)
    customer_id: int | None
    contact_record = ForeignKeyField(ContactRecord, null=True)
    contact_record_id: int | None
    name = TextField()
    hash = TextField()
    size_bytes = IntegerField()
    category = ForeignKeyField(DictionaryItem, null=True)
    category_id: int | None
    notes = TextField(default="")
    operator = ForeignKeyField(Operator)
    operator_id: int
    created_at = InstantField()
    deleted_at = InstantField(null=True)
    deleted_by = TextField(default="")
