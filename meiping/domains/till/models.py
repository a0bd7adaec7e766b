"""Shifts at the drawer, cash that moves outside bills, and what all slips of a customer's money have."""

from peewee import CompositeKey, ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Company, NumberedDocument, Operator
from meiping.domains.customers.models import Customer
from meiping.store.fields import DayField, FenField, FlagField, InstantField, KeyedModel, ShopModel


class Shift(NumberedDocument):
    """One time at the drawer of a company, from the counted float to the count at its end; then never changed.

    ``carried_fen`` is what the books had in the drawer before the float was counted; ``difference_fen`` is of cash.
    """

    opened_at = InstantField()
    business_date = DayField()
    float_fen = FenField()
    carried_fen = FenField()
    closed_at = InstantField(null=True)
    closed_by = ForeignKeyField(Operator, null=True)
    closed_by_id: int | None
    difference_fen = FenField(null=True)
    reason = TextField(default="")
    left_fen = FenField(null=True)
    blind = FlagField(default=False)


class ShiftCount(KeyedModel):
    """What a tender should have come to in a shift and what was counted; ``notes`` is JSON: pieces by note and coin."""

    shift = ForeignKeyField(Shift)
    shift_id: int
    tender = TextField()
    expected_fen = FenField()
    counted_fen = FenField(null=True)
    notes = TextField(default="")

    class Meta:
        primary_key = CompositeKey("shift", "tender")


class CashMovement(NumberedDocument):
    """Cash put into the drawer (positive) or taken out of it with a reason."""

    shift = ForeignKeyField(Shift, null=True)
    shift_id: int | None
    posted_at = InstantField()
    business_date = DayField()
    amount_fen = FenField()
    reason = TextField()


class MoneySlip(NumberedDocument):
    """Head of a slip; its room adds the amounts. Has no table of its own, and its rows are never changed."""

    customer = ForeignKeyField(Customer)
    customer_id: int
    posted_at = InstantField()
    business_date = DayField()
    tender = TextField()
    note = TextField(default="")


class TillApproval(ShopModel):
    """A colleague's leave for one thing, given by PIN; ``subject`` says for which terms of which line of a cart."""

    at = InstantField()
    company = ForeignKeyField(Company)
    company_id: int
    operator = ForeignKeyField(Operator)
    operator_id: int
    approver = ForeignKeyField(Operator)
    approver_id: int
    permission = TextField()
    cart_key = TextField(default="")
    subject = TextField(default="")
    reason = TextField(default="")


class TillEvent(ShopModel):
    """Something done at the till that an owner wants to know of."""

    at = InstantField()
    business_date = DayField()
    company = ForeignKeyField(Company)
    company_id: int
    shift = ForeignKeyField(Shift, null=True)
    shift_id: int | None
    operator = ForeignKeyField(Operator)
    operator_id: int
    approver = ForeignKeyField(Operator, null=True)
    approver_id: int | None
    kind = TextField()
    amount_fen = FenField()
    detail = TextField(default="")
    source_kind = TextField(default="")
    source_id = IntegerField(default=0)
