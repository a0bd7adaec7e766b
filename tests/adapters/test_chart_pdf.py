"""A chart on paper is one page across, whatever is in it."""

from datetime import datetime
from pathlib import Path

import pytest

from meiping.adapters.chart_pdf import chart_pdf
from meiping.adapters.charts import Chart, ChartKind, Series
from meiping.adapters.pdf import page_count, page_image

NOW = datetime(2026, 3, 16, 9).astimezone()
HEAD = {"shop": "小巷杂货店", "company": "小巷杂货店", "operator": "王老板"}


@pytest.mark.parametrize("values", [[], [5], [3, -4, 9], list(range(1000))])
def test_it_is_one_page_across(tmp_path: Path, values: list[int]) -> None:
    names = [f"第{number}组" for number in range(len(values))]
    path = tmp_path / "图.pdf"
    chart_pdf(path, Chart(ChartKind.BAR, "卖了多少？", names, [Series("数", values)]), head=HEAD, now=NOW)
    assert page_count(path) == 1
    page = page_image(path, dpi=40)
    assert page.width > page.height
    assert len(page.convert("L").getcolors() or []) > 1
