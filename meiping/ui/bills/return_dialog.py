"""退货: find the bill by number, customer or among today's, choose what comes back, see what goes back, do it."""

import tkinter as tk
from collections.abc import Callable, Mapping
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.catalog.queries import by_code
from meiping.domains.catalog.rules import VIEW as VIEW_PRODUCTS
from meiping.domains.sales.queries import BILL_COLUMNS, BOUGHT, BillFilter, bill_detail, bills
from meiping.domains.sales.returns import PostedReturn
from meiping.domains.sales.rules import CHECKOUT, RETURN_GOODS
from meiping.kernel.money import show_fen
from meiping.kernel.tabular import Listing, Row
from meiping.ui.bills.numbers import bill_number
from meiping.ui.bills.return_form import Chosen, ReturnForm
from meiping.ui.context import Context
from meiping.ui.theme import px
from meiping.ui.widgets.boxes import SearchBox
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.virtual_list import VirtualList

_COUNTER = "counter"
_SHOWN = ("number", "customer", "total_fen")
_WIDTH, _HEIGHT, _LIST_WIDTH = 1040, 520, 430


class _WithoutTotals:
    """The same rows; what they sum to means nothing where one of them is chosen."""

    def __init__(self, listing: Listing) -> None:
        self.count, self.window = listing.count, listing.window

    def summary(self) -> Mapping[str, Any]:
        """Nothing to add up."""
        return {}


def exchange_at_counter(context: Context) -> Callable[[Chosen], object] | None:
    """What a page away from the counter does with goods to be exchanged: lay them on it. None without the right."""
    if not context.actor.can(CHECKOUT):
        return None
    return lambda chosen: context.open_page(_COUNTER, exchange=chosen)


def take_goods_back(
    parent: tk.Misc,
    context: Context,
    *,
    sale_id: int | None = None,
    on_posted: Callable[[PostedReturn], object],
    on_exchange: Callable[[Chosen], object] | None = None,
) -> None:
    """Open the dialog and wait until it is closed; who lacks the right needs a colleague's PIN first."""
    with context.approved(RETURN_GOODS, "退换货" if on_exchange is not None else "退货") as allowed:
        if allowed:
            ReturnDialog(
                parent, context, sale_id=sale_id, on_posted=on_posted, on_exchange=on_exchange
            ).wait_window()
        else:
            context.toast(f"您没有“{RETURN_GOODS.title}”的权限，请联系管理员。", kind="danger")


class ReturnDialog(DialogWindow):
    """With a ``sale_id`` it is about that bill; without, it begins with today's. ``on_posted`` hears the outcome.

    ``on_exchange`` gets what was chosen instead where other goods are taken for it.
    """

    def __init__(
        self,
        parent: tk.Misc,
        context: Context,
        *,
        sale_id: int | None = None,
        on_posted: Callable[[PostedReturn], object],
        on_exchange: Callable[[Chosen], object] | None = None,
    ) -> None:
        super().__init__(parent, "退货" if on_exchange is None else "退货、换货", resizable=True)
        self._context, self._told, self._exchange = context, on_posted, on_exchange
        self.exchange_button: ttk.Button | None = None
        if on_exchange is not None:
            self.exchange_button = self.add_button("换货 F7", self.exchange, bootstyle="primary outline")
            self.bind("<F7>", lambda _event: self.exchange())
        self.submit_button = self.add_button("退货 Ctrl+Enter", self._submit, bootstyle="danger")
        self.add_button("取消 Esc", self.dismiss)
        width = px(self, _WIDTH if sale_id is None else _WIDTH - _LIST_WIDTH)
        width = min(width, self.winfo_screenwidth() - px(self, 80))
        ttk.Frame(self.body, width=width, height=0).pack()
        height = min(px(self, _HEIGHT), self.winfo_screenheight() - px(self, 220))
        panes = ttk.Frame(self.body, height=height)
        panes.pack(fill="both", expand=True)
        panes.pack_propagate(False)
        self.search = self._build_finder(panes, width) if sale_id is None else None
        self.form = ReturnForm(panes, context, on_posted=self._posted, on_refund=self._refund_known)
        self.form.pack(side="left", fill="both", expand=True)
        for key in ("<Control-Return>", "<F12>"):
            self.bind(key, lambda _event: self._submit())
        self.open(self.search.entry if self.search is not None else self.form)
        if sale_id is not None:
            self._load(sale_id)
            self.form.focus_first()

    # ---------------------------------------------------------------- finding

    def _build_finder(self, panes: ttk.Frame, width: int) -> SearchBox:
        finder = ttk.Frame(panes, width=min(px(self, _LIST_WIDTH), width * 2 // 5))
        finder.pack(side="left", fill="y", padx=(0, px(self, 18)))
        finder.pack_propagate(False)
        search = SearchBox(finder, self._find, hint="单号、客户或商品条码；空着是今天的单")
        search.pack(fill="x", pady=(0, px(self, 8)))
        for key in ("<Return>", "<KP_Enter>"):
            search.entry.bind(key, lambda _event: self._entered(), add=True)  # its own asks at once
        search.entry.bind("<Control-Return>", lambda _event: self.form.submit())
        columns = [column for column in BILL_COLUMNS if column.key in _SHOWN]
        self.list = VirtualList(
            finder,
            columns,
            key="returns",
            view=self._context.view,
            empty=("今天还没有单\n输入单号或客户，查找以前的单", None, None),
            on_select=self._selected,
            on_open=self._opened,
            selectmode="browse",
        )
        self.list.pack(fill="both", expand=True)
        search.leads_to(self.list.enter)
        self._find("")
        return search

    def _listing(self, typed: str) -> Listing | None:
        text = bill_number(typed)
        today = self._context.actor.today()
        may = self._context.actor.can(VIEW_PRODUCTS)
        hit = self._context.read(by_code, code=text) if text and may else None
        if hit is not None:
            narrow = BillFilter(kind=BOUGHT, product_id=hit.id)
        else:
            narrow = BillFilter(text=text, kind=BOUGHT, first_date=None if text else today)
        found: Listing | None = self._context.read(bills, narrow=narrow)
        return found

    def _find(self, typed: str) -> None:
        listing = self._listing(typed)
        if listing is None:
            return
        if typed:
            self.list.set_empty("没有符合的单")
        self.list.set_listing(_WithoutTotals(listing))

    def _entered(self) -> str:
        """The first bill found; its quantities have the keys."""
        typed = self.search.get() if self.search is not None else ""
        self._find(typed)
        listing = self._listing(typed)
        rows = listing.window(0, 1, self.list.layout.sort) if listing is not None else ()
        if not rows:
            self.bell()
            return "break"
        self.list.select_id(rows[0]["id"])
        self._load(rows[0]["id"])
        self.form.focus_first()
        return "break"

    def _selected(self, row: Row | None) -> None:
        if row is None:
            self.form.clear()
        elif self.form.bill is None or self.form.bill.id != row["id"]:
            self._load(row["id"])

    def _opened(self, row: Row) -> None:
        """Enter on a bill, maybe before its selection was told: its quantities have the keys."""
        self._selected(row)
        self.form.focus_first()

    def _load(self, sale_id: int) -> None:
        bill = self._context.read(bill_detail, sale_id=sale_id)
        if bill is not None:
            self.form.show(bill)

    # ---------------------------------------------------------------- doing

    def _refund_known(self, refund_fen: int | None) -> None:
        words = "退货" if refund_fen is None else f"退货 {show_fen(refund_fen)}"
        self.submit_button.configure(text=f"{words}  Ctrl+Enter", width=0)
        for button in (self.submit_button, self.exchange_button):
            if button is not None:
                button.state(["disabled" if refund_fen is None else "!disabled"])

    def _submit(self) -> None:
        self.form.submit()

    def exchange(self) -> None:
        """Nothing is posted yet: what was chosen goes to the counter, to be paid with there."""
        chosen = self.form.chosen()
        if chosen is not None and self._exchange is not None:
            self.close()
            self._exchange(chosen)

    def _posted(self, posted: PostedReturn) -> None:
        self.close()
        self._told(posted)
