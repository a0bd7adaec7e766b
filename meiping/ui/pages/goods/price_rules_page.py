"""价格规则: special prices, so much off a bill, birthday discounts; all that the counter gives by itself."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from meiping.domains.catalog.price_rules import delete_price_rule, save_price_rule
from meiping.domains.catalog.prices import RULE_COLUMNS, PriceRuleInput, RuleKind, price_rules
from meiping.kernel.changes import Topic
from meiping.ui.context import Context
from meiping.ui.list_page import Filter
from meiping.ui.page_spec import PageParts
from meiping.ui.product_field import product_field
from meiping.ui.rules_page import RULE_KEYS, Rules, RulesPage, when_and_whom
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_fields import Field, FieldKind

_KINDS = tuple((kind.key, kind.title) for kind in RuleKind)
_ASKED_BY = {
    "product_id": RuleKind.SPECIAL.key,
    "price_fen": RuleKind.SPECIAL.key,
    "least_fen": RuleKind.THRESHOLD.key,
    "off_fen": RuleKind.THRESHOLD.key,
    "discount_bp": RuleKind.BIRTHDAY.key,
    "whole_month": RuleKind.BIRTHDAY.key,
}
"""Which fields belong to which kind of rule; the others to all."""


def _asks(context: Context, values: Mapping[str, Any]) -> tuple[Field, ...]:
    money, discount = FieldKind.MONEY, FieldKind.DISCOUNT
    asked = (
        Field("kind", "种类", FieldKind.SWITCH, choices=_KINDS),
        product_field(context, hint="名称、拼音首字母、编码或条码"),
        Field("price_fen", "特价", money),
        Field("least_fen", "整单满", money, hint="商品折扣以后的合计"),
        Field("off_fen", "减", money, hint="几条都满足时用减得最多的一条"),
        Field("discount_bp", "整单折扣", discount, hint="9 是 9 折；客户的生日，农历也算"),
        Field("whole_month", "生日当月都有", FieldKind.CHECK),
        *when_and_whom(),
        Field("title", "名称", limit=40, hint="不填就自动取名，例如“满 100 减 10”"),
        Field("active", "在用", FieldKind.CHECK, default=True),
    )
    return tuple(_of_its_kind(one, values["kind"]) if one.key in _ASKED_BY else one for one in asked)


def _of_its_kind(field: Field, kind: str) -> Field:
    return replace(field, required=field.kind is not FieldKind.CHECK, hidden=_ASKED_BY[field.key] != kind)


def _follow(form: Form, key: str) -> None:
    if key == "kind":
        kind = form.value("kind")
        form.show_many({name: belongs == kind for name, belongs in _ASKED_BY.items()})


PRICE_RULES = Rules(
    key="price_rules",
    title="价格规则",
    called="title",
    columns=RULE_COLUMNS,
    rows=price_rules,
    searched=lambda row: f"{row['title']} {row['terms']}",
    search="名称 / 商品",
    filters=(Filter("kind", "种类", lambda: _KINDS),),
    keeps=lambda row, asked: asked["kind"] in (None, row["rule"].kind),
    entered=PriceRuleInput,
    blank=asdict(PriceRuleInput(RuleKind.SPECIAL.key)),
    asks=_asks,
    follow=_follow,
    save=save_price_rule,
    saved="已保存价格规则，收银时马上生效。",
    delete=delete_price_rule,
    empty="还没有价格规则。特价、满减、生日折扣写在这里，收银时自动生效。",
)
PAGE = PageParts(
    build=partial(RulesPage, rules=PRICE_RULES),
    watches=frozenset({Topic.PRODUCTS, Topic.SETTINGS}),
    help="会员价、等级折扣和特价里取最低的一个；满减和生日折扣再从整单里减，按商品分摊。都不会低于最低售价，手工改的价格优先。",
    keys=RULE_KEYS,
)
