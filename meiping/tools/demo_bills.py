"""The counter of the demonstration shop through its past: bills, recharges, returns, receipts, goods coming in."""

import random
import uuid
from bisect import bisect
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from meiping.domains.receivables.service import receive
from meiping.domains.sales.cart import Cart, CartLine
from meiping.domains.sales.models import SaleLine
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import BELOW_ZERO, checkout
from meiping.domains.stock.service import StockLine, receive_goods
from meiping.domains.wallet.service import recharge
from meiping.kernel.moments import system_clock
from meiping.store.unit_of_work import Work, batch
from meiping.tools.demo_expenses import DemoExpenses
from meiping.tools.demo_maker import ROUNDING, DemoCustomer, Maker
from meiping.tools.demo_services import RENEWED, renew_one
from meiping.tools.demo_shifts import DemoDrawer

_BATCH = 400
_SEVERAL = 3
_HOUR_WEIGHTS = (2, 4, 6, 7, 5, 5, 6, 8, 9, 8, 6, 3)
"""How busy the hours from nine to twenty are."""


def _moments(maker: Maker, today: date, total: int) -> list[datetime]:
    """When the bills are made, up to now: more at weekends, before the New Year, and year after year."""
    choose = maker.random
    days = [today - timedelta(days=offset) for offset in range(maker.size.days - 1, -1, -1)]
    busy = {4: 1.15, 5: 1.6, 6: 1.5}
    weights = [
        busy.get(day.weekday(), 1.0) * (1.3 if day.month in (1, 12) else 1.0) * (0.8 + 0.5 * i / len(days))
        for i, day in enumerate(days)
    ]
    now = system_clock()
    ends = list(accumulate(weights))
    moments: list[datetime] = []
    while len(moments) < total:
        day = days[min(bisect(ends, choose.random() * ends[-1]), len(days) - 1)]
        hour = 9 + choose.choices(range(12), _HOUR_WEIGHTS)[0]
        moment = datetime.combine(day, time(hour, choose.randrange(60), choose.randrange(60))).astimezone()
        if moment <= now:
            moments.append(moment)
    return sorted(moments)


def make_bills(maker: Maker, today: date, total: int) -> None:
    """So many bills up to now, with what goes with them."""
    pending: list[datetime] = []
    drawer, purse = DemoDrawer(maker, today), DemoExpenses(maker)
    done = 0
    for moment in _moments(maker, today, total):
        pending.append(moment)
        if len(pending) == _BATCH:
            _make_batch(maker, drawer, purse, pending)
            done += len(pending)
            maker.tell(done, total, "业务单")
            pending = []
    _make_batch(maker, drawer, purse, pending)
    with batch() as begin:
        drawer.end(begin)
        purse.leave_some_open(begin)
    maker.tell(total, total, "业务单")


def _make_batch(maker: Maker, drawer: DemoDrawer, purse: DemoExpenses, moments: list[datetime]) -> None:
    if not moments:
        return
    with batch() as begin:
        drawer.follow(begin, moments[0])
        maker.clock.now = moments[0]
        _restock(maker, begin(maker.owner))
        for moment in moments:
            drawer.follow(begin, moment)
            purse.follow(begin, moment)
            maker.clock.now = moment
            work = begin(maker.cashier())
            _make_bill(maker, work)
            if maker.to_return and maker.random.random() < 0.015:
                return_one(maker, work)


def _restock(maker: Maker, work: Work) -> None:
    """Bring in what runs low, from the purchases of a few suppliers."""
    lines = []
    for product in maker.products:
        if product.stocked and product.there < 12:
            quantity = maker.random.randrange(30, 90)
            product.there += quantity
            cost_fen = product.cost_fen * maker.random.randrange(97, 104) // 100
            lines.append(StockLine(product.id, quantity * 1000, cost_fen))
    for start in range(0, len(lines), 100):
        receive_goods(
            work, key=_key(maker), nature="采购入库", lines=lines[start : start + 100], note="供应商送货"
        )


def _key(maker: Maker) -> str:
    return str(uuid.UUID(int=maker.random.getrandbits(128), version=4))


def _make_bill(maker: Maker, work: Work) -> None:
    choose = maker.random
    if choose.random() < RENEWED and renew_one(work):
        return
    customer = None
    known = bisect(maker.customers, work.day, key=lambda one: one.since)
    if known and choose.random() < 0.62:
        customer = maker.customers[int(known * choose.random() ** 2)]  # a few come often
    cart = Cart(
        key=_key(maker), salesperson_id=maker.actors["陈强"].operator_id if choose.random() < 0.2 else None
    )
    if customer is not None:
        cart = replace(
            cart,
            customer_id=customer.id,
            customer_name=customer.name,
            level_discount_bp=customer.discount_bp,
        )
    for _ in range(choose.choices((1, 2, 3, 4, 5), (30, 32, 20, 11, 7))[0]):
        product = maker.products[int(len(maker.products) * choose.random() ** 1.6)]
        quantity = choose.choices((1, 2, 3), (80, 15, 5))[0]
        product.there -= quantity
        line = CartLine(
            product.id,
            product.code,
            product.name,
            product.unit,
            quantity * 1000,
            product.price_fen,
            product.price_fen,
        )
        cart, _ = cart.added(line)
    if cart.salesperson_id is not None and len(cart.lines) > _SEVERAL:  # a colleague sold one of the things
        line = replace(cart.lines[-1], salesperson_id=maker.actors["赵敏"].operator_id)
        cart = cart.with_line(len(cart.lines) - 1, line)
    bill = price_bill(cart, ROUNDING)
    payments = _payments(maker, work, customer, bill.total_fen)
    posted = checkout(work, cart=cart, payments=payments, confirmed=frozenset({BELOW_ZERO}))
    if choose.random() < 0.03:
        maker.to_return.append(posted.sale_id)


def _payments(maker: Maker, work: Work, customer: DemoCustomer | None, total_fen: int) -> list[Payment]:
    choose = maker.random
    if total_fen == 0:
        return []
    if customer is not None and customer.limit_fen and choose.random() < 0.5:
        if customer.debt_fen + total_fen <= customer.limit_fen:
            customer.debt_fen += total_fen
            return [Payment("credit", total_fen)]
        if customer.debt_fen:
            receive(
                work, key=_key(maker), customer_id=customer.id, amount_fen=customer.debt_fen, tender="card"
            )
            customer.debt_fen = 0
    first = not maker.stored_value_begun  # somebody has some, whatever the dice say
    if customer is not None and (customer.stored_fen or first or choose.random() < 0.04):
        if customer.stored_fen < total_fen and (first or choose.random() < 0.6):
            _recharge(maker, work, customer)
        from_stored = min(customer.stored_fen, total_fen)
        customer.stored_fen -= from_stored
        paid = [Payment("stored_value", from_stored)] if from_stored else []
        if total_fen > from_stored:
            paid.append(Payment(_tender(choose), total_fen - from_stored))
        return paid
    tender = _tender(choose)
    if tender == "cash":
        note = 10_000 if total_fen > 5_000 else 5_000
        return [Payment("cash", total_fen, -(-total_fen // note) * note)]
    return [Payment(tender, total_fen)]


def _tender(choose: random.Random) -> str:
    return choose.choices(("wechat", "alipay", "cash", "card"), (52, 27, 15, 6))[0]


def _recharge(maker: Maker, work: Work, customer: DemoCustomer) -> None:
    principal_fen, bonus_fen = maker.random.choice(((20_000, 1_000), (50_000, 5_000), (100_000, 15_000)))
    recharge(
        Work(maker.owner, work.now, work.topics),  # a bonus of one's own choosing is the owner's to give
        key=_key(maker),
        customer_id=customer.id,
        principal_fen=principal_fen,
        bonus_fen=bonus_fen,
        tender=_tender(maker.random),
    )
    customer.stored_fen += principal_fen + bonus_fen
    maker.stored_value_begun = True


def return_one(maker: Maker, work: Work) -> None:
    """Take back the first line of a bill, into the hands it was paid from."""
    sale_id = maker.to_return.pop(0)
    line = SaleLine.get(SaleLine.sale == sale_id, SaleLine.position == 1)
    given = return_goods(
        Work(maker.actors["林静"], work.now, work.topics),
        key=_key(maker),
        sale_id=sale_id,
        quantities={line.id: line.qty_milli},
        reason="客户不合适",
    )
    customer = next((c for c in maker.customers if c.id == line.sale.customer_id), None)
    if customer is not None:
        shares = dict(given.by_tender)
        customer.stored_fen += shares.get("stored_value", 0)
        customer.debt_fen -= shares.get("credit", 0)
