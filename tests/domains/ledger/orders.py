"""Bills that wait with money taken for them beforehand: taken, given back, and settled with what is held."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition

from meiping.domains.ledger.queries import balance_fen
from meiping.domains.ledger.rules import Account
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import drop_cart, hold_cart, recall_cart
from meiping.domains.sales.deposits import MORE_THAN_BILL, give_deposit_back, take_deposit
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.service import BELOW_ZERO, checkout
from meiping.kernel.errors import InputError
from tests.domains.ledger.books import REAL, sum_due
from tests.domains.ledger.cards_and_expenses import CardsAndExpenses
from tests.domains.ledger.shop_and_books import step
from tests.factories import new_key

PIECES = st.tuples(st.integers(0, 4), st.integers(1, 3), st.none(), st.integers(1, 9))
FEN = st.integers(1, 9_000)


@dataclass(eq=False)
class Order:
    """A bill that waits, what it comes to, and what is held for it."""

    cart: Cart
    customer: int
    total: int
    held: int = 0


class Orders(CardsAndExpenses):
    """Customers order, pay a part beforehand, get it back, or fetch what they ordered."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[Order] = []

    @step(
        wanted=st.lists(PIECES, min_size=1, max_size=2),
        who=st.integers(0, 1),
        fen=FEN,
        tender=st.sampled_from(REAL),
    )
    def an_order_is_placed(self, wanted: Any, who: int, fen: int, tender: str) -> None:
        customer = self.customers[who]
        cart, wished = self.cart(wanted, customer)
        order = Order(cart, customer, sum_due(wished, bp=10_000, less=0, to_jiao=self.to_jiao))
        hold_cart(self.shop.actor, cart=cart)
        self.orders.append(order)
        self._take(order, fen, tender)

    @precondition(lambda self: self.orders)
    @step(which=st.integers(0, 9), fen=FEN, tender=st.sampled_from(REAL))
    def more_is_paid_beforehand(self, which: int, fen: int, tender: str) -> None:
        self._take(self.orders[which % len(self.orders)], fen, tender)

    def _take(self, order: Order, fen: int, tender: str) -> None:
        asked: dict[str, Any] = {"key": new_key(), "cart_key": order.cart.key, "amount_fen": fen}
        sure = frozenset({MORE_THAN_BILL})
        number = take_deposit(self.shop.actor, **asked, tender=tender, confirmed=sure)
        assert take_deposit(self.shop.actor, **asked) == number
        order.held += fen
        self.books.money(tender, fen)

    @precondition(lambda self: self.orders)
    @step(which=st.integers(0, 9), percent=st.integers(0, 110), tender=st.sampled_from(REAL))
    def a_deposit_is_given_back(self, which: int, percent: int, tender: str) -> None:
        order = self.orders[which % len(self.orders)]
        amount = order.held if 80 <= percent <= 100 else order.held * percent // 100
        asked: dict[str, Any] = {"key": new_key(), "cart_key": order.cart.key, "amount_fen": amount}
        try:
            number = give_deposit_back(self.shop.actor, **asked, tender=tender)
        except InputError:
            assert not 0 < amount <= order.held
            return
        assert give_deposit_back(self.shop.actor, **asked) == number
        order.held -= amount
        self.books.money(tender, -amount)

    @precondition(lambda self: self.orders)
    @step(which=st.integers(0, 9))
    def an_order_is_dropped(self, which: int) -> None:
        order = self.orders[which % len(self.orders)]
        try:
            drop_cart(self.shop.actor, key=order.cart.key)
        except InputError:
            assert order.held
            return
        assert not order.held
        self.orders.remove(order)

    @precondition(lambda self: self.orders)
    @step(which=st.integers(0, 9), split=st.lists(st.integers(0, 100), min_size=5, max_size=5))
    def an_order_is_settled(self, which: int, split: list[int]) -> None:
        order = self.orders.pop(which % len(self.orders))
        assert recall_cart(self.shop.actor, key=order.cart.key) == order.cart
        used = min(order.held, order.total)
        ways = self.ways(order.total - used, order.customer, split)
        payments, _ = self.pay(ways, order.customer, 0, 0)
        payments = [Payment("deposit", used), *payments] if used else payments
        bonus = self.bonus_of(order.customer)
        asked: dict[str, Any] = {"cart": order.cart, "confirmed": frozenset({BELOW_ZERO})}
        posted = checkout(self.shop.actor, payments=payments, **asked)
        assert checkout(self.shop.actor, payments=[], **asked) == posted
        assert (posted.total_fen, posted.deposit_back_fen) == (order.total, order.held - used)
        self.books.money("cash", used - order.held)
        self.sold(posted.sale_id, order.customer, order.cart, order.total, ways, bonus)

    @invariant()
    def what_was_paid_beforehand_is_held(self) -> None:
        booked = [
            balance_fen(Account.DEPOSIT, company_id=1, party_id=customer) for customer in self.customers
        ]
        held = [
            sum(one.held for one in self.orders if one.customer == customer) for customer in self.customers
        ]
        assert [-fen for fen in booked] == held
