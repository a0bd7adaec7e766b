"""A leaver is handed over from 操作员 in one guided step."""

from meiping.domains.access.queries import colleagues, operators
from meiping.domains.customers.queries import customer_detail
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_customer
from meiping.domains.office.queries import task_detail
from meiping.domains.settings.queries import words
from meiping.ui.pages.system.operators_page import PAGE
from tests.domains.office.giving import give
from tests.windows import texts


def row_of(page, actor):
    return next(row for row in page.list.visible_rows() if row["id"] == actor.operator_id)


def test_customers_go_to_several_by_status_and_the_leaver_is_out(
    opened, shop, context, dialog, no_dialog, answer
):
    jia, yi = (shop.add_operator(name, "业务员") for name in ("业务员甲", "业务员乙"))
    status = words("customer_status")
    warm, cold = (
        add_customer(shop.actor, customer=CustomerInput(name, owner_id=jia.operator_id, status_id=kind.id))
        for name, kind in (("热", status[1]), ("冷", status[3]))
    )
    page = opened(PAGE)
    page.hand_over(row_of(page, jia))
    form = dialog().form
    assert "名下：2 位客户。" in texts(dialog())
    form.set_value("customers_to", yi.operator_id)
    form.set_value("apart", True)
    form.set_value(f"status.{status[3].id}", 0)
    answer("交接并停用")
    dialog().submit()
    assert no_dialog()
    assert "已交接" in context.told()
    assert customer_detail(shop.actor, warm).owner == yi.name
    assert customer_detail(shop.actor, cold).owner == ""
    assert jia.operator_id not in dict(colleagues(shop.actor))
    assert not [row for row in page.list.visible_rows() if row["id"] == jia.operator_id]


def test_what_is_missing_is_said_and_nothing_happens(opened, shop, context, dialog, answer):
    jia = shop.add_operator("业务员甲", "业务员")
    add_customer(shop.actor, customer=CustomerInput("甲", owner_id=jia.operator_id))
    page = opened(PAGE)
    page.hand_over(row_of(page, jia))
    dialog().submit()
    assert "请选择客户接手人。" in texts(dialog())
    dialog().close()
    assert next(row for row in operators(shop.actor).rows if row["id"] == jia.operator_id)["active"]


def test_nobody_hands_himself_over(opened, shop, context, no_dialog):
    page = opened(PAGE)
    page.hand_over(row_of(page, shop.actor))
    assert "不能停用自己" in context.told()
    assert no_dialog()


def test_tasks_follow_to_who_gets_the_customers_unless_said_otherwise(
    opened, shop, dialog, no_dialog, answer
):
    jia, yi = (shop.add_operator(name, "业务员") for name in ("业务员甲", "业务员乙"))
    add_customer(shop.actor, customer=CustomerInput("甲", owner_id=jia.operator_id))
    task = give(jia)
    page = opened(PAGE)
    page.hand_over(row_of(page, jia))
    form = dialog().form
    assert "名下：1 位客户、1 个任务。" in texts(dialog())
    form.set_value("customers_to", yi.operator_id)
    dialog().update()
    answer("交接并停用")
    dialog().submit()
    assert no_dialog()
    assert task_detail(shop.actor, task_id=task).assignee == yi.name
