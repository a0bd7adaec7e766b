"""The shop's rules for a bonus: kept, and looked up for a recharge."""

from meiping.domains.audit import service as audit
from meiping.domains.customers.models import Customer
from meiping.domains.settings.models import Level
from meiping.domains.wallet.models import Recharge, RechargeRule
from meiping.domains.wallet.queries import rules_kept
from meiping.domains.wallet.rules import MANAGE_RULES, Offer, RuleInput, best_offer, check_rule
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb


@verb(MANAGE_RULES)
def save_rule(work: Work, *, rule: RuleInput, rule_id: int | None = None) -> int:
    """Add or change a recharge rule and give its id. What was recharged by it stays as it is."""
    checked = check_rule(rule)
    if checked.level_id is not None and Level.get_or_none(Level.id == checked.level_id) is None:
        raise InputError("这个等级已经不在了，请重新选择。", field="level_id")
    same = RechargeRule.select().where(RechargeRule.name == checked.name, RechargeRule.id != (rule_id or 0))
    if same.exists():
        raise InputError(f"已经有叫“{checked.name}”的规则。", field="name")
    row = _rule(rule_id) if rule_id is not None else RechargeRule()
    row.name, row.least_fen, row.bonus_fen = checked.name, checked.least_fen, checked.bonus_fen
    row.each, row.level_id = checked.each, checked.level_id
    row.first_date, row.last_date, row.active = checked.first_date, checked.last_date, checked.active
    row.save()
    audit.record(work, "recharge_rule.save", f"保存充值规则“{checked.name}”", Source("recharge_rule", row.id))
    work.changed(Topic.SETTINGS)
    return int(row.id)


@verb(MANAGE_RULES)
def delete_rule(work: Work, *, rule_id: int) -> None:
    """Take a rule away by which nothing was ever recharged. Raises InputError for one that was used."""
    row = _rule(rule_id)
    if Recharge.select().where(Recharge.rule == rule_id).exists():
        raise InputError(f"“{row.name}”已经用过，不能删除；不再用请停用。")
    row.delete_instance()
    audit.record(work, "recharge_rule.delete", f"删除充值规则“{row.name}”", Source("recharge_rule", rule_id))
    work.changed(Topic.SETTINGS)


def _rule(rule_id: int) -> RechargeRule:
    row = RechargeRule.get_or_none(RechargeRule.id == rule_id)
    if row is None:
        raise NotFound("这条规则已经不在了，请刷新。")
    return row


def offer_now(work: Work, *, customer_id: int, principal_fen: int) -> Offer:
    """What the rules give this customer for a recharge of so much on the day of this work."""
    level_id = Customer.get_by_id(customer_id).level_id
    return best_offer(rules_kept(), principal_fen, level_id=level_id, day=work.day)
