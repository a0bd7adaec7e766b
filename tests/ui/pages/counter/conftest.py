"""A clerk at the counter: the real page in the real window, worked by real key events."""

import itertools
import time
import tkinter as tk
from collections.abc import Callable

import pytest
import ttkbootstrap as ttk

from meiping.domains.sales.queries import BillDetail, bill_detail, bills
from meiping.ui.pages.counter.counter_page import CounterPage
from meiping.ui.pages.counter.side_column import Side
from tests import factories
from tests.shop import OpenedShop
from tests.windows import PageContext

_beginnings = itertools.count(1_000_000, 1_000_000)
"""When the hands of each clerk begin, in ms: never within an Enter of the clerk before."""
COLA, SOAP, APPLE = "6901028012348", "6901028055550", "PG"
_KEYSYMS = {
    "*": "asterisk",
    "/": "slash",
    ".": "period",
    "+": "plus",
    "-": "minus",
    " ": "space",
    "=": "equal",
}


class Clerk:
    """Fingers and eyes. Fingers are slow, scanners are quick: events carry their own times."""

    def __init__(self, root: ttk.App, context: PageContext, holder: tk.Widget) -> None:
        self.root, self.context, self._holder = root, context, holder
        self._at = next(_beginnings)
        self.page = self.sit_down()

    def sit_down(self) -> CounterPage:
        """Open the counter, as the program does when it starts."""
        for child in self._holder.winfo_children():
            child.destroy()
        self.page = CounterPage(self._holder, self.context)
        self.page.widget.pack(fill="both", expand=True)
        self.root.update()
        self.page.scan.entry.focus_force()
        self.page.focus()
        self.root.update()
        return self.page

    # ------------------------------------------------------------------ fingers
    def _press(self, keysym: str, gap: int) -> None:
        self._at += gap
        path = self.root.tk.eval("focus")
        widget = self.root.nametowidget(path) if path else self.page.scan.entry
        widget.event_generate("<KeyPress>", keysym=keysym, time=self._at)

    def key(self, *names: str) -> None:
        """Press keys: ``key("F12", "Return")``, ``key("Control-z")``."""
        for name in names:
            self._at += 400
            path = self.root.tk.eval("focus")
            self.root.nametowidget(path).event_generate(f"<{name}>", time=self._at)
            self.root.update()

    def type(self, text: str) -> None:
        """Type text with fingers; Chinese comes whole, as an input method commits it."""
        for char in text:
            if char.isascii():
                self._press(_KEYSYMS.get(char, char), 150)
            else:
                self.root.nametowidget(self.root.tk.eval("focus")).insert("insert", char)
            self.root.update()
        self.wait(0.12)

    def enter(self, text: str) -> None:
        """Type and press Enter."""
        self.type(text)
        self.key("Return")

    def scan(self, code: str, ends: int = 1) -> None:
        """A scanner: characters 8 ms apart, then one line end, or several."""
        self._at += 2_000
        for char in code:
            self._press(char, 8)
        for _ in range(ends):
            self._press("Return", 8)
        self.root.update()

    def wait(self, seconds: float) -> None:
        """Let the window work for a moment."""
        end = time.monotonic() + seconds
        self.root.update()
        while time.monotonic() < end:
            self.root.tk.eval("after 5 {set _waited 1}; vwait _waited")
            self.root.update()

    def in_dialog(self, *steps: Callable[[], object]) -> None:
        """Do these one after the other once the next dialog has the keys; call before it opens."""

        def run(tries: int) -> None:
            grab = self.root.tk.eval("lindex [grab current] 0")
            if not grab or not self.root.tk.eval("focus").startswith(grab):
                assert tries, "no dialog opened"
                self.root.after(20, run, tries - 1)
                return
            self.wait(0.05)  # for the focus to arrive, as a person would
            try:
                for step in steps:
                    step()
                assert self.root.tk.eval("lindex [grab current] 0") != grab, "the dialog stayed open"
            except Exception:
                self._close_dialogs()
                raise

        self.root.after(20, run, 100)

    def _close_dialogs(self) -> None:
        """A test that fails inside a window must not wait for it for ever."""
        for child in self.root.winfo_children():
            if isinstance(child, tk.Toplevel):
                child.destroy()

    # ------------------------------------------------------------------ eyes
    def lines(self) -> list[tuple[str, str, str]]:
        """Name, quantity and amount of each line as the list shows them."""
        tree = self.page.lines.tree
        rows = [tree.set(item) for item in tree.get_children()]
        return [(cells["name"], cells["quantity"], cells["amount"]) for cells in rows]

    def big(self) -> tuple[str, str]:
        """The word and figure of the large box."""
        return self.page.side.total.word(), self.page.side.total.figure()

    def said(self) -> str:
        """What is told below the scan field, or below the amount."""
        drop = self.page.scan.offer
        if drop.is_open:
            return str(drop._said.cget("text"))
        return str(self.page.side.payment._error.cget("text"))

    def state(self) -> Side:
        """What the right column is about."""
        return self.page.side.state_shown

    def scan_has_focus(self) -> bool:
        """Whether the next scan goes into the scan field."""
        return str(self.root.tk.eval("focus")) == str(self.page.scan.entry)

    def bills(self) -> list[BillDetail]:
        """Every posted bill, the newest first."""
        actor = self.context.actor
        rows = bills(actor).window(0, 100, None)
        return [bill_detail(actor, sale_id=row["id"]) for row in rows]


@pytest.fixture
def goods(shop: OpenedShop) -> dict[str, int]:
    """Cola ¥3.50 (floor ¥3.00), soap ¥12.00, apples ¥12.80 by three decimals; plenty of each."""
    add = factories.add_product
    return {
        "cola": add(
            shop,
            name="可口可乐",
            barcodes=COLA,
            list_price_fen=350,
            lowest_price_fen=300,
            unit="瓶",
            stock=100,
        ),
        "soap": add(shop, name="香皂", barcodes=SOAP, list_price_fen=1_200, unit="块", stock=100),
        "apples": add(
            shop, name="苹果", code=APPLE, list_price_fen=1_280, unit="斤", quantity_decimals=3, stock=100
        ),
    }


@pytest.fixture
def clerk(root: ttk.App, context: PageContext, page: tk.Widget, goods: dict[str, int]) -> Clerk:
    """The counter is open, nothing on it."""
    return Clerk(root, context, page)
