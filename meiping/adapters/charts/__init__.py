"""Charts: said as data, drawn as pictures off the screen, with the places one can click."""

import io
import logging
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from meiping.adapters.files import write_file
from meiping.kernel.tabular import Column, Kind

if TYPE_CHECKING:
    from PIL.Image import Image

Value = int | None
OTHERS = "其他"
MOST_GROUPS = 8
"""As many kinds as can be told apart; the smaller ones beyond are drawn together as 其他."""

_log = logging.getLogger(__name__)
_drawing = threading.Lock()
_ready = False


class ChartKind(StrEnum):
    """The form that answers the question."""

    BAR = "bar"
    """Amounts over time or over a few groups: upright bars."""
    LINE = "line"
    """The course of something, against another year or another person."""
    DONUT = "donut"
    """Shares of a whole."""
    HBAR = "hbar"
    """A ranking: lying bars with names."""
    HEAT = "heat"
    """When there is how much: a row a series, a column a category. A click gives ``series/key``."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one thing, one a category, None where nothing is known. ``name`` shows in the legend."""

    name: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Chart:
    """What to draw. ``title`` is the question the picture answers.

    Values are those of ``value_kind`` in the kernel's units: fen, thousandths, basis points, counts. ``keys``
    names the categories for a click, else the category itself is the key. ``highlight`` is the key that keeps
    the accent while the others turn grey. ``stacked`` puts the series of a BAR upon each other.
    """

    kind: ChartKind
    title: str
    categories: Sequence[str]
    series: Sequence[Series]
    value_kind: Kind = Kind.NUMBER
    keys: Sequence[str] = ()
    highlight: str | None = None
    stacked: bool = False

    def __post_init__(self) -> None:
        lengths = {len(one.values) for one in self.series} | ({len(self.keys)} if self.keys else set())
        if lengths - {len(self.categories)}:
            raise ValueError("every series and the keys need one entry a category")

    def key(self, place: int) -> str:
        """What a click on a category gives; empty for 其他."""
        return self.keys[place] if self.keys else self.categories[place]

    def show(self, value: Value) -> str:
        """A value in full, as lists show it."""
        return Column("", "", self.value_kind).show(value)

    def empty(self) -> bool:
        """Whether there is nothing to draw: no value, or nothing but zeros."""
        return not any(value for one in self.series for value in one.values)


_FIRST = Chart(ChartKind.BAR, "图", ("一", "二"), (Series("数", (1, 2)),))
"""Has all that a usual chart has, and is seen by nobody."""


@dataclass(frozen=True, slots=True)
class ChartColours:
    """Colours as ``#rrggbb``; ``palette`` tells six kinds apart."""

    background: str
    foreground: str
    muted: str
    hairline: str
    accent: str
    palette: tuple[str, str, str, str, str, str]
    grey: str
    """Bars and lines that stand back: the other year, the ones not highlighted, 其他."""


LIGHT = ChartColours(
    background="#ffffff",
    foreground="#1f2937",
    muted="#64748b",
    hairline="#e5e9f0",
    accent="#2f63c4",
    palette=("#2f63c4", "#22a06b", "#f0a020", "#8b5cf6", "#e5686d", "#1b9cc4"),
    grey="#a9b4c4",
)
DARK = ChartColours(
    background="#1b212b",
    foreground="#e5e9f0",
    muted="#9aa6b8",
    hairline="#313945",
    accent="#6a9bf8",
    palette=("#6a9bf8", "#4ec08d", "#f3b852", "#a78bfa", "#f0757a", "#45b8d8"),
    grey="#6d7b90",
)


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of the picture that stands for a category, in pixels from the top left.

    ``key`` is what was picked, ``text`` tells the exact values, a line each. A category may have several.
    """

    x0: int
    y0: int
    x1: int
    y1: int
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class RenderedChart:
    """The picture, and where its categories are. 其他 can't be picked and has no region."""

    image: "Image"
    regions: tuple[Region, ...]

    def region_at(self, x: int, y: int) -> Region | None:
        """The region under a point, if any."""
        return next((r for r in self.regions if r.x0 <= x < r.x1 and r.y0 <= y < r.y1), None)


def prepare(cache_dir: Path | None = None) -> None:
    """Load the drawing library and its font and draw a first small chart, which takes a second: best done in a worker.

    The first one takes three times as long as the next. ``cache_dir`` is where the library keeps its list of fonts.
    Nothing is left to do once charts have been drawn.
    """
    with _drawing:
        if _ready:
            return
        _set_up(cache_dir)
        from meiping.adapters.charts.drawing import draw

        draw(_FIRST, 60, 40, LIGHT, 96)


def render(
    chart: Chart, width_px: int, height_px: int, colours: ChartColours, dpi: float = 96
) -> RenderedChart:
    """Draw a chart of exactly this size, but at least 40 x 40. May be called from any thread.

    ``dpi`` sets the size of the letters. A second chart waits for the first.
    """
    with _drawing:
        _set_up(None)
        from meiping.adapters.charts.drawing import draw

        return draw(chart, max(width_px, 40), max(height_px, 40), colours, dpi)


def picture(
    chart: Chart,
    *,
    colours: ChartColours = LIGHT,
    width_px: int = 1600,
    height_px: int = 900,
    dpi: float = 180,
) -> bytes:
    """A chart as a PNG for documents and messages, sharper than on screen. May be called from any thread."""
    stream = io.BytesIO()
    image = render(chart, width_px, height_px, colours, dpi).image
    image.save(stream, "PNG", dpi=(dpi, dpi))
    return stream.getvalue()


def save_png(path: Path, chart: Chart, *, colours: ChartColours = LIGHT) -> None:
    """Write a chart's ``picture``. Raises CannotWrite."""
    drawn = picture(chart, colours=colours)
    write_file(path, lambda stream: stream.write(drawn))


def _set_up(cache_dir: Path | None) -> None:
    """Once a process: the library's folder, the font, and its habit of reading $ as mathematics."""
    global _ready  # noqa: PLW0603 (a process has one matplotlib)
    if _ready:
        return
    if cache_dir is not None:
        cache_dir.mkdir(parents=True, exist_ok=True)
        os.environ["MPLCONFIGDIR"] = str(cache_dir)
    import matplotlib as mpl
    from matplotlib import font_manager

    from meiping.adapters.fonts import sans_path
    from meiping.adapters.lettering import FAMILY

    font_manager.fontManager.addfont(sans_path())
    mpl.rcParams["font.family"] = [FAMILY]
    mpl.rcParams["text.parse_math"] = False
    _log.debug("charts are ready")
    _ready = True


# ------------------------------------------------------------------ making data readable
def foldable(chart: Chart, most: int) -> Chart:
    """The chart with its smaller categories summed up as 其他, so that ``most`` are left; their order stays."""
    if len(chart.categories) <= most:
        return chart
    kept = _largest(len(chart.categories), most - 1, lambda place: _weight(chart, place))
    rest = [place for place in range(len(chart.categories)) if place not in set(kept)]
    return replace(
        chart,
        categories=[*(chart.categories[place] for place in kept), OTHERS],
        keys=[*(chart.key(place) for place in kept), ""],
        series=[
            Series(one.name, [*(one.values[p] for p in kept), sum(one.values[p] or 0 for p in rest)])
            for one in chart.series
        ],
    )


def few_series(chart: Chart) -> Chart:
    """The chart with its smaller series summed up as 其他, so that colours tell them apart."""
    if len(chart.series) <= MOST_GROUPS:
        return chart
    sums = [sum(abs(value or 0) for value in one.values) for one in chart.series]
    kept = _largest(len(sums), MOST_GROUPS - 1, sums.__getitem__)
    rest = [one.values for place, one in enumerate(chart.series) if place not in kept]
    others = [sum(value or 0 for value in values) for values in zip(*rest, strict=True)]
    return replace(chart, series=[*(chart.series[place] for place in kept), Series(OTHERS, others)])


def by_size(chart: Chart) -> Chart:
    """The chart with its largest category first, and those of zero left out."""
    sums = [sum(one.values[place] or 0 for one in chart.series) for place in range(len(chart.categories))]
    order = sorted(
        (place for place in range(len(sums)) if _weight(chart, place)), key=lambda place: -sums[place]
    )
    return replace(
        chart,
        categories=[chart.categories[place] for place in order],
        keys=[chart.key(place) for place in order],
        series=[Series(one.name, [one.values[place] for place in order]) for one in chart.series],
    )


def _weight(chart: Chart, place: int) -> int:
    return sum(abs(one.values[place] or 0) for one in chart.series)


def _largest(count: int, most: int, weight: Callable[[int], int]) -> list[int]:
    """Places of the largest, in their own order."""
    return sorted(sorted(range(count), key=lambda place: -weight(place))[:most])
