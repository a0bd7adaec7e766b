"""Lines break where a reader of Chinese expects it, and no character is lost unseen."""

from hypothesis import given
from hypothesis import strategies as st

from meiping.adapters.lettering import elide, printable, wrap


def width(text: str) -> float:
    """Half-width letters count one, everything else two."""
    return sum(1 if character.isascii() else 2 for character in text)


def test_chinese_breaks_between_any_two_characters() -> None:
    assert wrap("冷烫护理每月一次", 8, width) == ["冷烫护理", "每月一次"]


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    assert wrap("请提前预约，谢谢", 10, width) == ["请提前预", "约，谢谢"]
    assert wrap("护发精油（旗舰店）", 10, width) == ["护发精油", "（旗舰店）"]


def test_words_numbers_and_dates_stay_whole() -> None:
    assert wrap("定于2026-11-21到店", 10, width) == ["定于", "2026-11-21", "到店"]
    assert wrap("call 13822017788 now", 12, width) == ["call", "13822017788", "now"]


def test_what_is_too_long_alone_is_broken_all_the_same() -> None:
    assert wrap("A" * 25, 10, width) == ["A" * 10, "A" * 10, "A" * 5]


def test_line_breaks_of_the_text_are_kept() -> None:
    assert wrap("一\n\n二", 10, width) == ["一", "", "二"]


@given(st.text(st.sampled_from("美平（）。，ab1 \n-.¥"), max_size=60), st.integers(2, 30))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, room: int) -> None:
    lines = wrap(text, room, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= room for line in lines)


def test_a_character_the_font_lacks_is_shown_as_missing() -> None:
    assert printable("陈建国𠮷") == "陈建国〓"
    assert printable("好😀的") == "好〓的"


def test_common_and_rare_names_and_signs_are_all_there() -> None:
    text = "龘赟䶮㛃犇喆堃 ¥￥€№℃①★▲▼—…“”‘’《》·×÷±"
    assert printable(text) == text


def test_invisible_marks_vanish_and_odd_blanks_become_blanks() -> None:
    assert printable("王\u200b晓\ufe0f梅\u2007\t\u3000李\x07") == "王晓梅   李 "


def test_a_text_too_long_ends_in_dots() -> None:
    assert elide("深圳市南山区", 7, width) == "深圳…"
    assert elide("深圳", 7, width) == "深圳"
