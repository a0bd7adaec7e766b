"""The people at the firms of the demonstration shop, and what was spoken with its customers over the months."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from meiping.domains.contacts.recording import PastRecord, add_many_records
from meiping.domains.contacts.rules import ContactInput
from meiping.domains.contacts.service import add_many
from meiping.domains.settings.queries import words
from meiping.kernel.moments import system_clock
from meiping.store.unit_of_work import batch
from meiping.tools import demo_words as words_of
from meiping.tools.demo_maker import DemoCustomer, Maker

_CHUNK = 20_000
_MET = 0.6
"""The part of the customers with whom there is contact."""
_PLANNED = 0.25
"""The part of those with whom a next contact is agreed."""
_TALKERS = ("陈强", "赵敏", "林静")


def make_contacts(maker: Maker) -> dict[int, list[str]]:
    """One to three people at each firm, one of them the main contact; gives their names by firm."""
    choose = maker.random
    maker.clock.now = system_clock()
    rows: list[tuple[int, ContactInput]] = []
    for customer in maker.customers:
        if not customer.firm:
            continue
        for place in range(choose.choice((1, 2, 2, 3))):
            department, post = words_of.POSTS[place % len(words_of.POSTS)]
            rows.append(
                (
                    customer.id,
                    ContactInput(
                        maker.person(),
                        mobile=f"13{choose.randrange(10)}{choose.randrange(10**8):08d}",
                        office_phone=f"0755{choose.randrange(25_000_000, 29_000_000)}" if place < 2 else "",
                        department=department,
                        post=post,
                        gender=choose.choice("男女"),
                        main=place == 0,
                        wechat=f"wx{choose.randrange(10**6):06d}" if choose.random() < 0.5 else "",
                    ),
                )
            )
    for start in range(0, len(rows), _CHUNK):
        maker.tell(start, len(rows), "联系人")
        with batch() as begin:
            add_many(begin(maker.owner), rows[start : start + _CHUNK])
    people: dict[int, list[str]] = {}
    for customer_id, contact in rows:
        people.setdefault(customer_id, []).append(contact.name)
    return people


def make_records(maker: Maker, today: date, people: dict[int, list[str]]) -> None:
    """Talks with a part of the customers, most of them with the last one met; some agree on a next one."""
    maker.clock.now = system_clock()
    rows = list(_records(maker, today, people))
    for start in range(0, len(rows), _CHUNK):
        maker.tell(start, len(rows), "联系反馈")
        with batch() as begin:
            add_many_records(begin(maker.owner), rows[start : start + _CHUNK])


def _records(maker: Maker, today: date, people: dict[int, list[str]]) -> Iterator[PastRecord]:
    choose = maker.random
    kinds = [word.id for word in words("contact_type")]
    talkers = [maker.actors[name].operator_id for name in _TALKERS]
    met = [customer for customer in maker.customers if choose.random() < _MET]
    if not met or not maker.size.talks:
        return
    busiest = min(maker.size.talks // 100 + 10, maker.size.talks)
    often = choose.choices(met, k=maker.size.talks - busiest)
    counts: dict[int, int] = {met[0].id: busiest}
    for customer in often:
        counts[customer.id] = counts.get(customer.id, 0) + 1
    for customer in met:
        count = counts.get(customer.id, 0)
        days = sorted(_day(maker, customer, today) for _ in range(count))
        for place, day in enumerate(days):
            kind = choose.randrange(len(words_of.TALKS))
            last = place == count - 1 and choose.random() < _PLANNED
            yield PastRecord(
                customer.id,
                choose.choice(talkers),
                _moment(maker, day),
                choose.choice(words_of.TALKS[kind]),
                contact_name=choose.choice(people.get(customer.id, [""])),
                type_id=kinds[kind % len(kinds)] if kinds else None,
                next_contact_date=max(today + timedelta(days=choose.randrange(-4, 25)), day)
                if last
                else None,
            )


def _day(maker: Maker, customer: DemoCustomer, today: date) -> date:
    return customer.since + timedelta(days=maker.random.randrange(max((today - customer.since).days, 1)))


def _moment(maker: Maker, day: date) -> datetime:
    at = time(maker.random.randrange(9, 19), maker.random.randrange(60))
    moment = datetime.combine(day, at).astimezone()
    if moment > maker.clock.now:  # today, while the day is not over
        moment = maker.clock.now - timedelta(minutes=maker.random.randrange(5, 240))
    return moment
