"""Quantities, days, times, texts, phones and pinyin as people type them."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from meiping.kernel.errors import InputError
from meiping.kernel.moments import parse_clock_time, parse_date
from meiping.kernel.phones import Phone, mask_phone, parse_phone, show_phone
from meiping.kernel.pinyin import initials, sort_key, spellings
from meiping.kernel.quantity import parse_milli, show_milli
from meiping.kernel.search_terms import name_terms, phone_terms, query_words
from meiping.kernel.tabular import Column, Kind, Row, Sort, Table
from meiping.kernel.text import clean, fold, plain

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "milli"), [("2", 2_000), ("0.5", 500), ("１．２５", 1_250), ("1,200", 1_200_000)]
)
def test_quantities_are_understood(typed: str, milli: int) -> None:
    assert parse_milli(typed) == milli


@pytest.mark.parametrize("typed", ["", "0", "-1", "6901234567892", "1.2345", "两个"])
def test_what_is_no_quantity_is_refused(typed: str) -> None:
    with pytest.raises(InputError):
        parse_milli(typed)


def test_goods_sold_by_the_piece_have_no_decimals() -> None:
    with pytest.raises(InputError, match="必须是整数"):
        parse_milli("1.5", decimals=0)
    with pytest.raises(InputError, match="请输入如 2。"):
        parse_milli("三十", decimals=0)


@given(st.integers(1, 999_999_999))
def test_a_shown_quantity_is_understood_again(milli: int) -> None:
    assert parse_milli(show_milli(milli)) == milli


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-21", date(2026, 11, 21)),
        ("20261121", date(2026, 11, 21)),
        ("26/1/5", date(2026, 1, 5)),
        ("891203", date(1989, 12, 3)),
        ("1203", date(2026, 12, 3)),
        ("12.3", date(2026, 12, 3)),
        ("2026年1月5日", date(2026, 1, 5)),
        ("明天", date(2026, 11, 22)),
        ("２０２６－１－５", date(2026, 1, 5)),
    ],
)
def test_days_are_understood(typed: str, day: date) -> None:
    assert parse_date(typed, today=TODAY) == day


@pytest.mark.parametrize("typed", ["", "2026-02-30", "13-45", "0001-01-01", "昨儿", "999999999"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(InputError):
        parse_date(typed, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("9:30", (9, 30)),
        ("0930", (9, 30)),
        ("9点半", (9, 30)),
        ("21", (21, 0)),
        ("9：05", (9, 5)),
        ("下午3点半", (15, 30)),
        ("下午 三点", (15, 0)),
        ("晚上8:15", (20, 15)),
        ("中午十二点", (12, 0)),
        ("早9点", (9, 0)),
    ],
)
def test_times_are_understood(typed: str, time: tuple[int, int]) -> None:
    assert parse_clock_time(typed) == time


@pytest.mark.parametrize("typed", ["25:00", "9:61", "", "早上", "晚上12点", "下午25点"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(InputError):
        parse_clock_time(typed)


def test_text_loses_what_cannot_be_seen() -> None:
    assert clean(" 王\u200b晓\x00梅\u0301 ") == "王晓梅\u0301"
    assert clean("一行\n两行", lines=True) == "一行\n两行"
    assert clean("\ud800x") == "x"
    assert fold("ＡＢＣ") == "abc"


def test_text_that_is_too_long_is_refused_with_its_length() -> None:
    with pytest.raises(InputError, match="最多 3 个字，现在有 4 个"):
        clean("一二三四", limit=3)


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("138 2201 7788", "13822017788", "138 2201 7788"),
        ("+86-138-2201-7788", "13822017788", "138 2201 7788"),
        ("１３８２２０１７７８８", "13822017788", "138 2201 7788"),
        ("0755-26001234", "075526001234", "0755-26001234"),
        ("0086-13822017788", "13822017788", "138 2201 7788"),
        ("8613822017788", "13822017788", "138 2201 7788"),
        ("+86 755 2600 1234", "075526001234", "0755-26001234"),
        ("400-800-8888", "4008008888", "4008008888"),
        ("+1 650 253 0000", "+16502530000", "+16502530000"),
        ("001 650 253 0000", "+16502530000", "+16502530000"),
    ],
)
def test_a_phone_has_one_stored_form(typed: str, stored: str, shown: str) -> None:
    phone = parse_phone(typed)
    assert (phone.digits, phone.warning) == (stored, None)
    assert show_phone(stored) == shown


def test_an_odd_phone_is_warned_about_and_nonsense_refused() -> None:
    assert parse_phone("12345678").warning
    with pytest.raises(InputError):
        parse_phone("微信联系")
    assert mask_phone("13822017788") == "138 **** 7788"


def test_names_are_found_by_every_reading() -> None:
    assert set(initials("单晓")) >= {"sx", "dx", "cx"}
    assert "shanxiao" in spellings("单晓")
    assert sort_key("王晓") == "wang xiao"
    assert {"xm", "晓梅", "wangxiaomei", "xiaomei"} <= set(name_terms("王晓梅"))


def test_phones_are_found_by_their_spoken_groups() -> None:
    assert phone_terms("13822017788") == ["13822017788", "22017788", "7788"]
    assert query_words("138 2201") == ["1382201"]
    assert query_words("王 138-2201 ") == ["王", "1382201"]
    assert query_words("+86 138 2201 7788") == query_words("0086-13822017788") == ["13822017788"]


def test_a_table_sorts_with_the_unknown_last() -> None:
    columns = (Column("n", "数", Kind.NUMBER),)
    rows: list[Row] = [{"id": 1, "n": 2}, {"id": 2, "n": None}, {"id": 3, "n": 1}]
    table = Table("表", columns, rows)
    assert [row["id"] for row in table.window(0, 9, Sort("n"))] == [3, 1, 2]
    assert [row["id"] for row in table.window(0, 9, Sort("n", descending=True))] == [1, 3, 2]


@given(st.integers(10**10, 2 * 10**10 - 1))
@example(12_812_002_110)  # no number of any kind to the library
@example(12_812_002_100)
def test_a_mobile_is_known_by_its_first_digits_as_surely_as_by_all(number: int) -> None:
    import phonenumbers

    told = parse_phone(str(number))
    try:
        whole = phonenumbers.parse(str(number), "CN")
    except phonenumbers.NumberParseException:
        assert told.warning is not None
        return
    if told.warning is None:
        assert phonenumbers.is_valid_number(whole)
    if phonenumbers.number_type(whole) == phonenumbers.PhoneNumberType.MOBILE:
        assert told == Phone(str(number))


@given(st.text(max_size=40))
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert plain(plain(text)) == plain(text)
