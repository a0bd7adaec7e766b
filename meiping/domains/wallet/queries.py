"""The recharge rules; the slips of recharges and refunds, made from what is stored: the same the second time."""

from typing import cast

from meiping.adapters.receipt_pdf import Slip
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.settings.queries import levels
from meiping.domains.till.queries import money_slip_paper, seen_slip
from meiping.domains.wallet.models import Recharge, RechargeRule, Refund
from meiping.domains.wallet.rules import MANAGE_RULES, RECHARGE, Offer, RuleInput, best_offer
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store.database import fetch_value
from meiping.store.unit_of_work import query

RULE_COLUMNS = (
    Column("name", "名称", width=20, stretch=True),
    Column("least_fen", "充值满", Kind.MONEY, width=12),
    Column("bonus_fen", "赠送", Kind.MONEY, width=12),
    Column("each", "每满都送", Kind.YES, width=9),
    Column("level", "等级", width=12),
    Column("first_date", "从", Kind.DATE, width=11),
    Column("last_date", "到", Kind.DATE, width=11),
    Column("state", "状态", width=9),
)


def rules_kept() -> list[tuple[int, RuleInput]]:
    """Every recharge rule with its id, the oldest first."""
    return [
        (
            row.id,
            RuleInput(
                row.name,
                row.least_fen,
                row.bonus_fen,
                bool(row.each),
                row.level_id,
                row.first_date,
                row.last_date,
                bool(row.active),
            ),
        )
        for row in RechargeRule.select().order_by(RechargeRule.id)
    ]


@query(MANAGE_RULES)
def recharge_rules(actor: Actor) -> Table:
    """The shop's recharge rules by ``RULE_COLUMNS``; each row holds its ``rule`` besides."""
    names = {level.id: level.name for level in levels(with_inactive=True)}
    day = actor.today()
    rows = []
    for rule_id, rule in rules_kept():
        over = rule.last_date is not None and rule.last_date < day
        coming = rule.first_date is not None and rule.first_date > day
        state = "停用" if not rule.active else "已结束" if over else "未开始" if coming else "有效"
        rows.append(
            {
                "id": rule_id,
                "name": rule.name,
                "least_fen": rule.least_fen,
                "bonus_fen": rule.bonus_fen,
                "each": rule.each,
                "level": names.get(rule.level_id, "") if rule.level_id else "所有客户",
                "first_date": rule.first_date,
                "last_date": rule.last_date,
                "state": state,
                "rule": rule,
                "tone": None if state == "有效" else "muted",
            }
        )
    return Table("充值规则", RULE_COLUMNS, rows)


def kept_of_change(sale_id: int) -> int:
    """The fen of a bill's change that went into stored value, for verbs that have checked who may see it."""
    found = fetch_value("SELECT coalesce(sum(principal_fen), 0) FROM recharge WHERE sale_id = ?", sale_id)
    return int(found or 0)


@query(RECHARGE)
def recharge_offer(actor: Actor, *, customer_id: int, principal_fen: int) -> Offer:
    """What the rules give this customer today for a recharge of so much."""
    customer_id = survivor_of(customer_id)
    require_visible(actor, customer_id, any_customer=True)
    level_id = Customer.get_by_id(customer_id).level_id
    return best_offer(rules_kept(), principal_fen, level_id=level_id, day=actor.today())


@query(VIEW_MONEY)
def recharge_slip(actor: Actor, *, number: str, reprint: bool = False) -> Slip:
    """The slip of a recharge. Raises NotFound outside the actor's scope."""
    slip = cast("Recharge", seen_slip(actor, Recharge, number))
    amounts = [("充值", slip.principal_fen)]
    if slip.bonus_fen:
        amounts.append((f"赠送（{slip.rule.name}）" if slip.rule is not None else "赠送", slip.bonus_fen))
    return money_slip_paper(
        slip, title="充值单", amounts=amounts, total=("实收", slip.principal_fen), reprint=reprint
    )


@query(VIEW_MONEY)
def refund_slip(actor: Actor, *, number: str, reprint: bool = False) -> Slip:
    """The slip of a refund, with room for the customer to sign. Raises NotFound outside the actor's scope."""
    slip = cast("Refund", seen_slip(actor, Refund, number))
    amounts = [("退储值本金", slip.principal_fen)]
    if slip.lapsed_bonus_fen:
        amounts.append(("赠送作废", slip.lapsed_bonus_fen))
    total = ("退款", slip.principal_fen)
    return money_slip_paper(
        slip, title="储值退款单", amounts=amounts, total=total, reprint=reprint, signed=True
    )
