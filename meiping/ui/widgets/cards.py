"""The pieces a page is put together from: head, filter row, cards, facts, a sash that remembers."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Literal

import ttkbootstrap as ttk

from meiping.ui.theme import px
from meiping.ui.view_state import ViewState
from meiping.ui.widgets import privacy
from meiping.ui.widgets.jobs import Jobs
from meiping.ui.widgets.pressable import pressable
from meiping.ui.widgets.wrapping import even_wrap

Command = Callable[[], object]
Trend = Literal["good", "bad", "muted"]
_TREND_STYLES = {"good": "Good.TLabel", "bad": "Bad.TLabel", "muted": "Muted.TLabel"}
MARGIN, GAP = 20, 8
_LONG_FACT = 18
"""Characters; a longer value gets the whole width."""


def margins(page: tk.Misc) -> int:
    """The page's margin in pixels of this screen."""
    return px(page, MARGIN)


class PageHead(ttk.Frame):
    """Title, one line of facts in grey, actions at the right: one primary button, the rest outlines.

    Packs itself at the top of ``parent`` with the page's margins.
    """

    def __init__(self, parent: tk.Misc, title: str) -> None:
        super().__init__(parent)
        self.pack(fill="x", padx=px(self, MARGIN), pady=(px(self, 14), px(self, 10)))
        self._title = ttk.Label(self, text=title, font="MpTitle")
        self._title.pack(side="left")
        self._facts = ttk.Label(self, style="Muted.TLabel", font="MpSmall")
        self._told: tuple[str, ...] = ("",)
        self._buttons: list[ttk.Button] = []
        self._pack_facts()
        self.bind("<Configure>", lambda _event: self.fit(), add=True)

    def _pack_facts(self) -> None:
        """Last in order, so that they give way first where there is little room."""
        self._facts.pack_forget()
        self._facts.pack(side="left", padx=(px(self, 12), 0), pady=(px(self, 5), 0))

    def title(self, text: str) -> None:
        """Another title."""
        self._title.configure(text=text)

    def facts(self, text: str, *shorter: str) -> None:
        """The line in grey: how many, how much; with less room one of the ``shorter`` ones."""
        self._told = text, *shorter
        self.fit()

    def fit(self) -> None:
        """The longest of the facts that finds room; to be called where a button's words have changed."""
        gap = px(self, GAP)
        others = (one for one in self.winfo_children() if one is not self._facts and one.winfo_manager())
        room = self.winfo_width() - sum(one.winfo_reqwidth() + gap for one in others) - px(self, 12)
        wide = self._facts.tk.call
        fits = (one for one in self._told if int(wide("font", "measure", "MpSmall", one)) <= room)
        self._facts.configure(text=self._told[0] if self.winfo_width() <= 1 else next(fits, self._told[-1]))

    def plain(self, on: bool) -> None:
        """Where room is short the buttons have no icons."""
        for button in self._buttons:
            button.configure(compound="text" if on else "left")
        self.fit()

    def primary(self, text: str, icon: str, command: Command, key: str = "") -> ttk.Button:
        """The page's one main action; ``key`` is its shortcut, shown behind the word. Add it first."""
        return self._add(text, icon, command, key, "primary")

    def action(
        self, text: str, icon: str, command: Command, key: str = "", *, danger: bool = False
    ) -> ttk.Button:
        """Another action, to the left of those already there."""
        return self._add(text, icon, command, key, "danger outline" if danger else "neutral outline")

    def menu(
        self, text: str, icon: str, entries: Callable[[], Sequence[tuple[str, Command | None]]]
    ) -> ttk.Button:
        """A button that opens a menu of further actions."""
        from meiping.ui.widgets.menus import popup

        def show() -> None:
            popup(self, entries(), button.winfo_rootx(), button.winfo_rooty() + button.winfo_height())

        button = self._add(f"{text} ▾", icon, show, "", "neutral outline")
        return button

    def show(self, button: ttk.Button, there: bool) -> None:
        """Have a button that was added in the head or not; one that comes back stands left of the others."""
        if there == bool(button.winfo_manager()):
            return
        if there:
            button.pack(side="right", padx=(px(self, GAP), 0))
            self._pack_facts()
        else:
            button.pack_forget()

    def _add(self, text: str, icon: str, command: Command, key: str, bootstyle: str) -> ttk.Button:
        words = f"{text} {key}" if key else text
        button = ttk.Button(self, text=words, icon=icon, command=command, bootstyle=bootstyle)
        button.pack(side="right", padx=(px(self, GAP), 0))
        button.lower()  # Tab goes from left to right
        self._buttons.append(button)
        self._pack_facts()
        return button


class FilterBar(ttk.Frame):
    """Search and filters under the head, from left to right; a further line begins where they find no room."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.pack(fill="x", padx=px(self, MARGIN), pady=(0, px(self, 10)))
        self._items: list[tuple[tk.Widget, ...]] = []
        self._hidden: set[tk.Widget] = set()
        self._lines: list[ttk.Frame] = []
        self._broken: list[int] = []
        self.bind("<Configure>", lambda event: self._flow(event.width), add=True)

    def add(self, widget: tk.Widget, label: str = "") -> tk.Widget:
        """A widget made with this bar as its parent, with a word in front."""
        words = (ttk.Label(self, text=label, style="Muted.TLabel"),) if label else ()
        self._items.append((*words, widget))
        self._broken = []
        self._flow(self.winfo_width())
        return widget

    def show(self, widget: tk.Widget, there: bool) -> None:
        """Have a widget that was added, with its word, in the bar or not."""
        if there == (widget not in self._hidden):
            return
        self._hidden ^= {widget}
        for part in next(item for item in self._items if item[-1] is widget):
            part.pack_forget()
        self._broken = []
        self._flow(self.winfo_width())

    def _flow(self, room: int) -> None:
        """Share the items out over as few lines as ``room`` allows."""
        gap, lines, used = px(self, 16), [0], 0
        shown = [item for item in self._items if item[-1] not in self._hidden]
        for item in shown:
            width = sum(part.winfo_reqwidth() for part in item) + px(self, 6) * (len(item) - 1)
            if lines[-1] and used + gap + width > room > 1:
                lines.append(0)
                used = 0
            lines[-1] += 1
            used += width + (gap if lines[-1] > 1 else 0)
        if lines == self._broken:
            return
        self._broken = lines
        while len(self._lines) < len(lines):
            self._lines.append(ttk.Frame(self))
        for number, line in enumerate(self._lines):
            if number < len(lines):
                line.pack(fill="x", pady=(px(self, 8) if number else 0, 0))
            else:
                line.pack_forget()
        waiting = iter(shown)
        for line, count in zip(self._lines, lines, strict=False):
            for place in range(count):
                for number, part in enumerate(next(waiting)):
                    before = gap if place and not number else px(self, 6) if number else 0
                    part.pack(in_=line, side="left", padx=(before, 0))
                    part.lift()  # Tab follows the stacking order: the one added last is the last

    def choice(
        self,
        label: str,
        options: Sequence[tuple[object, str]],
        on_change: Callable[[object], object],
        width: int = 8,
    ) -> ttk.Combobox:
        """A drop-down of (value, word); ``on_change`` gets the value. The first one is chosen."""
        box = ttk.Combobox(self, values=[word for _, word in options], width=width, state="readonly")
        box.current(0)
        box.bind("<<ComboboxSelected>>", lambda _event: on_change(options[box.current()][0]), add=True)
        box.bind("<<ComboboxSelected>>", lambda _event: box.selection_clear(), add=True)
        self.add(box, label)
        return box

    def check(self, text: str, on_change: Callable[[bool], object], *, value: bool = False) -> tk.BooleanVar:
        """A switch; ``on_change`` gets whether it is on."""
        variable = ttk.BooleanVar(self, value)
        box = ttk.Checkbutton(
            self,
            text=text,
            variable=variable,
            command=lambda: on_change(variable.get()),
            bootstyle="round toggle",
        )
        self.add(box)
        return variable


class Card(ttk.Frame):
    """A frame with a hairline around it and a small heading; fill ``body``."""

    def __init__(self, parent: tk.Misc, title: str = "", *, padding: int = 14) -> None:
        super().__init__(parent, bootstyle="bordered", padding=(px(parent, padding), px(parent, 10)))
        self.head = ttk.Frame(self)
        if title:
            self.head.pack(fill="x", pady=(0, px(self, 6)))
            ttk.Label(self.head, text=title, font="MpBold").pack(side="left")
        self.body = ttk.Frame(self)
        self.body.pack(fill="both", expand=True)


class Kpi(ttk.Frame):
    """One figure: what it is, its value in large letters, a remark in colour below; a press may open the rows.

    ``remark_command`` opens those of the figure that the remark names. ``small`` suits a detail pane. The letters get
    smaller before a value would be cut off.
    """

    def __init__(
        self,
        parent: tk.Misc,
        title: str,
        *,
        command: Command | None = None,
        remark_command: Command | None = None,
        small: bool = False,
    ) -> None:
        pad = (px(parent, 10), px(parent, 8)) if small else (px(parent, 14), px(parent, 10))
        super().__init__(parent, padding=pad, bootstyle="@chrome" if small else "bordered")
        muted = "Muted.Chrome.TLabel" if small else "Muted.TLabel"
        self._ground = "Chrome." if small else ""
        self._fonts = ("MpBold", "MpBody", "MpSmall") if small else ("MpKpi", "MpBig", "MpBold")
        self._row: Sequence[Kpi] = ()
        self._measured: tuple[int, str, int] = (0, "", 0)
        self._size = 0
        self._title = ttk.Label(self, text=title, style=muted, font="MpSmall")
        self._value = ttk.Label(self, text="—", font=self._fonts[0], style=f"{self._ground}TLabel")
        self._remark = ttk.Label(self, style=muted, font="MpSmall", justify="left")
        wrap_to_width(self._remark)
        self._title.pack(anchor="w")
        self._value.pack(anchor="w")
        self.bind("<Configure>", lambda _event: self._fit(), add=True)
        own = (self._remark,) if remark_command is None else ()
        if command is not None:
            pressable(self, command, (self._title, self._value, *own))
        if remark_command is not None:
            pressable(self._remark, remark_command)

    def show(self, value: str, remark: str = "", trend: Trend = "muted") -> None:
        """Set the value and what is said about it."""
        title = str(self._title.cget("text"))
        self._value.configure(text=privacy.said(value, title=title))
        remark = privacy.said(remark, title=title)
        style = _TREND_STYLES["muted" if privacy.covers(title) else trend]
        self._remark.configure(text=remark, style=style.replace("TLabel", f"{self._ground}TLabel"))
        if remark:
            self._remark.pack(anchor="w", fill="x")
        else:
            self._remark.pack_forget()
        self._fit()

    def share_size(self, cards: "Sequence[Kpi]") -> None:
        """Stand in a row with others: the letters of all are as large as the fullest card allows."""
        self._row = cards

    def _needed(self) -> int:
        """Which of its sizes the value needs to be seen whole."""
        room = self.winfo_width() - 2 * px(self, 15)
        text = str(self._value.cget("text"))
        if room <= 0:
            return 0
        asked = room, text, int(ttk.nametofont(self._fonts[0], root=self).cget("size"))
        if asked == self._measured:  # each card of a row asks all of them
            return self._size
        fits = (ttk.nametofont(name, root=self).measure(text) <= room for name in self._fonts)
        self._size = next((number for number, fitting in enumerate(fits) if fitting), len(self._fonts) - 1)
        self._measured = asked
        return self._size

    def _fit(self) -> None:
        row = self._row or (self,)
        number = max(card._needed() for card in row)
        for card in row:
            if str(card._value.cget("font")) != card._fonts[number]:
                card._value.configure(font=card._fonts[number])


class Facts(ttk.Frame):
    """Names in grey and values below them, in columns: what a detail pane says about a record."""

    def __init__(self, parent: tk.Misc, *, columns: int = 2) -> None:
        super().__init__(parent)
        self._columns = columns
        self._told: list[tuple[str, str]] = []
        self._wide: set[str] = set()
        self._jobs = Jobs(self)
        for column in range(columns):
            self.columnconfigure(column, weight=1, uniform="facts")
        self.bind("<Configure>", lambda _event: self._jobs.once("lay", self._lay_again), add=True)

    def show(self, facts: Sequence[tuple[str, str]]) -> None:
        """Replace what is said; facts without a value are left out."""
        self._told = [(name, privacy.said(value, title=name)) for name, value in facts if value]
        self._lay()

    def _too_wide(self) -> set[str]:
        """The values that want the whole width: long ones, and those a column would break in two."""
        room = self.winfo_width() // self._columns - px(self, 16 + 6)
        measure = ttk.nametofont("MpBody", root=self).measure
        return {
            value
            for _name, value in self._told
            if len(value) > _LONG_FACT or "\n" in value or (self.winfo_width() > 1 and measure(value) > room)
        }

    def _lay_again(self) -> None:
        if self._too_wide() != self._wide:
            self._lay()

    def _lay(self) -> None:
        self._wide = self._too_wide()
        for child in self.winfo_children():
            child.destroy()
        row, column = 0, 0
        for name, value in self._told:
            wide = value in self._wide
            if wide and column:
                row, column = row + 2, 0
            span = self._columns if wide else 1
            gap = (0, px(self, 16))
            words = ttk.Label(self, text=name, style="Muted.TLabel", font="MpSmall")
            words.grid(row=row, column=column, columnspan=span, sticky="w", padx=gap)
            said = ttk.Label(self, text=value, justify="left")
            said.grid(
                row=row + 1, column=column, columnspan=span, sticky="ew", padx=gap, pady=(0, px(self, 8))
            )
            wrap_to_width(said)
            column += span
            if column >= self._columns:
                row, column = row + 2, 0


class DetailPane(ttk.Frame):
    """The pane at the right of a list: a name, a grey line, actions, and a body; says so when nothing is chosen.

    ``lead`` is room before the name, for a small picture.
    """

    def __init__(self, parent: tk.Misc, *, empty: str = "在左边选择一行，这里显示详情") -> None:
        super().__init__(parent, padding=(px(parent, 8), 0, 0, 0))
        self._empty = ttk.Label(self, text=empty, style="Muted.TLabel")
        self.content = ttk.Frame(self)
        self._head = head = ttk.Frame(self.content)
        head.pack(fill="x", pady=(px(self, 2), px(self, 10)))
        head.columnconfigure(1, weight=1)
        self.lead = ttk.Frame(head)
        self.lead.grid(row=0, column=0, sticky="nw")
        words = ttk.Frame(head)
        words.grid(row=0, column=1, sticky="new")
        self.actions = ttk.Frame(head)
        self.actions.grid(row=0, column=2, sticky="ne")
        head.bind("<Configure>", lambda _event: self._place_actions(), add=True)
        self._name = ttk.Label(words, font="MpBig", justify="left")
        self._name.pack(anchor="w", fill="x")
        wrap_to_width(self._name)  # beside the actions a long one takes two lines rather than lose its end
        self._line = ttk.Label(words, style="Muted.TLabel", font="MpSmall", justify="left")
        self._line.pack(anchor="w", fill="x")
        wrap_to_width(self._line)
        self.body = ttk.Frame(self.content)
        self.body.pack(fill="both", expand=True)
        self.clear()

    def show(self, name: str, line: str = "") -> None:
        """Somebody or something is chosen."""
        self._name.configure(text=privacy.said(name))
        self._line.configure(text=privacy.said(line))
        self._empty.place_forget()
        self.content.pack(fill="both", expand=True)
        self._place_actions()

    def _place_actions(self) -> None:
        """Beside the name where it has room enough, else below it."""
        if self._head.winfo_width() <= 1:
            return
        taken = self.lead.winfo_reqwidth() + self.actions.winfo_reqwidth() + px(self, 8)
        said = ((self._name, "MpBig"), (self._line, "MpSmall"))
        widest = max(ttk.nametofont(font, root=self).measure(label.cget("text")) for label, font in said)
        if widest > self._head.winfo_width() - taken:
            self.actions.grid(row=1, column=0, columnspan=3, sticky="w", pady=(px(self, 6), 0))
        else:
            self.actions.grid(row=0, column=2, columnspan=1, sticky="ne", pady=0)

    def clear(self) -> None:
        """Nothing is chosen."""
        self.content.pack_forget()
        self._empty.place(relx=0.5, rely=0.4, anchor="center")


class Split(ttk.Panedwindow):
    """Panes side by side whose sash stays where the user put it, kept in the view under ``split.<key>``."""

    def __init__(
        self, parent: tk.Misc, *, key: str, view: ViewState, share: float = 0.62, orient: str = "horizontal"
    ) -> None:
        super().__init__(parent, orient=orient)
        self._key, self._view = f"split.{key}", view
        self._share = float(view.get(self._key) or share)
        self._across = orient == "horizontal"
        self._placed = 0
        self._jobs = Jobs(self)
        self.bind("<Configure>", self._place, add=True)
        self.bind("<ButtonRelease-1>", self._remember, add=True)

    def _length(self) -> int:
        return self.winfo_width() if self._across else self.winfo_height()

    def _place(self, _event: object) -> None:
        length = self._length()
        if len(self.panes()) > 1 and length > 1 and length != self._placed:
            self._placed = length
            self._jobs.once("sash", self._put_sash)

    def _put_sash(self) -> None:
        self.sashpos(0, round(self._length() * self._share))

    def _remember(self, _event: object) -> None:
        if len(self.panes()) > 1 and self._length() > 1:
            self._share = self.sashpos(0) / self._length()
            self._view.set(self._key, round(self._share, 3))


def wrap_to_width(label: ttk.Label) -> None:
    """Let a label's lines follow the width it is given (``sticky``/``fill`` must stretch it)."""
    frame = px(label, 6)  # the label's own edges, and what the last character hangs over

    label.bind(
        "<Configure>",
        lambda event: label.configure(wraplength=even_wrap(label, max(40, event.width - frame))),
        add=True,
    )
