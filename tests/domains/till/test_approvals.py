"""A manager's PIN: it allows one thing, once, and both names are kept."""

from dataclasses import replace
from typing import Any

import pytest
from peewee import DatabaseError

from meiping.domains.access.login import LoginRefused, log_in
from meiping.domains.access.pins import make_pin_hash, replace_own_pin, set_own_pin
from meiping.domains.access.queries import actor_for, operators, roles
from meiping.domains.access.service import change_operator, save_role
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import drop_cart, save_cart
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.rules import CHANGE_PRICES, RETURN_GOODS
from meiping.domains.sales.service import checkout
from meiping.domains.sales.terms import line_terms
from meiping.domains.settings.options import APPROVABLE
from meiping.domains.settings.service import save_options
from meiping.domains.till.approvals import ApprovalRefused, approve, approvers
from meiping.kernel.actor import Actor, Approval
from meiping.kernel.errors import InputError, PermissionDenied
from meiping.kernel.permissions import all_permissions
from meiping.store.database import db, fetch
from meiping.ui.page_list import PAGES
from tests.factories import add_product, cart_of, sell
from tests.shop import CHEAP, PASSWORD, OpenedShop

PIN = "4711"
WRONG = "1234"


@pytest.fixture
def manager(shop: OpenedShop) -> Actor:
    """The shop manager, with a PIN."""
    manager = shop.as_role("店长")
    set_own_pin(manager, pin_hash=make_pin_hash(PIN, cost=CHEAP))
    return manager


@pytest.fixture
def clerk(shop: OpenedShop) -> Actor:
    """A clerk who may not take goods back."""
    clerk = shop.as_role("收银员")
    keep = without(shop, "收银员", "sales.return")
    assert not keep & {"sales.return", "sales.discount"}
    return clerk


def without(shop: OpenedShop, role_name: str, *keys: str) -> set[str]:
    """Take rights from a role; gives those left."""
    role = next(role for role in roles(shop.actor) if role.name == role_name)
    left = set(role.permissions) - set(keys)
    save_role(shop.actor, role_id=role.id, name=role.name, scope=role.scope, permissions=left)
    return left


def allowed_by(actor: Actor, approval: Approval) -> Actor:
    return replace(actor, approvals=(approval,))


def test_the_shop_lists_every_right_that_can_be_approved() -> None:
    assert PAGES, "the pages' rooms have declared their rights"
    declared = {(one.key, one.title) for one in all_permissions() if one.approvable}
    assert declared <= set(APPROVABLE)


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "１２３４", "7777"])
def test_a_pin_is_four_to_eight_digits_that_differ(pin: str) -> None:
    with pytest.raises(InputError) as refused:
        make_pin_hash(pin, cost=CHEAP)
    assert refused.value.field == "pin"


def test_only_who_holds_the_right_and_has_a_pin_can_approve(
    shop: OpenedShop, manager: Actor, clerk: Actor
) -> None:
    shop.add_operator("没有密码的店长", "店长")
    assert approvers(clerk, permission=RETURN_GOODS.key) == [(manager.operator_id, manager.name)]
    with pytest.raises(InputError, match="不能批准"):
        approve(clerk, approver_id=shop.actor.operator_id, pin=PIN, permission=RETURN_GOODS.key)


def test_a_return_approved_by_pin_keeps_both_names(shop: OpenedShop, manager: Actor, clerk: Actor) -> None:
    sold = sell(shop, (add_product(shop, stock=5), 2))
    (line,) = fetch("SELECT id FROM sale_line WHERE sale_id = ?", sold.sale_id)
    values: dict[str, Any] = {"key": "r1", "sale_id": sold.sale_id, "quantities": {line[0]: 1000}}
    with pytest.raises(PermissionDenied) as denied:
        return_goods(clerk, **values)
    assert denied.value.approvable
    approval = approve(
        clerk, approver_id=manager.operator_id, pin=PIN, permission=RETURN_GOODS.key, reason="尺码不对"
    )
    return_goods(allowed_by(clerk, approval), **values)
    (entry,) = fetch("SELECT operator_name, approver FROM operation WHERE action = 'sale.return'")
    assert entry == (clerk.name, manager.name)
    events = fetch("SELECT kind, operator_id, approver_id, amount_fen, detail FROM till_event ORDER BY id")
    assert events[0][:3] == ("approved", clerk.operator_id, manager.operator_id)
    assert events[0][4] == "退货：尺码不对"
    assert events[1][:4] == ("returned", clerk.operator_id, manager.operator_id, 1_000)


def test_an_approval_works_once_and_for_one_right(shop: OpenedShop, manager: Actor, clerk: Actor) -> None:
    sold = sell(shop, (add_product(shop, stock=5), 3))
    (line,) = fetch("SELECT id FROM sale_line WHERE sale_id = ?", sold.sale_id)
    approval = approve(clerk, approver_id=manager.operator_id, pin=PIN, permission=RETURN_GOODS.key)
    acting = allowed_by(clerk, approval)
    assert not acting.can(CHANGE_PRICES)
    return_goods(acting, key="r1", sale_id=sold.sale_id, quantities={line[0]: 1000})
    with pytest.raises(PermissionDenied):
        return_goods(acting, key="r2", sale_id=sold.sale_id, quantities={line[0]: 1000})


def test_a_refused_verb_does_not_use_an_approval_up(shop: OpenedShop, manager: Actor, clerk: Actor) -> None:
    sold = sell(shop, (add_product(shop, stock=5), 1))
    (line,) = fetch("SELECT id FROM sale_line WHERE sale_id = ?", sold.sale_id)
    approval = approve(clerk, approver_id=manager.operator_id, pin=PIN, permission=RETURN_GOODS.key)
    acting = allowed_by(clerk, approval)
    with pytest.raises(InputError):
        return_goods(acting, key="r1", sale_id=sold.sale_id, quantities={line[0]: 9_000})
    return_goods(acting, key="r1", sale_id=sold.sale_id, quantities={line[0]: 1000})


def test_an_approval_ends_with_the_right_of_who_gave_it(
    shop: OpenedShop, manager: Actor, clerk: Actor
) -> None:
    acting = allowed_by(
        clerk, approve(clerk, approver_id=manager.operator_id, pin=PIN, permission=RETURN_GOODS.key)
    )
    assert acting.can(RETURN_GOODS)
    without(shop, "店长", "sales.return")
    assert not acting.can(RETURN_GOODS)


def test_a_clerk_who_was_dismissed_acts_no_more_on_an_approval(
    shop: OpenedShop, manager: Actor, clerk: Actor
) -> None:
    acting = allowed_by(
        clerk, approve(clerk, approver_id=manager.operator_id, pin=PIN, permission=RETURN_GOODS.key)
    )
    (row,) = [one for one in operators(shop.actor).rows if one["id"] == clerk.operator_id]
    change_operator(
        shop.actor,
        operator_id=clerk.operator_id,
        name=clerk.name,
        role_ids=row["role_ids"],
        company_id=row["company_id"],
        active=False,
    )
    assert not acting.can(RETURN_GOODS)


def test_where_the_shop_takes_no_pin_nobody_can_approve(
    shop: OpenedShop, manager: Actor, clerk: Actor
) -> None:
    save_options(shop.actor, values={"till.pin_rights": ["sales.discount"]})
    assert approvers(clerk, permission=RETURN_GOODS.key) == []
    assert approvers(clerk, permission=CHANGE_PRICES.key) == [(manager.operator_id, manager.name)]
    with pytest.raises(InputError):
        approve(clerk, approver_id=manager.operator_id, pin=PIN, permission=RETURN_GOODS.key)


def test_a_pin_wrong_five_times_is_locked_for_five_minutes_and_logins_are_not(
    shop: OpenedShop, manager: Actor, clerk: Actor
) -> None:
    wanted: dict[str, Any] = {"approver_id": manager.operator_id, "permission": RETURN_GOODS.key}
    for wait_s in (1, 2, 4, 8, 300):
        with pytest.raises(ApprovalRefused) as refused:
            approve(clerk, pin=WRONG, **wanted)
        assert refused.value.wait_s == wait_s
        with pytest.raises(LoginRefused):
            approve(clerk, pin=PIN, **wanted)
        shop.clock.advance(seconds=min(wait_s, 299))
    with pytest.raises(LoginRefused, match="主管密码"):
        approve(actor_for(clerk.operator_id, clock=shop.clock), pin=PIN, **wanted)
    assert log_in(name=manager.name, password=PASSWORD, clock=shop.clock).operator_id == manager.operator_id
    shop.clock.advance(seconds=2)
    assert approve(clerk, pin=PIN, **wanted).approver == manager.name
    assert [kind for (kind,) in fetch("SELECT kind FROM till_event")] == ["refused"] * 5 + ["approved"]


def test_no_pin_stands_in_the_log(shop: OpenedShop, manager: Actor, clerk: Actor) -> None:
    with pytest.raises(ApprovalRefused):
        approve(clerk, approver_id=manager.operator_id, pin=WRONG, permission=RETURN_GOODS.key)
    shop.clock.advance(seconds=5)
    approve(clerk, approver_id=manager.operator_id, pin=PIN, permission=RETURN_GOODS.key)
    told = repr(fetch("SELECT * FROM operation")) + repr(fetch("SELECT * FROM till_event"))
    assert PIN not in told
    assert WRONG not in told


def test_ones_own_pin_needs_ones_password(shop: OpenedShop, manager: Actor) -> None:
    new = make_pin_hash("90210", cost=CHEAP)
    with pytest.raises(LoginRefused):
        replace_own_pin(manager, password="wrong1", new=new)
    shop.clock.advance(seconds=5)
    replace_own_pin(manager, password=PASSWORD, new=new)
    clerk = shop.as_role("业务员")
    approval = approve(clerk, approver_id=manager.operator_id, pin="90210", permission=RETURN_GOODS.key)
    assert approval.approver == manager.name


# ------------------------------------------------------------------ on a cart


def test_goods_that_stood_there_for_long_and_whole_bills_need_the_right_to_void(
    shop: OpenedShop, manager: Actor, clerk: Actor
) -> None:
    without(shop, "收银员", "sales.void")
    added_at = int(shop.clock().timestamp() * 1000)
    cart = cart_of(shop, (add_product(shop), 2))
    cart = cart.with_line(0, replace(cart.lines[0], added_at=added_at))
    save_cart(clerk, cart=cart)
    shop.clock.advance(seconds=9)
    save_cart(clerk, cart=cart.with_line(0, None))
    save_cart(clerk, cart=cart)
    shop.clock.advance(seconds=1)
    with pytest.raises(PermissionDenied):
        save_cart(clerk, cart=cart.with_line(0, None))
    with pytest.raises(PermissionDenied):
        drop_cart(clerk, key=cart.key)
    drop_cart(manager, key=cart.key)
    found = fetch("SELECT kind, operator_id, amount_fen FROM till_event ORDER BY id")
    assert found == [
        ("line_removed", clerk.operator_id, 2_000),
        ("bill_cleared", manager.operator_id, 2_000),
    ]


def cheaper(shop: OpenedShop, price_fen: int) -> Cart:
    """A cart under one key with one product, sold at this price instead of ¥10.00."""
    product_id = next((row[0] for row in fetch("SELECT id FROM product WHERE name = '可乐'")), None)
    cart = cart_of(shop, (product_id or add_product(shop, name="可乐", stock=9), 2))
    line = replace(cart.lines[0], price_fen=price_fen)
    return replace(cart.with_line(0, line), key="one cart")


def allow_terms(clerk: Actor, manager: Actor, cart: Cart) -> None:
    approve(
        clerk,
        approver_id=manager.operator_id,
        pin=PIN,
        permission=CHANGE_PRICES.key,
        cart_key=cart.key,
        subject=line_terms(cart.lines[0]),
    )


def pay(clerk: Actor, cart: Cart) -> int:
    total_fen = price_bill(cart).total_fen
    return checkout(clerk, cart=cart, payments=[Payment("cash", total_fen)]).sale_id


def test_a_price_allowed_on_a_cart_reaches_its_bill_with_both_names(
    shop: OpenedShop, manager: Actor, clerk: Actor
) -> None:
    cart = cheaper(shop, 900)
    with pytest.raises(PermissionDenied):
        pay(clerk, cart)
    allow_terms(clerk, manager, cart)
    sale_id = pay(clerk, cart)
    told = fetch("SELECT kind, operator_id, approver_id, amount_fen, source_id FROM till_event ORDER BY id")
    assert told[-1] == ("price_changed", clerk.operator_id, manager.operator_id, 200, sale_id)


def test_only_the_terms_that_were_allowed_may_stand_and_only_on_that_cart(
    shop: OpenedShop, manager: Actor, clerk: Actor
) -> None:
    allow_terms(clerk, manager, cheaper(shop, 900))
    with pytest.raises(PermissionDenied):
        pay(clerk, cheaper(shop, 899))
    with pytest.raises(PermissionDenied):
        pay(clerk, replace(cheaper(shop, 900), key="another cart"))
    with pytest.raises(PermissionDenied):
        pay(clerk, replace(cheaper(shop, 900), bill_reduction_fen=100))
    more = cheaper(shop, 900)
    assert pay(clerk, more.with_line(0, replace(more.lines[0], qty_milli=3_000)))


def test_an_allowed_price_stands_no_more_once_its_giver_has_lost_the_right(
    shop: OpenedShop, manager: Actor, clerk: Actor
) -> None:
    cart = cheaper(shop, 900)
    allow_terms(clerk, manager, cart)
    without(shop, "店长", "sales.discount")
    with pytest.raises(PermissionDenied):
        pay(clerk, cart)


def test_what_was_allowed_and_what_happened_is_never_changed(
    shop: OpenedShop, manager: Actor, clerk: Actor
) -> None:
    allow_terms(clerk, manager, cheaper(shop, 900))
    for table in ("till_approval", "till_event"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET at = 0"):
            with pytest.raises(DatabaseError, match="never changed"):
                db.execute_sql(statement)
