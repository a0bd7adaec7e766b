"""备份与恢复: one click to save, one to go back, and what lies in the folder of backups."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import ttkbootstrap as ttk

from meiping.adapters.files import open_in_system
from meiping.domains.maintenance.queries import (
    BACKUP_COLUMNS,
    RestoredState,
    backups,
    last_backup,
    preview_restore,
    restored_state,
)
from meiping.domains.maintenance.rules import MAKE_BACKUP, RESTORE_BACKUP
from meiping.domains.maintenance.service import (
    back_up,
    confirm_restore,
    delete_backups,
    delete_old_data,
    restore,
    undo_restore,
    verify_backup,
)
from meiping.kernel.changes import Topic
from meiping.kernel.moments import show_moment
from meiping.kernel.sizes import show_size
from meiping.kernel.tabular import Row
from meiping.store.backup import MANUAL, BackupInfo
from meiping.store.backup_shelf import new_path
from meiping.store.database import writing
from meiping.ui.context import Context, Progress
from meiping.ui.list_page import Action, ListPage, ListSpec, Needs
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.system.restore_dialog import RestoreDialog
from meiping.ui.theme import px
from meiping.ui.widgets.cards import margins
from meiping.ui.widgets.dialogs import choose_open_file, choose_save_file

_TYPES = (("meiping 备份", "*.zip"),)


class BackupPage(ListPage):
    """The folder of backups, and the way back."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        super().__init__(
            parent,
            context,
            ListSpec(
                key="backups",
                title="备份与恢复",
                unit="份备份",
                columns=BACKUP_COLUMNS,
                listing=lambda _asked: backups(context.actor, folder=context.folder.root),
                facts=self._facts,
                actions=(
                    Action("立即备份", self.back_up, "shield-check", MAKE_BACKUP, "Control-b", primary=True),
                    Action("备份到…", self.back_up_elsewhere, "usb-drive", MAKE_BACKUP),
                    Action(
                        "恢复",
                        self.restore_row,
                        "arrow-counterclockwise",
                        RESTORE_BACKUP,
                        needs=Needs.ONE,
                        opens=True,
                        head=True,
                    ),
                    Action("校验", self.verify, permission=MAKE_BACKUP, needs=Needs.ONE),
                    Action("打开所在文件夹", self._show_folder, permission=MAKE_BACKUP, needs=Needs.ONE),
                    Action("删除", self.delete, permission=RESTORE_BACKUP, key="Delete", needs=Needs.SOME),
                ),
                empty=("还没有备份。\n备份把全部数据存成一个文件，最好再存一份到 U 盘。", "立即备份"),
                output=False,
            ),
        )
        self._strip = _RestoredStrip(self, self._confirm, self._undo)
        if context.actor.can(RESTORE_BACKUP):
            self.head.menu("更多", "three-dots", self._more)
            self._strip.show(self._state())

    # ------------------------------------------------------------------- what is shown
    def _facts(self) -> str:
        last = last_backup(self.context.folder.root, self.context.actor.now())
        if last.made_at is None:
            return "还没有完好的备份"
        return f"最近一份完好的备份：{last.words}"

    def _state(self) -> RestoredState | None:
        state = self.context.read(restored_state, folder=self.context.folder.root)
        return state if isinstance(state, RestoredState) else None

    def reload(self) -> None:
        """Fetch again what lies in the folder and whether a restore waits to be confirmed."""
        super().reload()
        if self.context.actor.can(RESTORE_BACKUP):
            self._strip.show(self._state())

    def _more(self) -> Sequence[tuple[str, Callable[[], object] | None]]:
        state = self._state()
        undo = self._undo if state is not None and state.can_undo else None
        old = state.old_bytes if state is not None else 0
        size = f"（{show_size(old)}）" if old else ""
        return (
            ("从别处的备份文件恢复…", self.restore_file),
            ("撤销上次恢复", undo),
            (f"删除恢复前的旧数据{size}", self._delete_old if old else None),
            ("-", None),
            ("打开备份文件夹", lambda: self._open(self.context.folder.backups)),
        )

    # ------------------------------------------------------------------------- saving
    def _in_background(
        self, verb: Callable[..., Any], title: str, done: Callable[[Any], None], **values: Any
    ) -> None:
        """Call a verb about files off the main thread, with a connection of that thread."""
        actor, root = self.context.actor, self.context.folder.root

        def work(progress: Progress) -> Any:
            with writing():
                return verb(actor, folder=root, progress=progress, **values)

        self.context.background(work, title=title, done=done)

    def back_up(self, target: Path | None = None) -> None:
        """Make a backup in the data folder, or at ``target``."""
        self._in_background(back_up, "备份", partial(self._backed_up, target), target=target)

    def _backed_up(self, target: Path | None, info: BackupInfo) -> None:
        place = "" if target is None else f"到“{info.path}”"
        if info.damaged_documents:
            self.context.toast(
                f"备份{place}完成，但有 {info.damaged_documents} 个资料文件已损坏，请到“检查数据”查看。",
                kind="warning",
            )
        else:
            self.context.toast(f"备份{place}完成并已校验，{show_size(info.size)}。")
        self.reload()
        if target is None:
            self.list.select_id(info.path.name)

    def back_up_elsewhere(self) -> None:
        """Make a backup at a place the user chooses."""
        at = int(self.context.actor.now().timestamp() * 1000)
        name = new_path(self.context.folder, MANUAL, at).name
        target = choose_save_file(self.widget, "备份到", _TYPES, name)
        if target is not None:
            self.back_up(target)

    def verify(self, row: Row) -> None:
        """Read a backup through."""

        def done(info: BackupInfo) -> None:
            self.context.toast(f"备份“{info.path.name}”完好。")
            self.reload()

        path = self.context.folder.backups / row["name"]
        self._in_background(verify_backup, "校验备份", done, path=path)

    def delete(self, rows: Sequence[Row]) -> None:
        """Delete backups, once the user is sure."""
        self.context.run(
            delete_backups,
            folder=self.context.folder.root,
            names=[row["name"] for row in rows],
            success=lambda count: f"已删除 {count} 份备份",
            done=lambda _count: self.reload(),
        )

    def _show_folder(self, _row: Row) -> None:
        self._open(self.context.folder.backups)

    def _open(self, folder: Path) -> None:
        self.context.run(lambda _actor: open_in_system(folder))

    # ---------------------------------------------------------------------- restoring
    def restore_row(self, row: Row) -> None:
        """Restore a backup of the list; what can't be read says why."""
        if row["problem"]:
            self.context.toast(row["problem"], kind="danger")
        else:
            self.restore_from(self.context.folder.backups / row["name"])

    def restore_file(self) -> None:
        """Restore a backup from anywhere."""
        path = choose_open_file(self.widget, "选择备份文件", _TYPES)
        if path is not None:
            self.restore_from(path)

    def restore_from(self, path: Path) -> None:
        """Show what would change, and restore if the user agrees."""
        preview = self.context.read(preview_restore, path=path)
        if preview is not None:
            RestoreDialog(self.widget, preview, on_agree=lambda: self._restore(path))

    def _restore(self, path: Path) -> None:
        def done(result: Any) -> None:
            self.context.restart(
                f"已恢复 {show_moment(result.info.manifest.made_at)} 的备份。请登录后核对数据。"
            )

        self._in_background(restore, "恢复备份", done, path=path)

    def _confirm(self) -> None:
        self.context.run(
            confirm_restore,
            folder=self.context.folder.root,
            success="已确认，自动备份继续。",
            done=lambda _none: self.reload(),
        )

    def _undo(self) -> None:
        detail = "恢复之后新记的内容会先备份，再回到恢复之前的数据。程序会回到登录界面。"
        if self.context.ask("撤销上次恢复吗？", yes="撤销恢复", no="不撤销", danger=True, detail=detail):
            self._in_background(
                undo_restore, "撤销恢复", lambda _name: self.context.restart("已撤销恢复，请登录。")
            )

    def _delete_old(self) -> None:
        self.context.run(
            delete_old_data,
            folder=self.context.folder.root,
            success=lambda size: f"已删除旧数据，腾出 {show_size(size)}",
            done=lambda _size: self.reload(),
        )


class _RestoredStrip:
    """Says under the head that the data come from a backup until someone has looked at them."""

    def __init__(self, page: BackupPage, confirm: Callable[[], None], undo: Callable[[], None]) -> None:
        self._page = page
        outer = page.widget
        self._frame = ttk.Frame(outer, style="SoftWarning.TFrame", padding=(px(outer, 12), px(outer, 8)))
        self._words = ttk.Label(self._frame, style="SoftWarning.TLabel", justify="left")
        self._words.pack(side="left")
        for word, command in (("撤销恢复", undo), ("数据正确", confirm)):
            button = ttk.Button(self._frame, text=word, command=command, style="SoftWarning.TButton")
            button.pack(side="right", padx=(px(outer, 8), 0))

    def show(self, state: RestoredState | None) -> None:
        """Show or hide."""
        if state is None or not state.waits or state.origin is None:
            self._frame.pack_forget()
            return
        when = show_moment(state.origin.made_at)
        self._words.configure(text=f"现在用的是 {when} 的备份。请核对数据，确认之前不再自动备份。")
        outer = self._page.widget
        self._frame.pack(fill="x", padx=margins(outer), pady=(0, px(outer, 10)), after=self._page.head)


PAGE = PageParts(
    build=BackupPage,
    watches=frozenset({Topic.BACKUPS}),
    help="一份备份是一个文件，里面有全部数据和资料。每份备份做好后都会重新读一遍校验。"
    "恢复时先校验备份、再保存现在的数据，随时可以撤销。请常常备份到 U 盘。",
    keys=(("Ctrl+B", "立即备份"), ("双击 / 回车", "恢复选中的备份"), ("Delete", "删除选中的备份")),
)
