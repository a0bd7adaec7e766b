"""What a clerk waits for at the counter itself: a scanned line, the next customer after Enter, a bill of 300 lines."""

import shutil
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from statistics import median

import ttkbootstrap as ttk

from meiping.adapters.display import has_display, virtual_display
from meiping.adapters.fonts import register_screen_font
from meiping.domains.sales.at_till import held_carts
from meiping.domains.sales.cart import CartLine, new_cart
from meiping.domains.sales.carts import drop_cart, hold_cart
from meiping.domains.sales.deposits import give_deposit_back
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.prices import as_priced_today
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import BELOW_ZERO, checkout
from meiping.domains.settings.queries import option
from meiping.domains.settings.service import save_options
from meiping.kernel.actor import Actor
from meiping.kernel.money import CashRounding
from meiping.store.database import close_database, fetch, open_database
from meiping.store.folder import DataFolder
from meiping.tools.bench_bills import filled_up
from meiping.tools.bench_hub import bench_context
from meiping.tools.timing import Figure, milliseconds, p95
from meiping.ui.pages.counter.bill_pane import BillPane
from meiping.ui.pages.counter.counter_page import CounterPage
from meiping.ui.shell.background import Background
from meiping.ui.shell.shell_context import DOUBLE_PRESS_MS
from meiping.ui.theme import make_root
from meiping.ui.widgets.progress import ProgressDialog

_LONG = 300
_BILLS, _OPENINGS = 20, 5
_KEY_MS = 8
_PAUSE_MS = 1_000


def counter_figures(folder: DataFolder) -> list[Figure]:
    """Medians on the shop with many bills, the real page worked by key events."""
    path = folder.cache / "bench-counter.db"
    shutil.copyfile(filled_up(folder), path)
    open_database(path)
    register_screen_font()
    try:
        with nullcontext() if has_display() else virtual_display():
            return _measured(folder)
    finally:
        close_database()
        _remove(path)


def _remove(path: Path) -> None:
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()


class _Till:
    """The counter in a window of its own, and fingers: events carry their own times, as from a keyboard."""

    def __init__(self, folder: DataFolder) -> None:
        self.root = make_root()
        self.root.geometry("1440x900+0+0")
        self._background = Background(
            self.root, lambda title, cancel: ProgressDialog(self.root, title, cancel)
        )
        self.context = bench_context(self.root, folder, self._background)
        quiet = {"stock.below_zero": "allow", "receipt.mode": "never"}
        save_options(self.context.actor, values=quiet)
        self._at = 1_000_000
        self.page = CounterPage(self.root, self.context)
        self.page.widget.pack(fill="both", expand=True)
        self.root.update()
        self.page.scan.entry.focus_force()
        self.page.focus()
        self.root.update()

    def close(self) -> None:
        self._background.close()
        self.root.destroy()

    def key(self, name: str, gap_ms: int = _PAUSE_MS) -> None:
        """One key, and all that it sets off."""
        self._at += gap_ms
        focused = self.root.nametowidget(self.root.tk.eval("focus") or str(self.page.scan.entry))
        focused.event_generate(f"<{name}>", time=self._at)
        self.root.update()

    def scan(self, code: str) -> float:
        """A code as a scanner types it; gives the milliseconds from its line end to the painted line."""
        self._at += _PAUSE_MS
        for char in code:
            self._at += _KEY_MS
            self.page.scan.entry.event_generate("<KeyPress>", keysym=char, time=self._at)
        self.root.update()
        lines = len(self.page.till.cart.lines)
        took = milliseconds(lambda: self.key("Return", _KEY_MS))
        if len(self.page.till.cart.lines) != lines + 1:
            raise RuntimeError("the scan added no line")
        return took

    def settle(self) -> float:
        """Pay what is on the counter in cash; gives the milliseconds from Enter to the ready scan field."""
        self.key("F12")
        took = milliseconds(lambda: self.key("Return"))
        ready = str(self.root.tk.eval("focus")) == str(self.page.scan.entry)
        if self.page.till.cart.lines or not ready:
            raise RuntimeError("the bill was not settled")
        self._rest()
        return took

    def _rest(self) -> None:
        """A second press at once would be taken for the same one."""
        end = time.perf_counter() + DOUBLE_PRESS_MS / 1000 + 0.05
        while time.perf_counter() < end:
            self.root.update()


def _measured(folder: DataFolder) -> list[Figure]:
    till = _Till(folder)
    try:
        _drop_what_waits(till.context.actor)
        figures = _scanning_and_paying(till)
        return [*figures, *_long_bill(till)]
    finally:
        till.close()


def _drop_what_waits(actor: Actor) -> None:
    """A bill put aside is taken back without a list as long as it is the only one."""
    for held in held_carts(actor):
        if held.deposit_fen:
            give_deposit_back(actor, key=held.key, cart_key=held.key, amount_fen=held.deposit_fen)
        drop_cart(actor, key=held.key)


def _scanning_and_paying(till: _Till) -> list[Figure]:
    found = fetch(
        "SELECT b.barcode FROM product_barcode b JOIN product p ON p.id = b.product_id"
        " WHERE p.active = 1 AND p.stocked = 1 AND p.list_price_fen > 0 ORDER BY p.id LIMIT 200"
    )
    codes = [code for (code,) in found if code.isdigit()]
    scanned: list[float] = []
    paid: dict[int, list[float]] = {1: [], 3: [], 30: []}
    for lines, times in paid.items():
        for turn in range(_BILLS if lines < 30 else _OPENINGS):
            first = turn * lines % (len(codes) - lines)
            scanned += [till.scan(code) for code in codes[first : first + lines]]
            times.append(till.settle())
    figures = [
        Figure(
            "从扫码到画出这一行",
            f"{median(scanned):.0f} 毫秒，95% 不超过 {p95(scanned):.0f}",
            "≤ 50 毫秒",
            median(scanned),
            50,
            250,
        )
    ]
    for lines, times in paid.items():
        took = median(times)
        what = f"从收款的回车到可以扫下一位，{lines} 行"
        figures.append(Figure(what, f"{took:.0f} 毫秒", "≤ 50 毫秒", took, 50, 250))
    return figures


def _long_bill(till: _Till) -> list[Figure]:
    actor = till.context.actor
    recalled = median(_recall(till, actor) for _ in range(_OPENINGS))
    pane = BillPane(till.root, till.context, on_return=_nothing, on_print=_nothing, on_save=_nothing)
    till.page.widget.pack_forget()
    pane.widget.pack(fill="both", expand=True)
    till.root.update()
    cart = replace(new_cart(), lines=_lines())
    total_fen = price_bill(cart, CashRounding(option("till.rounding"))).total_fen
    posted = checkout(
        actor, cart=cart, payments=[Payment("cash", total_fen)], confirmed=frozenset({BELOW_ZERO})
    )
    shown = median(_painted(till.root, lambda: pane.show({"id": posted.sale_id})) for _ in range(_OPENINGS))
    return [
        Figure(f"取回 {_LONG} 行的挂单，到画出", f"{recalled:.0f} 毫秒", "≤ 100 毫秒", recalled, 100, 500),
        Figure(f"打开 {_LONG} 行的业务单，到画出", f"{shown:.0f} 毫秒", "≤ 100 毫秒", shown, 100, 500),
    ]


def _recall(till: _Till, actor: Actor) -> float:
    """Milliseconds to take back a long bill that was put aside."""
    cart = as_priced_today(actor, cart=replace(new_cart(), lines=_lines()))
    hold_cart(actor, cart=cart, note="")
    till.root.update()
    took = milliseconds(lambda: till.key("F6"))
    if len(till.page.till.cart.lines) != _LONG:
        raise RuntimeError("the long bill was not taken back")
    drop_cart(actor, key=cart.key)
    till.page.till.begin_anew()
    till.root.update()
    return took


def _painted(root: ttk.App, show: Callable[[], object]) -> float:
    def work() -> None:
        show()
        root.update()

    return milliseconds(work)


def _lines() -> tuple[CartLine, ...]:
    rows = fetch(
        "SELECT id, code, name, unit, list_price_fen FROM product WHERE stocked = 1 AND active = 1 ORDER BY id LIMIT ?",
        _LONG,
    )
    return tuple(
        CartLine(product_id, code, name, unit, 1_000, price_fen, price_fen)
        for product_id, code, name, unit, price_fen in rows
    )


def _nothing(_bill: object) -> None:
    """Buttons of the pane that are not pressed."""
