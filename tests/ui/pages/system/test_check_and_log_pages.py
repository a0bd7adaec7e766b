"""检查数据 and 操作日志."""

from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from meiping.ui.pages.system import check_page, log_page
from tests.domains.maintenance.test_check import plant
from tests.factories import add_product, sell
from tests.shop import OpenedShop
from tests.windows import PageContext, texts, when_asked

Opened = Callable[[Any], Any]
Press = Callable[..., None]


def test_a_sound_shop_is_told_to_be_so(opened: Opened, context: PageContext) -> None:
    page = opened(check_page.PAGE)
    assert any("还没有检查过" in words for words in texts(page.widget))
    page.check()
    assert "全部正确" in context.told()
    assert page.list.count > 20


def test_what_is_wrong_comes_first_and_says_where(
    opened: Opened, context: PageContext, shop: OpenedShop, pump: Callable[..., None]
) -> None:
    add_product(shop, name="龙井茶", stock=5)
    plant(shop, "UPDATE stock SET value_fen = value_fen + 1")
    page = opened(check_page.PAGE)
    page.check()
    assert context.toasts[-1][1] == "danger"
    pump(lambda: any("龙井茶" in words for words in texts(page.detail.widget)))
    assert page.list.current_row()["outcome"] == "不对"
    page.narrow("", wrong=True)
    assert page.list.count == 2


def test_wrong_sums_are_made_anew_at_a_press_and_proved_again(
    opened: Opened, context: PageContext, shop: OpenedShop, root: ttk.App
) -> None:
    sell(shop, (add_product(shop, stock=5), 2))
    plant(shop, "UPDATE product_year SET net_fen = net_fen + 1", "DELETE FROM person_month")
    page = opened(check_page.PAGE)
    page.rebuild()
    assert "请先检查" in context.told()
    page.check()
    assert "2 种汇总不对" in context.told()
    asked: list[str] = []
    when_asked(root, "重算", first=lambda dialog: asked.extend(texts(dialog)))
    page.rebuild()
    assert any("重算 2 种汇总" in words for words in asked)
    assert "全部正确" in context.told()
    page.rebuild()
    assert "不用重算" in context.told()


def test_the_log_is_found_by_words_and_by_who(
    opened: Opened, context: PageContext, shop: OpenedShop, pump: Callable[..., None]
) -> None:
    add_product(shop, stock=5)
    page = opened(log_page.PAGE)
    everything = page.list.count
    page.search.set("库存增加")
    pump(lambda: page.list.count == 1)
    page.search.set("王老板")
    pump(lambda: 1 < page.list.count < everything)
