"""Points: got for what is paid, used as money, lapsing the oldest first, taken back and put right by hand."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meiping.domains.customers.queries import customer_detail
from meiping.domains.loyalty import service as loyalty
from meiping.domains.loyalty.queries import customer_points, point_moves, points_left
from meiping.domains.loyalty.rules import expiry_of, part_of, points_earned, points_needed, worth_fen
from meiping.domains.settings.service import save_options
from meiping.kernel.errors import InputError, PermissionDenied
from meiping.kernel.source import Source
from meiping.store.unit_of_work import in_one_transaction
from tests.factories import add_customer, new_key
from tests.shop import OpenedShop

MONTHS = 12


@pytest.fixture
def pointed(shop: OpenedShop) -> OpenedShop:
    """A point a yuan, a hundred points one yuan, each lapses after a year."""
    save_options(shop.actor, values={"points.on": True, "points.months": MONTHS})
    return shop


def left(shop: OpenedShop, customer_id: int) -> int:
    return points_left(customer_id, shop.actor.today())


def give(shop: OpenedShop, customer_id: int, points: int, **values: Any) -> int:
    values = {"key": new_key(), "reason": "开业活动", **values}
    return loyalty.adjust_points(shop.actor, customer_id=customer_id, points=points, **values)


# ------------------------------------------------------------------ arithmetic
@given(st.integers(0, 10**9), st.integers(1, 500))
def test_points_pay_what_they_are_worth_and_no_fen_more(points: int, per_yuan: int) -> None:
    most = worth_fen(points, per_yuan=per_yuan)
    assert points_needed(most, per_yuan=per_yuan) <= points
    assert points_needed(most + 1, per_yuan=per_yuan) > points


@given(st.integers(0, 10**7), st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_all_parts_together_take_back_exactly_what_was_earned(points: int, parts: list[int]) -> None:
    whole, before, taken = sum(parts), 0, 0
    for part in parts:
        taken += part_of(points, whole, before_fen=before, now_fen=part)
        before += part
    assert taken == points


def test_a_part_of_the_yuan_earns_nothing() -> None:
    assert [points_earned(fen, yuan_each=10) for fen in (-500, 999, 1_000, 2_999)] == [0, 0, 1, 2]


@pytest.mark.parametrize(
    ("day", "months", "lapses"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 5), 12, date(2027, 12, 5)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 16), 0, date.max),
    ],
)
def test_points_lapse_some_months_later(day: date, months: int, lapses: date) -> None:
    assert expiry_of(day, months) == lapses


# ------------------------------------------------------------------ against lots
class Lots:
    """The same points kept lot by lot, the oldest used first; what is missing is owed."""

    def __init__(self) -> None:
        self.lots: list[tuple[date, int]] = []
        self.owed = 0

    def get(self, points: int, day: date) -> None:
        paid = min(points, self.owed)
        self.owed -= paid
        if points > paid:
            self.lots.append((expiry_of(day, MONTHS), points - paid))

    def use(self, points: int) -> None:
        while points and self.lots:
            day, there = self.lots.pop(0)
            if there > points:
                self.lots.insert(0, (day, there - points))
            points -= min(points, there)
        self.owed += points

    def at(self, day: date) -> int:
        self.lots = [lot for lot in self.lots if lot[0] > day]
        return sum(points for _, points in self.lots) - self.owed


STEPS = st.lists(
    st.tuples(st.sampled_from(("get", "use", "take")), st.integers(1, 400), st.integers(0, 150)), max_size=14
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.booleans())
def test_points_lapse_as_if_they_were_kept_lot_by_lot(
    pointed: OpenedShop, steps: list[tuple[str, int, int]], look_daily: bool
) -> None:
    customer_id, model, shop = add_customer(pointed), Lots(), pointed

    def do(part: Callable[..., object], **values: Any) -> None:
        in_one_transaction(shop.actor, lambda work: part(work, customer_id=customer_id, **values))

    for number, (step, points, days) in enumerate(steps, start=1):
        today = shop.actor.today()
        there = model.at(today)
        assert left(shop, customer_id) == there
        if step == "get":
            model.get(points, today)
            do(loyalty.open_points, points=points, source=Source("x", number))
        elif step == "use":
            points = min(points, max(there, 0))
            model.use(points)
            if points:
                do(loyalty.spend, sale_id=number, amount_fen=points)
        else:  # more may be taken back than is left
            model.use(points)
            do(loyalty.open_points, points=-points, source=Source("x", number))
        shop.clock.now += timedelta(days=days)
        if look_daily:
            loyalty.daily_pass(shop.actor)
            assert customer_detail(shop.actor, customer_id).points == left(shop, customer_id)
    assert left(shop, customer_id) == model.at(shop.actor.today())


def test_lapsing_points_are_told_before_they_go(pointed: OpenedShop) -> None:
    wang = add_customer(pointed)
    give(pointed, wang, 100)
    pointed.clock.set(2026, 5, 1)
    give(pointed, wang, 30)
    found = customer_points(pointed.actor, customer_id=wang)
    assert (found.points, found.worth_fen, found.lapsing, found.lapse_date) == (
        130,
        130,
        100,
        date(2027, 3, 16),
    )
    pointed.clock.set(2027, 3, 16)
    assert left(pointed, wang) == 30
    assert loyalty.daily_pass(pointed.actor) == 1
    assert loyalty.daily_pass(pointed.actor) == 0
    rows = point_moves(pointed.actor, customer_id=wang).rows
    assert [(row["kind"], row["change"], row["points"]) for row in rows] == [
        ("到期", -100, 30),
        ("手动调整", 30, 130),
        ("手动调整", 100, 100),
    ]


# ------------------------------------------------------------------ by hand
def test_points_are_put_right_by_hand_once_with_a_reason(pointed: OpenedShop) -> None:
    wang, key = add_customer(pointed), new_key()
    assert give(pointed, wang, 50, key=key) == 50
    assert give(pointed, wang, 50, key=key) == 50
    assert give(pointed, wang, -20) == 30
    for values, field in (
        ({"points": 0}, "points"),
        ({"points": -31}, "points"),
        ({"points": 5, "reason": " "}, "reason"),
    ):
        with pytest.raises(InputError) as refused:
            give(pointed, wang, **values)
        assert refused.value.field == field
    with pytest.raises(PermissionDenied):
        loyalty.adjust_points(
            pointed.as_role("收银员"), key=new_key(), customer_id=wang, points=5, reason="送给朋友"
        )
