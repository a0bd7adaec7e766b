"""Products, customers and reminders of the demonstration shop."""

import random
from collections.abc import Sequence
from datetime import date, time, timedelta

from meiping.domains.catalog.rules import ProductInput
from meiping.domains.catalog.service import add_many as add_products
from meiping.domains.catalog.service import save_category
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_many as add_customers
from meiping.domains.reminders.rules import ReminderInput, Repeat
from meiping.domains.reminders.service import add_reminder
from meiping.domains.settings.queries import levels, words
from meiping.kernel.moments import system_clock
from meiping.store.unit_of_work import batch
from meiping.tools import demo_words as words_of
from meiping.tools.demo_maker import MOST_DAYS, DemoCustomer, DemoProduct, Maker
from meiping.tools.demo_own_fields import OwnFields
from meiping.tools.demo_ownership import own_since_created
from meiping.tools.demo_services import appliance

Goods = tuple[int, str, tuple[str, int, int]]
"""Category, unit, and name, list price in fen and cost in per cent of it."""


def _barcode(number: int) -> str:
    digits = f"690{number:09d}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"


def make_products(maker: Maker) -> None:
    """Categories, goods and services."""
    maker.tell(0, maker.size.products, "商品")
    kinds = _kinds_of_goods(maker)
    service_id = save_category(maker.owner, name="服务")
    rows = [
        ProductInput(name, price_fen, category_id=service_id, unit="次", stocked=False)
        for name, price_fen in words_of.SERVICES[: max(maker.size.products // 6, 1)]
    ]
    rows += [_goods(maker, number, kinds) for number in range(maker.size.products - len(rows))]
    place = len(rows) * 3 // 5
    if place > len(words_of.SERVICES):
        rows[place] = appliance(maker, rows[place], save_category(maker.owner, name="仪器"))
    with batch() as begin:
        ids = add_products(begin(maker.owner), rows)
    maker.products = [
        DemoProduct(
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


def _kinds_of_goods(maker: Maker) -> list[Goods]:
    """All there are, with their categories made."""
    kinds: list[Goods] = []
    parents: dict[str, int] = {}
    for category, below, unit, goods in words_of.GOODS:
        if category not in parents:
            parents[category] = save_category(maker.owner, name=category)
        category_id = save_category(maker.owner, name=below, parent_id=parents[category])
        kinds += [(category_id, unit, one) for one in goods]
    return kinds


def _goods(maker: Maker, number: int, kinds: Sequence[Goods]) -> ProductInput:
    """Every kind once, then again of another brand, in another size, of another series."""
    category_id, unit, (name, price_fen, cost_percent) = kinds[number % len(kinds)]
    round_number = number // len(kinds)
    brand = words_of.BRANDS[round_number % len(words_of.BRANDS)]
    size = words_of.SIZES[(round_number // len(words_of.BRANDS)) % len(words_of.SIZES)]
    series = round_number // (len(words_of.BRANDS) * len(words_of.SIZES))
    price_fen = max(price_fen + maker.random.randrange(-2, 6) * 100, 100)
    return ProductInput(
        f"{brand}{name} {size}" + (f" {series + 1}号" if series else ""),
        price_fen,
        barcodes=_barcode(number + 1),
        category_id=category_id,
        brand=brand,
        unit=unit,
        purchase_price_fen=price_fen * cost_percent // 100,
        lowest_price_fen=price_fen * max(cost_percent, 70) // 100,
        low_stock_milli=5_000,
    )


def make_customers(maker: Maker, today: date) -> None:
    """People and firms, a few more each month."""
    people = _People(maker, today)
    maker.clock.now = system_clock()
    made = [people.somebody(number) for number in range(maker.size.customers)]
    for start in range(0, len(made), 2_000):
        maker.tell(start, len(made), "客户")
        some = made[start : start + 2_000]
        with batch() as begin:
            work = begin(maker.owner)
            ids = add_customers(work, [row for row, _ in some])
            own_since_created(work, ids)
        maker.customers += [
            DemoCustomer(
                customer_id, row.name, level_bp, row.created_date or today, row.credit_limit_fen, row.firm
            )
            for customer_id, (row, level_bp) in zip(ids, some, strict=True)
        ]
    maker.customers.sort(key=lambda customer: customer.since)


class _People:
    """Makes up customers from the shop's lists and the words there are."""

    def __init__(self, maker: Maker, today: date) -> None:
        self._maker, self._today, self._choose = maker, today, maker.random
        self._levels = levels()
        kinds = ("customer_type", "customer_status", "customer_source", "industry")
        self._lists = {kind: [word.id for word in words(kind)] for kind in kinds}
        self._owners = [maker.actors[name].operator_id for name in ("陈强", "赵敏")]
        self._own_fields = OwnFields(maker)

    def somebody(self, number: int) -> tuple[CustomerInput, int]:
        """A person, now and then a firm; with the discount of the level in basis points."""
        choose, lists = self._choose, self._lists
        firm = choose.random() < 0.08
        # a few more of them each month
        since = self._today - timedelta(days=int(MOST_DAYS * choose.random() ** 1.15))
        level = choose.choices(self._levels, (60, 24, 12, 4)[: len(self._levels)])[0]
        city = choose.choice(words_of.CITIES)
        name = self._maker.person()
        if firm:
            name = f"{city[:2]}{choose.choice(words_of.FIRM_WORDS)}{choose.choice(words_of.TRADES)}有限公司"
        row = CustomerInput(
            name=name,
            phone=_mobile(choose),
            firm=firm,
            card_number=f"8{number:07d}" if choose.random() < 0.5 else "",
            gender="" if firm else choose.choice("男女女"),
            birth_date=None if firm or choose.random() < 0.4 else _birthday(choose),
            birthday_lunar=number % 6 == 0,
            level_id=level.id,
            type_id=choose.choice(lists["customer_type"]),
            status_id=choose.choices(lists["customer_status"], (2, 2, 5, 1))[0],
            source_id=choose.choices(lists["customer_source"], (8, 5, 6, 4, 1, 2))[0],
            industry_id=choose.choice(lists["industry"]) if firm else None,
            address=f"{city}{choose.choice(words_of.STREETS)} {choose.randrange(1, 300)} 号",
            credit_limit_fen=choose.choice((200_000, 500_000, 1_000_000)) if firm else 0,
            payment_days=30 if firm else 0,
            owner_id=choose.choice(self._owners),
            created_date=since,
            custom=self._own_fields.values(firm=firm, since=since),
        )
        return row, level.discount_bp


def _mobile(choose: random.Random) -> str:
    """A mobile number of a kind that is given out."""
    begins = f"1{choose.choice('3578')}{choose.randrange(10)}"
    given_out = {"154": "158", "174": "177", "179": "178"}.get(begins, begins)
    return f"{given_out}{choose.randrange(10**8):08d}"


def _birthday(choose: random.Random) -> date:
    return date(1955, 1, 1) + timedelta(days=choose.randrange(18_500))


def make_reminders(maker: Maker, today: date) -> None:
    """What is to be remembered in the days to come."""
    maker.clock.now = system_clock()
    actor = maker.owner
    repeats = {4: (Repeat.WEEKLY, 0b10101, 0), 7: (Repeat.MONTHLY, 0, 2), 10: (Repeat.YEARLY, 0, 7)}
    for offset in range(min(12, len(maker.customers))):
        customer = maker.customers[-1 - offset]
        repeat, weekdays, days_ahead = repeats.get(offset, (Repeat.ONCE, 0, 0))
        entered = ReminderInput(
            words_of.REMINDER_SUBJECTS[offset % len(words_of.REMINDER_SUBJECTS)],
            today + timedelta(days=1 + offset // 3),
            time(9 + offset % 9, 30),
            repeat,
            customer_id=customer.id,
            weekdays=weekdays,
            days_ahead=days_ahead,
        )
        add_reminder(actor, reminder=entered)
