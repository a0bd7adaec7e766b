"""Tables of the logs; rows are added and never changed."""

from peewee import IntegerField, TextField

from meiping.store.fields import InstantField, ShopModel


class Operation(ShopModel):
    """One thing an operator did, or was refused."""

    at = InstantField()
    operator_id = IntegerField()
    operator_name = TextField()
    company_id = IntegerField()
    action = TextField()
    subject_kind = TextField(default="")
    subject_id = IntegerField(default=0)
    summary = TextField()
    approver = TextField(default="")


class Change(ShopModel):
    """One field of one record that changed from ``old`` to ``new``, as shown on screen."""

    at = InstantField()
    operator_id = IntegerField()
    operator_name = TextField()
    kind = TextField()
    record_id = IntegerField()
    field = TextField()
    old = TextField()
    new = TextField()
