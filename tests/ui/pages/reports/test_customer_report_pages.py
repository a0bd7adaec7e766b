"""From the reports on customers to the customers themselves, their list and their reminders."""

from typing import Any

import pytest

from meiping.domains.customers.conditions import Condition, Operator, chosen
from meiping.domains.customers.queries import CustomerFilter, customer_list
from meiping.domains.reminders.queries import reminder_list
from meiping.domains.settings.queries import option
from meiping.ui.pages.customers.customer_list_page import PAGE as CUSTOMERS
from meiping.ui.pages.goods.product_list_page import PAGE as PRODUCTS
from meiping.ui.pages.reports.checkup_page import PAGE as CHECKUP
from meiping.ui.pages.reports.contribution_page import PAGE as CONTRIBUTION
from meiping.ui.pages.reports.segments_page import PAGE as SEGMENTS
from meiping.ui.pages.reports.slipping_page import PAGE as SLIPPING
from tests.factories import add_customer, add_product, sell
from tests.shop import OpenedShop
from tests.windows import PageContext, dialogs, texts


@pytest.fixture
def people(shop: OpenedShop) -> dict[str, int]:
    """A weekly customer who stays away, one who came today, one who never bought."""
    tea = add_product(shop, stock=999)
    found = {name: add_customer(shop, name=name) for name in ("每周来的", "今天来的", "没买过的")}
    for _ in range(8):
        sell(shop, (tea, 20), customer_id=found["每周来的"])
        shop.clock.advance(days=7)
    shop.clock.advance(days=60)
    sell(shop, (tea, 1), customer_id=found["今天来的"])
    return found


def rows(page: Any) -> list[Any]:
    page.list.draw_now()
    return list(page.list.visible_rows())


def test_a_segment_opens_its_customers(opened: Any, people: dict[str, int], context: PageContext) -> None:
    page = opened(SEGMENTS)
    counts = {row["title"]: row["customers"] for row in rows(page)}
    assert {title: count for title, count in counts.items() if count} == {
        "重要保持": 1,
        "一般发展": 1,
        "没有消费": 1,
    }
    page._picked("keep")
    key, values = context.opened.pop()
    assert (key, values["conditions"]) == ("customers", (chosen("重要保持", [people["每周来的"]]),))
    listing = customer_list(context.actor, CustomerFilter(conditions=values["conditions"]))
    assert [row["name"] for row in listing.window(0, 9, None)] == ["每周来的"]


def test_a_whole_segment_gets_reminders_once_asked(
    opened: Any, people: dict[str, int], context: PageContext, dialog: Any, answer: Any, root: Any
) -> None:
    page = opened(SEGMENTS)
    page.list.select_id("keep")
    root.update()
    page.remind()
    form = dialog()
    assert form.form.value("subject") == "回访重要保持"
    answer("添加")
    form.submit()
    (row,) = reminder_list(context.actor).window(0, 9, None)
    assert (row["customer_id"], row["subject"]) == (people["每周来的"], "回访重要保持")
    assert "已添加 1 条提醒。" in context.told()


def test_an_empty_segment_and_none_chosen_say_so(
    opened: Any, people: dict[str, int], context: PageContext, root: Any
) -> None:
    page = opened(SEGMENTS)
    page.list.select_id("lost")
    root.update()
    page.remind()
    assert "“已经流失”里没有客户。" in context.told()


def test_the_owner_moves_the_cut_points(
    opened: Any, people: dict[str, int], context: PageContext, dialog: Any
) -> None:
    page = opened(SEGMENTS)
    page.change_cut_points()
    form = dialog()
    form.form.set_value("analysis.near_days", 90)
    form.submit()
    assert option("analysis.near_days") == 90
    page.reload()
    assert next(row["customers"] for row in rows(page) if row["title"] == "重要价值") == 1


def test_who_is_slipping_away_opens_in_the_hub_and_as_a_list(
    opened: Any, people: dict[str, int], context: PageContext
) -> None:
    page = opened(SLIPPING)
    (row,) = rows(page)
    assert (row["name"], row["interval"]) == ("每周来的", 7)
    page._picked(str(row["id"]))
    assert context.opened.pop() == ("customer_hub", {"customer_id": people["每周来的"]})
    page.show_customers()
    assert context.opened.pop()[1]["conditions"] == (chosen("流失预警", [people["每周来的"]]),)


def test_contribution_says_what_the_first_tenth_brings(opened: Any, people: dict[str, int]) -> None:
    page = opened(CONTRIBUTION)
    assert [(row["name"], row["letter"]) for row in rows(page)] == [("每周来的", "A"), ("今天来的", "C")]
    chart = page.chart.chart()
    assert chart is not None
    assert chart.series[0].values[0] == 9_938
    assert chart.series[0].values[-1] == 10_000
    page.boxes["letter"].set_value("C")
    assert [row["name"] for row in rows(page)] == ["今天来的"]
    assert page.chart.chart().title == "C 级客户各带来多少？"


@pytest.mark.parametrize("spec", [SEGMENTS, SLIPPING, CONTRIBUTION])
def test_an_empty_shop_says_what_will_stand_there(opened: Any, context: PageContext, spec: Any) -> None:
    page = opened(spec)
    assert rows(page) == []
    assert any("客户" in word for word in texts(page.chart))
    page.show_customers()
    assert context.told()
    assert context.opened == []


def test_within_a_segment_one_may_search_on(
    opened: Any, people: dict[str, int], context: PageContext, root: Any
) -> None:
    page = opened(CUSTOMERS)
    page.open(conditions=(chosen("重要保持", [people["每周来的"], people["今天来的"]]),))
    root.update()
    assert page.list.count == 2
    assert any("重要保持（2 位）" in word for word in texts(page.chips.widget))
    page.search_more()
    root.update()
    (front,) = dialogs(root)
    assert any("只在重要保持（2 位）里找。" in word for word in texts(front))
    front.rows[0].show(Condition("name", Operator.CONTAINS, ("每周",)))
    front.submit()
    root.update()
    assert [row["name"] for row in rows(page)] == ["每周来的"]
    page.clear()
    assert page.list.count == 3


# ------------------------------------------------------------------ the data check
def test_each_line_of_the_check_opens_what_is_behind_it(
    opened: Any, shop: OpenedShop, context: PageContext, root: Any
) -> None:
    free = add_product(shop, list_price_fen=0, name="没标价的")
    add_product(shop, name="标了价的")
    add_customer(shop, name="没电话", phone="")
    page = opened(CHECKUP)
    assert {row["title"]: row["count"] for row in rows(page) if row["count"]} == {
        "商品没有售价": 1,
        "商品没有分类": 2,
        "客户没有电话": 1,
    }
    page._open(rows(page)[0])
    key, values = context.opened.pop()
    assert (key, values["chosen"]) == ("products", ("商品没有售价", (free,)))
    page._open(next(row for row in rows(page) if row["id"] == "no_phone"))
    key, asked = context.opened.pop()
    listing = customer_list(context.actor, CustomerFilter(conditions=asked["conditions"]))
    assert (key, listing.count()) == ("customers", 1)
    page._open(next(row for row in rows(page) if row["id"] == "duplicates"))
    assert context.opened.pop() == ("duplicates", {})
    page.widget.destroy()
    goods = opened(PRODUCTS)
    goods.open(**values)
    root.update()
    assert [row["name"] for row in rows(goods)] == ["没标价的"]
    assert any("商品没有售价（1 个）" in word for word in texts(goods.widget))
    goods.clear()
    assert goods.list.count == 2
