"""The recovery code: the one way in for an owner who has forgotten the administrator's password.

A code works once; using it makes the next one. Hashes take half a second each: call off the main thread.
"""

import re

from meiping.domains.access.login import nobody
from meiping.domains.access.passwords import COST, PasswordHash, make_hash, matches, new_recovery_code
from meiping.domains.access.queries import administrator_id
from meiping.domains.access.rules import check_password
from meiping.domains.access.service import set_password
from meiping.domains.audit import service as audit
from meiping.domains.settings.queries import recovery_hash
from meiping.domains.settings.service import store_recovery_hash
from meiping.kernel.errors import InputError
from meiping.kernel.moments import Clock, system_clock
from meiping.kernel.permissions import OPEN
from meiping.kernel.source import Source
from meiping.kernel.text import plain
from meiping.store.unit_of_work import Work, verb

_WRONG = "恢复码不对，请照着当时抄下的 20 位字符再输一次。"


def same_form(code: str) -> str:
    """A code, however it was typed, as it was shown: ``ABCDE-FGHJK-LMNPQ-RSTUV``."""
    signs = re.sub(r"[^0-9A-Z]", "", plain(code).upper())
    return "-".join(signs[start : start + 5] for start in range(0, len(signs), 5))


def recover(*, name: str, code: str, password: str, clock: Clock = system_clock, cost: int = COST) -> str:
    """Give an administrator a new password by the recovery code; gives the next code, to be shown once.

    Raises InputError with the field (name, code, password) that is wrong.
    """
    check_password(password)
    stored = PasswordHash(recovery_hash())
    if not matches(same_form(code), stored):
        note_wrong_code(nobody(clock))
        raise InputError(_WRONG, field="code")
    following = new_recovery_code()
    use_recovery_code(
        nobody(clock),
        name=name,
        checked=stored,
        password_hash=make_hash(password, cost=cost),
        following=make_hash(following, cost=cost),
    )
    return following


@verb(OPEN)
def note_wrong_code(work: Work) -> None:
    """Write down that a wrong recovery code was tried."""
    audit.record(work, "recovery.failed", "恢复码错误")


@verb(OPEN)
def use_recovery_code(
    work: Work, *, name: str, checked: PasswordHash, password_hash: PasswordHash, following: PasswordHash
) -> None:
    """Set an administrator's password and the next code; ``checked`` is the hash that the code has met.

    Raises InputError if that code has been used meanwhile, or if ``name`` is no active administrator.
    """
    if recovery_hash() != checked.text:
        raise InputError(_WRONG, field="code")
    operator_id = administrator_id(name)
    if operator_id is None:
        raise InputError("恢复码只能用于在用的系统管理员，请核对姓名。", field="name")
    set_password(work, operator_id=operator_id, password_hash=password_hash)
    store_recovery_hash(work, following)
    audit.record(work, "recovery.used", "用恢复码重设了密码", Source("operator", operator_id))
