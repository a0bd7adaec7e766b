"""What can be done with the rows of a list: the actions of a page or a pane, their keys and their menu."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from meiping.kernel.permissions import Permission
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.widgets.menus import MenuEntry
from meiping.ui.widgets.virtual_list import VirtualList


class Needs(Enum):
    """What must be selected for an action, and what its command gets."""

    NOTHING = "nothing"
    """``command()``: a button in the head."""
    ONE = "one"
    """``command(row)``: in the row's menu."""
    SOME = "some"
    """``command(rows)``: in the row's menu, for all selected rows."""
    IDS = "ids"
    """``command(ids)``: the same, where the ids are enough, also of very many."""
    IDS_AND_ROW = "ids and row"
    """``command(ids, row)``: the same; ``row`` is the selected one, None where several are."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do on the page; unseen without its ``permission``, unless a colleague could give it by PIN.

    ``key`` is a shortcut such as ``Control-n``; those of actions on rows work while the list has the focus.
    ``opens`` makes it the answer to a double click. ``menu`` says whether it stands in the row's menu, as actions on
    rows do by themselves; ``apart`` draws a line above it there, ``many`` is its word there where several rows are
    selected, with their ``{count}``. ``head`` puts it into the head as well. Of a ``submenu`` the command gives the
    entries of a menu beside it. While ``when`` gives False it is not offered: for what an option of the shop
    turns on.
    """

    text: str
    command: Callable[..., Any]
    icon: str = ""
    permission: Permission | None = None
    key: str = ""
    needs: Needs = Needs.NOTHING
    primary: bool = False
    opens: bool = False
    menu: bool | None = None
    head: bool = False
    apart: bool = False
    many: str = ""
    submenu: bool = False
    when: Callable[[], bool] | None = None

    @property
    def on_rows(self) -> bool:
        """Whether it is about selected rows."""
        return self.needs is not Needs.NOTHING

    @property
    def is_on(self) -> bool:
        """Whether it is there now."""
        return self.when is None or self.when()

    @property
    def in_menu(self) -> bool:
        """Whether the row's menu offers it."""
        return self.on_rows if self.menu is None else self.menu

    def words(self, count: int) -> str:
        """What the row's menu calls it while so many rows are selected."""
        if count < 2 or self.needs in (Needs.NOTHING, Needs.ONE):
            return self.text
        if self.many:
            return self.many.format(count=f"{count:,}")
        return f"{self.text.rstrip('…')}选中的 {count:,} 行{'…' if self.text.endswith('…') else ''}"


class ListActions:
    """The actions the operator may do, served to a list: double click, row menu, keys."""

    def __init__(self, context: Context, actions: Sequence[Action]) -> None:
        self._context = context
        self.offered = [a for a in actions if a.permission is None or context.may_get(a.permission)]
        self._all = actions
        self._list: VirtualList | None = None

    @property
    def unusable(self) -> frozenset[str]:
        """The keys of what the operator may not do, or not now."""
        usable = [action for action in self.offered if action.is_on]
        return frozenset(action.key for action in self._all if action.key and action not in usable)

    @property
    def in_head(self) -> list[Action]:
        """Those with a button above the list, the primary one first."""
        heads = [action for action in self.offered if action.head or action.needs is Needs.NOTHING]
        return sorted(heads, key=lambda action: not action.primary)

    def called(self, text: str | None) -> Action | None:
        """The action with this word, if the operator may do it."""
        return next((action for action in self.offered if action.text == text), None)

    def serve(self, rows: VirtualList, *, bare: bool = False) -> None:
        """Answer the hands in this list. ``bare`` binds the keys of actions that need no row to it as well."""
        self._list = rows
        opener = next((action for action in self.offered if action.opens), None)
        rows.on_open = partial(self._open, opener) if opener is not None else None
        rows.on_menu = self._row_menu
        for action in self.offered:
            if action.key and (bare or action.on_rows):
                rows.tree.bind(f"<{action.key}>", self._on_key(action))

    def perform(self, action: Action) -> None:
        """Do an action with what is selected; without the rows it needs, say so."""
        assert self._list is not None, "no list is served yet"
        given = self._given(self._list, action.needs)
        if given is None:
            self._context.toast("请先在列表里选择一行。", kind="info")
        else:
            action.command(*given)

    def _given(self, rows: VirtualList, needs: Needs) -> tuple[Any, ...] | None:
        """What a command gets of the selection, None if that is not enough."""
        if needs is Needs.NOTHING:
            return ()
        if needs is Needs.ONE:
            row = rows.current_row()
            return None if row is None else (row,)
        count = rows.selected_count()
        if not count:
            return None
        if needs is Needs.IDS:
            return (rows.selected_ids(),)
        if needs is Needs.IDS_AND_ROW:
            return rows.selected_ids(), rows.selected_rows()[0] if count == 1 else None
        return (rows.selected_rows(),)

    def _open(self, action: Action, row: Row) -> None:
        given = {
            Needs.SOME: ([row],),
            Needs.IDS: ([row["id"]],),
            Needs.IDS_AND_ROW: ([row["id"]], row),
        }
        action.command(*given.get(action.needs, (row,)))

    def _on_key(self, action: Action) -> Callable[[object], str]:
        def pressed(_event: object) -> str:
            if action.is_on:
                self.perform(action)
            return "break"

        return pressed

    def _row_menu(self, _row: Row) -> list[MenuEntry]:
        assert self._list is not None, "no list is served yet"
        count = self._list.selected_count()
        entries: list[MenuEntry] = []
        for action in self.offered:
            if not (action.in_menu and action.is_on):
                continue
            if action.apart and entries:
                entries.append(("-", None))
            usable = count == 1 if action.needs is Needs.ONE else True
            if action.submenu:
                entries.append((action.words(count), list(action.command())))
            else:
                entries.append((action.words(count), partial(self.perform, action) if usable else None))
        return entries
