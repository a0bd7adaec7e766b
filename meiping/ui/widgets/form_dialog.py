"""A form in a window of its own."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ttkbootstrap as ttk

from meiping.kernel.errors import InputError, UserError
from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.dialogs import ask
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_fields import Field
from meiping.ui.widgets.scroller import Scroller

Values = dict[str, Any]


class FormDialog(DialogWindow):
    """Asks, hands the values to ``on_submit`` and closes if that returns True; else it stays open as it is.

    Give the dialog itself as ``near`` to ``context.run``: it shows refusals beside their fields. Ctrl+S, Ctrl+Enter
    and Enter in the last field save; Esc closes and asks first only if something was typed. ``width`` is the form's
    in pixels at 100 %.
    """

    def __init__(
        self,
        parent: tk.Misc,
        title: str,
        fields: Sequence[Field],
        *,
        values: Mapping[str, Any] | None = None,
        submit: str = "保存",
        on_submit: Callable[[Values], bool],
        on_change: Callable[[str], object] | None = None,
        columns: int | None = None,
        width: int = 0,
        danger: bool = False,
    ) -> None:
        super().__init__(parent, title, resizable=True)
        self._on_submit = on_submit
        columns = columns or (2 if len(fields) > 6 else 1)
        width = width or (760 if columns > 1 else 420)
        ttk.Frame(self.body, width=px(self, width), height=0).pack()
        limit = self.winfo_screenheight() - px(self, 180)
        self.form = Form(self.body, fields, columns=columns, values=values, on_submit=self.submit)
        self.form.pack(fill="both", expand=True)
        self.update_idletasks()
        if self.form.winfo_reqheight() > limit:
            self.form.destroy()
            scroller = Scroller(self.body, width=px(self, width), height=limit, gutter=True)
            scroller.pack(fill="both", expand=True)
            self.form = Form(scroller.inner, fields, columns=columns, values=values, on_submit=self.submit)
            self.form.pack(fill="both", expand=True, padx=(0, px(self, 12)))
            # the buttons end where the fields do, not where the bar does
            self.footer.pack_configure(padx=(0, scroller.gutter + px(self, 12)))
        self.form.on_change = on_change
        self.button = self.add_button(submit, self.submit, bootstyle="danger" if danger else "primary")
        self.add_button("取消", self.dismiss)
        for key in ("<Control-s>", "<Control-S>"):
            self.bind(key, lambda _event: self.submit())
        self.open(self)
        self.form.focus_first()

    def submit(self) -> None:
        """Save: the values go to ``on_submit`` if all of them can be understood."""
        try:
            values = self.form.values()
        except InputError:
            return
        if self._on_submit(values):
            self.close()

    def show_error(self, error: UserError) -> None:
        """Say a refusal beside its field, or at the top."""
        self.form.show_error(error)

    def dismiss(self) -> None:
        """Close; asks first if something was typed."""
        if self.form.changed() and not ask(
            self, "放弃已填写的内容吗？", yes="放弃", no="继续填写", danger=True
        ):
            return
        self.close()
