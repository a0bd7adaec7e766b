"""What the demonstration shop gives its members: rules for recharges, points, levels by spending, count cards."""

import uuid

from meiping.domains.catalog.rules import ProductInput
from meiping.domains.catalog.service import add_product
from meiping.domains.loyalty.card_queries import cards_of
from meiping.domains.loyalty.card_rules import CardInput
from meiping.domains.loyalty.cards import save_card_kind, use_card
from meiping.domains.sales.cart import Cart, CartLine
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import checkout
from meiping.domains.settings.queries import levels
from meiping.domains.settings.service import save_level, save_options
from meiping.domains.wallet.recharge_rules import save_rule
from meiping.domains.wallet.rules import RuleInput
from meiping.kernel.moments import system_clock
from meiping.kernel.quantity import ONE
from meiping.tools.demo_maker import ROUNDING, Maker

RECHARGES = ((20_000, 1_000), (50_000, 5_000), (100_000, 15_000))
"""What customers put in, and what they get for it, in fen."""
_SPENT_YUAN = {"银卡": 2_000, "金卡": 8_000, "钻石": 30_000}
_CARD_FEN, _CARD_USES, _CARD_DAYS = 58_000, 10, 365
_USED = (3, 7, 0)
"""How many uses each of the buyers of a count card has taken."""
CARDS = len(_USED)


def found_members(maker: Maker) -> None:
    """The rules, before the first bill; levels are given by hand in the past of the shop and rise from now on."""
    save_options(maker.owner, values={"points.on": True, "points.months": 24})
    for least_fen, bonus_fen in RECHARGES:
        save_rule(maker.owner, rule=RuleInput("", least_fen, bonus_fen))


def make_members(maker: Maker, cards: int) -> None:
    """Levels that are reached by spending, and ``cards`` count cards that customers have bought and begun to use."""
    for level in levels():
        if level.name in _SPENT_YUAN:
            save_level(
                maker.owner,
                level_id=level.id,
                name=level.name,
                discount_bp=level.discount_bp,
                upgrade_spent_fen=_SPENT_YUAN[level.name] * 100,
            )
    save_options(maker.owner, values={"levels.by_rule": True})
    name = "面部护理十次卡"
    product_id = add_product(maker.owner, product=ProductInput(name, _CARD_FEN, unit="张", stocked=False))
    save_card_kind(maker.owner, card=CardInput(product_id, _CARD_USES, "面部护理", _CARD_DAYS))
    buyers = [customer for customer in maker.customers if not customer.firm][:cards]
    pause = (system_clock() - maker.clock.now) / (len(buyers) + 1)
    for customer, used in zip(buyers, _USED, strict=False):
        maker.clock.now += pause
        line = CartLine(product_id, "", name, "张", ONE, _CARD_FEN, _CARD_FEN)
        level_bp = customer.discount_bp
        cart = Cart(_key(maker), (line,), customer_id=customer.id, level_discount_bp=level_bp)
        total_fen = price_bill(cart, ROUNDING).total_fen
        checkout(maker.owner, cart=cart, payments=[Payment("wechat", total_fen)])
        card_id = cards_of(maker.owner, customer_id=customer.id).rows[0]["id"]
        for _ in range(used):
            use_card(maker.actors["林静"], key=_key(maker), card_id=card_id)


def _key(maker: Maker) -> str:
    return str(uuid.UUID(int=maker.random.getrandbits(128), version=4))
