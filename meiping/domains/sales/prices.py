"""What the shop's rules say about a cart's customer and goods today."""

from collections.abc import Iterator
from datetime import date

from meiping.domains.catalog.prices import bill_rules, offered_prices
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.sales.cart import BillOffer, Cart
from meiping.domains.sales.pricing import PriceFacts, ProductPrices, with_facts
from meiping.domains.sales.rules import CHECKOUT
from meiping.domains.settings.models import Level
from meiping.kernel.actor import Actor
from meiping.kernel.birthdays import birth_month_days, is_birthday
from meiping.kernel.money import WHOLE_BP
from meiping.store.unit_of_work import query


@query(CHECKOUT)
def as_priced_today(actor: Actor, *, cart: Cart) -> Cart:
    """The cart as the rules have it today for its customer; what was set by hand stays. Raises NotFound."""
    if cart.customer_id is not None:
        require_visible(actor, survivor_of(cart.customer_id), any_customer=True)
    return with_facts(cart, price_facts(cart, actor.today()))


def price_facts(cart: Cart, day: date) -> PriceFacts:
    """All that the rules say about a cart on a day."""
    buyer = _buyer(cart.customer_id)
    level = buyer.level if buyer is not None else None
    level_id = level.id if level is not None else None
    products = {line.product_id for line in cart.lines if line.taken is None and not line.amount_only}
    offered = offered_prices(products, level_id=level_id, day=day)
    return PriceFacts(
        level_discount_bp=level.discount_bp if level is not None else WHOLE_BP,
        products={product_id: ProductPrices(*prices) for product_id, prices in offered.items()},
        offers=tuple(_offers(buyer, level_id, day)),
    )


def _buyer(customer_id: int | None) -> Customer | None:
    if customer_id is None:
        return None
    found: Customer | None = (
        Customer.select(Customer.id, Customer.level, Customer.birth_date, Customer.birthday_lunar, Level)
        .left_outer_join(Level, on=(Customer.level == Level.id))
        .where(Customer.id == survivor_of(customer_id))
        .first()
    )
    return found


def _offers(buyer: Customer | None, level_id: int | None, day: date) -> Iterator[BillOffer]:
    for rule in bill_rules(level_id=level_id, day=day):
        if rule.off_fen:
            yield BillOffer(rule.title, rule.least_fen, rule.off_fen)
        elif buyer is not None and _celebrates(buyer, day, whole_month=rule.whole_month):
            yield BillOffer(rule.title, discount_bp=rule.discount_bp)


def _celebrates(buyer: Customer, day: date, *, whole_month: bool) -> bool:
    """Whether it is the customer's birthday, or its month: the lunar month of a lunar birthday."""
    if buyer.birth_date is None:
        return False
    lunar = bool(buyer.birthday_lunar)
    if not whole_month:
        return is_birthday(day, buyer.birth_date, lunar=lunar)
    return buyer.birth_date.month in {month for month, _ in birth_month_days(day, lunar=lunar)}
