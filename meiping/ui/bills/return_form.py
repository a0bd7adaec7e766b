"""Which lines of a bill come back, how many, why, and what goes back to the customer before it does."""

import tkinter as tk
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.loyalty.card_rules import USED_CARD
from meiping.domains.sales.queries import BillDetail, BillLineDetail, bill_detail
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.returns import PostedReturn, Refund, refund_of, return_goods
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.moments import show_moment
from meiping.kernel.money import show_fen
from meiping.kernel.quantity import show_milli
from meiping.ui.bills.cards_dialog import CardsDialog
from meiping.ui.bills.return_words import RETURN_WAYS, refund_word
from meiping.ui.context import Context
from meiping.ui.theme import chars, px
from meiping.ui.widgets.cut_text import CutLabel
from meiping.ui.widgets.entries import QuantityEntry
from meiping.ui.widgets.scroller import Scroller

REASONS = ("质量问题", "拿错了", "不想要了", "价格有误", "多买了")


@dataclass(slots=True)
class _Asked:
    """A line and the entry for what comes back of it."""

    line: BillLineDetail
    entry: QuantityEntry


@dataclass(frozen=True, slots=True)
class Chosen:
    """What comes back: the bill, thousandths by line id, and whether the goods go to waste."""

    sale_id: int
    quantities: dict[int, int]
    to_waste: bool


class ReturnForm(ttk.Frame):
    """One bill's return. ``on_posted`` gets what was posted; ``submit`` does it."""

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        *,
        on_posted: Callable[[PostedReturn], None],
        on_refund: Callable[[int | None], object],
    ) -> None:
        super().__init__(parent)
        self._context, self._on_posted, self._on_refund = context, on_posted, on_refund
        self.bill: BillDetail | None = None
        self._key = ""
        self._asked: list[_Asked] = []
        self._job: str | None = None
        self._refused_for = ""
        self._build_head()
        self._build_foot()
        self._scroller: Scroller | None = None
        self._blank = ttk.Label(
            self, text="选一张单，这里选择要退的商品", style="Muted.TLabel", justify="center"
        )
        self._content: tuple[tk.Widget, ...] = (self._head, self._foot)
        self.clear()

    def _build_head(self) -> None:
        self._head = ttk.Frame(self)
        self._about = CutLabel(self._head, style="Muted.TLabel", font="MpSmall")
        self._about.pack(side="bottom", fill="x", pady=(px(self, 4), 0))
        self._number = ttk.Label(self._head, font="MpBig")
        self._number.pack(side="left")
        for text, whole in (("全不退", False), ("整单退", True)):
            button = ttk.Button(
                self._head, text=text, command=partial(self.set_all, whole), bootstyle="neutral outline"
            )
            button.configure(padding=(px(self, 8), px(self, 2)), takefocus=False)
            button.pack(side="right", padx=(px(self, 6), 0))

    def _build_foot(self) -> None:
        self._foot = ttk.Frame(self)
        row = ttk.Frame(self._foot)
        row.pack(fill="x", pady=(px(self, 10), 0))
        ttk.Label(row, text="原因").pack(side="left", padx=(0, px(self, 8)))
        self.reason = ttk.Combobox(row, values=REASONS, width=18)
        self.reason.pack(side="left")
        for key in ("<Return>", "<KP_Enter>"):
            self.reason.bind(key, lambda _event: self.submit())
        self._waste = ttk.BooleanVar(self, False)
        waste = ttk.Checkbutton(row, text="商品报损，不回库存", variable=self._waste)
        waste.pack(side="left", padx=(px(self, 16), 0))
        self._way = ttk.StringVar(self, RefundWay.AS_PAID.value)
        ways = ttk.Frame(self._foot)
        ways.pack(fill="x", pady=(px(self, 8), 0))
        ttk.Label(ways, text="退款").pack(side="left", padx=(0, px(self, 8)))
        self._radios: dict[RefundWay, ttk.Radiobutton] = {}
        for way, text in RETURN_WAYS:
            radio = ttk.Radiobutton(
                ways, text=text, value=way.value, variable=self._way, command=self._ask_refund
            )
            radio.pack(side="left", padx=(0, px(self, 14)))
            self._radios[way] = radio
        self._refund = ttk.Label(self._foot, font="MpKpi")
        self._refund.pack(anchor="w", pady=(px(self, 8), 0))
        self._by = ttk.Label(self._foot, style="Muted.TLabel")
        self._by.pack(anchor="w")
        self._wrong = ttk.Label(self._foot, style="Bad.TLabel", font="MpSmall", justify="left")
        self._wrong.pack(anchor="w", fill="x")
        self._wrong.bind("<Configure>", lambda event: self._wrong.configure(wraplength=event.width))

    # ---------------------------------------------------------------- the bill

    def clear(self) -> None:
        """No bill chosen."""
        self.bill, self._asked = None, []
        for part in self._content:
            part.pack_forget()
        if self._scroller is not None:
            self._scroller.destroy()
            self._scroller = None
        self._blank.place(relx=0.5, rely=0.4, anchor="center")
        self._on_refund(None)

    def show(self, bill: BillDetail) -> None:
        """A bill to return from: all that is left of it comes back unless less is typed."""
        self.clear()
        self.bill, self._key = bill, str(uuid.uuid4())
        self._blank.place_forget()
        paid = "、".join(f"{word} {show_fen(amount)}" for word, amount, _ in bill.tenders)
        self._number.configure(text=bill.number)
        self._about.say(f"{show_moment(bill.posted_at)} · {bill.customer} · {paid}")
        self._head.pack(fill="x")
        self._foot.pack(side="bottom", fill="x")
        self._scroller = Scroller(self)
        self._scroller.pack(fill="both", expand=True, pady=(px(self, 8), 0))
        self._foot.lift()  # Tab goes in this order: quantities, reason, ways
        self._build_lines(self._scroller.inner, bill)
        self._way.set(RefundWay.AS_PAID.value)
        self._radios[RefundWay.STORED].configure(state="normal" if bill.customer_id else "disabled")
        self._waste.set(False)
        self.reason.set("")
        self._ask_refund()

    def _build_lines(self, box: ttk.Frame, bill: BillDetail) -> None:
        box.columnconfigure(0, weight=1)
        for column, (title, sticky) in enumerate(
            (("商品", "w"), ("实付", "e"), ("可退", "e"), ("退几件", "e"))
        ):
            head = ttk.Label(box, text=title, style="Muted.TLabel", font="MpSmall")
            head.grid(row=0, column=column, sticky=sticky, padx=px(self, 6), pady=(0, px(self, 4)))
        sold = [line for line in bill.lines if line.qty_milli > 0]
        for row, line in enumerate(sold, start=1):
            gap = {"padx": px(self, 6), "pady": px(self, 3)}
            name = CutLabel(box, style="Muted.TLabel" if not line.left_milli else "TLabel")
            name.grid(row=row, column=0, sticky="ew", **gap)
            name.say(line.product_name)
            ttk.Label(box, text=show_fen(line.net_fen)).grid(row=row, column=1, sticky="e", **gap)
            left = f"{show_milli(line.left_milli)} {line.unit}".strip() if line.left_milli else "已退完"
            ttk.Label(box, text=left, style="Muted.TLabel").grid(row=row, column=2, sticky="e", **gap)
            entry = QuantityEntry(box, width=7, name=f"“{line.product_name}”的数量", minimum=0)
            entry.grid(row=row, column=3, sticky="e", **gap)
            if not line.left_milli:
                entry.enable(False)
                continue
            entry.set_value(line.left_milli)
            entry.watch(self._ask_later)
            self._bind_entry(entry)
            self._asked.append(_Asked(line, entry))
        box.columnconfigure(3, minsize=chars(self, 9))

    def _bind_entry(self, entry: QuantityEntry) -> None:
        for key, step in (("<Return>", 1), ("<KP_Enter>", 1), ("<Down>", 1), ("<Up>", -1)):
            entry.bind(key, partial(self._walk, entry, step))
        entry.bind("<Shift-Return>", partial(self._walk, entry, -1))
        entry.bind("<Control-Return>", lambda _event: self.submit())

    def _walk(self, entry: QuantityEntry, step: int, _event: object) -> str:
        place = next(index for index, asked in enumerate(self._asked) if asked.entry is entry) + step
        if place >= len(self._asked):
            self.reason.focus_set()
        elif place >= 0:
            self._asked[place].entry.focus_set()
        return "break"

    def focus_first(self) -> None:
        """The first quantity has the keys."""
        if self._asked:
            self._asked[0].entry.focus_set()

    def set_all(self, whole: bool) -> None:
        """All that is left of each line, or nothing."""
        for asked in self._asked:
            asked.entry.set_value(asked.line.left_milli if whole else 0)

    # ---------------------------------------------------------------- what goes back

    def quantities(self) -> dict[int, int]:
        """What comes back, in thousandths by line id. Raises InputError."""
        wanted: dict[int, int] = {}
        for asked in self._asked:
            try:
                milli = asked.entry.get_value() or 0
            except InputError as error:
                raise InputError(error.sentence, field=str(asked.line.id)) from error
            if milli > asked.line.left_milli:
                raise InputError(
                    f"“{asked.line.product_name}”最多还能退 {show_milli(asked.line.left_milli)}。",
                    field=str(asked.line.id),
                )
            if milli:
                wanted[asked.line.id] = milli
        return wanted

    def _ask_later(self) -> None:
        if self._job is None:
            self._job = self.after_idle(self._ask_refund)

    def _ask_refund(self) -> None:
        self._job = None
        if self.bill is None or not self.winfo_exists():
            return
        for asked in self._asked:
            asked.entry.mark("")
        self._wrong.configure(text="")
        try:
            refund = refund_of(
                self._context.actor,
                sale_id=self.bill.id,
                quantities=self.quantities(),
                way=RefundWay(self._way.get()),
            )
        except UserError as error:
            self._refund.configure(text="")
            self._by.configure(text="" if self._asked else "这张单已经全部退完。")
            self._on_refund(None)
            if self._asked:
                self.show_error(error)
            return
        self._show_refund(refund)

    def _show_refund(self, refund: Refund) -> None:
        self._refund.configure(text=f"退 {show_fen(refund.refund_fen)}")
        words = [f"{refund_word(key)} {show_fen(amount)}" for key, amount in refund.by_tender]
        self._by.configure(text=" · ".join(words) or "没有要退的钱")
        self._on_refund(refund.refund_fen)

    def show_error(self, error: UserError) -> None:
        """Say a refusal, and mark the line it concerns."""
        self._refused_for = error.field or ""
        self._wrong.configure(text=error.sentence)
        for asked in self._asked:
            if str(asked.line.id) == error.field:
                asked.entry.mark("Wrong")

    def _focus_line(self, line_id: str | None) -> None:
        for asked in self._asked:
            if str(asked.line.id) == line_id:
                asked.entry.focus_set()

    def chosen(self) -> Chosen | None:
        """What was chosen; None without a bill, or where a quantity can't be, which is told."""
        if self.bill is None:
            return None
        try:
            return Chosen(self.bill.id, self.quantities(), bool(self._waste.get()))
        except InputError as error:
            self.show_error(error)
            self.bell()
            self._focus_line(error.field)
            return None

    def submit(self) -> str:
        """Take the goods back."""
        chosen = self.chosen()
        if chosen is None:
            return "break"
        done = self._context.run(
            return_goods,
            key=self._key,
            sale_id=chosen.sale_id,
            quantities=chosen.quantities,
            way=RefundWay(self._way.get()),
            to_waste=chosen.to_waste,
            reason=self.reason.get(),
            near=self,
            done=self._on_posted,
        )
        if not done and self._refused_for == USED_CARD:
            self._offer_cards(chosen.sale_id)
        return "break"

    def _offer_cards(self, sale_id: int) -> None:
        """Cards in part used come back one by one, in a window of their own; then the rest of the bill can."""
        customer_id = self.bill.customer_id if self.bill is not None else None
        question = "这张单上的次卡有用过的，要一张张退。现在打开这位会员的次卡吗？"
        if customer_id is None or not self._context.ask(
            question, yes="打开次卡", detail="在那里选一张，按 Delete 退掉剩下的次数。"
        ):
            return
        name = self.bill.customer if self.bill is not None else ""
        with self._context.alone():
            CardsDialog(self, self._context, customer_id, name, lambda: None).wait_window()
        if self.winfo_exists():
            bill = self._context.read(bill_detail, sale_id=sale_id)
            if bill is not None:
                self.show(bill)
                self.focus_first()
