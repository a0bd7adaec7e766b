"""Tables of companies, departments, roles and operators."""

from peewee import CompositeKey, ForeignKeyField, IntegerField, TextField

from meiping.store.fields import FlagField, InstantField, KeyedModel, ShopModel


class Company(ShopModel):
    """The shop or a branch; its two-digit ``code`` stands in document numbers."""

    code = TextField(unique=True)
    name = TextField(unique=True)
    active = FlagField(default=True)


class Department(ShopModel):
    """A department; ``parent`` makes the tree."""

    name = TextField()
    parent = ForeignKeyField("self", null=True)
    parent_id: int | None


class Role(ShopModel):
    """A named set of permissions and a data scope. The administrator role holds all and can't be weakened."""

    name = TextField(unique=True)
    scope = IntegerField()
    administrator = FlagField(default=False)


class RolePermission(KeyedModel):
    """One permission of a role."""

    role = ForeignKeyField(Role)
    role_id: int
    permission = TextField()

    class Meta:
        primary_key = CompositeKey("role", "permission")


class Operator(ShopModel):
    """Someone who logs in. ``failures`` and ``blocked_until_at`` slow down guessing, over restarts too.

    ``pin_hash`` is of the PIN with which he allows others something at the till, empty without one.
    """

    name = TextField(unique=True)
    password_hash = TextField()
    company = ForeignKeyField(Company)
    company_id: int
    department = ForeignKeyField(Department, null=True)
    department_id: int | None
    superior = ForeignKeyField("self", null=True)
    superior_id: int | None
    active = FlagField(default=True)
    failures = IntegerField(default=0)
    blocked_until_at = InstantField(default=0)
    pin_hash = TextField(default="")
    pin_failures = IntegerField(default=0)
    pin_blocked_until_at = InstantField(default=0)
    created_at = InstantField()


class OperatorRole(KeyedModel):
    """A role an operator has."""

    operator = ForeignKeyField(Operator)
    operator_id: int
    role = ForeignKeyField(Role)
    role_id: int

    class Meta:
        primary_key = CompositeKey("operator", "role")


class OperatorCompany(KeyedModel):
    """A company an operator may work in."""

    operator = ForeignKeyField(Operator)
    operator_id: int
    company = ForeignKeyField(Company)
    company_id: int

    class Meta:
        primary_key = CompositeKey("operator", "company")


class NumberedDocument(ShopModel):
    """Head of a paper: ``key`` makes it be written once, ``number`` is its own in the shop. Has no table of its own."""

    key = TextField(unique=True)
    number = TextField(unique=True)
    company = ForeignKeyField(Company)
    company_id: int
    operator = ForeignKeyField(Operator)
    operator_id: int
