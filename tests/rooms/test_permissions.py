"""Who may do what: every verb and query with and without its permission, and what the seeded roles hold."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import meiping
from meiping.domains.access.login import nobody
from meiping.domains.access.queries import roles
from meiping.domains.access.rules import ADMINISTRATOR_ROLE, ROLE_SEEDS
from meiping.domains.access.service import add_company, change_operator, save_role
from meiping.domains.stock.queries import StockFilter
from meiping.kernel.actor import Actor, Approval, Scope
from meiping.kernel.errors import InputError, LoggedOut, NotFound, PermissionDenied, UserError
from meiping.kernel.permissions import OPEN, Permission, all_permissions
from meiping.store.database import fetch, fetch_value
from meiping.store.unit_of_work import Query, Verb
from meiping.ui.page_list import PAGES
from tests.rooms.case_examples import CASES_OF_OTHERS
from tests.rooms.examples import (
    ALSO_NEEDED,
    CANARY,
    EXAMPLES,
    FURTHER,
    OPEN_VERBS,
    TRIAL_ROLE,
    UNIT_COST_FEN,
    Example,
    Furnished,
    furnish,
    operations,
    reopened,
)
from tests.rooms.renewal_examples import RENEWALS_OF_OTHERS
from tests.shop import OpenedShop
from tests.whole_file import changed_tables, contents

OPERATIONS = operations()
EVERY_KEY = {permission.key for permission in all_permissions()}

ROLES = """
                        店长  收银员  业务员
    customers.view        ✓      ✓      ✓
    customers.edit        ✓      ✓      ✓
    customers.find_any    ✓      ✓      –
    customers.delete      ✓      –      –
    customers.credit      ✓      –      –
    customers.transfer    ✓      –      –
    customers.merge       ✓      –      –
    customers.force_twin  ✓      –      –
    customers.claim       ✓      –      ✓
    products.view         ✓      ✓      ✓
    products.edit         ✓      –      –
    products.cost         ✓      –      –
    stock.view            ✓      –      –
    stock.receive         ✓      –      –
    stock.issue           ✓      –      –
    sales.checkout        ✓      ✓      –
    sales.view            ✓      ✓      ✓
    sales.credit          ✓      ✓      –
    sales.discount        ✓      –      –
    sales.return          ✓      ✓      –
    sales.void            ✓      ✓      –
    sales.change_tender   ✓      –      –
    sales.waive_pin       ✓      –      –
    sales.invoice         ✓      ✓      –
    sales.deposit         ✓      ✓      –
    sales.deposit_back    ✓      –      –
    sales.below_floor     ✓      –      –
    sales.big_discount    ✓      –      –
    prices.rules          ✓      –      –
    till.watch            ✓      –      –
    till.shift            ✓      ✓      –
    till.cash             ✓      ✓      –
    till.drawer           ✓      ✓      –
    till.big_difference   ✓      –      –
    wallet.recharge       ✓      ✓      –
    wallet.refund         ✓      –      –
    wallet.bonus          ✓      –      –
    wallet.rules          ✓      –      –
    loyalty.adjust        ✓      –      –
    loyalty.cards         ✓      –      –
    customers.cards       ✓      ✓      –
    loyalty.use_cards     ✓      ✓      –
    receivables.receive   ✓      ✓      –
    receivables.write_off ✓      –      –
    expenses.view         ✓      –      –
    expenses.make         ✓      –      –
    expenses.approve      ✓      –      –
    expenses.pay          ✓      –      –
    money.view            ✓      ✓      ✓
    reminders.use         ✓      ✓      ✓
    office.tasks          ✓      ✓      ✓
    office.lead_tasks     ✓      –      –
    service.view          ✓      ✓      ✓
    service.handle        ✓      ✓      ✓
    service.assign        ✓      –      –
    reports.view          ✓      –      –
    audit.view            ✓      –      –
    data.export           ✓      –      –
    data.import           ✓      –      –
    data.check            –      –      –
    backup.make           ✓      –      –
    backup.restore        –      –      –
    settings.manage       –      –      –
    access.manage         –      –      –
"""
SCOPES = {"店长": Scope.COMPANY, "收银员": Scope.COMPANY, "业务员": Scope.OWN}


@pytest.fixture(scope="module")
def furnished_shop(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    return furnish(tmp_path_factory.mktemp("furnished") / "data")


@pytest.fixture(scope="module")
def founded_folder(furnished_shop: Furnished) -> Path:
    """Every shop here begins furnished."""
    return furnished_shop.folder


@pytest.fixture
def furnished(furnished_shop: Furnished, shop: OpenedShop) -> Furnished:
    return reopened(furnished_shop, shop)


def allow(furnished: Furnished, keys: set[str], scope: Scope = Scope.ALL) -> None:
    """Let the trainee hold just these permissions from now on."""
    save_role(furnished.admin, role_id=furnished.trial_role, name=TRIAL_ROLE, scope=scope, permissions=keys)


def dismiss(furnished: Furnished) -> None:
    change_operator(
        furnished.admin,
        operator_id=furnished.trainee.operator_id,
        name=furnished.trainee.name,
        role_ids=[furnished.trial_role],
        company_id=furnished.trainee.company_id,
        active=False,
    )


@contextmanager
def refused(actor: Actor, key: str) -> Iterator[None]:
    """What is done within is denied for want of ``key``, changes nothing, and is written down once."""
    before = contents()
    with pytest.raises(PermissionDenied) as denied:
        yield
    after = contents()
    assert denied.value.permission == key
    assert changed_tables(before, after) == {"operation", "sqlite_sequence"}
    (line,) = after["operation"][len(before["operation"]) :]
    _id, _at, operator_id, _name, _company, action, *_, summary, _approver = line
    assert (operator_id, action) == (actor.operator_id, "denied")
    assert denied.value.title in summary


@contextmanager
def logged_out() -> Iterator[None]:
    """What is done within tells an operator who is no longer active that he is out, and changes nothing."""
    before = contents()
    with pytest.raises(LoggedOut):
        yield
    assert contents() == before


# ------------------------------------------------------------- the table of verbs and queries
def test_every_verb_and_query_has_an_example() -> None:
    assert set(OPERATIONS) == set(EXAMPLES) | OPEN_VERBS
    assert {name for name, one in OPERATIONS.items() if one.permission is OPEN} == OPEN_VERBS


@pytest.mark.parametrize("name", EXAMPLES)
def test_needs_its_permission_at_each_call(furnished: Furnished, name: str) -> None:
    operation, trainee = OPERATIONS[name], furnished.trainee
    key = operation.permission.key
    values = EXAMPLES[name](furnished)
    allow(furnished, EVERY_KEY - {key})
    with refused(trainee, key):
        operation(trainee, **values)
    allow(furnished, {key} | {ALSO_NEEDED[name]} if name in ALSO_NEEDED else {key})
    operation(trainee, **values)
    dismiss(furnished)
    with logged_out():
        operation(trainee, **values)
    with logged_out():
        operation(nobody(furnished.shop.clock), **values)


@pytest.mark.parametrize(
    ("name", "second", "example"),
    [*FURTHER, *((name, second, EXAMPLES[name]) for name, second in ALSO_NEEDED.items())],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_some_calls_need_a_second_permission(
    furnished: Furnished, name: str, second: str, example: Example
) -> None:
    operation, trainee = OPERATIONS[name], furnished.trainee
    values = example(furnished)
    allow(furnished, EVERY_KEY - {second})
    with refused(trainee, second):
        operation(trainee, **values)
    allow(furnished, {operation.permission.key, second})
    operation(trainee, **values)


def test_a_list_price_of_ones_own_needs_the_right_to_change_prices(furnished: Furnished) -> None:
    cart = furnished.cart()
    cheaper = cart.with_line(0, replace(cart.lines[0], list_price_fen=90_000, price_fen=90_000))
    values = {"cart": cheaper, "payments": furnished.total(cheaper)}
    allow(furnished, EVERY_KEY - {"sales.discount"})
    before = contents()
    with pytest.raises(InputError, match=r"售价现在是 ¥1,000\.00"):
        OPERATIONS["sales.checkout"](furnished.trainee, **values)
    assert contents() == before
    allow(furnished, EVERY_KEY)
    OPERATIONS["sales.checkout"](furnished.trainee, **values)


APPROVED = [
    name for name in EXAMPLES if OPERATIONS[name].permission.approvable and isinstance(OPERATIONS[name], Verb)
]


@pytest.mark.parametrize("name", APPROVED)
def test_what_a_colleague_allowed_is_done_once_and_leaves_both_names(furnished: Furnished, name: str) -> None:
    operation, trainee = OPERATIONS[name], furnished.trainee
    key = operation.permission.key
    first, second = EXAMPLES[name](furnished), EXAMPLES[name](furnished)
    allow(furnished, EVERY_KEY - {key})
    admin = furnished.admin
    allowed = replace(trainee, approvals=(Approval(admin.operator_id, admin.name, key),))
    operation(allowed, **first)
    told = fetch("SELECT operator_name, approver FROM operation ORDER BY id DESC LIMIT 1")
    assert told == [(trainee.name, admin.name)]
    with refused(allowed, key):
        operation(allowed, **second)


# ------------------------------------------------------------- what is shown
def shown(result: Any) -> str:
    """Everything a query gives, as text."""
    if hasattr(result, "window"):
        return repr([*result.window(0, 500, None), result.summary()])
    return repr(result)


QUERIES = [name for name in EXAMPLES if isinstance(OPERATIONS[name], Query)]
READS = [name for name in QUERIES if not name.startswith("maintenance.")]


def test_costs_are_blank_without_the_right_to_see_them(furnished: Furnished) -> None:
    costs = {str(UNIT_COST_FEN * pieces) for pieces in range(1, 12)}
    profits = {str((100_000 - UNIT_COST_FEN) * pieces) for pieces in range(1, 4)}
    told: dict[str, str] = {}
    for name in READS:
        if OPERATIONS[name].permission.key != "products.cost":
            values = EXAMPLES[name](furnished)
            allow(furnished, EVERY_KEY - {"products.cost"})
            told[name] = shown(OPERATIONS[name](furnished.trainee, **values))
    assert not [name for name in told if any(figure in told[name] for figure in costs | profits)]
    allow(furnished, EVERY_KEY)
    assert str(UNIT_COST_FEN) in shown(
        OPERATIONS["stock.stock_list"](furnished.trainee, filter=StockFilter())
    )


# ------------------------------------------------------------- whose records
@pytest.fixture(params=["who sees own customers only", "who works in another company"])
def outsider(request: pytest.FixtureRequest, furnished: Furnished) -> Actor:
    """The trainee with all permissions but to find any customer, and the canary outside his scope."""
    if request.param.endswith("only"):
        allow(furnished, EVERY_KEY - {"customers.find_any"}, Scope.OWN)
        return furnished.trainee
    allow(furnished, EVERY_KEY - {"customers.find_any"}, Scope.COMPANY)
    return replace(furnished.trainee, company_id=add_company(furnished.admin, name="分店"))


def test_an_outsider_is_shown_nobody_elses_customers(furnished: Furnished, outsider: Actor) -> None:
    told: dict[str, str] = {}
    for name in READS:
        with suppress(NotFound):
            told[name] = shown(OPERATIONS[name](outsider, **EXAMPLES[name](furnished)))
    assert not [name for name in told if any(word in told[name] for word in CANARY.values())]
    assert len(told) > len(READS) / 2


@pytest.mark.parametrize(
    "name",
    [
        *CASES_OF_OTHERS,
        *RENEWALS_OF_OTHERS,
        "contacts.add_contact",
        "contacts.add_record",
        "contacts.change_contact",
        "contacts.change_record",
        "contacts.contact_detail",
        "contacts.contact_names",
        "contacts.contacts_of",
        "contacts.delete_contacts",
        "contacts.delete_records",
        "contacts.plan_visits",
        "contacts.record_detail",
        "contacts.records_of",
        "contacts.restore_contacts",
        "contacts.restore_records",
        "contacts.set_main_contact",
        "customers.change_customer",
        "customers.customer_changes",
        "customers.customer_detail",
        "customers.customer_hit",
        "customers.share_customers",
        "customers.shares_of",
        "documents.add_documents",
        "documents.change_document",
        "documents.document_detail",
        "documents.documents_of",
        "documents.hand_out_documents",
        "documents.replace_document",
        "documents.set_photo",
        "ledger.customer_balances",
        "ledger.statement",
        "office.add_task",
        "office.tasks_of",
        "receivables.receive",
        "reminders.add_reminder",
        "reminders.change_reminder",
        "reminders.delete_reminders",
        "reminders.mark_done",
        "reminders.reminder_detail",
        "reminders.reminders_of",
        "reminders.snooze",
        "reminders.take_back",
        "sales.bill_by_number",
        "sales.bill_detail",
        "sales.bills_of",
        "sales.customer_at_till",
        "sales.cancel_invoice",
        "sales.invoice_bills",
        "sales.invoice_draft",
        "sales.standing_invoice",
        "sales.last_price_fen",
        "sales.refund_of",
        "sales.return_goods",
        "sales.refund_of_card",
        "sales.return_card",
        "receivables.payment_slip",
        "wallet.recharge",
        "loyalty.adjust_points",
        "customers.freeze_card",
        "customers.replace_card",
        "customers.unfreeze_card",
        "customers.level_of",
        "loyalty.card_use_slip",
        "loyalty.cards_of",
        "loyalty.undo_use",
        "loyalty.use_card",
        "loyalty.uses_of",
        "loyalty.customer_points",
        "loyalty.point_moves",
        "wallet.recharge_offer",
        "wallet.recharge_slip",
        "wallet.refund",
        "wallet.refund_slip",
    ],
)
def test_an_outsider_touches_nobody_elses_customers(furnished: Furnished, outsider: Actor, name: str) -> None:
    values = EXAMPLES[name](furnished)
    before = contents()
    with pytest.raises(UserError, match=r"范围|没有"):
        OPERATIONS[name](outsider, **values)
    assert contents() == before


@pytest.mark.parametrize("name", ["customers.delete_customers", "customers.restore_customers"])
def test_customers_outside_the_scope_are_passed_over(
    furnished: Furnished, outsider: Actor, name: str
) -> None:
    before = contents()
    assert OPERATIONS[name](outsider, **EXAMPLES[name](furnished)) == 0
    assert contents() == before


def test_who_may_find_any_customer_serves_one_outside_his_scope(furnished: Furnished) -> None:
    cart = furnished.cart(customer_id=furnished.canary)
    values = {"cart": cart, "payments": furnished.total(cart)}
    checkout, trainee = OPERATIONS["sales.checkout"], furnished.trainee
    allow(furnished, {"sales.checkout"}, Scope.OWN)
    with pytest.raises(NotFound):
        checkout(trainee, **values)
    allow(furnished, {"sales.checkout", "customers.find_any"}, Scope.OWN)
    assert checkout(trainee, **values).total_fen == 100_000


# ------------------------------------------------------------- permissions and roles
def _wants(called: ast.expr) -> bool:
    """``Wanted(X, ...)``: what the terms of a cart ask for."""
    return isinstance(called, ast.Name) and called.id == "Wanted"


def permissions_asked_for() -> set[str]:
    """The permissions that code names in ``actor.require(X)``, ``actor.can(X)`` and ``Wanted(X, ...)``."""
    asked: set[str] = set()
    for found in pkgutil.walk_packages(meiping.__path__, "meiping."):
        if not found.name.startswith(("meiping.domains", "meiping.ui")):
            continue
        module = importlib.import_module(found.name)
        for call in ast.walk(ast.parse(inspect.getsource(module))):
            if (
                isinstance(call, ast.Call)
                and (getattr(call.func, "attr", "") in ("require", "can") or _wants(call.func))
                and call.args
                and isinstance(call.args[0], ast.Name)
            ):
                wanted = getattr(module, call.args[0].id, None)
                asked |= {wanted.key} if isinstance(wanted, Permission) else set()
    return asked


def test_every_declared_permission_is_used() -> None:
    used = {one.permission.key for one in (*OPERATIONS.values(), *PAGES)} | permissions_asked_for()
    assert used - {OPEN.key} == EVERY_KEY


def test_every_permission_of_a_seeded_role_is_declared() -> None:
    for seed in ROLE_SEEDS:
        assert set(seed.permissions) <= EVERY_KEY
        assert len(set(seed.permissions)) == len(seed.permissions)


def test_the_seeded_roles_may_do_what_the_table_says(shop: OpenedShop) -> None:
    head, *lines = [line.split() for line in ROLES.strip().splitlines()]
    assert {key for key, *_ in lines} == EVERY_KEY
    for column, role in enumerate(head):
        actor = shop.as_role(role)
        held = {permission.key for permission in all_permissions() if actor.can(permission)}
        assert held == {key for key, *ticks in lines if ticks[column] == "✓"}, role
        assert actor.scope() is SCOPES[role]
    assert [role.name for role in roles(shop.actor)[:4]] == [ADMINISTRATOR_ROLE, *head]


def test_the_administrator_may_do_everything(shop: OpenedShop) -> None:
    assert all(shop.actor.can(permission) for permission in all_permissions())
    assert shop.actor.scope() is Scope.ALL
    assert fetch_value("SELECT count(*) FROM role WHERE administrator") == 1
