"""The windows of a shift: opening the drawer with the money counted in it, and the look in between."""

import tkinter as tk
import uuid

import ttkbootstrap as ttk

from meiping.domains.sales.shifts import ShiftReport
from meiping.domains.till.queries.shifts import FloatOffer
from meiping.domains.till.rules import COINED_FEN, note_words
from meiping.domains.till.service import begin_shift
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.moments import show_moment
from meiping.kernel.money import show_fen
from meiping.ui.bills.receipt_dialog import show_slip
from meiping.ui.context import Context
from meiping.ui.pages.counter.shift_view import ShiftView
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.entries import MoneyEntry
from meiping.ui.widgets.note_counter import NoteCounter

_FOLDED, _UNFOLDED = "按面额清点 ▾", "按面额清点 ▴"
PIECES = tuple((fen, note_words(fen)) for fen in COINED_FEN)


class OpenShiftDialog(DialogWindow):
    """The float is offered as the last shift left it: Enter opens at once. Counted by note and coin where wished.

    ``number`` is the shift's once it is open.
    """

    def __init__(self, parent: tk.Misc, context: Context, offer: FloatOffer) -> None:
        super().__init__(parent, "开班")
        self._context, self._offer = context, offer
        self.number = ""
        self._key = str(uuid.uuid4())
        self._compared: int | None = None
        said = f"班次 {offer.number} 留下，加上之后的收付" if offer.number else "开班时钱箱里备着找零的钱"
        ttk.Frame(self.body, width=px(self, 380), height=0).pack()
        row = ttk.Frame(self.body)
        row.pack(fill="x")
        ttk.Label(row, text="备用金", font="MpBold").pack(side="left")
        self.amount = MoneyEntry(row, width=14, name="备用金")
        self.amount.configure(font="MpBig")
        self.amount.pack(side="right")
        self._below = below = ttk.Frame(self.body)
        below.pack(fill="x", pady=(px(self, 2), 0))
        self._fold = ttk.Button(below, text=_FOLDED, command=self._unfold, bootstyle="primary link")
        self._fold.configure(padding=0)
        self._fold.pack(side="left")
        ttk.Label(below, text=said, style="Muted.TLabel", font="MpSmall").pack(side="right")
        self._said = ttk.Label(self.body, justify="right", anchor="e", width=1)
        wrap_to_width(self._said)
        self.counter = NoteCounter(self.body, PIECES, on_change=self._counted, on_done=self._to_amount)
        self.button = self.add_button("开班  Enter", self.submit, bootstyle="primary")
        self.add_button("取消", self.dismiss)
        self.amount.set_value(offer.float_fen)
        self.amount.watch(self._compare)
        for key in ("<Return>", "<KP_Enter>", "<Control-Return>", "<Control-s>", "<Control-S>"):
            self.amount.bind(key, lambda _event: self._enter())
        self.open(self.amount)
        self.amount.select_range(0, "end")

    def _unfold(self) -> None:
        if self.counter.winfo_manager():
            self.counter.pack_forget()
            self._fold.configure(text=_FOLDED)
            self.amount.focus_set()
        else:
            self.counter.pack(fill="x", pady=(px(self, 10), 0))
            self._fold.configure(text=_UNFOLDED)
            self.counter.focus_first()
        self.geometry("")

    def _to_amount(self) -> None:
        self.amount.focus_set()

    def _counted(self) -> None:
        self.amount.set_value(self.counter.sum_fen)

    def _compare(self) -> None:
        """What differs from what was left is said before it is booked."""
        try:
            typed = self.amount.get_value()
        except InputError:
            typed = None
        if typed is not None and typed == self._compared:
            return  # only written tidily: what is said stands
        self._compared = typed
        self._say("")
        if self._offer.number and typed is not None and typed != self._offer.float_fen:
            gap = typed - self._offer.float_fen
            word = "多" if gap > 0 else "少"
            self._say(f"比账上{word} {show_fen(abs(gap))}，差额记入保险柜", "Warn.TLabel")

    def _say(self, text: str, style: str = "Bad.TLabel") -> None:
        self._said.configure(text=text, style=style)
        if not text:
            self._said.pack_forget()
        elif not self._said.winfo_manager():
            self._said.pack(fill="x", pady=(px(self, 6), 0), after=self._below)
        self.geometry("")

    def _enter(self) -> str:
        self.submit()
        return "break"

    def submit(self) -> None:
        """Open the shift."""
        try:
            if self.counter.winfo_manager():
                self.counter.check()
        except InputError as error:
            self._say(error.sentence)
            return
        try:
            float_fen = self.amount.get_value() or 0
        except InputError as error:
            self.show_error(error)
            return
        if self._context.run(
            begin_shift, key=self._key, float_fen=float_fen, near=self, button=self.button, done=self._opened
        ):
            self.close()

    def _opened(self, number: str) -> None:
        self.number = number

    def show_error(self, error: UserError) -> None:
        """Say a refusal below the amount."""
        self._say(error.sentence)
        self.amount.focus_set()


class LookDialog(DialogWindow):
    """F11 with an open shift: how it stands; from here it is printed and ended."""

    def __init__(self, parent: tk.Misc, context: Context, report: ShiftReport) -> None:
        head = report.figures.head
        super().__init__(parent, f"班次 {head.number}")
        self.wants_end = False
        about = f"{head.operator} {show_moment(head.opened_at)} 开班 · 营业日 {head.business_date}"
        ttk.Frame(self.body, width=px(self, 560), height=0).pack()
        ttk.Label(self.body, text=about, style="Muted.TLabel").pack(anchor="w", pady=(0, px(self, 10)))
        self.view = ShiftView(self.body)
        self.view.pack(fill="x")
        self.view.show(report)
        if report.figures.hidden:
            self._note("盲点交班：清点以后才显示应有金额。")
        if report.unfinished.words:
            self._note(f"{report.unfinished.words}。")
        end = self.add_button("清点交班", self._end, bootstyle="primary")
        self.add_button(
            "打印 Ctrl+P", lambda: show_slip(self, context, source="shift", number=head.number, reprint=False)
        )
        self.add_button("关闭", self.dismiss)
        for key in ("<Control-p>", "<Control-P>"):
            self.bind(
                key,
                lambda _event: show_slip(self, context, source="shift", number=head.number, reprint=False),
            )
        self.open(end)

    def _note(self, text: str) -> None:
        ttk.Label(self.body, text=text, style="SoftWarning.TLabel", padding=(px(self, 10), px(self, 6))).pack(
            fill="x", pady=(px(self, 8), 0)
        )

    def _end(self) -> None:
        self.wants_end = True
        self.close()
