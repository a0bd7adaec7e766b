"""What comes in at the counter by the scan field or a scanner, and what becomes of it."""

from meiping.domains.catalog.queries import ProductHit
from meiping.ui.pages.counter.codes import Led
from meiping.ui.pages.counter.commands import Commands
from meiping.ui.pages.counter.desk import Desk
from meiping.ui.pages.counter.side_column import Side
from meiping.ui.pages.counter.typed import looks_scanned, take_apart


class Incoming:
    """Goods, customers and codes nobody knows, by the same way whoever typed or scanned them."""

    def __init__(self, desk: Desk, commands: Commands) -> None:
        self._desk, self._commands = desk, commands

    def entered(self, text: str, chosen: ProductHit | None, by_hand: bool) -> None:
        """Enter in the scan field; ``chosen`` is the marked result, ``by_hand`` whether the arrows marked it."""
        typed = take_apart(text)
        if not typed.code and not typed.quantity:
            self._entered_nothing()
        elif chosen is not None and by_hand:
            self._take(chosen, typed.quantity)
        else:
            self._code(text, chosen)

    def scanned_elsewhere(self, code: str) -> None:
        """A scanner went off while another field had the focus."""
        desk = self._desk
        if desk.paying:
            desk.say("正在收款，扫到的商品没有加入；按 Esc 返回再扫。")
            return
        desk.scan.close_drops()
        self._code(code)
        desk.focus()

    def _entered_nothing(self) -> None:
        desk = self._desk
        if desk.scan.offer.accept():
            return
        if desk.till.cart.lines:
            self._commands.settling.begin()
        elif desk.side.state_shown is Side.DONE:
            desk.errand.back()

    def _take(self, hit: ProductHit, quantity: str) -> None:
        desk = self._desk
        if desk.attempt(lambda: desk.till.add(hit, quantity)):
            desk.scan.clear()
            self._commands.member.hint_card()

    def _code(self, text: str, chosen: ProductHit | None = None) -> None:
        self._desk.attempt(lambda: self._enter(text, chosen))

    def _enter(self, text: str, chosen: ProductHit | None) -> None:
        bill = self._commands.bill
        entered = self._desk.till.enter(text)
        self._desk.scan.clear()
        if entered.led in (Led.LINE, Led.CUSTOMER):
            self._commands.member.hint_card()
        elif entered.led is Led.SEVERAL_CUSTOMERS:
            bill.customer(entered.code)
        elif chosen is not None and not looks_scanned(entered.code):
            self._take(chosen, entered.quantity)
        elif entered.led is Led.UNKNOWN_MOBILE:
            bill.unknown_mobile(entered.code)
        else:
            bill.unknown(entered.code, entered.quantity)
