"""Money is understood as people type it, rounded in one way, and shared out to the last fen."""

import os
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.kernel.errors import InputError
from meiping.kernel.money import (
    CashRounding,
    line_amount,
    parse_discount,
    parse_fen,
    rounded_ratio,
    rounding_difference,
    share_out,
    show_discount,
    show_fen,
)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("12.5", 1_250),
        ("１２．５", 1_250),
        ("¥1,234.50", 123_450),
        (" 7000 ", 700_000),
        ("7000.0000", 700_000),
        ("3元", 300),
        ("￥0.01", 1),
    ],
)
def test_amounts_are_understood_as_people_type_them(typed: str, fen: int) -> None:
    assert parse_fen(typed) == fen


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "1.005", "1e3", "nan", "-1", "6901234567892000", "一百", "1.2.3", "1,50", "1_000", ".", "١٢"],
)
def test_what_is_no_amount_is_refused_with_a_reason(typed: str) -> None:
    with pytest.raises(InputError):
        parse_fen(typed)


@pytest.mark.parametrize(
    ("fen", "shown"), [(123_450, "¥1,234.50"), (-500, "-¥5.00"), (0, "¥0.00"), (None, ""), (7, "¥0.07")]
)
def test_amounts_are_shown_in_one_form(fen: int | None, shown: str) -> None:
    assert show_fen(fen) == shown


@given(st.integers(-(10**12), 10**12))
def test_what_is_shown_is_understood_again(fen: int) -> None:
    assert parse_fen(show_fen(fen), minimum=None) == fen


def _half_up(value: Fraction) -> int:
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) + Fraction(1, 2))


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**9))
def test_halves_are_rounded_away_from_zero(numerator: int, denominator: int) -> None:
    assert rounded_ratio(numerator, denominator) == _half_up(Fraction(numerator, denominator))


def test_every_price_times_quantity_times_discount_is_exact() -> None:
    """A sample in the suite; with ``MEIPING_WHOLE=1`` every price to ¥100.00: twenty million products."""
    step = 1 if os.environ.get("MEIPING_WHOLE") else 97
    for price in range(1, 10_001, step):
        for quantity in range(1, 21):
            for percent in range(101):
                exact = Fraction(price * quantity * percent, 100)
                assert line_amount(price, quantity * 1000, percent * 100) == _half_up(exact)


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_shares_sum_to_the_whole_and_are_fair(total: int, weights: list[int]) -> None:
    shares = share_out(total, weights)
    assert sum(shares) == total
    whole = sum(weights)
    if whole:
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - Fraction(total * weight, whole)) < 1


@given(st.integers(0, 10**9), st.sampled_from(CashRounding))
def test_rounding_off_leaves_whole_jiao_or_yuan(total: int, rule: CashRounding) -> None:
    difference = rounding_difference(total, rule)
    step = {"none": 1, "jiao": 10, "yuan": 100}[rule.value.split("_")[0]]
    assert (total + difference) % step == 0
    assert abs(difference) < step
    if rule.value.endswith("down"):
        assert difference <= 0


@pytest.mark.parametrize(
    ("typed", "bp"),
    [
        ("0.85", 8_500),
        ("8.5", 8_500),
        ("85", 8_500),
        ("9", 9_000),
        ("9折", 9_000),
        ("1", 10_000),
        ("100", 10_000),
    ],
)
def test_a_discount_is_understood_as_ratio_zhe_or_per_cent(typed: str, bp: int) -> None:
    assert parse_discount(typed) == bp


@pytest.mark.parametrize("typed", ["", "0", "101", "-5", "半价"])
def test_what_is_no_discount_is_refused(typed: str) -> None:
    with pytest.raises(InputError):
        parse_discount(typed)


@pytest.mark.parametrize(
    ("bp", "shown"), [(9_000, "9 折"), (8_500, "8.5 折"), (10_000, ""), (9_550, "9.55 折")]
)
def test_discounts_are_shown_in_zhe(bp: int, shown: str) -> None:
    assert show_discount(bp) == shown


def test_small_discounts_over_small_lines_always_sum_to_what_was_shared() -> None:
    """Every discount over every three lines of small amounts; with ``MEIPING_WHOLE=1`` over four larger ones."""
    most, lines = (12, 4) if os.environ.get("MEIPING_WHOLE") else (9, 3)
    for weights in product(range(most), repeat=lines):
        whole = sum(weights)
        for total in range(whole + 1):
            shares = share_out(total, weights)
            assert sum(shares) == total
            assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))
