"""Who acts, where, at what time, with which rights."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Protocol

from meiping.kernel.errors import LoggedOut, PermissionDenied
from meiping.kernel.moments import Clock, local_day, system_clock
from meiping.kernel.permissions import OPEN, Permission


class Scope(IntEnum):
    """Whose records an operator sees; the widest of the roles counts."""

    OWN = 1
    DEPARTMENT = 2
    COMPANY = 3
    ALL = 4


class Rights(Protocol):
    """Reads an operator's rights from the database at each call, so that a change counts at once."""

    def active(self, operator_id: int) -> bool:
        """Whether the operator may work at all."""

    def holds(self, operator_id: int, permission: str) -> bool:
        """Whether one of the operator's roles has the permission."""

    def scope(self, operator_id: int) -> Scope:
        """The widest scope among the operator's roles."""


class AllRights:
    """The command line: who can read the file can act."""

    def active(self, operator_id: int) -> bool:
        return True

    def holds(self, operator_id: int, permission: str) -> bool:
        return True

    def scope(self, operator_id: int) -> Scope:
        return Scope.ALL


class NoRights:
    """Nobody has logged in yet: only open verbs."""

    def active(self, operator_id: int) -> bool:
        return False

    def holds(self, operator_id: int, permission: str) -> bool:
        return False

    def scope(self, operator_id: int) -> Scope:
        return Scope.OWN


@dataclass(slots=True, eq=False)
class Approval:
    """A colleague's leave to use one permission (its key) in one verb; ``used`` once that verb has been committed."""

    approver_id: int
    approver: str
    permission: str
    used: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """An operator at work in one company. ``operator_id`` 0 is the command line or nobody yet.

    ``approvals`` are what colleagues have allowed him for the call under way.
    """

    operator_id: int
    name: str
    company_id: int
    rights: Rights
    department_id: int | None = None
    clock: Clock = field(default=system_clock, compare=False)
    approvals: tuple[Approval, ...] = field(default=(), compare=False)

    def can(self, wanted: Permission) -> bool:
        """Whether the operator holds the permission now, or was allowed it once by somebody who still does."""
        if wanted is OPEN or self.rights.holds(self.operator_id, wanted.key):
            return True
        return self.approval_of(wanted) is not None

    def approval_of(self, wanted: Permission) -> Approval | None:
        """The unused approval that stands in for the permission, while its giver holds it himself."""
        if not self.rights.active(self.operator_id):
            return None
        for approval in self.approvals:
            if approval.permission == wanted.key and not approval.used:
                return approval if self.rights.holds(approval.approver_id, wanted.key) else None
        return None

    def approvers(self) -> str:
        """The names of those who allowed something for the call under way, empty without any."""
        return "、".join(dict.fromkeys(approval.approver for approval in self.approvals if not approval.used))

    def require(self, wanted: Permission, *, about: str = "") -> None:
        """Raise PermissionDenied or LoggedOut unless the operator may do it now; ``about`` is for who could allow it."""
        if self.can(wanted):
            return
        if not self.rights.active(self.operator_id):
            raise LoggedOut("您的账号已停用或已退出，请重新登录。")
        raise PermissionDenied(wanted.key, wanted.title, approvable=wanted.approvable, about=about)

    def scope(self) -> Scope:
        """How far the operator sees now."""
        return self.rights.scope(self.operator_id)

    def now(self) -> datetime:
        """The present instant, aware."""
        return self.clock()

    def today(self) -> date:
        """The present day on the shop's clock."""
        return local_day(self.clock())
