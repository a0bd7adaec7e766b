"""The member's spending PIN on a bill: asked for before the money is taken, settled by the checkout.

What was right is kept for one cart and up to one sum: the checkout looks at that and computes no hash.
"""

from collections.abc import Sequence

from meiping.domains.access.passwords import PasswordHash
from meiping.domains.access.rules import told_to_wait
from meiping.domains.audit import service as audit
from meiping.domains.customers.models import MemberPin
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.customers.rules import EDIT, KIND, PIN_WORDS
from meiping.domains.customers.spending_pins import (
    count_spending_pin,
    end_pass,
    pass_cart,
    pin_of,
    put_pin_on,
    spending_pin_is_right,
    take_pin_off,
)
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.rules import CHECKOUT, WAIVE_PIN
from meiping.domains.settings.queries import option
from meiping.domains.till import events
from meiping.domains.till.event_rules import EventKind
from meiping.domains.till.rules import Tender
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, query, verb

_GUARDED = (Tender.STORED_VALUE.key, Tender.POINTS.key)
_YUAN = 100


def guarded(payments: Sequence[Payment]) -> list[Payment]:
    """Those of the payments that the PIN guards: stored value and points."""
    return [payment for payment in payments if payment.tender in _GUARDED]


def guarded_fen(payments: Sequence[Payment]) -> int:
    """What they come to."""
    return sum(payment.amount_fen for payment in guarded(payments))


@query(CHECKOUT)
def spending_pin_wanted(actor: Actor, *, customer_id: int, cart_key: str, amount_fen: int) -> bool:
    """Whether the customer must give his PIN before so much stored value and points can be spent on this cart."""
    require_visible(actor, survivor_of(customer_id), any_customer=True)
    return _wanted(survivor_of(customer_id), cart_key, amount_fen)


def check_spending_pin(actor: Actor, *, customer_id: int, cart_key: str, amount_fen: int, pin: str) -> None:
    """Let the customer spend up to this sum on this cart, if the PIN is right; takes up to half a second.

    Raises LoginRefused while he must wait, InputError after a wrong PIN.
    """
    if not spending_pin_wanted(actor, customer_id=customer_id, cart_key=cart_key, amount_fen=amount_fen):
        return
    right = spending_pin_is_right(survivor_of(customer_id), pin, actor.clock)
    wait_s = note_spending_pin(
        actor, customer_id=customer_id, cart_key=cart_key, amount_fen=amount_fen, right=right
    )
    if not right:
        raise InputError(told_to_wait(PIN_WORDS, wait_s), field="pin")


@verb(CHECKOUT)
def note_spending_pin(work: Work, *, customer_id: int, cart_key: str, amount_fen: int, right: bool) -> int:
    """Write down how a try went, and what it allows; gives the seconds until the next one."""
    row = _row(work, customer_id)
    wait_s = count_spending_pin(work, row, right=right)
    if right:
        pass_cart(work, row, cart_key, amount_fen)
    else:
        events.note(work, EventKind.PIN_WRONG, source=Source(KIND, row.customer_id))
        audit.record(work, "sale.pin_wrong", f"{PIN_WORDS}输错", Source(KIND, row.customer_id))
    return wait_s


@verb(EDIT)
def set_spending_pin(work: Work, *, customer_id: int, pin_hash: PasswordHash) -> None:
    """Give a customer a PIN or another one; the owner sees who replaced the one there was."""
    if put_pin_on(work, customer_id, pin_hash):
        events.note(work, EventKind.PIN_CHANGED, source=Source(KIND, survivor_of(customer_id)))


@verb(EDIT)
def clear_spending_pin(work: Work, *, customer_id: int) -> None:
    """The customer is not asked any more; the owner sees who ended it."""
    if take_pin_off(work, customer_id):
        events.note(work, EventKind.PIN_CLEARED, source=Source(KIND, survivor_of(customer_id)))


@verb(WAIVE_PIN)
def waive_spending_pin(work: Work, *, customer_id: int, cart_key: str, amount_fen: int) -> None:
    """The customer is known and has forgotten it: up to this sum on this cart he need not give it."""
    row = _row(work, customer_id)
    pass_cart(work, row, cart_key, amount_fen)
    events.note(work, EventKind.PIN_WAIVED, amount_fen=amount_fen, source=Source(KIND, row.customer_id))
    audit.record(work, "sale.pin_waived", f"免{PIN_WORDS}", Source(KIND, row.customer_id))


def settle_spending_pin(work: Work, *, customer_id: int, cart_key: str, payments: Sequence[Payment]) -> None:
    """A part of settling: what was allowed is used up. Raises InputError where the PIN is still to be given."""
    amount_fen, customer_id = guarded_fen(payments), survivor_of(customer_id)
    if not amount_fen:
        return
    if _wanted(customer_id, cart_key, amount_fen):
        raise InputError(f"请会员输入{PIN_WORDS}。", field="payments")
    row = pin_of(customer_id)
    if row is not None and row.cart_key == cart_key:
        end_pass(work, row)


def _wanted(customer_id: int, cart_key: str, amount_fen: int) -> bool:
    if amount_fen <= 0 or amount_fen < int(option("member.pin_from_yuan")) * _YUAN:
        return False
    row = pin_of(customer_id)
    return row is not None and not (row.cart_key == cart_key and amount_fen <= row.passed_fen)


def _row(work: Work, customer_id: int) -> MemberPin:
    customer_id = survivor_of(customer_id)
    require_visible(work.actor, customer_id, any_customer=True)
    row = pin_of(customer_id)
    if row is None:
        raise NotFound(f"这位客户没有{PIN_WORDS}，请直接结账。")
    return row
