"""How a heat map is drawn: a field a row and column, the stronger its colour the more there is."""

from matplotlib.patches import Rectangle
from matplotlib.transforms import IdentityTransform

from meiping.adapters.charts import Chart, Value
from meiping.adapters.charts.sheet import ChartSheet, LegendEntry
from meiping.adapters.lettering import elide, printable

_FAINTEST = 0.14
"""How much of the accent the smallest value has."""


def draw_heat(sheet: ChartSheet, chart: Chart) -> None:
    """Rows are the series with their names at the left, columns the categories with theirs below."""
    unit, measure, ink = sheet.unit, sheet.measure(), sheet.colours.foreground
    most = max((value or 0 for one in chart.series for value in one.values), default=0)
    sheet.legend([LegendEntry("少", _colour(sheet, 1, most * 8)), LegendEntry("多", sheet.colours.accent)])
    names = [elide(printable(one.name), sheet.width * 0.25, measure) for one in chart.series]
    left = sheet.pad + max(map(measure, names)) + 7 * unit
    bottom = sheet.pad + sheet.line_height() + unit
    across = (sheet.width - sheet.pad - left) / len(chart.categories)
    down = max(sheet.top - 2 * unit - bottom, unit) / len(chart.series)
    gap = min(1.5 * unit, across * 0.12, down * 0.12)
    for row, one in enumerate(chart.series):
        top = bottom + down * (len(chart.series) - row)
        if down >= sheet.line_height() * 0.75 or row % 2 == 0:
            sheet.text(left - 7 * unit, top - down / 2, names[row], align="right", colour=ink)
        for column, value in enumerate(one.values):
            x = left + column * across
            size = (across - gap, down - gap)
            field = Rectangle((x, top - down + gap), *size, color=_colour(sheet, value, most), linewidth=0)
            field.set_transform(IdentityTransform())
            sheet.figure.add_artist(field)
            told = f"{one.name} {chart.categories[column]}\n{chart.show(value)}"
            sheet.region(x, top - down, x + across, top, f"{one.name}/{chart.key(column)}", told)
    _name_columns(sheet, chart, left, across)


def _name_columns(sheet: ChartSheet, chart: Chart, left: float, across: float) -> None:
    """As many of the names below as find room."""
    measure, free = sheet.measure(), 0.0
    y = sheet.pad + sheet.line_height() / 2 - sheet.unit
    for column, category in enumerate(chart.categories):
        name = printable(category)
        width, x = measure(name), left + (column + 0.5) * across
        if x - width / 2 >= free and x + width / 2 <= sheet.width:
            sheet.text(x, y, name, align="center")
            free = x + width / 2 + 4.5 * sheet.unit


def _colour(sheet: ChartSheet, value: Value, most: int) -> str:
    """The accent, mixed with the ground; the hairline's grey where there is nothing."""
    if not value or value < 0 or most <= 0:
        return sheet.colours.hairline
    strength = _FAINTEST + (1 - _FAINTEST) * value / most
    ground, accent = sheet.colours.background, sheet.colours.accent
    parts = [
        round(int(ground[at : at + 2], 16) * (1 - strength) + int(accent[at : at + 2], 16) * strength)
        for at in (1, 3, 5)
    ]
    return "#{:02x}{:02x}{:02x}".format(*parts)
