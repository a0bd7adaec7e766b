"""Tables of expenses and advances, and of how advances are settled. What was paid is never changed."""

from peewee import ForeignKeyField, TextField

from meiping.domains.access.models import Company, Operator
from meiping.domains.settings.models import DictionaryItem
from meiping.store.fields import DayField, FenField, InstantField, ShopModel


class Expense(ShopModel):
    """An expense or an advance: asked for, decided, paid. One with a negative amount takes another back.

    ``operator`` wrote it down, ``person`` is for whom: who is paid back, or who gets the advance.
    """

    key = TextField(unique=True)
    number = TextField(unique=True)
    kind = TextField()
    company = ForeignKeyField(Company)
    company_id: int
    operator = ForeignKeyField(Operator)
    operator_id: int
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


class AdvanceSettlement(ShopModel):
    """Part of an advance that came back: as money by a tender, or by an expense it was spent on."""

    key = TextField(unique=True)
    number = TextField(unique=True)
    company = ForeignKeyField(Company)
    company_id: int
    operator = ForeignKeyField(Operator)
    operator_id: int
    advance = ForeignKeyField(Expense)
    advance_id: int
    expense = ForeignKeyField(Expense, null=True, unique=True)
    expense_id: int | None
    amount_fen = FenField()
    tender = TextField(default="")
    posted_at = InstantField()
    business_date = DayField()
