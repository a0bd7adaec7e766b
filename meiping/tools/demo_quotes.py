"""Quotes of the demonstration shop: to firms and regulars, in every state a quote can be in."""

import uuid
from datetime import date, datetime, time, timedelta

from meiping.domains.deals.billing import turn_into_bill
from meiping.domains.deals.rules import QuoteInput, QuoteLineInput
from meiping.domains.deals.service import add_quote, give_up_quotes
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import BELOW_ZERO, checkout
from meiping.kernel.moments import system_clock
from meiping.store.database import fetch
from meiping.tools.demo_maker import ROUNDING, DemoCustomer, DemoProduct, Maker

_SUBJECTS = ("员工福利礼盒", "节日团购", "季度补货", "", "会员护理套餐", "开业礼品", "")
_NOTES = ("含送货和发票，货到三天内付款。", "", "满 20 件另送试用装。", "")
_FEWEST, _MOST = 6, 40
_OLDEST_DAYS, _VALID_DAYS = 75, 30
_GIVEN_UP_EVERY, _SOLD = 6, 2


def make_quotes(maker: Maker, today: date) -> list[int]:
    """For firms first, the oldest expired, a few given up; gives the newest that stand, of which bills are to be made."""
    known = [
        customer for customer in maker.customers if customer.since < today - timedelta(days=_OLDEST_DAYS)
    ]
    firms = sorted(known, key=lambda customer: not customer.firm)
    count = min(max(len(maker.customers) // 12, _FEWEST), _MOST, len(firms))
    owners = dict(fetch("SELECT id, owner_id FROM customer"))
    people = {actor.operator_id: actor for actor in maker.actors.values()}
    standing: list[int] = []
    for place, customer in enumerate(firms[:count]):
        day = today - timedelta(days=_OLDEST_DAYS * (count - 1 - place) // count)
        maker.clock.now = min(datetime.combine(day, time(10, place)).astimezone(), system_clock())
        actor = people.get(owners[customer.id], maker.owner)
        quote = _quote(maker, customer, day, place)
        quote_id = add_quote(actor, key=_key(maker), customer_id=customer.id, quote=quote)
        if place % _GIVEN_UP_EVERY == _GIVEN_UP_EVERY - 2:
            give_up_quotes(actor, quote_ids=[quote_id])
        elif quote.valid_until_date is None or quote.valid_until_date >= today:
            standing.append(quote_id)
    return standing[-_SOLD:]


def sell_as_quoted(maker: Maker, quote_ids: list[int]) -> None:
    """The customers have just come and bought what they were offered."""
    maker.clock.now = system_clock()
    for quote_id in quote_ids:
        _sell(maker, quote_id)


def _quote(maker: Maker, customer: DemoCustomer, day: date, place: int) -> QuoteInput:
    chosen = maker.random.sample(maker.products, min(maker.random.choice((1, 2, 3, 4)), len(maker.products)))
    lines = tuple(
        QuoteLineInput(
            product.id,
            maker.random.choice((5, 10, 12, 20) if customer.firm else (1, 2, 3)) * 1_000,
            _price(product, customer),
        )
        for product in chosen
    )
    return QuoteInput(
        lines,
        subject=_SUBJECTS[place % len(_SUBJECTS)],
        quoted_date=day,
        valid_until_date=day + timedelta(days=_VALID_DAYS),
        notes=_NOTES[place % len(_NOTES)],
    )


def _price(product: DemoProduct, customer: DemoCustomer) -> int:
    """Two per cent less than at the customer's level, in whole jiao; never under the floor."""
    offered = product.price_fen * (customer.discount_bp - 200) // 100_000 * 10
    return max(offered, product.cost_fen, product.price_fen * 70 // 100)


def _sell(maker: Maker, quote_id: int) -> None:
    cart = turn_into_bill(maker.owner, quote_id=quote_id)
    total_fen = price_bill(cart, ROUNDING).total_fen
    checkout(
        maker.owner,
        cart=cart,
        payments=[Payment("wechat", total_fen)],
        confirmed=frozenset({BELOW_ZERO}),
    )


def _key(maker: Maker) -> str:
    return str(uuid.UUID(int=maker.random.getrandbits(128), version=4))
