"""Entries with something inside their frame: an icon, a hint, a button; and the search box made of them."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.ui.theme import px
from meiping.ui.widgets.bindings import on_write
from meiping.ui.widgets.jobs import Jobs


class BoxedEntry(ttk.Frame):
    """A frame that looks like one entry, around an ``entry`` and small buttons."""

    def __init__(self, parent: tk.Misc, entry: Callable[[tk.Misc], ttk.Entry], *, icon: str = "") -> None:
        super().__init__(parent, style="Box.TFrame", padding=2)
        self._tone = ""
        if icon:
            label = ttk.Label(self, image=ttk.Icon(icon, 15, "secondary"), bootstyle="secondary")
            label.pack(side="left", padx=(px(self, 8), 0))
        self.entry = entry(self)
        self.entry.configure(style="Bare.TEntry")
        self.entry.pack(side="left", fill="both", expand=True)
        self.widget: tk.Widget = self
        self.target: tk.Widget = self.entry
        self._hint: ttk.Label | None = None
        self.entry.bind("<FocusIn>", lambda _event: self.state(["focus"]), add=True)
        self.entry.bind("<FocusOut>", lambda _event: self.state(["!focus"]), add=True)

    def add_button(self, icon: str, command: Callable[[], object]) -> ttk.Button:
        """A small button at the right inside the frame, not on the way of the Tab key."""
        button = ttk.Button(
            self,
            icon=icon,
            icon_only=True,
            icon_size=14,
            command=command,
            bootstyle="neutral ghost",
            takefocus=False,
        )
        button.configure(padding=(px(self, 5), 0), cursor="hand2")
        button.pack(side="right", padx=(0, px(self, 2)), pady=px(self, 2))
        return button

    def hint(self, text: str) -> None:
        """Words in grey inside the empty entry."""
        self._hint = ttk.Label(self.entry, text=text, style="Hint.TLabel")
        self._hint.bind("<Button-1>", lambda _event: self.entry.focus_set())
        self.refresh_hint()

    def refresh_hint(self) -> None:
        """Show the hint while nothing is typed."""
        if self._hint is None:
            return
        variable = str(self.entry.cget("textvariable"))  # the entry itself follows it a moment later
        if self.tk.globalgetvar(variable):
            self._hint.place_forget()
        else:
            self._hint.place(x=px(self, 8), rely=0.5, anchor="w")

    def mark(self, tone: str) -> None:
        """Colour the edge."""
        self.configure(style=f"{tone}.Box.TFrame" if tone else "Box.TFrame")


class SearchBox(BoxedEntry):
    """Results follow typing: ``on_change`` gets the text once nothing was typed for ``delay_ms``.

    It listens to the text itself, never to keys, because input methods send none. Esc and the cross empty it,
    ↓ goes into the list given by ``leads_to``, Enter asks at once.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_change: Callable[[str], object],
        hint: str = "搜索",
        *,
        delay_ms: int = 150,
        width: int = 32,
    ) -> None:
        self.text = ttk.StringVar(parent)
        super().__init__(
            parent, lambda box: ttk.Entry(box, textvariable=self.text, width=width), icon="search"
        )
        self._on_change, self._delay = on_change, delay_ms
        self._jobs = Jobs(self)
        self._told = ""
        self._enter_list: Callable[[], object] | None = None
        self._clear = self.add_button("x-lg", self.clear)
        self._clear.pack_forget()
        self.hint(hint)
        on_write(self, self.text, self._typed)
        self.entry.bind("<Escape>", lambda _event: self._escaped())
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, lambda _event: self._tell())
        self.entry.bind("<Down>", lambda _event: self._down())

    def leads_to(self, enter: Callable[[], object]) -> None:
        """What ↓ does once the search is told: it goes into a list."""
        self._enter_list = enter

    def get(self) -> str:
        """The text typed."""
        return str(self.text.get())

    def set(self, text: str) -> None:
        """Put a text there and search at once."""
        self.text.set(text)
        self._tell()

    def clear(self) -> None:
        """Empty it, search at once and stay there."""
        self.set("")
        self.entry.focus_set()

    def focus_set(self) -> None:
        """Put the cursor into the entry, with its text selected."""
        self.entry.focus_set()
        self.entry.select_range(0, "end")

    def _typed(self) -> None:
        self.refresh_hint()
        if self.get():
            self._clear.pack(side="right", padx=(0, px(self, 2)), pady=px(self, 2))
        else:
            self._clear.pack_forget()
        self._jobs.once("tell", self._tell, delay=self._delay)

    def _tell(self) -> None:
        self._jobs.cancel("tell")
        if self.get() != self._told:
            self._told = self.get()
            self._on_change(self._told)

    def _escaped(self) -> str | None:
        if not self.get():
            return None
        self.clear()
        return "break"

    def _down(self) -> str | None:
        if self._enter_list is None:
            return None
        self._tell()
        self._enter_list()
        return "break"
