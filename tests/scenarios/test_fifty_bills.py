"""A whole day at the till, from the opened drawer to the counted one: what the clerk noted is what every report says.

The notebook knows only what is written here by hand: prices, amounts, and what customers said. It never asks the program.
"""

from dataclasses import replace
from typing import Any

import pytest

from meiping.domains.access.pins import make_pin_hash, set_own_pin
from meiping.domains.catalog.price_rules import save_price_rule
from meiping.domains.catalog.prices import PriceRuleInput
from meiping.domains.customers.cards import freeze_card, replace_card
from meiping.domains.customers.spending_pins import make_spending_pin
from meiping.domains.expenses.rules import ExpenseInput
from meiping.domains.expenses.service import spend
from meiping.domains.loyalty.card_queries import cards_of
from meiping.domains.loyalty.card_rules import CardInput
from meiping.domains.loyalty.cards import save_card_kind, use_card
from meiping.domains.loyalty.service import adjust_points
from meiping.domains.maintenance.service import check
from meiping.domains.receivables.service import receive, write_off
from meiping.domains.sales.card_returns import return_card
from meiping.domains.sales.carts import PostedBill, hold_cart, recall_cart
from meiping.domains.sales.shifts import close_shift, shift_report, shift_slip
from meiping.domains.sales.spending_pins import check_spending_pin, set_spending_pin
from meiping.domains.sales.tender_changes import change_tender
from meiping.domains.settings.queries import levels, words
from meiping.domains.settings.service import save_options
from meiping.domains.till.drawer import move_cash
from meiping.domains.till.queries.shifts import open_shift
from meiping.domains.till.service import begin_shift
from meiping.domains.wallet.recharge_rules import save_rule
from meiping.domains.wallet.rules import RuleInput
from meiping.domains.wallet.service import recharge, refund
from meiping.kernel.errors import InputError
from tests.factories import add_customer, add_product, new_key
from tests.scenarios.day_sums import (
    FLOAT,
    LEFT,
    SHORT,
    require_the_dealings,
    require_the_journal,
    require_the_look,
    require_the_reports,
    require_what_customers_have,
    require_what_each_sold,
)
from tests.scenarios.noted_day import PIN, Day
from tests.scenarios.rarer_deeds import (
    give_back_in_odd_ways,
    lend_and_reimburse,
    round_off,
    sell_in_the_branch,
    sell_what_was_told_and_serviced,
    take_orders,
)
from tests.shop import CHEAP, OpenedShop
from tests.whole_file import faults

TEA, CUP, CAKE, TIN, WRAP, WASH = "TEA", "CUP", "CAKE", "TIN", "WRAP", "WASH"
"""What is scanned: ¥12.00; ¥19.90; ¥6.50, today ¥5.00; ¥88.00, gold ¥80.00; ¥5.00; three washes for ¥100.01."""
SEEDS = 29_80
"""A kilogram of what the scale weighs."""
MEMBER_PIN = "2580"
CASH_BILLS: tuple[tuple[str, int, int], ...] = (
    ("TEA", 12_00, 20_00),
    ("TEA*2", 24_00, 50_00),
    ("CUP", 19_90, 20_00),
    ("CAKE*3", 15_00, 15_00),
    ("TEA CUP", 31_90, 50_00),
    ("TEA*3 CAKE*2", 46_00, 100_00),
    ("WRAP", 5_00, 5_00),
    ("CUP*2 WRAP", 44_80, 50_00),
    ("TIN", 88_00, 100_00),
    ("TIN TEA", 90_00, 100_00),  # ¥100.00 less ten
    ("@755", 22_50, 30_00),
    ("@1234", 36_77, 40_00),
    ("=12.34", 12_34, 15_00),
    ("=3 TEA", 15_00, 20_00),
    ("CAKE", 5_00, 5_00),
    ("TEA*5", 60_00, 60_00),
    ("CUP*5", 99_50, 100_00),
    ("CUP*5 CAKE", 94_50, 100_00),
)
"""What is bought, what it comes to, what is handed over. ``@`` grams of seeds by the scale's label, ``=`` an amount only."""
OTHER_BILLS: tuple[tuple[str, dict[str, int]], ...] = (
    ("TEA", {"wechat": 12_00}),
    ("CUP*2", {"alipay": 39_80}),
    ("TIN", {"card": 88_00}),
    ("TEA*10", {"wechat": 110_00}),
    ("CAKE*4", {"alipay": 20_00}),
    ("WRAP*2", {"wechat": 10_00}),
    ("CUP*3", {"card": 59_70}),
    ("@500", {"wechat": 14_90}),
    ("TIN", {"cash": 38_00, "wechat": 50_00}),
    ("CUP*2", {"card": 20_00, "alipay": 19_80}),
    ("TEA*4", {"cash": 8_00, "wechat": 40_00}),
    ("TIN*2", {"cash": 66_00, "alipay": 100_00}),
)


@pytest.fixture
def day(shop: OpenedShop) -> Day:
    """A furnished shop in the morning."""
    shop.clock.set(2026, 3, 16, 7, 30)
    save_options(shop.actor, values={"points.on": True, "weighed.prefixes": ["21"]})
    gold = next(level.id for level in levels() if level.name == "金卡")
    plenty = {"stock": 500, "cost_fen": 3_00}
    add_product(shop, name="绿茶", code=TEA, list_price_fen=12_00, **plenty)
    add_product(shop, name="茶杯", code=CUP, list_price_fen=19_90, lowest_price_fen=15_00, **plenty)
    cake = add_product(shop, name="茶点", code=CAKE, list_price_fen=6_50, **plenty)
    add_product(shop, name="茶罐", code=TIN, list_price_fen=88_00, level_prices=((gold, 80_00),), **plenty)
    add_product(shop, name="瓜子", code="123", list_price_fen=SEEDS, quantity_decimals=3, **plenty)
    add_product(shop, name="包装", code=WRAP, list_price_fen=5_00, stocked=False)
    wash = add_product(shop, name="洗车三次", code=WASH, list_price_fen=100_01, stocked=False)
    save_card_kind(shop.actor, card=CardInput(wash, 3, "洗车"))
    save_price_rule(shop.actor, rule=PriceRuleInput("special", product_id=cake, price_fen=5_00))
    save_price_rule(shop.actor, rule=PriceRuleInput("threshold", least_fen=100_00, off_fen=10_00))
    save_rule(shop.actor, rule=RuleInput("", 500_00, 50_00))
    manager = shop.as_role("店长")
    set_own_pin(manager, pin_hash=make_pin_hash(PIN, cost=CHEAP))
    return Day(
        shop,
        shop.as_role("收银员"),
        manager,
        add_customer(shop, name="李美兰", level_id=gold),
        add_customer(shop, name="张师傅", credit_yuan=1_000),
        add_customer(shop, name="小陈"),
    )


# ------------------------------------------------------------------ the chapters
def open_the_drawer(day: Day) -> int:
    begin_shift(day.clerk, key=new_key(), float_fen=FLOAT)
    day.note.drawer["cash"] += FLOAT
    now = open_shift(day.shop.company_id)
    assert now is not None
    return now.id


def sell_to_passers_by(day: Day) -> None:
    for wanted, total, received in CASH_BILLS:
        day.settle(day.cart(wanted), {"cash": total}, received=received)
    for wanted, ways in OTHER_BILLS:
        day.settle(day.cart(wanted), ways)


def serve_the_regulars(day: Day) -> tuple[PostedBill, PostedBill]:
    note, clerk = day.note, day.clerk
    recharge(clerk, key=new_key(), customer_id=day.meilan, principal_fen=500_00, tender="wechat")
    note.recharge(day.meilan, 500_00, 50_00, wechat=500_00)
    at_gold = day.settle(day.cart("TEA*2", day.meilan), {"stored_value": 21_60}, earned=21)
    day.settle(day.cart("TIN", day.meilan), {"stored_value": 50_00, "wechat": 30_00}, earned=80)
    cart = day.cart("CAKE*2 CUP", day.meilan)
    day.settle(cart, {"cash": 27_91}, received=30_00, kept=2_09, earned=27)
    on_credit = day.settle(day.cart("TEA*20", day.zhang), {"credit": 200_00, "cash": 30_00}, earned=230)
    day.settle(day.cart("CUP*10", day.zhang), {"credit": 189_00}, earned=189)
    adjust_points(day.manager, key=new_key(), customer_id=day.chen, points=1_000, reason="补登")
    note.points[day.chen] += 1_000
    day.settle(day.cart("TEA", day.chen), {"points": 10_00, "cash": 2_00}, earned=2)
    day.settle(day.cart(WASH, day.chen), {"wechat": 90_01}, earned=90)
    recharge(clerk, key=new_key(), customer_id=day.chen, principal_fen=200_00)
    note.recharge(day.chen, 200_00, cash=200_00)
    card = cards_of(clerk, customer_id=day.chen).rows[0]["id"]
    assert [use_card(clerk, key=new_key(), card_id=card).left for _ in range(2)] == [2, 1]
    for fen in (30_00, 30_01):
        note.dealt(day.chen, "次卡", fen)
    return at_gold, on_credit


def guard_what_members_have(day: Day) -> None:
    """小陈 has a PIN, then loses his card; with the new one he goes on, and gives back a card he used once."""
    note, clerk, manager, chen = day.note, day.clerk, day.manager, day.chen
    set_spending_pin(manager, customer_id=chen, pin_hash=make_spending_pin(MEMBER_PIN, cost=CHEAP))
    cart = day.cart("TEA", chen)
    with pytest.raises(InputError, match="消费密码"):
        day.settle(cart, {"stored_value": 12_00})
    asked: dict[str, Any] = {"customer_id": chen, "cart_key": cart.key, "amount_fen": 12_00}
    with pytest.raises(InputError):
        check_spending_pin(clerk, **asked, pin="0000")
    day.shop.clock.advance(minutes=1)
    check_spending_pin(clerk, **asked, pin=MEMBER_PIN)
    day.settle(cart, {"stored_value": 12_00}, earned=12)
    freeze_card(manager, customer_id=chen)
    cart = day.cart("CUP", chen)
    check_spending_pin(clerk, customer_id=chen, cart_key=cart.key, amount_fen=19_90, pin=MEMBER_PIN)
    with pytest.raises(InputError, match="挂失"):
        day.settle(cart, {"stored_value": 19_90})
    card = cards_of(clerk, customer_id=chen).rows[0]["id"]
    with pytest.raises(InputError, match="挂失"):
        use_card(clerk, key=new_key(), card_id=card)
    day.settle(cart, {"cash": 19_90}, earned=19)
    replace_card(manager, customer_id=chen, card_number="88000999")
    assert use_card(clerk, key=new_key(), card_id=card).left == 0
    note.dealt(chen, "次卡", 30_00)
    sold = day.settle(day.cart(WASH, chen), {"wechat": 90_01}, earned=90)
    card = next(row["id"] for row in cards_of(clerk, customer_id=chen).rows if row["usable"])
    assert use_card(clerk, key=new_key(), card_id=card).left == 2
    note.dealt(chen, "次卡", 30_00)
    back = return_card(clerk, key=new_key(), card_id=card)
    assert back.by_tender == (("wechat", 60_01),)
    note.returns += 1
    note.brought_back += 60_01
    note.money(-1, wechat=60_01)
    note.dealt(chen, "退货", -60_01)
    note.points[chen] -= 60  # of 90, two thirds
    assert sold.total_fen - back.refund_fen == 30_00


def set_prices_by_hand(day: Day) -> None:
    cart = day.cart(CUP)
    day.settle(day.allowed(cart.with_line(0, replace(cart.lines[0], price_fen=16_00))), {"cash": 16_00})
    day.settle(day.allowed(replace(day.cart("TEA*5"), bill_discount_bp=8_000)), {"wechat": 48_00})
    cart = day.cart("TEA CUP")
    day.settle(day.allowed(cart.with_line(0, replace(cart.lines[0], gift=True))), {"cash": 19_90})
    cart = day.cart(CAKE)
    day.settle(day.allowed(cart.with_line(0, replace(cart.lines[0], gift=True))), {})
    day.settle(day.allowed(replace(day.cart(WRAP), bill_reduction_fen=5_00)), {})


def let_one_wait(day: Day) -> None:
    waiting = day.cart(CUP)
    hold_cart(day.clerk, cart=waiting, note="去取钱包")
    day.settle(day.cart(TEA), {"cash": 12_00})
    day.settle(recall_cart(day.clerk, key=waiting.key), {"wechat": 19_90})


def take_back_and_exchange(day: Day, at_gold: PostedBill, on_credit: PostedBill) -> None:
    tea, two_teas, cup, tin = (day.posted[place] for place in (0, 1, 2, 8))
    cups_by_alipay, cups_by_both = day.posted[19], day.posted[27]
    day.bring_back(two_teas, 1, {"cash": 12_00})
    day.bring_back(cups_by_both, 2, {"card": 20_00, "alipay": 19_80})
    day.bring_back(cups_by_alipay, 1, {"alipay": 19_90}, to_waste=True)
    day.bring_back(at_gold, 1, {"stored_value": 10_80}, who=day.meilan)
    day.note.points[day.meilan] -= 11  # half of 21, rounded up
    day.bring_back(on_credit, 5, {"credit": 57_50}, who=day.zhang)
    day.note.points[day.zhang] -= 58  # a quarter of 230, rounded up
    day.exchange(cup, TIN, pays=68_10)
    day.exchange(tin, CUP, gets=68_10)
    day.exchange(tea, TEA)


def sell_with_a_colleague(day: Day) -> int:
    """The manager sold the cups on another's bill; gives who made it. One cup comes back, one is exchanged."""
    other = day.shop.add_operator("小林", "业务员").operator_id
    cart = replace(day.cart("CUP*3 TEA"), salesperson_id=other)
    cart = cart.with_line(0, replace(cart.lines[0], salesperson_id=day.manager.operator_id))
    sold = day.settle(cart, {"cash": 71_70})
    day.bring_back(sold, 1, {"cash": 19_90})
    day.exchange(sold, TEA, gets=7_90)
    return other


def settle_accounts(day: Day) -> None:
    note = day.note
    receive(day.clerk, key=new_key(), customer_id=day.zhang, amount_fen=300_00, tender="wechat")
    note.money(wechat=300_00)
    note.dealt(day.zhang, "收款", 300_00, debt=-300_00)
    write_off(day.manager, key=new_key(), customer_id=day.zhang, amount_fen=1_50, reason="尾数")
    note.dealt(day.zhang, "核销", 1_50, debt=-1_50)
    refund(day.manager, key=new_key(), customer_id=day.meilan, principal_fen=41_29)
    note.money(-1, cash=41_29)
    note.dealt(day.meilan, "退款", -41_29, stored=-41_29)
    for fen, reason in ((50_00, "备用零钱"), (-200_00, "大钞上交")):
        move_cash(day.clerk, key=new_key(), amount_fen=fen, reason=reason)
        note.drawer["cash"] += fen
    courier = ExpenseInput(day.clerk.operator_id, 33_30, words("expense_category")[0].id, "快递")
    spend(day.manager, key=new_key(), expense=courier)
    note.drawer["cash"] -= 33_30
    note.expenses += 33_30
    wrong = day.posted[len(CASH_BILLS)].sale_id
    change_tender(
        day.manager, key=new_key(), sale_id=wrong, from_tender="wechat", to_tender="cash", amount_fen=12_00
    )
    note.money(cash=12_00)
    note.money(-1, wechat=12_00)


def test_fifty_bills_and_every_sum_agrees(day: Day) -> None:
    shift_id = open_the_drawer(day)
    sell_to_passers_by(day)
    at_gold, on_credit = serve_the_regulars(day)
    guard_what_members_have(day)
    set_prices_by_hand(day)
    let_one_wait(day)
    take_back_and_exchange(day, at_gold, on_credit)
    other = sell_with_a_colleague(day)
    take_orders(day)
    sell_what_was_told_and_serviced(day)
    round_off(day)
    give_back_in_odd_ways(day)
    lend_and_reimburse(day)
    sell_in_the_branch(day)
    settle_accounts(day)
    assert day.note.bills + day.note.returns >= 50
    require_the_look(day, shift_id)
    due = day.note.drawer["cash"]
    number = close_shift(
        day.clerk, shift_id=shift_id, counted={"cash": due - SHORT}, left_fen=LEFT, reason="找错零"
    )
    require_the_look(day, shift_id)
    head = shift_report(day.manager, shift_id=shift_id).figures.head
    assert (head.difference_fen, head.left_fen) == (-SHORT, LEFT)
    assert str(due - SHORT) in repr(shift_slip(day.manager, number=number))
    require_the_reports(day)
    require_what_each_sold(day, other)
    require_what_customers_have(day)
    require_the_dealings(day)
    require_the_journal(day)
    assert not faults()
    assert all(result.ok for result in check(day.shop.actor, folder=day.shop.folder.root, thorough=True))
