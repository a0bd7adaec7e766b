"""会员办理 by F10: recharge, refund, points, without leaving the bill."""

import pytest

from meiping.domains.ledger.queries import balances_in
from meiping.domains.loyalty.card_queries import cards_of
from meiping.domains.loyalty.card_rules import CardInput
from meiping.domains.loyalty.cards import save_card_kind
from meiping.domains.loyalty.queries import points_left
from meiping.domains.loyalty.service import adjust_points
from meiping.domains.settings.queries import levels
from meiping.domains.settings.service import save_level, save_options
from meiping.domains.wallet.recharge_rules import save_rule
from meiping.domains.wallet.rules import RuleInput
from meiping.ui.widgets import privacy
from tests import factories
from tests.shop import OpenedShop
from tests.ui.pages.counter.conftest import SOAP, Clerk
from tests.windows import dialogs, texts


@pytest.fixture
def li(shop: OpenedShop) -> int:
    return factories.add_customer(shop, name="李娜", card_number="88000456")


def test_a_recharge_by_keys_takes_the_bonus_of_the_rules_and_leaves_the_bill(
    clerk: Clerk, shop: OpenedShop, li: int
):
    save_rule(shop.actor, rule=RuleInput("", 50_000, 5_000))
    clerk.scan(SOAP)
    clerk.scan("88000456")

    def fill() -> None:
        clerk.in_dialog(lambda: clerk.type("500"), lambda: clerk.key("Control-s"))

    clerk.in_dialog(fill, lambda: clerk.type("1"))
    clerk.key("F10")
    clerk.wait(0.3)
    there = balances_in(shop.company_id, li)
    assert (there.stored_principal_fen, there.stored_bonus_fen) == (50_000, 5_000)
    assert "储值 ¥550.00" in clerk.page.side.card._money.whole
    assert clerk.lines() == [("香皂", "1 块", "¥12.00")]
    assert clerk.scan_has_focus()


def test_without_a_customer_one_is_chosen_first_and_esc_leaves(clerk: Clerk, shop: OpenedShop, li: int):
    clerk.in_dialog(lambda: clerk.key("Escape"))
    clerk.key("F10")
    assert not dialogs(clerk.root)

    def leave() -> None:
        clerk.in_dialog(lambda: clerk.key("Escape"))

    clerk.in_dialog(lambda: clerk.type("李娜"), leave, lambda: clerk.key("Return"))
    clerk.key("F10")
    clerk.wait(0.3)
    assert not dialogs(clerk.root)
    assert clerk.page.side.card.name.whole == "李娜"
    assert clerk.scan_has_focus()


def test_points_are_looked_at_and_put_right(clerk: Clerk, shop: OpenedShop, li: int):
    save_options(shop.actor, values={"points.on": True})
    adjust_points(shop.actor, key="gift", customer_id=li, points=100, reason="活动")
    clerk.scan("88000456")
    seen: list[str] = []

    def reason() -> None:
        window = dialogs(clerk.root)[-1]
        window.form.set_values({"way": "less", "points": 30, "reason": "换礼品"})
        window.submit()

    def look() -> None:
        seen.extend(texts(dialogs(clerk.root)[-1]))
        clerk.in_dialog(reason)
        clerk.key("F2")
        clerk.wait(0.4)
        clerk.key("Escape")

    clerk.in_dialog(lambda: clerk.in_dialog(look), lambda: clerk.type("3"))
    clerk.key("F10")
    clerk.wait(0.3)
    assert "现有 100 分，可抵 ¥1.00" in seen
    assert points_left(li, shop.actor.today()) == 70
    assert "积分 70" in clerk.page.side.card._money.whole


def test_a_higher_level_is_told_when_it_is_reached(clerk: Clerk, shop: OpenedShop, li: int):
    save_options(shop.actor, values={"levels.by_rule": True})
    silver = levels()[1]
    save_level(shop.actor, level_id=silver.id, name=silver.name, discount_bp=9_500, upgrade_spent_fen=1_000)
    clerk.scan("88000456")
    clerk.scan(SOAP)
    clerk.key("Return", "Return")
    assert clerk.context.told() == "李娜升级为银卡，下次起享受新的折扣。"
    clerk.scan("88000456")
    clerk.scan(SOAP)
    assert clerk.big() == ("应收", "¥11.40")


def test_a_use_of_a_count_card_is_taken_by_enter_and_taken_back(clerk: Clerk, shop: OpenedShop, li: int):
    product = factories.add_product(shop, name="洗车卡", stocked=False)
    save_card_kind(shop.actor, card=CardInput(product, 10, "洗车"))
    factories.sell(shop, (product, 1), customer_id=li)
    clerk.scan("88000456")
    said: list[str] = []

    def left() -> int:
        return int(cards_of(shop.actor, customer_id=li).rows[0]["left"])

    def use() -> None:
        window = dialogs(clerk.root)[-1]
        clerk.key("Return", "Return")
        clerk.wait(1)
        clerk.key("Return")
        said.append(str(window._said.cget("text")))
        assert left() == 9, "however often it is pressed, one is taken"
        clerk.key("Control-Return")
        assert left() == 8
        clerk.key("Control-z")
        assert left() == 9
        clerk.key("Return")
        assert left() == 8
        clerk.key("Control-z")
        said.append(str(window._said.cget("text")))
        clerk.key("Escape")

    clerk.in_dialog(lambda: clerk.in_dialog(use), lambda: clerk.type("3"))
    clerk.key("F10")
    clerk.wait(0.3)
    assert said == ["洗车已经用了一次，再用一次请按 Ctrl+Enter", "已撤销，洗车还剩 9 次"]
    assert left() == 9
    assert clerk.scan_has_focus()


def test_a_card_used_in_part_is_given_back_by_keys(clerk: Clerk, shop: OpenedShop, li: int):
    product = factories.add_product(shop, name="洗车卡", stocked=False, list_price_fen=10_000)
    save_card_kind(shop.actor, card=CardInput(product, 10, "洗车"))
    factories.sell(shop, (product, 1), customer_id=li)
    clerk.scan("88000456")
    seen: list[str] = []

    def give_back() -> None:
        seen.extend(texts(dialogs(clerk.root)[-1]))
        clerk.type("2")
        seen.extend(texts(dialogs(clerk.root)[-1]))
        clerk.key("Control-Return")

    def use_and_return() -> None:
        clerk.key("Return")
        clerk.in_dialog(give_back)
        clerk.key("Delete")
        clerk.wait(0.3)
        clerk.key("Escape")

    clerk.in_dialog(lambda: clerk.in_dialog(use_and_return), lambda: clerk.type("3"))
    clerk.key("F10")
    clerk.wait(0.4)
    for words in (
        "实付 ¥100.00 · 共 10 次 · 已用 1 次，退剩下的 9 次",
        "退 ¥90.00",
        "退现金 ¥90.00",
        "退储值 ¥90.00",
    ):
        assert words in seen
    assert cards_of(shop.actor, customer_id=li).rows[0]["state"] == "已退"
    assert balances_in(shop.company_id, li).stored_principal_fen == 9_000
    assert "储值 ¥90.00" in clerk.page.side.card._money.whole
    assert clerk.scan_has_focus()


def test_a_lost_card_is_said_and_stops_stored_value_until_it_is_replaced(
    clerk: Clerk, shop: OpenedShop, li: int
):
    factories.recharge(shop, li, 5_000)
    clerk.scan("88000456")
    clerk.in_dialog(lambda: clerk.in_dialog(lambda: clerk.key("Return")), lambda: clerk.type("3"))
    clerk.key("F10")
    clerk.wait(0.2)
    assert clerk.page.side.card._money.whole.startswith("会员卡已挂失")
    clerk.scan(SOAP)
    clerk.key("F12")
    clerk.type("5")
    assert clerk.said() == "不能用储值：会员卡已挂失。"
    clerk.key("Escape")

    def number() -> None:
        clerk.in_dialog(lambda: clerk.type("88000999"), lambda: clerk.key("Return"))

    clerk.in_dialog(number, lambda: clerk.type("4"))
    clerk.key("F10")
    clerk.wait(0.3)
    assert clerk.page.side.card._money.whole.startswith("储值 ¥50.00")
    clerk.key("End")
    clerk.scan("88000999")
    assert clerk.page.side.card.name.whole == "李娜"


def test_a_service_the_member_has_a_count_card_for_is_told(clerk: Clerk, shop: OpenedShop, li: int):
    product = factories.add_product(shop, name="洗车卡", stocked=False)
    factories.add_product(shop, name="精致洗车", code="88", stocked=False, list_price_fen=3_000)
    save_card_kind(shop.actor, card=CardInput(product, 10, "洗车"))
    factories.sell(shop, (product, 1), customer_id=li)
    told = "李娜有“洗车”次卡，还剩 10 次，按 F10 用一次。"
    clerk.enter("88")
    assert not clerk.page.scan.offer.is_open, "nobody is known yet"
    clerk.scan("88000456")
    assert clerk.said() == told
    clerk.enter("88")
    assert not clerk.page.scan.offer.is_open, "said once"
    clerk.scan(SOAP)
    assert not clerk.page.scan.offer.is_open
    clerk.key("F12")
    assert clerk.big() == ("应收", "¥72.00")
    clerk.key("Escape", "Control-z", "Control-z", "Control-z", "Control-z")
    clerk.scan("88000456")
    clerk.enter("88")
    assert clerk.said() == told
    clerk.key("Return")
    assert clerk.big() == ("应收", "¥30.00"), "it stands in nobody's way"


def test_the_price_of_the_level_is_told_before_another_is_set_by_hand(clerk: Clerk, shop: OpenedShop):
    gold = next(level.id for level in levels() if level.name == "金卡")
    factories.add_product(shop, stock=5, name="茶", code="CH01", level_prices=((gold, 850),))
    factories.add_customer(shop, name="王芳", card_number="88000789", level_id=gold)
    clerk.scan("CH01")
    clerk.scan("88000789")
    assert clerk.lines() == [("茶", "1 个", "¥8.50")]
    for key in (".", "/"):
        clerk.type(key)
        assert "会员价 ¥8.50" in clerk.page.scan.prompt._about.whole
        clerk.key("Escape")
    clerk.type(".")
    clerk.enter("9")
    clerk.type(".")
    assert "会员价" not in clerk.page.scan.prompt._about.whole
    clerk.key("Escape")


def test_a_member_without_a_name_is_not_read_from_a_hidden_screen(clerk: Clerk, shop: OpenedShop):
    factories.add_customer(shop, name="", phone="13912345678")
    clerk.scan("13912345678")
    card = clerk.page.side.card
    assert card.name.whole == "139 1234 5678"
    assert "5678" not in card._line.whole
    try:
        privacy.hide(True)
        clerk.page.till.refresh()
        assert card.name.whole == "139****5678"
        titles: list[str] = []
        clerk.in_dialog(lambda: titles.append(dialogs(clerk.root)[-1].title()), lambda: clerk.key("Escape"))
        clerk.key("F10")
        assert titles == ["会员办理 · 139****5678"]
    finally:
        privacy.hide(False)
