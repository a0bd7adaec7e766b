"""What does not happen every day: orders paid in part, quotes, services renewed, money lent, a branch, odd ways back."""

from dataclasses import replace
from typing import Any

from meiping.domains.access.service import add_company
from meiping.domains.deals.billing import turn_into_bill
from meiping.domains.expenses.queries import expenses
from meiping.domains.expenses.rules import ADVANCE, ExpenseInput
from meiping.domains.expenses.service import (
    decide_expense,
    pay_expense,
    request_expense,
    settle_advance,
    take_back_expense,
)
from meiping.domains.renewals.service import renew_services
from meiping.domains.sales.carts import drop_cart, hold_cart, recall_cart
from meiping.domains.sales.deposits import MORE_THAN_BILL, give_deposit_back, take_deposit
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.service import BELOW_ZERO, checkout
from meiping.domains.settings.queries import words
from meiping.domains.settings.service import save_options
from meiping.domains.wallet.service import recharge
from meiping.kernel.actor import Actor
from tests.domains.deals.quoting import offer
from tests.domains.renewals.serving import add_machine, terms
from tests.factories import add_product, new_key
from tests.scenarios.noted_day import Day


def take_orders(day: Day) -> None:
    """A part is paid beforehand; of one order too much, which goes back with the bill; one is not wanted any more."""
    note, clerk = day.note, day.clerk
    tin = day.cart("TIN", day.chen)
    hold_cart(clerk, cart=tin)
    take_deposit(clerk, key=new_key(), cart_key=tin.key, amount_fen=30_00, tender="wechat")
    note.money(wechat=30_00)
    note.dealt(day.chen, "定金", 30_00)
    cake = day.cart("CAKE", day.zhang)
    hold_cart(clerk, cart=cake)
    sure = frozenset({MORE_THAN_BILL})
    asked: dict[str, Any] = {"key": new_key(), "cart_key": cake.key, "amount_fen": 8_00}
    take_deposit(clerk, **asked, tender="alipay", confirmed=sure)
    note.money(alipay=8_00)
    note.dealt(day.zhang, "定金", 8_00)
    day.settle(recall_cart(clerk, key=tin.key), {"deposit": 30_00, "cash": 58_00}, received=60_00, earned=88)
    day.settle(recall_cart(clerk, key=cake.key), {"deposit": 5_00}, earned=5)
    note.money(-1, cash=3_00)
    note.dealt(day.zhang, "定金", -3_00)
    dropped = day.cart("CUP", day.zhang)
    hold_cart(clerk, cart=dropped)
    take_deposit(clerk, key=new_key(), cart_key=dropped.key, amount_fen=9_00)
    give_deposit_back(day.manager, key=new_key(), cart_key=dropped.key, amount_fen=9_00)
    note.dealt(day.zhang, "定金", 9_00)
    note.dealt(day.zhang, "定金", -9_00)
    drop_cart(clerk, key=dropped.key)


def sell_what_was_told_and_serviced(day: Day) -> None:
    """A quote becomes a bill; a machine is sold with a year of service, and the next year paid at once."""
    tea = add_product(day.shop, name="红茶", list_price_fen=15_00, stock=9)
    quote = offer(day.shop, day.chen, (tea, 2, 15_00))
    day.settle(turn_into_bill(day.clerk, quote_id=quote), {"cash": 30_00}, earned=30)
    add_machine(day.shop, code="MACHINE")
    day.settle(day.cart("MACHINE", day.zhang), {"card": 1_990_00}, earned=1_990)
    (term,) = terms(day.shop)
    cart = renew_services(day.clerk, term_ids=[term["id"]])
    day.settle(cart, {"alipay": 290_00}, earned=290)


def round_off(day: Day) -> None:
    """A bill with its jiao and fen left out."""
    save_options(day.shop.actor, values={"till.rounding": "yuan_down"})
    day.settle(day.cart("TEA CUP"), {"cash": 31_00})
    day.note.rounded += 90
    save_options(day.shop.actor, values={"till.rounding": "none"})


def give_back_in_odd_ways(day: Day) -> None:
    """What was paid in cash goes into stored value, what was paid by phone comes back in cash."""
    sold = day.settle(day.cart("CUP", day.chen), {"cash": 19_90}, earned=19)
    day.bring_back(sold, 1, {"stored_value": 19_90}, who=day.chen, way=RefundWay.STORED)
    day.note.points[day.chen] -= 19
    sold = day.settle(day.cart("CUP*2"), {"wechat": 39_80})
    day.bring_back(sold, 1, {"cash": 19_90}, way=RefundWay.CASH)
    day.bring_back(sold, 1, {"wechat": 19_90})


def lend_and_reimburse(day: Day) -> None:
    """What is asked for is approved by another, paid, settled in part; one is taken back."""
    note, boss, manager = day.note, day.shop.actor, day.manager
    save_options(boss, values={"expenses.approval": True})
    category = words("expense_category")[0].id

    def approved(kind: str, fen: int) -> int:
        entered = ExpenseInput(day.clerk.operator_id, fen, None if kind == ADVANCE else category)
        one = request_expense(manager, key=new_key(), kind=kind, expense=entered)
        decide_expense(boss, expense_id=one, approve=True)
        return one

    advance = approved(ADVANCE, 120_00)
    pay_expense(manager, expense_id=advance)
    note.drawer["cash"] -= 120_00
    settle_advance(manager, key=new_key(), advance_id=advance, amount_fen=40_00)
    note.drawer["cash"] += 40_00
    settle_advance(manager, key=new_key(), advance_id=advance, expense_id=approved("expense", 60_00))
    note.advances += 120_00 - 40_00 - 60_00
    pay_expense(manager, expense_id=approved("expense", 15_00), tender="wechat")
    note.drawer["wechat"] -= 15_00
    note.expenses += 60_00 + 15_00
    wrong = approved("expense", 7_00)
    pay_expense(manager, expense_id=wrong)
    take_back_expense(manager, key=new_key(), expense_id=wrong, reason="记错了")
    assert expenses(boss, kind=ADVANCE).summary()["left_fen"] == note.advances
    save_options(boss, values={"expenses.approval": False})


def sell_in_the_branch(day: Day) -> None:
    """The branch has its own money and wallets; points, and the owner's reports, are of the whole shop."""
    branch = replace(day.clerk, company_id=add_company(day.shop.actor, name="分店"))
    note = day.note
    _branch_sells(day, branch, "TEA*2", None, cash=24_00)
    _branch_sells(day, branch, "TEA", day.meilan, wechat=10_80)
    note.points[day.meilan] += 10
    recharge(branch, key=new_key(), customer_id=day.meilan, principal_fen=100_00)
    note.elsewhere.update({"cash": 100_00, "recharged": 100_00, "stored": 100_00})
    _branch_sells(day, branch, "TEA", day.meilan, stored_value=10_80)
    note.points[day.meilan] += 10
    note.elsewhere["stored"] -= 10_80


def _branch_sells(day: Day, branch: Actor, wanted: str, who: int | None, **ways: int) -> None:
    cart = day.cart(wanted, who)
    total = price_bill(cart).total_fen
    payments = [Payment(tender, fen) for tender, fen in ways.items()]
    posted = checkout(branch, cart=cart, payments=payments, confirmed=frozenset({BELOW_ZERO}))
    assert posted.number.startswith("XS-02-")
    assert posted.total_fen == total == sum(ways.values())
    day.note.elsewhere.update({**ways, "sold": total, "bills": 1})
