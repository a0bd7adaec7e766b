"""The table of what salespersons are to sell."""

from peewee import ForeignKeyField, TextField

from meiping.domains.access.models import Operator
from meiping.store.fields import FenField, ShopModel


class SalesTarget(ShopModel):
    """Net sales in fen a salesperson is to reach in a month (``2026-11``)."""

    operator = ForeignKeyField(Operator)
    operator_id: int
    month = TextField()
    amount_fen = FenField()
