"""充值规则: what a customer gets besides for putting so much into stored value."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from meiping.domains.wallet.queries import RULE_COLUMNS, recharge_rules
from meiping.domains.wallet.recharge_rules import delete_rule, save_rule
from meiping.domains.wallet.rules import RuleInput
from meiping.kernel.changes import Topic
from meiping.ui.context import Context
from meiping.ui.page_spec import PageParts
from meiping.ui.rules_page import RULE_KEYS, Rules, RulesPage, when_and_whom
from meiping.ui.widgets.form_fields import Field, FieldKind


def _asks(_context: Context, _values: Mapping[str, Any]) -> tuple[Field, ...]:
    return (
        Field("least_fen", "充值满", FieldKind.MONEY, required=True),
        Field("bonus_fen", "赠送", FieldKind.MONEY, required=True),
        Field("each", "每满一次都送", FieldKind.CHECK, hint="例如每充 100 送 10，充 350 就送 30"),
        *when_and_whom(),
        Field("name", "名称", limit=40, hint="不填就用“充 500 送 50”这样的名称"),
        Field("active", "在用", FieldKind.CHECK, default=True),
    )


RECHARGE_RULES = Rules(
    key="recharge_rules",
    title="充值规则",
    called="name",
    columns=RULE_COLUMNS,
    rows=recharge_rules,
    searched=lambda row: str(row["name"]),
    search="名称",
    entered=RuleInput,
    blank={"active": True},
    asks=_asks,
    save=save_rule,
    saved="已保存充值规则。",
    delete=delete_rule,
    empty="还没有充值规则。例如充 500 送 50，充值时赠送会自动填好。",
)
PAGE = PageParts(
    build=partial(RulesPage, rules=RECHARGE_RULES),
    watches=frozenset({Topic.SETTINGS}),
    help="充值时按这里的规则自动填好赠送；几条都合适时用送得最多的那一条。赠送可以消费，不能退成现金。用过的规则只能停用，不能删除。",
    keys=RULE_KEYS,
)
