"""Letters in documents: the one font every PDF and chart uses, what it can show, and where lines break."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from meiping.adapters.fonts import sans_path

if TYPE_CHECKING:
    from fpdf import FPDF

FAMILY = "Noto Sans SC"
MISSING = "〓"
"""Stands for a character the font lacks, so that nobody takes the text for complete."""

_VARIATIONS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_NEVER_FIRST = "，。、；：？！）】》〉」』”’…％%,.;:?!)]}·"
_NEVER_LAST = "（【《〈「『“‘([{¥￥"
_PIECES = re.compile(rf"[{re.escape(_NEVER_LAST)}]*(?:[A-Za-z0-9]+(?:[-.,:/_@'][A-Za-z0-9]+)*|\s+|.)")


@cache
def _known_characters() -> frozenset[int]:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(sans_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """The text in characters the font has; a missing one is shown as 〓, line breaks stay."""
    known = _known_characters()
    return "".join(_shown(character, known) for character in unicodedata.normalize("NFC", text))


def _shown(character: str, known: frozenset[int]) -> str:
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category == "Cf" or character in _VARIATIONS:
        return ""
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    return character if ord(character) in known else MISSING


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Lines no wider than ``width`` in the units of ``measure``.

    Chinese breaks between any two characters, but no line begins with a closing or ends with an opening mark;
    words and numbers stay whole unless one alone is too wide.
    """
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, width, measure)]


def _wrap_paragraph(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    line = ""
    for piece in _pieces(text):
        if measure((line + piece).rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            yield line.rstrip()
        line = piece.lstrip()
        while len(line) > 1 and measure(line) > width:
            fitting = next((n for n in range(len(line) - 1, 0, -1) if measure(line[:n]) <= width), 1)
            yield line[:fitting]
            line = line[fitting:]
    yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """What must stay on one line: a word, a number, a Chinese character, each with the marks that cling to it."""
    held = ""
    for piece in _PIECES.findall(text):
        if held and piece[0] not in _NEVER_FIRST:
            yield held
            held = ""
        held += piece
    if held:
        yield held


def elide(text: str, width: float, measure: Callable[[str], float]) -> str:
    """The text, or as much of its beginning as fits with an ellipsis."""
    if measure(text) <= width:
        return text
    kept = next((n for n in range(len(text) - 1, 0, -1) if measure(text[:n] + "…") <= width), 0)
    return text[:kept].rstrip() + "…"


@contextmanager
def new_document(title: str) -> Iterator["FPDF"]:
    """An empty PDF in millimetres without margins, set in the font, of which it will hold the characters used.

    fpdf keeps the font file open; it is closed at the end.
    """
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

    pdf = FPDF(unit="mm", format="A4")
    pdf.add_font(FAMILY, "", sans_path())
    try:
        pdf.set_font(FAMILY, size=9)
        pdf.set_title(title)
        pdf.set_creator("meiping")
        pdf.set_lang("zh-CN")
        pdf.set_auto_page_break(False)
        pdf.set_margin(0)
        pdf.c_margin = 0
        yield pdf
    finally:
        for font in pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


@contextmanager
def bold(pdf: "FPDF", size: float, colour: tuple[int, int, int] = (0, 0, 0)) -> Iterator[None]:
    """Write bold in a size (points) and colour: the font has no bold face, so its outlines are drawn as well."""
    from fpdf import TextMode

    pdf.set_font_size(size)
    pdf.set_text_color(*colour)
    with pdf.local_context(text_mode=TextMode.FILL_STROKE, line_width=size * 0.011, draw_color=colour):
        yield
