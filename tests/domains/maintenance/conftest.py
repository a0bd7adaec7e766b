"""A shop after a busy day: every way to sell, pay, give back and receive has been used once."""

import pytest

from meiping.domains.receivables import service as receivables
from meiping.domains.sales.models import SaleLine
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.settings.queries import option
from meiping.domains.settings.service import save_options
from meiping.domains.stock import service as stock
from meiping.kernel.money import CashRounding
from tests.factories import add_customer, add_product, cart_of, new_key, recharge, sell
from tests.shop import OpenedShop


def pay(shop: OpenedShop, tender: str, *wanted: tuple[int, int], customer_id: int | None = None) -> int:
    """A bill paid in one way; gives its id."""
    cart = cart_of(shop, *wanted, customer_id=customer_id)
    total_fen = price_bill(cart, CashRounding(option("till.rounding"))).total_fen
    return checkout(shop.actor, cart=cart, payments=[Payment(tender, total_fen)]).sale_id


def give_back(shop: OpenedShop, sale_id: int, quantity: int) -> None:
    """Return some of a bill's first line."""
    line = SaleLine.get(SaleLine.sale == sale_id)
    return_goods(shop.actor, key=new_key(), sale_id=sale_id, quantities={line.id: quantity * 1000})


@pytest.fixture
def busy_shop(shop: OpenedShop) -> OpenedShop:
    """The shop after its busy day."""
    tea = add_product(shop, stock=50, cost_fen=333)
    cake = add_product(shop, stock=20, list_price_fen=1_999, cost_fen=777)
    service = add_product(shop, stocked=False)
    member = add_customer(shop, name="单雄信", credit_yuan=500)
    add_customer(shop, name="仇和")
    recharge(shop, member, 20_000, 3_000)
    sell(shop, (tea, 2), (service, 1))
    mixed = pay(shop, "wechat", (cake, 3), (tea, 1))
    pay(shop, "stored_value", (tea, 4), customer_id=member)
    owed = pay(shop, "credit", (cake, 5), customer_id=member)
    give_back(shop, mixed, 1)
    give_back(shop, owed, 2)
    receivables.receive(shop.actor, key=new_key(), customer_id=member, amount_fen=1_000)
    stock.issue_goods(shop.actor, key=new_key(), nature="报损", lines=[stock.StockLine(tea, 3_000)])
    save_options(shop.actor, values={"till.rounding": "yuan_down", "stock.below_zero": "allow"})
    shop.clock.advance(days=1)
    pay(shop, "cash", (cake, 30))
    stock.receive_goods(
        shop.actor, key=new_key(), nature="采购入库", lines=[stock.StockLine(cake, 40_000, 801)]
    )
    return shop
