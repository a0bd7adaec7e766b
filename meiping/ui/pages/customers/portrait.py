"""The small square beside a customer's name: the photo, without one the initials in a colour of their own."""

import tkinter as tk
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from meiping.domains.customers.queries import CustomerDetail
from meiping.domains.customers.rules import EDIT
from meiping.domains.documents.keeping import keep_content, read_content
from meiping.domains.documents.rules import NewDocument
from meiping.domains.documents.service import set_photo
from meiping.kernel.errors import UserError
from meiping.store import blobs
from meiping.ui.context import Context
from meiping.ui.theme import palette, px
from meiping.ui.widgets.dialogs import choose_open_file
from meiping.ui.widgets.menus import MenuEntry, popup

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageTk import PhotoImage

_TYPES = (("图片", "*.png *.jpg *.jpeg *.bmp *.gif *.webp"), ("所有文件", "*"))
_KEPT = 100
_remembered: "OrderedDict[tuple[str, int], Image]" = OrderedDict()
_ROUND = 6
"""The corners' radius is this part of the side."""


def initials_of(name: str) -> str:
    """One Chinese character, two letters, or of a phone the last two digits."""
    words = name.split()
    if not words:
        return "？"
    if words[0][0].isdigit():
        return name.replace(" ", "")[-2:]
    if not words[0][0].isascii():
        return words[0][0]
    return "".join(word[0] for word in words[:2]).upper()


class Portrait(tk.Canvas):
    """A square of ``side`` pixels at 100 %. With ``changed`` a click offers another photo to who may change customers."""

    def __init__(
        self, parent: tk.Misc, context: Context, *, side: int = 44, changed: Callable[[], None] | None = None
    ) -> None:
        self._side = px(parent, side)
        self._may_change = changed is not None and context.actor.can(EDIT)
        self._ring = px(parent, 2) if self._may_change else 0
        super().__init__(
            parent,
            width=self._side,
            height=self._side,
            highlightthickness=self._ring,
            borderwidth=0,
            takefocus=self._may_change,
        )
        self._context, self._changed = context, changed
        self._detail: CustomerDetail | None = None
        self._photo: PhotoImage | None = None
        if self._may_change:
            self.configure(cursor="hand2")
            self.bind("<Button-1>", lambda event: self._offer(event.x_root, event.y_root))
            for key in ("<space>", "<Return>"):
                self.bind(
                    key, lambda _event: self._offer(self.winfo_rootx(), self.winfo_rooty() + self._side)
                )
        self.bind("<<ThemeChanged>>", lambda _event: self._draw(), add=True)

    def show(self, detail: CustomerDetail) -> None:
        """Show a customer's photo or initials."""
        self._detail = detail
        self._draw()

    def _draw(self) -> None:
        colours = palette(self)
        self.configure(
            background=colours.background,
            highlightbackground=colours.background,
            highlightcolor=colours.accent,
        )
        detail = self._detail
        if detail is None:
            self.delete("all")
            return
        image = _remembered.get((detail.photo_hash, self._side)) if detail.photo_hash else None
        if image is not None:
            self._place(image)
            return
        self._draw_initials(detail.shown_name)
        if detail.photo_hash:
            self._fetch(detail.photo_hash)

    def _draw_initials(self, name: str) -> None:
        colours = palette(self)
        grounds = (
            (colours.accent_soft, colours.accent),
            (colours.success_soft, colours.success),
            (colours.warning_soft, colours.warning),
            (colours.danger_soft, colours.danger),
        )
        ground, ink = grounds[crc32(name.encode()) % len(grounds)]
        self.delete("all")
        self._photo = None
        last, radius = self._side - 1, self._side // _ROUND
        ends = (0, radius, last - radius, last)
        corners = [
            (0, 0),
            (1, 0),
            (2, 0),
            (3, 0),
            (3, 1),
            (3, 2),
            (3, 3),
            (2, 3),
            (1, 3),
            (0, 3),
            (0, 2),
            (0, 1),
        ]
        doubled = {(1, 0), (2, 0), (3, 1), (3, 2), (2, 3), (1, 3), (0, 2), (0, 1)}
        points: list[int] = []
        for across, down in corners:
            points += [ends[across], ends[down]] * (2 if (across, down) in doubled else 1)
        self.create_polygon(points, smooth=True, fill=ground, outline=ground)
        middle = self._side // 2
        self.create_text(middle, middle, text=initials_of(name), fill=ink, font="MpBig")
        self.move("all", self._ring, self._ring)

    def _fetch(self, photo_hash: str) -> None:
        folder, side = self._context.folder, self._side

        def work(_progress: object) -> "Image":
            from meiping.adapters.pictures import square_of

            return square_of(read_content(folder, photo_hash, "客户照片"), side)

        def done(image: "Image") -> None:
            _remembered[photo_hash, side] = image
            while len(_remembered) > _KEPT:
                _remembered.popitem(last=False)
            if self.winfo_exists() and self._detail is not None and self._detail.photo_hash == photo_hash:
                self._place(image)

        def failed(error: Exception) -> None:
            """The initials stay; what is wrong with the file is told by the check of the data."""

        self._context.background(work, title="读取照片", done=done, failed=failed, quiet=True)

    def _place(self, image: "Image") -> None:
        from PIL.ImageTk import PhotoImage

        self._photo = PhotoImage(image, master=self)
        self.delete("all")
        self.create_image(self._ring, self._ring, image=self._photo, anchor="nw")

    # ---------------------------------------------------------------- changing
    def menu_entries(self) -> list[MenuEntry]:
        """What a click offers."""
        detail = self._detail
        usable = detail is not None and detail.deleted_at is None
        has_photo = usable and detail is not None and bool(detail.photo_hash)
        return [
            ("选择照片…", self._choose if usable else None),
            ("粘贴图片", self._paste if usable else None),
            ("移除照片", partial(self._write, "", "已移除照片。") if has_photo else None),
        ]

    def _offer(self, x: int, y: int) -> None:
        popup(self, self.menu_entries(), x, y)

    def _choose(self) -> None:
        path = choose_open_file(self, "选择客户照片", _TYPES)
        if path is not None:
            self.set_from(path)

    def set_from(self, path: Path) -> None:
        """Take a file as the photo."""
        self._keep(lambda: _content(path))

    def _paste(self) -> None:
        def content() -> bytes:
            from meiping.adapters.pictures import from_clipboard

            found = from_clipboard()
            if not isinstance(found, bytes):
                return _content(found[0])
            return found

        self._keep(content)

    def _keep(self, content: Callable[[], bytes]) -> None:
        """Make the photo smaller and keep it, then give it to the customer."""
        folder = self._context.folder

        def work(_progress: object) -> NewDocument:
            from meiping.adapters.pictures import photo_of

            return keep_content(folder, photo_of(content()), "照片.jpg")

        self._context.background(
            work, title="设置照片", done=lambda kept: self._write(kept.hash, "已设置照片。")
        )

    def _write(self, photo_hash: str, told: str) -> None:
        if self._detail is None:
            return
        self._context.run(
            set_photo,
            customer_id=self._detail.id,
            photo_hash=photo_hash,
            success=told,
            done=lambda _none: self._changed() if self._changed is not None else None,
        )


def _content(path: Path) -> bytes:
    blobs.require_small(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"“{path.name}”读不出来（{error.strerror}）。") from error
