"""Customers by what they bought: every figure a second way, every customer in one segment, nobody's secrets told."""

import random
import sqlite3
from collections import defaultdict
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.domains.access.service import save_role
from meiping.domains.customers.conditions import chosen, dump_conditions, load_conditions
from meiping.domains.customers.queries import CustomerFilter, customer_list, describe_conditions
from meiping.domains.reminders.queries import reminder_list
from meiping.domains.reminders.rules import ReminderInput
from meiping.domains.reminders.service import REMIND_MANY, remind_of_many
from meiping.domains.reports.analysis.purchases import rounded
from meiping.domains.reports.analysis.queries import (
    contribution,
    segment_members,
    segments,
    slipping_away,
)
from meiping.domains.reports.analysis.rules import classes
from meiping.domains.reports.rules import Period, Quick
from meiping.domains.settings.service import save_options
from meiping.domains.stewardship.merging import merge_customers
from meiping.kernel.actor import Scope
from meiping.kernel.errors import InputError, NeedsConfirmation, PermissionDenied
from meiping.kernel.money import rounded_ratio
from meiping.kernel.tabular import Row
from meiping.store.database import fetch
from tests.domains.reports.test_figures import random_trade
from tests.factories import add_customer, add_product, sell
from tests.shop import OpenedShop

TODAY = date(2026, 3, 16)


def bills(customer_id: int) -> list[tuple[date, str, int]]:
    """Day, kind and amount of every bill of a customer, from the rows."""
    rows = fetch(
        "SELECT business_date, kind, total_fen FROM sale WHERE customer_id = ? ORDER BY id", customer_id
    )
    return [(date.fromisoformat(day), kind, fen) for day, kind, fen in rows]


def all_customers() -> list[int]:
    return [row[0] for row in fetch("SELECT id FROM customer WHERE deleted_at IS NULL")]


@pytest.mark.parametrize("seed", range(3))
def test_contribution_equals_the_bills(shop: OpenedShop, seed: int) -> None:
    random_trade(shop, random.Random(seed))
    year = Quick.YEAR.period(shop.actor.today())
    for period in (Period(), year):
        first, last = period.first or date.min, period.last or date.max
        sums: dict[int, int] = defaultdict(int)
        for who in all_customers():
            for day, _kind, fen in bills(who):
                if first <= day <= last:
                    sums[who] += fen
        table = contribution(shop.actor, period)
        assert {row["id"]: row["net_fen"] for row in table.rows} == dict(sums)
        amounts = [row["net_fen"] for row in table.rows]
        assert amounts == sorted(amounts, reverse=True)
        assert table.totals.get("net_fen", 0) == sum(sums.values())
        letters = [contribution(shop.actor, period, letter=one) for one in "ABC"]
        assert sum(len(part.rows) for part in letters) == len(table.rows)


@pytest.mark.parametrize("seed", range(3))
def test_segments_hold_everybody_once_with_what_he_spent(shop: OpenedShop, seed: int) -> None:
    random_trade(shop, random.Random(seed))
    for _ in range(2):
        add_customer(shop)
    today = shop.actor.today()
    cuts = {"analysis.near_days": 30, "analysis.lost_days": 90, "analysis.often": 5, "analysis.much_yuan": 50}
    save_options(shop.actor, values=cuts)
    table = segments(shop.actor)
    found: list[int] = []
    for row in table.rows:
        members = segment_members(shop.actor, segment=row["id"])
        assert len(members) == row["customers"]
        spent = 0
        for who in members:
            of_year = [one for one in bills(who) if one[0] > today - timedelta(days=365)]
            spent += sum(fen for _, _, fen in of_year)
            assert row["id"] == named(bills(who), of_year, today)
        assert row["year_fen"] == spent
        found += members
    assert sorted(found) == sorted(all_customers())
    assert table.totals["customers"] == len(found)


def named(ever: list[Any], of_year: list[Any], today: date) -> str:
    """The segment by the rules in words, from the rows."""
    sold = [day for day, kind, _ in ever if kind != "return"]
    if not sold:
        return "never"
    silent = (today - max(sold)).days
    often = sum(kind != "return" for _, kind, _ in of_year) >= 5
    much = sum(fen for _, _, fen in of_year) >= 5_000
    if silent > 90:
        return "lost"
    if silent <= 30:
        return {(1, 1): "valuable", (0, 1): "develop", (1, 0): "regular", (0, 0): "growing"}[often, much]
    return {(1, 1): "keep", (0, 1): "win_back", (1, 0): "slipping", (0, 0): "fading"}[often, much]


amounts_strategy = st.lists(st.integers(-10_000, 1_000_000), max_size=40)


@given(amounts_strategy, st.integers(1, 99), st.integers(1, 100))
def test_classes_follow_each_other_and_reach_the_whole(amounts: list[int], a: int, b: int) -> None:
    ordered = sorted(amounts, reverse=True)
    letters, sums = classes(ordered, a, b)
    assert list(letters) == sorted(letters)
    assert sums == sorted(sums)
    if ordered and ordered[0] > 0:
        assert letters[0] == "A"
        assert sums[-1] == sum(amount for amount in ordered if amount > 0)
    assert all(letter == "C" for amount, letter in zip(ordered, letters, strict=True) if amount <= 0)


def test_the_eighty_and_ninety_five_per_cent(shop: OpenedShop) -> None:
    assert classes([70, 15, 8, 4, 3], 80, 95) == ("AABBC", [70, 85, 93, 97, 100])
    assert classes([], 80, 95) == ("", [])
    assert classes([0, -5], 80, 95) == ("CC", [0, 0])


@given(st.integers(0, 10**12), st.integers(1, 10**6))
def test_what_the_file_divides_is_rounded_as_everywhere(numerator: int, denominator: int) -> None:
    with sqlite3.connect(":memory:") as file:
        (found,) = file.execute(f"SELECT {rounded(str(numerator), str(denominator))}").fetchone()
    file.close()
    assert found == rounded_ratio(numerator, denominator)


def test_who_came_every_week_and_stays_away_is_missed(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=999)
    weekly, seldom = add_customer(shop, name="每周来的"), add_customer(shop)
    for _ in range(10):
        sell(shop, (tea, 5), customer_id=weekly)
        shop.clock.advance(days=7)
    sell(shop, (tea, 5), customer_id=seldom)
    assert list(slipping_away(shop.actor).rows) == [], "nobody is slipping away after a week"
    shop.clock.advance(days=30)
    (row,) = slipping_away(shop.actor).rows
    assert (row["name"], row["silent"], row["interval"]) == ("每周来的", 37, 7)
    assert row["month_fen"] == round(50_000 * 30 / 63)
    assert row["lost_fen"] == round(row["month_fen"] * 30 / 30)
    assert list(slipping_away(shop.actor, lost=True).rows) == []
    shop.clock.advance(days=300)
    assert [one["name"] for one in slipping_away(shop.actor, lost=True).rows] == ["每周来的"]
    assert list(slipping_away(shop.actor, lost=False).rows) == []


def test_what_a_merged_customer_bought_counts_for_the_survivor(shop: OpenedShop) -> None:
    tea = add_product(shop, stock=99)
    survivor, twin, other = (add_customer(shop, name=name) for name in ("王晓梅", "王小梅", "李四"))
    for day, who in ((1, survivor), (1, twin), (8, twin), (15, other)):
        shop.clock.set(2026, 4, day)
        sell(shop, (tea, 2), customer_id=who)
    merge_customers(shop.actor, survivor_id=survivor, twin_id=twin)
    found = {row["id"]: (row["net_fen"], row["bills"]) for row in contribution(shop.actor, Period()).rows}
    assert found == {survivor: (6_000, 3), other: (2_000, 1)}
    (row,) = contribution(shop.actor, Period(date(2026, 4, 1), date(2026, 4, 2))).rows
    assert (row["id"], row["last_date"], row["cumulated_bp"]) == (survivor, date(2026, 4, 1), 10_000)
    for day in (15, 22):
        shop.clock.set(2026, 4, day)
        sell(shop, (tea, 2), customer_id=survivor)
    shop.clock.set(2026, 6, 1)
    (row,) = slipping_away(shop.actor).rows
    assert (row["id"], row["interval"], row["bills"], row["net_fen"]) == (survivor, 7, 5, 10_000)
    assert row["last_date"] == date(2026, 4, 22)
    (year,) = [one for one in segments(shop.actor).rows if survivor in of(shop, one)]
    assert year["year_fen"] >= 10_000


def of(shop: OpenedShop, row: Row) -> list[int]:
    return segment_members(shop.actor, segment=row["id"])


def test_an_empty_shop_has_empty_reports(shop: OpenedShop) -> None:
    assert list(contribution(shop.actor, Period()).rows) == []
    assert list(segments(shop.actor).rows) == []
    assert list(slipping_away(shop.actor).rows) == []


def test_a_salesperson_sees_his_own_customers_only(shop: OpenedShop) -> None:
    rights = ["reports.view", "customers.view"]
    save_role(shop.actor, role_id=None, name="看自己的", scope=Scope.OWN, permissions=rights)
    seller = shop.as_role("看自己的")
    tea = add_product(shop, stock=99)
    mine = add_customer(shop, owner_id=seller.operator_id)
    others = add_customer(shop)
    for who in (mine, others):
        sell(shop, (tea, 2), customer_id=who)
    assert [row["id"] for row in contribution(seller, Period()).rows] == [mine]
    assert sum(row["customers"] for row in segments(seller).rows) == 1
    found = [segment_members(seller, segment=row["id"]) for row in segments(seller).rows if row["customers"]]
    assert found == [[mine]]


def test_without_the_right_to_customers_there_is_nothing(shop: OpenedShop) -> None:
    save_role(shop.actor, role_id=None, name="只看报表", scope=Scope.ALL, permissions=["reports.view"])
    looker = shop.as_role("只看报表")
    for call in (
        lambda: contribution(looker, Period()),
        lambda: segments(looker),
        lambda: slipping_away(looker),
    ):
        with pytest.raises(PermissionDenied):
            call()


# ------------------------------------------------------------------ from a segment on
def test_a_segment_opens_as_a_list_that_says_what_it_is(shop: OpenedShop) -> None:
    ids = [add_customer(shop) for _ in range(3)]
    add_customer(shop)
    asked = chosen("重要保持", ids)
    assert load_conditions(dump_conditions([asked])) == (asked,)
    assert describe_conditions(shop.actor, conditions=[asked]) == ["重要保持（3 位）"]
    listing = customer_list(shop.actor, CustomerFilter(conditions=(asked,)))
    assert sorted(row["id"] for row in listing.window(0, 9, None)) == ids
    assert customer_list(shop.actor, CustomerFilter(conditions=(chosen("没有", ()),))).count() == 0
    many = chosen("很多", range(1, 100_000))
    assert customer_list(shop.actor, CustomerFilter(conditions=(many,))).count() == 4


def test_a_whole_segment_is_reminded_of_at_once(shop: OpenedShop) -> None:
    seller = shop.as_role("业务员")
    ids = [
        add_customer(shop, owner_id=seller.operator_id),
        add_customer(shop, owner_id=shop.actor.operator_id),
    ]
    wanted = ReminderInput("回访", TODAY + timedelta(days=1), time(9))
    with pytest.raises(NeedsConfirmation, match="给 2 位客户各添加一条“回访”的提醒吗"):
        remind_of_many(shop.actor, customer_ids=ids, reminder=wanted)
    sure = frozenset({REMIND_MANY})
    made = remind_of_many(shop.actor, customer_ids=ids, reminder=wanted, owners=True, confirmed=sure)
    rows = reminder_list(shop.actor).window(0, 9, None)
    assert {row["id"] for row in rows} == set(made)
    assert {row["customer_id"]: row["operator_id"] for row in rows} == {
        ids[0]: seller.operator_id,
        ids[1]: shop.actor.operator_id,
    }
    with pytest.raises(InputError, match="不在您的查看范围内"):
        remind_of_many(seller, customer_ids=ids, reminder=wanted, confirmed=sure)
    past = replace(wanted, first_date=TODAY - timedelta(days=1))
    with pytest.raises(InputError, match="已经过去"):
        remind_of_many(shop.actor, customer_ids=ids, reminder=past, confirmed=sure)
