"""The statuses at the left of the customer list, with counts: chosen, renamed, put in order, dropped onto."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.customers.queries import (
    CustomerCounts,
    Share,
    SideCounts,
    counts_by_status,
    customer_counts,
    side_counts,
)
from meiping.domains.customers.rules import NOT_FILLED
from meiping.domains.settings.queries import words
from meiping.domains.settings.rules import MANAGE_SETTINGS
from meiping.domains.settings.service import arrange_words, save_word
from meiping.kernel.actor import Actor
from meiping.store.database import reading
from meiping.ui.context import Context
from meiping.ui.theme import palette, px
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field
from meiping.ui.widgets.menus import MenuEntry, popup

KIND = "customer_status"
ALL, OWN, OVERDUE = "all", "own", "overdue"
_HEADING = "heading"
_WIDTH, _COUNT_WIDTH = 172, 78
_AUTOMATIC_FROM = 1100
"""Pixels at 100 %: in a narrower page the list hides unless it was asked for."""
_VIEW_KEY = "customers.side"


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted beside the list."""

    statuses: Sequence[Share]
    side: SideCounts
    counts: CustomerCounts


def read_figures(actor: Actor) -> Figures:
    """All counts beside the list; for a worker, as a large shop takes a moment."""
    with reading():
        return Figures(counts_by_status(actor), side_counts(actor), customer_counts(actor))


class StatusSide:
    """Narrows the list to a status, to one's own customers or to those overdue; a place to drop customers on.

    ``changed`` hears another choice, ``dropped`` the status (None for none) and its name; ``counted`` hears new
    figures, ``turned`` that the list was hidden or shown.
    """

    def __init__(self, parent: tk.Misc, context: Context, changed: Callable[[], None]) -> None:
        self._context, self._changed = context, changed
        self.dropped: Callable[[int | None, str], object] = lambda _status, _name: None
        self.counted: Callable[[], object] = lambda: None
        self.turned: Callable[[], object] = lambda: None
        self.figures: Figures | None = None
        self._wanted: bool | None = context.view.get(_VIEW_KEY)
        self._names: dict[str, str] = {}
        self._chosen, self._meant = ALL, ""
        self.widget: tk.Widget = ttk.Frame(parent, bootstyle="bordered", padding=1)
        self._parent = parent
        self._build()
        parent.bind("<Configure>", self._resized, add=True)

    def _build(self) -> None:
        self.tree = ttk.Treeview(self.widget, columns=("count",), show="tree", selectmode="browse", height=8)
        self.tree.column("#0", width=px(self._parent, _WIDTH - _COUNT_WIDTH), stretch=True)
        self.tree.column("count", width=px(self._parent, _COUNT_WIDTH), anchor="e", stretch=False)
        self.tree.pack(fill="both", expand=True)
        self.tree.bind("<<TreeviewSelect>>", lambda _event: self._picked())
        self.tree.bind("<F2>", lambda _event: self._by_key(self.rename))
        self.tree.bind("<Alt-Up>", lambda _event: self._by_key(lambda: self.move(-1)))
        self.tree.bind("<Alt-Down>", lambda _event: self._by_key(lambda: self.move(1)))
        aqua = self.tree.tk.call("tk", "windowingsystem") == "aqua"
        self.tree.bind("<Button-2>" if aqua else "<Button-3>", self._right)
        for key in ("<Menu>", "<App>", "<Shift-F10>"):
            if key != "<App>" or self.tree.tk.call("tk", "windowingsystem") == "win32":
                self.tree.bind(key, lambda _event: self._menu_by_key())
        self.tree.bind("<<ThemeChanged>>", lambda _event: self._themed(), add=True)
        self._themed()

    def _themed(self) -> None:
        colours = palette(self.tree)
        self.tree.tag_configure("heading", foreground=colours.muted, font="MpSmall")
        self.tree.tag_configure("target", background=colours.accent, foreground=colours.on_accent)
        self.tree.tag_configure("danger", foreground=colours.danger)

    # ---------------------------------------------------------------- shown or not

    @property
    def shown(self) -> bool:
        """Whether there is room and wish for it."""
        if self._wanted is not None:
            return self._wanted
        width = self._parent.winfo_width()
        return width <= 1 or width >= px(self._parent, _AUTOMATIC_FROM)

    def turn(self) -> None:
        """Hide it or show it; remembered."""
        self._wanted = not self.shown
        self._context.view.set(_VIEW_KEY, self._wanted)
        self._place()

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self._parent:
            self._place()

    def _place(self) -> None:
        packed = bool(self.widget.winfo_manager())
        if self.shown and not packed:
            beside = self._parent.pack_slaves()
            where: dict[str, Any] = {"before": beside[0]} if beside else {}
            self.widget.pack(side="left", fill="y", padx=(0, px(self._parent, 10)), **where)
        elif not self.shown and packed:
            self.widget.pack_forget()
        if packed != self.shown:
            self.turned()

    # ---------------------------------------------------------------- what is shown

    def reload(self) -> None:
        """Count anew off the main thread."""
        actor = self._context.actor
        self._context.background(
            lambda _progress: read_figures(actor), title="客户数", done=self._show, quiet=True
        )
        self._place()

    def _show(self, figures: Figures) -> None:
        if not self.tree.winfo_exists():
            return
        self.figures = figures
        inactive = {word.id for word in words(KIND, with_inactive=True) if not word.active}
        total = sum(share.count for share in figures.statuses)
        rows: list[tuple[str, str, int, str]] = [
            (ALL, "全部客户", total, ""),
            (OWN, "我的客户", figures.side.own, ""),
            (OVERDUE, "逾期未联系", figures.side.overdue, "danger" if figures.side.overdue else ""),
        ]
        rows += [
            (f"s{share.id or NOT_FILLED}", share.name, share.count, "")
            for share in figures.statuses
            if share.count or share.id not in inactive
        ]
        self._fill(rows)
        self.counted()

    def _fill(self, rows: Sequence[tuple[str, str, int, str]]) -> None:
        self._names = {key: name for key, name, _count, _tone in rows}
        self.tree.delete(*self.tree.get_children())
        for key, name, count, tone in rows:
            if key.startswith("s") and not self.tree.exists(_HEADING):
                self.tree.insert("", "end", _HEADING, text="按状态", tags=("heading",))
            self.tree.insert("", "end", key, text=name, values=(f"{count:,}",), tags=(tone,) if tone else ())
        if self._chosen not in self._names:
            self._chosen = ALL
            self._changed()
        self.tree.selection_set(self._chosen)
        self.tree.focus(self._chosen)

    def _picked(self) -> None:
        key = (*self.tree.selection(), "")[0]
        if key == _HEADING:
            self._step_over()
        elif key and key != self._chosen:
            self._chosen = key
            self._changed()

    def _step_over(self) -> None:
        """The heading is no choice: arrow keys go on to the one beyond it."""
        order = list(self.tree.get_children())
        place, before = order.index(_HEADING), order.index(self._chosen)
        beyond = order[place + (1 if before < place else -1)]
        self.tree.selection_set(beyond)
        self.tree.focus(beyond)

    def values(self) -> Mapping[str, Any]:
        """The status chosen, or whether it is one's own customers or those overdue."""
        status = int(self._chosen[1:]) if self._chosen.startswith("s") else None
        return {"status_id": status, OWN: self._chosen == OWN, OVERDUE: self._chosen == OVERDUE}

    def set(self, values: Mapping[str, Any]) -> None:
        """Choose without telling."""
        if not values.keys() & {"status_id", OWN, OVERDUE}:
            return
        status = values.get("status_id")
        marked = next((key for key in (OWN, OVERDUE) if values.get(key)), ALL)
        self._chosen = marked if status is None else f"s{status}"
        if self.tree.exists(self._chosen):
            self.tree.selection_set(self._chosen)
            self.tree.focus(self._chosen)

    def told(self) -> str:
        """The choice in words while the list is hidden; empty for everybody."""
        if self.shown or self._chosen == ALL:
            return ""
        name = self._names.get(self._chosen, "")
        return f"状态：{name}" if self._chosen.startswith("s") else name

    # ---------------------------------------------------------------- dropping on it

    def statuses(self) -> list[tuple[int | None, str]]:
        """What customers can be moved to, with none at the end."""
        return [
            (int(key[1:]) or None, name)
            for key, name in self._names.items()
            if key.startswith("s") and key[1:]
        ]

    def over(self, x: int, y: int) -> str | None:
        """The status under a place of the screen, marked."""
        tree = self.tree
        across, down = x - tree.winfo_rootx(), y - tree.winfo_rooty()
        inside = (
            tree.winfo_viewable() and 0 <= across < tree.winfo_width() and 0 <= down < tree.winfo_height()
        )
        key = str(tree.identify_row(down)) if inside else ""
        if key != self._meant:
            self.leave()
        self._meant = key if key.startswith("s") else ""
        if not self._meant:
            return None
        tree.item(key, tags=("target",))
        return self._names[key]

    def leave(self) -> None:
        """Take the mark away."""
        if self._meant and self.tree.exists(self._meant):
            self.tree.item(self._meant, tags=())

    def drop(self) -> None:
        """Move what was dragged to the status it was let go over."""
        self.dropped(int(self._meant[1:]) or None, self._names[self._meant])

    # ---------------------------------------------------------------- the words themselves

    def _by_key(self, act: Callable[[], object]) -> str:
        act()
        return "break"

    def _right(self, event: "tk.Event[tk.Misc]") -> str:
        key = str(self.tree.identify_row(event.y))
        if key and key != _HEADING:
            self.tree.focus_set()
            self.tree.selection_set(key)
            self.tree.focus(key)
            self._picked()  # the toolkit tells of the choice only after the menu is made
            popup(self.tree, self.menu(), event.x_root, event.y_root)
        return "break"

    def _menu_by_key(self) -> str:
        box = self.tree.bbox(self._chosen)
        if box:
            x, y = self.tree.winfo_rootx() + px(self.tree, 30), self.tree.winfo_rooty() + box[1] + box[3]
            popup(self.tree, self.menu(), x, y)
        return "break"

    def menu(self) -> list[MenuEntry]:
        """What can be done with the chosen status."""
        hide: MenuEntry = ("收起这一栏", self.turn)
        if not self._context.actor.can(MANAGE_SETTINGS):
            return [hide]
        one = self._word_id() is not None
        return [
            ("改名…", self.rename if one else None),
            ("新增状态…", self.add),
            ("上移", (lambda: self.move(-1)) if one else None),
            ("下移", (lambda: self.move(1)) if one else None),
            ("-", None),
            hide,
        ]

    def _word_id(self) -> int | None:
        return (int(self._chosen[1:]) or None) if self._chosen.startswith("s") else None

    def _may(self) -> bool:
        if self._word_id() is None:
            self._context.toast("请先在左边选择一个状态。", kind="info")
        return self._word_id() is not None and self._context.actor.can(MANAGE_SETTINGS)

    def rename(self) -> None:
        """Ask for another name of the chosen status."""
        if self._may():
            self._ask("状态改名", self._word_id(), self._names[self._chosen])

    def add(self) -> None:
        """Ask for a new status."""
        self._ask("新增状态", None, "")

    def _ask(self, title: str, item_id: int | None, name: str) -> FormDialog:
        def save(entered: Values) -> bool:
            return self._context.run(
                save_word,
                near=dialog,
                button=dialog.button,
                success=f"已保存状态“{entered['name']}”。",
                done=lambda _id: self.reload(),
                kind=KIND,
                item_id=item_id,
                **entered,
            )

        fields = (Field("name", "名称", required=True, limit=30),)
        dialog = FormDialog(self.widget, title, fields, values={"name": name}, on_submit=save, width=340)
        return dialog

    def move(self, step: int) -> None:
        """Put the chosen status earlier or later among them."""
        ids = [word.id for word in words(KIND, with_inactive=True)]
        status = self._word_id()
        if not self._may() or status not in ids:
            return
        place = ids.index(status)
        if 0 <= place + step < len(ids):
            ids.insert(place + step, ids.pop(place))
            self._context.run(arrange_words, kind=KIND, ids=ids, done=lambda _none: self.reload())
