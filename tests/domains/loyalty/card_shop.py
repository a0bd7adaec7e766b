"""A shop that sells count cards, and what is asked of them in tests."""

from meiping.domains.ledger.queries import balance_fen
from meiping.domains.ledger.rules import Account
from meiping.domains.loyalty.card_queries import cards_of
from meiping.domains.loyalty.card_rules import CardInput
from meiping.domains.loyalty.cards import save_card_kind
from tests.factories import add_product, new_key
from tests.shop import OpenedShop


def card_product(shop: OpenedShop, *, price_fen: int = 10_000, uses: int = 3, days: int = 0) -> int:
    product = add_product(
        shop, name=f"洗车卡{price_fen}-{uses}-{new_key()[:6]}", list_price_fen=price_fen, stocked=False
    )
    save_card_kind(shop.actor, card=CardInput(product, uses, "洗车", days))
    return product


def cards(shop: OpenedShop, customer_id: int) -> list[tuple[int, str]]:
    return [(row["left"], row["state"]) for row in cards_of(shop.actor, customer_id=customer_id).rows]


def first_card(shop: OpenedShop, customer_id: int) -> int:
    return int(cards_of(shop.actor, customer_id=customer_id).rows[0]["id"])


def owed(shop: OpenedShop, customer_id: int) -> int:
    return -balance_fen(Account.CARD_LIABILITY, company_id=shop.company_id, party_id=customer_id)


def earned(shop: OpenedShop) -> int:
    """What of the cards' prices has been earned."""
    income = balance_fen(Account.CARD_INCOME, company_id=shop.company_id)
    sales = sum(
        balance_fen(Account.SALES, company_id=shop.company_id, party_id=party) for party in range(1, 60)
    )
    return -(income + sales)
