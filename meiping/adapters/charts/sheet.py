"""The empty picture a chart is drawn on: its title, legend, letters, fields and clickable places."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.transforms import IdentityTransform
from PIL import Image

from meiping.adapters.charts import ChartColours, Region
from meiping.adapters.lettering import FAMILY, elide, printable, wrap


@cache
def _font(size: float) -> FontProperties:
    return FontProperties(family=FAMILY, size=size)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A series' name and colour, shown with a box or a line."""

    name: str
    colour: str
    line: bool = False


class ChartSheet:
    """A picture being drawn. All measures are pixels; y counts from the bottom, as the library does."""

    def __init__(self, width: int, height: int, colours: ChartColours, dpi: float) -> None:
        self.width, self.height, self.colours = width, height, colours
        size = ((width + 1e-6) / dpi, (height + 1e-6) / dpi)
        self.figure = Figure(figsize=size, dpi=dpi, facecolor=colours.background)
        self._canvas = FigureCanvasAgg(self.figure)
        self.regions: list[Region] = []
        self.unit = dpi / 72
        """Pixels of a point."""
        self.small = width < 260 * self.unit or height < 130 * self.unit
        self.letter = 8.0 if self.small else 8.5
        self.pad = (6 if self.small else 9) * self.unit
        self.top = height - self.pad
        """Everything above is taken."""
        self._title_end = self._title_middle = 0.0

    def picture(self) -> Image.Image:
        """The finished picture."""
        self._canvas.draw()  # type: ignore[no-untyped-call]
        pixels = bytes(self._canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        return Image.frombytes("RGBA", (self.width, self.height), pixels).convert("RGB")

    def measure(self, size: float | None = None) -> Callable[[str], float]:
        """Gives widths of texts."""
        font, renderer = _font(size or self.letter), self._canvas.get_renderer()  # type: ignore[no-untyped-call]
        return lambda text: float(renderer.get_text_width_height_descent(text, font, False)[0])

    def line_height(self, size: float | None = None) -> float:
        """From one line of text to the next."""
        return (size or self.letter) * 1.5 * self.unit

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float | None = None,
        colour: str | None = None,
        align: str = "left",
        bold: bool = False,
    ) -> None:
        """Write one line whose middle is at height ``y``; muted unless a colour is given."""
        colour = colour or self.colours.muted
        size = size or self.letter
        font = _font(size)
        place: dict[str, Any] = {"transform": IdentityTransform(), "ha": align, "va": "center_baseline"}
        written = self.figure.text(x, y, text, color=colour, fontproperties=font, **place)
        if bold:
            written.set_path_effects([withStroke(linewidth=size * 0.045, foreground=colour)])

    def title(self, title: str) -> None:
        """The question, in at most two lines."""
        size = 10.0 if self.small else 11.0
        measure, room = self.measure(size), self.width - 2 * self.pad
        lines = wrap(printable(title), room, measure) if title else []
        if len(lines) > 2:
            lines = [lines[0], elide("".join(lines[1:]), room, measure)]
        for line in lines:
            self._title_middle = self.top - self.line_height(size) / 2
            self._title_end = self.pad + measure(line)
            self.text(
                self.pad, self._title_middle, line, size=size, colour=self.colours.foreground, bold=True
            )
            self.top -= self.line_height(size)
        if lines:
            self.top -= 4 * self.unit

    def nothing(self) -> None:
        """In place of a chart without data."""
        self.text(self.width / 2, self.top / 2, "暂无数据", size=10, align="center")

    def legend(self, entries: Sequence[LegendEntry]) -> None:
        """Names with their colours: at the right of the title if they fit, else in rows below it."""
        measure, mark, gap = self.measure(), 16 * self.unit, 12 * self.unit
        room = self.width - 2 * self.pad
        names = [elide(printable(entry.name), max(room * 0.4, 40 * self.unit), measure) for entry in entries]
        widths = [mark + measure(name) for name in names]
        if sum(widths) + gap * len(widths) < room - self._title_end:
            rows, middle = [list(range(len(names)))], self._title_middle
            left = self.width - self.pad - sum(widths) - gap * (len(widths) - 1)
        else:
            left = self.pad
            rows, middle = _rows(widths, gap, room), self.top - self.line_height() / 2
            self.top -= len(rows) * self.line_height() + 2 * self.unit
        for row in rows:
            x = left
            for place in row:
                self.swatch(x, middle, 12 * self.unit, entries[place].colour, line=entries[place].line)
                self.text(x + mark, middle, names[place], colour=self.colours.foreground)
                x += widths[place] + gap
            middle -= self.line_height()

    def swatch(self, x: float, y: float, width: float, colour: str, *, line: bool = False) -> None:
        """A sample of a colour."""
        height = (1.6 if line else 6.5) * self.unit
        box = Rectangle((x, y - height / 2), width, height, color=colour, linewidth=0)
        box.set_transform(IdentityTransform())
        self.figure.add_artist(box)

    def hairline(self, x0: float, x1: float, y: float, *, strong: bool = False) -> None:
        """A line across the field behind the data; ``strong`` is the line of zero, before it."""
        colour = self.colours.grey if strong else self.colours.hairline
        line = Line2D([x0, x1], [y, y], color=colour, linewidth=0.8, transform=IdentityTransform())
        line.set_zorder(3 if strong else -1)
        self.figure.add_artist(line)

    def axes(self, left: float, bottom: float, right: float, top: float) -> Axes:
        """A bare field to draw in."""
        box = (
            left / self.width,
            bottom / self.height,
            (right - left) / self.width,
            (top - bottom) / self.height,
        )
        field = self.figure.add_axes(box, facecolor="none")
        field.set_xticks([])
        field.set_yticks([])
        field.spines[:].set_visible(False)
        return field

    def region(self, x0: float, y0: float, x1: float, y1: float, key: str, text: str) -> None:
        """Make a rectangle clickable, unless it has no key; y as everywhere here, from the bottom."""
        if key:
            top, bottom = math.floor(self.height - y1), math.ceil(self.height - y0)
            self.regions.append(Region(math.floor(x0), top, math.ceil(x1), bottom, key, text))


def _rows(widths: Sequence[float], gap: float, room: float) -> list[list[int]]:
    """Entries by row, as many as fit into each."""
    rows: list[list[int]] = [[]]
    for place, width in enumerate(widths):
        used = sum(widths[earlier] + gap for earlier in rows[-1])
        if rows[-1] and used + width > room:
            rows.append([])
        rows[-1].append(place)
    return rows
