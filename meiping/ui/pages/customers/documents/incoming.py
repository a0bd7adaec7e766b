"""Files on their way in: chosen, copied or pasted, kept off the main thread, then given to a customer."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meiping.adapters.pictures import from_clipboard
from meiping.domains.customers.queries import CustomerDetail
from meiping.domains.documents.keeping import keep_content, keep_files
from meiping.domains.documents.rules import (
    CATEGORIES,
    NOTES_LIMIT,
    PICTURES,
    NewDocument,
    ending,
)
from meiping.domains.documents.service import add_documents
from meiping.domains.settings.queries import words
from meiping.kernel.sizes import show_size
from meiping.store.folder import DataFolder
from meiping.ui.context import Context, Progress
from meiping.ui.customer_field import customer_field
from meiping.ui.widgets.dialogs import FileTypes, choose_open_files
from meiping.ui.widgets.form_dialog import FormDialog
from meiping.ui.widgets.form_fields import Field, FieldKind

ANY_FILE: FileTypes = (("所有文件", "*"), ("图片", "*.png *.jpg *.jpeg"), ("PDF 文件", "*.pdf"))
_NAMED = 4
"""So many names are said of the files about to be added."""
_PICTURE_WORD = "图片"
Added = Callable[[list[int]], None]
"""Hears the ids of what was added."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Files of the user's by their paths, or a pasted picture as PNG."""

    paths: tuple[Path, ...] = ()
    picture: bytes = b""
    picture_name: str = ""

    def names(self) -> list[str]:
        """What they are called."""
        return [self.picture_name] if self.picture else [path.name for path in self.paths]

    def keep(self, folder: DataFolder, progress: Progress) -> list[NewDocument]:
        """Copy the bytes into the data folder; for a worker. Raises InputError, UserError, Cancelled."""
        if self.picture:
            return [keep_content(folder, self.picture, self.picture_name)]
        return keep_files(folder, self.paths, progress=progress)

    def told(self) -> str:
        """The names, the rest of many as a number, and what they come to."""
        names = self.names()
        more = f" 等 {len(names)} 个文件" if len(names) > _NAMED else ""
        size = len(self.picture) or sum(path.stat().st_size for path in self.paths if path.is_file())
        return f"{'、'.join(names[:_NAMED])}{more}（{show_size(size)}）"


def choose_files(parent: tk.Misc) -> Incoming | None:
    """Ask for files; None if the user left."""
    paths = choose_open_files(parent, "选择要添加的文件（可以多选）", ANY_FILE)
    return Incoming(tuple(paths)) if paths else None


def paste(context: Context, then: Callable[[Incoming], object]) -> None:
    """Take a picture or files from the clipboard off the main thread, and go on with them."""
    name = f"截图 {context.actor.now().astimezone():%Y-%m-%d %H%M%S}.png"

    def done(found: bytes | list[Path]) -> None:
        then(
            Incoming(picture=found, picture_name=name) if isinstance(found, bytes) else Incoming(tuple(found))
        )

    context.background(lambda _progress: from_clipboard(), title="读取剪贴板", done=done)


def add_dialog(
    parent: tk.Misc,
    context: Context,
    incoming: Incoming,
    added: Added,
    *,
    customer: CustomerDetail | None = None,
    contact_record_id: int | None = None,
) -> FormDialog:
    """Ask for category and notes, and whose they are unless ``customer`` is given; then keep and add them."""

    def submit(entered: dict[str, Any]) -> bool:
        context.background(
            lambda progress: incoming.keep(context.folder, progress),
            title="添加资料",
            done=lambda kept: write(entered, kept),
        )
        return False  # the dialog stays until the files are in, so that nothing typed is lost

    def write(entered: dict[str, Any], kept: Sequence[NewDocument]) -> None:
        saved = context.run(
            add_documents,
            customer_id=customer.id if customer is not None else entered["customer_id"],
            documents=kept,
            category_id=entered["category_id"],
            notes=entered["notes"],
            contact_record_id=contact_record_id,
            near=dialog,
            success=lambda ids: f"已添加 {len(ids)} 份资料。",
            done=added,
        )
        if saved and dialog.winfo_exists():
            dialog.close()

    whose = [customer_field(context, required=True)] if customer is None else []
    for_whom = f"客户：{customer.shown_name}\n" if customer is not None else ""
    note = Field("files", "", FieldKind.NOTE, hint=f"{for_whom}文件：{incoming.told()}")
    fields = [note, *whose, *document_fields()]
    dialog = FormDialog(
        parent,
        "添加资料",
        fields,
        values={"category_id": _likely_category(incoming.names())},
        submit="添加",
        on_submit=submit,
        columns=1,
        width=460,
    )
    return dialog


def document_fields() -> list[Field]:
    """Category and notes."""
    return [
        Field("category_id", "类别", FieldKind.CHOICE, choices=_categories),
        Field("notes", "备注", FieldKind.LONG_TEXT, limit=NOTES_LIMIT, lines=3),
    ]


def _categories() -> list[tuple[Any, str]]:
    return [(word.id, word.name) for word in words(CATEGORIES)]


def _likely_category(names: Sequence[str]) -> int | None:
    """The shop's word for pictures, if all of them are."""
    if not all(ending(name) in PICTURES for name in names):
        return None
    return next((word.id for word in words(CATEGORIES) if word.name == _PICTURE_WORD), None)
