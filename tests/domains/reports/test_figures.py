"""The figures of a shop: equal to its bills, equal to its books, whichever way one looks."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

import pytest

from meiping.domains.access.queries import actor_for
from meiping.domains.access.service import add_company, save_role
from meiping.domains.expenses.rules import ADVANCE, ExpenseInput
from meiping.domains.expenses.service import spend
from meiping.domains.receivables.service import receive
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import customers_by, product_report, sales_by_day, summary
from meiping.domains.reports.rules import Period, Quick, Unit
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.exchanging import lines_taken_back
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.settings.queries import levels, words
from meiping.domains.wallet.service import recharge, refund
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import PermissionDenied
from meiping.kernel.tabular import Row
from meiping.store.database import fetch, fetch_value
from tests.factories import add_customer, add_product, cart_of, new_key, sell
from tests.shop import OpenedShop

EVER = Period()


def only_row(actor: Actor, by: Unit = Unit.DAY) -> Row:
    (row,) = summary(actor, EVER, by).rows
    return row


def take_back_a_line(
    actor: Actor, sale_id: int, qty_milli: int, *, way: RefundWay = RefundWay.AS_PAID
) -> None:
    if wanted := what_is_left(actor, sale_id, qty_milli):
        return_goods(actor, key=new_key(), sale_id=sale_id, quantities=wanted, way=way)


def what_is_left(actor: Actor, sale_id: int, qty_milli: int) -> dict[int, int]:
    """Up to so much of the first line of which something can still come back, by its id."""
    lines = (line for line in bill_detail(actor, sale_id=sale_id).lines if line.left_milli > 0)
    return {line.id: min(qty_milli, line.left_milli) for line in islice(lines, 1)}


PRINCIPAL = "SELECT amount_fen FROM balance WHERE account = 'stored_principal' AND party_id = ?"


def random_trade(
    shop: OpenedShop, dice: random.Random, bills: int = 40, sellers: Sequence[int | None] = (None,)
) -> None:
    """Weeks of bills with every tender, discounts, returns, exchanges, recharges and receipts, now and then none."""
    goods = [
        add_product(shop, stock=500, cost_fen=dice.randrange(1, 900), list_price_fen=dice.randrange(1, 3_000))
        for _ in range(4)
    ]
    people = [add_customer(shop, credit_yuan=100_000) for _ in range(3)]
    sold: list[int] = []
    for _ in range(bills):
        shop.clock.advance(hours=dice.choice((1, 5, 30, 24 * 40)))
        person = dice.choice(people)
        if dice.random() < 0.3:
            recharge(
                shop.actor,
                key=new_key(),
                customer_id=person,
                principal_fen=dice.randrange(1, 9_000),
                bonus_fen=dice.randrange(900),
                tender=dice.choice(("cash", "wechat")),
            )
        wanted = [(product, dice.randrange(1, 4)) for product in dice.sample(goods, dice.randrange(1, 4))]
        cart = replace(
            cart_of(shop, *wanted, customer_id=person), bill_discount_bp=dice.choice((10_000, 9_500, 8_800))
        )
        cart = replace(
            cart,
            salesperson_id=dice.choice(sellers),
            lines=tuple(
                replace(line, salesperson_id=dice.choice(sellers) or 0) if dice.random() < 0.3 else line
                for line in cart.lines
            ),
        )
        sold.append(pay_somehow(shop, dice, cart, price_bill(cart).total_fen, person))
        if dice.random() < 0.4:
            take_back_a_line(
                shop.actor,
                dice.choice(sold),
                dice.choice((1_000, 5_000)),
                way=dice.choice(list(RefundWay)),
            )
        if dice.random() < 0.4:
            sold += exchange(shop, dice, dice.choice(sold), dice.choice(goods))
        left = -(fetch_value(PRINCIPAL, person) or 0)
        if left and dice.random() < 0.3:
            refund(
                shop.actor,
                key=new_key(),
                customer_id=person,
                principal_fen=dice.choice((left, dice.randrange(1, left + 1))),
                tender=dice.choice(("cash", "card")),
                lapse_bonus=dice.random() < 0.5,
            )
        debt = fetch_value("SELECT amount_fen FROM balance WHERE account='receivable' AND party_id=?", person)
        if debt and dice.random() < 0.5:
            tender = dice.choice(("alipay", "card"))
            receive(
                shop.actor, key=new_key(), customer_id=person, amount_fen=max(1, debt // 2), tender=tender
            )


def pay_somehow(shop: OpenedShop, dice: random.Random, cart: Cart, total: int, person: int) -> int:
    left = fetch_value(
        "SELECT -coalesce(sum(amount_fen), 0) FROM balance WHERE account LIKE 'stored%' AND party_id = ?",
        person,
    )
    stored = min(total, left) if dice.random() < 0.5 else 0
    rest = total - stored
    first = dice.randrange(rest + 1)
    parts = {"stored_value": stored, dice.choice(("cash", "wechat")): first}
    parts[dice.choice(("card", "alipay", "credit"))] = rest - first
    payments = [Payment(tender, fen) for tender, fen in parts.items() if fen]
    return checkout(shop.actor, cart=cart, payments=payments).sale_id


def exchange(shop: OpenedShop, dice: random.Random, sale_id: int, product_id: int) -> list[int]:
    """Something of a bill against another product; gives the new bill, none where nothing is left of the old one."""
    wanted = what_is_left(shop.actor, sale_id, dice.choice((1_000, 3_000)))
    if not wanted:
        return []
    person, back = lines_taken_back(
        shop.actor, sale_id=sale_id, quantities=wanted, to_waste=dice.random() < 0.2
    )
    cart = cart_of(shop, (product_id, dice.randrange(1, 4)), customer_id=person)
    cart = replace(cart, lines=(*back, *cart.lines))
    due = price_bill(cart).total_fen
    first = dice.randrange(due + 1) if due > 0 else 0
    payments = [Payment("cash", first), Payment(dice.choice(("card", "credit")), due - first)]
    way = dice.choice(list(RefundWay))
    payments = [one for one in payments if one.amount_fen > 0]
    return [checkout(shop.actor, cart=cart, payments=payments, way=way).sale_id]


def from_the_books(first: str, last: str) -> dict[str, int]:
    """The same figures from the postings alone."""
    rows = fetch(
        "SELECT p.account, e.source_kind, sum(p.amount_fen) FROM posting p JOIN entry e ON e.id = p.entry_id"
        " WHERE e.business_date BETWEEN ? AND ? GROUP BY 1, 2",
        first,
        last,
    )
    sums = {(account, kind): fen for account, kind, fen in rows}

    def of(*accounts: str, kind: str = "sale") -> int:
        return sum(sums.get((account, kind), 0) for account in accounts)

    return {
        "net_fen": -of("sales", "rounding"),
        "cost_fen": of("cost_of_sales"),
        "profit_fen": -of("sales", "rounding", "cost_of_sales"),
        "stored_used_fen": of("stored_principal", "stored_bonus"),
        "credit_fen": of("receivable"),
        "recharge_fen": -of("stored_principal", kind="recharge"),
        "refund_fen": of("stored_principal", kind="refund"),
        "receipts_fen": -of("receivable", kind="receipt"),
        **{
            f"{tender}_fen": sum(of(tender, kind=kind) for kind in ("sale", "recharge", "refund", "receipt"))
            for tender in ("cash", "wechat", "alipay", "card")
        },
    }


def from_the_bills(first: str, last: str) -> dict[str, int]:
    """The same figures from the bills and their lines alone."""
    bills, net, cost, discount = fetch(
        "SELECT sum(kind <> 'return'), sum(total_fen), sum(cost_fen), sum(discount_fen - rounding_fen) FROM sale"
        " WHERE business_date BETWEEN ? AND ?",
        first,
        last,
    )[0]
    sales, returns = fetch(
        "SELECT sum(net_fen * (qty_milli > 0)), -sum(net_fen * (qty_milli < 0)) FROM sale_line"
        " JOIN sale ON sale.id = sale_id WHERE business_date BETWEEN ? AND ?",
        first,
        last,
    )[0]
    found = {"bills": bills, "net_fen": net, "cost_fen": cost, "discount_fen": discount}
    return {key: fen or 0 for key, fen in {**found, "sales_fen": sales, "returns_fen": returns}.items()}


@pytest.mark.parametrize("seed", range(3))
def test_every_row_equals_the_books_and_the_bills(shop: OpenedShop, seed: int):
    random_trade(shop, random.Random(seed))
    for by in Unit:
        table = summary(shop.actor, EVER, by)
        assert len(table.rows) > 1
        for row in table.rows:
            days = str(row["first"]), str(row["last"])
            for wanted in (from_the_books(*days), from_the_bills(*days)):
                assert {key: row[key] for key in wanted} == wanted
        for key in from_the_books("", "9") | from_the_bills("", "9"):
            assert table.totals[key] == sum(row[key] for row in table.rows)
    paid = ("cash_fen", "wechat_fen", "alipay_fen", "card_fen", "stored_used_fen", "credit_fen")
    totals = summary(shop.actor, EVER, Unit.YEAR).totals
    in_all = sum(totals[key] for key in paid) - totals["recharge_fen"] + totals["refund_fen"]
    in_all -= totals["receipts_fen"]
    assert totals["net_fen"] == in_all, "what was sold is what was paid, one way or another"


@pytest.mark.parametrize("seed", range(2))
def test_an_operators_own_rows_give_the_same_where_all_are_his(shop: OpenedShop, seed: int):
    random_trade(shop, random.Random(seed), bills=15)
    whole = summary(shop.actor, EVER, Unit.MONTH)
    own = replace(shop.actor, rights=_OwnScope(shop.actor))
    assert own.scope() is Scope.OWN
    assert summary(own, EVER, Unit.MONTH) == whole


class _OwnScope:
    """Everything may be done, but only own records are seen."""

    def __init__(self, actor: Actor) -> None:
        self._rights, self.active, self.holds = actor.rights, actor.rights.active, actor.rights.holds

    def scope(self, operator_id: int) -> Scope:
        return Scope.OWN


def test_one_bill_and_its_return(shop: OpenedShop):
    tea = add_product(shop, stock=10, cost_fen=300)
    bill = sell(shop, (tea, 3))
    row = only_row(shop.actor)
    assert (row["label"], row["bills"], row["net_fen"], row["cost_fen"]) == ("2026-03-16", 1, 3_000, 900)
    assert (row["profit_fen"], row["margin_bp"], row["average_fen"]) == (2_100, 7_000, 3_000)
    assert (row["cash_fen"], row["received_fen"]) == (3_000, 3_000)
    take_back_a_line(shop.actor, bill.sale_id, 1_000)
    row = only_row(shop.actor)
    assert (row["bills"], row["sales_fen"], row["returns_fen"], row["net_fen"]) == (1, 3_000, 1_000, 2_000)
    assert (row["cost_fen"], row["cash_fen"]) == (600, 2_000)


def test_a_day_of_nothing_but_returns_is_negative_and_has_no_margin(shop: OpenedShop):
    tea = add_product(shop, stock=10)
    bill = sell(shop, (tea, 3))
    shop.clock.advance(days=1)
    take_back_a_line(shop.actor, bill.sale_id, 3_000)
    row = summary(shop.actor, Quick.TODAY.period(shop.actor.today())).rows[0]
    assert (row["bills"], row["net_fen"], row["cash_fen"]) == (0, -3_000, -3_000)
    assert (row["margin_bp"], row["average_fen"]) == (None, None)
    days = sales_by_day(shop.actor, date(2026, 3, 15), date(2026, 3, 17))
    assert [day.net_fen for day in days] == [0, 3_000, -3_000]


def test_an_empty_shop_has_no_rows_and_zero_totals(shop: OpenedShop):
    table = summary(shop.actor, EVER)
    assert list(table.rows) == []
    assert table.totals["net_fen"] == 0
    assert table.totals["margin_bp"] is None
    assert len(sales_by_day(shop.actor, date(2026, 2, 15), date(2026, 3, 16))) == 30


def test_a_recharge_is_received_but_no_sale(shop: OpenedShop):
    recharge(
        shop.actor,
        key=new_key(),
        customer_id=add_customer(shop),
        principal_fen=50_000,
        bonus_fen=5_000,
        tender="wechat",
    )
    row = only_row(shop.actor)
    assert (row["bills"], row["net_fen"]) == (0, 0)
    assert (row["recharge_fen"], row["wechat_fen"], row["received_fen"]) == (50_000, 50_000, 50_000)


def test_only_days_of_the_period_count(shop: OpenedShop):
    tea = add_product(shop, stock=99)
    for _ in range(4):
        sell(shop, (tea, 1))
        shop.clock.advance(days=1)
    table = summary(shop.actor, Period(date(2026, 3, 17), date(2026, 3, 18)))
    assert [row["label"] for row in table.rows] == ["2026-03-18", "2026-03-17"]
    assert table.totals["net_fen"] == 2_000
    assert table.subtitle == "2026-03-17 至 2026-03-18"


# ------------------------------------------------------------------ rights and scope
def test_without_the_cost_right_cost_and_profit_are_not_there(shop: OpenedShop):
    sell(shop, (add_product(shop, stock=9), 1))
    save_role(shop.actor, role_id=None, name="看报表", scope=Scope.COMPANY, permissions=["reports.view"])
    table = summary(shop.as_role("看报表"), EVER)
    shown = {column.key for column in table.columns}
    assert shown.isdisjoint({"cost_fen", "profit_fen", "margin_bp"})
    assert {"cost_fen", "profit_fen", "margin_bp"}.isdisjoint(table.rows[0])
    assert table.rows[0]["net_fen"] == 1_000


def test_expenses_are_told_to_those_who_may_see_them(shop: OpenedShop):
    sell(shop, (add_product(shop, stock=9), 1))
    shop.clock.advance(days=1)
    me = shop.actor.operator_id
    rent = ExpenseInput(me, 400, words("expense_category")[0].id, "房东")
    spend(shop.actor, key=new_key(), expense=rent)
    spend(shop.actor, key=new_key(), kind=ADVANCE, expense=ExpenseInput(me, 9_000))
    table = summary(shop.actor, EVER)
    told = [(row["label"], row["profit_fen"], row["expense_fen"], row["result_fen"]) for row in table.rows]
    assert told == [("2026-03-17", 0, 400, -400), ("2026-03-16", 700, 0, 700)]
    assert table.totals["result_fen"] == 300
    see = {
        "都不看": ("reports.view",),
        "看成本": ("reports.view", "products.cost"),
        "看费用": ("reports.view", "expenses.view"),
    }
    shown = {}
    for name, rights in see.items():
        save_role(shop.actor, role_id=None, name=name, scope=Scope.COMPANY, permissions=rights)
        table = summary(shop.as_role(name), EVER)
        shown[name] = {"profit_fen", "expense_fen", "result_fen"} & table.totals.keys(), len(table.rows)
        assert table.totals.keys() <= {column.key for column in table.columns}
    assert shown == {"都不看": (set(), 1), "看成本": ({"profit_fen"}, 1), "看费用": ({"expense_fen"}, 2)}


def test_who_sees_only_his_own_sees_the_expenses_he_wrote_down_or_got(shop: OpenedShop):
    rights = ("reports.view", "expenses.view", "expenses.make", "expenses.pay")
    save_role(shop.actor, role_id=None, name="自己", scope=Scope.OWN, permissions=rights)
    mine = shop.as_role("自己")
    kind = words("expense_category")[0].id
    other = shop.actor.operator_id
    for actor, person, fen in (
        (shop.actor, other, 5),
        (shop.actor, mine.operator_id, 70),
        (mine, other, 600),
    ):
        spend(actor, key=new_key(), expense=ExpenseInput(person, fen, kind))
    assert summary(mine, EVER).totals["expense_fen"] == 670
    assert summary(shop.actor, EVER).totals["expense_fen"] == 675


def test_a_companys_manager_sees_his_company_the_owner_all_or_one(shop: OpenedShop):
    tea = add_product(shop, stock=9)
    sell(shop, (tea, 1))
    branch = add_company(shop.actor, name="东街分店")
    manager = shop.as_role("店长")
    there = replace(shop, actor=actor_for(1, company_id=branch, clock=shop.clock))
    sell(there, (add_product(there, stock=9), 4))
    assert summary(shop.actor, EVER).totals["net_fen"] == 5_000
    assert summary(shop.actor, EVER, company_id=branch).totals["net_fen"] == 4_000
    assert summary(manager, EVER).totals["net_fen"] == 1_000
    assert summary(manager, EVER, company_id=branch).totals["net_fen"] == 1_000, (
        "asking for more gives no more"
    )


def test_a_salesperson_with_reports_sees_own_bills_only(shop: OpenedShop):
    permissions = ["reports.view", "sales.checkout", "products.view", "wallet.recharge", "customers.view"]
    save_role(shop.actor, role_id=None, name="业务员看报表", scope=Scope.OWN, permissions=permissions)
    seller = shop.as_role("业务员看报表")
    tea = add_product(shop, stock=9)
    sell(shop, (tea, 1))
    cart = cart_of(shop, (tea, 2))
    checkout(seller, cart=cart, payments=[Payment("cash", 2_000)])
    row = only_row(seller)
    assert (row["bills"], row["net_fen"], row["cash_fen"]) == (1, 2_000, 2_000)
    assert [day.net_fen for day in sales_by_day(seller, date(2026, 3, 16), date(2026, 3, 16))] == [2_000]


def test_reports_need_their_right(shop: OpenedShop):
    clerk = shop.as_role("收银员")
    for call in (
        lambda: summary(clerk, EVER),
        lambda: customers_by(clerk, "level"),
        lambda: sales_by_day(clerk, date(2026, 1, 1), date(2026, 1, 2)),
    ):
        with pytest.raises(PermissionDenied):
            call()


def test_customers_by_level_and_source_add_up(shop: OpenedShop):
    gold = next(level for level in levels() if level.name == "金卡")
    for level_id in (gold.id, gold.id, None):
        add_customer(shop, level_id=level_id)
    assert [(share.name, share.count) for share in customers_by(shop.actor, "level")] == [
        ("金卡", 2),
        ("未填写", 1),
    ]
    assert sum(share.count for share in customers_by(shop.actor, "source")) == 3


def test_goods_sold_just_before_the_period_are_not_in_it(shop: OpenedShop):
    early, late = (add_product(shop, stock=9, name=name) for name in ("早卖的", "晚卖的"))
    for day, product in ((2, early), (3, late), (9, late)):
        shop.clock.set(2026, 4, day)
        sell(shop, (product, 1))
    shop.clock.set(2026, 5, 20)
    for last in (date(2026, 4, 30), date(2026, 4, 8), None):
        asked = ReportAsked(Period(date(2026, 4, 3), last))
        assert [row["name"] for row in product_report(shop.actor, asked).rows] == ["晚卖的"]
