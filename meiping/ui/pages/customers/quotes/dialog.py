"""The window in which a quote is written: what it is about, the goods with their prices, what they come to."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.catalog.queries import ProductHit, by_code, find_products, hits_by_id
from meiping.domains.contacts.queries import contact_names
from meiping.domains.contacts.rules import PERSON_LIMIT
from meiping.domains.deals.queries import PriceHint, price_hints
from meiping.domains.deals.rules import LINE_NOTE_LIMIT, NOTES_LIMIT, SUBJECT_LIMIT, QuoteInput
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.money import show_fen
from meiping.ui.context import Context
from meiping.ui.lines_grid import EditorOf, Figures, LinesGrid
from meiping.ui.pages.customers.quotes.draft import DRAFT_COLUMNS, DraftLine, QuoteDraft
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.dialogs import ask
from meiping.ui.widgets.entries import MoneyEntry, QuantityEntry, TextEntry
from meiping.ui.widgets.form import Form
from meiping.ui.widgets.form_fields import Field, FieldKind, LongText
from meiping.ui.widgets.picker import Choice, Picker

_WIDTH, _LINES_HEIGHT = 1000, 236
_FIGURES: dict[str, EditorOf] = {
    "qty_milli": lambda tree, line: QuantityEntry(tree, decimals=line.product.quantity_decimals),
    "price_fen": lambda tree, _line: MoneyEntry(tree, name="报价"),
    "note": lambda tree, _line: TextEntry(tree, limit=LINE_NOTE_LIMIT, name="备注"),
}
_WRITING = Figures(_FIGURES, required=("qty_milli", "price_fen"), walk=("qty_milli", "price_fen"))
_READING = Figures({})


class QuoteDialog(DialogWindow):
    """A quote for one customer. ``on_submit`` gets what was entered and says whether it was saved.

    With ``said`` it is only read: that line tells why. Enter walks from the head to the goods, and from an empty
    goods field to the note; Ctrl+S and Ctrl+Enter save; Esc asks first if something was typed.
    """

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        title: str,
        *,
        customer: tuple[int, str],
        quote: QuoteInput,
        lines: Sequence[DraftLine] = (),
        on_submit: Callable[[QuoteInput], bool] | None = None,
        said: str = "",
    ) -> None:
        super().__init__(parent, title, resizable=True)
        self._context, self._customer_id, self._on_submit = context, customer[0], on_submit
        self.draft = QuoteDraft()
        self.draft.lines = list(lines)
        self._before = self.draft.entered()
        width = min(px(self, _WIDTH), self.winfo_screenwidth() - px(self, 80))
        ttk.Frame(self.body, width=width, height=0).pack()
        self._build_head(customer[1], quote, said)
        self._build_lines()
        self._build_foot(quote)
        if on_submit is not None:
            self.button = self.add_button("保存", self.submit, bootstyle="primary")
            self._bind_keys()
        self.add_button("取消" if on_submit is not None else "关闭", self.dismiss)
        self.open(self.picker.entry if self.picker is not None else self.goods)
        self._tell()

    # ---------------------------------------------------------------- building

    def _build_head(self, customer: str, quote: QuoteInput, said: str) -> None:
        reading = self._on_submit is None

        def persons() -> list[tuple[str, str]]:
            names = self._context.read(contact_names, customer_id=self._customer_id) or []
            return [(name, name) for name in names]

        fields = (
            Field(
                "present",
                "",
                FieldKind.NOTE,
                hint=" · ".join(filter(None, (f"客户：{customer}", said))),
            ),
            Field("subject", "主题", limit=SUBJECT_LIMIT, readonly=reading),
            Field(
                "contact_name",
                "联系人",
                FieldKind.SUGGEST,
                choices=persons,
                limit=PERSON_LIMIT,
                readonly=reading,
            ),
            Field("quoted_date", "报价日期", FieldKind.DATE, required=True, readonly=reading),
            Field("valid_until_date", "有效至", FieldKind.DATE, readonly=reading),
        )
        values = {key: getattr(quote, key) for key in ("subject", "contact_name", "quoted_date")}
        values["valid_until_date"] = quote.valid_until_date
        self.head = Form(self.body, fields, columns=2, values=values, on_submit=self._to_goods)
        self.head.pack(fill="x")

    def _build_lines(self) -> None:
        reading = self._on_submit is None
        self._message = ttk.Label(
            self.body, style="SoftDanger.TLabel", padding=(px(self, 10), px(self, 6)), justify="left", width=1
        )
        wrap_to_width(self._message)
        self.picker: Picker | None = None
        if not reading:
            self.picker = Picker(
                self.body,
                self._search,
                on_pick=self._picked,
                hint="扫码，或输入名称 / 拼音 / 编码，把商品加进来",
                name="商品",
            )
            self.picker.pack(fill="x", pady=(px(self, 10), px(self, 8)))
        room = ttk.Frame(self.body, height=px(self, _LINES_HEIGHT))
        room.pack(fill="both", expand=True, pady=(px(self, 10) if reading else 0, 0))
        room.pack_propagate(False)
        self.goods = LinesGrid(
            room,
            self.draft,
            DRAFT_COLUMNS,
            key="quote.lines",
            view=self._context.view,
            figures=_READING if reading else _WRITING,
            empty="在上面输入商品的名称、拼音或编码，价格按这位客户的等级填好，可以改。",
            on_change=self._changed,
            on_done=self._to_goods,
            on_wrong=self._say,
        )
        self.goods.pack(fill="both", expand=True)

    def _build_foot(self, quote: QuoteInput) -> None:
        foot = ttk.Frame(self.body)
        foot.pack(fill="x", pady=(px(self, 10), 0))
        ttk.Label(foot, text="备注").pack(
            side="left", anchor="n", padx=(0, px(self, 10)), pady=(px(self, 6), 0)
        )
        self._sum = ttk.Label(foot, font="MpBig")
        self._sum.pack(side="right", padx=(px(self, 20), 0))
        self._counted = ttk.Label(foot, style="Muted.TLabel")
        self._counted.pack(side="right", padx=(px(self, 20), 0))
        self.note = LongText(foot, lines=2, limit=NOTES_LIMIT, name="备注")
        self.note.set_value(quote.notes)
        self.note.enable(self._on_submit is not None)
        self.note.widget.pack(side="left", fill="x", expand=True)
        self._note_before = self.note.raw()

    def _bind_keys(self) -> None:
        def save(_event: object) -> str:
            self.submit()
            return "break"

        assert self.picker is not None
        head = ("subject", "contact_name", "quoted_date", "valid_until_date")
        targets: list[tk.Misc] = [self.head.editor(key).target for key in head]
        targets += [self.picker.entry, self.note.target, self]
        for target in targets:
            for key in ("<Control-Return>", "<Control-s>", "<Control-S>"):
                target.bind(key, save)
        for key in ("<Return>", "<KP_Enter>"):
            self.picker.entry.bind(key, lambda _event: self._past_goods(), add=True)
        table = {"F2": self._edit_line, "Control-f": self._to_goods}
        self._context.keys.bind(self, table, on_scan=self.scan)

    # ---------------------------------------------------------------- choosing goods

    def _to_goods(self) -> None:
        (self.picker.entry if self.picker is not None else self.goods).focus_set()

    def _past_goods(self) -> None:
        """Enter without a word in the goods field: they are complete."""
        assert self.picker is not None
        if not self.picker.text.get().strip() and not self.picker.is_open():
            self.note.target.focus_set()

    def _search(self, text: str) -> list[Choice]:
        hits = self._context.read(find_products, text=text) if text else []
        return [
            Choice(hit.id, hit.name, "  ".join(filter(None, (hit.specification, hit.code))), _price(hit))
            for hit in hits or []
        ]

    def _picked(self, choice: Choice | None) -> None:
        """Chosen by hand: the quantity is asked for next, of the line it has if it has one."""
        if choice is None or self.picker is None:
            return
        self.picker.set_value(None)
        place = self.draft.place_of(choice.id)
        if place is None:
            found = self._context.read(hits_by_id, product_ids=[choice.id]) or {}
            place = self._add(found[choice.id]) if choice.id in found else None
        if place is not None:
            self.goods.edit(place)

    def scan(self, code: str) -> None:
        """A code from the scanner, wherever the focus was: one more, and ready for the next one."""
        if self.picker is None or not self.goods.finish():
            return
        self.picker.set_value(None)
        hit = self._context.read(by_code, code=code)
        if hit is None:
            self._say(f"没有条码或编码为 {code} 的商品。")
        else:
            self._add(hit)
        self._to_goods()

    def _add(self, hit: ProductHit) -> int | None:
        try:
            place = self.draft.add(hit, read_hints(self._context, self._customer_id, [hit.id]).get(hit.id))
        except InputError as error:
            self._say(error.sentence)
            return None
        self.goods.show_line(place)
        self._changed()
        return place

    def _edit_line(self) -> None:
        place = self.goods.cursor if self.goods.current_row() is not None else len(self.draft.lines) - 1
        self.goods.edit(place)

    # ---------------------------------------------------------------- telling

    def _changed(self) -> None:
        self._say("")
        self._tell()

    def _tell(self) -> None:
        count = len(self.draft.lines)
        self._counted.configure(text=f"{count:,} 种商品，合计" if count else "还没有商品")
        self._sum.configure(text=show_fen(self.draft.total_fen) if count else "")

    def _say(self, sentence: str) -> None:
        self._message.configure(text=sentence)
        if sentence:
            self._message.pack(fill="x", pady=(px(self, 10), 0), after=self.head)
        else:
            self._message.pack_forget()

    def show_error(self, error: UserError) -> None:
        """A refusal beside its field, at its line, or above the goods."""
        field = error.field or ""
        if field.startswith("line."):
            self.goods.edit(int(field.removeprefix("line.")), "price_fen")
            self._say(error.sentence)
        elif field in ("subject", "contact_name", "quoted_date", "valid_until_date"):
            self.head.show_error(error)
        else:
            self._say(error.sentence)
            if field == "lines":
                self._to_goods()

    # ---------------------------------------------------------------- leaving

    def submit(self) -> None:
        """Save, if all of it can be understood."""
        if self._on_submit is None or not self.goods.finish():
            return
        self._say("")
        try:
            values = self.head.values()
        except InputError:
            return
        try:
            notes = self.note.get_value()
        except InputError as error:
            self._say(error.sentence)
            self.note.target.focus_set()
            return
        entered: dict[str, Any] = {key: value for key, value in values.items() if key != "present"}
        if self._on_submit(QuoteInput(self.draft.entered(), notes=notes, **entered)):
            self.close()

    def changed(self) -> bool:
        """Whether anything differs from what was there."""
        written = self.draft.entered() != self._before or self.goods.editor is not None
        return written or self.head.changed() or self.note.raw() != self._note_before

    def dismiss(self) -> None:
        """Close; asks first if something was typed."""
        if self._on_submit is not None and self.changed():
            sure = ask(self, "放弃已填写的报价吗？", yes="放弃", no="继续填写", danger=True)
            if not sure:
                return
        self.close()


def read_hints(context: Context, customer_id: int, product_ids: Sequence[int]) -> dict[int, PriceHint]:
    """The prices of products for a customer; none where they are refused, which has been told."""
    found = context.read(price_hints, customer_id=customer_id, product_ids=product_ids)
    return found or {}


def _price(hit: ProductHit) -> str:
    return f"{show_fen(hit.price_fen)} / {hit.unit}" if hit.unit else show_fen(hit.price_fen)
