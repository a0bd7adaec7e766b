"""Tells a bar code scanner from fingers: many characters, very close together, ending in Enter."""

import tkinter as tk

LEAST, GAP_MS, ECHO_MS = 6, 35, 150


class Burst:
    """The characters of the last quick run of keys, and what the field held before it."""

    def __init__(self, root: tk.Misc) -> None:
        self._tk = root.tk
        self._path = ""
        self._chars = ""
        self._last = -(10**9)
        self._before: tuple[str, str] | None = None
        self._scan_at = -(10**9)

    def key(self, path: str, char: str, at: int) -> None:
        """A character was pressed at ``at`` milliseconds, before it is written anywhere."""
        if path != self._path or not 0 <= at - self._last < GAP_MS:
            self._path, self._chars = path, ""
            self._before = self._content(path)
        self._chars += char
        self._last = at

    def forget(self) -> None:
        """The run is over and was nothing."""
        self._chars = ""

    def echo(self, at: int) -> bool:
        """A scanner that sends two line ends: the second Enter means nothing."""
        return 0 < at - self._scan_at < ECHO_MS and not self._chars

    def finish(self, path: str, at: int, *, keep: bool) -> str | None:
        """Enter was pressed: the scanned code, or None if fingers typed.

        The code is taken out of the field it fell into. With ``keep`` (the scan field itself) it stays there and
        None is returned, because that field deals with its own Enter.
        """
        chars, self._chars = self._chars, ""
        if path != self._path or len(chars) < LEAST or not 0 <= at - self._last < GAP_MS:
            return None
        self._scan_at = at
        if keep:
            return None
        if self._before is not None:
            self._restore(path, *self._before)
        return chars

    def _content(self, path: str) -> tuple[str, str] | None:
        kind = str(self._tk.call("winfo", "class", path))
        if kind == "Text":
            return str(self._tk.call(path, "get", "1.0", "end-1c")), str(
                self._tk.call(path, "index", "insert")
            )
        if kind in ("TEntry", "TCombobox", "TSpinbox", "Entry", "Spinbox"):
            return str(self._tk.call(path, "get")), str(self._tk.call(path, "index", "insert"))
        return None

    def _restore(self, path: str, text: str, cursor: str) -> None:
        if str(self._tk.call("winfo", "class", path)) == "Text":
            self._tk.call(path, "delete", "1.0", "end")
            self._tk.call(path, "insert", "1.0", text)
            self._tk.call(path, "mark", "set", "insert", cursor)
        else:
            self._tk.call(path, "delete", 0, "end")
            self._tk.call(path, "insert", 0, text)
            self._tk.call(path, "icursor", cursor)
