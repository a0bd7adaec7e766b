"""Who lacks a right at the till: a colleague's PIN, asked for in one small dialog."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.domains.access.pins import make_pin_hash, set_own_pin
from meiping.domains.access.queries import roles
from meiping.domains.access.service import save_role
from meiping.domains.sales.exchanging import lines_taken_back, refund_of_cart
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.rules import BELOW_FLOOR, BIG_DISCOUNT, CHANGE_PRICES, RETURN_GOODS
from meiping.domains.sales.terms import back_terms
from meiping.domains.till.approvals import keep_on_cart
from meiping.kernel.actor import Actor
from meiping.kernel.errors import PermissionDenied
from meiping.store.database import fetch
from meiping.ui.page_list import PAGES
from meiping.ui.shell.approval_dialog import ApprovalDialog
from tests.factories import add_product, cart_of, sell
from tests.shop import CHEAP, OpenedShop
from tests.windows import PageContext, dialogs, texts, when_asked

PIN = "4711"


@pytest.fixture
def manager(shop: OpenedShop) -> Actor:
    """The shop manager, with a PIN."""
    assert PAGES
    manager = shop.as_role("店长")
    set_own_pin(manager, pin_hash=make_pin_hash(PIN, cost=CHEAP))
    return manager


@pytest.fixture
def clerk(shop: OpenedShop, context: PageContext) -> Actor:
    """A clerk at work who may not take goods back."""
    clerk = shop.as_role("收银员")
    role = next(role for role in roles(shop.actor) if role.name == "收银员")
    left = set(role.permissions) - {"sales.return"}
    save_role(shop.actor, role_id=role.id, name=role.name, scope=role.scope, permissions=left)
    context.actor = clerk
    return clerk


def typed(pin: str, reason: str = "") -> Callable[[ApprovalDialog], None]:
    def fill(dialog: ApprovalDialog) -> None:
        dialog.form.set_value("pin", pin)
        dialog.form.set_value("reason", reason)

    return fill


def one_return(shop: OpenedShop) -> dict[str, Any]:
    sold = sell(shop, (add_product(shop, stock=5), 2))
    (line,) = fetch("SELECT id FROM sale_line WHERE sale_id = ?", sold.sale_id)
    return {"key": "r1", "sale_id": sold.sale_id, "quantities": {line[0]: 1000}}


def test_the_pin_is_asked_for_and_the_thing_is_done(
    root: ttk.App, shop: OpenedShop, context: PageContext, manager: Actor, clerk: Actor
) -> None:
    values = one_return(shop)
    shown: list[str] = []

    def fill(dialog: ApprovalDialog) -> None:
        shown.extend(texts(dialog))
        typed(PIN, "尺码不对")(dialog)

    when_asked(root, "批准", first=fill)
    assert context.run(return_goods, **values)
    assert "退货" in shown
    assert not dialogs(root)
    assert not context.actor.can(RETURN_GOODS)
    (told,) = fetch("SELECT operator_name, approver FROM operation WHERE action = 'sale.return'")
    assert told == (clerk.name, manager.name)


def test_a_wrong_pin_says_so_and_stays_and_esc_refuses_as_ever(
    root: ttk.App, shop: OpenedShop, context: PageContext, manager: Actor, clerk: Actor
) -> None:
    values = one_return(shop)
    said: list[str] = []

    def leave() -> None:
        (dialog,) = dialogs(root)
        said.extend(texts(dialog))
        dialog.event_generate("<Escape>")

    when_asked(root, "批准", first=typed("9999"))
    root.after(400, leave)
    assert not context.run(return_goods, **values)
    assert any("主管密码不对" in text for text in said)
    assert "没有“退货”的权限" in context.told()
    assert not fetch("SELECT 1 FROM sale WHERE kind = 'return'")


def test_nobody_is_asked_where_nobody_could_allow_it(
    root: ttk.App, shop: OpenedShop, context: PageContext, clerk: Actor
) -> None:
    assert not context.run(return_goods, **one_return(shop))
    assert "没有“退货”的权限" in context.told()
    assert not context.may_get(RETURN_GOODS)


def test_a_block_under_approval_ends_with_it(
    root: ttk.App, shop: OpenedShop, context: PageContext, manager: Actor, clerk: Actor
) -> None:
    when_asked(root, "批准", first=typed(PIN))
    with context.approved(RETURN_GOODS, "退货") as allowed:
        assert allowed
        assert context.actor.can(RETURN_GOODS)
    assert not context.actor.can(RETURN_GOODS)
    when_asked(root, "取消")
    with context.approved(RETURN_GOODS, "退货") as allowed:
        assert not allowed


def test_terms_allowed_on_a_cart_are_not_asked_for_again(
    root: ttk.App, shop: OpenedShop, context: PageContext, manager: Actor, clerk: Actor
) -> None:
    terms = {"cart_key": "a cart", "subject": "line:1:900:None:0"}
    when_asked(root, "批准", first=typed(PIN))
    context.require_on_cart([(CHANGE_PRICES, "可乐：单价 ¥10.00 改为 ¥9.00")], **terms)
    context.require_on_cart([(CHANGE_PRICES, "再来一次")], **terms)
    when_asked(root, "取消")
    with pytest.raises(PermissionDenied):
        context.require_on_cart([(CHANGE_PRICES, "再便宜些")], cart_key="a cart", subject="line:1:800:None:0")


def test_a_price_that_wants_several_rights_takes_one_pin(
    root: ttk.App, shop: OpenedShop, context: PageContext, manager: Actor, clerk: Actor
) -> None:
    terms = {"cart_key": "a cart", "subject": "line:1:100:None:0"}
    wanted = [
        (CHANGE_PRICES, "可乐：单价 ¥10.00 改为 ¥1.00"),
        (BELOW_FLOOR, "可乐低于最低价 ¥3.00"),
        (BIG_DISCOUNT, "可乐减价超过 20%"),
    ]
    when_asked(root, "批准", first=typed(PIN))
    context.require_on_cart(wanted, **terms)
    context.require_on_cart(wanted, **terms)
    told = fetch("SELECT kind, detail FROM till_event")
    assert told == [("approved", "改价与手动折扣、低于最低价出售、超过折扣上限")]


def test_what_a_return_was_allowed_for_settles_just_that_exchange(
    root: ttk.App, shop: OpenedShop, context: PageContext, manager: Actor, clerk: Actor
) -> None:
    product = add_product(shop, stock=5)
    sold = sell(shop, (product, 2))
    (line,) = fetch("SELECT id FROM sale_line WHERE sale_id = ?", sold.sale_id)
    taken = cart_of(shop, (product, 1))
    back = lines_taken_back(shop.actor, sale_id=sold.sale_id, quantities={line[0]: 1000})[1]
    cart = replace(taken, lines=(*back, *taken.lines))
    with pytest.raises(PermissionDenied):
        refund_of_cart(clerk, cart=cart)
    kept: dict[str, Any] = {
        "permission": RETURN_GOODS.key,
        "cart_key": cart.key,
        "subjects": [back_terms(back[0])],
    }
    with pytest.raises(PermissionDenied):
        keep_on_cart(clerk, **kept)
    when_asked(root, "批准", first=typed(PIN))
    with context.approved(RETURN_GOODS, "换货"):
        assert context.run(keep_on_cart, **kept)
    assert refund_of_cart(clerk, cart=cart).refund_fen == 0
    two = lines_taken_back(shop.actor, sale_id=sold.sale_id, quantities={line[0]: 2000})[1]
    with pytest.raises(PermissionDenied):
        refund_of_cart(clerk, cart=replace(cart, lines=(*two, *taken.lines)))
