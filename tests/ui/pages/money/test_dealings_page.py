"""财务往来 over all customers: narrowed, opened, its papers shown again."""

import pytest

from meiping.domains.sales.queries import bills
from meiping.domains.wallet.service import refund
from meiping.ui.pages.money.dealings_page import PAGE
from tests import factories


@pytest.fixture
def wang(shop) -> int:
    customer_id = factories.add_customer(shop, name="王小明")
    factories.recharge(shop, customer_id, 100_00)
    factories.sell(shop, (factories.add_product(shop, stock=5), 2), customer_id=customer_id)
    refund(shop.actor, key="back", customer_id=customer_id, principal_fen=30_00, tender="wechat")
    factories.sell(shop, (factories.add_product(shop, stock=5), 1))
    return customer_id


def shown(page) -> list[str]:
    page.list.update()
    return [row["kind"] for row in page.list.visible_rows()]


def test_all_dealings_are_listed_with_their_sum(opened, wang):
    page = opened(PAGE)
    assert shown(page) == ["销售", "退款", "销售", "充值"]
    assert page.spec.listing(page.asked()).summary()["money_fen"] == 10_00 - 30_00 + 20_00 + 100_00


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ({"kind": "refund"}, ["退款"]),
        ({"tender": "wechat"}, ["退款"]),
        ({"period": "yesterday"}, []),
        ({"text": "王小明"}, ["退款", "销售", "充值"]),
        ({"text": "cz202603160001"}, ["充值"]),
    ],
)
def test_they_are_narrowed(opened, wang, values, kinds):
    page = opened(PAGE)
    page.narrow(values.pop("text", ""), **values)
    assert shown(page) == kinds


def test_a_bill_opens_at_its_page_and_the_rest_at_the_customer(opened, shop, wang, context):
    page = opened(PAGE)
    newest, back, *_ = page.list.visible_rows()
    page._open(newest)
    page._open(back)
    page._hub(newest)
    bill = bills(shop.actor).window(0, 1, None)[0]
    assert context.opened == [
        ("bills", {"text": bill["number"], "select": bill["id"]}),
        ("customer_hub", {"customer_id": wang, "tab": "财务往来"}),
    ]
    assert context.told() == "散客没有客户资料。"


def test_f8_shows_the_paper_again(opened, wang, press, root):
    page = opened(PAGE)
    page.list.select_id(page.list.visible_rows()[1]["id"])
    page.widget.update()
    press(page.list.tree, "<F8>")
    window = root.nametowidget(root.tk.eval("lindex [grab current] 0"))
    assert window.pane.receipt.number == "TK-20260316-0001"
    window.dismiss()
