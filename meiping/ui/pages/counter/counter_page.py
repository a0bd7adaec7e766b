"""收银: the counter. Keys, scans and clicks come in here and go to the bill; what it becomes is shown."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.catalog.queries import ProductHit
from meiping.domains.deals.billing import turn_into_bill
from meiping.domains.renewals.service import renew_services
from meiping.domains.sales.at_till import held_carts
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import PostedBill, save_cart
from meiping.domains.sales.rules import RETURN_GOODS
from meiping.kernel.changes import Topic
from meiping.kernel.money import CashRounding
from meiping.ui.bills.return_form import Chosen
from meiping.ui.context import Context
from meiping.ui.counter_keys import RELOAD, help_keys, key_word, keys_now
from meiping.ui.counter_keys_dialog import CounterKeysDialog
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.counter.bill_commands import BillCommands
from meiping.ui.pages.counter.cart_controller import CartController, Led
from meiping.ui.pages.counter.desk import Desk
from meiping.ui.pages.counter.errand import Errand
from meiping.ui.pages.counter.line_commands import LineCommands
from meiping.ui.pages.counter.lines_list import LinesList
from meiping.ui.pages.counter.member_desk import MemberCommands
from meiping.ui.pages.counter.scan_field import ScanField
from meiping.ui.pages.counter.settling import Settling
from meiping.ui.pages.counter.shift_commands import ShiftCommands
from meiping.ui.pages.counter.side_column import Side, SideColumn, counted_words
from meiping.ui.pages.counter.typed import looks_scanned, take_apart
from meiping.ui.theme import px
from meiping.ui.widgets.cards import MARGIN, PageHead, wrap_to_width
from meiping.ui.widgets.menus import popup

_SIDE_SHARE, _SIDE_LEAST, _SIDE_MOST = 0.33, 300, 400
"""The right column's part of the page's width, and its bounds in pixels at 100 %."""
UNDO = "Control-z"
_WIDE = 1250
"""From this width at 100 % on there is room for the icons of the head, and for the number of goods under them."""
_WHILE_PAYING = "正在收款，请先按 Esc 返回。"
Command = Callable[[], object]


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
        self.line = LineCommands(self.desk)
        self.bill = BillCommands(self.desk, on_held=self._held)
        self.member = MemberCommands(self.desk, choose=self.bill.customer)
        self.settling = Settling(self.desk, self.bill, on_settled=self._settled)
        self.shift = ShiftCommands(self.desk, on_change=self._shift_changed)
        self._build()
        self.widget.bind("<Configure>", self._fit, add=True)
        self._bind_keys()
        self._shift_changed()
        self.till.open()
        self.bill.put_aside_what_others_left()

    # ---------------------------------------------------------------- building

    def _build(self) -> None:
        left = ttk.Frame(self.widget)
        self.side = self.desk.side = SideColumn(
            self.widget,
            self.context,
            on_customer=lambda: self._command(self.bill.customer),
            on_no_customer=lambda: self._command(self.bill.no_customer),
            on_pay=self.settling.settle_key,
            on_begin=self.settling.begin,
            on_settle=self.settling.settle,
            on_taken=self.settling.keep,
            on_close=self._escape,
        )
        self.side.configure(width=px(self.widget, _SIDE_MOST))
        self.side.pack_propagate(False)
        self.side.pack(
            side="right", fill="y", padx=(0, px(self.widget, MARGIN)), pady=px(self.widget, MARGIN - 6)
        )
        left.pack(side="left", fill="both", expand=True)
        self._build_head(left)
        self._build_left(left)

    def _build_head(self, left: ttk.Frame) -> None:
        self.head = PageHead(left, "收银")
        self.errand = Errand(self.widget, self.context, self.head, f"收银员 {self.context.actor.name}")
        self.head.action("班次", "clock-history", lambda: self._command(self.shift.shift), key_word("shift"))
        self.head.action(
            "小票", "receipt", lambda: self._command(self.bill.last_receipt), key_word("last_receipt")
        )
        if self.context.may_get(RETURN_GOODS):
            self.head.action(
                "退换货",
                "arrow-return-left",
                lambda: self._command(self.bill.give_back),
                key_word("give_back"),
            )
        self._hold = self.head.action(
            "取单", "pause-circle", lambda: self._command(self.bill.hold_or_recall), key_word("hold")
        )
        self.head.action("查价", "tag", lambda: self._command(self.bill.price_check), key_word("price_check"))

    def _build_left(self, left: ttk.Frame) -> None:
        margin = px(left, MARGIN)
        self._warning = ttk.Label(
            left, style="SoftWarning.TLabel", padding=(px(left, 10), px(left, 6)), justify="left", width=1
        )
        wrap_to_width(self._warning)
        self.scan = self.desk.scan = ScanField(
            left,
            search=self.bill.search,
            on_enter=self._entered,
            on_arrow=self.till.step_line,
        )
        self.scan.pack(fill="x", padx=(margin, px(left, 16)), pady=(0, px(left, 10)))
        tools = ttk.Frame(left)
        tools.pack(side="bottom", fill="x", padx=(margin, px(left, 16)), pady=(px(left, 8), px(left, 14)))
        self._build_tools(tools)
        self.lines = LinesList(
            left,
            on_select=self._line_clicked,
            on_open=lambda: self._command(self.line.quantity),
            menu=self.line.menu,
        )
        self.lines.pack(fill="both", expand=True, padx=(margin, px(left, 16)))

    def _build_tools(self, tools: ttk.Frame) -> None:
        commands: tuple[tuple[str, Command], ...] = (
            (f"数量 {key_word('quantity')}", self.line.quantity),
            (f"单价 {key_word('price')}", self.line.price),
            (f"折扣 {key_word('discount')}", self.line.discount),
            (f"整单 {key_word('terms')}", self.bill.terms),
            (f"删除 {_short(key_word('remove'))}", self.line.remove),
            (f"撤销 {key_word('undo')}", self.bill.undo),
            (f"现金 {key_word('drawer')}", self.shift.drawer),
        )
        for text, command in commands:
            button = ttk.Button(
                tools,
                text=text,
                bootstyle="neutral ghost",
                takefocus=False,
                command=lambda command=command: self._command(command),
            )
            button.configure(padding=(px(tools, 8), px(tools, 4)))
            button.pack(side="left", padx=(0, px(tools, 2)))
        self._more_button = ttk.Button(
            tools,
            text=f"更多 {key_word('menu')}",
            bootstyle="neutral ghost",
            takefocus=False,
            command=self._more,
        )
        self._more_button.configure(padding=(px(tools, 8), px(tools, 4)))
        self._more_button.pack(side="left")
        self._counted = ttk.Label(tools, style="Muted.TLabel")
        self._counted.pack(side="right")

    def _more(self) -> None:
        """What has no key of its own: a menu, worked by the arrows too."""
        button = self._more_button
        some = bool(self.till.cart.lines)
        entries = (
            *self.line.menu()[3:6],
            ("-", None),
            (f"无码商品  {key_word('amount_only')}", lambda: self._command(self.line.amount_only)),
            (f"业务员  {key_word('salesperson')}", lambda: self._command(self.bill.salesperson)),
            (f"本行业务员  {key_word('line_salesperson')}", lambda: self._command(self.line.salesperson)),
            (f"会员办理  {key_word('member')}", lambda: self._command(self.member.serve)),
            (
                f"清空整单  {key_word('clear')}",
                (lambda: self._command(self.bill.clear)) if some else None,
            ),
            ("-", None),
            ("更正上一单收款方式…", lambda: self._command(self.bill.change_tender)),
            ("快捷键…", lambda: self._command(self.change_keys)),
        )
        popup(button, entries, button.winfo_rootx(), button.winfo_rooty() + button.winfo_height())

    def _fit(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self.widget:
            self._fit_to(event.width)

    def _fit_to(self, width: int) -> None:
        least, most = px(self.widget, _SIDE_LEAST), px(self.widget, _SIDE_MOST)
        self.side.configure(width=max(least, min(round(width * _SIDE_SHARE), most)))
        self.head.plain(width < px(self.widget, _WIDE))
        if width < px(self.widget, _WIDE):  # the total says it too
            self._counted.pack_forget()
        else:
            self._counted.pack(side="right")

    # ---------------------------------------------------------------- keys

    def _key_table(self) -> dict[str, Command]:
        """What each key does, by the name it has in ``counter_keys``."""
        bill, line = self.bill, self.line
        paying = {
            "settle": self.settling.settle_key,
            "customer": bill.customer,
            "salesperson": bill.salesperson,
            "terms": bill.terms,
        }
        selling = {
            "quantity": line.quantity,
            "more": line.more,
            "less": line.less,
            "discount": line.discount,
            "price": line.price_or_amount,
            "amount_only": line.amount_only,
            "remove": line.remove,
            "line_salesperson": line.salesperson,
            "no_customer": bill.no_customer,
            "price_check": bill.price_check,
            "hold": bill.hold_or_recall,
            "give_back": bill.give_back,
            "last_receipt": bill.last_receipt,
            "drawer": self.shift.drawer,
            "member": self.member.serve,
            "shift": self.shift.shift,
            "undo": bill.undo,
            "clear": bill.clear,
        }
        return {
            **{name: partial(self._command, command, while_paying=True) for name, command in paying.items()},
            **{name: partial(self._command, command) for name, command in selling.items()},
            "menu": self._more,  # keeps the arrows: the scan field must not take them back
            "print": self.side.receipt.print,
            "save": self.side.receipt.save,
        }

    def _bind_keys(self) -> None:
        self._keys = keys_now()
        bound = {self._keys[name]: command for name, command in self._key_table().items()}
        table = {key: command for key, command in bound.items() if len(key) > 1}
        on_char = {key: command for key, command in bound.items() if len(key) == 1}
        undo = table.pop(UNDO, None)
        table.setdefault(RELOAD, self.reload)
        table["Escape"] = self._escape
        entry = self.scan.entry
        self._release = self.context.keys.bind(
            self.widget, table, on_char=on_char, entry=entry, on_scan=self._scanned_elsewhere
        )
        if undo is not None:
            for key in ("<Control-z>", "<Control-Z>"):  # before the window takes back what a toast tells
                entry.bind(key, partial(_and_break, undo))
        entry.bind("<FocusIn>", lambda _event: self._scan_focused(), add=True)

    def change_keys(self) -> None:
        """Show the keys and let them be changed."""
        taken = self.context.keys.taken_around(self.widget)
        CounterKeysDialog(self.widget, self.context, taken=taken).wait_window()

    def _rebuild(self) -> None:
        """The shop has changed keys: everything that shows one is made again, the bill stays."""
        self._release()
        for child in self.widget.winfo_children():
            child.destroy()
        self._shown_cart = None
        self._build()
        self._fit_to(self.widget.winfo_width())
        self._bind_keys()

    def _command(self, command: Command, *, while_paying: bool = False) -> None:
        """Do what a key or button means; the scan field has the keys again after it."""
        if self.desk.paying and not while_paying:
            self.desk.say(_WHILE_PAYING)
            return
        if not self.desk.paying:
            self.scan.close_drops()
        trips = self.errand.trips
        command()
        self.member.hint_card()
        if self.errand.trips == trips:
            self.focus()

    def _escape(self) -> None:
        """One step back, never losing the bill."""
        if self.settling.back() or self.scan.escape() or self._go_back():
            return
        if self.side.state_shown in (Side.DONE, Side.RECEIPT):
            self.side.show_sale(self.till.cart, self.till.bill(), self.till.deposit_fen)

    def _go_back(self) -> bool:
        """To the customer the clerk came from, who does not stay behind on an empty bill."""
        if self.errand.under_way and not self.till.cart.lines:
            self.bill.no_customer()
        return self.errand.back()

    def _held(self) -> None:
        self.errand.back()

    def _settled(self, posted: PostedBill) -> bool:
        return self.errand.settled(posted)

    def _scan_focused(self) -> None:
        """A click into the scan field during payment goes back to the goods."""
        if self.desk.paying:
            while self.settling.back() and self.desk.paying:
                pass

    # ---------------------------------------------------------------- what comes in

    def _entered(self, text: str, chosen: ProductHit | None, by_hand: bool) -> None:
        """Enter in the scan field."""
        typed = take_apart(text)
        if not typed.code and not typed.quantity:
            if self.scan.offer.accept():
                return
            if self.till.cart.lines:
                self.settling.begin()
            elif self.side.state_shown is Side.DONE:
                self.errand.back()
            return
        if chosen is not None and by_hand:
            self._take(chosen, typed.quantity)
            return
        self._code(text, chosen)

    def _take(self, hit: ProductHit, quantity: str) -> None:
        if self.desk.attempt(lambda: self.till.add(hit, quantity)):
            self.scan.clear()
            self.member.hint_card()

    def _code(self, text: str, chosen: ProductHit | None = None) -> None:
        def enter() -> None:
            entered = self.till.enter(text)
            self.scan.clear()
            if entered.led in (Led.LINE, Led.CUSTOMER):
                self.member.hint_card()
                return
            if entered.led is Led.SEVERAL_CUSTOMERS:
                self.bill.customer(entered.code)
            elif chosen is not None and not looks_scanned(entered.code):
                self._take(chosen, entered.quantity)
            elif entered.led is Led.UNKNOWN_MOBILE:
                self.bill.unknown_mobile(entered.code)
            else:
                self.bill.unknown(entered.code, entered.quantity)

        self.desk.attempt(enter)

    def _scanned_elsewhere(self, code: str) -> None:
        """A scanner went off while another field had the focus."""
        if self.desk.paying:
            self.desk.say("正在收款，扫到的商品没有加入；按 Esc 返回再扫。")
            return
        self.scan.close_drops()
        self._code(code)
        self.focus()

    def _line_clicked(self, position: int) -> None:
        if not self.desk.paying:
            self.till.select(position)
            self.scan.focus_set()

    # ---------------------------------------------------------------- what is shown

    def _changed(self) -> None:
        """The bill, the customer or the line in hand is another."""
        till, bill = self.till, self.till.bill()
        self.errand.follow(till.cart.customer_id)
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
                self.settling.bill_changed()
            else:
                self.side.show_sale(till.cart, bill, till.deposit_fen)
        counted = counted_words(till.cart.lines)
        self._counted.configure(text=f"共 {counted}" if counted else "")
        self._show_held()

    def _show_held(self) -> None:
        """One button for both ways; on an empty counter it says how many wait."""
        self._say_held()
        self.head.fit()

    def _say_held(self) -> None:
        if self.till.cart.lines:
            self._hold.configure(text=f"挂单 {key_word('hold')}")
            return
        held = len(held_carts(self.context.actor))
        self._hold.configure(text=f"取单 {key_word('hold')}" + (f"（{held}）" if held else ""))

    def _shift_changed(self) -> None:
        """Which shift it is, in the head; below it what the clerk should see to before selling on."""
        self.errand.say(*self.shift.words())
        warning = self.shift.warning()
        self._warning.configure(text=warning)
        if not warning:
            self._warning.pack_forget()
        elif not self._warning.winfo_manager():
            room = px(self._warning, MARGIN), px(self._warning, 16)
            self._warning.pack(fill="x", padx=room, pady=(0, px(self._warning, 8)), before=self.scan)

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
        if self.desk.paying:
            payment = self.side.payment
            (payment.amount if payment.is_typing() else payment.chooser).focus_set()
        elif self.scan.prompt.is_open:
            self.scan.prompt.entry.focus_set()
        else:
            self.scan.focus_set()

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
        if exchange is not None:
            self._command(lambda: self.bill.take_back(exchange))
        if customer_id is None:
            return
        if quote_id is not None:
            self._command(lambda: self._lay(customer_id, turn_into_bill, quote_id=quote_id))
        elif renew:
            self._command(lambda: self._lay(customer_id, renew_services, to_hub=to_hub, term_ids=renew))
        else:
            self._command(lambda: self._sell_to(customer_id, to_hub))

    def _lay(self, customer_id: int, verb: Callable[..., Any], *, to_hub: bool = True, **values: Any) -> None:
        """What a verb lays on the counter for a customer; refused, the clerk is back where he came from."""
        before = self.till.cart

        def taken(cart: Cart) -> None:
            self.till.take(cart)
            if before.lines and before.key != cart.key:
                who = before.customer_name or "散客"
                self.context.toast(f"{who}的单已挂起，空着按 {key_word('hold')} 取回。", kind="info")

        ready = self.context.run(verb, done=taken, **values)
        if to_hub:
            self.errand.begin(customer_id)
            if not ready:
                self.errand.back()

    def _sell_to(self, customer_id: int, to_hub: bool) -> None:
        cart = self.till.cart
        if cart.lines and cart.customer_id not in (None, customer_id):
            self.errand.end()
            if not self.bill.put_aside(cart.customer_name):
                return
        if self.desk.attempt(lambda: self.till.choose_customer(customer_id)) and to_hub:
            self.errand.begin(customer_id)


def _and_break(command: Command, _event: object) -> str:
    command()
    return "break"


def _short(word: str) -> str:
    return "Del" if word == "Delete" else word


PAGE = PageParts(
    build=CounterPage,
    watches=frozenset({Topic.CART, Topic.CUSTOMERS, Topic.DEALS, Topic.MONEY, Topic.SETTINGS}),
    help="扫码或输入商品，空着按 Enter 结账。每一步都有按键；单随时存着，断电也不会丢。",
    keys=help_keys,
)
