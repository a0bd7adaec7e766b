"""Permissions about people, the roles a shop begins with, and how guessing passwords is slowed down."""

from dataclasses import dataclass

from meiping.kernel.actor import Scope
from meiping.kernel.errors import InputError
from meiping.kernel.permissions import permission

MANAGE_ACCESS = permission("access.manage", "管理操作员与角色", group="系统")

PASSWORD_MINIMUM = 6
PIN_DIGITS = (4, 8)
"""The fewest and the most digits of a manager's PIN."""
PIN_HINT = f"{PIN_DIGITS[0]} 到 {PIN_DIGITS[1]} 位数字"
ADMINISTRATOR_ROLE = "系统管理员"


@dataclass(frozen=True, slots=True)
class RoleSeed:
    """A role a new shop begins with."""

    name: str
    scope: Scope
    permissions: tuple[str, ...]


_COUNTER = (
    "sales.void",
    "customers.view",
    "customers.find_any",
    "customers.edit",
    "products.view",
    "money.view",
    "wallet.recharge",
    "loyalty.use_cards",
    "customers.cards",
    "receivables.receive",
    "sales.checkout",
    "sales.deposit",
    "sales.view",
    "till.shift",
    "till.cash",
    "till.drawer",
    "reminders.use",
    "office.tasks",
    "service.view",
    "service.handle",
)
ROLE_SEEDS = (
    RoleSeed(
        "店长",
        Scope.COMPANY,
        (
            *_COUNTER,
            "customers.delete",
            "customers.credit",
            "customers.transfer",
            "customers.merge",
            "customers.force_twin",
            "customers.claim",
            "office.lead_tasks",
            "service.assign",
            "wallet.refund",
            "sales.waive_pin",
            "receivables.write_off",
            "expenses.view",
            "expenses.make",
            "expenses.approve",
            "expenses.pay",
            "wallet.bonus",
            "wallet.rules",
            "loyalty.adjust",
            "loyalty.cards",
            "products.edit",
            "products.cost",
            "stock.view",
            "stock.receive",
            "stock.issue",
            "sales.discount",
            "sales.credit",
            "sales.return",
            "sales.deposit_back",
            "sales.change_tender",
            "sales.invoice",
            "sales.below_floor",
            "sales.big_discount",
            "prices.rules",
            "till.watch",
            "till.big_difference",
            "reports.view",
            "data.export",
            "data.import",
            "backup.make",
            "audit.view",
        ),
    ),
    RoleSeed("收银员", Scope.COMPANY, (*_COUNTER, "sales.credit", "sales.return", "sales.invoice")),
    RoleSeed(
        "业务员",
        Scope.OWN,
        (
            "customers.view",
            "customers.edit",
            "customers.claim",
            "money.view",
            "products.view",
            "sales.view",
            "reminders.use",
            "office.tasks",
            "service.view",
            "service.handle",
        ),
    ),
)

FIRST_DELAYS_S = (1, 2, 4, 8)
LOCK_S = 300


def block_seconds(failures: int) -> int:
    """How long an operator must wait after this many wrong passwords in a row: 1, 2, 4, 8 s, then 5 minutes."""
    if failures <= 0:
        return 0
    return FIRST_DELAYS_S[failures - 1] if failures <= len(FIRST_DELAYS_S) else LOCK_S


def told_to_wait(what: str, wait_s: int, *, wrong: str = "") -> str:
    """The sentence after a wrong password or PIN, and the time until the next try."""
    if wait_s > 60:
        return f"{what}输错太多次，请 {(wait_s + 59) // 60} 分钟后再试。"
    return f"{wrong or what}不对，请 {wait_s} 秒后再试。"


def check_password(password: str) -> None:
    """Raise InputError for a password that is too short or nothing but one character."""
    if len(password) < PASSWORD_MINIMUM:
        raise InputError(f"密码至少要 {PASSWORD_MINIMUM} 位。", field="password")
    if len(set(password)) == 1:
        raise InputError("密码不能全是同一个字符，请换一个。", field="password")


def check_pin(pin: str, *, name: str = "主管密码") -> None:
    """Raise InputError unless a PIN, called ``name``, is 4 to 8 digits and not one digit over and over."""
    fewest, most = PIN_DIGITS
    if not (pin.isascii() and pin.isdigit() and fewest <= len(pin) <= most):
        raise InputError(f"{name}是 {fewest} 到 {most} 位数字。", field="pin")
    if len(set(pin)) == 1:
        raise InputError(f"{name}不能全是同一个数字，请换一个。", field="pin")
