"""Keeping the rules by which prices and discounts are given."""

from meiping.domains.audit import service as audit
from meiping.domains.catalog.models import PriceRule, Product
from meiping.domains.catalog.prices import PriceRuleInput, RuleKind, check_price_rule
from meiping.domains.catalog.rules import PRICE_RULES
from meiping.domains.settings.models import Level
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.money import show_fen
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb

_KIND = "price_rule"


@verb(PRICE_RULES)
def save_price_rule(work: Work, *, rule: PriceRuleInput, rule_id: int | None = None) -> int:
    """Add or change a rule and give its id; bills already settled stay as they are.

    Raises InputError with the field, also for a special price that is no better than the list price or under the
    lowest one.
    """
    checked = check_price_rule(rule)
    if checked.level_id is not None and Level.get_or_none(Level.id == checked.level_id) is None:
        raise InputError("这个等级已经不在了，请重新选择。", field="level_id")
    if checked.kind == RuleKind.SPECIAL.key:
        _check_special(checked)
    row = PriceRule() if rule_id is None else _rule(rule_id)
    for field in PriceRuleInput.__dataclass_fields__:
        value = getattr(checked, field)
        setattr(row, {"product_id": "product", "level_id": "level"}.get(field, field), value)
    row.save()
    audit.record(work, "price_rule.save", f"保存价格规则“{checked.title}”", Source(_KIND, row.id))
    work.changed(Topic.PRODUCTS)
    return int(row.id)


@verb(PRICE_RULES)
def delete_price_rule(work: Work, *, rule_id: int) -> None:
    """Take a rule away; bills keep what it gave them."""
    row = _rule(rule_id)
    row.delete_instance()
    audit.record(work, "price_rule.delete", f"删除价格规则“{row.title}”", Source(_KIND, rule_id))
    work.changed(Topic.PRODUCTS)


def _check_special(rule: PriceRuleInput) -> None:
    product = Product.get_or_none(Product.id == rule.product_id)
    if product is None or product.amount_only or product.fee_line:
        raise InputError("请选择商品。", field="product_id")
    price_fen = rule.price_fen or 0
    if price_fen >= product.list_price_fen:
        raise InputError(f"特价要低于售价 {show_fen(product.list_price_fen)}。", field="price_fen")
    if price_fen < product.lowest_price_fen:
        raise InputError(f"特价不能低于最低售价 {show_fen(product.lowest_price_fen)}。", field="price_fen")


def _rule(rule_id: int) -> PriceRule:
    row = PriceRule.get_or_none(PriceRule.id == rule_id)
    if row is None:
        raise NotFound("这条规则已经不在了，请刷新。")
    return row
