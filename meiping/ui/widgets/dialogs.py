"""Questions and bad news: verbs on the buttons, every one reachable by keyboard, Esc is no."""

import tkinter as tk
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tkinter import filedialog

import ttkbootstrap as ttk
from ttkbootstrap.dialogs import Querybox

from meiping.kernel.errors import UserError
from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow, grabbed
from meiping.ui.widgets.wrapping import even_wrap

FileTypes = Sequence[tuple[str, str]]
"""What the file is called and its pattern: ``("Excel 工作簿", "*.xlsx")``."""
_WRAP = 400


def _say(dialog: DialogWindow, icon: str, colour: str, sentence: str, detail: str = "") -> ttk.Frame:
    ttk.Label(dialog.body, image=ttk.Icon(icon, px(dialog, 28), colour)).pack(
        side="left", anchor="n", padx=(0, px(dialog, 14))
    )
    words = ttk.Frame(dialog.body)
    words.pack(side="left", fill="both", expand=True)
    said = ttk.Label(words, text=sentence, font="MpBold", justify="left")
    said.configure(wraplength=even_wrap(said, px(dialog, _WRAP)))
    said.pack(anchor="w")
    if detail:
        label = ttk.Label(words, text=detail, style="Muted.TLabel", justify="left")
        label.configure(wraplength=even_wrap(label, px(dialog, _WRAP)))
        label.pack(anchor="w", pady=(px(dialog, 6), 0))
    return words


class _Question(DialogWindow):
    def __init__(self, parent: tk.Misc, question: str, yes: str, no: str, danger: bool, detail: str) -> None:
        super().__init__(parent, "请确认")
        self.answer = False
        icon = ("exclamation-triangle", "danger") if danger else ("question-circle", "primary")
        _say(self, *icon, question, detail)
        self.yes = self.add_button(yes, self._agree, bootstyle="danger" if danger else "primary")
        self.no = self.add_button(no, self.dismiss)
        self.open(self.no if danger else self.yes)

    def _agree(self) -> None:
        self.answer = True
        self.close()


def ask(
    parent: tk.Misc, question: str, *, yes: str, no: str = "取消", danger: bool = False, detail: str = ""
) -> bool:
    """Ask and wait; the buttons bear verbs. With ``danger`` the harmless one has the focus. Esc is no."""
    dialog = _Question(parent, question, yes, no, danger, detail)
    dialog.wait_window()
    return dialog.answer


class _News(DialogWindow):
    def __init__(self, parent: tk.Misc, sentence: str, detail: str, technical: str, title: str) -> None:
        super().__init__(parent, title, resizable=bool(technical))
        words = _say(self, "exclamation-circle", "danger" if technical else "primary", sentence, detail)
        good = self.add_button("知道了", self.close, bootstyle="primary")
        if technical:
            self._technical = technical
            self._folded = ttk.Button(
                words, text="显示技术细节 ▾", bootstyle="primary link", command=self._unfold
            )
            self._folded.pack(anchor="w", pady=(px(self, 8), 0))
            self.add_button("复制", self._copy)
            self._text = ttk.Text(words, width=64, height=10, wrap="none", font="TkFixedFont", relief="flat")
            self._text.insert("1.0", technical)
            self._text.configure(state="disabled")
        self.open(good)

    def _unfold(self) -> None:
        if self._text.winfo_manager():
            self._text.pack_forget()
            self._folded.configure(text="显示技术细节 ▾")
        else:
            self._text.pack(fill="both", expand=True, pady=(px(self, 8), 0))
            self._folded.configure(text="收起技术细节 ▴")
        self.geometry("")

    def _copy(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(self._technical)


def tell(
    parent: tk.Misc, sentence: str, *, detail: str = "", technical: str = "", title: str = "提示"
) -> None:
    """Say one thing calmly and wait until it is read; ``technical`` lies folded, with a button to copy it."""
    _News(parent, sentence, detail, technical, title).wait_window()


class _TextQuestion(DialogWindow):
    def __init__(
        self,
        parent: tk.Misc,
        question: str,
        yes: str,
        value: str,
        show: str,
        check: Callable[[str], object] | None,
    ) -> None:
        super().__init__(parent, "请输入")
        self.answer: str | None = None
        self._check = check
        ttk.Label(self.body, text=question, wraplength=px(self, _WRAP), justify="left").pack(anchor="w")
        self.entry = ttk.Entry(self.body, width=36, show=show)
        self.entry.insert(0, value)
        self.entry.select_range(0, "end")
        self.entry.pack(fill="x", pady=(px(self, 8), 0))
        self._wrong = ttk.Label(self.body, style="Bad.TLabel", font="MpSmall", wraplength=px(self, _WRAP))
        self.add_button(yes, self._agree, bootstyle="primary")
        self.add_button("取消", self.dismiss)
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, lambda _event: self._agree())
        self.open(self.entry)

    def _agree(self) -> None:
        text = self.entry.get()
        try:
            if self._check is not None:
                self._check(text)
        except UserError as error:
            self._wrong.configure(text=error.sentence)
            self._wrong.pack(anchor="w", pady=(px(self, 4), 0))
            self.geometry("")
            self.entry.focus_set()
            return
        self.answer = text
        self.close()


def ask_text(
    parent: tk.Misc,
    question: str,
    *,
    yes: str = "确定",
    value: str = "",
    show: str = "",
    check: Callable[[str], object] | None = None,
) -> str | None:
    """Ask for one line and wait; None if the user left. ``check`` may raise a UserError, shown under the entry.

    ``show`` is the sign shown for each character of a secret.
    """
    dialog = _TextQuestion(parent, question, yes, value, show, check)
    dialog.wait_window()
    return dialog.answer


def choose_save_file(parent: tk.Misc, title: str, types: FileTypes, initial: str = "") -> Path | None:
    """Where to save; asks before overwriting. None if the user left. ``initial`` is a name or a whole path."""
    folder, name = _place(initial)
    with _grab_given_back(parent):
        chosen = Querybox.get_save_filename(
            parent.winfo_toplevel(),
            title=title,
            filetypes=list(types),
            initialdir=folder,
            initialfile=name,
            defaultextension=Path(types[0][1]).suffix if types else "",
        )
    return Path(chosen) if chosen else None


def choose_open_file(parent: tk.Misc, title: str, types: FileTypes, initial: str = "") -> Path | None:
    """Which file to read; None if the user left. ``initial`` is a name or a whole path."""
    folder, name = _place(initial)
    with _grab_given_back(parent):
        chosen = Querybox.get_open_filename(
            parent.winfo_toplevel(), title=title, filetypes=list(types), initialdir=folder, initialfile=name
        )
    return Path(chosen) if chosen else None


def choose_open_files(parent: tk.Misc, title: str, types: FileTypes) -> list[Path]:
    """Which files to read, several at once; empty if the user left."""
    with _grab_given_back(parent):
        chosen = Querybox.get_open_filenames(
            parent.winfo_toplevel(), title=title, filetypes=list(types), initialdir=str(Path.home())
        )
    return [Path(name) for name in chosen or ()]


def choose_folder(parent: tk.Misc, title: str) -> Path | None:
    """Which folder to write into; None if the user left."""
    with _grab_given_back(parent):
        chosen = filedialog.askdirectory(
            parent=parent.winfo_toplevel(), title=title, initialdir=str(Path.home()), mustexist=True
        )
    return Path(chosen) if chosen else None


@contextmanager
def _grab_given_back(parent: tk.Misc) -> Iterator[None]:
    """The system's own dialogs take the keys from the dialog they are over, and leave it without them."""
    held = grabbed(parent)
    yield
    if held is not None and held.winfo_exists() and held.winfo_viewable():
        held.grab_set()


def _place(initial: str) -> tuple[str, str]:
    """Folder and name to start with; a bare name starts in the home folder."""
    path = Path(initial)
    folder = path.parent if path.is_absolute() and path.parent.is_dir() else Path.home()
    return str(folder), path.name
