"""Money in the capital characters that stand on papers, so that nobody can alter it."""

from meiping.kernel.money import MAX_FEN

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def capital_yuan(fen: int) -> str:
    """``壹仟零伍元叁角`` for an amount in fen; whole yuan end with 整. Raises ValueError above ``MAX_FEN``."""
    if abs(fen) > MAX_FEN:
        raise ValueError("the amount is too large")
    yuan, cents = divmod(abs(fen), 100)
    jiao, single = divmod(cents, 10)
    said = f"{_whole(yuan)}元" if yuan or not cents else ""
    if jiao:
        said += f"{_DIGITS[jiao]}角"
    elif single and yuan:
        said += "零"
    said += f"{_DIGITS[single]}分" if single else "" if jiao else "整"
    return ("负" if fen < 0 else "") + said


def _whole(number: int) -> str:
    """A whole number; zeros between other digits are said once."""
    if number == 0:
        return _DIGITS[0]
    said, group, gap = "", 0, False
    while number:
        number, four = divmod(number, 10_000)
        if four:
            tail = _DIGITS[0] + said if gap else said
            said = _four(four) + _GROUPS[group] + tail
            gap = four < 1_000
        elif said:
            gap = True
        group += 1
    return said


def _four(number: int) -> str:
    """One to four digits, none of the leading zeros."""
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            said += (_DIGITS[0] if gap else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        elif said:
            gap = True
    return said
