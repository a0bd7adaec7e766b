"""The end of a shift: the drawer counted, what differs explained, what stays in it for the next one."""

import tkinter as tk
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.sales.shifts import ShiftReport, close_shift
from meiping.domains.till.queries.shifts import TenderFigures
from meiping.domains.till.rules import DIFFERENCE_REASONS, Tender
from meiping.domains.till.service import count_shift
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.money import show_fen
from meiping.ui.context import Context
from meiping.ui.pages.counter.shift_dialogs import PIECES
from meiping.ui.theme import px
from meiping.ui.widgets.cards import Card, wrap_to_width
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.entries import MoneyEntry
from meiping.ui.widgets.note_counter import NoteCounter
from meiping.ui.widgets.suggest_box import SuggestBox

_CASH = Tender.CASH.key
_UNTOLD = "清点后显示"


class EndShiftDialog(DialogWindow):
    """Enter walks from the notes to the sum, the other tenders, the reason, what is left; the last one ends the shift.

    ``number`` is the shift's once it has ended. Blind, the count is given in first: from then on it stands, and what
    should be there is shown.
    """

    def __init__(self, parent: tk.Misc, context: Context, report: ShiftReport) -> None:
        super().__init__(parent, f"交班 {report.figures.head.number}")
        self._context, self._report = context, report
        self.number = ""
        self._expected = {one.key: one.expected_fen for one in report.figures.tenders}
        self._blind = report.figures.hidden
        self._by_notes = self._left_typed = self._setting = self._given_in = False
        self.counts: dict[str, MoneyEntry] = {}
        self._told: dict[str, tuple[ttk.Label, ttk.Label]] = {}
        sides = ttk.Frame(self.body)
        sides.pack(fill="both", expand=True)
        self._build_cash(sides)
        self._build_tenders(sides)
        self._wrong = ttk.Label(
            self.body, style="SoftDanger.TLabel", padding=(px(self, 10), px(self, 6)), width=1
        )
        wrap_to_width(self._wrong)
        self.button = self.add_button(
            f"{'交出清点数' if self._blind else '交班'} Ctrl+S", self.submit, bootstyle="primary"
        )
        self.add_button("取消", self.dismiss)
        for key in ("<Control-s>", "<Control-S>", "<Control-Return>"):
            self.bind(key, lambda _event: self.submit())
        self._compare()
        self.open(self)
        self.notes.focus_first()

    # ---------------------------------------------------------------- building

    def _build_cash(self, sides: ttk.Frame) -> None:
        card = Card(sides, "清点现金")
        card.pack(side="left", fill="y", padx=(0, px(self, 14)))
        self.notes = NoteCounter(card.body, PIECES, on_change=self._notes_changed, on_done=self._to_sum)
        self.notes.pack(fill="x")
        hint = "也可以不点张数，直接填右边的合计"
        ttk.Label(card.body, text=hint, style="Muted.TLabel", font="MpSmall").pack(
            anchor="w", pady=(px(self, 8), 0)
        )

    def _build_tenders(self, sides: ttk.Frame) -> None:
        right = ttk.Frame(sides)
        right.pack(side="left", fill="both", expand=True)
        grid = ttk.Frame(right)
        grid.pack(fill="x")
        for column, word in enumerate(("方式", "应有", "清点", "差额")):
            label = ttk.Label(grid, text=word, style="Muted.TLabel", font="MpSmall")
            label.grid(
                row=0, column=column, sticky="e" if column else "w", padx=(px(self, 14) if column else 0, 0)
            )
        for row, one in enumerate(self._counted_tenders(), start=1):
            self._add_tender(grid, row, one)
        self._build_rest(right)

    def _counted_tenders(self) -> list[TenderFigures]:
        """Cash, and what else moved; blind all, so that nothing is told."""
        tenders = self._report.figures.tenders
        return [one for one in tenders if self._blind or one.key == _CASH or one.in_fen or one.out_fen]

    def _add_tender(self, grid: ttk.Frame, row: int, one: TenderFigures) -> None:
        gap = px(self, 3)
        ttk.Label(grid, text=one.title, font="MpBold" if one.key == _CASH else "MpBody").grid(
            row=row, column=0, sticky="w", pady=gap
        )
        expected, differs = ttk.Label(grid, anchor="e", width=12), ttk.Label(grid, anchor="e", width=12)
        expected.grid(row=row, column=1, sticky="e", padx=(px(self, 14), 0))
        entry = MoneyEntry(grid, width=13, name=f"{one.title}清点")
        entry.grid(row=row, column=2, padx=(px(self, 14), 0), pady=gap)
        differs.grid(row=row, column=3, sticky="e", padx=(px(self, 14), 0))
        self.counts[one.key], self._told[one.key] = entry, (expected, differs)
        entry.watch(partial(self._count_changed, one.key))
        for key in ("<Return>", "<KP_Enter>"):
            entry.bind(key, partial(self._walk, entry))

    def _build_rest(self, right: ttk.Frame) -> None:
        self._rest = ttk.Frame(right)
        self._rest.columnconfigure(1, weight=1)
        self._reason_word = ttk.Label(self._rest, text="差额原因")
        self.reason = SuggestBox(self._rest, lambda: DIFFERENCE_REASONS, width=22, limit=100, name="原因")
        left_word = ttk.Label(self._rest, text="留在钱箱")
        self.left = MoneyEntry(self._rest, width=13, name="留在钱箱")
        self._to_safe = ttk.Label(self._rest, style="Muted.TLabel", font="MpSmall", anchor="e")
        gap = {"pady": px(self, 3)}
        self._reason_word.grid(row=0, column=0, sticky="w", **gap)
        self.reason.grid(row=0, column=1, sticky="ew", padx=(px(self, 14), 0), **gap)
        left_word.grid(row=1, column=0, sticky="w", **gap)
        self.left.grid(row=1, column=1, sticky="e", padx=(px(self, 14), 0), **gap)
        self._to_safe.grid(row=2, column=1, sticky="e")
        for entry in (self.reason, self.left):
            for key in ("<Return>", "<KP_Enter>"):
                entry.bind(key, partial(self._walk, entry))
        self.left.watch(self._left_changed)
        if not self._blind:
            self._rest.pack(fill="x", pady=(px(self, 14), 0))

    # ---------------------------------------------------------------- counting

    def _to_sum(self) -> None:
        self.counts[_CASH].focus_set()

    def _notes_changed(self) -> None:
        self._by_notes, self._setting = True, True
        self.counts[_CASH].set_value(self.notes.sum_fen)
        self._setting = False
        self._compare()

    def _count_changed(self, key: str) -> None:
        if key == _CASH and not self._setting and self._by_notes and self._value(key) != self.notes.sum_fen:
            self._by_notes = False  # a sum typed over the notes counts instead of them
            self.notes.clear()
        self._compare()

    def _left_changed(self) -> None:
        if not self._setting:
            self._left_typed = True
        self._tell_safe()

    def _value(self, key: str) -> int | None:
        try:
            value = self.counts[key].get_value()
        except InputError:
            return None
        return None if value is None else int(value)

    def _difference(self, key: str) -> int | None:
        counted, expected = self._value(key), self._expected[key]
        return None if counted is None or expected is None else counted - expected

    def _compare(self) -> None:
        """What should be there and what differs, as far as it is told."""
        self._wrong.pack_forget()
        for key, (expected, differs) in self._told.items():
            should = self._expected[key]
            expected.configure(text=_UNTOLD if self._blind else show_fen(should))
            expected.configure(style="Muted.TLabel" if self._blind else "TLabel")
            gap = None if self._blind else self._difference(key)
            differs.configure(text=_gap_words(gap))
            differs.configure(style="Good.TLabel" if not gap else "Bad.TLabel" if gap < 0 else "Warn.TLabel")
        self._offer_left()

    def _offer_left(self) -> None:
        """As much as the shift began with stays in the drawer, unless another sum was typed."""
        counted = self._value(_CASH)
        if not self._left_typed:
            self._setting = True
            self.left.set_value(
                None if counted is None else min(counted, self._report.figures.head.float_fen)
            )
            self._setting = False
        self._tell_safe()

    def _tell_safe(self) -> None:
        counted = self._value(_CASH)
        try:
            left = self.left.get_value() or 0
        except InputError:
            left = None
        known = counted is not None and left is not None and 0 <= left <= counted
        self._to_safe.configure(text=f"放入保险柜 {show_fen((counted or 0) - (left or 0))}" if known else "")

    # ---------------------------------------------------------------- keys

    def _stops(self) -> list[tk.Widget]:
        stops: list[tk.Widget] = list(self.counts.values())
        if not self._blind:
            if any(self._difference(key) for key in self.counts):
                stops.append(self.reason)
            stops.append(self.left)
        return [one for one in stops if str(one.cget("state")) == "normal"]

    def _walk(self, entry: tk.Widget, _event: object) -> str:
        stops = self._stops()
        place = stops.index(entry) + 1 if entry in stops else len(stops)
        if place < len(stops):
            stops[place].focus_set()
        else:
            self.submit()
        return "break"

    # ---------------------------------------------------------------- ending

    def dismiss(self) -> None:
        """Close; asks first if something was counted that is not written down yet."""
        counted = any(entry.text.get().strip() for entry in self.counts.values()) and not self._given_in
        if not counted or self._context.ask("放弃清点的数字吗？", yes="放弃", no="继续清点", danger=True):
            self.close()

    def submit(self) -> None:
        """End the shift; blind, give the count in first."""
        try:
            if self._by_notes:
                self.notes.check()
            counted = {
                key: value for key, entry in self.counts.items() if (value := entry.get_value()) is not None
            }
            left_fen = 0 if self._blind else self.left.get_value() or 0
        except InputError as error:
            self.show_error(error)
            return
        if _CASH not in counted:
            self.show_error(InputError("请先清点钱箱里的现金，没有就填 0。", field="cash_fen"))
            return
        shift_id = self._report.figures.head.id
        if self._blind:
            self._context.run(
                count_shift,
                shift_id=shift_id,
                counted=counted,
                near=self,
                button=self.button,
                done=partial(self._count_given, counted),
            )
        elif self._context.run(
            close_shift,
            shift_id=shift_id,
            counted=counted,
            notes=self.notes.get() if self._by_notes else {},
            left_fen=left_fen,
            reason=self.reason.get_value(),
            near=self,
            button=self.button,
            done=self._ended,
        ):
            self.close()

    def _ended(self, number: str) -> None:
        self.number = number

    def _count_given(self, counted: dict[str, int], differences: dict[str, int]) -> None:
        """The count stands; what should be there may be seen now."""
        self._blind, self._given_in = False, True
        self._expected |= {key: counted[key] - gap for key, gap in differences.items()}
        self.notes.enable(False)
        for entry in self.counts.values():
            entry.enable(False)
        self.button.configure(text="交班 Ctrl+S")
        self._rest.pack(fill="x", pady=(px(self, 14), 0))
        self._compare()
        self.geometry("")
        self._stops()[0].focus_set()

    def show_error(self, error: UserError) -> None:
        """Say a refusal at the foot, and put the cursor where it belongs."""
        self._wrong.configure(text=error.sentence)
        self._wrong.pack(fill="x", pady=(px(self, 10), 0))
        self.geometry("")
        places: dict[str, tk.Widget] = {
            "cash_fen": self.counts[_CASH],
            "reason": self.reason,
            "left_fen": self.left,
        }
        place = places.get(error.field or "")
        if place is not None and str(place.cget("state")) == "normal":
            place.focus_set()


def _gap_words(gap: int | None) -> str:
    if gap is None:
        return ""
    return f"{'长' if gap > 0 else '短'} {show_fen(abs(gap))}" if gap else "相符"
