"""A bill that begins on another page: a customer comes to the counter, with a quote or with services that go on."""

from collections.abc import Callable
from typing import Any

from meiping.domains.sales.cart import Cart
from meiping.ui.pages.counter.bill_commands import BillCommands
from meiping.ui.pages.counter.desk import Desk


class Arrivals:
    """What was begun for somebody else is put aside for him."""

    def __init__(self, desk: Desk, bill: BillCommands) -> None:
        self._desk, self._bill = desk, bill

    def sell_to(self, customer_id: int, *, to_hub: bool) -> None:
        """Choose the customer for the bill; ``to_hub`` leads back to him afterwards."""
        desk, cart = self._desk, self._desk.till.cart
        if cart.lines and cart.customer_id not in (None, customer_id):
            desk.errand.end()
            if not self._bill.put_aside(cart.customer_name):
                return
        if desk.attempt(lambda: desk.till.choose_customer(customer_id)) and to_hub:
            desk.errand.begin(customer_id)

    def lay(self, customer_id: int, verb: Callable[..., Cart], *, to_hub: bool = True, **values: Any) -> None:
        """What a verb lays on the counter for a customer; refused, the clerk is back where he came from."""
        desk = self._desk
        before = desk.till.cart

        def taken(cart: Cart) -> None:
            desk.till.take(cart)
            if before.lines and before.key != cart.key:
                self._bill.tell_aside(f"{before.customer_name or '散客'}的单")

        ready = desk.context.run(verb, done=taken, **values)
        if to_hub:
            desk.errand.begin(customer_id)
            if not ready:
                desk.errand.back()
