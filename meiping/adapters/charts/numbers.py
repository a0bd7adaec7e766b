"""Numbers and colours of charts: the marks of an axis, the figures beside bars, who gets which colour."""

import math
from collections.abc import Sequence
from itertools import pairwise

from matplotlib.ticker import MaxNLocator

from meiping.adapters.charts import Chart, ChartColours, Series, Value
from meiping.kernel.money import rounded_ratio
from meiping.kernel.tabular import Kind

_SCALE = {Kind.MONEY: 100, Kind.QUANTITY: 1000, Kind.PERCENT: 100}


def drawn(chart: Chart, series: Series) -> list[float]:
    """Values in the units of the axis (yuan, units, per cent), the unknown as not-a-number."""
    scale = _SCALE.get(chart.value_kind, 1)
    return [math.nan if value is None else value / scale for value in series.values]


def known(values: Sequence[float]) -> list[float]:
    """The values with zero for the unknown, which has no bar."""
    return [0.0 if math.isnan(value) else value for value in values]


def drawn_range(chart: Chart) -> tuple[float, float]:
    """The lowest and highest value drawn, zero among them."""
    columns = [known(drawn(chart, one)) for one in chart.series]
    if chart.stacked:
        stacks = list(zip(*columns, strict=True))
        columns = [
            [sum(v for v in stack if v > 0) for stack in stacks],
            [sum(v for v in stack if v < 0) for stack in stacks],
        ]
    return min(0.0, *map(min, columns)), max(0.0, *map(max, columns))


def axis_ticks(chart: Chart, low: float, high: float, most: float) -> list[float]:
    """Round values from just below ``low`` to just above ``high``, at most about ``most`` of them."""
    whole = chart.value_kind is Kind.NUMBER
    locator = MaxNLocator(nbins=max(int(most), 1), integer=whole, steps=[1, 2, 2.5, 5, 10], min_n_ticks=1)
    ticks = [float(tick) for tick in locator.tick_values(low, high)]
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    return [tick for tick in ticks if low - step * 0.999 < tick < high + step * 0.6]


def axis_marks(chart: Chart, ticks: Sequence[float], *, small: bool) -> list[str]:
    """How an axis shows its values, all in one unit: ¥4,000, ¥120万, 35%."""
    if chart.value_kind is Kind.PERCENT:
        return [f"{tick:.10g}%" for tick in ticks]
    money = "¥" if chart.value_kind is Kind.MONEY else ""
    largest = max(map(abs, ticks))
    unit, word = _unit(largest, small=small)
    step = min((b - a for a, b in pairwise(ticks)), default=largest) / unit
    decimals = next(
        (count for count in range(4) if abs(step * 10**count - round(step * 10**count)) < 1e-6), 4
    )
    if money and word == "" and decimals:
        decimals = 2
    return [
        f"{'-' if tick < 0 else ''}{money}{abs(tick) / unit:,.{decimals}f}{word if tick else ''}"
        for tick in ticks
    ]


def _unit(largest: float, *, small: bool) -> tuple[float, str]:
    if largest >= 1e8:
        return 1e8, "亿"
    if largest >= (1e5 if small else 1e6):
        return 1e4, "万"
    return 1, ""


def figures(chart: Chart, values: Sequence[Value]) -> list[str]:
    """Values beside their bars: in full while all are below 1,000, then without fen, from a million on in 万."""
    scale = _SCALE.get(chart.value_kind, 1)
    largest = max((abs(value) for value in values if value is not None), default=0)
    exact = chart.value_kind is Kind.PERCENT or largest < 1_000 * scale
    return [
        chart.show(value) if exact or value is None else _rounded(chart, value, scale) for value in values
    ]


def _rounded(chart: Chart, value: int, scale: int) -> str:
    money = chart.value_kind is Kind.MONEY
    whole = rounded_ratio(value, scale)
    unit, word = _unit(abs(whole), small=False)
    if word:
        shown = f"{abs(whole) / unit:,.1f}".removesuffix(".0")
        return f"{'-' if whole < 0 else ''}{'¥' if money else ''}{shown}{word}"
    return chart.show(whole * scale).removesuffix(".00") if money else chart.show(value)


def told(chart: Chart, place: int) -> str:
    """The exact values of a category, for the pointer."""
    if len(chart.series) == 1:
        return f"{chart.categories[place]}\n{chart.show(chart.series[0].values[place])}"
    lines = [
        f"{one.name} {chart.show(one.values[place])}" for one in chart.series if one.values[place] is not None
    ]
    return "\n".join([chart.categories[place], *lines])


def series_colours(chart: Chart, colours: ChartColours) -> list[str]:
    """The accent for one series, accent and grey for two to compare, else a colour a kind."""
    if len(chart.series) == 1:
        return [colours.accent]
    if len(chart.series) == 2 and not chart.stacked:
        return [colours.accent, colours.grey]
    return kind_colours(colours)[: len(chart.series)]


def kind_colours(colours: ChartColours) -> list[str]:
    """As many colours as kinds can be told apart: six, and two greys."""
    return [*colours.palette, colours.muted, colours.grey]


def category_colours(chart: Chart, colours: ChartColours, colour: str) -> list[str]:
    """One colour a category: where one is highlighted, and beside 其他, the others stand back."""
    if len(chart.series) > 1:
        return [colour] * len(chart.categories)
    keys = [chart.key(place) for place in range(len(chart.categories))]
    return [colour if key and chart.highlight in (None, key) else colours.grey for key in keys]
