"""A posted bill at the right of the list: its lines, how it was paid, what can be done with it."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.domains.sales.invoice_rules import contained_tax_fen, rate_words
from meiping.domains.sales.queries import KIND_WORDS, BillDetail, BillLineDetail, bill_detail, sold_by
from meiping.domains.sales.rules import RETURN_GOODS
from meiping.kernel.moments import show_moment
from meiping.kernel.money import show_fen
from meiping.kernel.quantity import show_milli
from meiping.kernel.tabular import Column, Kind, Row, Table
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.cards import DetailPane, Facts
from meiping.ui.widgets.virtual_list import VirtualList

_COLUMNS = (
    Column("position", "#", Kind.NUMBER, width=3, hidden=True),
    Column("product_name", "商品", width=12, stretch=True),
    Column("quantity", "数量", width=8, sortable=False),
    Column("list_price_fen", "标价", Kind.MONEY, width=9, hidden=True),
    Column("price_fen", "单价", Kind.MONEY, width=9, hidden=True),
    Column("net_fen", "实付", Kind.MONEY, width=13),
    Column("returned_milli", "已退", Kind.QUANTITY, width=5),
)
Act = Callable[[BillDetail], object]


class BillPane:
    """One bill; its buttons are handed the bill shown."""

    def __init__(
        self, parent: tk.Misc, context: Context, *, on_return: Act, on_print: Act, on_save: Act
    ) -> None:
        self._context = context
        self.bill: BillDetail | None = None
        self._pane = DetailPane(parent, empty="在左边选择一张单，这里显示明细")
        self.widget: tk.Widget = self._pane
        self._sums = Facts(self._pane.body, columns=3)
        self._sums.pack(fill="x")
        self._lines = VirtualList(
            self._pane.body,
            _COLUMNS,
            key="bill_lines",
            view=context.view,
            empty=("这张单没有明细", None, None),
            selectmode="browse",
        )
        self._buttons(on_return, on_print, on_save)
        self._lines.pack(fill="both", expand=True, pady=(px(parent, 6), 0))

    def _buttons(self, on_return: Act, on_print: Act, on_save: Act) -> None:
        row = ttk.Frame(self._pane.body)
        row.pack(side="bottom", fill="x", pady=(px(row, 10), 0))

        def add(text: str, icon: str, act: Act, style: str) -> ttk.Button:
            button = ttk.Button(row, text=text, icon=icon, bootstyle=style, command=lambda: self._act(act))
            button.pack(side="left", padx=(0, px(row, 8)))
            return button

        add("补打小票", "printer", on_print, "neutral outline")
        add("存为 PDF", "file-earmark-pdf", on_save, "neutral outline")
        self._return = add("退换货", "arrow-return-left", on_return, "danger outline")

    def _act(self, act: Act) -> None:
        if self.bill is not None:
            act(self.bill)

    def show(self, row: Row | None) -> None:
        """Fetch and show a bill."""
        self.bill = None if row is None else self._context.read(bill_detail, sale_id=row["id"])
        bill = self.bill
        if bill is None:
            self._pane.clear()
            return
        about = [show_moment(bill.posted_at), KIND_WORDS[bill.kind], bill.customer, f"操作员 {bill.operator}"]
        about += bill.tender_changes
        self._pane.show(bill.number, " · ".join(about))
        self._sums.show(_sums(bill))
        one_bill = bill.original_id is not None
        rows = [_line_row(line, one_bill=one_bill) for line in bill.lines]
        self._lines.set_listing(Table("明细", _COLUMNS, rows))
        may_return = (
            bill.kind != "return"
            and any(line.left_milli for line in bill.lines)
            and self._context.may_get(RETURN_GOODS)
        )
        self._return.state(["!disabled" if may_return else "disabled"])


def _name(line: BillLineDetail, *, one_bill: bool) -> str:
    """Where the goods came from stands among the facts already if all are from one bill."""
    marks = ["赠"] if line.gift else []
    marks += ["退" if one_bill else f"退自 {line.returned_from}"] if line.returned_from else []
    marks += [sold_by(line.salesperson)] if line.salesperson else []
    return f"{line.product_name}（{'，'.join(marks)}）" if marks else line.product_name


def _line_row(line: BillLineDetail, *, one_bill: bool) -> Row:
    return {
        "id": line.id,
        "position": line.position,
        "product_name": _name(line, one_bill=one_bill),
        "quantity": f"{show_milli(line.qty_milli)} {line.unit}".rstrip(),
        "list_price_fen": line.list_price_fen,
        "price_fen": line.price_fen,
        "net_fen": line.net_fen,
        "returned_milli": line.returned_milli or None,
        "tone": "danger"
        if line.returned_from
        else "muted"
        if line.qty_milli > 0 and not line.left_milli
        else None,
    }


def _sums(bill: BillDetail) -> list[tuple[str, str]]:
    """The figures of a bill; what is nothing is left out."""
    word = "退款" if bill.total_fen < 0 else "应收"
    facts = [(word, show_fen(abs(bill.total_fen)))]
    if bill.tax_bp and bill.total_fen:
        tax_fen = contained_tax_fen(abs(bill.total_fen), bill.tax_bp)
        facts.append((f"含税 {rate_words(bill.tax_bp)}", show_fen(tax_fen)))
    if bill.kind == "exchange":
        facts.append(("换走商品", show_fen(bill.total_fen + bill.came_back_fen)))
        facts.append(("退回商品", show_fen(bill.came_back_fen)))
    elif bill.discount_fen:
        facts.append(("优惠", show_fen(abs(bill.discount_fen))))
    if bill.rounding_fen and bill.kind != "exchange":
        facts.append(("抹零", show_fen(bill.rounding_fen)))
    facts += [
        (tender if amount_fen > 0 else f"退{tender}", show_fen(abs(amount_fen)))
        for tender, amount_fen, _ in bill.tenders
    ]
    if bill.change_fen:
        facts.append(("找零", show_fen(bill.change_fen)))
    if bill.original_number:
        facts.append(("原单", bill.original_number))
    if bill.salesperson:
        facts.append(("业务员", bill.salesperson))
    facts += [("发票", told) for told in bill.invoices]
    if bill.note:
        facts.append(("备注", bill.note))
    return facts
