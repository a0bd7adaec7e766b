"""Prices by rule: what they are, how they are checked and read. Amounts in fen, days both ends included."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from meiping.domains.catalog.models import LevelPrice, PriceRule, Product
from meiping.domains.catalog.rules import PRICE_RULES, VIEW
from meiping.domains.settings.models import Level
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError
from meiping.kernel.money import WHOLE_BP, show_discount, show_fen
from meiping.kernel.tabular import Column, Kind, Row, Table
from meiping.kernel.text import clean
from meiping.kernel.titled import Titled
from meiping.store.database import fetch
from meiping.store.unit_of_work import query


class RuleKind(Titled):
    """What a rule gives: key in the file, word on screen."""

    SPECIAL = ("special", "特价")
    THRESHOLD = ("threshold", "满减")
    BIRTHDAY = ("birthday", "生日折扣")


KIND_BY_KEY = {kind.key: kind for kind in RuleKind}
RULE_COLUMNS = (
    Column("kind", "种类", width=9),
    Column("title", "名称", width=20),
    Column("terms", "内容", width=26, sortable=False, stretch=True),
    Column("level", "客户等级", width=9),
    Column("first_date", "从", Kind.DATE, width=11),
    Column("last_date", "到", Kind.DATE, width=11),
    Column("state", "状态", width=7),
)


@dataclass(frozen=True, slots=True)
class PriceRuleInput:
    """What is entered about a rule; which of the values it needs depends on its kind.

    A special price is a product's, from and to a day. So much off is from a sum of the bill on. The birthday discount
    is the part that stays, on the day itself or in its whole month. ``level_id`` None means everybody.
    """

    kind: str
    title: str = ""
    product_id: int | None = None
    price_fen: int | None = None
    least_fen: int | None = None
    off_fen: int | None = None
    discount_bp: int | None = None
    whole_month: bool = False
    level_id: int | None = None
    first_date: date | None = None
    last_date: date | None = None
    active: bool = True


def check_price_rule(rule: PriceRuleInput) -> PriceRuleInput:
    """The rule as it is kept: only what its kind needs, with a title. Raises InputError with the field."""
    if rule.first_date and rule.last_date and rule.last_date < rule.first_date:
        raise InputError("结束日期不能早于开始日期。", field="last_date")
    bare = PriceRuleInput(
        kind=rule.kind,
        title=clean(rule.title, name="名称", limit=40),
        level_id=rule.level_id,
        first_date=rule.first_date,
        last_date=rule.last_date,
        active=rule.active,
    )
    kind = KIND_BY_KEY.get(rule.kind)
    if kind is RuleKind.SPECIAL:
        kept = _special(rule, bare)
    elif kind is RuleKind.THRESHOLD:
        kept = _threshold(rule, bare)
    elif kind is RuleKind.BIRTHDAY:
        if rule.discount_bp is None or not 0 < rule.discount_bp < WHOLE_BP:
            raise InputError("请填写折扣，例如 9 是 9 折。", field="discount_bp")
        kept = replace(bare, discount_bp=rule.discount_bp, whole_month=rule.whole_month)
    else:
        raise InputError("请选择规则的种类。", field="kind")
    return kept if kept.title else replace(kept, title=_usual_title(kept))


def _special(rule: PriceRuleInput, bare: PriceRuleInput) -> PriceRuleInput:
    if rule.product_id is None:
        raise InputError("请选择商品。", field="product_id")
    if rule.price_fen is None or rule.price_fen < 0:
        raise InputError("请填写特价。", field="price_fen")
    return replace(bare, product_id=rule.product_id, price_fen=rule.price_fen)


def _threshold(rule: PriceRuleInput, bare: PriceRuleInput) -> PriceRuleInput:
    if not rule.least_fen or rule.least_fen < 0:
        raise InputError("请填写满多少元。", field="least_fen")
    if not rule.off_fen or rule.off_fen < 0:
        raise InputError("请填写减多少元。", field="off_fen")
    if rule.off_fen > rule.least_fen:
        raise InputError("减的不能比满的还多。", field="off_fen")
    return replace(bare, least_fen=rule.least_fen, off_fen=rule.off_fen)


def _short(fen: int | None) -> str:
    return show_fen(fen, sign="").removesuffix(".00")


def _usual_title(rule: PriceRuleInput) -> str:
    if rule.kind == RuleKind.THRESHOLD.key:
        return f"满 {_short(rule.least_fen)} 减 {_short(rule.off_fen)}"
    return KIND_BY_KEY[rule.kind].title


def rule_terms(rule: PriceRule, product: str) -> str:
    """What a rule gives, in a few words."""
    if rule.kind == RuleKind.SPECIAL.key:
        return f"{product} {show_fen(rule.price_fen)}"
    if rule.kind == RuleKind.THRESHOLD.key:
        return f"整单满 {show_fen(rule.least_fen)} 减 {show_fen(rule.off_fen)}"
    return f"生日{'当月' if rule.whole_month else '当天'}整单 {show_discount(rule.discount_bp or WHOLE_BP)}"


# ---------------------------------------------------------------- reading
@query(PRICE_RULES)
def price_rules(actor: Actor) -> Table:
    """All rules, those in use first; ``rule`` of a row is what was entered."""
    today = actor.today()
    found = (
        PriceRule.select(PriceRule, Product, Level)
        .left_outer_join(Product, on=(PriceRule.product == Product.id))
        .switch(PriceRule)
        .left_outer_join(Level, on=(PriceRule.level == Level.id))
        .order_by(PriceRule.active.desc(), PriceRule.id.desc())
    )
    return Table("价格规则", RULE_COLUMNS, [_row(rule, today) for rule in found])


def _row(rule: PriceRule, today: date) -> Row:
    state = _state(rule, today)
    return {
        "id": rule.id,
        "kind": KIND_BY_KEY[rule.kind].title,
        "title": rule.title,
        "terms": rule_terms(rule, rule.product.name if rule.product is not None else ""),
        "level": rule.level.name if rule.level is not None else "所有客户",
        "first_date": rule.first_date,
        "last_date": rule.last_date,
        "state": state,
        "tone": None if state == "进行中" else "muted",
        "rule": PriceRuleInput(
            kind=rule.kind,
            title=rule.title,
            product_id=rule.product_id,
            price_fen=rule.price_fen,
            least_fen=rule.least_fen,
            off_fen=rule.off_fen,
            discount_bp=rule.discount_bp,
            whole_month=bool(rule.whole_month),
            level_id=rule.level_id,
            first_date=rule.first_date,
            last_date=rule.last_date,
            active=bool(rule.active),
        ),
    }


def _state(rule: PriceRule, today: date) -> str:
    if not rule.active:
        return "停用"
    if rule.first_date is not None and today < rule.first_date:
        return "未开始"
    if rule.last_date is not None and today > rule.last_date:
        return "已结束"
    return "进行中"


@query(VIEW)
def level_prices(actor: Actor, *, product_id: int) -> dict[int, int]:
    """The prices of a product by level, in fen; levels without one are not there."""
    return level_prices_of(product_id)


def level_prices_of(product_id: int) -> dict[int, int]:
    """The same, for rooms that have looked who asks."""
    rows = LevelPrice.select().where(LevelPrice.product == product_id).order_by(LevelPrice.level)
    return {row.level_id: row.price_fen for row in rows}


# ---------------------------------------------------------------- facts for a bill
@dataclass(frozen=True, slots=True)
class BillRule:
    """A rule about whole bills that counts on a day: so much off from a sum on, or a birthday discount."""

    title: str
    least_fen: int = 0
    off_fen: int = 0
    discount_bp: int = WHOLE_BP
    whole_month: bool = False


_FITS = " active = 1 AND (level_id IS NULL OR level_id = ?) AND coalesce(first_date, ?) <= ? AND coalesce(last_date, ?) >= ?"


def _fits(level_id: int | None, day: date) -> Sequence[Any]:
    written = day.isoformat()
    return (level_id, written, written, written, written)


def offered_prices(
    product_ids: Collection[int], *, level_id: int | None, day: date
) -> dict[int, tuple[int | None, int | None]]:
    """By product: the price of the level, and the lowest special price of the day; None for none."""
    ids = list(set(product_ids))
    marks = ", ".join("?" * len(ids))
    special = dict(
        fetch(
            f"SELECT product_id, min(price_fen) FROM price_rule WHERE product_id IN ({marks}) AND{_FITS}"
            " GROUP BY product_id",
            *ids,
            *_fits(level_id, day),
        )
    )
    own: dict[int, int] = {}
    if level_id is not None:
        own = dict(
            fetch(
                f"SELECT product_id, price_fen FROM product_level_price WHERE product_id IN ({marks}) AND level_id = ?",
                *ids,
                level_id,
            )
        )
    return {one: (own.get(one), special.get(one)) for one in ids if one in own or one in special}


def bill_rules(*, level_id: int | None, day: date) -> list[BillRule]:
    """The rules about whole bills that count on a day for a level."""
    rows = fetch(
        "SELECT title, coalesce(least_fen, 0), coalesce(off_fen, 0), coalesce(discount_bp, 10000), whole_month"
        f" FROM price_rule WHERE product_id IS NULL AND{_FITS} ORDER BY id",
        *_fits(level_id, day),
    )
    return [
        BillRule(title, least_fen, off_fen, discount_bp, bool(whole_month))
        for title, least_fen, off_fen, discount_bp, whole_month in rows
    ]
