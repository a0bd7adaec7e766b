"""Taking the money: digits choose the tender, then the amount; Enter pays exactly, space takes the next round sum."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.till.rules import Tender
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.money import show_fen
from meiping.ui.pages.counter.payment_draft import PaymentDraft
from meiping.ui.pages.counter.taken_list import TakenList
from meiping.ui.pages.counter.tender_grid import TenderGrid, TenderKeys
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.cut_text import one_after_another
from meiping.ui.widgets.entries import MoneyEntry


class PaymentPanel(ttk.Frame):
    """Shown beside the lines; at rest only its tenders are seen.

    ``on_settle`` gets the finished draft; ``on_change`` hears every change of what is paid or typed, ``on_taken``
    gets the draft whenever a payment was taken or taken back, ``on_begin`` a click on a tender while at rest.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        on_settle: Callable[[PaymentDraft], object],
        on_change: Callable[[], object],
        on_taken: Callable[[PaymentDraft], object],
        on_begin: Callable[[Tender], object],
    ) -> None:
        super().__init__(parent)
        self._on_settle, self._on_change, self._on_begin = on_settle, on_change, on_begin
        self._on_taken = on_taken
        self.draft: PaymentDraft | None = None
        self.tender = Tender.CASH
        self._typing = False
        self._refused = False
        self._suggested = -1
        self._keeps = self._low = False
        keys = TenderKeys(self._clicked, self.stored_and_cash, self.pay_exactly, self._space, self.drop_last)
        self.chooser = TenderGrid(self, keys)
        self.chooser.pack(fill="x")
        self._build_amount()
        self._error = ttk.Label(self, style="Bad.TLabel", font="MpSmall", justify="left")
        self._help = ttk.Label(self, style="Muted.TLabel", font="MpSmall", justify="left")
        for label in (self._error, self._help):
            wrap_to_width(label)

    # ---------------------------------------------------------------- building

    def _build_amount(self) -> None:
        self._amount_box = ttk.Frame(self)
        self._taken = TakenList(self._amount_box)
        row = ttk.Frame(self._amount_box)
        row.pack(fill="x")
        self._amount_word = ttk.Label(row, font="MpBold")
        self._amount_word.pack(side="left")
        self.amount = MoneyEntry(row, width=10, name="金额")
        self.amount.configure(font="MpKpi")
        self.amount.pack(side="right", fill="x", expand=True, padx=(px(self, 12), 0))
        self.amount.watch(self._amount_changed)
        for key in ("<Return>", "<KP_Enter>"):
            self.amount.bind(key, lambda _event: self._entered())
        self.amount.bind("<space>", lambda _event: self._space())
        for key in ("<plus>", "<KP_Add>"):
            self.amount.bind(key, lambda _event: self._toggle_keep())
        self.amount.bind("<FocusIn>", lambda _event: self._focused(), add=True)
        self._about = ttk.Label(self._amount_box, style="Muted.TLabel", font="MpSmall")
        self._sums = ttk.Frame(self._amount_box)
        self._keep = ttk.Button(self._amount_box, takefocus=False, command=self._toggle_keep)
        self._keep.configure(padding=(px(self, 8), px(self, 3)))
        self._sum_buttons: list[tuple[int, ttk.Button]] = []

    # ---------------------------------------------------------------- beginning and ending

    def rest_quietly(self, *, usable: bool) -> None:
        """No payment under way: the tenders wait, to be clicked where ``usable``."""
        self.draft = None
        self._typing = False
        self._amount_box.pack_forget()
        self._say("")
        self._help.pack_forget()
        self.chooser.rest(usable=usable)

    def begin(self, draft: PaymentDraft) -> None:
        """Take the money for this draft; digits choose the tender."""
        self.draft = draft
        self._keeps = draft.keep_change
        self._say("")
        self.choose()

    def choose(self) -> None:
        """Back to choosing a tender; cash stands ready."""
        self._typing = False
        self._set_tender(Tender.CASH)
        self.chooser.focus_set()
        self._show()

    def back(self) -> bool:
        """One step back: from the amount to the tenders; False from there."""
        if self._typing:
            self._say("")
            self.choose()
            return True
        return False

    def drop_last(self) -> None:
        """Take back the payment taken last."""
        if self.draft is not None and self.draft.taken:
            self._keep_draft(self.draft.without_last())
            self.choose()

    def _keep_draft(self, draft: PaymentDraft) -> None:
        """The draft is another: a payment more, or one less."""
        self.draft = draft
        self._on_taken(draft)

    # ---------------------------------------------------------------- what is shown

    def set_low(self, low: bool) -> None:
        """Say all in less room in a low window."""
        self._low = low
        self.chooser.set_low(low)
        self._show()

    def _show(self) -> None:
        draft = self.draft
        if draft is None:
            return
        self.chooser.show(draft, self.tender, firmly=self._typing)
        self._show_taken(draft)
        self._amount_word.configure(
            text="实收现金" if self.tender is Tender.CASH else f"{self.tender.title}金额"
        )
        self._show_sums(draft)
        self._show_about(draft)
        self._show_keep(draft)
        self._amount_box.pack(fill="x", pady=(px(self, 10), 0))
        self._help.configure(text=self._help_words(draft))
        self._help.pack(fill="x", pady=(px(self, 4), 0))
        self._on_change()

    def _help_words(self, draft: PaymentDraft) -> str:
        drop = "Backspace 撤回一笔" if draft.taken else ""
        if draft.rest_fen <= 0:
            return one_after_another("Enter 结账", drop, "Esc 返回加货")
        space = "空格换整数" if self.tender is Tender.CASH else ""
        if self._typing:
            return one_after_another("Enter 确认", space, "Esc 重选付款方式")
        on_buttons = () if self._low and drop else ("数字选付款方式", "Enter 收现金")
        return one_after_another(*on_buttons, space, drop, "Esc 返回")

    def _show_taken(self, draft: PaymentDraft) -> None:
        self._taken.show(draft, low=self._low)
        if draft.payments:
            self._taken.pack(fill="x", pady=(0, px(self, 8)), before=self._amount_word.master)
        else:
            self._taken.pack_forget()

    def _show_sums(self, draft: PaymentDraft) -> None:
        for _, button in self._sum_buttons:
            button.destroy()
        self._sum_buttons.clear()
        sums = draft.suggestions() if self.tender is Tender.CASH else ()
        for place, sum_fen in enumerate(sums):
            self._sums.columnconfigure(place, weight=1, uniform="sum")
            button = ttk.Button(
                self._sums,
                text=_short(sum_fen),
                bootstyle="neutral outline",
                takefocus=False,
                command=partial(self._take_sum, place),
            )
            button.configure(padding=(0, px(self, 3)), width=1)
            button.grid(row=0, column=place, sticky="ew", padx=(px(self, 6) if place else 0, 0))
            self._sum_buttons.append((sum_fen, button))
        self._mark_sum()
        self._place_sums()

    def _place_sums(self) -> None:
        """Below the amount; where there is little room they give way to a refusal."""
        if self._sum_buttons and not (self._low and self._error.cget("text")):
            self._sums.pack(fill="x", pady=(px(self, 6), 0), after=self._amount_word.master)
        else:
            self._sums.pack_forget()

    def _show_about(self, draft: PaymentDraft) -> None:
        """What there is of stored value, credit or points."""
        words = draft.about(self.tender, self.typed_fen())
        self._about.configure(text=words)
        if words:
            self._about.pack(fill="x", pady=(px(self, 4), 0), after=self._amount_word.master)
        else:
            self._about.pack_forget()

    def _change_fen(self, draft: PaymentDraft) -> int:
        """What would be given back for the cash typed now."""
        over_fen = draft.change_for(self.typed_fen() or 0) if self.tender is Tender.CASH else 0
        return max(over_fen, 0) + draft.change_fen

    def _show_keep(self, draft: PaymentDraft) -> None:
        """The change of a named customer may go into stored value."""
        change_fen = self._change_fen(draft)
        if draft.customer is None or not change_fen:
            self._keep.pack_forget()
            return
        words = f"找零 {show_fen(change_fen)} 存入储值"
        self._keep.configure(
            text=f"✓ {words}（按 + 取消）" if self._keeps else f"{words}  +",
            bootstyle="primary" if self._keeps else "primary outline",
        )
        self._keep.pack(fill="x", pady=(px(self, 6), 0))

    @property
    def keeps_change(self) -> bool:
        """Whether the change goes into stored value."""
        return self._keeps and self.draft is not None and self.draft.customer is not None

    def _toggle_keep(self) -> str:
        """The change into stored value, or not."""
        draft = self.draft
        if draft is not None and draft.customer is not None and self._change_fen(draft):
            self._keeps = not self._keeps
            self._show_keep(draft)
            self._on_change()
        return "break"

    def _mark_sum(self) -> None:
        """The suggested sum that stands in the field."""
        typed_fen = self.typed_fen()
        for sum_fen, button in self._sum_buttons:
            here = self._typing and sum_fen == typed_fen
            button.configure(bootstyle="primary outline" if here else "neutral outline")

    def show_error(self, error: UserError) -> None:
        """Say a refusal under the amount; the tender it concerns is at hand again."""
        self._say(error.sentence)
        self.bell()
        if self.draft is not None and not self._typing:
            self.chooser.focus_set()

    def _say(self, sentence: str) -> None:
        self._error.configure(text=sentence)
        if sentence:
            self._error.pack(fill="x", pady=(px(self, 4), 0), after=self._amount_box)
        else:
            self._error.pack_forget()
        self._place_sums()
        self.amount.configure(style="Wrong.TEntry" if sentence and self._typing else "TEntry")

    def notice(self, sentence: str) -> None:
        """Say something that goes with the next key."""
        self._say(sentence)
        self.bell()

    def typed_fen(self) -> int | None:
        """The amount in the field, None while it can't be understood."""
        try:
            value: int | None = self.amount.get_value()
        except InputError:
            return None
        return value

    def is_typing(self) -> bool:
        """Whether a tender has been chosen and its amount is being typed."""
        return self._typing

    # ---------------------------------------------------------------- choosing

    def _clicked(self, tender: Tender) -> None:
        if self.draft is None:
            self._on_begin(tender)
        else:
            self.pick(tender)

    def pick(self, tender: Tender) -> None:
        """Choose a tender; its amount field has the focus, with the rest in it."""
        if self.draft is None:
            return
        reason = self.draft.why_not(tender)
        if reason:
            self._refuse_tender(reason, tender)
            return
        if self.draft.rest_fen <= 0:
            self.notice("已经付清，按 Enter 结账。")
            return
        self._say("")
        self._typing = True
        self._set_tender(tender)
        self._show()
        self.amount.focus_set()
        self._select_all()

    def _refuse_tender(self, reason: str, tender: Tender) -> None:
        """The next Enter was meant for this tender: it must not take cash."""
        self._refused = True
        self.notice(f"不能用{tender.title}：{reason}。")

    def _set_tender(self, tender: Tender) -> None:
        assert self.draft is not None
        self._refused = False
        self.tender = tender
        self._suggested = -1
        self.amount.set_value(max(self.draft.proposal_fen(tender), 0))

    def stored_and_cash(self) -> None:
        """All the stored value there is, then the rest in cash; one key."""
        draft = self.draft
        if draft is None:
            return
        stored_fen = min(draft.limit_fen(Tender.STORED_VALUE) or 0, draft.rest_fen)
        if stored_fen <= 0:
            self._refuse_tender(draft.why_not(Tender.STORED_VALUE) or "已经付清", Tender.STORED_VALUE)
            return
        taken = draft.take(Tender.STORED_VALUE, stored_fen)
        self._keep_draft(taken)
        self._say("")
        if taken.rest_fen > 0:
            self.pick(Tender.CASH)
        else:
            self.choose()

    # ---------------------------------------------------------------- paying

    def pay_exactly(self) -> None:
        """Enter before a tender is chosen, or F12: settle what is paid, else take the rest in cash."""
        if self.draft is None:
            return
        if self._typing:
            self._entered()
        elif self.draft.rest_fen <= 0:
            self._on_settle(self.draft)
        elif self._refused:
            self._refused = False
            self.notice("还没有收款：再按 Enter 收现金，或按数字选别的付款方式。")
        else:
            self._take(Tender.CASH, self.draft.rest_fen)

    def _entered(self) -> str:
        if self.draft is None or not self._typing:
            self.pay_exactly()
            return "break"
        try:
            typed_fen = self.amount.get_value()
        except InputError as error:
            self._refuse(error)
            return "break"
        self._take(self.tender, typed_fen or 0)
        return "break"

    def _take(self, tender: Tender, typed_fen: int) -> None:
        assert self.draft is not None
        try:
            draft = replace(self.draft.take(tender, typed_fen), keep_change=self._keeps)
        except InputError as error:
            self._refuse(error)
            return
        self._say("")
        if draft.rest_fen <= 0:
            self._on_settle(draft)
            return
        self._keep_draft(draft)
        self.choose()

    def _refuse(self, error: InputError) -> None:
        self._say(error.sentence)
        self.bell()
        if self._typing:
            self.amount.focus_set()
            self._select_all()

    def _space(self) -> str:
        """The next sum of cash likely to be handed over."""
        if self.draft is None or (self._typing and self.tender is not Tender.CASH):
            return "break"
        sums = self.draft.suggestions()
        if sums:
            self._take_sum(
                (self._suggested + 1) % len(sums) if self._suggested >= 0 else min(1, len(sums) - 1)
            )
        return "break"

    def _take_sum(self, place: int) -> None:
        if self.draft is None:
            return
        if not self._typing or self.tender is not Tender.CASH:
            self.pick(Tender.CASH)
        self._suggested = place
        self.amount.set_value(self.draft.suggestions()[place])
        self._select_all()

    def _select_all(self) -> None:
        self.amount.select_range(0, "end")
        self.amount.icursor("end")

    def _amount_changed(self) -> None:
        if self.draft is not None:
            self._say("")
            self._mark_sum()
            self._show_about(self.draft)
            self._show_keep(self.draft)
            self._on_change()

    def _focused(self) -> None:
        """A click into the field means: this tender, another amount."""
        if self.draft is not None and not self._typing:
            self._typing = True
            self._show()


def _short(fen: int) -> str:
    """``¥100`` where there are no cents."""
    return show_fen(fen).removesuffix(".00")
