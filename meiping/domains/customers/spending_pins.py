"""A member's spending PIN (会员消费密码): digits asked for where stored value or points are spent.

Only the hash is kept. Wrong ones are slowed down and locked by the rule of logins. The hashes are slow: call off the
main thread what takes a PIN.
"""

from collections.abc import Sequence
from datetime import timedelta

from meiping.domains.access.login import LoginRefused
from meiping.domains.access.passwords import COST, NOBODY, PasswordHash, hash_of, matches
from meiping.domains.access.rules import block_seconds, check_pin, told_to_wait
from meiping.domains.audit import service as audit
from meiping.domains.customers.models import Customer, MemberPin
from meiping.domains.customers.queries import family_ids, require_visible, survivor_of
from meiping.domains.customers.rules import EDIT, KIND, PIN_WORDS
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.moments import Clock, from_ms, to_ms
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, query

_SET, _NONE = "已设置", "没有"


def make_spending_pin(pin: str, *, cost: int = COST) -> PasswordHash:
    """Hash a new PIN (0.4 s at the full cost). Raises InputError unless it is 4 to 8 digits, not all the same."""
    check_pin(pin, name=PIN_WORDS)
    return hash_of(pin, cost=cost)


@query(EDIT)
def has_spending_pin(actor: Actor, *, customer_id: int) -> bool:
    """Whether a customer, or one merged into him, has a PIN."""
    customer_id = survivor_of(customer_id)
    require_visible(actor, customer_id, any_customer=True)
    return pin_of(customer_id) is not None


# ---------------------------------------------------------------- for the rooms above
def put_pin_on(work: Work, customer_id: int, pin_hash: PasswordHash) -> bool:
    """A part of setting it: the customer has this PIN from now on; True where it takes the place of another one.

    A lock on the one before is gone with it.
    """
    customer_id = _standing(work, customer_id)
    before = pin_of(customer_id) is not None
    _forget(family_ids(customer_id))
    MemberPin.create(customer=customer_id, pin_hash=pin_hash.text)
    _write_down(work, customer_id, _SET if before else _NONE, "已更换" if before else _SET)
    audit.record(
        work, "customer.pin_set", f"{'更换' if before else '设置'}{PIN_WORDS}", Source(KIND, customer_id)
    )
    return before


def take_pin_off(work: Work, customer_id: int) -> bool:
    """A part of clearing it: the customer is not asked any more; False where he had none."""
    customer_id = _standing(work, customer_id)
    if not _forget(family_ids(customer_id)):
        return False
    _write_down(work, customer_id, _SET, _NONE)
    audit.record(work, "customer.pin_cleared", f"取消{PIN_WORDS}", Source(KIND, customer_id))
    return True


def pin_of(customer_id: int) -> MemberPin | None:
    """The PIN that guards what a customer has: his own, else that of one merged into him."""
    family = family_ids(customer_id)
    found = {row.customer_id: row for row in MemberPin.select().where(MemberPin.customer.in_(family))}
    return next((found[one] for one in family if one in found), None)


def spending_pin_is_right(customer_id: int, pin: str, clock: Clock) -> bool:
    """Whether this is the customer's PIN; raises LoginRefused while he must wait. Write the outcome down."""
    row = pin_of(customer_id)
    left = (from_ms(row.blocked_until_at) - clock()).total_seconds() if row is not None else 0
    if left > 0:
        wait_s = int(left) + 1
        raise LoginRefused(told_to_wait(PIN_WORDS, wait_s, wrong=f"刚才的{PIN_WORDS}"), wait_s=wait_s)
    return matches(pin, PasswordHash(row.pin_hash) if row is not None else NOBODY)


def count_spending_pin(work: Work, row: MemberPin, *, right: bool) -> int:
    """Count a try and give the seconds until the next one."""
    row.failures = 0 if right else row.failures + 1
    wait_s = block_seconds(row.failures)
    row.blocked_until_at = to_ms(work.now + timedelta(seconds=wait_s)) if wait_s else 0
    row.save()
    return wait_s


def pass_cart(work: Work, row: MemberPin, cart_key: str, amount_fen: int) -> None:
    """Up to this sum on this cart the PIN is not asked for; one cart at a time."""
    row.cart_key, row.passed_fen = cart_key, amount_fen
    row.save()


def end_pass(work: Work, row: MemberPin) -> None:
    """What was allowed is used up."""
    pass_cart(work, row, "", 0)


def forget_spending_pins(work: Work, customer_ids: Sequence[int]) -> None:
    """Without a line in the log: part of what takes out who somebody is."""
    _forget(customer_ids)


# ---------------------------------------------------------------- inside
def _standing(work: Work, customer_id: int) -> int:
    customer_id = survivor_of(customer_id)
    require_visible(work.actor, customer_id, any_customer=True)
    row = Customer.get_by_id(customer_id)
    if row.deleted_at is not None:
        raise NotFound("这位客户在回收站里，请先恢复。")
    if row.anonymised_at is not None:
        raise InputError("这位客户的资料已经隐去。")
    return customer_id


def _forget(customer_ids: Sequence[int]) -> int:
    return int(MemberPin.delete().where(MemberPin.customer.in_(list(customer_ids))).execute())


def _write_down(work: Work, customer_id: int, before: str, after: str) -> None:
    audit.record_changes(work, Source(KIND, customer_id), [(PIN_WORDS, before, after)])
    work.changed(Topic.CUSTOMERS)
