"""A shop at work against a model: whatever is sold, returned, recharged, refunded and received, no fen is lost or doubled."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from meiping.domains.access.queries import actor_for
from meiping.domains.ledger.queries import balance_fen, customer_balances
from meiping.domains.ledger.rules import Account
from meiping.domains.loyalty.queries import points_left
from meiping.domains.maintenance.invariants import INVARIANTS
from meiping.domains.receivables.service import receive
from meiping.domains.sales.exchanging import lines_taken_back
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.returns import PostedReturn, return_goods
from meiping.domains.sales.service import BELOW_ZERO, checkout
from meiping.domains.sales.shifts import close_shift
from meiping.domains.settings.service import save_options
from meiping.domains.till.drawer import MORE_THAN_THERE, move_cash
from meiping.domains.till.queries.shifts import open_shift
from meiping.domains.till.rules import Tender
from meiping.domains.till.service import begin_shift
from meiping.domains.wallet.service import refund
from meiping.kernel.errors import InputError
from meiping.store.database import close_database, fetch, open_database
from tests.factories import add_customer, add_product, cart_of, new_key, recharge, stock_up
from tests.shop import OpenedShop, SettableClock, found_test_shop, opening_time

_folder = None


def fresh_shop(parent: Path) -> OpenedShop:
    """A founded shop copied from one made once."""
    global _folder  # noqa: PLW0603 - made once for all examples
    if _folder is None:
        _folder = found_test_shop(Path(tempfile.mkdtemp()) / "data")
    folder = replace(_folder, root=parent / "data")
    shutil.copytree(_folder.root, folder.root)
    open_database(folder.database)
    clock = SettableClock(opening_time())
    return OpenedShop(folder, clock, actor_for(1, clock=clock))


class ShopAtWork(RuleBasedStateMachine):
    """Customers buy, pay, owe, recharge and bring back; the model keeps its own books."""

    def __init__(self) -> None:
        super().__init__()
        self.parent = Path(tempfile.mkdtemp())
        self.shop = fresh_shop(self.parent)
        self.in_hand: dict[str, int] = dict.fromkeys(("cash", "wechat", "points"), 0)
        self.safe = 0
        self.stored: dict[int, int] = {}
        self.debt: dict[int, int] = {}
        self.left: dict[int, int] = {}
        self.bills: list[tuple[int, int | None]] = []
        self.exchanged: set[int] = set()
        self.keys: list[tuple[str, object, object]] = []

    @initialize(
        prices=st.lists(st.integers(1, 9_999), min_size=3, max_size=3),
        costs=st.lists(st.integers(0, 5_000), min_size=3, max_size=3),
    )
    def open_the_shop(self, prices: list[int], costs: list[int]) -> None:
        self.products = [
            add_product(self.shop, list_price_fen=price, stock=5, cost_fen=cost)
            for price, cost in zip(prices, costs, strict=True)
        ]
        self.customers = [add_customer(self.shop, credit_yuan=200) for _ in range(2)]
        save_options(self.shop.actor, values={"points.on": True, "points.months": 1})
        self.left = dict.fromkeys(self.products, 5)
        self.stored = dict.fromkeys(self.customers, 0)
        self.debt = dict.fromkeys(self.customers, 0)

    @rule(which=st.integers(0, 2), quantity=st.integers(1, 9), cost=st.integers(0, 5_000))
    def goods_arrive(self, which: int, quantity: int, cost: int) -> None:
        stock_up(self.shop, self.products[which], quantity, cost_fen=cost)
        self.left[self.products[which]] += quantity

    @rule(who=st.integers(0, 1), principal=st.integers(1, 50_000), bonus=st.integers(0, 9_000))
    def a_customer_recharges(self, who: int, principal: int, bonus: int) -> None:
        recharge(self.shop, self.customers[who], principal, bonus)
        self.stored[self.customers[who]] += principal + bonus
        self.in_hand["cash"] += principal

    @rule(who=st.integers(0, 1), percent=st.integers(0, 110), lapse=st.sampled_from((None, False, True)))
    def stored_value_is_refunded(self, who: int, percent: int, lapse: bool | None) -> None:
        customer, key = self.customers[who], new_key()
        there = customer_balances(self.shop.actor, customer_id=customer)
        principal, bonus = there.stored_principal_fen, there.stored_bonus_fen
        amount = principal if percent >= 90 and percent <= 100 else principal * percent // 100
        asked: dict[str, Any] = {
            "key": key,
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
        self.in_hand["cash"] -= amount
        self.stored[customer] -= amount + (bonus if lapse and amount == principal else 0)

    @rule(
        wanted=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), min_size=1, max_size=4),
        who=st.sampled_from((None, 0, 1)),
        split=st.tuples(*[st.integers(0, 100)] * 3),
        off=st.sampled_from((10_000, 9_500, 8_800)),
        less=st.integers(0, 50),
        keep=st.booleans(),
    )
    def a_bill(
        self,
        wanted: list[tuple[int, int]],
        who: int | None,
        split: tuple[int, int, int],
        off: int,
        less: int,
        keep: bool,
    ) -> None:
        customer = None if who is None else self.customers[who]
        cart = cart_of(
            self.shop,
            *((self.products[which], quantity) for which, quantity in wanted),
            customer_id=customer,
            bill_discount_bp=off,
            bill_reduction_fen=less,
        )
        total = price_bill(cart).total_fen
        parts = dict.fromkeys(("stored_value", "points", "credit", "wechat"), 0)
        if customer is not None:
            parts["stored_value"] = min(self.stored[customer], total * split[0] // 100)
            rest = total - parts["stored_value"]
            parts["points"] = min(max(self.points(customer), 0), rest * split[2] // 100)
            rest -= parts["points"]
            parts["credit"] = min(20_000 - self.debt[customer], rest * split[1] // 100)
        parts["wechat"] = (total - sum(parts.values())) * split[2] // 100
        payments = [Payment(tender, amount) for tender, amount in parts.items() if amount]
        if cash := total - sum(parts.values()):
            payments.append(Payment("cash", cash, cash + 100))
        confirmed = frozenset({BELOW_ZERO})
        kept = 100 if keep and cash and customer is not None else 0
        posted = checkout(
            self.shop.actor, cart=cart, payments=payments, confirmed=confirmed, stored_change_fen=kept
        )
        assert checkout(self.shop.actor, cart=cart, payments=[], confirmed=confirmed) == posted
        assert posted.total_fen == total
        self.in_hand["cash"] += cash + kept
        self.in_hand["wechat"] += parts["wechat"]
        if customer is not None:
            self.stored[customer] += kept - parts["stored_value"]
            self.debt[customer] += parts["credit"]
        for which, quantity in wanted:
            self.left[self.products[which]] -= quantity
        self.bills.append((posted.sale_id, customer))

    def points(self, customer: int) -> int:
        """A hundred pay one yuan, so that each pays one fen."""
        return points_left(customer, self.shop.actor.today())

    @precondition(lambda self: self.bills)
    @rule(which=st.integers(0, 99), part=st.integers(1, 4), stored=st.booleans(), waste=st.booleans())
    def goods_come_back(self, which: int, part: int, stored: bool, waste: bool) -> None:
        sale_id, customer = self.bills[which % len(self.bills)]
        lines = bill_detail(self.shop.actor, sale_id=sale_id).lines
        wanted = {line.id: min(line.left_milli, part * 1000) for line in lines if line.left_milli}
        if not wanted:
            return
        key = new_key()
        back = self._take_back(key, sale_id, wanted, stored and customer is not None, waste)
        assert self._take_back(key, sale_id, wanted, stored and customer is not None, waste) == back
        for tender, amount in back.by_tender:
            if tender == Tender.STORED_VALUE.key:
                self.stored[customer or 0] += amount
            elif tender == Tender.CREDIT.key:
                self.debt[customer or 0] -= amount
            else:
                self.in_hand[tender] -= amount
        for line in lines:
            self.left[line.product_id] += 0 if waste else wanted.get(line.id, 0) // 1000
        whole = all(line.left_milli == wanted.get(line.id, 0) for line in lines)
        if whole and sale_id not in self.exchanged and all(line.qty_milli > 0 for line in lines):
            self._all_came_back(sale_id)

    @precondition(lambda self: self.bills)
    @rule(
        which=st.integers(0, 99),
        part=st.integers(1, 3),
        instead=st.integers(0, 2),
        quantity=st.integers(1, 3),
        way=st.sampled_from(RefundWay),
    )
    def goods_are_exchanged(self, which: int, part: int, instead: int, quantity: int, way: RefundWay) -> None:
        sale_id, customer = self.bills[which % len(self.bills)]
        lines = bill_detail(self.shop.actor, sale_id=sale_id).lines
        wanted = {line.id: min(line.left_milli, part * 1000) for line in lines if line.left_milli}
        if not wanted or (way is RefundWay.STORED and customer is None):
            return
        _, back = lines_taken_back(self.shop.actor, sale_id=sale_id, quantities=wanted)
        cart = cart_of(self.shop, (self.products[instead], quantity), customer_id=customer)
        cart = replace(cart, lines=(*back, *cart.lines))
        due = max(price_bill(cart).total_fen, 0)
        confirmed = frozenset({BELOW_ZERO})
        payments = [Payment("wechat", due)] if due else []
        posted = checkout(self.shop.actor, cart=cart, payments=payments, way=way, confirmed=confirmed)
        assert checkout(self.shop.actor, cart=cart, payments=[], confirmed=confirmed) == posted
        self.in_hand["wechat"] += due
        for tender, amount in posted.back:
            if tender == Tender.STORED_VALUE.key:
                self.stored[customer or 0] += amount
            elif tender == Tender.CREDIT.key:
                self.debt[customer or 0] -= amount
            else:
                self.in_hand[tender] -= amount
        for line in lines:
            self.left[line.product_id] += wanted.get(line.id, 0) // 1000
        self.left[self.products[instead]] -= quantity
        self.exchanged.add(sale_id)
        self.bills.append((posted.sale_id, customer))

    def _take_back(
        self, key: str, sale_id: int, wanted: dict[int, int], stored: bool, waste: bool
    ) -> PostedReturn:
        return return_goods(
            self.shop.actor,
            key=key,
            sale_id=sale_id,
            quantities=wanted,
            to_stored_value=stored,
            to_waste=waste,
        )

    def _all_came_back(self, sale_id: int) -> None:
        rows = fetch(
            "SELECT sum(total_fen), sum(list_fen), sum(discount_fen), sum(rounding_fen), sum(cost_fen)"
            " FROM sale WHERE id = ? OR original_id = ?",
            sale_id,
            sale_id,
        )
        assert rows == [(0, 0, 0, 0, 0)]

    @rule(who=st.integers(0, 1), percent=st.integers(1, 120))
    def a_debt_is_paid(self, who: int, percent: int) -> None:
        customer = self.customers[who]
        amount = self.debt[customer] * percent // 100
        try:
            receive(self.shop.actor, key=new_key(), customer_id=customer, amount_fen=amount)
        except InputError:
            assert not 0 < amount <= self.debt[customer]
            return
        self.debt[customer] -= amount
        self.in_hand["cash"] += amount

    @precondition(lambda self: open_shift(self.shop.company_id) is None)
    @rule(float_fen=st.integers(0, 50_000))
    def a_shift_is_opened(self, float_fen: int) -> None:
        begin_shift(self.shop.actor, key=new_key(), float_fen=float_fen)
        self.safe += self.in_hand["cash"] - float_fen
        self.in_hand["cash"] = float_fen

    @rule(amount=st.integers(-9_000, 9_000).filter(bool))
    def cash_is_moved(self, amount: int) -> None:
        confirmed = frozenset({MORE_THAN_THERE})
        move_cash(self.shop.actor, key=new_key(), amount_fen=amount, reason="备用零钱", confirmed=confirmed)
        self.in_hand["cash"] += amount
        self.safe -= amount

    @precondition(lambda self: open_shift(self.shop.company_id) is not None)
    @rule(gap=st.integers(-500, 500), part=st.integers(0, 100))
    def a_shift_is_ended(self, gap: int, part: int) -> None:
        now = open_shift(self.shop.company_id)
        assert now is not None
        counted = max(self.in_hand["cash"] + gap, 0)
        left = counted * part // 100
        close_shift(
            self.shop.actor, shift_id=now.id, counted={"cash": counted}, left_fen=left, reason="找错零"
        )
        self.in_hand["cash"] = left
        self.safe += counted - left

    @invariant()
    def the_books_agree_with_the_model(self) -> None:
        if not self.stored:
            return
        company = self.shop.company_id
        assert balance_fen(Account.CASH, company_id=company) == self.in_hand["cash"]
        assert balance_fen(Account.SAFE, company_id=company) == self.safe
        assert balance_fen(Account.WECHAT, company_id=company) == self.in_hand["wechat"]
        for customer in self.customers:
            there = customer_balances(self.shop.actor, customer_id=customer)
            assert (there.stored_fen, there.debt_fen) == (self.stored[customer], self.debt[customer])
        left = dict(fetch("SELECT product_id, qty_milli / 1000 FROM stock"))
        assert {product: left.get(product, 0) for product in self.products} == self.left

    def teardown(self) -> None:
        faults = [line for invariant in INVARIANTS for line in invariant.check(fetch)]
        close_database()
        shutil.rmtree(self.parent)
        assert not faults


ShopAtWork.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
test_no_fen_is_lost_or_doubled = ShopAtWork.TestCase
