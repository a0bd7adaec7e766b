"""A manager's PIN: digits beside the password, with which he allows a colleague one thing at the till.

Wrong ones are slowed down and locked by the rule of logins, counted apart from them. The hashes are slow: call off
the main thread what takes a PIN.
"""

from datetime import timedelta

from meiping.domains.access.login import LoginRefused, check_own_password
from meiping.domains.access.models import Operator
from meiping.domains.access.passwords import COST, NOBODY, PasswordHash, hash_of, matches
from meiping.domains.access.rules import block_seconds, check_pin, told_to_wait
from meiping.domains.access.service import set_pin
from meiping.domains.audit import service as audit
from meiping.kernel.actor import Actor
from meiping.kernel.moments import Clock, from_ms, to_ms
from meiping.kernel.permissions import OPEN
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb


def make_pin_hash(pin: str, *, cost: int = COST) -> PasswordHash:
    """Hash a new PIN (0.4 s at the full cost). Raises InputError unless it is 4 to 8 digits."""
    check_pin(pin)
    return hash_of(pin, cost=cost)


def pin_is_right(operator_id: int, pin: str, clock: Clock) -> bool:
    """Whether this is the operator's PIN; raises LoginRefused while he must wait. Write the outcome down."""
    operator = Operator.get_by_id(operator_id)
    left = (from_ms(operator.pin_blocked_until_at) - clock()).total_seconds()
    if left > 0:
        wait_s = int(left) + 1
        raise LoginRefused(told_to_wait("主管密码", wait_s, wrong="刚才的主管密码"), wait_s=wait_s)
    return matches(pin, PasswordHash(operator.pin_hash) if operator.pin_hash else NOBODY)


def count_pin(work: Work, *, operator_id: int, right: bool) -> int:
    """Count a try with somebody's PIN and give the seconds until the next one."""
    operator = Operator.get_by_id(operator_id)
    operator.pin_failures = 0 if right else operator.pin_failures + 1
    wait_s = block_seconds(operator.pin_failures)
    operator.pin_blocked_until_at = to_ms(work.now + timedelta(seconds=wait_s)) if wait_s else 0
    operator.save()
    return wait_s


@verb(OPEN)
def set_own_pin(work: Work, *, pin_hash: PasswordHash) -> None:
    """Give the actor a PIN; the window has checked his password just before."""
    operator_id = work.actor.operator_id
    set_pin(work, operator_id=operator_id, pin_hash=pin_hash)
    audit.record(work, "operator.pin", "设置了自己的主管密码", Source("operator", operator_id))


def replace_own_pin(actor: Actor, *, password: str, new: PasswordHash) -> None:
    """Change the actor's PIN after checking his password; raises LoginRefused."""
    check_own_password(actor, password)
    set_own_pin(actor, pin_hash=new)
