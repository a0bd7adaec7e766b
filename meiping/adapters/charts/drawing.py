"""How bars and lines are drawn, and who draws the rest; loaded with the first chart."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from matplotlib.axes import Axes

from meiping.adapters.charts import Chart, ChartColours, ChartKind, RenderedChart, by_size, few_series
from meiping.adapters.charts.heat import draw_heat
from meiping.adapters.charts.numbers import (
    axis_marks,
    axis_ticks,
    category_colours,
    drawn,
    drawn_range,
    figures,
    known,
    series_colours,
    told,
)
from meiping.adapters.charts.shares import draw_donut, draw_ranking
from meiping.adapters.charts.sheet import ChartSheet, LegendEntry
from meiping.adapters.lettering import elide, printable

_IN_ORDER = re.compile(r"[\d年月日周时点:/.\-~ ]+|[星期周一二三四五六日天]+")
"""Labels in a row that explains itself, of which some may be left out: dates, hours, weekdays."""


def draw(chart: Chart, width: int, height: int, colours: ChartColours, dpi: float) -> RenderedChart:
    """Draw the chart into a new picture."""
    sheet = ChartSheet(width, height, colours, dpi)
    if chart.kind is not ChartKind.HEAT:
        chart = few_series(chart)
    if chart.kind is ChartKind.DONUT and any(
        (value or 0) < 0 for one in chart.series for value in one.values
    ):
        chart = replace(by_size(chart), kind=ChartKind.HBAR)  # a share of a whole can't be negative
    sheet.title(chart.title)
    if chart.empty():
        sheet.nothing()
    else:
        {
            ChartKind.BAR: _draw_bars,
            ChartKind.LINE: _draw_lines,
            ChartKind.DONUT: draw_donut,
            ChartKind.HBAR: draw_ranking,
            ChartKind.HEAT: draw_heat,
        }[chart.kind](sheet, chart)
    return RenderedChart(sheet.picture(), tuple(sheet.regions))


def _legend(sheet: ChartSheet, chart: Chart, *, line: bool = False) -> None:
    if len(chart.series) > 1:
        colours = series_colours(chart, sheet.colours)
        sheet.legend([LegendEntry(one.name, c, line) for one, c in zip(chart.series, colours, strict=True)])


# ------------------------------------------------------------------ the field of bars and lines
def _field(sheet: ChartSheet, chart: Chart, headroom: float) -> tuple[Axes, float]:
    """Hairlines, the axis of values at the left, names below, every category clickable.

    Gives the field to draw in and the width of a category in pixels.
    """
    unit, measure = sheet.unit, sheet.measure()
    bottom = sheet.pad + sheet.line_height() + unit
    top = max(sheet.top - 2 * unit, bottom + unit)
    low, high = drawn_range(chart)
    ticks = axis_ticks(chart, low, high, min((top - bottom) / (26 * unit), 6))
    marks = axis_marks(chart, ticks, small=sheet.small)
    left = sheet.pad + max(map(measure, marks)) + 6 * unit
    right = max(sheet.width - sheet.pad, left + unit)
    field = sheet.axes(left, bottom, right, top)
    low, high = min(low, ticks[0]), max(high, ticks[-1])
    air = (high - low) * 0.02
    field.set_ylim(low - (air if low < 0 else 0), high + air + (high - low) * headroom / max(top - bottom, 1))
    field.set_xlim(-0.5, len(chart.categories) - 0.5)
    for tick, mark in zip(ticks, marks, strict=True):
        y = field.transData.transform((0, tick))[1]
        sheet.hairline(left, right, y, strong=tick == 0)
        sheet.text(left - 6 * unit, y, mark, align="right")
    slot = (right - left) / len(chart.categories)
    _name_categories(sheet, chart, left, slot)
    for place in range(len(chart.categories)):
        x = left + place * slot
        sheet.region(x, 0, x + slot, top, chart.key(place), told(chart, place))
    return field, slot


def _name_categories(sheet: ChartSheet, chart: Chart, left: float, slot: float) -> None:
    """Names below the axis: all if they fit, else shortened, else every second, third ..."""
    measure, gap = sheet.measure(), 4.5 * sheet.unit
    names = [printable(name) for name in chart.categories]
    step = 1
    if _widest(sheet, names) + gap > slot:
        in_order = all(_IN_ORDER.fullmatch(name) for name in names)
        if not in_order and slot - gap >= measure("某某…"):
            names = [elide(name, slot - gap, measure) for name in names]
        else:
            step = math.ceil((min(_widest(sheet, names), 90 * sheet.unit) + gap) / slot)
    y, free = sheet.pad + sheet.line_height() / 2 - sheet.unit, 0.0
    for place in range(0, len(names), step):
        name = elide(names[place], 90 * sheet.unit, measure) if step > 1 else names[place]
        width = measure(name)
        x = left + (place + 0.5) * slot
        x = min(max(x, width / 2), sheet.width - 2 * sheet.unit - width / 2)
        if x - width / 2 >= free:
            sheet.text(x, y, name, align="center")
            free = x + width / 2 + gap / 2


def _widest(sheet: ChartSheet, names: Sequence[str]) -> float:
    """Width of the widest; measuring a thousand names would take longer than drawing them."""
    longest = sorted(set(names), key=len)[-20:]
    return max(map(sheet.measure(), longest))


# ------------------------------------------------------------------ bars
def _draw_bars(sheet: ChartSheet, chart: Chart) -> None:
    crowded = (sheet.width - 2 * sheet.pad) / len(chart.categories) < 3
    if crowded and len(chart.series) > 1 and not chart.stacked:
        _draw_lines(sheet, chart)
        return
    _legend(sheet, chart)
    labels = _bar_labels(sheet, chart)
    field, slot = _field(sheet, chart, sheet.line_height() if labels else 0)
    colours = series_colours(chart, sheet.colours)
    count = len(chart.categories)
    members = 1 if chart.stacked else len(chart.series)
    width = min(0.62 if members == 1 else 0.76, 44 * sheet.unit * members / slot) / members
    above, below = [0.0] * count, [0.0] * count
    for member, one in enumerate(chart.series):
        values = known(drawn(chart, one))
        base = [(below if value < 0 else above)[place] for place, value in enumerate(values)]
        if crowded:
            ends = [start + value for start, value in zip(base, values, strict=True)]
            field.fill_between(range(count), base, ends, step="mid", color=colours[member], linewidth=0)
        else:
            shift = (member - (members - 1) / 2) * width if members > 1 else 0.0
            painted = category_colours(chart, sheet.colours, colours[member])
            places = [place + shift for place in range(count)]
            field.bar(places, values, width * (0.92 if members > 1 else 1), base, color=painted, linewidth=0)
        if chart.stacked:
            above = [start + max(value, 0.0) for start, value in zip(above, values, strict=True)]
            below = [start + min(value, 0.0) for start, value in zip(below, values, strict=True)]
    for place, label in enumerate(labels):
        x, y = field.transData.transform((place, drawn(chart, chart.series[0])[place]))
        sheet.text(x, y + sheet.line_height() / 2, label, align="center", colour=sheet.colours.foreground)


def _bar_labels(sheet: ChartSheet, chart: Chart) -> list[str]:
    """The values to write above the bars, if there are so few bars that they fit."""
    values = chart.series[0].values
    if len(chart.series) > 1 or len(values) > 12 or any((value or 0) < 0 for value in values):
        return []
    labels = figures(chart, [value or 0 for value in values])
    room = (sheet.width - 2 * sheet.pad) * 0.82 / len(labels)
    return labels if max(map(sheet.measure(), labels)) + 5 * sheet.unit < room else []


# ------------------------------------------------------------------ lines
def _draw_lines(sheet: ChartSheet, chart: Chart) -> None:
    chart = replace(chart, stacked=False)
    _legend(sheet, chart, line=True)
    field, slot = _field(sheet, chart, 3 * sheet.unit)
    colours = series_colours(chart, sheet.colours)
    places = range(len(chart.categories))
    dots = slot > 9 * sheet.unit
    for member in reversed(range(len(chart.series))):
        values = drawn(chart, chart.series[member])
        behind = len(chart.series) == 2 and member == 1
        marked = list(places) if dots and not behind else _alone(values)
        field.plot(
            places,
            values,
            color=colours[member],
            linewidth=1.6 if behind else 2,
            linestyle="--" if behind else "-",
            solid_capstyle="round",
            solid_joinstyle="round",
            marker="o" if marked else "",
            markevery=marked,
            markersize=4,
            clip_on=False,
            zorder=4 - member * 0.1,
        )
        if member == 0 and len(chart.series) <= 2 and min(known(values)) >= 0:
            field.fill_between(places, values, color=colours[member], alpha=0.08, linewidth=0)
        for place in places:
            if chart.highlight is not None and chart.key(place) == chart.highlight:
                field.plot(
                    [place],
                    [values[place]],
                    "o",
                    color=colours[member],
                    markersize=8,
                    clip_on=False,
                    zorder=5,
                )


def _alone(values: Sequence[float]) -> list[int]:
    """Places of values without neighbours, which a line alone would not show."""
    gaps = [True, *map(math.isnan, values), True]
    return [place for place in range(len(values)) if gaps[place] and not gaps[place + 1] and gaps[place + 2]]
