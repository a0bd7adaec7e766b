"""A colleague allows one thing at the till by his PIN: for one call, or for certain terms of one cart."""

from collections.abc import Sequence

from meiping.domains.access.models import Operator
from meiping.domains.access.pins import count_pin, pin_is_right
from meiping.domains.access.queries import RIGHTS
from meiping.domains.access.rules import told_to_wait
from meiping.domains.audit import service as audit
from meiping.domains.settings.queries import option
from meiping.domains.till import events
from meiping.domains.till.event_rules import EventKind
from meiping.domains.till.models import TillApproval
from meiping.kernel.actor import Actor, Approval
from meiping.kernel.errors import InputError, LoggedOut, UserError
from meiping.kernel.permissions import OPEN, Permission, permission_called
from meiping.kernel.source import Source
from meiping.kernel.text import clean
from meiping.store.database import fetch_value
from meiping.store.unit_of_work import Work, query, verb


class ApprovalRefused(UserError):
    """The PIN is wrong; ``wait_s`` tells how long its owner must wait."""

    def __init__(self, sentence: str, *, wait_s: int) -> None:
        super().__init__(sentence, field="pin")
        self.wait_s = wait_s


def _pin_accepted(permission: Permission) -> bool:
    """Whether a PIN may stand in for this right in the shop."""
    return permission.approvable and permission.key in option("till.pin_rights")


@query(OPEN)
def approvers(actor: Actor, *, permission: str, also: Sequence[str] = ()) -> list[tuple[int, str]]:
    """Who may allow it, as (id, name): active, with the right and a PIN; nobody where the shop takes no PIN for it.

    ``also`` are further rights that he must hold.
    """
    keys = (permission, *also)
    if not all(_pin_accepted(permission_called(key)) for key in keys):
        return []
    people = Operator.select(Operator.id, Operator.name).where(
        Operator.active, Operator.pin_hash != "", Operator.id != actor.operator_id
    )
    return [(row.id, row.name) for row in people.order_by(Operator.id) if _holds_all(row.id, keys)]


def _holds_all(operator_id: int, keys: Sequence[str]) -> bool:
    return all(RIGHTS.holds(operator_id, key) for key in keys)


def approve(
    actor: Actor,
    *,
    approver_id: int,
    pin: str,
    permission: str,
    also: Sequence[str] = (),
    reason: str = "",
    cart_key: str = "",
    subject: str = "",
) -> Approval:
    """Check the PIN and give the approval, once it has been written down; takes up to half a second.

    ``subject`` are the terms it is for on the cart ``cart_key``, ``also`` what they want beside ``permission``. Raises
    InputError, LoginRefused while the approver must wait, ApprovalRefused after a wrong PIN.
    """
    if approver_id not in dict(approvers(actor, permission=permission, also=also)):
        raise InputError("这位同事现在不能批准，请换一位。", field="approver_id")
    right = pin_is_right(approver_id, pin, actor.clock)
    wait_s = note_pin(
        actor,
        approver_id=approver_id,
        right=right,
        permission=permission,
        also=also,
        reason=reason,
        cart_key=cart_key,
        subject=subject,
    )
    if not right:
        raise ApprovalRefused(told_to_wait("主管密码", wait_s), wait_s=wait_s)
    return Approval(approver_id, str(Operator.get_by_id(approver_id).name), permission)


@verb(OPEN)
def note_pin(
    work: Work,
    *,
    approver_id: int,
    right: bool,
    permission: str,
    also: Sequence[str] = (),
    reason: str = "",
    cart_key: str = "",
    subject: str = "",
) -> int:
    """Write down what was tried with a PIN, and what it allowed; gives the seconds until the next try."""
    if not work.actor.rights.active(work.actor.operator_id):
        raise LoggedOut("您的账号已停用或已退出，请重新登录。")
    keys = (permission, *also)
    wanted = [permission_called(key) for key in keys]
    if right and not (all(map(_pin_accepted, wanted)) and _holds_all(approver_id, keys)):
        raise InputError("这位同事现在不能批准，请换一位。", field="approver_id")
    wait_s = count_pin(work, operator_id=approver_id, right=right)
    kind = EventKind.APPROVED if right else EventKind.REFUSED
    said = clean(reason, name="原因", limit=60)
    titles = "、".join(one.title for one in wanted)
    detail = f"{titles}：{said}" if said else titles
    for key in keys if right else ():
        TillApproval.create(
            at=work.at,
            company=work.actor.company_id,
            operator=work.actor.operator_id,
            approver=approver_id,
            permission=key,
            cart_key=cart_key,
            subject=subject,
            reason=said,
        )
    events.note(work, kind, detail=detail, approver_id=approver_id)
    audit.record(work, f"till.{kind.key}", f"{kind.title}：{titles}", Source("operator", approver_id))
    return wait_s


def approver_on(work: Work, permission: Permission, *, cart_key: str, subject: str) -> int | None:
    """Who allowed just these terms on this cart and still holds the right himself; None if nobody."""
    return _approver(permission.key, cart_key, subject)


def require_on(work: Work, permission: Permission, *, cart_key: str, subject: str) -> None:
    """Raise PermissionDenied unless the actor holds the right, or was allowed just these terms on this cart."""
    require_approved(work.actor, permission, cart_key=cart_key, subject=subject)


def require_approved(actor: Actor, permission: Permission, *, cart_key: str, subject: str) -> None:
    """The same where nothing is written. Raises PermissionDenied."""
    if _approver(permission.key, cart_key, subject) is None:
        actor.require(permission)


@verb(OPEN)
def keep_on_cart(work: Work, *, permission: str, cart_key: str, subjects: Sequence[str]) -> None:
    """Let what a colleague has just allowed the actor stand for these terms of a cart, until it is settled.

    Nothing is kept for who holds the right himself. Raises PermissionDenied where nobody allowed it.
    """
    wanted = permission_called(permission)
    work.actor.require(wanted)
    approval = work.actor.approval_of(wanted)
    if approval is None:
        return
    for subject in subjects:
        TillApproval.create(
            at=work.at,
            company=work.actor.company_id,
            operator=work.actor.operator_id,
            approver=approval.approver_id,
            permission=permission,
            cart_key=cart_key,
            subject=subject,
            reason="",
        )
    audit.record(work, "till.kept", f"批准随单：{wanted.title}", Source("operator", approval.approver_id))


@query(OPEN)
def approved_on(actor: Actor, *, permission: str, cart_key: str, subject: str) -> bool:
    """Whether somebody who holds the right allowed just these terms on this cart."""
    return _approver(permission, cart_key, subject) is not None


def _approver(permission: str, cart_key: str, subject: str) -> int | None:
    found = fetch_value(
        "SELECT approver_id FROM till_approval WHERE cart_key = ? AND permission = ? AND subject = ?"
        " ORDER BY id DESC LIMIT 1",
        cart_key,
        permission,
        subject,
    )
    return int(found) if found is not None and RIGHTS.holds(found, permission) else None
