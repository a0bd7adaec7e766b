"""Stored value: principal and bonus apart, bonus spent last; the bonus for a recharge by the shop's rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from meiping.kernel.errors import InputError
from meiping.kernel.money import MAX_FEN, show_fen
from meiping.kernel.permissions import permission
from meiping.kernel.text import clean

RECHARGE = permission("wallet.recharge", "充值", group="财务")
REFUND = permission("wallet.refund", "储值退款", group="财务", approvable=True)
BONUS = permission("wallet.bonus", "充值手动改赠送", group="财务")
MANAGE_RULES = permission("wallet.rules", "管理充值规则", group="财务")


@dataclass(frozen=True, slots=True)
class RuleInput:
    """A recharge rule as it is entered: from ``least_fen`` on ``bonus_fen``, once or for ``each`` time it is full.

    ``level_id`` None is for everybody; the days are included, None leaves that end open.
    """

    name: str
    least_fen: int
    bonus_fen: int
    each: bool = False
    level_id: int | None = None
    first_date: date | None = None
    last_date: date | None = None
    active: bool = True

    def bonus_for(self, principal_fen: int) -> int:
        """The fen given for a recharge of so much, if the rule holds."""
        times = principal_fen // self.least_fen
        return self.bonus_fen * (times if self.each else min(times, 1))

    def holds(self, *, level_id: int | None, day: date) -> bool:
        """Whether it counts for a customer of this level on this day."""
        begun = self.first_date is None or self.first_date <= day
        over = self.last_date is not None and self.last_date < day
        return self.active and begun and not over and self.level_id in (None, level_id)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the rules give for a recharge: the fen, and the rule by id and name; None and empty where none fits."""

    bonus_fen: int = 0
    rule_id: int | None = None
    rule: str = ""


def best_offer(
    rules: Iterable[tuple[int, RuleInput]], principal_fen: int, *, level_id: int | None, day: date
) -> Offer:
    """The largest bonus among the rules that hold; of equal ones the older rule."""
    best = Offer()
    for rule_id, rule in rules:
        bonus_fen = rule.bonus_for(principal_fen) if rule.holds(level_id=level_id, day=day) else 0
        if bonus_fen > best.bonus_fen:
            best = Offer(bonus_fen, rule_id, rule.name)
    return best


def check_rule(rule: RuleInput) -> RuleInput:
    """The rule as it may be stored. Raises InputError with the field."""
    name = clean(rule.name, name="名称", limit=40) or automatic_name(rule)
    for field, fen, what in (
        ("least_fen", rule.least_fen, "充值金额"),
        ("bonus_fen", rule.bonus_fen, "赠送金额"),
    ):
        if not 0 < fen <= MAX_FEN:
            raise InputError(f"{what}必须大于零。", field=field)
    if rule.first_date and rule.last_date and rule.last_date < rule.first_date:
        raise InputError("结束日期早于开始日期。", field="last_date")
    return RuleInput(
        name,
        rule.least_fen,
        rule.bonus_fen,
        rule.each,
        rule.level_id,
        rule.first_date,
        rule.last_date,
        rule.active,
    )


def automatic_name(rule: RuleInput) -> str:
    """``充 500 送 50``; ``每充 500 送 50``."""
    least, bonus = (
        show_fen(fen, sign="").removesuffix(".00").replace(",", "")
        for fen in (rule.least_fen, rule.bonus_fen)
    )
    return f"{'每充' if rule.each else '充'} {least} 送 {bonus}"


def split_spending(amount_fen: int, *, principal_fen: int, bonus_fen: int) -> tuple[int, int]:
    """Fen taken from principal and from bonus. Raises InputError where both together are not enough."""
    if amount_fen > principal_fen + bonus_fen:
        raise InputError(
            f"储值余额不足：现有 {show_fen(principal_fen + bonus_fen)}，要用 {show_fen(amount_fen)}。"
        )
    from_principal = min(amount_fen, principal_fen)
    return from_principal, amount_fen - from_principal


def lapsing_bonus(refund_fen: int, *, principal_fen: int, bonus_fen: int, lapse: bool | None) -> int:
    """The fen of bonus that lapse when ``refund_fen`` of the principal are given back.

    Bonus never becomes money. While principal is left the bonus stays; when the last of it goes, ``lapse`` says
    what becomes of the bonus, and must be said. Raises InputError for more than the principal.
    """
    if refund_fen <= 0:
        raise InputError("退款金额必须大于零。", field="principal_fen")
    if refund_fen > principal_fen:
        spared = f"，赠送的 {show_fen(bonus_fen)} 不能退成现金" if bonus_fen else ""
        raise InputError(f"储值本金只有 {show_fen(principal_fen)}{spared}。", field="principal_fen")
    if refund_fen < principal_fen or not bonus_fen:
        return 0
    if lapse is None:
        raise InputError(
            f"本金全部退完，还有赠送 {show_fen(bonus_fen)}，请选择作废或保留。", field="lapse_bonus"
        )
    return bonus_fen if lapse else 0
