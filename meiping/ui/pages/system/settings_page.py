"""设置: the shop's options as one form."""

import tkinter as tk
from typing import Any

import ttkbootstrap as ttk

from meiping.adapters.escpos import print_slip, trial_slip
from meiping.adapters.printing import PrintOutcome, PrintWay
from meiping.domains.settings.option_spec import OptionKind, OptionSpec
from meiping.domains.settings.options import OPTIONS
from meiping.domains.settings.queries import all_options
from meiping.domains.settings.service import save_options
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError
from meiping.ui.bills.till_printer import till_printer
from meiping.ui.context import Context
from meiping.ui.counter_keys_dialog import CounterKeysDialog
from meiping.ui.page_spec import PageParts
from meiping.ui.theme import px
from meiping.ui.widgets.cards import PageHead, margins
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.scroller import Scroller

_KINDS = {
    OptionKind.TEXT: FieldKind.TEXT,
    OptionKind.LONG_TEXT: FieldKind.LONG_TEXT,
    OptionKind.WHOLE: FieldKind.NUMBER,
    OptionKind.CHOICE: FieldKind.CHOICE,
    OptionKind.YES: FieldKind.CHECK,
    OptionKind.SEVERAL: FieldKind.SEVERAL,
}
_WIDTH = 820


def field_of(spec: OptionSpec) -> Field:
    """How an option is asked for."""
    return Field(
        spec.key,
        spec.title,
        _KINDS[spec.kind],
        required=spec.kind in (OptionKind.WHOLE, OptionKind.CHOICE) or spec.key == "shop.name",
        section=spec.section,
        choices=spec.choices,
        hint=spec.hint,
        lines=3,
        limit=spec.limit,
        width=18,
    )


class SettingsPage:
    """All options; nothing counts before it is saved."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._context = context
        self.widget: tk.Widget = ttk.Frame(parent)
        self._head = PageHead(self.widget, "设置")
        self.save_button = self._head.primary("保存", "check-lg", self.save, "Ctrl+S")
        self._head.action("打印测试页", "printer", self.print_trial)
        self._undo_button = self._head.action("还原", "arrow-counterclockwise", self.undo)
        self._head.action("收银快捷键", "keyboard", self.change_keys)
        scroller = Scroller(self.widget)
        scroller.pack(fill="both", expand=True, padx=(margins(self.widget), 0))
        holder = ttk.Frame(scroller.inner, width=px(parent, _WIDTH))
        holder.pack(anchor="w", fill="y", pady=(0, px(parent, 14)))
        holder.columnconfigure(0, minsize=px(parent, _WIDTH))
        self.form = Form(holder, [field_of(spec) for spec in OPTIONS], on_submit=self.save)
        self.form.grid(sticky="ew")
        self.form.on_change = lambda _key: self._tell()
        context.keys.bind(self.widget, {"Control-s": self.save})
        self.undo()

    def change_keys(self) -> None:
        """Show the keys of the counter and let them be changed."""
        taken = self._context.keys.taken_around(self.widget)
        CounterKeysDialog(self.widget, self._context, taken=taken).wait_window()

    def _tell(self) -> None:
        changed = self.form.changed()
        self._head.facts("有未保存的修改" if changed else "")
        self._undo_button.configure(state="normal" if changed else "disabled")

    def undo(self) -> None:
        """Show what is stored."""
        self.form.set_values(all_options())
        self.form.clear_errors()
        self._tell()

    def save(self) -> None:
        """Store what was changed."""
        try:
            values = self.form.values()
        except InputError:
            return
        stored = all_options()
        changed = {key: value for key, value in values.items() if value != stored[key]}
        if not changed:
            self._context.toast("没有需要保存的修改。", kind="info")
            return
        self._context.run(
            save_options,
            near=self.form,
            success="设置已保存",
            done=lambda _none: self.undo(),
            values=changed,
        )

    def print_trial(self) -> None:
        """Print a page by the printer as it stands in the form, saved or not."""
        if self._context.practice:
            self._context.toast("练习模式：不打印。", kind="info")
            return
        try:
            values = self.form.values()
        except InputError:
            return
        printer = till_printer(values)
        if printer is None:
            self._context.toast(
                "测试页给 ESC/POS 打印机用：请先把“小票打印机”改成 ESC/POS 的一种。", kind="info"
            )
            return

        def done(outcome: PrintOutcome) -> None:
            sent = outcome.way is PrintWay.SENT
            self._context.toast(f"测试页：{outcome.sentence}", kind="success" if sent else "warning")

        page = trial_slip(int(values["receipt.width"]), printer)
        self._context.background(lambda progress: print_slip(page, printer), title="打印测试页", done=done)

    def reload(self) -> None:
        """Show what is stored now, unless something is being changed here."""
        if not self.form.changed():
            self.undo()

    def focus(self) -> None:
        """Into the first field."""
        self.form.focus_first()

    def open(self, **_arguments: Any) -> None:
        """Come here from elsewhere."""
        self.focus()


PAGE = PageParts(
    build=SettingsPage,
    watches=frozenset({Topic.SETTINGS}),
    help="店铺、小票、收银、安全和备份的设置。改好后按 Ctrl+S 保存，马上生效。",
    keys=(("Ctrl+S", "保存"), ("回车", "到下一项")),
)
