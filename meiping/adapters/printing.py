"""Paper: a PDF goes to the printer, or where there is none, is opened so that it can be printed from there."""

import logging
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from meiping.adapters.files import open_in_system
from meiping.kernel.errors import UserError

_SECONDS = 30
_log = logging.getLogger(__name__)


class PrintWay(StrEnum):
    """What happened to a document that was to be printed."""

    SENT = "sent"
    """The printer's queue has it."""
    OPENED = "opened"
    """No printer took it; the file stands open on the screen."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """What happened, and the sentence that tells it to the user."""

    way: PrintWay
    sentence: str


def printers() -> list[str]:
    """Names of the printers known to the system; empty where it can't be asked."""
    program = shutil.which("lpstat")
    if program is None:
        return []
    try:
        asked = _run([program, "-e"])
    except subprocess.TimeoutExpired:
        _log.warning("the list of printers does not come")
        return []
    return asked.stdout.split() if asked.returncode == 0 else []


def print_pdf(path: Path, *, printer: str = "", copies: int = 1) -> PrintOutcome:
    """Print a PDF file on the named or the usual printer. May take some seconds; to be called from a worker.

    A missing printer is no error: the file is opened instead. Never raises for what printers do.
    """
    if not path.exists():
        return PrintOutcome(PrintWay.FAILED, f"没有打印：“{path.name}”已经不在原来的位置。")
    return _print_on_windows(path) if os.name == "nt" else _print_by_lp(path, printer, copies)


def _print_by_lp(path: Path, printer: str, copies: int) -> PrintOutcome:
    program = shutil.which("lp")
    if program is None:
        return _open_instead(path, "没有找到打印机")
    command = [program, "-n", str(copies), *(["-d", printer] if printer else []), "--", str(path.resolve())]
    try:
        ended = _run(command).returncode
    except subprocess.TimeoutExpired:
        return PrintOutcome(PrintWay.FAILED, "打印机没有回应，请检查打印机后再打印一次。")
    if ended:
        _log.warning("lp ended with %d", ended)
        return _open_instead(path, f"打印机“{printer}”不可用" if printer else "没有可用的打印机")
    return PrintOutcome(PrintWay.SENT, "已送到打印机。")


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_SECONDS,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )


def _print_on_windows(path: Path) -> PrintOutcome:
    """The program for PDF files prints, if it can: the browser that comes with Windows can't."""
    if sys.platform == "win32":
        try:
            os.startfile(path, "print")
        except OSError as error:
            _log.warning("no program prints PDF files: %s", error.strerror)
        else:
            return PrintOutcome(PrintWay.SENT, "已送到打印机。")
    return _open_instead(path, "没有能直接打印的程序")


def _open_instead(path: Path, why: str) -> PrintOutcome:
    try:
        open_in_system(path)
    except UserError as refusal:
        return PrintOutcome(PrintWay.FAILED, f"没有打印：{why}。{refusal.sentence}")
    return PrintOutcome(PrintWay.OPENED, f"{why}，已打开文件，请在打开的窗口里打印。")
