"""A shop at work against books kept a second time: whatever is done at the till, no fen is lost or doubled.

A short run is part of the suite. With ``MEIPING_STEPS=50000`` it makes as many steps, by other dice each time, and tells
(``pytest -s``) how many there were of each kind.
"""

import os
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, run_state_machine_as_test

from meiping.domains.ledger.queries import customer_balances
from meiping.domains.loyalty.service import adjust_points, daily_pass
from meiping.domains.receivables.service import receive, write_off
from meiping.domains.sales.carts import hold_cart, recall_cart
from meiping.domains.sales.exchanging import lines_taken_back
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.service import BELOW_ZERO, checkout
from meiping.domains.sales.shifts import UNFINISHED, close_shift, shift_report
from meiping.domains.sales.tender_changes import change_tender, tenders_to_change
from meiping.domains.till.drawer import MORE_THAN_THERE, move_cash
from meiping.domains.till.service import begin_shift
from meiping.domains.wallet.service import recharge, refund
from meiping.kernel.errors import InputError
from meiping.store.database import close_database, open_database
from tests.domains.ledger.books import REAL, RULE_BONUS, RULE_LEAST, sum_due
from tests.domains.ledger.keeping import Kept
from tests.domains.ledger.shop_and_books import Wanted, done, shift_id, step
from tests.factories import new_key, stock_up

STEPS = int(os.environ.get("MEIPING_STEPS", "0"))
A_RUN = 25
wishes = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(1, 4),
        st.sampled_from((None, None, 9_000, 3_333)),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=4,
)
whose = st.sampled_from((None, 0, 1))
parts = st.lists(st.integers(0, 100), min_size=5, max_size=5)
"""Per cent of what is left to pay by stored value, credit, points, and two other tenders."""
A_BILL = {
    "wanted": wishes,
    "who": whose,
    "split": parts,
    "off": st.sampled_from((10_000, 9_500, 8_800)),
    "less": st.integers(0, 50),
    "more": st.integers(0, 500),
    "keep": st.integers(-500, 500),
    "held": st.booleans(),
    "seller": st.integers(0, 2),
}


class ShopAtWork(Kept):
    """Customers buy, order, pay, owe, recharge, exchange and bring back; the drawer is opened and counted; books are kept."""

    @initialize(
        prices=st.lists(st.integers(1, 9_999), min_size=3, max_size=3),
        costs=st.lists(st.integers(0, 5_000), min_size=3, max_size=3),
        to_jiao=st.booleans(),
        recharged=st.integers(1, 90_000),
        bills=st.lists(st.fixed_dictionaries(A_BILL), min_size=2, max_size=5),
    )
    def a_day_begins(
        self, prices: list[int], costs: list[int], to_jiao: bool, recharged: int, bills: list[dict[str, Any]]
    ) -> None:
        """With some bills at once, so that there is something to bring back."""
        self.open_the_shop(prices, costs, to_jiao)
        self.stored_value_is_put_in(who=0, principal=recharged, bonus=None, tender="cash")
        self.points_are_put_right(who=0, points=2_000)
        for bill in bills:
            self.a_bill(**bill)

    # ------------------------------------------------------------ goods and stored value
    @step()
    def the_program_starts_again(self) -> None:
        close_database()
        open_database(self.shop.folder.database)

    @step(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.shop.clock.advance(hours=hours)

    @step(days=st.integers(9, 40), counted=st.booleans())
    def weeks_pass(self, days: int, counted: bool) -> None:
        """What lapses does so whether or not the day's pass has been made."""
        self.shop.clock.advance(days=days)
        if counted:
            daily_pass(self.shop.actor)

    @step(which=st.integers(0, 2), quantity=st.integers(1, 9), cost=st.integers(0, 5_000))
    def goods_arrive(self, which: int, quantity: int, cost: int) -> None:
        stock_up(self.shop, self.products[which], quantity, cost_fen=cost)
        self.books.goods[self.products[which]] += quantity

    @step(
        who=st.integers(0, 1),
        principal=st.integers(1, 50_000),
        bonus=st.none() | st.integers(0, 9_000),
        tender=st.sampled_from(REAL),
    )
    def stored_value_is_put_in(self, who: int, principal: int, bonus: int | None, tender: str) -> None:
        customer = self.customers[who]
        asked: dict[str, Any] = {"key": new_key(), "customer_id": customer, "principal_fen": principal}
        number = recharge(self.shop.actor, **asked, bonus_fen=bonus, tender=tender)
        assert recharge(self.shop.actor, **asked) == number
        by_rule = principal // RULE_LEAST * RULE_BONUS
        self.books.recharge(customer, principal, by_rule if bonus is None else bonus, tender)

    @step(who=st.integers(0, 1), percent=st.integers(0, 110), lapse=st.sampled_from((None, False, True)))
    def stored_value_is_refunded(self, who: int, percent: int, lapse: bool | None) -> None:
        customer = self.customers[who]
        there = customer_balances(self.shop.actor, customer_id=customer)
        principal, bonus = there.stored_principal_fen, there.stored_bonus_fen
        amount = principal if 90 <= percent <= 100 else principal * percent // 100
        asked: dict[str, Any] = {
            "key": new_key(),
            "customer_id": customer,
            "principal_fen": amount,
            "lapse_bonus": lapse,
        }
        try:
            number = refund(self.shop.actor, **asked)
        except InputError:
            undecided = amount == principal and bonus and lapse is None
            assert undecided or not 0 < amount <= principal
            return
        assert refund(self.shop.actor, **asked) == number
        lapsed = bonus if lapse and amount == principal else 0
        self.books.money("cash", -amount)
        self.books.refunded += amount
        self.books.stored[customer] -= amount + lapsed
        self.books.bonus_given[customer] -= lapsed

    @step(who=st.integers(0, 1), points=st.integers(-500, 2_000).filter(bool))
    def points_are_put_right(self, who: int, points: int) -> None:
        customer = self.customers[who]
        asked: dict[str, Any] = {
            "key": new_key(),
            "customer_id": customer,
            "points": points,
            "reason": "补登",
        }
        try:
            left = adjust_points(self.shop.actor, **asked)
        except InputError:
            assert points < -self.books.points[customer]
            return
        self.books.points[customer] += points
        self.books.points_given[customer] += points
        assert adjust_points(self.shop.actor, **asked) == left == self.books.points[customer]

    # ------------------------------------------------------------ bills
    @step(**A_BILL)
    def a_bill(
        self,
        wanted: Wanted,
        who: int | None,
        split: list[int],
        off: int,
        less: int,
        more: int,
        keep: int,
        held: bool,
        seller: int,
    ) -> None:
        customer = None if who is None else self.customers[who]
        terms = {"bill_discount_bp": off, "bill_reduction_fen": less, "salesperson_id": self.seller(seller)}
        cart, wished = self.cart(wanted, customer, **terms)
        total = sum_due(wished, bp=off, less=less, to_jiao=self.to_jiao)
        ways = self.ways(total, customer, split)
        payments, kept = self.pay(ways, customer, more, max(keep, 0))
        if held:
            hold_cart(self.shop.actor, cart=cart)
            assert recall_cart(self.shop.actor, key=cart.key) == cart
        bonus = 0 if customer is None else self.bonus_of(customer)
        asked: dict[str, Any] = {
            "cart": cart,
            "stored_change_fen": kept,
            "confirmed": frozenset({BELOW_ZERO}),
        }
        posted = checkout(self.shop.actor, payments=payments, **asked)
        assert checkout(self.shop.actor, payments=[], cart=cart) == posted
        assert (posted.total_fen, posted.change_fen) == (total, (more if "cash" in ways else 0) - kept)
        self.sold(posted.sale_id, customer, cart, total, ways, bonus, kept)

    @precondition(lambda self: self.books.bills)
    @step(
        which=st.integers(0, 99), part=st.integers(1, 4), way=st.sampled_from(RefundWay), waste=st.booleans()
    )
    def goods_come_back(self, which: int, part: int, way: RefundWay, waste: bool) -> None:
        bill = self.books.bills[which % len(self.books.bills)]
        wanted = self.some_of(bill, part)
        if bill.customer is None and way is RefundWay.STORED:
            way = RefundWay.AS_PAID
        if wanted:
            self.bring_back(bill, wanted, way=way, waste=waste)

    @precondition(lambda self: self.books.bills)
    @step(
        wanted=wishes,
        which=st.lists(st.integers(0, 99), min_size=1, max_size=2),
        part=st.integers(1, 3),
        who=whose,
        split=parts,
        way=st.sampled_from(RefundWay),
        waste=st.booleans(),
        seller=st.integers(0, 2),
    )
    def goods_are_exchanged(
        self,
        wanted: Wanted,
        which: list[int],
        part: int,
        who: int | None,
        split: list[int],
        way: RefundWay,
        waste: bool,
        seller: int,
    ) -> None:
        bills = {
            place % len(self.books.bills): self.books.bills[place % len(self.books.bills)] for place in which
        }
        coming = [(bill, some) for bill in bills.values() if (some := self.some_of(bill, part))]
        owners = {bill.customer for bill, _ in coming if bill.customer is not None}
        if not coming or len(owners) > 1:
            return
        customer = owners.pop() if owners else None if who is None else self.customers[who]
        if customer is None and way is RefundWay.STORED:
            way = RefundWay.CASH
        cart, wished = self.cart(wanted, customer, salesperson_id=self.seller(seller))
        for bill, some in coming:
            quantities = {line: pieces * 1_000 for line, pieces in some.items()}
            _, back = lines_taken_back(
                self.shop.actor, sale_id=bill.sale_id, quantities=quantities, to_waste=waste
            )
            cart = replace(cart, lines=(*back, *cart.lines))
        worth = sum(self.books.come_back(bill, some, waste=waste) for bill, some in coming)
        total = sum_due(wished, bp=10_000, less=0, back=worth, to_jiao=self.to_jiao)
        ways = self.ways(max(total, 0), customer, split)
        payments, _ = self.pay(ways, customer, 0, 0)
        asked: dict[str, Any] = {"cart": cart, "way": way, "confirmed": frozenset({BELOW_ZERO})}
        posted = checkout(self.shop.actor, payments=payments, **asked)
        assert checkout(self.shop.actor, payments=[], cart=cart) == posted
        assert posted.total_fen == total
        given = dict(posted.back)
        assert sum(given.values()) == max(-total, 0)
        if customer is not None:
            assert given.get("credit", 0) == min(max(-total, 0), self.books.debt[customer])
        self.books.net_sales += total + worth
        self.post(ways, customer, 0)
        self.books.give(customer, given)
        for bill, _ in coming:
            bill.plain = False
        self.bill(posted.sale_id, customer, cart).plain = False
        if customer is not None:
            self.adopt_points(customer)

    @precondition(lambda self: self.books.bills)
    @step(
        which=st.integers(0, 99),
        ends=st.tuples(st.sampled_from(REAL), st.sampled_from(REAL)),
        part=st.integers(0, 110),
    )
    def a_wrong_tender_is_put_right(self, which: int, ends: tuple[str, str], part: int) -> None:
        bill = self.books.bills[which % len(self.books.bills)]
        there = {key: fen for key, _, fen in tenders_to_change(self.shop.actor, sale_id=bill.sale_id)}
        wrong, right = ends
        amount = there.get(wrong, 0) * part // 100
        asked: dict[str, Any] = {
            "key": new_key(),
            "sale_id": bill.sale_id,
            "from_tender": wrong,
            "to_tender": right,
            "amount_fen": amount,
        }
        same_shift = bill.shift == shift_id()
        same_day = bill.shift is not None or bill.day == str(self.shop.actor.today())
        try:
            change_tender(self.shop.actor, **asked)
        except InputError:
            assert wrong == right or not 0 < amount <= there.get(wrong, 0) or not (same_shift and same_day)
            return
        assert same_shift
        assert same_day
        change_tender(self.shop.actor, **asked)
        self.books.money(wrong, -amount)
        self.books.money(right, amount)

    # ------------------------------------------------------------ debts
    @step(percent=st.integers(1, 120), given_up=st.booleans(), tender=st.sampled_from(REAL))
    def a_debt_is_paid_or_given_up(self, percent: int, given_up: bool, tender: str) -> None:
        customer = self.customers[1]
        amount = self.books.debt[customer] * percent // 100
        asked: dict[str, Any] = {"key": new_key(), "customer_id": customer, "amount_fen": amount}
        asked |= {"reason": "联系不上"} if given_up else {"tender": tender}
        settle: Any = write_off if given_up else receive
        try:
            number = settle(self.shop.actor, **asked)
        except InputError:
            assert not 0 < amount <= self.books.debt[customer]
            return
        assert settle(self.shop.actor, **asked) == number
        self.books.debt[customer] -= amount
        if given_up:
            self.books.bad += amount
        else:
            self.books.received += amount
            self.books.money(tender, amount)

    # ------------------------------------------------------------ the drawer
    @precondition(lambda self: shift_id() is None)
    @step(float_fen=st.integers(0, 50_000))
    def a_shift_is_opened(self, float_fen: int) -> None:
        key = new_key()
        number = begin_shift(self.shop.actor, key=key, float_fen=float_fen)
        assert begin_shift(self.shop.actor, key=key, float_fen=0) == number
        self.books.begin_shift(float_fen)

    @step(amount=st.integers(-9_000, 9_000).filter(bool))
    def cash_is_moved(self, amount: int) -> None:
        asked: dict[str, Any] = {"key": new_key(), "amount_fen": amount, "reason": "备用零钱"}
        asked["confirmed"] = frozenset({MORE_THAN_THERE})
        assert move_cash(self.shop.actor, **asked) == move_cash(self.shop.actor, **asked)
        self.books.move_to_safe(-amount)

    @precondition(lambda self: shift_id() is not None)
    @step(gap=st.integers(-500, 500), part=st.integers(0, 100))
    def a_shift_is_ended(self, gap: int, part: int) -> None:
        now = shift_id()
        assert now is not None
        look = shift_report(self.shop.actor, shift_id=now).figures
        assert {one.key: one.expected_fen for one in look.tenders} == self.books.expected()
        counted = max(self.books.hand["cash"] + gap, 0)
        left = counted * part // 100
        asked: dict[str, Any] = {"shift_id": now, "counted": {"cash": counted}, "left_fen": left}
        asked["confirmed"] = frozenset({UNFINISHED})
        number = close_shift(self.shop.actor, **asked, reason="找错零")
        assert close_shift(self.shop.actor, **asked) == number
        self.books.end_shift(counted, left)


def run(steps: int | None) -> None:
    """So many steps at least, or as many as the suite has time for."""
    limits = settings(
        max_examples=16 if steps is None else steps // A_RUN + 1,
        stateful_step_count=A_RUN,
        deadline=None,
        database=None,
        phases=list(Phase) if steps is None else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(ShopAtWork, settings=limits)


def test_no_fen_is_lost_or_doubled() -> None:
    if not STEPS:
        run(None)
        return
    while (left := STEPS - done.total()) > 0:
        run(left)
    print(f"{done.total():,} steps", *(f"{count:6} {name}" for name, count in done.most_common()), sep="\n")
