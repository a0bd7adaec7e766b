"""A document to look at: pictures and the first page of PDFs, read and drawn by a worker, remembered for a while."""

import tkinter as tk
from collections import OrderedDict
from typing import TYPE_CHECKING

import ttkbootstrap as ttk

from meiping.domains.documents.keeping import read_content
from meiping.domains.documents.rules import PICTURES, ending
from meiping.kernel.errors import UserError
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.jobs import Jobs

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageTk import PhotoImage

_KEPT = 40
"""Pictures remembered."""
_STEP = 40
"""A picture is drawn anew when its room has changed by so many pixels."""
_SETTLE_MS = 120
_remembered: "OrderedDict[tuple[str, int, int], Image]" = OrderedDict()


def can_preview(name: str) -> bool:
    """Whether a file of this name can be shown here."""
    return ending(name) in PICTURES or ending(name) == "pdf"


class DocumentPreview(ttk.Frame):
    """Shows a document's picture in all the room it is given, or says why there is none."""

    def __init__(self, parent: tk.Misc, context: Context, *, empty: str = "选择一份资料，这里预览") -> None:
        super().__init__(parent, style="Chrome.TFrame", padding=px(parent, 10))
        self.pack_propagate(False)
        self._context, self._empty = context, empty
        self._row: Row | None = None
        self._wanted: tuple[str, int, int] | None = None
        self._photo: PhotoImage | None = None
        self._label = ttk.Label(self, style="Muted.Chrome.TLabel", anchor="center", justify="center")
        self._label.pack(fill="both", expand=True)
        wrap_to_width(self._label)
        self._jobs = Jobs(self)
        self.bind("<Configure>", lambda _event: self._later(_SETTLE_MS), add=True)
        self._say(empty)

    def show(self, row: Row | None) -> None:
        """Show a row of a list of documents, or that none is chosen."""
        self._row = row
        self._later(0)

    def _later(self, delay: int) -> None:
        self._jobs.once("show", self._look, delay=delay)

    def _say(self, words: str) -> None:
        self._wanted = None
        self._photo = None
        self._label.configure(image="", text=words)

    def _look(self) -> None:
        row = self._row
        if row is None:
            self._say(self._empty)
            return
        if not can_preview(row["name"]):
            self._say(
                f"{ending(row['name']).upper() or '这种'} 文件不能在这里预览。\n双击列表里的一行，用电脑里的程序打开。"
            )
            return
        width, height = (
            max(side - 2 * px(self, 10), 1) // _STEP * _STEP
            for side in (self.winfo_width(), self.winfo_height())
        )
        if width < _STEP or height < _STEP or not self.winfo_viewable():
            return
        wanted = (row["hash"], width, height)
        if wanted == self._wanted:
            return
        if wanted in _remembered:
            _remembered.move_to_end(wanted)
            self._wanted = wanted
            self._place(_remembered[wanted])
            return
        if self._photo is None or self._wanted is None or self._wanted[0] != wanted[0]:
            self._say("正在读取……")
        self._wanted = wanted
        self._draw(row, wanted)

    def _draw(self, row: Row, wanted: tuple[str, int, int]) -> None:
        folder, name = self._context.folder, row["name"]

        def work(_progress: object) -> "Image":
            from meiping.adapters.pictures import preview_of

            return preview_of(read_content(folder, wanted[0], name), ending(name), wanted[1], wanted[2])

        def done(image: "Image") -> None:
            _remembered[wanted] = image
            while len(_remembered) > _KEPT:
                _remembered.popitem(last=False)
            if self.winfo_exists() and wanted == self._wanted:
                self._place(image)

        def failed(error: Exception) -> None:
            if self.winfo_exists() and wanted == self._wanted:
                self._say(error.sentence if isinstance(error, UserError) else "预览没有成功，可以打开看。")
                self._wanted = wanted

        self._context.background(work, title="预览", done=done, failed=failed, quiet=True)

    def _place(self, image: "Image") -> None:
        from PIL.ImageTk import PhotoImage

        self._photo = PhotoImage(image, master=self)
        self._label.configure(image=self._photo, text="")
