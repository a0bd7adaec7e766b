"""The program's diary: what went wrong and where, without customers' names, numbers or amounts."""

import contextlib
import logging
import platform
import re
import sqlite3
import sys
import sysconfig
import threading
import traceback
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

import meiping
from meiping.adapters.files import restrict_to_owner

_FILE = "meiping.log"
_BYTES, _KEPT = 1_000_000, 5
_LIBRARIES = ("ttkbootstrap", "peewee", "matplotlib", "openpyxl", "fpdf2", "plyer", "pypdfium2")
_NOISY = ("peewee", "fontTools", "fpdf", "matplotlib", "PIL")
"""Libraries that tell much, partly with the values of rows, below a warning."""

_OF_CODE = frozenset({"AttributeError", "ImportError", "NameError", "TypeError", "NotImplementedError"})
"""Errors whose message quotes names of the program."""
_OF_STORE = frozenset({"IntegrityError", "OperationalError", "InterfaceError", "TclError"})
"""Errors whose message names tables, columns and widgets; what it quotes may be a value."""
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_VALUES = re.compile(r"\d{5,}|[^\x00-\x7f]+")

_log = logging.getLogger("meiping")


def start_logging(folder: Path) -> Callable[[], None]:
    """Write the diary to ``folder``: five files of a megabyte, readable by the owner only.

    Errors nobody caught, in threads as well, go there too. Where the folder can't be written, the standard
    error stream takes its place. Gives a function that ends it and puts everything back as it was.
    """
    handler = _open(folder)
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in (None, *_NOISY)}
    hooks = sys.excepthook, threading.excepthook
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    _log.info(_versions())

    def close() -> None:
        sys.excepthook, threading.excepthook = hooks
        root.removeHandler(handler)
        handler.close()
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)

    return close


def _open(folder: Path) -> logging.Handler:
    path = folder / _FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _PrivateFiles(
            path, maxBytes=_BYTES, backupCount=_KEPT - 1, encoding="utf-8", errors="backslashreplace"
        )
    except OSError as error:
        _log.warning("the log can't be written: %s", error.strerror)
        return logging.StreamHandler()


def _versions() -> str:
    parts = [
        f"meiping {meiping.__version__}",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        f"{platform.system()} {platform.release()} {platform.machine()}",
    ]
    installed = _installed()
    for name in _LIBRARIES:
        try:
            parts.append(f"{name} {installed.get(name) or version(name)}")
        except PackageNotFoundError:
            parts.append(f"{name} missing")
    return ", ".join(parts)


def _installed() -> dict[str, str]:
    """Versions by the names of the folders that tell of them: to read what is in these takes a start too long."""
    with contextlib.suppress(OSError):
        folders = Path(sysconfig.get_path("purelib")).glob("*.dist-info")
        parts = (folder.stem.partition("-") for folder in folders)
        return {name: number for name, _, number in parts}
    return {}


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        _log.critical("an error nobody caught", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)


def _uncaught_in_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is None or issubclass(told.exc_type, SystemExit):
        return
    name = told.thread.name if told.thread else "a thread"
    _log.critical(
        "an error nobody caught in %s", name, exc_info=(told.exc_type, told.exc_value, told.exc_traceback)
    )


class _PrivateFiles(RotatingFileHandler):
    """Log files for their owner only, each new one as well."""

    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        restrict_to_owner(Path(self.baseFilename))
        return stream


class _Formatter(logging.Formatter):
    """Writes where an error came from, and of its message only what can't hold a customer's data."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback another handler has already written in full is not taken over."""
        record.exc_text = None
        try:
            return super().format(record)
        finally:
            record.exc_text = None

    def formatException(self, ei: Any) -> str:  # noqa: N802 (the name the library calls)
        """The traceback of ``sys.exc_info()`` as safe text."""
        return safe_traceback(ei[1]) if ei[1] is not None else ""


def safe_traceback(error: BaseException) -> str:
    """Where an error and those that led to it came from, without the values in their messages.

    For the log and for reports the user sends.
    """
    parts: list[str] = []
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        frames = "".join(traceback.format_tb(following.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{frames}{_headline(following)}")
        cause = following.__cause__
        if cause is None and not following.__suppress_context__:
            cause = following.__context__
        following = cause
    return "\n\nwhich led to:\n\n".join(reversed(parts))


def _headline(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, OSError):
        return f"{name}: [{error.errno}] {error.strerror}"
    families = {parent.__name__ for parent in kind.__mro__}
    if families & _OF_CODE:
        return f"{name}: {_VALUES.sub('…', str(error))}"
    if families & _OF_STORE:
        return f"{name}: {_VALUES.sub('…', _QUOTED.sub('…', str(error)))}"
    return f"{name}: (message left out)"
