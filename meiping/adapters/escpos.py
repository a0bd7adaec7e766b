"""Receipt printers that speak ESC/POS, and the cash drawer behind them: the optional extra ``escpos``."""

import importlib.util
import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from meiping.adapters.printing import PrintOutcome, PrintWay
from meiping.adapters.receipt_pdf import (
    Align,
    Block,
    Item,
    ItemHead,
    Pair,
    Rule,
    Slip,
    Space,
    Text,
    Title,
    Total,
)
from meiping.kernel.money import show_fen
from meiping.kernel.quantity import show_milli

_COLUMNS = {58: 32, 80: 48}
"""Narrow characters on a line of each roll; a Chinese one takes two."""
_QTY_END = {58: 16, 80: 28}
_PRICE_END = {58: 24, 80: 38}
_SECONDS = 8
_PORT = 9100
_MM_PER_LINE = 3.75
_CODECS = {"big5": "cp950"}
"""Python's big5 lacks the sign for yuan."""
_CHINESE = b"\x1c&"
"""Chinese characters on: some printers begin without."""
_LEAST_PULSE_MS, _MOST_PULSE_MS = 20, 500
_log = logging.getLogger(__name__)

MISSING = "没有装 ESC/POS 组件：请关闭程序，联网运行一次 python3 run.py add escpos，再打开。"


class Connection(StrEnum):
    """How the printer is reached."""

    NETWORK = "network"
    DEVICE = "device"
    QUEUE = "queue"
    WINDOWS = "windows"


@dataclass(frozen=True, slots=True)
class TillPrinter:
    """A printer: ``target`` is host[:port], a device file, or the name of a queue or of a Windows printer.

    ``drawer_pin`` 0 means no drawer, else 2 or 5; the pulse is in milliseconds.
    """

    connection: Connection
    target: str
    encoding: str = "gb18030"
    cuts: bool = True
    drawer_pin: int = 0
    pulse_ms: int = 100


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    align: Align = Align.LEFT
    bold: bool = False
    tall: bool = False


def available() -> bool:
    """Whether the extra is installed."""
    return importlib.util.find_spec("escpos") is not None


def slip_commands(slip: Slip, printer: TillPrinter) -> bytes:
    """What the printer is sent for a slip: the lines and the cut."""
    commands = _recorder()
    commands.hw("INIT")
    if printer.encoding.startswith("gb"):
        commands._raw(_CHINESE)
    for block in slip.blocks:
        for line in _lines(block, _COLUMNS[slip.width_mm], slip.width_mm):
            commands.set(
                align=_ALIGN[line.align], bold=line.bold, double_height=line.tall, double_width=False
            )
            commands._raw(_encoded(line.text + "\n", printer.encoding))
    if printer.cuts:
        commands.cut()
    else:
        commands.ln(4)
    return bytes(commands.output)


def drawer_commands(printer: TillPrinter) -> bytes:
    """The pulse that opens the drawer."""
    commands = _recorder()
    on = min(max(printer.pulse_ms, _LEAST_PULSE_MS), _MOST_PULSE_MS) // 2
    commands.cashdraw([27, 112, 0 if printer.drawer_pin == 2 else 1, on, 250])
    return bytes(commands.output)


def print_slip(slip: Slip, printer: TillPrinter) -> PrintOutcome:
    """Print a slip; to be called from a worker. Never raises for what printers do."""
    return _send(printer, lambda: slip_commands(slip, printer))


def open_drawer(printer: TillPrinter) -> PrintOutcome:
    """Open the drawer; to be called from a worker. Never raises for what printers do."""
    return _send(printer, lambda: drawer_commands(printer))


def _send(printer: TillPrinter, commands: Callable[[], bytes]) -> PrintOutcome:
    if not available():
        return PrintOutcome(PrintWay.FAILED, MISSING)
    if not printer.target:
        return PrintOutcome(PrintWay.FAILED, "还没有填写小票打印机的地址或名称。")
    from escpos.exceptions import Error

    try:
        _deliver(commands(), printer)
    except (Error, OSError, ImportError, RuntimeError, ValueError) as error:
        _log.warning("the till printer (%s) failed: %s", printer.connection, type(error).__name__)
        return PrintOutcome(PrintWay.FAILED, _WHY[printer.connection])
    return PrintOutcome(PrintWay.SENT, "已送到小票打印机。")


_WHY = {
    Connection.NETWORK: "小票打印机没有回应，请检查电源、网线和设置里的地址。",
    Connection.DEVICE: "打不开小票打印机，请检查电源、连接线和设置里的设备文件（Linux 上用户要属于 lp 组）。",
    Connection.QUEUE: "打印队列不可用，请检查设置里的队列名和打印机。",
    Connection.WINDOWS: "Windows 打印机不可用，请检查设置里的打印机名和电源。",
}
_ALIGN = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}


def _recorder() -> Any:
    from escpos.printer import Dummy

    return Dummy()


def _deliver(commands: bytes, printer: TillPrinter) -> None:
    """Raises what the connection raises."""
    from escpos import printer as kinds

    match printer.connection:
        case Connection.NETWORK:  # escpos leaves its socket open when nobody answers
            host, _, port = printer.target.partition(":")
            with socket.create_connection((host, int(port or _PORT)), _SECONDS) as connection:
                connection.sendall(commands)
        case Connection.DEVICE:
            with Path(printer.target).open("r+b", buffering=0) as device:  # never makes a file of that name
                device.write(commands)
        case Connection.QUEUE | Connection.WINDOWS as way:
            queue: Any = (kinds.LP if way is Connection.QUEUE else kinds.Win32Raw)(printer.target)
            queue.open()
            try:
                queue._raw(commands)
            finally:
                queue.close()


def _encoded(text: str, encoding: str) -> bytes:
    # U+00A5 takes four bytes in GB18030, which printers draw as rubbish
    return text.replace("¥", "￥").encode(_CODECS.get(encoding, encoding), "replace")


# --------------------------------------------------------------------- setting the lines
def _width(text: str) -> int:
    """In narrow characters: these printers draw all that is not ASCII wide."""
    return sum(1 if character.isascii() else 2 for character in text)


def _wrapped(text: str, columns: int) -> list[str]:
    lines, line = [], ""
    for character in text:
        if line and _width(line + character) > columns:
            lines.append(line)
            line = ""
        line += character
    return [*lines, line]


def _shown(text: str) -> str:
    return text.replace("¥", "￥")


def _lines(block: Block, columns: int, roll: int) -> Iterator[_Line]:
    match block:
        case Title(text):
            yield from (
                _Line(part, Align.CENTRE, bold=True, tall=True) for part in _wrapped(_shown(text), columns)
            )
        case Text(text, align, bold, _):
            yield from (_Line(part, align, bold) for part in _wrapped(_shown(text), columns))
        case Pair(left, right, bold):
            yield from _pair(left, right, columns, bold=bold)
        case Rule(solid):
            yield _Line(("=" if solid else "-") * columns)
        case ItemHead():
            yield _Line(_row("品名", "数量", "单价", "金额", columns, roll), bold=True)
        case Item():
            yield from _item(block, columns, roll)
        case Total(label, amount_fen):
            yield from _pair(label, show_fen(amount_fen), columns, bold=True, tall=True)
        case Space(height):
            yield from (_Line("") for _ in range(max(1, round(height / _MM_PER_LINE))))


def _pair(left: str, right: str, columns: int, *, bold: bool = False, tall: bool = False) -> Iterator[_Line]:
    left, right = _shown(left), _shown(right)
    room = columns - _width(left) - _width(right)
    if room >= 1:
        yield _Line(left + " " * room + right, bold=bold, tall=tall)
        return
    yield from (_Line(part, bold=bold, tall=tall) for part in _wrapped(left, columns))
    yield from (_Line(part, Align.RIGHT, bold=bold, tall=tall) for part in _wrapped(right, columns))


def _row(name: str, qty: str, price: str, amount: str, columns: int, roll: int) -> str:
    """Figures right-aligned below each other; unusually long ones push those before them to the left."""
    price_end = min(_PRICE_END[roll], columns - _width(amount) - 1)
    qty_end = min(_QTY_END[roll], price_end - _width(price) - 1)
    line = name
    for text, end in ((qty, qty_end), (price, price_end), (amount, columns)):
        if text:
            gap = 1 if line else 0
            line += " " * max(end - _width(line) - _width(text), gap) + text
    return line


def _item(item: Item, columns: int, roll: int) -> Iterator[_Line]:
    """The name has its lines; the figures stand beside it where they find room, else below."""
    qty = show_milli(item.qty_milli) + item.unit if item.qty_milli is not None else ""
    price, amount = show_fen(item.price_fen, sign=""), show_fen(item.amount_fen, sign="")
    beside = _row(item.name, qty, price, amount, columns, roll)
    if _width(item.name) + 1 + _width(qty) <= _QTY_END[roll] and _width(beside) <= columns:
        yield _Line(beside)
    else:
        yield from (_Line(part) for part in _wrapped(item.name, columns))
        yield _Line(_row("", qty, price, amount, columns, roll))
    if item.note:
        yield from (_Line(part) for part in _wrapped(_shown(item.note), columns))


def trial_slip(width_mm: int, printer: TillPrinter) -> Slip:
    """The page that shows whether encoding, width and cut are right."""
    columns = _COLUMNS[width_mm]
    blocks: tuple[Block, ...] = (
        Title("美萍 测试页"),
        Text("能看清下面的字，说明设置正确。", Align.CENTRE),
        Rule(),
        Pair("纸宽", f"{width_mm} 毫米，每行 {columns} 个字符"),
        Pair("编码", printer.encoding.upper()),
        Pair(
            "钱箱", f"{printer.drawer_pin} 号脚，{printer.pulse_ms} 毫秒" if printer.drawer_pin else "未设置"
        ),
        Rule(),
        ItemHead(),
        Item("矿泉水 550ml", 2_000, 200, 400, unit="瓶"),
        Item("云南普洱熟茶礼盒装（三年陈）", 1_000, 16_800, 15_120, "9 折", "盒"),
        Item("散装大米", 2_355, 680, 1_601, unit="kg"),
        Rule(),
        Total("应收", 17_121),
        Text("0123456789".ljust(columns, ".")[:columns]),
        Text("￥ ¥ 两个符号都应是人民币", small=True),
    )
    return Slip(58 if width_mm == 58 else 80, blocks, "测试页")
