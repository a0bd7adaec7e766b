"""A shop beside its books: a machine that opens both, keeps them together, and looks whether they agree."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache, wraps
from pathlib import Path
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from meiping.domains.access.queries import actor_for
from meiping.domains.catalog.price_rules import save_price_rule
from meiping.domains.catalog.prices import PriceRuleInput
from meiping.domains.ledger.queries import balance_fen, customer_balances, statement
from meiping.domains.ledger.rules import Account
from meiping.domains.loyalty.card_rules import CardInput
from meiping.domains.loyalty.cards import save_card_kind
from meiping.domains.loyalty.queries import points_left
from meiping.domains.loyalty.service import daily_pass
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import people_report, summary, tender_report
from meiping.domains.reports.rules import Period
from meiping.domains.sales.amount_lines import amount_only_line
from meiping.domains.sales.cart import NOBODY, Cart
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.prices import as_priced_today
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.returns import PostedReturn, return_goods
from meiping.domains.settings.queries import levels
from meiping.domains.settings.service import save_options
from meiping.domains.till.queries.shifts import open_shift
from meiping.domains.wallet.recharge_rules import save_rule
from meiping.domains.wallet.rules import RuleInput
from meiping.store.database import close_database, fetch, fetch_value, open_database
from meiping.store.folder import DataFolder
from tests.domains.ledger.books import (
    CARD_PRICE,
    CARD_USES,
    OFF,
    OFF_FROM,
    REAL,
    RULE_BONUS,
    RULE_LEAST,
    Bill,
    Books,
    Card,
    Sold,
    Wish,
    running,
)
from tests.domains.ledger.points_book import MONTHS
from tests.factories import add_customer, add_product, cart_of, new_key
from tests.shop import OpenedShop, SettableClock, found_test_shop, opening_time
from tests.whole_file import faults

LIMIT = 20_000
"""What the second customer may owe; the first may not owe anything."""
CHECKED_EACH = 10
AMOUNT_ONLY, CARD = 3, 4
"""What may be wished for beside the three products."""
Wanted = list[tuple[int, int, int | None, int]]
"""(which product, pieces, discount by hand or None, 0 for a gift and 1 to 3 for a line of another salesperson)"""
done: Counter[str] = Counter()
"""How many steps of each kind were made."""


@cache
def _founded() -> DataFolder:
    """Made once for all examples."""
    return found_test_shop(Path(tempfile.mkdtemp()) / "data")


def fresh_shop(parent: Path) -> OpenedShop:
    """A founded shop copied from one made once."""
    folder = replace(_founded(), root=parent / "data")
    shutil.copytree(_founded().root, folder.root)
    open_database(folder.database)
    clock = SettableClock(opening_time())
    return OpenedShop(folder, clock, actor_for(1, clock=clock))


def step(**given: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule of the machine whose steps are counted."""

    def made(work: Callable[..., None]) -> Any:
        @wraps(work)
        def counted(self: Any, **values: Any) -> None:
            done[work.__name__] += 1
            work(self, **values)

        return rule(**given)(counted)

    return made


def shift_id() -> int | None:
    """The shift under way."""
    now = open_shift(1)
    return None if now is None else now.id


class ShopAndBooks(RuleBasedStateMachine):
    """An opened shop and its books, with what bills and returns of both have in common."""

    def __init__(self) -> None:
        super().__init__()
        self.parent = Path(tempfile.mkdtemp())
        self.shop = fresh_shop(self.parent)
        self.books = Books()
        self.books.points.today = self.shop.actor.today
        self.customers: list[int] = []
        self.checked = 0

    def open_the_shop(self, prices: list[int], costs: list[int], to_jiao: bool) -> None:
        """Three products, a card, rules, and two customers: one who may not owe, and one of gold who may."""
        rounding = "jiao_down" if to_jiao else "none"
        save_options(
            self.shop.actor, values={"points.on": True, "points.months": MONTHS, "till.rounding": rounding}
        )
        save_rule(self.shop.actor, rule=RuleInput("", RULE_LEAST, RULE_BONUS, each=True))
        gold = min(levels(), key=lambda level: level.discount_bp)
        self.to_jiao, self.level_bp = to_jiao, gold.discount_bp
        self.prices = prices
        self.level_price, self.special = max(prices[1] // 3, 1), prices[2] // 2
        self.products = [
            add_product(
                self.shop,
                list_price_fen=price,
                stock=5,
                cost_fen=cost,
                level_prices=((gold.id, self.level_price),) if place == 1 else (),
                service_term_months=1 if place == 0 else 0,
            )
            for place, (price, cost) in enumerate(zip(prices, costs, strict=True))
        ]
        self.card = add_product(self.shop, list_price_fen=CARD_PRICE, stocked=False)
        save_card_kind(self.shop.actor, card=CardInput(self.card, CARD_USES))
        if self.special < prices[2]:
            special = PriceRuleInput("special", product_id=self.products[2], price_fen=self.special)
            save_price_rule(self.shop.actor, rule=special)
        save_price_rule(self.shop.actor, rule=PriceRuleInput("threshold", least_fen=OFF_FROM, off_fen=OFF))
        self.customers = [
            add_customer(self.shop),
            add_customer(self.shop, credit_yuan=LIMIT // 100, level_id=gold.id),
        ]
        self.people = [self.shop.actor.operator_id, self.shop.as_role("业务员").operator_id]
        self.books.goods = dict.fromkeys(self.products, 5)
        for customer in self.customers:
            self.books.welcome(customer)

    def _wish(self, which: int, pieces: int, bp: int | None, *, gift: bool, golden: bool) -> Wish:
        level_bp = self.level_bp if golden else 10_000
        if which == AMOUNT_ONLY:
            return Wish(0, 1_234, pieces, bp, gift)  # what is typed is what is paid
        if which == CARD:
            return Wish(self.card, CARD_PRICE, pieces, bp, gift, level_bp)
        return Wish(
            self.products[which],
            self.prices[which],
            pieces,
            bp,
            gift,
            level_bp,
            self.level_price if golden and which == 1 else None,
            self.special if which == 2 else None,
        )

    def cart(self, wanted: Wanted, customer: int | None, **values: Any) -> tuple[Cart, list[Wish]]:
        """What is wanted as a cart and as the books have it; cards are for customers only."""
        cart = replace(cart_of(self.shop), customer_id=customer, **values)
        wished = []
        for place, pieces, bp, gift in wanted:
            which = 0 if place == CARD and customer is None else place
            golden = customer == self.customers[1]
            wish = self._wish(which, pieces, bp, gift=gift == 0, golden=golden)
            wished.append(wish)
            if which == AMOUNT_ONLY:
                line = replace(
                    amount_only_line(self.shop.actor, text="12.34 手工皂"),
                    qty_milli=pieces * 1_000,
                    renews_id=fetch_value("SELECT max(id) FROM service_term"),  # as a fee for it would
                )
            else:
                (line,) = cart_of(self.shop, (wish.product, pieces)).lines
            line = replace(line, discount_bp=bp, gift=wish.gift, salesperson_id=self.seller(gift))
            cart = replace(cart, lines=(*cart.lines, line))
        return as_priced_today(self.shop.actor, cart=cart), wished

    def seller(self, number: int) -> int | None:
        """Whom a line counts for: one of the two, nobody, or whom the bill counts for."""
        return {1: self.people[0], 2: self.people[1], 3: NOBODY}.get(number)

    def ways(self, total: int, customer: int | None, split: list[int]) -> dict[str, int]:
        """How ``total`` is paid, by tender; the rest is cash."""
        ways: dict[str, int] = {}
        rest = total
        most = {"wechat": rest, "card": rest}
        if customer is not None:
            most = {
                "stored_value": self.books.stored[customer],
                "credit": (LIMIT if customer == self.customers[1] else 0) - self.books.debt[customer],
                "points": max(self.books.points[customer], 0),
                **most,
            }
        for (tender, there), percent in zip(most.items(), split, strict=False):
            if fen := min(there, rest * percent // 100):
                ways[tender] = fen
                rest -= fen
        if rest:
            ways["cash"] = rest
        return ways

    def pay(
        self, ways: dict[str, int], customer: int | None, more: int, keep: int
    ) -> tuple[list[Payment], int]:
        """The payments, ``more`` handed over than the cash due, and what of the change is kept in stored value."""
        kept = min(keep, more) if customer is not None and "cash" in ways else 0
        return [
            Payment(tender, fen, fen + more if tender == "cash" else None) for tender, fen in ways.items()
        ], kept

    def post(self, ways: dict[str, int], customer: int | None, kept: int) -> None:
        for tender, fen in ways.items():
            if tender in REAL:
                self.books.money(tender, fen)
        if customer is not None:
            self.books.stored[customer] -= ways.get("stored_value", 0)
            self.books.debt[customer] += ways.get("credit", 0)
            self.books.points[customer] -= ways.get("points", 0)
            if kept:
                self.books.recharge(customer, kept, 0, "cash")

    def bill(self, sale_id: int, customer: int | None, cart: Cart) -> Bill:
        detail = bill_detail(self.shop.actor, sale_id=sale_id)
        assert sum(line.net_fen for line in detail.lines) == detail.total_fen
        wished = [line for line in cart.lines if line.taken is None]
        lines = [
            Sold(
                line.id,
                line.product_id if line.product_id in self.products else None,
                line.qty_milli // 1_000,
                line.net_fen,
                line.qty_milli // 1_000,
                (cart.salesperson_id or 0) if wish.salesperson_id is None else wish.salesperson_id,
            )
            for line, wish in zip((one for one in detail.lines if one.qty_milli > 0), wished, strict=True)
        ]
        day = str(fetch_value("SELECT business_date FROM sale WHERE id = ?", sale_id))
        bill = Bill(sale_id, customer, shift_id(), day, lines)
        self.books.bills.append(bill)
        for line in lines:
            self.books.sold_by[line.person] += line.net
            if line.product is not None:
                self.books.goods[line.product] -= line.pieces
            self._cards_of(line)
        return bill

    def _cards_of(self, line: Sold) -> None:
        rows = fetch("SELECT id, net_fen FROM count_card WHERE sale_line_id = ? ORDER BY id", line.line)
        line.cards = {card: Card(net) for card, net in rows}
        if rows:
            parts = [running(line.net, line.pieces, place, 1) for place in range(line.pieces)]
            assert [net for _, net in rows] == parts

    def sold(
        self,
        sale_id: int,
        customer: int | None,
        cart: Cart,
        total: int,
        ways: dict[str, int],
        bonus: int,
        kept: int = 0,
    ) -> None:
        """A bill of ``total`` was posted, paid in these ways by who had so much bonus before it."""
        self.books.net_sales += total
        self.post(ways, customer, kept)
        bill = self.bill(sale_id, customer, cart)
        if customer is not None:
            bill.points_fen = bill.points_used = ways.get("points", 0)
            spent_bonus = bonus - self.bonus_of(customer)
            bill.earned = max(total - bill.points_fen - spent_bonus, 0) // 100
            self.books.points[customer] += bill.earned

    def bonus_of(self, customer: int) -> int:
        return customer_balances(self.shop.actor, customer_id=customer).stored_bonus_fen

    def some_of(self, bill: Bill, part: int) -> dict[int, int]:
        return {line.line: min(line.can_come_back, part) for line in bill.lines if line.can_come_back}

    def bring_back(self, bill: Bill, wanted: dict[int, int], *, way: RefundWay, waste: bool) -> None:
        asked: dict[str, Any] = {
            "key": new_key(),
            "sale_id": bill.sale_id,
            "quantities": {line: pieces * 1_000 for line, pieces in wanted.items()},
            "way": way,
            "to_waste": waste,
        }
        back = return_goods(self.shop.actor, **asked)
        assert return_goods(self.shop.actor, **asked) == back
        self.given_back(bill, back, self.books.come_back(bill, wanted, waste=waste), way=way)
        if all(not line.left for line in bill.lines) and bill.plain and not bill.keeps:
            self._all_came_back(bill.sale_id)

    def given_back(self, bill: Bill, back: PostedReturn, worth: int, *, way: RefundWay) -> None:
        """What came back was ``worth`` so much: so it went to whoever had bought it."""
        customer, given = bill.customer, dict(back.by_tender)
        assert sum(given.values()) == back.refund_fen == worth
        if customer is not None:
            assert given.get("credit", 0) == min(worth, self.books.debt[customer])
        kept_as = {"credit", "points", "stored_value"}
        assert way is not RefundWay.STORED or set(given) <= kept_as
        assert way is not RefundWay.CASH or set(given) <= kept_as | {"cash"}
        self.books.give(customer, given)
        if customer is not None and bill.plain:
            self.books.points_of_return(bill, worth, given.get("points", 0))
        elif customer is not None:
            self.adopt_points(customer)

    def adopt_points(self, customer: int) -> None:
        """Points that an exchange took along are not reckoned; in the end they must be all there."""
        rows = fetch("SELECT points, expires_date FROM point_move WHERE customer_id = ?", customer)
        self.books.points.adopt(customer, rows)

    def _all_came_back(self, sale_id: int) -> None:
        rows = fetch(
            "SELECT sum(total_fen), sum(list_fen), sum(discount_fen), sum(rounding_fen), sum(cost_fen)"
            " FROM sale WHERE id = ? OR original_id = ?",
            sale_id,
            sale_id,
        )
        assert rows == [(0, 0, 0, 0, 0)]

    def day(self) -> str:
        """The day what is done now counts for."""
        now = open_shift(1)
        return str(self.shop.actor.today() if now is None else now.business_date)

    # ------------------------------------------------------------ what is always true
    @invariant()
    def the_books_agree(self) -> None:
        if not self.customers:
            return
        books = self.books

        def of(account: Account) -> int:
            return balance_fen(account, company_id=self.shop.company_id)

        assert {tender: of(Account(tender)) for tender in REAL} == books.hand
        others = {
            Account.SAFE: books.safe,
            Account.CASH_DIFFERENCE: books.gap,
            Account.BAD_DEBT: books.bad,
            Account.EXPENSE: books.expenses,
            Account.ADVANCE: books.advances,
        }
        assert {account: of(account) for account in others} == others
        owed_uses = sum(card.net - card.earned for card in books.cards())
        cards = "SELECT coalesce(sum(amount_fen), 0) FROM posting WHERE account = ?"
        assert fetch_value(cards, "card_liability") == -owed_uses
        assert fetch_value(cards, "card_income") == owed_uses
        assert fetch_value("SELECT coalesce(sum(amount_fen), 0) FROM posting") == 0
        for customer in self.customers:
            there = customer_balances(self.shop.actor, customer_id=customer)
            assert (there.stored_fen, there.debt_fen) == (books.stored[customer], books.debt[customer])
            assert points_left(customer, self.shop.actor.today()) == books.points[customer]
        left = dict(fetch("SELECT product_id, qty_milli / 1000 FROM stock WHERE company_id = 1"))
        assert {product: left.get(product, 0) for product in self.products} == books.goods
        self.checked += 1
        if self.checked % CHECKED_EACH == 0:
            assert not faults()

    def teardown(self) -> None:
        try:
            if self.customers:
                self._reports_agree()
                self._everything_comes_back()
                self._reports_agree()
        finally:
            close_database()
            shutil.rmtree(self.parent)

    def _reports_agree(self) -> None:
        books = self.books
        said = summary(self.shop.actor, Period()).totals
        assert said is not None
        figures = {f"{tender}_fen": fen for tender, fen in books.taken.items()} | {
            "net_fen": books.net_sales,
            "recharge_fen": books.recharged,
            "refund_fen": books.refunded,
            "receipts_fen": books.received,
        }
        assert {key: said[key] for key in figures} == figures
        tenders = tender_report(self.shop.actor, ReportAsked(Period())).totals
        assert tenders is not None
        assert {tender: tenders[f"{tender}_fen"] for tender in REAL} == books.taken
        people = people_report(self.shop.actor, ReportAsked(Period())).rows
        assert Counter({row["id"]: row["net_fen"] for row in people}) == books.sold_by
        for customer in self.customers:
            rows = statement(self.shop.actor, customer_id=customer).rows
            newest = (rows[0]["stored_fen"], rows[0]["debt_fen"]) if rows else (0, 0)
            assert newest == (books.stored[customer], books.debt[customer])
        assert not faults()

    def _everything_comes_back(self) -> None:
        """Once all is back but what was used of cards nothing was sold; who never owed has all he had been given."""
        for bill in self.books.bills:
            wanted = self.some_of(bill, 99)
            if wanted:
                self.bring_back(bill, wanted, way=RefundWay.AS_PAID, waste=False)
        sums = dict(fetch("SELECT account, sum(amount_fen) FROM balance GROUP BY account"))
        assert -sums.get("sales", 0) - sums.get("rounding", 0) == self.books.net_sales
        assert sums.get("cost_of_sales", 0) == 0
        if not self.books.cards() and not any(bill.keeps for bill in self.books.bills):
            assert self.books.net_sales == sums.get("rounding", 0) == 0
        first = self.customers[0]
        his = [bill for bill in self.books.bills if bill.customer == first]
        if not any(bill.keeps or line.cards for bill in his for line in bill.lines):
            daily_pass(self.shop.actor)
            lapsed = (
                "SELECT coalesce(sum(points), 0) FROM point_move WHERE kind = 'expire' AND customer_id = ?"
            )
            kept = self.books.points_given[first] + int(fetch_value(lapsed, first))
            assert points_left(first, self.shop.actor.today()) == kept
            assert self.bonus_of(first) == self.books.bonus_given[first]
