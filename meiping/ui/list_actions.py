"""What can be done with the rows of a list: the actions of a page or a pane, their keys and their menu."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial

from meiping.kernel.permissions import Permission
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.widgets.virtual_list import VirtualList


class Needs(Enum):
    """What must be selected for an action, and what its command gets."""

    NOTHING = "nothing"
    """``command()``: a button in the head."""
    ONE = "one"
    """``command(row)``: in the row's menu."""
    SOME = "some"
    """``command(rows)``: in the row's menu, for all selected rows."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do on the page; unseen without its ``permission``.

    ``key`` is a shortcut such as ``Control-n``; those of actions on rows work while the list has the focus.
    ``opens`` makes it the answer to a double click. ``menu`` False leaves an action on rows out of the row's menu,
    ``head`` puts it into the head as well.
    """

    text: str
    command: Callable[..., object]
    icon: str = ""
    permission: Permission | None = None
    key: str = ""
    needs: Needs = Needs.NOTHING
    primary: bool = False
    opens: bool = False
    menu: bool = True
    head: bool = False


class ListActions:
    """The actions the operator may do, served to a list: double click, row menu, keys."""

    def __init__(self, context: Context, actions: Sequence[Action]) -> None:
        self._context = context
        self.offered = [a for a in actions if a.permission is None or context.actor.can(a.permission)]
        self._list: VirtualList | None = None

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
            if action.key and (bare or action.needs is not Needs.NOTHING):
                rows.tree.bind(f"<{action.key}>", self._on_key(action))

    def perform(self, action: Action) -> None:
        """Do an action with what is selected; without the rows it needs, say so."""
        assert self._list is not None, "no list is served yet"
        rows = self._list.selected_rows() if action.needs is Needs.SOME else []
        row = self._list.current_row()
        if action.needs is Needs.NOTHING:
            action.command()
        elif action.needs is Needs.SOME and rows:
            action.command(rows)
        elif action.needs is Needs.ONE and row is not None:
            action.command(row)
        else:
            self._context.toast("请先在列表里选择一行。", kind="info")

    def _open(self, action: Action, row: Row) -> None:
        action.command([row] if action.needs is Needs.SOME else row)

    def _on_key(self, action: Action) -> Callable[[object], str]:
        def pressed(_event: object) -> str:
            self.perform(action)
            return "break"

        return pressed

    def _row_menu(self, _row: Row) -> list[tuple[str, Callable[[], object] | None]]:
        assert self._list is not None, "no list is served yet"
        count = self._list.selected_count()
        entries: list[tuple[str, Callable[[], object] | None]] = []
        for action in self.offered:
            if action.needs is Needs.NOTHING or not action.menu:
                continue
            many = action.needs is Needs.SOME and count > 1
            usable = action.needs is Needs.SOME or count == 1
            entries.append(
                (
                    f"{action.text}选中的 {count:,} 行" if many else action.text,
                    partial(self.perform, action) if usable else None,
                )
            )
        return entries
