"""Amounts in capital characters, as papers in this country say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.kernel.capital_money import capital_yuan
from meiping.kernel.money import MAX_FEN

_DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
_PLACES = {"拾": 10, "佰": 100, "仟": 1_000}


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角"),
        (105, "壹元零伍分"),
        (150, "壹元伍角"),
        (1_000, "壹拾元整"),
        (44_800, "肆佰肆拾捌元整"),
        (100_500, "壹仟零伍元整"),
        (1_000_530, "壹万零伍元叁角"),
        (100_010_000, "壹佰万零壹佰元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (12_345_678_901, "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元零壹分"),
        (-2_000, "负贰拾元整"),
    ],
)
def test_as_papers_say_it(fen: int, said: str) -> None:
    assert capital_yuan(fen) == said


def read(said: str) -> int:
    """The fen that capital characters mean."""
    fen = total = group = digit = 0
    for character in said:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _PLACES:
            group, digit = group + digit * _PLACES[character], 0
        elif character == "万":
            total, group, digit = total + (group + digit) * 10_000, 0, 0
        elif character == "亿":
            total, group, digit = (total + group + digit) * 10**8, 0, 0
        elif character == "元":
            fen, group, digit = (total + group + digit) * 100, 0, 0
        elif character in "角分":
            fen, digit = fen + digit * {"角": 10, "分": 1}[character], 0
    return fen


@given(st.integers(0, MAX_FEN - 1))
def test_it_reads_back_as_the_same_amount(fen: int) -> None:
    assert read(capital_yuan(fen)) == fen
