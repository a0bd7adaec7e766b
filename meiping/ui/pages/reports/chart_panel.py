"""A chart on a card: drawn in a worker in the colours of the theme; says what belongs there while it is empty."""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.adapters.charts import DARK, LIGHT, Chart, RenderedChart, picture, render, save_png
from meiping.adapters.pictures import to_clipboard
from meiping.domains.audit.rules import EXPORT
from meiping.domains.audit.service import record_export
from meiping.ui.context import Context
from meiping.ui.list_output import plain_name, print_chart
from meiping.ui.theme import palette, px
from meiping.ui.widgets import privacy
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.chart_view import ChartView, Render
from meiping.ui.widgets.dialogs import choose_save_file
from meiping.ui.widgets.menus import MenuEntry

CHART_KEYS = ("Tab，再按 ← → ↑ ↓", "在图上选一块；Enter 打开它，Shift+F10 保存、复制、打印图片")
"""What the help of a page with charts says of their keys."""
_POINTS = 10
"""The body font's size for which charts are drawn at the screen's own resolution."""


class ChartPanel(ttk.Frame):
    """Shows a chart, or words and a button where there is nothing to draw.

    ``on_pick`` hears the key of the part clicked. What is drawn of costs and profits is covered while those are hidden;
    ``chart`` gives it all the same, for exports.
    """

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        *,
        on_pick: Callable[[str], object] | None = None,
        width: int = 320,
        height: int = 220,
    ) -> None:
        super().__init__(parent, bootstyle="bordered", padding=(px(parent, 10), px(parent, 8)))
        self._context = context
        self.view = ChartView(
            self,
            background=self._in_worker,
            on_pick=on_pick,
            offered=self._offered,
            width=px(parent, width),
            height=px(parent, height),
        )
        self._blank = ttk.Frame(self, height=px(parent, height), width=px(parent, width))
        self._blank.pack_propagate(False)
        self._blank_title = ttk.Label(self._blank, font="MpBold")
        self._blank_title.pack(anchor="w", padx=px(parent, 6), pady=px(parent, 4))
        middle = ttk.Frame(self._blank)
        middle.pack(fill="x", expand=True)
        self._words = ttk.Label(middle, style="Muted.TLabel", justify="center", anchor="center")
        self._words.pack(fill="x", padx=px(parent, 16))
        wrap_to_width(self._words)
        self._button = ttk.Button(middle, bootstyle="primary outline")
        self._shown: Chart | None = None
        self._covered: Chart | None = None

    def show(self, chart: Chart) -> None:
        """Draw a chart; the same one again costs nothing."""
        if privacy.covers(chart.title, *(one.name for one in chart.series)):
            self.show_empty(chart.title, "成本和利润已遮住，按 Ctrl+Shift+M 显示。")
            self._covered = chart
            return
        self._covered = None
        self._blank.pack_forget()
        self.view.pack(fill="both", expand=True)
        if chart != self._shown:
            self._shown = chart
            self.view.draw(partial(self._renderer, chart))

    def show_empty(
        self, title: str, words: str, action: tuple[str, Callable[[], object]] | None = None
    ) -> None:
        """Nothing to draw yet: what will appear here, and the button that makes it."""
        self._shown = self._covered = None
        self.view.pack_forget()
        self._blank_title.configure(text=title)
        self._words.configure(text=words)
        self._button.pack_forget()
        if action is not None:
            self._button.configure(text=action[0], command=action[1])
            self._button.pack(pady=(px(self, 12), 0))
        self._blank.pack(fill="both", expand=True)

    def set_height(self, pixels: int) -> None:
        """Take another height; the chart is drawn anew for it."""
        for part in (self.view, self._blank):
            part.configure(height=pixels)

    def chart(self) -> Chart | None:
        """What is drawn, if anything is, or would be."""
        return self._shown or self._covered

    def _offered(self) -> list[MenuEntry]:
        """What a right click offers to those who may take something out."""
        if not self._context.actor.can(EXPORT):
            return []
        return [("保存图片……", self.save), ("复制图片", self.copy), ("打印…", self.print)]

    def save(self) -> None:
        """Ask where to, and write the chart there, light and sharp."""
        name = plain_name(self._shown.title) if self._shown is not None else ""
        path = choose_save_file(self, "保存图片", [("PNG 图片", "*.png")], f"{name}.png")
        if path is not None and (chart := self._leaving()) is not None:
            self._context.background(
                lambda _progress: save_png(path, chart),
                title="保存图片",
                success=f"图片已保存到“{path.name}”。",
                quiet=True,
            )

    def copy(self) -> None:
        """Put the chart, light and sharp, into the clipboard."""
        if (chart := self._leaving()) is not None:
            self._context.background(
                lambda _progress: to_clipboard(picture(chart)),
                title="复制图片",
                success="图片已复制，可以粘贴到文档或聊天里。",
                failed=self._failed,
                quiet=True,
            )

    def print(self) -> None:
        """Lay the chart out on paper and show it in the system's own viewer, which prints it."""
        if (chart := self._leaving()) is not None:
            print_chart(self._context, chart)

    def _leaving(self) -> Chart | None:
        """The chart, once it is written down that it leaves the program."""
        chart = self._shown
        if chart is None or not self._context.run(
            record_export, what=f"图表：{chart.title}", rows=len(chart.categories)
        ):
            return None
        return chart

    def _failed(self, error: Exception) -> None:
        self._context.toast(
            getattr(error, "sentence", "图片没有复制成功，请用“保存图片”存成文件。"), kind="warning"
        )

    def _renderer(self, chart: Chart) -> Render:
        """Reads the theme on the window's thread; what it gives draws on another."""
        colours = DARK if palette(self).mode == "dark" else LIGHT
        points = int(ttk.nametofont("MpBody", root=self).cget("size"))
        dpi = px(self, 96) * abs(points) / _POINTS
        return lambda width, height: render(chart, width, height, colours, dpi)

    def _in_worker(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        def drawing(_progress: object) -> RenderedChart:
            found: RenderedChart = work()
            return found

        self._context.background(drawing, title="画图", done=done, quiet=True)
