"""What the window remembers about itself, kept in a small JSON file of the data folder."""

import json
import logging
import tkinter as tk
from pathlib import Path
from typing import Any

from meiping.adapters.files import replace_file
from meiping.kernel.errors import UserError

_DELAY_MS = 1_000
log = logging.getLogger(__name__)


class ViewFile:
    """A ViewState in a file. Changes are written together, a second after the last one and at ``save``.

    It can be read before there is a window; ``attach`` gives it the timer it writes by. A file that can't be read
    or written costs the memory of widths and sizes, never the work at hand.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = self._read()
        self._root: tk.Misc | None = None
        self._timer: str | None = None
        self._changed = False

    def attach(self, root: tk.Misc) -> None:
        """From now on write by this window's timer."""
        self._root = root

    def get(self, key: str, default: Any = None) -> Any:
        """The value last kept under ``key``."""
        return self._values.get(key, default)

    def set(self, key: str, value: Any) -> None:
        """Keep a value that JSON can hold."""
        if key in self._values and self._values[key] == value:
            return
        self._values[key] = value
        self._changed = True
        self._cancel()
        if self._root is not None:
            self._timer = self._root.after(_DELAY_MS, self.save)

    def save(self) -> None:
        """Write now what has changed."""
        self._cancel()
        if not self._changed:
            return
        self._changed = False
        try:
            replace_file(self._path, json.dumps(self._values, ensure_ascii=False, indent=1).encode())
        except UserError as error:
            log.warning("the window's memory was not written: %s", error.sentence)

    def _cancel(self) -> None:
        if self._timer is not None and self._root is not None:
            self._root.after_cancel(self._timer)
        self._timer = None

    def _read(self) -> dict[str, Any]:
        try:
            values = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            log.warning("the window's memory could not be read and begins anew")
            return {}
        return values if isinstance(values, dict) else {}
