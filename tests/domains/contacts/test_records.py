"""What was spoken with customers: records, the next contact date that follows, visits to be made."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meiping.domains.contacts.queries import (
    RecordFilter,
    VisitFilter,
    record_detail,
    record_list,
    records_of,
    visit_counts,
    visits,
)
from meiping.domains.contacts.recording import (
    PastRecord,
    add_many_records,
    add_record,
    change_record,
    delete_records,
    plan_visits,
    restore_records,
)
from meiping.domains.contacts.rules import ContactInput, RecordInput, follows
from meiping.domains.contacts.service import add_contact
from meiping.domains.customers.queries import customer_changes, customer_detail
from meiping.domains.customers.service import delete_customers
from meiping.domains.maintenance.customer_invariants import CONTACTS
from meiping.domains.settings.queries import words
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.moments import to_ms
from meiping.store.database import fetch
from meiping.store.unit_of_work import batch
from tests.factories import add_customer

DAY = timedelta(days=1)


@pytest.fixture
def wang(shop) -> int:
    return add_customer(shop, name="王小明")


def add(shop, customer_id: int, content: str = "通了电话", **values: Any) -> int:
    return add_record(shop.actor, customer_id=customer_id, record=RecordInput(content, **values))


def planned(shop, customer_id: int) -> date | None:
    return customer_detail(shop.actor, customer_id).next_contact_date


def shown(listing, key: str = "content") -> list[Any]:
    return [row[key] for row in listing.window(0, 50, None)]


def sound() -> bool:
    return not any(line for invariant in CONTACTS for line in invariant.check(fetch))


# ------------------------------------------------------------------ entering
def test_a_record_needs_its_content_only_and_counts_as_now(shop, wang):
    record = record_detail(shop.actor, record_id=add(shop, wang, " 通了电话 \n 很满意 "))
    assert record.content == "通了电话 \n 很满意"
    assert (record.at, record.operator) == (to_ms(shop.clock()), "王老板")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"content": "   "}, "content"),
        ({"content": "长" * 4001}, "content"),
        ({"contact_name": "长" * 61}, "contact_name"),
        ({"type_id": 9_999}, "type_id"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(shop, wang, values, field):
    with pytest.raises(InputError) as refused:
        add(shop, wang, **values)
    assert refused.value.field == field
    assert records_of(shop.actor, customer_id=wang).count() == 0


def test_a_record_may_be_of_the_past_but_not_of_the_future(shop, wang):
    add(shop, wang, at=shop.clock() - 30 * DAY)
    with pytest.raises(InputError, match="不能晚于现在"):
        add(shop, wang, at=shop.clock() + timedelta(minutes=1))


def test_the_next_contact_is_not_before_this_one(shop, wang):
    with pytest.raises(InputError) as refused:
        add(shop, wang, next_contact_date=shop.actor.today() - DAY)
    assert refused.value.field == "next_contact_date"


def test_somebody_on_file_is_known_by_the_name_typed(shop, wang):
    add_contact(shop.actor, customer_id=wang, contact=ContactInput("她先生"))
    add(shop, wang, contact_name="她先生")
    add(shop, wang, contact_name="门卫")
    assert fetch("SELECT contact_name, contact_id IS NOT NULL FROM contact_record ORDER BY id") == [
        ("她先生", 1),
        ("门卫", 0),
    ]


# ----------------------------------------------- first, last and next contact
def test_first_and_last_contact_follow_the_records(shop, wang):
    add(shop, wang, at=shop.clock() - 3 * DAY)
    old = add(shop, wang, at=shop.clock() - 9 * DAY)
    detail = customer_detail(shop.actor, wang)
    assert detail.first_contact_at == to_ms(shop.clock() - 9 * DAY)
    assert detail.last_contact_at == to_ms(shop.clock() - 3 * DAY)
    delete_records(shop.actor, record_ids=[old])
    assert customer_detail(shop.actor, wang).first_contact_at == to_ms(shop.clock() - 3 * DAY)
    assert sound()


def test_the_date_agreed_upon_stands_with_the_customer_and_in_his_changes(shop, wang):
    tomorrow = shop.actor.today() + DAY
    add(shop, wang, next_contact_date=tomorrow)
    assert planned(shop, wang) == tomorrow
    (change,) = customer_changes(shop.actor, wang).window(0, 10, None)
    assert (change["field"], change["old"], change["new"]) == ("下次联系", "", tomorrow.isoformat())


def test_who_was_contacted_on_the_day_agreed_is_no_longer_waiting(shop, wang):
    add(shop, wang, next_contact_date=shop.actor.today() + DAY)
    shop.clock.advance(days=1)
    add(shop, wang)
    assert planned(shop, wang) is None


def test_a_contact_before_the_day_agreed_leaves_it(shop, wang):
    later = shop.actor.today() + 5 * DAY
    add(shop, wang, next_contact_date=later)
    shop.clock.advance(days=1)
    add(shop, wang)
    assert planned(shop, wang) == later


def test_entering_an_old_record_afterwards_changes_no_date(shop, wang):
    later = shop.actor.today() + 5 * DAY
    add(shop, wang, next_contact_date=later)
    add(shop, wang, at=shop.clock() - 2 * DAY, next_contact_date=shop.actor.today())
    assert planned(shop, wang) == later


def test_deleting_a_record_takes_its_date_back_and_undoing_gives_it_again(shop, wang):
    today = shop.actor.today()
    add(shop, wang, at=shop.clock() - DAY, next_contact_date=today + DAY)
    newest = add(shop, wang, next_contact_date=today + 9 * DAY)
    assert delete_records(shop.actor, record_ids=[newest]) == 1
    assert planned(shop, wang) == today + DAY
    assert restore_records(shop.actor, record_ids=[newest]) == 1
    assert planned(shop, wang) == today + 9 * DAY
    assert (delete_records(shop.actor, record_ids=[newest]), restore_records(shop.actor, record_ids=[])) == (
        1,
        0,
    )


def test_changing_the_date_in_the_newest_record_changes_the_customers(shop, wang):
    today = shop.actor.today()
    record = add(shop, wang, next_contact_date=today + DAY)
    change_record(shop.actor, record_id=record, record=RecordInput("改期", next_contact_date=today + 3 * DAY))
    assert planned(shop, wang) == today + 3 * DAY
    change_record(shop.actor, record_id=record, record=RecordInput("不用了"))
    assert planned(shop, wang) is None


def test_changes_of_a_record_are_written_down(shop, wang):
    record = add(shop, wang, type_id=words("contact_type")[0].id)
    at = shop.clock()
    changed = RecordInput("上门拜访", type_id=words("contact_type")[2].id, at=at)
    assert change_record(shop.actor, record_id=record, record=changed) == 2
    rows = fetch("SELECT field, old, new FROM change WHERE kind = 'contact_record'")
    assert rows == [("联系类型", "业务联系", "客户回访"), ("内容", "通了电话", "上门拜访")]


@given(
    planned=st.dates() | st.none(),
    record_day=st.dates(),
    present=st.dates() | st.none(),
)
@settings(max_examples=200)
def test_no_date_that_has_been_dealt_with_survives_a_record(planned, record_day, present):
    after = follows(planned, record_day=record_day, present=present)
    assert after == planned if planned is not None else after is None or after > record_day


# --------------------------------------------------------------------- reading
def test_the_list_is_narrowed_by_words_type_person_and_period(shop, wang):
    seller = shop.as_role("店长")
    firm = add_customer(shop, name="恒达商贸")
    kind = words("contact_type")[1].id
    add(shop, wang, "问候", at=shop.clock() - 40 * DAY)
    add(shop, firm, "退换货处理", type_id=kind)
    add_record(seller, customer_id=firm, record=RecordInput("报价", contact_name="赵主任"))
    today = shop.actor.today()

    def found(**wanted: Any) -> list[str]:
        return sorted(shown(record_list(shop.actor, RecordFilter(**wanted))))

    assert found(text="退换") == ["退换货处理"]
    assert found(text="恒达") == ["报价", "退换货处理"]
    assert found(text="赵主") == ["报价"]
    assert found(type_id=kind) == ["退换货处理"]
    assert found(operator_id=seller.operator_id) == ["报价"]
    assert found(first_date=today - 7 * DAY, last_date=today) == ["报价", "退换货处理"]
    assert found(last_date=today - 7 * DAY) == ["问候"]


def test_records_of_deleted_customers_rest_with_them(shop, wang):
    record = add(shop, wang)
    delete_customers(shop.actor, customer_ids=[wang])
    assert shown(record_list(shop.actor)) == []
    assert shown(records_of(shop.actor, customer_id=wang)) == ["通了电话"]
    with pytest.raises(NotFound):
        add(shop, wang)
    assert record_detail(shop.actor, record_id=record).customer == "王小明"


def test_deleted_records_keep_who_and_when(shop, wang):
    delete_records(shop.actor, record_ids=[add(shop, wang)])
    (row,) = record_list(shop.actor, RecordFilter(in_bin=True)).window(0, 10, None)
    assert (row["content"], row["deleted_by"], row["deleted_at"]) == (
        "通了电话",
        "王老板",
        to_ms(shop.clock()),
    )


def test_a_salesperson_reads_records_of_own_customers_only(shop, wang):
    seller = shop.as_role("业务员")
    mine = add_customer(shop, owner_id=seller.operator_id)
    add(shop, wang, "别人的")
    add(shop, mine, "自己的")
    assert shown(record_list(seller)) == ["自己的"]


# ---------------------------------------------------------------------- visits
@pytest.fixture
def waiting(shop) -> dict[str, int]:
    """Customers to be contacted the day before yesterday, today, in three days and in a month."""
    today = shop.actor.today()
    days = {"前天": -2, "今天": 0, "三天后": 3, "下月": 30}
    found = {}
    for name, offset in days.items():
        found[name] = add_customer(shop, name=name, next_contact_date=today + offset * DAY)
    return found


def test_todays_visits_with_the_overdue_told_apart_and_the_coming_ones(shop, waiting):
    rows = visits(shop.actor).window(0, 10, None)
    assert [(row["name"], row["state"], row["tone"]) for row in rows] == [
        ("前天", "逾期 2 天", None),
        ("今天", "今天", None),
    ]
    assert shown(visits(shop.actor, VisitFilter(overdue=False)), "name") == ["今天"]
    ahead = visits(shop.actor, VisitFilter(overdue=False, ahead=True)).window(0, 10, None)
    assert [(row["name"], row["state"]) for row in ahead] == [("今天", "今天"), ("三天后", "3 天后")]
    counts = visit_counts(shop.actor)
    assert (counts.today, counts.overdue, counts.ahead) == (1, 1, 1)


def test_only_visits_overdue_for_more_than_a_week_are_coloured(shop):
    today = shop.actor.today()
    for name, offset in {"两周": -14, "八天": -8, "七天": -7}.items():
        add_customer(shop, name=name, next_contact_date=today + offset * DAY)
    rows = visits(shop.actor).window(0, 10, None)
    assert [(row["name"], row["tone"]) for row in rows] == [
        ("两周", "warning"),
        ("八天", "warning"),
        ("七天", None),
    ]


def test_a_visit_shows_what_was_said_last(shop, waiting):
    add(shop, waiting["今天"], "很久以前", at=shop.clock() - 9 * DAY)
    add(shop, waiting["今天"], "要新目录", at=shop.clock() - DAY, next_contact_date=shop.actor.today())
    assert shown(visits(shop.actor), "last_content") == [None, "要新目录"]


def test_visits_are_put_off_and_that_is_taken_back(shop, waiting):
    later = shop.actor.today() + 7 * DAY
    both = [waiting["前天"], waiting["今天"]]
    before = plan_visits(shop.actor, plans=dict.fromkeys(both, later))
    assert visits(shop.actor).count() == 0
    plan_visits(shop.actor, plans=before)
    assert shown(visits(shop.actor), "name") == ["前天", "今天"]


def test_writing_down_the_visit_takes_it_off_the_list(shop, waiting):
    add(shop, waiting["前天"])
    assert shown(visits(shop.actor), "name") == ["今天"]


# ------------------------------------------------------------------------ many
def test_records_of_earlier_times_come_in_at_once(shop, wang):
    today = shop.actor.today()
    rows = [
        PastRecord(wang, 1, shop.clock() - days * DAY, f"第 {days} 天前", next_contact_date=day)
        for days, day in ((9, today), (2, today + 4 * DAY), (5, None))
    ]
    with batch() as begin:
        assert add_many_records(begin(shop.actor), rows) == 3
    assert planned(shop, wang) == today + 4 * DAY
    assert shown(records_of(shop.actor, customer_id=wang)) == ["第 2 天前", "第 5 天前", "第 9 天前"]
    assert sound()
