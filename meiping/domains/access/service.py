"""Verbs about operators, roles and companies."""

from collections.abc import Collection

from meiping.domains.access.models import (
    Company,
    Operator,
    OperatorCompany,
    OperatorRole,
    Role,
    RolePermission,
)
from meiping.domains.access.passwords import PasswordHash
from meiping.domains.access.queries import people_below
from meiping.domains.access.rules import ADMINISTRATOR_ROLE, MANAGE_ACCESS, ROLE_SEEDS
from meiping.domains.audit import service as audit
from meiping.kernel.actor import Scope
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound, UserError
from meiping.kernel.permissions import OPEN, all_permissions
from meiping.kernel.source import Source
from meiping.kernel.text import clean
from meiping.store.unit_of_work import Work, verb


def seed_roles(work: Work) -> None:
    """Make the roles a shop begins with."""
    Role.create(name=ADMINISTRATOR_ROLE, scope=int(Scope.ALL), administrator=True)
    for seed in ROLE_SEEDS:
        role = Role.create(name=seed.name, scope=int(seed.scope))
        for key in seed.permissions:
            RolePermission.create(role=role, permission=key)


def create_company(work: Work, *, name: str) -> int:
    """Make a company and give its id; codes run 01, 02 ..."""
    wanted = clean(name, name="名称", limit=40)
    if not wanted:
        raise InputError("请填写店名。", field="name")
    if Company.select().where(Company.name == wanted).exists():
        raise InputError(f"已经有叫“{wanted}”的公司。", field="name")
    number = Company.select().count() + 1
    if number > 99:
        raise UserError("公司最多 99 个。")
    company = Company.create(code=f"{number:02d}", name=wanted)
    work.changed(Topic.ACCESS)
    return int(company.id)


def rename_company(work: Work, *, old: str, new: str) -> None:
    """Give the company of this name another one, if there is one. Raises InputError if another company has it."""
    company = Company.get_or_none(Company.name == old)
    if company is None or old == new:
        return
    if Company.select().where(Company.name == new).exists():
        raise InputError(f"已经有叫“{new}”的公司。", field="name")
    company.name = new
    company.save()
    work.changed(Topic.ACCESS)


@verb(MANAGE_ACCESS)
def add_company(work: Work, *, name: str) -> int:
    """Add a branch and give its id."""
    company_id = create_company(work, name=name)
    audit.record(work, "company.add", "新增公司", Source("company", company_id))
    return company_id


def create_operator(
    work: Work,
    *,
    name: str,
    password_hash: PasswordHash,
    role_ids: Collection[int],
    company_id: int,
    pin_hash: PasswordHash | None = None,
    superior_id: int | None = None,
) -> int:
    """Make an operator with roles in a company and give the id."""
    wanted = clean(name, name="姓名", limit=20)
    if not wanted:
        raise InputError("请填写操作员姓名。", field="name")
    if Operator.select().where(Operator.name == wanted).exists():
        raise InputError(f"已经有叫“{wanted}”的操作员，请换个名字。", field="name")
    operator = Operator.create(
        name=wanted,
        password_hash=password_hash.text,
        pin_hash=pin_hash.text if pin_hash is not None else "",
        company=company_id,
        superior=_fitting_superior(superior_id),
        created_at=work.at,
    )
    OperatorCompany.create(operator=operator, company=company_id)
    _set_roles(operator.id, role_ids)
    work.changed(Topic.ACCESS)
    return int(operator.id)


@verb(MANAGE_ACCESS)
def add_operator(
    work: Work,
    *,
    name: str,
    password_hash: PasswordHash,
    role_ids: Collection[int],
    company_id: int,
    pin_hash: PasswordHash | None = None,
    superior_id: int | None = None,
) -> int:
    """Add an operator and give the id; ``pin_hash`` lets him allow others something at the till."""
    operator_id = create_operator(
        work,
        name=name,
        password_hash=password_hash,
        role_ids=role_ids,
        company_id=company_id,
        pin_hash=pin_hash,
        superior_id=superior_id,
    )
    audit.record(work, "operator.add", "新增操作员", Source("operator", operator_id))
    return operator_id


@verb(MANAGE_ACCESS)
def change_operator(
    work: Work,
    *,
    operator_id: int,
    name: str,
    role_ids: Collection[int],
    company_id: int,
    active: bool,
    password_hash: PasswordHash | None = None,
    pin_hash: PasswordHash | None = None,
    superior_id: int | None = None,
) -> None:
    """Change an operator. A new password or PIN also ends its block; ``superior_id`` None leaves him without superior.

    The last active administrator keeps his role, nobody takes himself out of use or is above himself.
    """
    operator = _operator(operator_id)
    wanted = clean(name, name="姓名", limit=20)
    if not wanted:
        raise InputError("请填写操作员姓名。", field="name")
    if Operator.select().where(Operator.name == wanted, Operator.id != operator_id).exists():
        raise InputError(f"已经有叫“{wanted}”的操作员，请换个名字。", field="name")
    operator.name = wanted
    operator.company_id = company_id
    operator.superior_id = _fitting_superior(superior_id, of=operator_id)
    operator.active = active
    operator.save()
    if password_hash is not None:
        set_password(work, operator_id=operator_id, password_hash=password_hash)
    if pin_hash is not None:
        set_pin(work, operator_id=operator_id, pin_hash=pin_hash)
    OperatorCompany.insert(operator=operator_id, company=company_id).on_conflict_ignore().execute()
    OperatorRole.delete().where(OperatorRole.operator == operator_id).execute()
    _set_roles(operator_id, role_ids)
    _require_an_administrator()
    if not active and operator_id == work.actor.operator_id:
        raise UserError("不能停用自己，请让另一位管理员来做。")
    reset = [word for word, made in (("密码", password_hash), ("主管密码", pin_hash)) if made is not None]
    done = f"修改操作员，并重设{'和'.join(reset)}" if reset else "修改操作员"
    audit.record(work, "operator.change", done, Source("operator", operator_id))
    work.changed(Topic.ACCESS)


@verb(MANAGE_ACCESS)
def save_role(
    work: Work, *, role_id: int | None, name: str, scope: Scope, permissions: Collection[str]
) -> int:
    """Add or change a role and give its id; the administrator's role can't be weakened."""
    wanted = clean(name, name="角色名", limit=20)
    if not wanted:
        raise InputError("请填写角色名。", field="name")
    unknown = set(permissions) - {p.key for p in all_permissions()}
    if unknown:
        raise InputError("有不认识的权限，请重新打开本页再试。")
    if Role.select().where(Role.name == wanted, Role.id != (role_id or 0)).exists():
        raise InputError(f"已经有叫“{wanted}”的角色。", field="name")
    role = Role() if role_id is None else Role.get_or_none(Role.id == role_id)
    if role is None:
        raise NotFound("这个角色已经被删除。")
    if role.administrator:
        raise UserError("系统管理员拥有全部权限，不能修改。")
    role.name = wanted
    role.scope = int(scope)
    role.save()
    RolePermission.delete().where(RolePermission.role == role.id).execute()
    for key in sorted(permissions):
        RolePermission.create(role=role, permission=key)
    audit.record(work, "role.save", f"保存角色“{wanted}”", Source("role", role.id))
    work.changed(Topic.ACCESS)
    return int(role.id)


@verb(MANAGE_ACCESS)
def delete_role(work: Work, *, role_id: int, confirmed: frozenset[str] = frozenset()) -> None:
    """Delete a role nobody has; the administrator's role stays. Asks first where it may be deleted."""
    role = Role.get_or_none(Role.id == role_id)
    if role is None:
        return
    if role.administrator:
        raise UserError("系统管理员角色不能删除。")
    if OperatorRole.select().where(OperatorRole.role == role_id).exists():
        raise UserError("还有操作员属于这个角色，请先给他们换角色。")
    if "delete_role" not in confirmed:
        raise NeedsConfirmation("delete_role", f"删除角色“{role.name}”吗？", verb="删除", danger=True)
    RolePermission.delete().where(RolePermission.role == role_id).execute()
    role.delete_instance()
    audit.record(work, "role.delete", f"删除角色“{role.name}”", Source("role", role_id))
    work.changed(Topic.ACCESS)


def let_go(work: Work, *, operator_id: int, reports_to: int | None) -> int:
    """Take an operator who leaves out of use, who reported to him reports to another; gives how many did.

    The caller has checked the right to it and handed over what was his. Raises UserError for oneself and for the
    last administrator.
    """
    operator = _operator(operator_id)
    if operator_id == work.actor.operator_id:
        raise UserError("不能停用自己，请让另一位管理员来做。")
    operator.active = False
    operator.save()
    _require_an_administrator()
    superior = None if reports_to == operator_id else reports_to
    below = Operator.superior == operator_id
    moved = Operator.update(superior=superior).where(below, Operator.id != superior).execute()
    Operator.update(superior=None).where(below).execute()
    audit.record(work, "operator.leave", "操作员离职停用", Source("operator", operator_id))
    work.changed(Topic.ACCESS)
    return int(moved)


@verb(OPEN)
def change_own_password(work: Work, *, password_hash: PasswordHash) -> None:
    """Give the actor a new password; the window has checked the old one just before."""
    operator_id = work.actor.operator_id
    set_password(work, operator_id=operator_id, password_hash=password_hash)
    audit.record(work, "operator.password", "修改了自己的密码", Source("operator", operator_id))


def set_password(work: Work, *, operator_id: int, password_hash: PasswordHash) -> None:
    """Give an operator a new password and end the wait after wrong ones; the caller has checked the right to it."""
    operator = _operator(operator_id)
    operator.password_hash = password_hash.text
    operator.failures = 0
    operator.blocked_until_at = 0
    operator.save()


def set_pin(work: Work, *, operator_id: int, pin_hash: PasswordHash) -> None:
    """Give an operator a PIN and end the wait after wrong ones; the caller has checked the right to it."""
    operator = _operator(operator_id)
    operator.pin_hash = pin_hash.text
    operator.pin_failures = 0
    operator.pin_blocked_until_at = 0
    operator.save()


def _operator(operator_id: int) -> Operator:
    operator = Operator.get_or_none(Operator.id == operator_id)
    if operator is None:
        raise NotFound("没有这个操作员。")
    return operator


def _fitting_superior(superior_id: int | None, *, of: int = 0) -> int | None:
    """The superior to be. Raises InputError for one who reports to the operator himself, through whomever."""
    if superior_id is None:
        return None
    superior = _operator(superior_id)
    if superior_id == of:
        raise InputError("不能做自己的上级，请选另一位。", field="superior_id")
    if superior_id in people_below(of):
        raise InputError(f"“{superior.name}”是他的下属，不能做他的上级。", field="superior_id")
    return superior_id


def _set_roles(operator_id: int, role_ids: Collection[int]) -> None:
    if not role_ids:
        raise InputError("请至少选一个角色。", field="roles")
    for role_id in sorted(set(role_ids)):
        OperatorRole.create(operator=operator_id, role=role_id)


def _require_an_administrator() -> None:
    left = (
        Operator.select()
        .join(OperatorRole, on=(OperatorRole.operator == Operator.id))
        .join(Role, on=(OperatorRole.role == Role.id))
        .where(Operator.active, Role.administrator)
    )
    if not left.exists():
        raise UserError("至少要留一个在用的系统管理员。")
