"""Logging in: slow hashes are computed outside any transaction, the outcome is written in one.

Everything here takes up to half a second: call it off the main thread.
"""

from datetime import timedelta

from meiping.domains.access.models import Operator
from meiping.domains.access.passwords import NOBODY, PasswordHash, matches
from meiping.domains.access.queries import actor_for
from meiping.domains.access.rules import block_seconds, told_to_wait
from meiping.domains.access.service import change_own_password
from meiping.domains.audit import service as audit
from meiping.kernel.actor import Actor, NoRights
from meiping.kernel.errors import UserError
from meiping.kernel.moments import Clock, from_ms, system_clock, to_ms
from meiping.kernel.permissions import OPEN
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb


class LoginRefused(UserError):
    """Name or password is wrong, or the operator must wait. ``wait_s`` tells how long."""

    def __init__(self, sentence: str, *, wait_s: int = 0) -> None:
        super().__init__(sentence, field="password")
        self.wait_s = wait_s


def nobody(clock: Clock = system_clock) -> Actor:
    """The actor before anyone has logged in."""
    return Actor(0, "（未登录）", 0, NoRights(), clock=clock)


def log_in(*, name: str, password: str, clock: Clock = system_clock) -> Actor:
    """The operator's actor, or LoginRefused; counts failures and waits over restarts."""
    operator = Operator.get_or_none(Operator.name == name.strip())
    if operator is not None:
        _refuse_blocked(operator, clock)
    stored = PasswordHash(operator.password_hash) if operator is not None else NOBODY
    right = matches(password, stored) and operator is not None and bool(operator.active)
    if operator is None:
        raise LoginRefused("姓名或密码不对。")
    wait_s = note_attempt(nobody(clock), operator_id=operator.id, right=right)
    if not right:
        raise LoginRefused(_wait_sentence(wait_s), wait_s=wait_s)
    return actor_for(operator.id, clock=clock)


def check_own_password(actor: Actor, password: str) -> None:
    """Raise LoginRefused unless this is the actor's password; failures count as at the login."""
    log_in(name=actor.name, password=password, clock=actor.clock)


def replace_own_password(actor: Actor, *, old: str, new: PasswordHash) -> None:
    """Change the actor's password after checking the old one."""
    check_own_password(actor, old)
    change_own_password(actor, password_hash=new)


@verb(OPEN)
def note_attempt(work: Work, *, operator_id: int, right: bool) -> int:
    """Write a login attempt down and give the seconds the operator must now wait."""
    operator = Operator.get_by_id(operator_id)
    operator.failures = 0 if right else operator.failures + 1
    wait_s = block_seconds(operator.failures)
    operator.blocked_until_at = to_ms(work.now + timedelta(seconds=wait_s)) if wait_s else 0
    operator.save()
    who = Source("operator", operator_id)
    if right:
        audit.record(work, "login", "登录", who, by=actor_for(operator_id, clock=work.actor.clock))
    else:
        audit.record(work, "login.failed", f"密码错误：{operator.name}", who)
    return wait_s


def _refuse_blocked(operator: Operator, clock: Clock) -> None:
    left = (from_ms(operator.blocked_until_at) - clock()).total_seconds()
    if left > 0:
        raise LoginRefused(_wait_sentence(int(left) + 1), wait_s=int(left) + 1)


def _wait_sentence(wait_s: int) -> str:
    return told_to_wait("密码", wait_s, wrong="姓名或密码")
