"""次卡设置 by keyboard: a product made a count card, changed, no more sold as one."""

from meiping.domains.loyalty.card_queries import card_kinds
from meiping.ui.pages.money.count_cards_page import PAGE
from tests import factories


def kinds(shop) -> list[tuple[str, int, str, str]]:
    rows = card_kinds(shop.actor).rows
    return [(row["service"], row["uses"], row["days"], row["state"]) for row in rows]


def test_a_card_is_made_changed_and_taken_out_of_sale(opened, shop, press, dialog, no_dialog):
    product = factories.add_product(shop, name="洗车卡", stocked=False)
    page = opened(PAGE)
    press(page.widget, "<Control-n>")
    dialog().form.set_values({"product_id": product, "uses": 10, "days": 365})
    press(dialog().form.editor("service").target, "<Control-s>")
    assert no_dialog()
    assert kinds(shop) == [("洗车卡", 10, "365 天", "在卖")]
    press(page.list.tree, "<F2>")
    dialog().form.set_values({"service": "洗车", "days": None})
    dialog().submit()
    assert kinds(shop) == [("洗车", 10, "长期有效", "在卖")]
    press(page.list.tree, "<Delete>")
    assert kinds(shop) == [("洗车", 10, "长期有效", "停卖")]
