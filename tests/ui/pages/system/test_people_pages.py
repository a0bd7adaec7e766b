"""操作员 and 角色: who may come in, and what they may do."""

import tkinter as tk
from collections.abc import Callable
from typing import Any

import meiping.ui.page_list  # noqa: F401  every room has registered its permissions
from meiping.domains.access.login import log_in
from meiping.domains.access.queries import operators, roles
from meiping.kernel.actor import Scope
from meiping.ui.pages.system import operators_page, roles_page
from meiping.ui.pages.system.role_dialog import permission_groups
from tests.shop import OpenedShop
from tests.windows import PageContext, dialogs, texts, when_asked

Opened = Callable[[Any], Any]
Front = Callable[[], Any]
Fill = Callable[..., None]
Press = Callable[..., None]


def role_id(shop: OpenedShop, name: str) -> int:
    return next(role.id for role in roles(shop.actor) if role.name == name)


def test_a_new_operator_can_log_in(
    opened: Opened, context: PageContext, shop: OpenedShop, front: Front, fill: Fill, press: Press
) -> None:
    page = opened(operators_page.PAGE)
    press(page.list.tree, "<Control-n>")
    dialog = front()
    clerk = role_id(shop, "收银员")
    fill(dialog, name="小陈", password="tea4two", again="tea4two", **{f"role__{clerk}": True})
    press(dialog, "<Control-s>")
    assert not dialogs(page.widget.winfo_toplevel())
    assert page.list.current_row()["name"] == "小陈"
    assert log_in(name="小陈", password="tea4two", clock=shop.clock).name == "小陈"


def test_mistakes_are_told_beside_the_field_and_nothing_typed_is_lost(
    opened: Opened, context: PageContext, shop: OpenedShop, front: Front, fill: Fill, press: Press
) -> None:
    page = opened(operators_page.PAGE)
    page.add()
    dialog = front()
    clerk = f"role__{role_id(shop, '收银员')}"
    fill(dialog, name="王老板", password="tea4two", again="tea4twO")
    press(dialog, "<Control-s>")
    assert "两次输入的密码不一样，请重新输入。" in texts(dialog)
    fill(dialog, again="tea4two")
    press(dialog, "<Control-s>")
    assert "请至少选一个角色。" in texts(dialog)
    fill(dialog, password="short", again="short", **{clerk: True})
    press(dialog, "<Control-s>")
    assert "密码至少要 6 位。" in texts(dialog)
    fill(dialog, password="tea4two", again="tea4two")
    press(dialog, "<Control-s>")
    assert "已经有叫“王老板”的操作员，请换个名字。" in texts(dialog)
    assert dialog.form.value("name") == "王老板"
    assert len(operators(shop.actor).rows) == 1


def test_a_password_left_empty_stays_as_it_is(
    opened: Opened, context: PageContext, shop: OpenedShop, front: Front, fill: Fill, press: Press
) -> None:
    clerk = shop.as_role("收银员")
    page = opened(operators_page.PAGE)
    page.list.select_id(clerk.operator_id)
    press(page.list.tree, "<F2>")
    assert len(dialogs(page.widget.winfo_toplevel())) == 1
    fill(front(), name="林小妹")
    press(front(), "<Control-s>")
    assert log_in(name="林小妹", password="secret1", clock=shop.clock).operator_id == clerk.operator_id


def test_who_leaves_is_deactivated_and_can_come_back(
    opened: Opened, context: PageContext, shop: OpenedShop, press: Press, root: tk.Tk
) -> None:
    clerk = shop.as_role("收银员")
    page = opened(operators_page.PAGE)
    page.list.select_id(clerk.operator_id)
    when_asked(root, "停用")
    press(page.list.tree, "<Delete>")
    assert not clerk.rights.active(clerk.operator_id)
    page.reload()
    assert page.list.count == 1
    _, _, action = context.toasts[-1]
    assert action is not None
    action[1]()
    assert clerk.rights.active(clerk.operator_id)


def test_the_last_administrator_stays(
    opened: Opened, context: PageContext, shop: OpenedShop, press: Press, root: tk.Tk
) -> None:
    page = opened(operators_page.PAGE)
    page.list.select_id(shop.actor.operator_id)
    when_asked(root, "停用")
    press(page.list.tree, "<Delete>")
    assert context.told() == "至少要留一个在用的系统管理员。"
    assert shop.actor.rights.active(shop.actor.operator_id)


def test_nobody_takes_himself_out_of_use(
    opened: Opened, context: PageContext, shop: OpenedShop, press: Press, root: tk.Tk
) -> None:
    shop.as_role("系统管理员")
    page = opened(operators_page.PAGE)
    page.list.select_id(shop.actor.operator_id)
    when_asked(root, "停用")
    press(page.list.tree, "<Delete>")
    assert context.told() == "不能停用自己，请让另一位管理员来做。"
    assert shop.actor.rights.active(shop.actor.operator_id)


def test_a_new_role_may_do_what_is_ticked(
    opened: Opened, context: PageContext, shop: OpenedShop, front: Front, press: Press
) -> None:
    page = opened(roles_page.PAGE)
    press(page.list.tree, "<Control-n>")
    dialog = front()
    dialog.form.set_value("name", "仓管")
    dialog.form.set_value("scope", Scope.COMPANY)
    goods = next(group for group in dialog.groups if "stock.view" in group.ticks)
    goods.head.invoke()
    goods.ticks["products.cost"].set(False)
    press(dialog, "<Control-s>")
    made = next(role for role in roles(shop.actor) if role.name == "仓管")
    assert made.scope is Scope.COMPANY
    assert made.permissions == set(goods_keys()) - {"products.cost"}


def goods_keys() -> list[str]:
    return [one.key for one in dict(permission_groups())["商品"]]


def test_the_upper_tick_shows_all_some_or_none(
    opened: Opened, context: PageContext, shop: OpenedShop, front: Front, root: tk.Tk
) -> None:
    page = opened(roles_page.PAGE)
    page.list.select_id(role_id(shop, "店长"))
    root.update()
    page.change(page.list.current_row())
    system = next(group for group in front().groups if "audit.view" in group.ticks)
    assert "alternate" in system.head.state()
    system.head.invoke()
    assert all(variable.get() for variable in system.ticks.values())
    assert "alternate" not in system.head.state()


def test_the_administrators_role_can_not_be_weakened(
    opened: Opened, context: PageContext, shop: OpenedShop, press: Press, root: tk.Tk
) -> None:
    page = opened(roles_page.PAGE)
    page.list.select_id(role_id(shop, "系统管理员"))
    press(page.list.tree, "<Return>")
    assert not dialogs(root)
    assert "不能修改" in context.told()
    press(page.list.tree, "<Delete>")
    assert not dialogs(root)
    assert context.told() == "系统管理员角色不能删除。"


def test_a_role_somebody_has_is_not_deleted(
    opened: Opened, context: PageContext, shop: OpenedShop, press: Press, root: tk.Tk
) -> None:
    shop.as_role("收银员")
    page = opened(roles_page.PAGE)
    page.list.select_id(role_id(shop, "收银员"))
    press(page.list.tree, "<Delete>")
    assert "还有操作员属于这个角色" in context.told()
    page.list.select_id(role_id(shop, "业务员"))
    when_asked(root, "删除")
    press(page.list.tree, "<Delete>")
    assert "业务员" not in {role.name for role in roles(shop.actor)}


def test_leaving_a_changed_role_asks(
    opened: Opened, context: PageContext, shop: OpenedShop, front: Front, press: Press, root: tk.Tk
) -> None:
    page = opened(roles_page.PAGE)
    page.list.select_id(role_id(shop, "收银员"))
    root.update()
    page.change(page.list.current_row())
    front().groups[0].head.invoke()
    when_asked(root, "继续修改")
    press(front(), "<Escape>")
    assert len(dialogs(root)) == 1
    when_asked(root, "放弃")
    press(front(), "<Escape>")
    assert not dialogs(root)


def test_an_operator_is_put_below_another(
    opened: Opened, shop: OpenedShop, front: Front, fill: Fill, press: Press
) -> None:
    clerk = shop.as_role("收银员")
    page = opened(operators_page.PAGE)
    page.list.select_id(clerk.operator_id)
    press(page.list.tree, "<F2>")
    fill(front(), superior_id=shop.actor.operator_id)
    press(front(), "<Control-s>")

    assert page.list.current_row()["superior"] == shop.actor.name
