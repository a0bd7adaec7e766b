"""Tables of expenses and advances, and of how advances are settled. What was paid is never changed."""

from peewee import ForeignKeyField, TextField

from meiping.domains.access.models import NumberedDocument, Operator
from meiping.domains.settings.models import DictionaryItem
from meiping.store.fields import DayField, FenField, InstantField


class Expense(NumberedDocument):
    """An expense or an advance: asked for, decided, paid. One with a negative amount takes another back.

    ``operator`` wrote it down, ``person`` is for whom: who is paid back, or who gets the advance.
    """

    kind = TextField()
    person = ForeignKeyField(Operator)
    person_id: int
    category = ForeignKeyField(DictionaryItem, null=True)
    category_id: int | None
    payee = TextField(default="")
    amount_fen = FenField()
    note = TextField(default="")
    business_date = DayField()
    created_at = InstantField()
    status = TextField()
    decided_by = ForeignKeyField(Operator, null=True)
    decided_by_id: int | None
    decided_at = InstantField(null=True)
    reason = TextField(default="")
    tender = TextField(default="")
    paid_at = InstantField(null=True)
    paid_date = DayField(null=True)
    paid_by = ForeignKeyField(Operator, null=True)
    paid_by_id: int | None
    reverses = ForeignKeyField("self", null=True, unique=True)
    reverses_id: int | None


class AdvanceSettlement(NumberedDocument):
    """Part of an advance that came back: as money by a tender, or by an expense it was spent on."""

    advance = ForeignKeyField(Expense)
    advance_id: int
    expense = ForeignKeyField(Expense, null=True, unique=True)
    expense_id: int | None
    amount_fen = FenField()
    tender = TextField(default="")
    posted_at = InstantField()
    business_date = DayField()
