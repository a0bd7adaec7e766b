"""收银: the counter. Keys, scans and clicks come in here and go to the bill; what it becomes is shown."""

import tkinter as tk
from collections.abc import Sequence
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.deals.billing import turn_into_bill
from meiping.domains.renewals.service import renew_services
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import save_cart
from meiping.kernel.changes import Topic
from meiping.kernel.money import CashRounding
from meiping.ui.bills.return_form import Chosen
from meiping.ui.context import Context
from meiping.ui.counter_keys import RELOAD, help_keys, keys_now
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.counter.arrivals import Arrivals
from meiping.ui.pages.counter.cart_controller import CartController
from meiping.ui.pages.counter.commands import Command, Commands
from meiping.ui.pages.counter.counter_head import CounterHead
from meiping.ui.pages.counter.desk import Desk
from meiping.ui.pages.counter.errand import Errand
from meiping.ui.pages.counter.incoming import Incoming
from meiping.ui.pages.counter.lines_list import LinesList
from meiping.ui.pages.counter.scan_field import ScanField
from meiping.ui.pages.counter.side_column import SideColumn
from meiping.ui.pages.counter.tool_row import ToolRow
from meiping.ui.theme import px
from meiping.ui.widgets.cards import MARGIN, wrap_to_width

_SIDE_SHARE, _SIDE_LEAST, _SIDE_MOST = 0.33, 300, 400
"""The right column's part of the page's width, and its bounds in pixels at 100 %."""
_GAP = 16
"""Between the lines and the column at their right, in pixels at 100 %."""
UNDO = "Control-z"
_WIDE = 1250
"""From this width at 100 % on there is room for the icons of the head, and for the number of goods under them."""
_ROOMY = 1400
"""From this width on for a button more in the head, beside what it says of the shift."""


class CounterPage:
    """The counter of the actor's company."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self.context = context
        self.widget: tk.Widget = ttk.Frame(parent)
        self._shown_cart: tuple[Cart, int] | None = None
        self.till = CartController(
            context.actor,
            save=lambda cart: context.run(save_cart, cart=cart),
            permit=context.require_on_cart,
            most_discount=lambda: int(context.option("till.most_discount")),
            rounding=lambda: CashRounding(context.option("till.rounding")),
            on_change=self._changed,
        )
        self.desk = Desk(context, self.widget, self.till)
        self.commands = Commands(self.desk, on_shift=self._shift_changed)
        self._incoming = Incoming(self.desk, self.commands)
        self._arrivals = Arrivals(self.desk, self.commands.bill)
        self._build()
        self.widget.bind("<Configure>", self._fit, add=True)
        self._bind_keys()
        self._shift_changed()
        self.till.open()
        self.commands.bill.put_aside_what_others_left()

    # ---------------------------------------------------------------- building

    def _build(self) -> None:
        left = ttk.Frame(self.widget)
        self._build_side()
        left.pack(side="left", fill="both", expand=True)
        self.head = CounterHead(left, self.desk, self.commands)
        self.desk.errand = Errand(self.widget, self.context, self.head, f"收银员 {self.context.actor.name}")
        self._build_left(left)

    def _build_side(self) -> None:
        settling, bill, do = self.commands.settling, self.commands.bill, self.commands.do
        self.side = self.desk.side = SideColumn(
            self.widget,
            self.context,
            on_customer=partial(do, bill.customer),
            on_no_customer=partial(do, bill.no_customer),
            on_pay=settling.settle_key,
            on_begin=settling.begin,
            on_settle=settling.settle,
            on_taken=settling.keep,
            on_close=self.commands.escape,
        )
        self.side.configure(width=px(self.widget, _SIDE_MOST))
        self.side.pack_propagate(False)
        self.side.pack(
            side="right", fill="y", padx=(0, px(self.widget, MARGIN)), pady=px(self.widget, MARGIN - 6)
        )

    def _build_left(self, left: ttk.Frame) -> None:
        sides = px(left, MARGIN), px(left, _GAP)
        self.warning = ttk.Label(
            left, style="SoftWarning.TLabel", padding=(px(left, 10), px(left, 6)), justify="left", width=1
        )
        wrap_to_width(self.warning)
        self.scan = self.desk.scan = ScanField(
            left,
            search=self.commands.bill.search,
            on_enter=self._incoming.entered,
            on_arrow=self.till.step_line,
        )
        self.scan.pack(fill="x", padx=sides, pady=(0, px(left, 10)))
        self._tools = ToolRow(left, self.desk, self.commands)
        self._tools.pack(side="bottom", fill="x", padx=sides, pady=(px(left, 8), px(left, 14)))
        self.lines = LinesList(
            left,
            on_select=self._line_clicked,
            on_open=partial(self.commands.do, self.commands.line.quantity),
            menu=self.commands.line.menu,
        )
        self.lines.pack(fill="both", expand=True, padx=sides)

    def _rebuild(self) -> None:
        """The shop has changed keys: everything that shows one is made again, the bill stays."""
        self._release()
        for child in self.widget.winfo_children():
            child.destroy()
        self._shown_cart = None
        self._build()
        self._fit_to(self.widget.winfo_width())
        self._bind_keys()

    def _fit(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self.widget:
            self._fit_to(event.width)

    def _fit_to(self, width: int) -> None:
        least, most = px(self.widget, _SIDE_LEAST), px(self.widget, _SIDE_MOST)
        self.side.configure(width=max(least, min(round(width * _SIDE_SHARE), most)))
        wide = width >= px(self.widget, _WIDE)
        self.head.plain(not wide)
        self.head.offer_browse(width >= px(self.widget, _ROOMY))
        self._tools.show_count(there=wide)  # the total says it too

    # ---------------------------------------------------------------- keys and clicks

    def _bind_keys(self) -> None:
        self._keys = keys_now()
        commands = self.commands.by_name(more=self._tools.more)
        bound = {self._keys[name]: command for name, command in commands.items()}
        table = {key: command for key, command in bound.items() if len(key) > 1}
        on_char = {key: command for key, command in bound.items() if len(key) == 1}
        undo = table.pop(UNDO, None)
        table.setdefault(RELOAD, self.reload)
        table["Escape"] = self.commands.escape
        entry = self.scan.entry
        self._release = self.context.keys.bind(
            self.widget, table, on_char=on_char, entry=entry, on_scan=self._incoming.scanned_elsewhere
        )
        if undo is not None:
            for key in ("<Control-z>", "<Control-Z>"):  # before the window takes back what a toast tells
                entry.bind(key, partial(_and_break, undo))
        entry.bind("<FocusIn>", lambda _event: self.commands.settling.leave(), add=True)

    def _line_clicked(self, position: int) -> None:
        if not self.desk.paying:
            self.till.select(position)
            self.scan.focus_set()

    # ---------------------------------------------------------------- what is shown

    def _changed(self) -> None:
        """The bill, the customer or the line in hand is another."""
        till, bill = self.till, self.till.bill()
        self.desk.errand.follow(till.cart.customer_id)
        self.lines.show(till.cart.lines, bill, till.position, self.desk.people())
        self.side.show_customer(
            till.customer,
            last_price_fen=till.last_price_fen(),
            quoted_fen=till.quoted_fen(),
            salesperson=self.desk.person(till.cart.salesperson_id),
        )
        if (till.cart, till.deposit_fen) != self._shown_cart:
            self._shown_cart = till.cart, till.deposit_fen
            if self.desk.paying:
                self.commands.settling.bill_changed()
            else:
                self.side.show_sale(till.cart, bill, till.deposit_fen)
        self._tools.count(till.cart.lines)
        self.head.show_held(selling=bool(till.cart.lines))

    def _shift_changed(self) -> None:
        """Which shift it is, in the head; below it what the clerk should see to before selling on."""
        shift = self.commands.shift
        self.desk.errand.say(*shift.words())
        warning = shift.warning()
        self.warning.configure(text=warning)
        if not warning:
            self.warning.pack_forget()
        elif not self.warning.winfo_manager():
            sides = px(self.warning, MARGIN), px(self.warning, _GAP)
            self.warning.pack(fill="x", padx=sides, pady=(0, px(self.warning, 8)), before=self.scan)

    # ---------------------------------------------------------------- the page

    def reload(self) -> None:
        """The customer's figures and held bills anew; the bill stays as it is."""
        if self._keys != keys_now() and not self.desk.paying:
            self._rebuild()
        self.till.refresh()
        self._shift_changed()

    @property
    def keeps_keys(self) -> bool:
        """While money is taken nothing else may come over the page."""
        return self.desk.paying

    def focus(self) -> None:
        """The scan field has the keys, in payment the payment."""
        self.desk.focus()

    def open(
        self,
        *,
        customer_id: int | None = None,
        to_hub: bool = False,
        quote_id: int | None = None,
        renew: Sequence[int] = (),
        exchange: Chosen | None = None,
    ) -> None:
        """Come here from elsewhere, to sell to a customer; ``to_hub`` leads back to him afterwards.

        ``exchange`` are goods of an earlier bill that come back, ``renew`` services of his that go on. A bill begun for
        somebody else is put aside; so is any where a quote of his shall become one.
        """
        do, arrivals = self.commands.do, self._arrivals
        if exchange is not None:
            do(partial(self.commands.bill.take_back, exchange))
        if customer_id is None:
            return
        if quote_id is not None:
            do(partial(arrivals.lay, customer_id, turn_into_bill, quote_id=quote_id))
        elif renew:
            do(partial(arrivals.lay, customer_id, renew_services, to_hub=to_hub, term_ids=renew))
        else:
            do(partial(arrivals.sell_to, customer_id, to_hub=to_hub))


def _and_break(command: Command, _event: object) -> str:
    command()
    return "break"


PAGE = PageParts(
    build=CounterPage,
    watches=frozenset({Topic.CART, Topic.CUSTOMERS, Topic.DEALS, Topic.MONEY, Topic.SETTINGS}),
    help="扫码或输入商品，空着按 Enter 结账。每一步都有按键；单随时存着，断电也不会丢。",
    keys=help_keys,
)
