"""All that a key or a button of the counter means, and the one way in which it is done."""

from collections.abc import Callable
from functools import partial

from meiping.ui.counter_keys_dialog import CounterKeysDialog
from meiping.ui.pages.counter.bill_commands import BillCommands
from meiping.ui.pages.counter.desk import Desk
from meiping.ui.pages.counter.line_commands import LineCommands
from meiping.ui.pages.counter.member_desk import MemberCommands
from meiping.ui.pages.counter.settling import Settling
from meiping.ui.pages.counter.shift_commands import ShiftCommands
from meiping.ui.pages.counter.side_column import Side

Command = Callable[[], object]
_WHILE_PAYING = "正在收款，请先按 Esc 返回。"


class Commands:
    """What can be done with the line in hand, the bill, the member, the money and the shift of one desk."""

    def __init__(self, desk: Desk, *, on_shift: Callable[[], object]) -> None:
        """``on_shift`` is called when the shift is another."""
        self._desk = desk
        self.line = LineCommands(desk)
        self.bill = BillCommands(desk)
        self.member = MemberCommands(desk, choose=self.bill.customer)
        self.settling = Settling(desk, self.bill)
        self.shift = ShiftCommands(desk, on_change=on_shift)

    def do(self, command: Command, *, while_paying: bool = False) -> None:
        """Do what a key or button means; the scan field has the keys again after it.

        While the money is taken only what may happen ``while_paying`` is done; the rest is refused.
        """
        desk = self._desk
        if desk.paying and not while_paying:
            desk.say(_WHILE_PAYING)
            return
        if not desk.paying:
            desk.scan.close_drops()
        trips = desk.errand.trips
        command()
        self.member.hint_card()
        if desk.errand.trips == trips:
            desk.focus()

    def by_name(self, *, more: Command) -> dict[str, Command]:
        """What each key does, by the name it has in ``counter_keys``; ``more`` opens the menu of the rest."""
        bill, line, receipt = self.bill, self.line, self._desk.side.receipt
        paying: dict[str, Command] = {
            "settle": self.settling.settle_key,
            "customer": bill.customer,
            "salesperson": bill.salesperson,
            "terms": bill.terms,
        }
        selling: dict[str, Command] = {
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
            "browse": bill.browse,
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
            **{name: partial(self.do, command, while_paying=True) for name, command in paying.items()},
            **{name: partial(self.do, command) for name, command in selling.items()},
            "menu": more,  # keeps the arrows: the scan field must not take them back
            "print": receipt.print,
            "save": receipt.save,
        }

    def escape(self) -> None:
        """One step back, never losing the bill."""
        desk = self._desk
        if self.settling.back() or desk.scan.escape() or self._go_back():
            return
        if desk.side.state_shown in (Side.DONE, Side.RECEIPT):
            desk.side.show_sale(desk.till.cart, desk.till.bill(), desk.till.deposit_fen)

    def _go_back(self) -> bool:
        """To the customer the clerk came from, who does not stay behind on an empty bill."""
        errand = self._desk.errand
        if errand.under_way and not self._desk.till.cart.lines:
            self.bill.no_customer()
        return errand.back()

    def change_keys(self) -> None:
        """Show the keys and let them be changed."""
        desk = self._desk
        taken = desk.context.keys.taken_around(desk.widget)
        CounterKeysDialog(desk.widget, desk.context, taken=taken).wait_window()
