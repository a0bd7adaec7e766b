"""A believable shop in an empty data folder, made by the same verbs the windows call."""

import random
import shutil
import uuid
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from meiping.adapters.files import replace_file
from meiping.domains.access.login import nobody
from meiping.domains.access.passwords import PasswordHash, make_hash, new_recovery_code
from meiping.domains.access.queries import actor_for, roles
from meiping.domains.access.service import add_operator
from meiping.domains.catalog.rules import ProductInput
from meiping.domains.catalog.service import add_many as add_products
from meiping.domains.catalog.service import save_category
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_many as add_customers
from meiping.domains.receivables.service import receive
from meiping.domains.reminders.rules import ReminderInput
from meiping.domains.reminders.service import add_reminder
from meiping.domains.sales.models import SaleLine
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.rules import Cart, CartLine, Payment, price_bill
from meiping.domains.sales.service import BELOW_ZERO, checkout
from meiping.domains.settings.queries import levels, words
from meiping.domains.settings.service import found_shop, save_options
from meiping.domains.stock.service import StockLine, receive_goods
from meiping.domains.wallet.service import recharge
from meiping.kernel.actor import Actor
from meiping.kernel.errors import UserError
from meiping.kernel.moments import local_day, system_clock
from meiping.kernel.money import CashRounding
from meiping.store.database import close_database, open_database
from meiping.store.folder import DataFolder
from meiping.store.migrator import migrate
from meiping.store.unit_of_work import Work, batch
from meiping.tools import demo_words as words_of

SHOP_NAME = "小雅美妆生活馆"
ADMINISTRATOR = "店主"
STAFF = (("林静", "店长"), ("小周", "收银员"), ("小何", "收银员"), ("陈强", "业务员"), ("赵敏", "业务员"))
MOST_DAYS, FEWEST_DAYS, BILLS_A_DAY = 730, 60, 20
_BATCH = 400
_ROUNDING = CashRounding.JIAO_DOWN
_HOUR_WEIGHTS = (2, 4, 6, 7, 5, 5, 6, 8, 9, 8, 6, 3)
"""How busy the hours from nine to twenty are."""

Tell = Callable[[int, int, str], None]
"""Called with done, total and what is being made."""


@dataclass(frozen=True, slots=True)
class DemoSize:
    """How large the shop shall be."""

    customers: int = 400
    products: int = 160
    sales: int = 3_000
    seed: int = 1

    @property
    def days(self) -> int:
        """How many days up to today the bills spread over: two years for a large shop, fewer for a small one."""
        return min(max(self.sales // BILLS_A_DAY, FEWEST_DAYS), MOST_DAYS)


class _Clock:
    """The shop's clock while its past is made."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class _Product:
    id: int
    code: str
    name: str
    unit: str
    price_fen: int
    cost_fen: int
    stocked: bool
    there: int = 0


@dataclass(slots=True)
class _Customer:
    id: int
    name: str
    discount_bp: int
    since: date
    limit_fen: int = 0
    stored_fen: int = 0
    debt_fen: int = 0


@dataclass(slots=True)
class _Maker:
    """The shop being made."""

    size: DemoSize
    tell: Tell
    clock: _Clock
    random: random.Random
    actors: dict[str, Actor] = field(default_factory=dict)
    products: list[_Product] = field(default_factory=list)
    customers: list[_Customer] = field(default_factory=list)
    to_return: list[int] = field(default_factory=list)

    @property
    def owner(self) -> Actor:
        return self.actors[ADMINISTRATOR]

    def cashier(self) -> Actor:
        return self.actors[self.random.choice(("小周", "小何", "林静"))]


@dataclass(frozen=True, slots=True)
class DemoShop:
    """How to log into a demonstration shop."""

    operator: str
    password: str
    recovery_code: str


def make_demo_shop(
    folder: DataFolder, size: DemoSize, *, tell: Tell, password: str | None = None
) -> DemoShop:
    """Make a demonstration shop in an empty data folder and close it; it appears whole or not at all.

    Without a ``password`` for its operators a random one is made. Raises UserError where there is a shop already.
    """
    if folder.has_shop():
        raise UserError(f"数据文件夹 {folder.root} 里已经有店铺，示范数据只放进空文件夹。")
    folder.prepare()
    generation = folder.new_generation()
    password = password or new_password()
    try:
        open_database(folder.database_in(generation))
        migrate()
        recovery_code = fill(size, password=password, tell=tell)
    except BaseException:
        close_database()
        shutil.rmtree(folder.database_in(generation).parent)
        raise
    close_database()
    folder.switch_to(generation, replace_file)
    return DemoShop(ADMINISTRATOR, password, recovery_code)


def fill(size: DemoSize, *, password: str, tell: Tell) -> str:
    """Found a shop in the open, empty database, fill it, and give the recovery code.

    The administrator is 店主; he and the staff log in with ``password``. Raises UserError where there is a
    shop already.
    """
    today = local_day(system_clock())
    clock = _Clock(datetime.combine(today - timedelta(days=size.days), time(8)).astimezone())
    maker = _Maker(size, tell, clock, random.Random(size.seed))
    recovery_code = new_recovery_code()
    _found(maker, make_hash(password), make_hash(recovery_code))
    _make_products(maker)
    _make_customers(maker, today)
    _make_bills(maker, today)
    _make_reminders(maker, today)
    return recovery_code


def _found(maker: _Maker, password_hash: PasswordHash, recovery_hash: PasswordHash) -> None:
    maker.tell(0, 1, "建立店铺")
    owner_id = found_shop(
        nobody(maker.clock),
        shop_name=SHOP_NAME,
        administrator=ADMINISTRATOR,
        password_hash=password_hash,
        recovery_hash=recovery_hash,
    )
    maker.actors[ADMINISTRATOR] = actor_for(owner_id, clock=maker.clock)
    role_ids = {role.name: role.id for role in roles(maker.owner)}
    for name, role in STAFF:
        operator_id = add_operator(
            maker.owner,
            name=name,
            password_hash=password_hash,
            role_ids=[role_ids[role]],
            company_id=maker.owner.company_id,
        )
        maker.actors[name] = actor_for(operator_id, clock=maker.clock)
    options = {
        "shop.phone": "0755-26001234",
        "shop.address": "深圳市南山区花园街 18 号",
        "till.rounding": _ROUNDING.value,
    }
    save_options(maker.owner, values=options)


# ----------------------------------------------------------------- products
def _barcode(number: int) -> str:
    digits = f"690{number:09d}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"


def _make_products(maker: _Maker) -> None:
    maker.tell(0, maker.size.products, "商品")
    rows: list[ProductInput] = []
    parents: dict[str, int] = {}
    kinds: list[tuple[int, str, tuple[str, int, int]]] = []
    for category, below, unit, goods in words_of.GOODS:
        if category not in parents:
            parents[category] = save_category(maker.owner, name=category)
        category_id = save_category(maker.owner, name=below, parent_id=parents[category])
        kinds += [(category_id, unit, one) for one in goods]
    service_id = save_category(maker.owner, name="服务")
    for name, price_fen in words_of.SERVICES[: max(maker.size.products // 6, 1)]:
        rows.append(ProductInput(name, price_fen, category_id=service_id, unit="次", stocked=False))
    for number in range(maker.size.products - len(rows)):
        category_id, unit, (name, price_fen, cost_percent) = kinds[number % len(kinds)]
        round_number = number // len(kinds)
        brand = words_of.BRANDS[round_number % len(words_of.BRANDS)]
        size = words_of.SIZES[(round_number // len(words_of.BRANDS)) % len(words_of.SIZES)]
        series = round_number // (len(words_of.BRANDS) * len(words_of.SIZES))
        price_fen = max(price_fen + maker.random.randrange(-2, 6) * 100, 100)
        rows.append(
            ProductInput(
                f"{brand}{name} {size}" + (f" {series + 1}号" if series else ""),
                price_fen,
                barcodes=_barcode(number + 1),
                category_id=category_id,
                brand=brand,
                unit=unit,
                specification=size,
                purchase_price_fen=price_fen * cost_percent // 100,
                lowest_price_fen=price_fen * max(cost_percent, 70) // 100,
                low_stock_milli=5_000,
            )
        )
    with batch() as begin:
        ids = add_products(begin(maker.owner), rows)
    maker.products = [
        _Product(
            product_id,
            f"P{product_id:05d}",
            row.name,
            row.unit,
            row.list_price_fen or 0,
            row.purchase_price_fen or 0,
            row.stocked,
        )
        for product_id, row in zip(ids, rows, strict=True)
    ]


# ---------------------------------------------------------------- customers
def _person(maker: _Maker) -> str:
    given = "".join(maker.random.sample(words_of.GIVEN, maker.random.choice((1, 2, 2))))
    return maker.random.choice(words_of.SURNAMES) + given


def _make_customers(maker: _Maker, today: date) -> None:
    choose = maker.random
    level_list = levels()
    lists = {kind: [word.id for word in words(kind)] for kind in ("customer_type", "customer_status")}
    sources = [word.id for word in words("customer_source")]
    industries = [word.id for word in words("industry")]
    owners = [maker.actors[name].operator_id for name in ("陈强", "赵敏")]
    rows: list[CustomerInput] = []
    levels_of: list[int] = []
    maker.clock.now = system_clock()
    for number in range(maker.size.customers):
        firm = choose.random() < 0.08
        # a few more of them each month
        since = today - timedelta(days=int(maker.size.days * choose.random() ** 1.15))
        level = choose.choices(range(len(level_list)), (60, 24, 12, 4)[: len(level_list)])[0]
        levels_of.append(level_list[level].discount_bp)
        city = choose.choice(words_of.CITIES)
        name = _person(maker)
        if firm:
            name = f"{city[:2]}{choose.choice(words_of.FIRM_WORDS)}{choose.choice(words_of.TRADES)}有限公司"
        rows.append(
            CustomerInput(
                name=name,
                phone=f"1{choose.choice('3578')}{choose.randrange(10)}{choose.randrange(10**8):08d}",
                firm=firm,
                card_number=f"8{number:07d}" if choose.random() < 0.5 else "",
                gender="" if firm else choose.choice("男女女"),
                birth_date=None if firm or choose.random() < 0.4 else _birthday(choose),
                level_id=level_list[level].id,
                type_id=choose.choice(lists["customer_type"]),
                status_id=choose.choices(lists["customer_status"], (2, 2, 5, 1))[0],
                source_id=choose.choices(sources, (8, 5, 6, 4, 1, 2))[0],
                industry_id=choose.choice(industries) if firm else None,
                address=f"{city}{choose.choice(words_of.STREETS)} {choose.randrange(1, 300)} 号",
                credit_limit_fen=choose.choice((200_000, 500_000, 1_000_000)) if firm else 0,
                payment_days=30 if firm else 0,
                owner_id=choose.choice(owners),
                created_date=since,
            )
        )
    for start in range(0, len(rows), 2_000):
        maker.tell(start, len(rows), "客户")
        with batch() as begin:
            ids = add_customers(begin(maker.owner), rows[start : start + 2_000])
        for offset, customer_id in enumerate(ids):
            row = rows[start + offset]
            maker.customers.append(
                _Customer(
                    customer_id,
                    row.name,
                    levels_of[start + offset],
                    row.created_date or today,
                    row.credit_limit_fen,
                )
            )
    maker.customers.sort(key=lambda customer: customer.since)


def _birthday(choose: random.Random) -> date:
    return date(1955, 1, 1) + timedelta(days=choose.randrange(18_500))


# -------------------------------------------------------------------- bills
def _moments(maker: _Maker, today: date) -> list[datetime]:
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
    while len(moments) < maker.size.sales:
        day = days[min(bisect(ends, choose.random() * ends[-1]), len(days) - 1)]
        hour = 9 + choose.choices(range(12), _HOUR_WEIGHTS)[0]
        moment = datetime.combine(day, time(hour, choose.randrange(60), choose.randrange(60))).astimezone()
        if moment <= now:
            moments.append(moment)
    return sorted(moments)


def _make_bills(maker: _Maker, today: date) -> None:
    total = maker.size.sales
    pending: list[datetime] = []
    done = 0
    for moment in _moments(maker, today):
        pending.append(moment)
        if len(pending) == _BATCH:
            _make_batch(maker, pending)
            done += len(pending)
            maker.tell(done, total, "业务单")
            pending = []
    _make_batch(maker, pending)
    maker.tell(total, total, "业务单")


def _make_batch(maker: _Maker, moments: list[datetime]) -> None:
    if not moments:
        return
    known = [customer for customer in maker.customers if customer.since <= moments[0].date()]
    with batch() as begin:
        maker.clock.now = moments[0] - timedelta(minutes=30)
        _restock(maker, begin(maker.owner))
        for moment in moments:
            maker.clock.now = moment
            work = begin(maker.cashier())
            _make_bill(maker, work, known)
            if maker.to_return and maker.random.random() < 0.015:
                _return_one(maker, work)


def _restock(maker: _Maker, work: Work) -> None:
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


def _key(maker: _Maker) -> str:
    return str(uuid.UUID(int=maker.random.getrandbits(128), version=4))


def _make_bill(maker: _Maker, work: Work, known: list[_Customer]) -> None:
    choose = maker.random
    customer = None
    if known and choose.random() < 0.62:
        customer = known[int(len(known) * choose.random() ** 2)]  # a few come often
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
    bill = price_bill(cart, _ROUNDING)
    payments = _payments(maker, work, customer, bill.total_fen)
    posted = checkout(work, cart=cart, payments=payments, confirmed=frozenset({BELOW_ZERO}))
    if choose.random() < 0.03:
        maker.to_return.append(posted.sale_id)


def _payments(maker: _Maker, work: Work, customer: _Customer | None, total_fen: int) -> list[Payment]:
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
    if customer is not None and (customer.stored_fen or choose.random() < 0.04):
        if customer.stored_fen < total_fen and choose.random() < 0.6:
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


def _recharge(maker: _Maker, work: Work, customer: _Customer) -> None:
    principal_fen, bonus_fen = maker.random.choice(((20_000, 1_000), (50_000, 5_000), (100_000, 15_000)))
    recharge(
        work,
        key=_key(maker),
        customer_id=customer.id,
        principal_fen=principal_fen,
        bonus_fen=bonus_fen,
        tender=_tender(maker.random),
    )
    customer.stored_fen += principal_fen + bonus_fen


def _return_one(maker: _Maker, work: Work) -> None:
    """Take back the first line of a bill, into the hands it was paid from."""
    sale_id = maker.to_return.pop(0)
    line = SaleLine.get(SaleLine.sale == sale_id, SaleLine.position == 1)
    given = return_goods(
        Work(maker.actors["林静"], work.now, work.topics),
        key=_key(maker),
        sale_id=sale_id,
        quantities={line.id: line.qty_milli},
        reason="顾客不合适",
    )
    customer = next((c for c in maker.customers if c.id == line.sale.customer_id), None)
    if customer is not None:
        shares = dict(given.by_tender)
        customer.stored_fen += shares.get("stored_value", 0)
        customer.debt_fen -= shares.get("credit", 0)


# ---------------------------------------------------------------- reminders
def _make_reminders(maker: _Maker, today: date) -> None:
    maker.clock.now = system_clock()
    actor = maker.owner
    for offset in range(min(12, len(maker.customers))):
        customer = maker.customers[-1 - offset]
        entered = ReminderInput(
            words_of.REMINDER_SUBJECTS[offset % len(words_of.REMINDER_SUBJECTS)],
            today + timedelta(days=1 + offset // 3),
            time(9 + offset % 9, 30),
            customer_id=customer.id,
        )
        add_reminder(actor, reminder=entered)


def new_password() -> str:
    """A random password for a demonstration shop."""
    return new_recovery_code()[:11].lower()
