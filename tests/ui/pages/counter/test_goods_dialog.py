"""选商品: goods without a code at hand, found by category or name, several taken at once by keys."""

import pytest

from meiping.domains.catalog.service import save_category
from meiping.store.database import fetch_value
from tests import factories
from tests.shop import OpenedShop
from tests.ui.pages.counter.conftest import Clerk
from tests.windows import dialogs, texts


@pytest.fixture
def bakery(shop: OpenedShop) -> dict[str, int]:
    """Rolls and a cake in a category of their own."""
    category = save_category(shop.actor, name="面包")
    return {
        name: factories.add_product(shop, name=name, list_price_fen=fen, category_id=category, stock=9)
        for name, fen in (("豆沙包", 300), ("奶油卷", 450), ("红豆饼", 500))
    }


def shown(clerk: Clerk) -> list[str]:
    """The goods the open window lists."""
    clerk.wait(0.25)
    goods = dialogs(clerk.root)[-1].goods
    return [row["name"] for row in goods.visible_rows()]


def test_several_goods_of_a_category_come_into_the_bill_by_keys(clerk: Clerk, bakery: dict[str, int]):
    seen: list[list[str]] = []

    def choose() -> None:
        dialog = dialogs(clerk.root)[-1]
        assert len(shown(clerk)) == 6
        dialog.categories.enter()
        clerk.key("Down", "Down")
        seen.append(shown(clerk))
        clerk.key("Right", "space", "Down", "space")
        clerk.wait(0.1)
        assert any(text.startswith("已选 2 样") for text in texts(dialog))
        assert "加入本单 2 样 Enter" in texts(dialog)
        clerk.key("Return")

    clerk.in_dialog(choose)
    clerk.key("Control-g")
    assert seen == [["豆沙包", "红豆饼", "奶油卷"]]
    assert [name for name, _, _ in clerk.lines()] == ["豆沙包", "奶油卷"]
    assert clerk.scan_has_focus()


def test_a_name_typed_narrows_and_enter_takes_the_only_one(clerk: Clerk, bakery: dict[str, int]):
    clerk.in_dialog(lambda: clerk.type("nyj"), lambda: clerk.wait(0.3), lambda: clerk.key("Return"))
    clerk.key("Control-g")
    assert clerk.lines() == [("奶油卷", "1 个", "¥4.50")]


def test_what_was_wanted_stays_so_while_another_name_is_looked_for(clerk: Clerk, bakery: dict[str, int]):
    def choose() -> None:
        dialog = dialogs(clerk.root)[-1]
        clerk.type("nyj")
        shown(clerk)
        clerk.key("Down", "space")
        dialog.search.set("可乐")
        shown(clerk)
        dialog.goods.enter()
        clerk.key("space", "Return")

    clerk.in_dialog(choose)
    clerk.key("Control-g")
    assert [name for name, _, _ in clerk.lines()] == ["奶油卷", "可口可乐"]


def test_what_stands_for_amounts_and_fees_is_not_offered(clerk: Clerk, shop: OpenedShop):
    clerk.key("equal")
    clerk.enter("3 手工皂")
    assert fetch_value("SELECT count(*) FROM product WHERE amount_only") == 1

    def look() -> None:
        assert "无码商品" not in shown(clerk)
        clerk.key("Escape")

    clerk.in_dialog(look)
    clerk.key("Control-g")
    assert [name for name, _, _ in clerk.lines()] == ["手工皂"]
