"""The tables of recharges and refunds; balances are in the ledger."""

from peewee import ForeignKeyField, IntegerField, TextField

from meiping.domains.settings.models import Level
from meiping.domains.till.models import MoneySlip
from meiping.store.fields import DayField, FenField, FlagField, ShopModel


class RechargeRule(ShopModel):
    """Who puts in ``least_fen`` or more gets ``bonus_fen``: once, or for each time it is full; on some days, at a level."""

    name = TextField(unique=True)
    least_fen = FenField()
    bonus_fen = FenField()
    each = FlagField(default=False)
    level = ForeignKeyField(Level, null=True)
    level_id: int | None
    first_date = DayField(null=True)
    last_date = DayField(null=True)
    active = FlagField(default=True)


class Recharge(MoneySlip):
    """Money a customer put into stored value, and the bonus given for it by a rule, or by hand.

    ``sale_id`` names the bill whose change it was.
    """

    principal_fen = FenField()
    bonus_fen = FenField()
    rule = ForeignKeyField(RechargeRule, null=True)
    rule_id: int | None
    sale_id = IntegerField(null=True)


class Refund(MoneySlip):
    """Principal a customer got back as money, and the bonus that lapsed with the last of it."""

    principal_fen = FenField()
    lapsed_bonus_fen = FenField()
