"""Reads PDF files back the way a viewer does."""

from pathlib import Path
from typing import Any

import pypdfium2


def page_texts(path: Path) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def page_sizes_mm(path: Path) -> list[tuple[int, int]]:
    """Width and height of each page, in whole millimetres."""
    with pypdfium2.PdfDocument(path) as document:
        return [
            (round(w / 72 * 25.4), round(h / 72 * 25.4)) for w, h in (page.get_size() for page in document)
        ]


def text_box_mm(path: Path, text: str, page: int = 0) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of the text's first place on a page, in millimetres."""
    with pypdfium2.PdfDocument(path) as document:
        found: Any = document[page].get_textpage()
        place = found.search(text, match_case=True).get_next()
        assert place is not None, f"{text} is not on the page"
        boxes = [found.get_charbox(place[0] + number) for number in range(place[1])]
    left, bottom, right, top = zip(*boxes, strict=True)
    mm = 25.4 / 72
    return min(left) * mm, min(bottom) * mm, max(right) * mm, max(top) * mm
