"""Rights from the database, and the lists of operators, roles and companies."""

from dataclasses import dataclass

from meiping.domains.access.models import (
    Company,
    Operator,
    OperatorCompany,
    OperatorRole,
    Role,
    RolePermission,
)
from meiping.domains.access.rules import MANAGE_ACCESS
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import NotFound
from meiping.kernel.moments import Clock, system_clock
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store.database import fetch, fetch_value
from meiping.store.unit_of_work import query

_HOLDS = """
SELECT 1 FROM operator o
JOIN operator_role x ON x.operator_id = o.id
JOIN role r ON r.id = x.role_id
WHERE o.id = ? AND o.active = 1 AND (r.administrator = 1 OR EXISTS (
    SELECT 1 FROM role_permission p WHERE p.role_id = r.id AND p.permission = ?)) LIMIT 1
"""
_SCOPE = """
SELECT max(CASE WHEN r.administrator = 1 THEN 4 ELSE r.scope END)
FROM operator_role x JOIN role r ON r.id = x.role_id WHERE x.operator_id = ?
"""


class DatabaseRights:
    """Rights as they stand in the database now."""

    def active(self, operator_id: int) -> bool:
        """Whether the operator may work at all."""
        return bool(fetch_value("SELECT active FROM operator WHERE id = ?", operator_id))

    def holds(self, operator_id: int, permission: str) -> bool:
        """Whether one of the operator's roles has the permission."""
        return fetch_value(_HOLDS, operator_id, permission) is not None

    def scope(self, operator_id: int) -> Scope:
        """The widest scope among the operator's roles; own records only without a role."""
        return Scope(fetch_value(_SCOPE, operator_id) or Scope.OWN)


RIGHTS = DatabaseRights()


def actor_for(operator_id: int, *, company_id: int | None = None, clock: Clock = system_clock) -> Actor:
    """The actor of an operator who has logged in, in his own company unless another is named."""
    operator = Operator.get_or_none(Operator.id == operator_id)
    if operator is None:
        raise NotFound("没有这个操作员。")
    return Actor(
        operator.id,
        operator.name,
        company_id or operator.company_id,
        RIGHTS,
        department_id=operator.department_id,
        clock=clock,
    )


def login_names() -> list[str]:
    """The names offered on the login screen, in the order of their creation."""
    return [o.name for o in Operator.select(Operator.name).where(Operator.active).order_by(Operator.id)]


def administrator_id(name: str) -> int | None:
    """The id of the active administrator of this name, if there is one."""
    select = (
        Operator.select(Operator.id)
        .join(OperatorRole, on=(OperatorRole.operator == Operator.id))
        .join(Role, on=(OperatorRole.role == Role.id))
        .where(Operator.name == name.strip(), Operator.active, Role.administrator)
    )
    found = select.first()
    return None if found is None else int(found.id)


def is_administrator(operator_id: int) -> bool:
    """Whether an operator holds the role that can't be taken from the shop."""
    held = OperatorRole.select().join(Role, on=(OperatorRole.role == Role.id))
    return bool(held.where(OperatorRole.operator == operator_id, Role.administrator).exists())


def company_name(company_id: int) -> str:
    """The name of a company."""
    return str(Company.get_by_id(company_id).name)


def companies_of(actor: Actor) -> list[tuple[int, str]]:
    """The companies the actor may work in, as (id, name)."""
    rows = Company.select(Company.id, Company.name).where(Company.active).order_by(Company.code)
    if actor.operator_id and actor.scope() < Scope.ALL:
        allowed = OperatorCompany.select(OperatorCompany.company).where(
            OperatorCompany.operator == actor.operator_id
        )
        rows = rows.where(Company.id.in_(allowed) | (Company.id == actor.company_id))
    return [(row.id, row.name) for row in rows]


def colleagues(actor: Actor) -> list[tuple[int, str]]:
    """Active operators as (id, name), for choosing a salesperson or an owner."""
    return [
        (row.id, row.name)
        for row in Operator.select(Operator.id, Operator.name).where(Operator.active).order_by(Operator.id)
    ]


_BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT id FROM operator WHERE superior_id = ?1
    UNION SELECT o.id FROM operator o JOIN below b ON o.superior_id = b.id)
SELECT id FROM below WHERE id <> ?1
"""


def people_below(operator_id: int) -> frozenset[int]:
    """The ids of all who report to an operator, directly or through others, those out of use among them."""
    return frozenset(row[0] for row in fetch(_BELOW, operator_id))


def people_in_scope(actor: Actor) -> frozenset[int]:
    """The ids of the operators whose records lie in the actor's data scope, himself and those out of use among them."""
    scope = actor.scope()
    rows = fetch("SELECT id, company_id, department_id FROM operator")
    return frozenset(
        operator_id
        for operator_id, company_id, department_id in rows
        if operator_id == actor.operator_id
        or scope is Scope.ALL
        or (scope is Scope.COMPANY and company_id == actor.company_id)
        or (scope is Scope.DEPARTMENT and department_id is not None and department_id == actor.department_id)
    )


@dataclass(frozen=True, slots=True)
class RoleDetail:
    """A role with its permission keys."""

    id: int
    name: str
    scope: Scope
    administrator: bool
    permissions: frozenset[str]


@query(MANAGE_ACCESS)
def roles(actor: Actor) -> list[RoleDetail]:
    """Every role with its permissions."""
    return [
        RoleDetail(
            role.id,
            role.name,
            Scope(role.scope),
            bool(role.administrator),
            frozenset(p.permission for p in RolePermission.select().where(RolePermission.role == role.id)),
        )
        for role in Role.select().order_by(Role.id)
    ]


OPERATOR_COLUMNS = (
    Column("name", "操作员", width=14),
    Column("roles", "角色", width=24, stretch=True),
    Column("company", "公司", width=16),
    Column("superior", "上级", width=10),
    Column("active", "在用", Kind.YES, width=6),
    Column("pin", "主管密码", Kind.YES, width=9),
    Column("created_at", "建立时间", Kind.MOMENT, width=17),
)


@query(MANAGE_ACCESS)
def operators(actor: Actor) -> Table:
    """Every operator with roles and company."""
    rows = []
    names = {row.id: row.name for row in Operator.select(Operator.id, Operator.name)}
    for operator in Operator.select(Operator, Company).join(Company).order_by(Operator.id):
        held = list(
            Role.select().join(OperatorRole).where(OperatorRole.operator == operator.id).order_by(Role.id)
        )
        rows.append(
            {
                "id": operator.id,
                "name": operator.name,
                "roles": "、".join(role.name for role in held),
                "role_ids": tuple(role.id for role in held),
                "company": operator.company.name,
                "company_id": operator.company_id,
                "superior": names.get(operator.superior_id or 0, ""),
                "superior_id": operator.superior_id,
                "active": bool(operator.active),
                "pin": bool(operator.pin_hash),
                "created_at": operator.created_at,
                "tone": None if operator.active else "muted",
            }
        )
    return Table("操作员", OPERATOR_COLUMNS, rows)
