"""The menu of what an operator keeps under a name: searches of a list, settings of a report."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from meiping.ui.context import Context
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field

Entry = tuple[str, Callable[[], object] | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """Something kept; ``content`` is what ``SavedMenu.use`` gets."""

    id: int
    name: str
    content: Any


@dataclass(frozen=True, slots=True)
class SavedMenu:
    """Offers what is kept, and to keep, rename and delete.

    ``kept`` reads it; ``use`` shows it. ``save`` is a verb that takes ``name`` and what ``present`` gives; ``rename``
    takes ``search_id`` and ``name``, ``delete`` takes ``search_id``. ``missing`` says why there is nothing to keep yet.
    """

    owner: tk.Misc
    context: Context
    kept: Callable[[], Sequence[Kept]]
    use: Callable[[Any], object]
    save: Callable[..., Any]
    present: Callable[[], dict[str, Any]]
    rename: Callable[..., Any]
    delete: Callable[..., Any]
    missing: Callable[[], str] = str

    def entries(self) -> list[Entry]:
        """For a menu button."""
        kept = self.kept()
        found: list[Entry] = [(one.name, partial(self.use, one.content)) for one in kept]
        found.append(("-", None) if kept else ("还没有保存过", None))
        found.append(("保存现在的条件…", self._keep))
        found += [(f"改名“{one.name}”…", partial(self._ask_rename, one)) for one in kept]
        return [*found, *((f"删除“{one.name}”", partial(self._delete, one)) for one in kept)]

    def _keep(self) -> None:
        if missing := self.missing():
            self.context.toast(missing, kind="info")
        else:
            self.ask_name()

    def ask_name(self) -> FormDialog:
        """Keep what is on screen under a name."""

        def submit(values: Values) -> bool:
            return self.context.run(
                self.save,
                name=values["name"],
                **self.present(),
                near=dialog,
                button=dialog.button,
                success=f"已保存“{values['name']}”，在“常用”里随时可以再用。",
            )

        field = Field("name", "名称", required=True, limit=20)
        dialog = FormDialog(self.owner, "保存条件", (field,), on_submit=submit)
        return dialog

    def _ask_rename(self, kept: Kept) -> FormDialog:
        def submit(values: Values) -> bool:
            return self.context.run(
                self.rename,
                search_id=kept.id,
                name=values["name"],
                near=dialog,
                button=dialog.button,
                success=f"已改名为“{values['name']}”。",
            )

        field = Field("name", "名称", required=True, limit=20)
        dialog = FormDialog(self.owner, "改名", (field,), values={"name": kept.name}, on_submit=submit)
        return dialog

    def _delete(self, kept: Kept) -> None:
        if not self.context.ask(f"删除保存的“{kept.name}”吗？", yes="删除", danger=True):
            return
        self.context.run(self.delete, search_id=kept.id, success=f"已删除“{kept.name}”。")
