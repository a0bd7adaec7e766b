"""库存增加 and 库存减少: scan or pick, type the figures, post. The hands stay on the keyboard."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.domains.catalog.queries import ProductHit
from meiping.domains.catalog.rules import COST, EDIT
from meiping.domains.settings.queries import words
from meiping.domains.stock.queries import by_code, find_products, hits_by_id, last_costs
from meiping.domains.stock.rules import VIEW_STOCK
from meiping.domains.stock.service import StockDocumentResult, issue_goods, receive_goods
from meiping.kernel.errors import InputError, UserError
from meiping.kernel.money import show_fen
from meiping.kernel.quantity import show_milli
from meiping.ui.context import Context
from meiping.ui.lines_grid import EditorOf, Figures, LinesGrid, leave_control_enter
from meiping.ui.pages.goods.product_dialog import add_product_dialog
from meiping.ui.pages.goods.slip import print_slip
from meiping.ui.pages.goods.stock_draft import COST_COLUMNS, DRAFT_COLUMNS, StockDraft
from meiping.ui.theme import px
from meiping.ui.widgets.cards import FilterBar, PageHead, margins, wrap_to_width
from meiping.ui.widgets.entries import MoneyEntry, QuantityEntry, TextEntry
from meiping.ui.widgets.form_fields import ChoiceBox
from meiping.ui.widgets.picker import Choice, Picker

KEYS = (
    ("扫码", "加入商品，再扫一次加一"),
    ("↑ ↓ 回车", "选择查到的商品"),
    ("回车", "下一格：数量、成本，再回到扫码框"),
    ("F2", "改这一行的数量"),
    ("Delete", "删除这一行"),
    ("Ctrl+F / Esc", "回到扫码框"),
    ("Ctrl+回车", "过账"),
)
_NOTE_LIMIT = 500
_COUNTED: dict[str, EditorOf] = {
    "qty_milli": lambda tree, line: QuantityEntry(tree, decimals=line.product.quantity_decimals)
}
_COSTED: dict[str, EditorOf] = {"unit_cost_fen": lambda tree, _line: MoneyEntry(tree, name="成本单价")}


class StockDocumentPage:
    """A document being written. What was typed stays until it is posted or cleared."""

    def __init__(self, parent: tk.Misc, context: Context, *, incoming: bool) -> None:
        self.context, self.incoming = context, incoming
        self.draft = StockDraft(incoming=incoming)
        self.with_cost = incoming and context.actor.can(COST)
        self.widget: tk.Widget = ttk.Frame(parent)
        self._build_head()
        self._build_bar()
        self._build_lines()
        self._build_foot()
        context.keys.bind(
            self.widget,
            {
                "Control-Return": self.post,
                "Control-f": self.focus,
                "F2": self._edit_line,
                "Control-n": self.clear,
            },
            on_scan=self.scan,
        )
        self._tell()

    # ---------------------------------------------------------------- building

    def _build_head(self) -> None:
        word = "库存增加" if self.incoming else "库存减少"
        self.head = PageHead(self.widget, word)
        self.post_button = self.head.primary("过账", "check2-circle", self.post, "Ctrl+回车")
        self.head.action("清空", "eraser", self.clear)

    def _build_bar(self) -> None:
        bar = FilterBar(self.widget)
        self.picker = Picker(
            bar,
            self._search,
            on_pick=self._picked,
            hint="扫码，或输入名称 / 拼音 / 编码",
            create=("新增商品", self._create) if self.context.actor.can(EDIT) else None,
            width=44,
            name="商品",
        )
        bar.add(self.picker)
        kind = "stock_in_nature" if self.incoming else "stock_out_nature"
        self.nature = ChoiceBox(
            bar, lambda: [(word.name, word.name) for word in words(kind)], width=12, blank=False
        )
        natures = words(kind)
        self.nature.set_value(natures[0].name if natures else None)
        bar.add(self.nature, "性质")
        self.message = ttk.Label(
            self.widget, style="SoftDanger.TLabel", padding=(px(bar, 10), px(bar, 6)), justify="left"
        )
        wrap_to_width(self.message)

    def _build_lines(self) -> None:
        columns = [column for column in DRAFT_COLUMNS if self.with_cost or column.key not in COST_COLUMNS]
        what = "入库" if self.incoming else "出库"
        self.grid = LinesGrid(
            self.widget,
            self.draft,
            columns,
            key=f"stock_{'in' if self.incoming else 'out'}.lines",
            view=self.context.view,
            figures=Figures(_COUNTED | _COSTED if self.with_cost else _COUNTED, required=_COUNTED),
            empty=f"扫描商品条码，或在上面输入名称，把要{what}的商品加进来。",
            on_change=self._changed,
            on_done=self.focus,
            on_wrong=self._say,
        )
        self.grid.pack(fill="both", expand=True, padx=margins(self.widget))

    def _build_foot(self) -> None:
        foot = ttk.Frame(self.widget)
        foot.pack(fill="x", padx=margins(self.widget), pady=(px(foot, 10), px(foot, 14)))
        ttk.Label(foot, text="备注", style="Muted.TLabel").pack(side="left", padx=(0, px(foot, 8)))
        self.note = TextEntry(foot, limit=_NOTE_LIMIT, name="备注")
        self.note.pack(side="left", fill="x", expand=True)
        for key in ("<Return>", "<KP_Enter>"):
            self.note.bind(key, lambda _event: self.focus())
        for entry in (self.note, self.picker.entry):
            leave_control_enter(entry)

    # ---------------------------------------------------------------- choosing goods

    def _search(self, text: str) -> list[Choice]:
        hits = self.context.read(find_products, text=text) if text else []
        return [_choice(hit) for hit in hits or [] if hit.stocked]

    def _picked(self, choice: Choice | None) -> None:
        """Chosen by hand: the quantity is asked for next, of the line it has if it has one."""
        if choice is None:
            return
        self.picker.set_value(None)
        place = self.draft.place_of(choice.id)
        if place is None:
            place = self._add_id(choice.id)
        if place is not None:
            self.grid.edit(place)

    def scan(self, code: str) -> None:
        """A code from the scanner, wherever the focus was: one more, and ready for the next one."""
        self.picker.set_value(None)
        if not self.grid.finish():
            return
        hit = self.context.read(by_code, code=code)
        if hit is None:
            self._say(f"没有条码或编码为 {code} 的商品。")
            self._offer(code)
        else:
            self._add(hit)
        self.focus()

    def _offer(self, code: str) -> None:
        if self.context.actor.can(EDIT):
            create = ("新增商品", lambda: self._create_dialog("", code))
            self.context.toast(f"要新增商品 {code} 吗？", kind="info", action=create)

    def _create(self, text: str) -> Choice | None:
        """A new product from what was typed; it joins the document once it is saved."""
        self._create_dialog(*(("", text) if text.isdigit() else (text, "")))
        return None

    def _create_dialog(self, name: str, code: str) -> None:
        self.picker.set_value(None)
        add_product_dialog(self.widget, self.context, name=name, code=code, done=self._created)

    def _created(self, product_id: int) -> None:
        place = self._add_id(product_id)
        if place is not None:
            self.grid.after_idle(self.grid.edit, place)

    def _add_id(self, product_id: int) -> int | None:
        hits = self.context.read(hits_by_id, product_ids=[product_id])
        return self._add(hits[0]) if hits else None

    def _add(self, hit: ProductHit) -> int | None:
        cost_fen = None
        if self.with_cost:
            known = self.context.read(last_costs, product_ids=[hit.id]) or {}
            cost_fen = known.get(hit.id) or None  # an unknown cost is left empty, not shown as nothing
        try:
            place = self.draft.add(hit, unit_cost_fen=cost_fen)
        except InputError as error:
            self._say(error.sentence)
            return None
        self._say("")
        self.grid.show_line(place)
        self._tell()
        return place

    def _edit_line(self) -> None:
        place = self.grid.cursor if self.grid.current_row() is not None else len(self.draft.lines) - 1
        self.grid.edit(place)

    # ---------------------------------------------------------------- posting

    def post(self) -> None:
        """Post the document; refusals stand beside what caused them and nothing typed is lost."""
        if not self.grid.finish():
            return
        try:
            note = self.note.get_value()
        except InputError as error:
            self._say(error.sentence)
            return
        self.context.run(
            receive_goods if self.incoming else issue_goods,
            near=self,
            button=self.post_button,
            done=self._posted,
            key=self.draft.key,
            nature=self.nature.get_value() or "",
            lines=self.draft.posting(),
            note=note,
        )

    def _posted(self, result: StockDocumentResult) -> None:
        word = "入库" if self.incoming else "出库"
        value = f"，金额 {show_fen(result.value_fen)}" if self.context.actor.can(COST) else ""
        self._empty()
        action: tuple[str, Callable[[], None]] | None = None
        if self.context.actor.can(VIEW_STOCK):
            action = ("打印", lambda: print_slip(self.context, result.id))
        self.context.toast(f"已{word} {result.number}{value}", action=action)

    def clear(self) -> None:
        """Throw away what was written, once the user is sure."""
        sure = not self.draft.lines or self.context.ask(
            f"清空这张单的 {len(self.draft.lines)} 行吗？", yes="清空", no="不清空", danger=True
        )
        if sure:
            self._empty()

    def _empty(self) -> None:
        self.draft.clear()
        self.note.set_value("")
        self._say("")
        self.grid.clear_selection()
        self.grid.reload()
        self._tell()
        self.focus()

    # ---------------------------------------------------------------- telling

    def show_error(self, error: UserError) -> None:
        """A refusal of the document, at its line if it is about one."""
        if error.field is not None and error.field.startswith("line."):
            self.grid.edit(int(error.field.removeprefix("line.")))
        self._say(error.sentence)

    def _say(self, sentence: str) -> None:
        self.message.configure(text=sentence)
        if sentence:
            self.message.pack(
                fill="x", padx=margins(self.widget), pady=(0, px(self.widget, 10)), before=self.grid
            )
        else:
            self.message.pack_forget()

    def _changed(self) -> None:
        """A figure is another one now: a complaint may no longer hold."""
        self._say("")
        self._tell()

    def _tell(self) -> None:
        summary = self.draft.summary()
        lines = len(self.draft.lines)
        parts = [f"{lines:,} 行", f"共 {show_milli(summary['qty_milli'])} 件"] if lines else ["还没有商品"]
        if lines and self.with_cost:
            parts.append(show_fen(summary["amount_fen"]))
        self.head.facts(" · ".join(parts))

    # ---------------------------------------------------------------- what the shell calls

    def reload(self) -> None:
        """Stock or products changed: show what is there now; the figures typed stay."""
        lines = self.draft.lines
        hits = self.context.read(hits_by_id, product_ids=[line.product.id for line in lines]) or []
        by_id = {hit.id: hit for hit in hits}
        for line in lines:
            line.product = by_id.get(line.product.id, line.product)
        if self.grid.editor is None:
            self.grid.reload()

    def focus(self) -> None:
        """The scan field."""
        self.picker.focus_set()

    def open(self, *, product_id: int | None = None) -> None:
        """Come here with a product to move."""
        if product_id is None:
            return
        place = self.draft.place_of(product_id)
        if place is None:
            place = self._add_id(product_id)
        if place is not None:
            self.grid.after_idle(self.grid.edit, place)


def _choice(hit: ProductHit) -> Choice:
    detail = "  ".join(filter(None, (hit.specification, hit.barcode or hit.code)))
    return Choice(hit.id, hit.name, detail, f"现存 {show_milli(hit.stock_milli)} {hit.unit}".rstrip())
