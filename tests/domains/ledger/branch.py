"""A second company of the shop: it sells the same goods to the same customers, with a drawer, stock and wallets of its own."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition

from meiping.domains.access.service import add_company
from meiping.domains.ledger.queries import balance_fen, customer_balances
from meiping.domains.ledger.rules import Account
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import BELOW_ZERO, checkout
from meiping.domains.wallet.service import recharge
from meiping.store.database import fetch
from tests.domains.ledger.books import sum_due
from tests.domains.ledger.orders import Orders
from tests.domains.ledger.shop_and_books import step
from tests.factories import new_key


class Branch(Orders):
    """Points are one account in the whole shop; money, goods and stored value are each company's own."""

    def __init__(self) -> None:
        super().__init__()
        self.branch_cash = 0
        self.branch_stored: dict[int, int] = {}
        self.branch_goods: dict[int, int] = {}
        self.branch_bills: list[tuple[int, int, int, int, int]] = []
        """Each bill that is still out: its id, its customer, product, pieces and total."""

    def open_the_shop(self, prices: list[int], costs: list[int], to_jiao: bool) -> None:
        super().open_the_shop(prices, costs, to_jiao)
        self.branch = replace(self.shop.actor, company_id=add_company(self.shop.actor, name="分店"))
        self.branch_stored = dict.fromkeys(self.customers, 0)
        self.branch_goods = dict.fromkeys(self.products, 0)

    @step(which=st.integers(0, 2), pieces=st.integers(1, 3), who=st.integers(0, 1))
    def the_branch_sells(self, which: int, pieces: int, who: int) -> None:
        customer, product = self.customers[who], self.products[which]
        cart, wished = self.cart([(which, pieces, None, 9)], customer)
        total = sum_due(wished, bp=10_000, less=0, to_jiao=self.to_jiao)
        asked: dict[str, Any] = {"cart": cart, "confirmed": frozenset({BELOW_ZERO})}
        payments = [Payment("cash", total)] if total else []
        posted = checkout(self.branch, payments=payments, **asked)
        assert checkout(self.branch, payments=[], **asked) == posted
        assert posted.total_fen == total
        self._branch_takes(total)
        self.books.net_sales += total
        self.books.sold_by[0] += total
        self.books.points[customer] += total // 100
        self.branch_goods[product] -= pieces
        self.branch_bills.append((posted.sale_id, customer, product, pieces, total))

    def _branch_takes(self, fen: int) -> None:
        self.branch_cash += fen
        self.books.taken["cash"] += fen

    @precondition(lambda self: self.branch_bills)
    @step(which=st.integers(0, 9))
    def all_of_a_bill_comes_back_to_the_branch(self, which: int) -> None:
        sale_id, customer, product, pieces, total = self.branch_bills.pop(which % len(self.branch_bills))
        (line,) = bill_detail(self.branch, sale_id=sale_id).lines
        back = return_goods(self.branch, key=new_key(), sale_id=sale_id, quantities={line.id: pieces * 1_000})
        assert dict(back.by_tender) == ({"cash": total} if total else {})
        self._branch_takes(-total)
        self.books.net_sales -= total
        self.books.sold_by[0] -= total
        self.books.points[customer] -= total // 100
        self.branch_goods[product] += pieces

    @step(who=st.integers(0, 1), principal=st.integers(1, 9_000))
    def stored_value_is_put_in_at_the_branch(self, who: int, principal: int) -> None:
        customer = self.customers[who]
        recharge(self.branch, key=new_key(), customer_id=customer, principal_fen=principal, bonus_fen=0)
        self._branch_takes(principal)
        self.books.recharged += principal
        self.branch_stored[customer] += principal

    @invariant()
    def the_branch_has_its_own(self) -> None:
        if not self.customers:
            return
        company = self.branch.company_id
        assert balance_fen(Account.CASH, company_id=company) == self.branch_cash
        for customer in self.customers:
            there = customer_balances(self.branch, customer_id=customer)
            assert (there.stored_fen, there.debt_fen) == (self.branch_stored[customer], 0)
        left = dict(fetch("SELECT product_id, qty_milli / 1000 FROM stock WHERE company_id = ?", company))
        assert {product: left.get(product, 0) for product in self.products} == self.branch_goods

    def _everything_comes_back(self) -> None:
        while self.branch_bills:
            self.all_of_a_bill_comes_back_to_the_branch(which=0)
        super()._everything_comes_back()
