"""Notifications of the desktop: a bonus to the reminders in the window, so they never wait, fail or raise."""

import html
import logging
import subprocess
import sys
import threading
import warnings
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum

_APP = "meiping"
_TITLE_UNITS, _TEXT_UNITS = 63, 255
"""What Windows takes, in UTF-16 units; the other systems cut longer texts as well."""
_SECONDS = 4
_log = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()
_told = threading.Event()
"""Set once a failure has been logged: a machine without notifications fails at every reminder."""


class NotifyState(StrEnum):
    """How far a notification got."""

    SENT = "sent"
    """The system took it; whether it shows it is the user's own setting."""
    UNAVAILABLE = "unavailable"
    """This machine has no notifications, or refused this one."""


@dataclass(frozen=True, slots=True)
class NotifyResult:
    """What became of a notification; ``reason`` is the kind of error, if there was one."""

    state: NotifyState
    reason: str = ""


def notify(title: str, text: str) -> Future[NotifyResult]:
    """Show a notification of the system and return at once; what became of it is in the future."""
    result: Future[NotifyResult] = Future()
    worker = threading.Thread(target=_work, args=(result, title, text), name="notify", daemon=True)
    worker.start()
    return result


def _work(result: Future[NotifyResult], title: str, text: str) -> None:
    try:
        with _one_at_a_time:
            _send(_cut(title, _TITLE_UNITS), _cut(text, _TEXT_UNITS))
    except Exception as error:  # noqa: BLE001 (whatever a desktop does, the reminder in the window is there)
        if not _told.is_set():
            _told.set()
            _log.warning("no notifications on this machine: %s", type(error).__name__)
        result.set_result(NotifyResult(NotifyState.UNAVAILABLE, type(error).__name__))
    else:
        result.set_result(NotifyResult(NotifyState.SENT))


def _cut(text: str, units: int) -> str:
    """One line of at most so many UTF-16 units that no program takes for an option."""
    line = " ".join(text.split())
    if line.startswith("-"):
        line = f" {line}"
    if len(line.encode("utf-16-le", "replace")) // 2 <= units:
        return line
    while len(line.encode("utf-16-le", "replace")) // 2 > units - 1:
        line = line[:-1]
    return line + "…"


def _send(title: str, text: str) -> None:
    if sys.platform == "darwin":
        _send_on_mac(title, text)
    elif sys.platform == "win32":
        # plyer's own facade hands this to a thread that keeps the program from ending and loses its errors
        from plyer.platforms.win.libs.balloontip import balloon_tip

        balloon_tip(title=title, message=text, app_name=_APP, timeout=_SECONDS)
    else:
        from plyer import notification

        # that the D-Bus package is missing is normal: plyer then uses the notify-send program
        warnings.filterwarnings("ignore", category=UserWarning, module=r"plyer\.")
        notification.notify(
            title=title, message=html.escape(text, quote=False), app_name=_APP, timeout=_SECONDS
        )


def _send_on_mac(title: str, text: str) -> None:
    """Plyer first; it needs a package it does not bring, so mostly the system's script program does it."""
    try:
        from plyer import notification

        notification.notify(title=title, message=text, app_name=_APP, timeout=_SECONDS)
    except Exception:  # noqa: BLE001 (plyer passes on whatever the Objective-C bridge raises)
        script = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run"
        subprocess.run(["osascript", "-e", script, title, text], check=True, timeout=10, capture_output=True)
