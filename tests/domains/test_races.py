"""What happens at the same moment on several threads happens one after the other, once each.

A few trials in the suite, with ``MEIPING_RACES=200`` as many by eight threads, and two thousand bills beside the reports.
"""

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from meiping.domains.ledger.queries import balance_fen, customer_balances, statement
from meiping.domains.ledger.rules import Account
from meiping.domains.reports.queries import summary
from meiping.domains.reports.rules import Period
from meiping.domains.sales.at_till import open_cart
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import PostedBill, hold_cart, save_cart
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.queries import bills
from meiping.domains.sales.service import checkout
from meiping.domains.sales.shifts import close_shift
from meiping.domains.settings.service import save_options
from meiping.domains.stock.queries import StockFilter, stock_list
from meiping.domains.till.queries.shifts import open_shift
from meiping.domains.till.service import begin_shift
from meiping.domains.wallet.service import recharge
from meiping.kernel.errors import InputError, PermissionDenied
from meiping.store.database import fetch, fetch_value, reading, writing
from tests.factories import add_customer, add_product, cart_of, cash, new_key, sell
from tests.shop import OpenedShop
from tests.whole_file import faults

TRIALS = int(os.environ.get("MEIPING_RACES", "10"))
MANY = TRIALS > 10
WORKERS = 8 if MANY else 4
BESIDE_REPORTS = 2_000 if MANY else 200
LONGEST_S = 0.5
"""What a bill may take beside the reports, by the goal for it; asked of a machine that does nothing else."""


def settle_at_once(
    shop: OpenedShop, carts: Sequence[Cart], payments: Sequence[Payment]
) -> list[PostedBill | InputError]:
    """Settle all the carts at the same moment, each on a thread with a connection of its own."""
    ready = threading.Barrier(len(carts))

    def settle(cart: Cart) -> PostedBill | InputError:
        with writing():
            ready.wait()
            try:
                return checkout(shop.actor, cart=cart, payments=payments)
            except InputError as refused:
                return refused

    with ThreadPoolExecutor(len(carts)) as pool:
        return list(pool.map(settle, carts))


def test_one_cart_settled_on_several_threads_at_once_is_one_bill(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=2 * TRIALS)
    for _ in range(TRIALS):
        cart = cart_of(shop, (tea, 1))
        posted = settle_at_once(shop, [cart] * WORKERS, cash(1_000, 2_000))
        assert len(set(posted)) == 1
        assert isinstance(posted[0], PostedBill)
    assert bills(shop.actor).count() == TRIALS
    assert balance_fen(Account.CASH, company_id=shop.company_id) == TRIALS * 1_000
    assert not faults()


def test_a_shift_opened_twice_at_once_is_one_shift(shop: OpenedShop) -> None:
    ready = threading.Barrier(4)

    def begin(key: str) -> str:
        with writing():
            ready.wait()
            try:
                return begin_shift(shop.actor, key=key, float_fen=20_000)
            except InputError as refused:
                return refused.sentence

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(begin, ["one", "one", "another", "another"]))
    assert told.count("JB-20260316-0001") == 2
    assert fetch_value("SELECT count(*) FROM shift") == 1
    assert balance_fen(Account.CASH, company_id=shop.company_id) == 20_000
    assert not faults()


def test_a_shift_ended_while_bills_are_settled_has_each_of_them_or_leaves_it_out(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=3 * TRIALS)
    for _ in range(TRIALS):
        begin_shift(shop.actor, key=new_key(), float_fen=0)
        now = open_shift(shop.company_id)
        assert now is not None
        end = partial(close_shift, shop.actor, shift_id=now.id, counted={"cash": 0}, reason="没数")
        carts = [cart_of(shop, (tea, 1)) for _ in range(3)]
        settle = [partial(checkout, shop.actor, cart=cart, payments=cash(1_000)) for cart in carts]
        ready = threading.Barrier(4)

        def work(deed: Callable[[], object], ready: threading.Barrier = ready) -> None:
            with writing():
                ready.wait()
                deed()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, [*settle, end]))
        assert not faults()


def test_the_last_piece_is_sold_once(shop: OpenedShop) -> None:
    save_options(shop.actor, values={"stock.below_zero": "forbid"})
    for _ in range(TRIALS):
        last = add_product(shop, stock=1)
        carts = [cart_of(shop, (last, 1)) for _ in range(WORKERS)]
        outcomes = settle_at_once(shop, carts, cash(1_000))
        assert sum(isinstance(outcome, PostedBill) for outcome in outcomes) == 1
        assert sum("请先入库" in str(outcome) for outcome in outcomes) == WORKERS - 1
        assert fetch_value("SELECT qty_milli FROM stock WHERE product_id = ?", last) == 0
    numbers = [int(number[-4:]) for (number,) in fetch("SELECT number FROM sale ORDER BY id")]
    assert numbers == [*range(1, TRIALS + 1)]
    assert not faults()


def test_the_last_of_the_stored_value_is_spent_once(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=2 * TRIALS)
    for _ in range(TRIALS):
        customer = add_customer(shop)
        recharge(shop.actor, key=new_key(), customer_id=customer, principal_fen=1_500)
        carts = [cart_of(shop, (tea, 1), customer_id=customer) for _ in range(WORKERS)]
        outcomes = settle_at_once(shop, carts, [Payment("stored_value", 1_000)])
        assert sum(isinstance(outcome, PostedBill) for outcome in outcomes) == 1
        assert customer_balances(shop.actor, customer_id=customer).stored_fen == 500
    assert not faults()


def test_reports_are_read_while_the_till_sells(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=BESIDE_REPORTS)
    customer = add_customer(shop)
    closed = threading.Event()
    read = 0

    def look_at_reports() -> None:
        nonlocal read
        with reading():
            while not closed.is_set() or read < 3:
                (day,) = summary(shop.actor, Period()).rows or ({"bills": 0, "sales_fen": 0, "cash_fen": 0},)
                assert day["sales_fen"] == day["cash_fen"] == day["bills"] * 1_000
                dealings = statement(shop.actor, customer_id=customer).rows
                assert all(row["amount_fen"] == 1_000 for row in dealings)
                listing = bills(shop.actor)
                counted = listing.count()
                assert len(listing.window(0, BESIDE_REPORTS, None)) >= counted
                stock_list(shop.actor, filter=StockFilter()).window(0, 50, None)
                read += 1

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(look_at_reports)
        longest_s = 0.0
        for _ in range(BESIDE_REPORTS):
            began = time.perf_counter()
            sell(shop, (tea, 1), customer_id=customer)
            longest_s = max(longest_s, time.perf_counter() - began)
        closed.set()
        reader.result()
    assert bills(shop.actor).count() == BESIDE_REPORTS
    assert not MANY or longest_s < LONGEST_S


def test_a_refusal_on_a_worker_is_a_sentence_and_is_written_down(shop: OpenedShop) -> None:
    clerk = shop.as_role("收银员")

    def ask() -> None:
        with reading():
            summary(clerk, Period())

    with ThreadPoolExecutor(1) as pool, pytest.raises(PermissionDenied, match="查看报表"):
        pool.submit(ask).result()
    denied = fetch("SELECT operator_name, summary FROM operation WHERE action = 'denied'")
    assert denied == [(clerk.name, "没有权限：查看报表（reports.summary）")]


def test_a_cart_kept_late_does_not_bring_a_settled_bill_back(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=10)
    cart = cart_of(shop, (tea, 1))
    bill = checkout(shop.actor, cart=cart, payments=cash(1_000))
    for keep in (save_cart, hold_cart):
        with pytest.raises(InputError, match=bill.number):
            keep(shop.actor, cart=cart_of(shop, (tea, 5), key=cart.key))
    assert open_cart(shop.actor) is None
