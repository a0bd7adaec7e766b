"""One field of many customers is changed at once, written down for each, and taken back as a whole."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meiping.domains.custom_fields.rules import CustomFieldInput, FieldKind
from meiping.domains.custom_fields.service import add_field
from meiping.domains.customers.bulk import change_field, field_now, take_back_change
from meiping.domains.customers.queries import customer_changes, customer_detail, find_customers
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_customer, change_customer, delete_customers
from meiping.domains.settings.queries import levels, words
from meiping.domains.settings.service import save_options
from meiping.kernel.errors import InputError, PermissionDenied


def made(shop, **entered) -> int:
    entered.setdefault("name", "某人")
    return add_customer(shop.actor, customer=CustomerInput(**entered))


def of(shop, customer_id: int):
    return customer_detail(shop.actor, customer_id=customer_id)


def changes(shop, customer_id: int) -> list[tuple[str, str, str]]:
    rows = customer_changes(shop.actor, customer_id=customer_id).window(0, 50, None)
    return [(row["field"], row["old"], row["new"]) for row in rows]


def test_many_get_the_same_status_and_each_has_it_in_the_log(shop):
    first, second = (word.id for word in words("customer_status")[:2])
    names = {word.id: word.name for word in words("customer_status")}
    new, moved, there = made(shop), made(shop, status_id=first), made(shop, status_id=second)
    assert [
        (one.shown, one.count)
        for one in field_now(shop.actor, customer_ids=[new, moved, there], field="status_id")
    ] == [
        ("", 1),
        (names[first], 1),
        (names[second], 1),
    ]
    kept = change_field(shop.actor, customer_ids=[new, moved, there], field="status_id", value=second)
    assert (kept.count, kept.left_out) == (2, 1)
    assert [of(shop, one).status_id for one in (new, moved, there)] == [second] * 3
    assert changes(shop, moved) == [("状态", names[first], names[second])]
    assert changes(shop, there) == []
    assert take_back_change(shop.actor, kept=kept) == 2
    assert [of(shop, one).status_id for one in (new, moved, there)] == [None, first, second]
    assert changes(shop, new) == [("状态", names[second], ""), ("状态", "", names[second])]


def test_who_was_changed_again_meanwhile_keeps_it(shop):
    first, second, third = (level.id for level in levels()[:3])
    one, other = made(shop, level_id=first), made(shop, level_id=first)
    kept = change_field(shop.actor, customer_ids=[one, other], field="level_id", value=second)
    change_customer(shop.actor, customer_id=one, customer=replace(of(shop, one).as_input(), level_id=third))
    assert take_back_change(shop.actor, kept=kept) == 1
    assert (of(shop, one).level_id, of(shop, other).level_id) == (third, first)


def test_days_texts_and_money_are_emptied_and_come_back(shop):
    customer = made(shop, province="浙江", next_contact_date=date(2026, 4, 1), credit_limit_fen=50_000)
    for field, old, empty in (
        ("province", "浙江", ""),
        ("next_contact_date", date(2026, 4, 1), None),
        ("credit_limit_fen", 50_000, 0),
    ):
        kept = change_field(shop.actor, customer_ids=[customer], field=field, value=None)
        assert getattr(of(shop, customer), field) == empty
        take_back_change(shop.actor, kept=kept)
        assert getattr(of(shop, customer), field) == old


def test_a_field_of_the_shops_own_is_changed_and_found_by_it(shop):
    field = add_field(shop.actor, record_kind="customer", field=CustomFieldInput("皮肤", FieldKind.TEXT))
    key = f"custom_{field}"
    one, other = made(shop, custom={field: "油性"}), made(shop)
    kept = change_field(shop.actor, customer_ids=[one, other], field=key, value="干性")
    assert [of(shop, each).custom for each in (one, other)] == [{field: "干性"}] * 2
    assert len(find_customers(shop.actor, "干性")) == 2
    take_back_change(shop.actor, kept=kept)
    assert [of(shop, each).custom for each in (one, other)] == [{field: "油性"}, {}]
    assert not find_customers(shop.actor, "干性")


def test_the_owner_goes_by_the_transfer_and_comes_back(shop):
    clerk = shop.as_role("业务员")
    customer = made(shop, owner_id=shop.actor.operator_id)
    kept = change_field(shop.actor, customer_ids=[customer], field="owner_id", value=clerk.operator_id)
    assert of(shop, customer).owner_id == clerk.operator_id
    assert take_back_change(shop.actor, kept=kept) == 1
    assert of(shop, customer).owner_id == shop.actor.operator_id
    with pytest.raises(PermissionDenied):
        change_field(clerk, customer_ids=[customer], field="owner_id", value=clerk.operator_id)


def test_who_cant_have_it_or_isnt_seen_is_left_out(shop):
    nature = words("customer_nature")[0].id
    person, firm, binned = made(shop), made(shop, firm=True), made(shop, firm=True)
    delete_customers(shop.actor, customer_ids=[binned])
    kept = change_field(shop.actor, customer_ids=[person, firm, binned], field="nature_id", value=nature)
    assert (kept.count, kept.left_out) == (1, 2)
    assert (of(shop, person).nature_id, of(shop, firm).nature_id) == (None, nature)
    clerk = shop.as_role("业务员")
    assert change_field(clerk, customer_ids=[firm], field="province", value="江苏").count == 0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "同名", "不能批量修改"),
        ("status_id", 999_999, "已经不在了"),
        ("created_date", None, "请填写建档日期"),
        ("created_date", date(2030, 1, 1), "不能晚于今天"),
        ("payment_days", 99_999, "账期"),
        ("province", "省" * 21, "太长"),
        ("custom_77", "无", "停用或删除"),
    ],
)
def test_what_cant_be_is_refused_and_changes_nobody(shop, field, value, sentence):
    customer = made(shop, province="浙江")
    with pytest.raises(InputError, match=sentence):
        change_field(shop.actor, customer_ids=[customer], field=field, value=value)
    assert of(shop, customer).province == "浙江"
    assert changes(shop, customer) == []


def test_what_the_shop_demands_cant_be_emptied(shop):
    save_options(shop.actor, values={"customers.required": ["source_id"]})
    customer = made(shop, source_id=words("customer_source")[0].id)
    with pytest.raises(InputError, match="请选择来源"):
        change_field(shop.actor, customer_ids=[customer], field="source_id", value=None)


def test_credit_needs_its_own_right(shop):
    customer = made(shop)
    seller = shop.as_role("业务员")
    with pytest.raises(PermissionDenied):
        change_field(seller, customer_ids=[customer], field="credit_limit_fen", value=100)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.integers(0, 4))
def test_a_change_taken_back_leaves_everybody_as_before(shop, had, given_to_all):
    offered = [None, *(word.id for word in words("customer_source")[:4])]
    ids = [made(shop, source_id=offered[place]) for place in had]
    kept = change_field(shop.actor, customer_ids=ids, field="source_id", value=offered[given_to_all])
    assert {of(shop, one).source_id for one in ids} == {offered[given_to_all]}
    assert kept.count == sum(offered[place] != offered[given_to_all] for place in had)
    take_back_change(shop.actor, kept=kept)
    assert [of(shop, one).source_id for one in ids] == [offered[place] for place in had]
