"""A customer's count cards in the hub: what is left of one is given back from there."""

from meiping.domains.ledger.queries import balances_in
from meiping.domains.loyalty.card_queries import cards_of
from meiping.domains.loyalty.card_rules import CardInput
from meiping.domains.loyalty.cards import save_card_kind, use_card
from meiping.domains.sales.refunds import RefundWay
from meiping.ui.pages.customers.customer_hub_page import PAGE
from meiping.ui.pages.customers.hub.cards_tab import TITLE
from tests import factories
from tests.windows import dialogs, when_asked


def test_what_is_left_of_a_card_goes_back_from_the_hub(opened, shop, press, root):
    wang = factories.add_customer(shop)
    product = factories.add_product(shop, stocked=False, list_price_fen=10_000)
    save_card_kind(shop.actor, card=CardInput(product, 4, "洗车"))
    factories.sell(shop, (product, 1), customer_id=wang)
    card = cards_of(shop.actor, customer_id=wang).rows[0]["id"]
    use_card(shop.actor, key="one", card_id=card)
    page = opened(PAGE)
    page.open(customer_id=wang)
    tabs = page.view.tabs
    place = next(n for n in range(tabs.index("end")) if tabs.tab(n, "text") == TITLE)
    tabs.select(place)
    page.widget.update()
    pane = tabs._panes[place]
    pane.list.select_id(card)
    pane.list.update()
    when_asked(root, "退卡 Ctrl+Enter", first=lambda window: window._choose(RefundWay.STORED, None))
    press(pane.list.tree, "<Delete>")
    assert not dialogs(root)
    assert balances_in(shop.company_id, wang).stored_principal_fen == 7_500
    pane.list.update()
    assert [(row["left"], row["state"]) for row in pane.list.visible_rows()] == [(0, "已退")]
