"""A chart on paper: one A4 page across, with the shop's head."""

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from meiping.adapters.charts import Chart, picture
from meiping.adapters.files import write_file
from meiping.adapters.lettering import elide, new_document, printable

_WIDTH, _HEIGHT = 297.0, 210.0
_MARGIN = 14.0
_PIXELS_A_MM = 8
_GREY = (100, 116, 139)
_LABELS = {"company": "公司", "operator": "操作员"}


def chart_pdf(path: Path, chart: Chart, *, head: Mapping[str, str], now: datetime) -> None:
    """Write the page: ``head`` holds ``shop``, ``company``, ``operator``; empty ones are left out.

    ``now`` is the time of printing. Raises CannotWrite.
    """
    top, foot = _MARGIN + 14, _HEIGHT - _MARGIN - 8
    across, down = _WIDTH - 2 * _MARGIN, foot - top
    png = picture(chart, width_px=round(across * _PIXELS_A_MM), height_px=round(down * _PIXELS_A_MM), dpi=220)
    told = "　　".join(f"{word}：{head[key]}" for key, word in _LABELS.items() if head.get(key))
    with new_document(printable(chart.title)) as pdf:
        pdf.add_page(orientation="L")
        for y, text, align in (
            (_MARGIN, head.get("shop", ""), "L"),
            (_MARGIN + 6, told, "L"),
            (foot + 3, f"打印时间 {now.astimezone():%Y-%m-%d %H:%M}", "R"),
        ):
            pdf.set_text_color(*_GREY)
            pdf.set_xy(_MARGIN, y)
            pdf.cell(across, 4.5, elide(printable(text), across, pdf.get_string_width), align=align)
        pdf.image(io.BytesIO(png), x=_MARGIN, y=top, w=across, h=down)
        content = bytes(pdf.output())
    write_file(path, lambda stream: stream.write(content))
