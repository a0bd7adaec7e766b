"""What the process that reads a sheet tells arrives as it was read, and nothing else arrives."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.adapters.sheet_lines import from_line, to_line

CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.integers(-(10**9), 10**9).map(lambda seconds: timedelta(seconds=seconds))
)


@given(st.lists(CELLS))
def test_every_kind_of_cell_arrives_as_the_same_value_of_the_same_kind(cells: list[object]) -> None:
    line = to_line(cells)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    there = from_line(line)
    assert there == cells
    assert [type(cell) for cell in there] == [type(cell) for cell in cells]


def test_a_head_with_one_word_only_is_no_cell() -> None:
    assert from_line(to_line({"sheet": "表1"})) == {"sheet": "表1"}


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"no json\n",
        b'[[1, ["half a li',
        b"\xff\xfe\n",
        b'{"date": "yesterday"}\n',
        b'{"date": 5}\n',
        b'{"datetime": null}\n',
        b'{"seconds": 1e300}\n',
        b'{"seconds": "much"}\n',
    ],
)
def test_a_broken_line_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_line(line)


def test_what_is_no_cell_is_not_told() -> None:
    assert from_line(to_line(datetime(2026, 1, 2, 3, 4))) == datetime(2026, 1, 2, 3, 4)
    assert from_line(to_line([date(2026, 1, 2), time(3, 4)])) == [date(2026, 1, 2), time(3, 4)]
    with pytest.raises(TypeError):
        to_line([{UTC}])
