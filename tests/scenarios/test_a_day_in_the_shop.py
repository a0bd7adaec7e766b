"""One day of a small tea shop, from the key in the door to the day the disk broke; every sum is known by hand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from meiping.adapters.files import replace_file
from meiping.cli import command_line_actor
from meiping.domains.access.login import LoginRefused, log_in, nobody
from meiping.domains.access.passwords import make_hash
from meiping.domains.access.queries import roles
from meiping.domains.access.service import add_operator
from meiping.domains.catalog.rules import ProductInput
from meiping.domains.catalog.service import add_product
from meiping.domains.customers.queries import find_customers
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_customer
from meiping.domains.ledger.queries import customer_balances, statement
from meiping.domains.maintenance.service import back_up, check, restore
from meiping.domains.receivables.service import receive
from meiping.domains.reminders.queries import due
from meiping.domains.reminders.rules import ReminderInput
from meiping.domains.reminders.service import add_reminder, claim_notified, mark_done
from meiping.domains.reports.queries import sales_by_day, summary
from meiping.domains.reports.rules import Period
from meiping.domains.sales.at_till import customer_at_till, held_carts, open_cart
from meiping.domains.sales.cart import Cart, CartLine, new_cart
from meiping.domains.sales.carts import PostedBill, hold_cart, recall_cart, save_cart
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import bill_by_number, bills
from meiping.domains.sales.returns import refund_of, return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.settings.queries import levels
from meiping.domains.settings.service import found_shop
from meiping.domains.stock.queries import StockFilter, by_code, stock_list
from meiping.domains.stock.service import StockLine, issue_goods, receive_goods
from meiping.domains.wallet.recharge_rules import save_rule
from meiping.domains.wallet.rules import RuleInput
from meiping.domains.wallet.service import recharge
from meiping.kernel.actor import Actor
from meiping.kernel.errors import DamagedFile, InputError, PermissionDenied
from meiping.store.database import close_database, fetch, open_database
from meiping.store.folder import DataFolder
from meiping.store.migrator import migrate
from tests.factories import new_key
from tests.shop import CHEAP, PASSWORD, RECOVERY_CODE, SettableClock, opening_time

TEA, CUP, SEEDS, WRAPPING = "6901234567892", "CUP", "SEEDS", "WRAP"
"""What is scanned or typed: ¥58.00, ¥19.90, ¥29.80 a jin, and ¥5.00 for wrapping."""

ACCOUNTS = {
    "cash": 97_80 + 50_00 + 19_90 - 19_90,
    "wechat": 500_00 + 22_50 + 160_00 + 100_00,
    "alipay": 53_60,
    "card": 24_90,
    "receivable": 200_00 - 58_00 - 100_00,
    "stored_principal": -(500_00 - 104_40 - 100_00),
    "stored_bonus": -50_00,
    "promotion": 50_00,
    "sales": -(833_10 - 77_90),
    "purchases": -984_90,
    "cost_of_sales": 10 * 31_00 + 10 * 8_05 + 9_32,
    "stock_difference": 8_05,
    "inventory": 10 * 31_00 + 19 * 8_05 + (123_40 - 9_32),
}
"""Where every account stands in the evening, debits positive, in fen."""


@pytest.fixture(autouse=True)
def locked_up() -> Iterator[None]:
    """Whatever happens in the day, the file is closed in the end."""
    yield
    close_database()


@dataclass
class Day:
    """The shop, its clock and its people."""

    folder: DataFolder
    clock: SettableClock
    boss: Actor
    manager: Actor
    clerk: Actor
    meilan: int = 0
    zhang: int = 0

    def cart(self, *wanted: tuple[str, int], customer_id: int | None = None) -> Cart:
        """A cart filled by scanning: (code, quantity in thousandths)."""
        cart = new_cart()
        if customer_id is not None:
            known = customer_at_till(self.clerk, customer_id=customer_id)
            cart = replace(cart, customer_id=customer_id, level_discount_bp=known.discount_bp)
        for code, qty_milli in wanted:
            found = by_code(self.clerk, code=code)
            assert found is not None
            line = CartLine(
                product_id=found.id,
                code=found.code,
                name=found.name,
                unit=found.unit,
                qty_milli=qty_milli,
                list_price_fen=found.price_fen,
                price_fen=found.price_fen,
            )
            cart, _ = cart.added(line)
            save_cart(self.clerk, cart=cart)
        return cart

    def settle(self, cart: Cart, **parts: int) -> PostedBill:
        """Settle a cart at the counter, paid by these tenders."""
        self.clock.advance(minutes=10)
        payments = [Payment(tender, amount) for tender, amount in parts.items()]
        return checkout(self.clerk, cart=cart, payments=payments)


# ------------------------------------------------------------------ the chapters
def open_for_the_first_time(root: Path) -> Day:
    folder, clock = DataFolder(root), SettableClock(opening_time())
    clock.set(2026, 3, 16, 7, 30)
    folder.prepare()
    generation = folder.new_generation()
    open_database(folder.database_in(generation))
    migrate()
    secret = make_hash(PASSWORD, cost=CHEAP)
    recovery = make_hash(RECOVERY_CODE, cost=CHEAP)
    found_shop(
        nobody(clock),
        shop_name="清和茶行",
        administrator="王老板",
        password_hash=secret,
        recovery_hash=recovery,
    )
    folder.switch_to(generation, replace_file)
    with pytest.raises(LoginRefused, match="请 1 秒后再试"):
        log_in(name="王老板", password="guessed", clock=clock)
    clock.advance(seconds=1)
    boss = log_in(name="王老板", password=PASSWORD, clock=clock)
    role_ids = {role.name: role.id for role in roles(boss)}
    for name, role in (("老周", "店长"), ("小李", "收银员")):
        add_operator(
            boss,
            name=name,
            password_hash=secret,
            role_ids=[role_ids[role]],
            company_id=boss.company_id,
        )
    manager, clerk = (log_in(name=name, password=PASSWORD, clock=clock) for name in ("老周", "小李"))
    return Day(folder, clock, boss, manager, clerk)


def fill_the_shelves(day: Day) -> None:
    goods = (
        (ProductInput("明前绿茶", 58_00, barcodes=TEA, unit="盒"), 20_000, 31_00),
        (ProductInput("青瓷茶杯", 19_90, code=CUP, unit="只", lowest_price_fen=15_00), 30_000, 8_05),
        (ProductInput("散装瓜子", 29_80, code=SEEDS, unit="斤", quantity_decimals=3), 10_000, 12_34),
    )
    lines = [
        StockLine(add_product(day.manager, product=product), qty_milli, cost_fen)
        for product, qty_milli, cost_fen in goods
    ]
    add_product(day.manager, product=ProductInput("礼品包装", 5_00, code=WRAPPING, stocked=False))
    received = receive_goods(day.manager, key=new_key(), nature="采购入库", lines=lines)
    assert received.value_fen == -ACCOUNTS["purchases"]


def welcome_customers(day: Day) -> None:
    gold = next(level.id for level in levels() if level.name == "金卡")
    meilan = CustomerInput(name="李美兰", phone="138 2201 7788", level_id=gold)
    zhang = CustomerInput(name="张师傅", phone="13600136000", credit_limit_fen=1_000_00, payment_days=30)
    day.meilan = add_customer(day.clerk, customer=meilan)
    with pytest.raises(PermissionDenied, match="信用额度"):
        add_customer(day.clerk, customer=zhang)
    day.zhang = add_customer(day.manager, customer=zhang)
    (found,) = find_customers(day.clerk, "lml")
    with pytest.raises(PermissionDenied, match="赠送"):
        recharge(day.clerk, key=new_key(), customer_id=found.id, principal_fen=500_00, bonus_fen=50_00)
    save_rule(day.manager, rule=RuleInput("", 500_00, 50_00))
    recharge(day.clerk, key=new_key(), customer_id=found.id, principal_fen=500_00, tender="wechat")
    at_five = ReminderInput("收茶钱", day.clock().date(), time(17), customer_id=day.zhang)
    add_reminder(day.clerk, reminder=at_five)


def sell_in_every_way(day: Day) -> dict[str, PostedBill]:
    posted: dict[str, PostedBill] = {}
    cart = day.cart((TEA, 1_000), (CUP, 2_000))
    posted["cash"] = checkout(day.clerk, cart=cart, payments=[Payment("cash", 97_80, 100_00)])
    assert posted["cash"].change_fen == 2_20
    assert day.settle(cart, cash=97_80) == posted["cash"], "pressed twice"
    posted["wechat"] = day.settle(day.cart((SEEDS, 755)), wechat=22_50)
    cart = day.cart((TEA, 2_000), customer_id=day.meilan)
    posted["stored"] = day.settle(cart, stored_value=104_40)
    cart = day.cart((TEA, 3_000), (CUP, 4_000), customer_id=day.zhang)
    posted["credit"] = day.settle(cart, credit=200_00, alipay=53_60)
    posted["card"] = day.settle(day.cart((WRAPPING, 1_000), (CUP, 1_000)), card=24_90)
    return posted


def let_one_wait_for_another(day: Day) -> None:
    """A bill is put aside for one with a discount; the power fails; both are settled in the end."""
    waiting = day.cart((CUP, 1_000))
    hold_cart(day.clerk, cart=waiting, note="去取钱包")
    cart = day.cart((TEA, 5_000), (CUP, 3_000), customer_id=day.meilan)
    assert price_bill(cart).total_fen == 314_73
    close_database()
    open_database(day.folder.database)
    kept = open_cart(day.clerk)
    assert kept == cart
    rounded = replace(kept, bill_reduction_fen=4_73)
    parts = [Payment("stored_value", 100_00), Payment("cash", 50_00), Payment("wechat", 160_00)]
    with pytest.raises(PermissionDenied, match="改价"):
        checkout(day.clerk, cart=rounded, payments=parts)
    assert checkout(day.manager, cart=rounded, payments=parts).total_fen == 310_00
    (held,) = held_carts(day.clerk)
    assert (held.note, held.lines) == ("去取钱包", 1)
    day.settle(recall_cart(day.clerk, key=held.key), cash=19_90)


def take_goods_back(day: Day, posted: dict[str, PostedBill]) -> None:
    bill = bill_by_number(day.clerk, number=posted["credit"].number)
    tea = {bill.lines[0].id: 1_000}
    assert refund_of(day.clerk, sale_id=bill.id, quantities=tea).by_tender == (("credit", 58_00),)
    return_goods(day.clerk, key=new_key(), sale_id=bill.id, quantities=tea, reason="受潮")
    bill = bill_by_number(day.clerk, number=posted["cash"].number)
    back = return_goods(day.clerk, key=new_key(), sale_id=bill.id, quantities={bill.lines[1].id: 1_000})
    assert back.by_tender == (("cash", 19_90),)
    broken = [StockLine(bill.lines[1].product_id, 1_000)]
    with pytest.raises(PermissionDenied):
        issue_goods(day.clerk, key=new_key(), nature="报损", lines=broken)
    issue_goods(day.manager, key=new_key(), nature="报损", lines=broken, note="摔碎一只")


def collect_the_debt(day: Day) -> None:
    day.clock.set(2026, 3, 16, 16, 59)
    assert due(day.clerk) == []
    day.clock.set(2026, 3, 16, 17, 0)
    (reminder,) = due(day.clerk)
    assert (reminder.subject, reminder.customer, reminder.fresh) == ("收茶钱", "张师傅", True)
    assert claim_notified(day.clerk, reminder_ids=[reminder.id]) == [reminder.id]
    assert claim_notified(day.clerk, reminder_ids=[reminder.id]) == [], "told twice"
    with pytest.raises(InputError, match=r"只欠 ¥142\.00"):
        receive(day.clerk, key=new_key(), customer_id=day.zhang, amount_fen=150_00)
    receive(day.clerk, key=new_key(), customer_id=day.zhang, amount_fen=100_00, tender="wechat")
    mark_done(day.clerk, reminder_ids=[reminder.id])
    assert due(day.clerk) == []


# ------------------------------------------------------------------ the sums
def accounts() -> dict[str, int]:
    rows = fetch("SELECT account, sum(amount_fen) FROM posting GROUP BY account HAVING sum(amount_fen) <> 0")
    return {account: int(fen) for account, fen in rows}


def dealings(day: Day, customer_id: int) -> list[tuple[Any, ...]]:
    """A customer's 财务往来 from the first to the last: what, amount, stored value, debt."""
    rows = statement(day.clerk, customer_id=customer_id).rows[::-1]
    return [(row["kind"], row["amount_fen"], row["stored_fen"], row["debt_fen"]) for row in rows]


def require_the_sums_of_the_day(day: Day) -> None:
    assert sum(ACCOUNTS.values()) == 0, "the day's sums by hand"
    assert accounts() == ACCOUNTS
    today = day.clock().date()
    listing = bills(day.manager)
    assert (listing.count(), listing.summary()) == (9, {"total_fen": 833_10 - 77_90})
    (row,) = summary(day.boss, Period(today, today)).rows
    figures = {
        "bills": 7,
        "sales_fen": 833_10,
        "returns_fen": 77_90,
        "discount_fen": 11_60 + 39_70,
        "cost_fen": ACCOUNTS["cost_of_sales"],
        "profit_fen": -ACCOUNTS["sales"] - ACCOUNTS["cost_of_sales"],
        "cash_fen": ACCOUNTS["cash"],
        "wechat_fen": ACCOUNTS["wechat"],
        "alipay_fen": ACCOUNTS["alipay"],
        "card_fen": ACCOUNTS["card"],
        "stored_used_fen": 204_40,
        "credit_fen": 200_00 - 58_00,
        "recharge_fen": 500_00,
        "receipts_fen": 100_00,
    }
    assert {key: row[key] for key in figures} == figures
    (sold,) = sales_by_day(day.manager, today, today)
    assert (sold.net_fen, sold.bills) == (-ACCOUNTS["sales"], 7)
    stock = stock_list(day.boss, filter=StockFilter())
    left = {row["code"]: row["qty_milli"] for row in stock.window(0, 10, None)}
    assert (left["P00001"], left[CUP], left[SEEDS]) == (10_000, 19_000, 9_245)
    assert stock.summary() == {"value_fen": ACCOUNTS["inventory"]}
    assert all(result.ok for result in check(day.boss, folder=day.folder.root, thorough=True))


def require_what_customers_have_and_owe(day: Day) -> None:
    assert dealings(day, day.meilan) == [
        ("充值", 500_00, 550_00, 0),
        ("销售", 104_40, 445_60, 0),
        ("销售", 310_00, 345_60, 0),
    ]
    assert dealings(day, day.zhang) == [
        ("销售", 253_60, 0, 200_00),
        ("退货", -58_00, 0, 142_00),
        ("收款", 100_00, 0, 42_00),
    ]
    there = customer_balances(day.clerk, customer_id=day.meilan)
    assert (there.stored_principal_fen, there.stored_bonus_fen, there.spent_fen) == (295_60, 50_00, 414_40)


def test_a_day_in_the_shop(tmp_path: Path) -> None:
    day = open_for_the_first_time(tmp_path / "data")
    fill_the_shelves(day)
    welcome_customers(day)
    posted = sell_in_every_way(day)
    let_one_wait_for_another(day)
    take_goods_back(day, posted)
    collect_the_debt(day)
    require_the_sums_of_the_day(day)
    require_what_customers_have_and_owe(day)

    day.clock.set(2026, 3, 16, 18, 0)
    backup = back_up(day.manager, folder=day.folder.root, target=tmp_path)
    late = day.cart((TEA, 1_000))
    lost = day.settle(late, cash=58_00)
    close_database()
    day.folder.database.write_bytes(b"the disk broke here" * 1_000)
    with pytest.raises(DamagedFile, match="从备份恢复"):
        open_database(day.folder.database)

    restored = restore(command_line_actor(), folder=day.folder.root, path=backup.path)
    assert restored.saved is None, "nothing sound was left to be saved"
    open_database(day.folder.database)
    day.clerk = log_in(name="小李", password=PASSWORD, clock=day.clock)
    require_the_sums_of_the_day(day)
    require_what_customers_have_and_owe(day)
    again = day.settle(late, cash=58_00)
    assert again.number == lost.number, "numbers run on without a gap"
    assert accounts()["cash"] == ACCOUNTS["cash"] + 58_00
    assert all(result.ok for result in check(day.boss, folder=day.folder.root))
