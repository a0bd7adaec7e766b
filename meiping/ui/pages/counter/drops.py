"""What opens below the scan field: results to choose from, one value asked for, one thing offered."""

import tkinter as tk
from collections.abc import Callable, Sequence

import ttkbootstrap as ttk

from meiping.domains.catalog.queries import ProductHit
from meiping.kernel.errors import UserError
from meiping.kernel.money import show_fen
from meiping.kernel.quantity import show_milli
from meiping.kernel.text import plain
from meiping.ui.theme import chars, palette, px
from meiping.ui.widgets.bindings import on_write
from meiping.ui.widgets.cut_text import CELL_EDGE, CutLabel, cut

_ROWS = 8
_WIDE, _WIDE_BESIDE_WORDS = 36, 20
"""Characters of an entry for words, with nothing beside it and with what was understood."""


class Drop(ttk.Frame):
    """A frame over the page, below ``anchor`` and as wide."""

    def __init__(self, parent: tk.Misc, anchor: tk.Widget) -> None:
        super().__init__(parent, style="EdgeInfo.TFrame", padding=1)
        self._anchor = anchor
        self.is_open = False

    def show(self) -> None:
        """Open it, over what lies there."""
        self.place(in_=self._anchor, relx=0, rely=1.0, y=px(self, 4), relwidth=1.0, bordermode="outside")
        self.tk.call("raise", self)
        self.is_open = True

    def hide(self) -> None:
        """Close it."""
        self.place_forget()
        self.is_open = False


class ResultsDrop(Drop):
    """Products found for what was typed; the first one is marked, arrows mark another."""

    def __init__(self, parent: tk.Misc, anchor: tk.Widget, *, on_pick: Callable[[], object]) -> None:
        super().__init__(parent, anchor)
        self.hits: list[ProductHit] = []
        self.touched = False
        self._on_pick = on_pick
        columns = ("code", "name", "price", "stock")
        self.tree = ttk.Treeview(
            self, columns=columns, show="", selectmode="browse", takefocus=False, height=1
        )
        self.tree.pack(fill="both", expand=True)
        self._foot = ttk.Label(
            self, style="Muted.TLabel", font="MpSmall", padding=(px(self, 10), px(self, 4))
        )
        self.tree.bind("<ButtonPress-1>", self._pressed)
        self.tree.bind("<Configure>", lambda _event: self._paint(), add=True)

    def offer(self, hits: Sequence[ProductHit]) -> None:
        """Show what was found; nothing found closes it."""
        self.hits, self.touched = list(hits), False
        if not hits:
            self.hide()
            return
        for key, width, anchor in (("code", 15, "w"), ("price", 11, "e"), ("stock", 12, "e")):
            room = chars(self, width) + px(self, 16)
            self.tree.column(key, width=room, stretch=False, anchor="e" if anchor == "e" else "w")
        self.tree.column("name", stretch=True, width=px(self, 120))
        self.tree.configure(height=min(len(hits), _ROWS))
        self.tree.delete(*self.tree.get_children())
        for place in range(len(hits)):
            self.tree.insert("", "end", iid=str(place))
        self._paint()
        self.tree.selection_set("0")
        self.tree.see("0")
        more = f"共 {len(hits)} 个 · " if len(hits) > _ROWS else ""
        self._foot.configure(text=f"{more}↑↓ 选择 · Enter 加入 · Esc 关闭")
        self._foot.pack(fill="x")
        self.show()

    def _paint(self) -> None:
        font = ttk.nametofont("MpBody", root=self)
        room = self._name_room()
        for place, item in enumerate(self.tree.get_children()):
            hit = self.hits[place]
            name = f"{hit.name}  {hit.specification}".rstrip()
            stock = f"库存 {show_milli(hit.stock_milli)}" if hit.stock_milli is not None else ""
            self.tree.item(item, values=(hit.code, cut(name, font, room), show_fen(hit.price_fen), stock))

    def _name_room(self) -> int:
        """The name's pixels: the tree tells its stretched column's width only some time after a change."""
        others = sum(int(self.tree.column(key, "width")) for key in ("code", "price", "stock"))
        return self._anchor.winfo_width() - others - 2 * px(self, CELL_EDGE) - px(self, 4)

    def move(self, step: int) -> None:
        """Mark the next (1) or previous (-1) one."""
        place = max(0, min(self._place() + step, len(self.hits) - 1))
        self.tree.selection_set(str(place))
        self.tree.see(str(place))
        self.touched = True

    def chosen(self) -> ProductHit | None:
        """The marked one."""
        return self.hits[self._place()] if self.is_open and self.hits else None

    def _place(self) -> int:
        marked = self.tree.selection()
        return int(marked[0]) if marked else 0

    def _pressed(self, event: "tk.Event[tk.Misc]") -> str:
        item = self.tree.identify_row(event.y)
        if item:
            self.tree.selection_set(item)
            self.touched = True
            self.after_idle(self._on_pick)
        return "break"


class PromptDrop(Drop):
    """Asks for one value under its title; what was understood is shown while it is typed. Esc leaves it."""

    def __init__(self, parent: tk.Misc, anchor: tk.Widget, *, on_close: Callable[[], object]) -> None:
        super().__init__(parent, anchor)
        self._on_close = on_close
        self._understand: Callable[[str], str] = lambda text: ""
        self._accept: Callable[[str], object] = lambda text: None
        body = ttk.Frame(self, padding=(px(self, 14), px(self, 10)))
        body.pack(fill="both", expand=True)
        head = ttk.Frame(body)
        head.pack(fill="x", pady=(0, px(self, 6)))
        self._title = ttk.Label(head, font="MpBold")
        self._title.pack(side="left")
        self._about = CutLabel(head, style="Muted.TLabel")
        self._about.pack(side="left", fill="x", expand=True, padx=(px(self, 10), 0))
        row = ttk.Frame(body)
        row.pack(fill="x")
        self.text = ttk.StringVar(self)
        self.entry = ttk.Entry(row, textvariable=self.text, width=12, font="MpBig")
        self.entry.pack(side="left")
        self._understood = ttk.Label(row, style="Accent.TLabel", font="MpBold")
        self._understood.pack(side="left", padx=(px(self, 12), 0))
        ttk.Label(row, text="Enter 确定 · Esc 取消", style="Muted.TLabel", font="MpSmall").pack(side="right")
        self._wrong = ttk.Label(body, style="Bad.TLabel", font="MpSmall")
        on_write(self.entry, self.text, self._typed)
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, lambda _event: self._entered())
        self.entry.bind("<Escape>", lambda _event: self._escaped())

    def ask(
        self,
        title: str,
        about: str,
        *,
        value: str = "",
        understand: Callable[[str], str] | None = None,
        accept: Callable[[str], object],
        wide: bool = False,
    ) -> None:
        """Ask; ``accept`` gets the text and may raise a UserError, which is shown under it."""
        self._understand, self._accept = understand or (lambda _text: ""), accept
        self._title.configure(text=title)
        self._about.say(about)
        room = _WIDE if understand is None else _WIDE_BESIDE_WORDS
        self.entry.configure(width=room if wide else 12)
        self.text.set(value)
        self.show()
        self.entry.focus_set()
        self.entry.select_range(0, "end")
        self.entry.icursor("end")

    def _typed(self) -> None:
        self._wrong.pack_forget()
        self.entry.configure(style="TEntry")
        text = self.text.get()
        try:
            self._understood.configure(text=self._understand(text) if plain(text) else "")
        except UserError:
            self._understood.configure(text="")

    def _entered(self) -> str:
        try:
            self._accept(self.text.get())
        except UserError as error:
            self._wrong.configure(text=error.sentence)
            self._wrong.pack(anchor="w", pady=(px(self, 6), 0))
            self.entry.configure(style="Wrong.TEntry")
            self.entry.focus_set()
            self.entry.select_range(0, "end")
            self.bell()
        else:
            self.close()
        return "break"

    def _escaped(self) -> str:
        self.close()
        return "break"

    def close(self) -> None:
        """Leave it; the scan field has the focus again."""
        if self.is_open:
            self.hide()
            self._on_close()


class OfferDrop(Drop):
    """Something was not found, and what can be done about it; Enter in the empty scan field does it."""

    def __init__(self, parent: tk.Misc, anchor: tk.Widget) -> None:
        super().__init__(parent, anchor)
        self._action: Callable[[], object] | None = None
        self._box = ttk.Frame(self, style="SoftWarning.TFrame", padding=(px(self, 14), px(self, 10)))
        self._box.pack(fill="both", expand=True)
        self._icon = ttk.Label(self._box, style="InkWarning.TLabel")
        self._icon.pack(side="left", padx=(0, px(self, 10)))
        self._said = ttk.Label(self._box, style="SoftWarning.TLabel", font="MpBold", justify="left")
        self._said.pack(side="left")
        self.button = ttk.Button(self._box, style="SoftWarning.TButton", command=self.accept, takefocus=False)

    def offer(self, sentence: str, verb: str = "", action: Callable[[], object] | None = None) -> None:
        """Say the sentence; with a verb, Enter does it."""
        self._action = action
        self._icon.configure(image=ttk.Icon("exclamation-triangle-fill", px(self, 18), palette(self).warning))
        self._said.configure(text=sentence, wraplength=px(self, 420))
        if verb and action is not None:
            self.button.configure(text=f"{verb}  Enter")
            self.button.pack(side="right")
        else:
            self.button.pack_forget()
        self.show()

    def tell(self, sentence: str) -> None:
        """Say what was not found where nothing can be done about it: Enter means read, and not yet that all is in."""
        self.offer(sentence, "知道了", lambda: None)

    def accept(self) -> bool:
        """Do what is offered; False if nothing is."""
        if not self.is_open:
            return False
        self.hide()
        if self._action is not None:
            self._action()
        return self._action is not None
