"""The till's own printer and drawer, as the shop has set them."""

from collections.abc import Mapping
from typing import Any

from meiping.adapters.escpos import Connection, TillPrinter
from meiping.adapters.escpos import open_drawer as send_pulse
from meiping.adapters.printing import PrintOutcome, PrintWay
from meiping.domains.settings.options import PRINTER_SYSTEM
from meiping.ui.context import Context

_KEYS = (
    "printer.way",
    "printer.target",
    "printer.encoding",
    "printer.cuts",
    "drawer.pin",
    "drawer.pulse_ms",
)


def till_printer(values: Mapping[str, Any]) -> TillPrinter | None:
    """The ESC/POS printer that these options describe; None where paper goes through the system."""
    way = values["printer.way"]
    if way == PRINTER_SYSTEM:
        return None
    return TillPrinter(
        Connection(way),
        values["printer.target"],
        values["printer.encoding"],
        values["printer.cuts"],
        int(values["drawer.pin"]),
        values["drawer.pulse_ms"],
    )


def shop_printer(context: Context) -> TillPrinter | None:
    """The one that is set now."""
    return till_printer({key: context.option(key) for key in _KEYS})


def open_drawer(context: Context) -> None:
    """Have the drawer opened; what goes wrong is told."""
    if context.practice:
        context.toast("练习模式：钱箱不打开。", kind="info")
        return
    printer = shop_printer(context)
    if printer is None or not printer.drawer_pin:
        context.toast("钱箱没有接在小票打印机上：可在“系统 → 设置 → 小票打印机”里设置。", kind="warning")
        return

    def done(outcome: PrintOutcome) -> None:
        if outcome.way is not PrintWay.SENT:
            context.toast(f"钱箱没有打开：{outcome.sentence}", kind="warning")

    context.background(lambda progress: send_pulse(printer), title="开钱箱", done=done, quiet=True)


def open_drawer_for_cash(context: Context) -> None:
    """Open the drawer because cash was taken or is given, where the shop wants that; not in practice."""
    if context.practice:
        return
    printer = shop_printer(context)
    if printer is not None and printer.drawer_pin and context.option("drawer.on_cash"):
        open_drawer(context)
