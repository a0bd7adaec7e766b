"""Tables of the journal. Debits are positive fen, credits negative; rows are added and never changed."""

from peewee import CompositeKey, ForeignKeyField, IntegerField, TextField

from meiping.domains.access.models import Company
from meiping.store.fields import DayField, FenField, InstantField, KeyedModel, ShopModel


class LedgerAccount(KeyedModel):
    """An account of the short chart."""

    key = TextField(primary_key=True)
    name = TextField()
    kind = TextField()

    class Meta:
        table_name = "account"


class Entry(ShopModel):
    """One movement; its postings sum to zero."""

    posted_at = InstantField()
    business_date = DayField()
    company = ForeignKeyField(Company)
    company_id: int
    operator_id = IntegerField()
    source_kind = TextField()
    source_id = IntegerField()
    memo = TextField(default="")
    reverses = ForeignKeyField("self", null=True)
    reverses_id: int | None
    shift_id = IntegerField(null=True)


class Posting(ShopModel):
    """One account's part of an entry. ``party_id`` is the customer (or supplier) it concerns, 0 for nobody."""

    entry = ForeignKeyField(Entry)
    entry_id: int
    account = TextField()
    company = ForeignKeyField(Company)
    company_id: int
    party_id = IntegerField(default=0)
    amount_fen = FenField()


class Balance(KeyedModel):
    """The sum of an account's postings a company and party, kept by a trigger."""

    account = TextField()
    company = ForeignKeyField(Company)
    company_id: int
    party_id = IntegerField()
    amount_fen = FenField()

    class Meta:
        primary_key = CompositeKey("account", "company", "party_id")


class LedgerDay(KeyedModel):
    """A day's sum of an account's postings a company and kind of document, kept by a trigger."""

    company = ForeignKeyField(Company)
    company_id: int
    business_date = DayField()
    source_kind = TextField()
    account = TextField()
    amount_fen = FenField()

    class Meta:
        primary_key = CompositeKey("company", "business_date", "source_kind", "account")


class MoneyDay(KeyedModel):
    """What an operator took in and gave out on a day by an account and kind of document, kept by a trigger."""

    company = ForeignKeyField(Company)
    company_id: int
    business_date = DayField()
    operator_id = IntegerField()
    source_kind = TextField()
    account = TextField()
    in_fen = FenField()
    out_fen = FenField()

    class Meta:
        primary_key = CompositeKey("company", "business_date", "operator_id", "source_kind", "account")
