"""What was taken for an unfinished bill before it is settled: kept with its cart, so that a crash loses nothing.

Any change of the cart forgets it: it was taken for another bill.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from meiping.domains.sales.cart import Cart
from meiping.domains.sales.models import Cart as CartRow
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.rules import CHECKOUT
from meiping.kernel.actor import Actor
from meiping.store.unit_of_work import Work, query, verb

KEPT_AS = "payment"


@dataclass(frozen=True, slots=True)
class KeptPayment:
    """The payments taken so far, what the bill came to then in fen, and whose it was.

    ``keep_change`` says that the change was to go into stored value.
    """

    total_fen: int
    customer_id: int | None
    payments: tuple[Payment, ...]
    keep_change: bool = False


@verb(CHECKOUT)
def keep_payment(work: Work, *, cart_key: str, kept: KeptPayment | None) -> None:
    """Keep what was taken so far with the cart of the actor's company; None, and one without payments, forget it.

    A cart that is there no more needs none.
    """
    row = CartRow.get_or_none(CartRow.key == cart_key, CartRow.company == work.actor.company_id)
    if row is None:
        return
    body: dict[str, Any] = json.loads(row.body)
    body.pop(KEPT_AS, None)
    if kept is not None and kept.payments:
        body[KEPT_AS] = asdict(kept)
    work.execute("UPDATE cart SET body = ? WHERE key = ?", json.dumps(body, ensure_ascii=False), cart_key)


def body_of(cart: Cart, before: str | None) -> str:
    """A part of keeping a cart: its form in the file, with what was taken for it so far unless it has changed since."""
    kept = json.loads(before).get(KEPT_AS) if before is not None and KEPT_AS in before else None
    if before is None or kept is None or Cart.from_json(before) != cart:
        return cart.to_json()
    return json.dumps({**json.loads(cart.to_json()), KEPT_AS: kept}, ensure_ascii=False)


@query(CHECKOUT)
def kept_payment(actor: Actor, *, cart_key: str) -> KeptPayment | None:
    """What was taken so far for an unfinished bill of the actor's company; None for nothing."""
    row = CartRow.get_or_none(CartRow.key == cart_key, CartRow.company == actor.company_id)
    body = json.loads(row.body).get(KEPT_AS) if row is not None else None
    if body is None:
        return None
    payments = tuple(Payment(**payment) for payment in body.pop("payments"))
    return KeptPayment(payments=payments, **body)
