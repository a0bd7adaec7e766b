"""What can be done with documents, for the page over all customers and the hub's tab alike."""

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from meiping.adapters.files import open_in_system
from meiping.domains.customers.queries import CustomerDetail
from meiping.domains.customers.rules import EDIT, VIEW
from meiping.domains.documents.keeping import copy_all_to, copy_for_opening, copy_to, keep_files
from meiping.domains.documents.queries import document_detail
from meiping.domains.documents.rules import (
    NAME_LIMIT,
    DocumentInput,
    NewDocument,
    ending,
    file_name,
    may_run,
)
from meiping.domains.documents.service import (
    HandedOut,
    change_document,
    delete_documents,
    hand_out_documents,
    replace_document,
    restore_documents,
)
from meiping.kernel.tabular import Row
from meiping.ui.context import Context
from meiping.ui.list_actions import Action, Needs
from meiping.ui.list_output import print_folder
from meiping.ui.pages.customers.documents.incoming import (
    ANY_FILE,
    Incoming,
    add_dialog,
    choose_files,
    document_fields,
    paste,
)
from meiping.ui.pages.customers.recycling import may_go, recycle
from meiping.ui.widgets.dialogs import choose_folder, choose_open_file, choose_save_file
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field


class DocumentCommands:
    """``customer`` gives whom new ones belong to: None asks for the customer, False says that now none may be added.

    ``reload`` fetches the list again, ``select`` brings a row of it to the front.
    """

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        *,
        customer: Callable[[], CustomerDetail | bool | None],
        reload: Callable[[], None],
        select: Callable[[int], object],
    ) -> None:
        self._parent, self._context = parent, context
        self._customer, self._reload, self._select = customer, reload, select

    def actions(self, *, add_key: str) -> tuple[Action, ...]:
        """For a list of documents."""
        return (
            Action("添加资料", self.add, "plus-lg", EDIT, key=add_key, primary=True),
            Action("粘贴图片", self.paste, "clipboard-plus", EDIT),
            Action("打开", self.open, permission=VIEW, needs=Needs.ONE, opens=True),
            Action("另存为…", self.save_as, permission=VIEW, needs=Needs.IDS_AND_ROW),
            Action("修改", self.change, permission=EDIT, key="F2", needs=Needs.ONE),
            Action("替换文件…", self.replace, permission=EDIT, needs=Needs.ONE),
            Action("删除", self.delete, permission=EDIT, key="Delete", needs=Needs.IDS_AND_ROW),
        )

    # ---------------------------------------------------------------- adding
    def add(self) -> None:
        """Choose files, then ask for category and notes."""
        if self._customer() is not False and (incoming := choose_files(self._parent)):
            self.take(incoming)

    def paste(self) -> None:
        """Add what was copied: a picture, or files."""
        if self._customer() is not False:
            paste(self._context, self.take)

    def take_dropped(self, paths: Sequence[Path]) -> None:
        """Add files that were dragged here; folders are told of and left out."""
        files = tuple(path for path in paths if not path.is_dir())
        if len(files) < len(paths):
            self._context.toast("文件夹不能放进来，请放文件。", kind="info")
        if files:
            self.take(Incoming(files))
        elif not paths:
            self._context.toast("拖进来的不是这台电脑上的文件。", kind="info")

    def take(self, incoming: Incoming) -> FormDialog | None:
        """Ask about files that are at hand, then add them."""
        whose = self._customer()
        if isinstance(whose, bool):
            return None
        return add_dialog(self._parent, self._context, incoming, self._added, customer=whose)

    def _added(self, ids: list[int]) -> None:
        self._saved(ids[-1])

    def _saved(self, document_id: int) -> None:
        self._reload()
        self._select(document_id)

    # ---------------------------------------------------------------- bytes out
    def open(self, row: Row) -> None:
        """Open a copy with the system's program; what may run something is asked about first."""
        if may_run(row["name"]) and not self._context.ask(
            f"“{row['name']}”可能是程序、脚本或带宏的文件。",
            yes="仍要打开",
            no="不打开",
            danger=True,
            detail="打开它可能会改动这台电脑。只打开来源可靠的文件。",
        ):
            return
        self._context.run(hand_out_documents, document_ids=[row["id"]], done=self._open)

    def _open(self, handed: list[HandedOut]) -> None:
        folder = self._context.folder

        def work(_progress: object) -> Path:
            path = copy_for_opening(folder, handed[0], print_folder())
            path.chmod(0o400)  # so that a program says at once that changes don't go back into the shop
            return path

        def done(path: Path) -> None:
            self._context.read(lambda _actor: open_in_system(path))

        self._context.background(work, title="打开资料", done=done)

    def save_as(self, ids: Sequence[int], row: Row | None) -> None:
        """Copy documents out of the data folder: one under a name, several into a folder."""
        if row is None:
            place = choose_folder(self._parent, "另存到哪个文件夹")
        else:
            name = file_name(row["name"])
            kind = ending(name)
            types = [(f"{kind.upper()} 文件", f"*.{kind}")] if kind else [("所有文件", "*")]
            place = choose_save_file(self._parent, "另存资料", types, name)
        if place is None:
            return
        self._context.run(
            hand_out_documents, document_ids=ids, saved=True, done=lambda handed: self._save(handed, place)
        )

    def _save(self, handed: list[HandedOut], place: Path) -> None:
        folder = self._context.folder

        def work(progress: Any) -> None:
            if len(handed) > 1:
                copy_all_to(folder, handed, place, progress=progress)
            else:
                copy_to(folder, handed[0], place, progress=progress)

        told = f"已另存 {len(handed)} 份资料到“{place.name}”。"
        self._context.background(work, title="另存资料", success=told)

    # ---------------------------------------------------------------- changing
    def change(self, row: Row) -> FormDialog | None:
        """Ask for another name, category or notes."""
        detail = self._context.read(document_detail, document_id=row["id"])
        if detail is None:
            return None

        def submit(entered: dict[str, Any]) -> bool:
            return self._context.run(
                change_document,
                document_id=detail.id,
                document=DocumentInput(entered["name"], entered["category_id"], entered["notes"]),
                near=dialog,
                success="已保存资料。",
                done=lambda _count: self._saved(detail.id),
            )

        name = Field("name", "资料", required=True, limit=NAME_LIMIT)
        values = {"name": detail.name, "category_id": detail.category_id, "notes": detail.notes}
        dialog = FormDialog(
            self._parent,
            "修改资料",
            [name, *document_fields()],
            values=values,
            on_submit=submit,
            columns=1,
            width=460,
        )
        return dialog

    def replace(self, row: Row) -> None:
        """Choose a file that takes the place of a document's."""
        path = choose_open_file(self._parent, f"用哪个文件替换“{row['name']}”", ANY_FILE)
        if path is not None:
            self.replace_by(row, path)

    def replace_by(self, row: Row, path: Path) -> None:
        """Put a file in the place of a document's; the former bytes stay in the data folder."""
        folder = self._context.folder

        def write(kept: list[NewDocument]) -> None:
            self._context.run(
                replace_document,
                document_id=row["id"],
                document=kept[0],
                success=lambda other: "已替换文件。" if other else "内容相同，没有替换。",
                done=lambda _other: self._saved(row["id"]),
            )

        self._context.background(
            lambda progress: keep_files(folder, [path], progress=progress), title="替换资料", done=write
        )

    def delete(self, ids: Sequence[int], row: Row | None) -> None:
        """Put documents into the recycle bin, with the way back in the message."""
        if may_go(self._context, ids, "份资料"):
            recycle(
                self._context,
                delete_documents,
                restore_documents,
                {"document_ids": ids},
                told=f"已把“{row['name']}”移入回收站。" if row else f"已把 {len(ids):,} 份资料移入回收站。",
                back=lambda back: f"已恢复 {len(back):,} 份资料。",
                done=self._reload,
            )
