"""Products, customers and reminders of the demonstration shop."""

import random
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


def _barcode(number: int) -> str:
    digits = f"690{number:09d}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"


def make_products(maker: Maker) -> None:
    """Categories, goods and services."""
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
                purchase_price_fen=price_fen * cost_percent // 100,
                lowest_price_fen=price_fen * max(cost_percent, 70) // 100,
                low_stock_milli=5_000,
            )
        )
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


def make_customers(maker: Maker, today: date) -> None:
    """People and firms, a few more each month."""
    choose = maker.random
    level_list = levels()
    lists = {kind: [word.id for word in words(kind)] for kind in ("customer_type", "customer_status")}
    sources = [word.id for word in words("customer_source")]
    industries = [word.id for word in words("industry")]
    owners = [maker.actors[name].operator_id for name in ("陈强", "赵敏")]
    rows: list[CustomerInput] = []
    levels_of: list[int] = []
    own_fields = OwnFields(maker)
    maker.clock.now = system_clock()
    for number in range(maker.size.customers):
        firm = choose.random() < 0.08
        # a few more of them each month
        since = today - timedelta(days=int(MOST_DAYS * choose.random() ** 1.15))
        level = choose.choices(range(len(level_list)), (60, 24, 12, 4)[: len(level_list)])[0]
        levels_of.append(level_list[level].discount_bp)
        city = choose.choice(words_of.CITIES)
        name = maker.person()
        if firm:
            name = f"{city[:2]}{choose.choice(words_of.FIRM_WORDS)}{choose.choice(words_of.TRADES)}有限公司"
        rows.append(
            CustomerInput(
                name=name,
                phone=_mobile(choose),
                firm=firm,
                card_number=f"8{number:07d}" if choose.random() < 0.5 else "",
                gender="" if firm else choose.choice("男女女"),
                birth_date=None if firm or choose.random() < 0.4 else _birthday(choose),
                birthday_lunar=number % 6 == 0,
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
                custom=own_fields.values(firm=firm, since=since),
            )
        )
    for start in range(0, len(rows), 2_000):
        maker.tell(start, len(rows), "客户")
        with batch() as begin:
            work = begin(maker.owner)
            ids = add_customers(work, rows[start : start + 2_000])
            own_since_created(work, ids)
        for offset, customer_id in enumerate(ids):
            row = rows[start + offset]
            maker.customers.append(
                DemoCustomer(
                    customer_id,
                    row.name,
                    levels_of[start + offset],
                    row.created_date or today,
                    row.credit_limit_fen,
                    row.firm,
                )
            )
    maker.customers.sort(key=lambda customer: customer.since)


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
