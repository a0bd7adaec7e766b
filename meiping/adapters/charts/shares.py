"""How shares and rankings are drawn: the ring with its list, and the lying bars with names."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.patches import Wedge
from matplotlib.transforms import IdentityTransform

from meiping.adapters.charts import MOST_GROUPS, Chart, Series, by_size, foldable
from meiping.adapters.charts.numbers import (
    category_colours,
    drawn,
    figures,
    kind_colours,
    known,
    series_colours,
    told,
)
from meiping.adapters.charts.sheet import ChartSheet, LegendEntry
from meiping.adapters.lettering import elide, printable
from meiping.kernel.money import share_out

_FEWEST = 5
"""So many groups find room in the lowest picture, 其他 among them."""


# ------------------------------------------------------------------ rankings
def draw_ranking(sheet: ChartSheet, chart: Chart) -> None:
    """Names, bars and figures. 其他 has a figure but no bar: it would dwarf what is ranked."""
    colours = series_colours(chart, sheet.colours)
    if len(chart.series) > 1:
        sheet.legend(
            [LegendEntry(one.name, colour) for one, colour in zip(chart.series, colours, strict=True)]
        )
    unit, measure, members = sheet.unit, sheet.measure(), len(chart.series)
    room = max(sheet.top - sheet.pad, unit)
    least = (12.5 if members == 1 else 9.0 * members + 5) * unit
    chart = foldable(chart, max(_FEWEST, int(room / least)))
    count = len(chart.categories)
    slot = min(room / count, 26 * unit * max(1, members * 0.8))
    names = [elide(printable(name), sheet.width * 0.36, measure) for name in chart.categories]
    flat = figures(chart, [value for one in chart.series for value in one.values])
    beside = [flat[member * count : (member + 1) * count] for member in range(members)]
    bars = [
        [v if chart.key(p) else 0.0 for p, v in enumerate(known(drawn(chart, one)))] for one in chart.series
    ]
    low, high = min(0.0, *map(min, bars)), max(0.0, *map(max, bars))
    widest = max(map(measure, flat)) + 6 * unit
    names_end = sheet.pad + max(map(measure, names))
    left = names_end + 7 * unit + (widest if low < 0 else 0)
    right = max(sheet.width - sheet.pad - (widest if high > 0 else 0), left + 10 * unit)
    field = sheet.axes(left, sheet.top - slot * count, right, sheet.top)
    field.set_xlim(low, high if high > low else low + 1)
    field.set_ylim(count - 0.5, -0.5)
    field.axvline(0, color=sheet.colours.grey, linewidth=0.8, zorder=3)
    thick = min(0.68, 16 * unit * members / slot) / members
    for member, column in enumerate(bars):
        places = [place + (member - (members - 1) / 2) * thick for place in range(count)]
        painted = category_colours(chart, sheet.colours, colours[member])
        field.barh(places, column, thick * (1 if members == 1 else 0.9), color=painted, linewidth=0)
        for place, value in enumerate(column):
            x, y = field.transData.transform((value, places[place]))
            away, side = (-4 * unit, "right") if value < 0 else (4 * unit, "left")
            sheet.text(x + away, y, beside[member][place], align=side)
    for place, name in enumerate(names):
        y = sheet.top - (place + 0.5) * slot
        sheet.text(names_end, y, name, align="right", colour=sheet.colours.foreground)
        sheet.region(0, y - slot / 2, sheet.width, y + slot / 2, chart.key(place), told(chart, place))


# ------------------------------------------------------------------ shares
@dataclass(frozen=True, slots=True)
class _Ring:
    """Where the ring stands."""

    x: float
    y: float
    radius: float

    @property
    def inner(self) -> float:
        """Radius of the hole."""
        return self.radius * 0.62


@dataclass(frozen=True, slots=True)
class _List:
    """Where the list of shares stands: its left edge, the middle of its first line, and its measures."""

    x: float
    y: float
    width: float
    row: float


def draw_donut(sheet: ChartSheet, chart: Chart) -> None:
    """A ring with the sum in its middle, and a list of names, shares and values beside it, or below if narrow."""
    whole = [sum(one.values[place] or 0 for one in chart.series) for place in range(len(chart.categories))]
    unit, room = sheet.unit, sheet.width - 2 * sheet.pad
    height = max(sheet.top - sheet.pad, unit)
    most = max(_FEWEST - 1, min(MOST_GROUPS, int(height / (11.5 * unit))))
    chart = foldable(by_size(replace(chart, series=[Series("", whole)])), most)
    weights = [value or 0 for value in chart.series[0].values]
    colours = kind_colours(sheet.colours)[: len(weights)]
    if weights and not chart.key(-1):
        colours[-1] = sheet.colours.grey
    if chart.highlight is not None:
        colours = category_colours(chart, sheet.colours, sheet.colours.accent)
    if room > height * 0.95:
        across, gap = min(height, room * 0.46, 260 * unit), 14 * unit
        row = min(max(height / len(weights), 11.5 * unit), 19 * unit)
        width = _list_width(sheet, chart, weights, min(room - across - gap, 230 * unit))
        left = sheet.pad + max(0.0, (room - across - gap - width) / 2)
        ring = _Ring(left + across / 2, sheet.pad + height / 2, across / 2)
        shares = _List(left + across + gap, ring.y + row * (len(weights) - 1) / 2, width, row)
    else:
        row = 13 * unit
        across = max(min(room, height - row * len(weights) - 8 * unit), 20 * unit)
        width = _list_width(sheet, chart, weights, room)
        ring = _Ring(sheet.width / 2, sheet.top - across / 2, across / 2)
        shares = _List((sheet.width - width) / 2, sheet.top - across - 8 * unit - row / 2, width, row)
    _draw_ring(sheet, chart, weights, colours, ring)
    _draw_list(sheet, chart, weights, colours, shares)


def _draw_ring(sheet: ChartSheet, chart: Chart, weights: list[int], colours: list[str], ring: _Ring) -> None:
    total, ends = sum(weights), [0.0]
    for weight, colour in zip(weights, colours, strict=True):
        ends.append(ends[-1] + 360 * weight / total)
        wedge = Wedge(
            (ring.x, ring.y), ring.radius, 90 - ends[-1], 90 - ends[-2], width=ring.radius - ring.inner
        )
        wedge.set(facecolor=colour, edgecolor=sheet.colours.background, transform=IdentityTransform())
        wedge.set_linewidth(1.2 if len(weights) > 1 else 0)
        sheet.figure.add_artist(wedge)
    sum_told, size = figures(chart, [total])[0], 15.0
    while size > 7 and sheet.measure(size)(sum_told) > ring.inner * 1.7:
        size -= 0.5
    with_word = ring.inner > 24 * sheet.unit
    lift = size * 0.55 * sheet.unit if with_word else 0
    ink = sheet.colours.foreground
    sheet.text(ring.x, ring.y - lift * 0.7, sum_told, size=size, align="center", colour=ink, bold=True)
    if with_word:
        sheet.text(ring.x, ring.y + lift * 1.7, "合计", align="center")
    _cover_ring(sheet, chart, ends[1:], ring)


def _cover_ring(sheet: ChartSheet, chart: Chart, ends: list[float], ring: _Ring) -> None:
    """Make the ring clickable: flat rectangles, each within one share. ``ends`` are degrees from the top."""
    step = max(3.0, ring.radius / 24)
    count = math.ceil(2 * ring.radius / step)

    def share_at(column: int, row: int) -> int | None:
        x, y = (column + 0.5) * step - ring.radius, (row + 0.5) * step - ring.radius
        if column == count or not ring.inner <= math.hypot(x, y) <= ring.radius:
            return None
        angle = math.degrees(math.atan2(x, y)) % 360
        return next((place for place, end in enumerate(ends) if angle <= end), len(ends) - 1)

    for row in range(count):
        begin, y = 0, ring.y - ring.radius + row * step
        for column in range(1, count + 1):
            place = share_at(begin, row)
            if share_at(column, row) == place:
                continue
            if place is not None:
                left = ring.x - ring.radius
                told_here = told(chart, place)
                sheet.region(
                    left + begin * step, y, left + column * step, y + step, chart.key(place), told_here
                )
            begin = column


def _list_parts(sheet: ChartSheet, chart: Chart, weights: Sequence[int]) -> tuple[float, float, float]:
    """Widths of the names with their colour, of the shares and of the values."""
    measure = sheet.measure()
    names = max(measure(printable(name)) for name in chart.categories)
    values = max(map(measure, figures(chart, weights)))
    return 14 * sheet.unit + names + 16 * sheet.unit, measure("100.0%"), values + 14 * sheet.unit


def _list_width(sheet: ChartSheet, chart: Chart, weights: Sequence[int], room: float) -> float:
    """As wide as it needs to be: with the values if there is room for them."""
    names, shares, values = _list_parts(sheet, chart, weights)
    return next((width for width in (names + shares + values, names + shares) if width <= room), room)


def _draw_list(sheet: ChartSheet, chart: Chart, weights: list[int], colours: list[str], where: _List) -> None:
    """Colour, name, share and, where there is room, value of each, largest first."""
    measure, swatch, ink = sheet.measure(), 14 * sheet.unit, sheet.colours.foreground
    names, share_width, value_width = _list_parts(sheet, chart, weights)
    with_values = names + share_width + value_width <= where.width + 1
    share_end = where.x + where.width - (value_width if with_values else 0)
    room = share_end - share_width - 6 * sheet.unit - where.x - swatch
    values = figures(chart, weights)
    for place, tenths in enumerate(share_out(1000, weights)):
        y = where.y - place * where.row
        sheet.swatch(where.x, y, 8 * sheet.unit, colours[place])
        sheet.text(where.x + swatch, y, elide(printable(chart.categories[place]), room, measure), colour=ink)
        sheet.text(share_end, y, f"{tenths / 10:.1f}%", align="right", colour=ink)
        if with_values:
            sheet.text(where.x + where.width, y, values[place], align="right")
        top, bottom = y + where.row / 2, y - where.row / 2
        sheet.region(where.x, bottom, where.x + where.width, top, chart.key(place), told(chart, place))
