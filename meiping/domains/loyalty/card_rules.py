"""Count cards (次卡): what is paid beforehand is earned use by use, the rest when the card lapses."""

from dataclasses import dataclass

from meiping.kernel.errors import InputError
from meiping.kernel.money import rounded_ratio
from meiping.kernel.permissions import permission
from meiping.kernel.text import clean

USED_CARD = "used_card"
"""What a refusal names as its field where cards in part used stand in the way of a return."""
USE_CARDS = permission("loyalty.use_cards", "次卡消费", group="收银")
MANAGE_CARDS = permission("loyalty.cards", "管理次卡", group="财务")
MOST_USES, MOST_DAYS = 10_000, 36_500
USE_WORDS = {"use": "消费", "undo": "撤销", "expire": "到期", "return": "退卡"}


@dataclass(frozen=True, slots=True)
class CardInput:
    """What makes a product a count card: uses of a service, for so many days (0 for ever)."""

    product_id: int
    uses: int
    service: str = ""
    days: int = 0
    active: bool = True


def check_card(card: CardInput) -> CardInput:
    """The card as it may be stored. Raises InputError with the field."""
    if not 0 < card.uses <= MOST_USES:
        raise InputError(f"次数请在 1 到 {MOST_USES:,} 之间。", field="uses")
    if not 0 <= card.days <= MOST_DAYS:
        raise InputError(f"有效天数请在 0 到 {MOST_DAYS:,} 之间。", field="days")
    service = clean(card.service, name="服务", limit=40)
    return CardInput(card.product_id, card.uses, service, card.days, card.active)


def worth_used(net_fen: int, uses: int, used: int) -> int:
    """The fen of a card's worth that ``used`` of its ``uses`` come to; all of them together come to all of it."""
    return rounded_ratio(net_fen * used, uses)
