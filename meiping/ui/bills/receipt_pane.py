"""The receipt as it would come out of the printer, beside the lines; the scan field keeps the keys."""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import ttkbootstrap as ttk

from meiping.ui.bills.receipts import (
    Receipt,
    Width,
    draw_receipt,
    fetch_receipt,
    print_receipt,
    save_receipt,
)
from meiping.ui.context import Context
from meiping.ui.theme import palette, px
from meiping.ui.widgets.auto_bar import AutoBar
from meiping.ui.widgets.cut_text import CutLabel

if TYPE_CHECKING:
    from PIL.Image import Image

_EDGE = 14
_WIDEST_PX = 380
_PAUSE_MS = 300
"""Drawing waits for a pause in the hands: it would slow down a clerk who scans the next bill at once."""


class ReceiptPane(ttk.Frame):
    """Shows one receipt; ``on_close`` is called by its button."""

    def __init__(self, parent: tk.Misc, context: Context, *, on_close: Callable[[], object]) -> None:
        super().__init__(parent)
        self._context = context
        self.receipt: Receipt | None = None
        self._image: Image | None = None
        self._shown: Any = None
        self._asked: tuple[Receipt, int] | None = None
        self._job: str | None = None
        self._width: Width = 58 if context.option("receipt.width") == "58" else 80
        self._build_tools(on_close)
        paper = ttk.Frame(self, bootstyle="bordered", padding=1)
        paper.pack(fill="both", expand=True)
        self._canvas = ttk.Canvas(paper, height=1, width=1, highlightthickness=0, borderwidth=0)
        self._canvas.configure(yscrollincrement=1)
        self._bar = AutoBar(paper, self._canvas)
        self._canvas.pack(side="left", fill="both", expand=True)
        self._canvas.bind("<Configure>", lambda _event: self._draw_later(), add=True)
        self._canvas.bind("<<ThemeChanged>>", lambda _event: self._themed(), add=True)
        for sequence, step in (("<Button-4>", -60), ("<Button-5>", 60)):
            self._canvas.bind(sequence, partial(self._scroll, step))
        self._canvas.bind("<MouseWheel>", lambda event: self._scroll(-60 if event.delta > 0 else 60))
        self.bind("<Destroy>", lambda _event: self._cancel(), add=True)
        self._themed()
        self._mark_width()

    def _build_tools(self, on_close: Callable[[], object]) -> None:
        tools = ttk.Frame(self)
        tools.pack(side="bottom", fill="x", pady=(px(self, 8), 0))
        for place, (text, command, style) in enumerate(
            (
                ("打印 Ctrl+P", self.print, "primary"),
                ("存 PDF Ctrl+S", self.save, "neutral outline"),
                ("关闭 Esc", on_close, "neutral outline"),
            )
        ):
            tools.columnconfigure(place, weight=1)
            button = ttk.Button(tools, text=text, command=command, bootstyle=style, takefocus=False)
            button.configure(padding=(px(self, 4), px(self, 6)))
            button.grid(row=0, column=place, sticky="ew", padx=(px(self, 6) if place else 0, 0))
        head = ttk.Frame(self)
        head.pack(fill="x", pady=(0, px(self, 6)))
        self._widths: dict[Width, ttk.Button] = {}
        rolls: tuple[Width, Width] = (80, 58)
        for roll in rolls:
            button = ttk.Button(
                head, text=f"{roll} mm", takefocus=False, command=lambda roll=roll: self.set_width(roll)
            )
            button.configure(padding=(px(self, 6), px(self, 1)))
            button.pack(side="right", padx=(px(self, 4), 0))
            self._widths[roll] = button
        self._title = CutLabel(head, font="MpBold")
        self._title.pack(side="left", fill="x", expand=True)

    # ---------------------------------------------------------------- what is shown

    def show(self, *, sale_id: int, number: str, reprint: bool = False) -> bool:
        """Fetch and show a bill's receipt; False after a refusal that was told."""
        receipt = fetch_receipt(self._context, sale_id=sale_id, number=number, reprint=reprint)
        if receipt is None:
            return False
        self.show_receipt(receipt, reprint=reprint)
        return True

    def show_receipt(self, receipt: Receipt, *, reprint: bool = False) -> None:
        """Show one that was fetched."""
        self.receipt = receipt.in_width(self._width)
        self._image, self._asked = None, None
        self._title.say(f"{'补打' if reprint else '小票'} {receipt.number}")
        self._canvas.delete("all")
        self._draw_later()

    def set_width(self, width: Width) -> None:
        """Show, print and save on the other roll."""
        self._width = width
        if self.receipt is not None:
            self.receipt = self.receipt.in_width(width)
        self._mark_width()
        self._draw()

    def _mark_width(self) -> None:
        for roll, button in self._widths.items():
            button.configure(bootstyle="primary outline" if roll == self._width else "neutral ghost")

    def _cancel(self) -> None:
        if self._job is not None:
            self.after_cancel(self._job)
            self._job = None

    def _draw_later(self) -> None:
        self._cancel()
        self._job = self.after(_PAUSE_MS, self._draw)

    def _draw(self) -> None:
        """Have the picture made for the room there is; one that comes too late is not shown."""
        self._cancel()
        room = self._canvas.winfo_width() - 2 * px(self, _EDGE)
        if self.receipt is None or room < px(self, 60) or not self.winfo_ismapped():
            return
        width_px = min(room, px(self, _WIDEST_PX)) * self._width // 80
        wanted = (self.receipt, width_px)
        if wanted != self._asked:
            self._asked = wanted
            draw_receipt(
                self._context,
                self.receipt,
                width_px=width_px,
                done=lambda image: self._drawn(wanted, image),
            )

    def _drawn(self, wanted: tuple[Receipt, int], image: "Image") -> None:
        if self.winfo_exists() and wanted == self._asked:
            self._image = image
            self._place()

    def _place(self) -> None:
        if self._image is None:
            return
        from PIL.ImageTk import PhotoImage

        self._shown = PhotoImage(self._image, master=self)
        edge = px(self, _EDGE)
        self._canvas.delete("all")
        self._canvas.create_image(self._canvas.winfo_width() // 2, edge, image=self._shown, anchor="n")
        height = self._image.height + 2 * edge
        self._canvas.configure(scrollregion=(0, 0, self._canvas.winfo_width(), height))
        self._canvas.yview_moveto(0)

    def _themed(self) -> None:
        self._canvas.configure(background=palette(self).chrome)

    def _scroll(self, step: int, _event: object = None) -> None:
        if self._bar.needed:
            self._canvas.yview_scroll(px(self, step), "units")

    # ---------------------------------------------------------------- doing

    def print(self) -> None:
        """Onto paper; nothing while no receipt is on screen."""
        if self.receipt is not None and self.winfo_ismapped():
            print_receipt(self._context, self.receipt)

    def save(self) -> None:
        """Into a PDF file; nothing while no receipt is on screen."""
        if self.receipt is not None and self.winfo_ismapped():
            save_receipt(self._context, self, self.receipt)
