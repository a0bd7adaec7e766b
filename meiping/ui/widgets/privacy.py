"""What a customer at the counter must not read from the screen: costs, profits and telephone numbers, hidden by one key.

Only what is shown is masked; values, exports and prints stay as they are.
"""

import re
import tkinter as tk
from typing import Any

import ttkbootstrap as ttk

from meiping.kernel.phones import show_phone
from meiping.kernel.tabular import Column, Kind

MASK = "＊＊＊"
COST_WORDS = (
    *("成本", "毛利", "净利", "利润", "进价", "货值"),
    *("库存金额", "期初金额", "入库金额", "出库金额", "销售金额", "结存金额"),
)
"""What words in a title say that its figure is nobody else's business."""
_MOBILE = re.compile(r"(?<![\d-])(?:\+?86[ -]?)?(1\d{2})[ -]?\d{4}[ -]?(\d{4})(?![\d-])")
_LANDLINE = re.compile(r"(?<![\d-])(0\d{2,3})[ -]?\d{3,4}[ -]?(\d{4})(?![\d-])")
_DOT = "●"


class _State:
    hidden = False


def hidden() -> bool:
    """Whether costs and phones are hidden now."""
    return _State.hidden


def hide(on: bool) -> None:
    """Hide or show them from now on; who calls has the screen drawn again."""
    _State.hidden = on


def covers(*titles: str) -> bool:
    """Whether figures under one of these titles are hidden now."""
    return _State.hidden and any(word in title for title in titles for word in COST_WORDS)


def mask_phones(text: str) -> str:
    """``138****7788`` for every telephone number in a text."""
    return _LANDLINE.sub(r"\1****\2", _MOBILE.sub(r"\1****\2", text))


def said(text: str, *, title: str = "") -> str:
    """A text as the screen may show it under ``title``."""
    if not _State.hidden or not text:
        return text
    return MASK if covers(title) else mask_phones(text)


def phone(digits: str | None) -> str:
    """A stored number as the screen may show it."""
    return said(show_phone(digits))


def cell(column: Column, value: Any) -> str:
    """A value as a list on the screen may show it."""
    text = column.show(value)
    if not _State.hidden or not text:
        return text
    if covers(column.title):
        return MASK
    return mask_phones(text) if column.kind in (Kind.PHONE, Kind.TEXT) else text


def guard(entry: tk.Misc, title: str, *, is_phone: bool) -> None:
    """Show dots in a field that holds what is hidden; what it holds stays."""
    if isinstance(entry, ttk.Entry) and (is_phone or any(word in title for word in COST_WORDS)):
        entry.bind("<Map>", lambda _event: entry.configure(show=_DOT if _State.hidden else ""), add=True)
        entry.configure(show=_DOT if _State.hidden else "")
