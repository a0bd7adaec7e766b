"""The sums offered at the till are those people have in their purses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.domains.till.rules import suggested_cash


@pytest.mark.parametrize(
    ("due_fen", "offered"),
    [
        (34_400, [34_400, 34_500, 35_000, 40_000]),
        (10_850, [10_850, 11_000, 15_000, 20_000]),
        (4_400, [4_400, 4_500, 5_000, 10_000]),
        (1_200, [1_200, 2_000, 5_000, 10_000]),
        (10_000, [10_000]),
        (0, []),
    ],
)
def test_round_sums_are_offered_and_the_next_hundred_always(due_fen: int, offered: list[int]) -> None:
    assert suggested_cash(due_fen) == offered


@given(st.integers(min_value=1, max_value=10**9))
def test_what_is_offered_pays_the_bill_exactly_or_more(due_fen: int) -> None:
    sums = suggested_cash(due_fen)
    assert sums == sorted(set(sums))
    assert sums[0] == due_fen
    assert len(sums) <= 4
    assert -(-due_fen // 10_000) * 10_000 in sums
