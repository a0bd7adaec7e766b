"""One dispatcher for all shortcuts.

With a Chinese input method on Windows a committed letter may arrive as a function key whose ``char`` is the letter.
So a key event with a printable character is that character, whatever its keysym says: it goes into the focused
field and runs no command. Real function keys carry no printable character, so nothing is lost.
"""

import tkinter as tk
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from meiping.kernel.text import plain
from meiping.ui.widgets.scan_bursts import ECHO_MS, Burst

Command = Callable[[], object]
TEXT_CLASSES = ("TEntry", "TCombobox", "TSpinbox", "Entry", "Spinbox", "Text")
_SHIFT, _CONTROL = 0x1, 0x4
_ALT = {"win32": 0x20000, "aqua": 0x10, "x11": 0x8}
"""The bit differs: on Windows 0x8 is NumLock."""
_NOT_LETTERS = frozenset(
    {
        *(f"F{number}" for number in range(1, 36)),
        *("Delete", "Insert", "Home", "End", "Prior", "Next", "Left", "Right", "Up", "Down"),
        *(
            "Escape",
            "Return",
            "Tab",
            "BackSpace",
            "Menu",
            "App",
            "Pause",
            "Print",
            "Cancel",
            "Clear",
            "Select",
        ),
    }
)
_EDITING = frozenset({"Delete", "BackSpace", "Home", "End", "Left", "Right", "Up", "Down", "Prior", "Next"})
"""Keys that a field with text in it needs for itself."""
_CLIPBOARD = frozenset({"Control-a", "Control-c", "Control-x"})
"""Keys that a text field always needs for itself."""
_TEXT_FORMS = frozenset({"UTF8_STRING", "STRING", "TEXT", "text/plain", "text/plain;charset=utf-8"})
_CHARS = {"plus": "+", "minus": "-", "asterisk": "*", "slash": "/", "period": ".", "comma": ",", "equal": "="}


_TAGGING = """
bind all <FocusIn> {{+
    set tags [bindtags %W]
    if {{"{before}" ni $tags}} {{
        set own [lsearch -exact $tags %W]
        bindtags %W [linsert [linsert $tags [expr {{$own + 1}}] {commands}] 0 {before}]
    }}
}}
"""


@dataclass(slots=True)
class _Scope:
    widget: tk.Misc
    keys: dict[str, Command]
    chars: dict[str, Command]
    entry: Any
    on_scan: Callable[[str], object] | None


def normal_key(name: str) -> str:
    """One spelling for a key: ``Control-Shift-s``, ``F12``, ``Delete``."""
    *modifiers, key = name.strip("<>").replace("Ctrl", "Control").split("-")
    if len(key) == 1:
        key = key.lower()
    return "-".join([*(word for word in ("Control", "Alt", "Shift") if word in modifiers), key])


class KeyDispatcher:
    """Sends keys to the page in front.

    Every widget that gets the focus gets two binding tags: one before its own bindings, which holds the rule about
    printable characters and watches for scanners, and one after its own and before its class's, which runs commands.
    """

    BEFORE, COMMANDS = "MpCharacters", "MpCommands"

    def __init__(self, root: tk.Tk) -> None:
        self._root = root
        self._scopes: list[_Scope] = []
        self._alt = _ALT[str(root.tk.call("tk", "windowingsystem"))]
        self._burst = Burst(root)
        self._entered_at = -(10**9)
        if self.BEFORE not in root.tk.eval("bind all <FocusIn>"):
            root.tk.eval(_TAGGING.format(before=self.BEFORE, commands=self.COMMANDS))
        root.bind_class(self.BEFORE, "<KeyPress>", self.character)
        root.bind_class(self.COMMANDS, "<KeyPress>", self.command)

    # ---------------------------------------------------------------- binding

    def bind(
        self,
        scope: tk.Misc,
        table: Mapping[str, Command],
        *,
        on_char: Mapping[str, Command] | None = None,
        entry: tk.Misc | None = None,
        on_scan: Callable[[str], object] | None = None,
    ) -> Command:
        """Make keys work while ``scope`` (the root, a page, a dialog) is in front; gives the way to end it.

        ``on_char`` are bare characters, valid only while ``entry`` has the focus and is empty. ``on_scan`` gets the
        code of a scanner wherever the focus is; ``entry`` is the scan field, which keeps its own scans. Raises
        ValueError where a key already means something else in this scope, above or below it.
        """
        keys = {normal_key(name): command for name, command in table.items()}
        chars = {_CHARS.get(name, name): command for name, command in (on_char or {}).items()}
        bare = [name for name in keys if len(name) == 1 or name in _CHARS]
        if bare:
            raise ValueError(f"bare characters are commands only in an empty entry: {bare}")
        if chars and entry is None:
            raise ValueError("characters need the entry they are valid in")
        for other in self._scopes:
            if _related(str(scope), str(other.widget)):
                both = sorted(keys.keys() & other.keys.keys())
                if both:
                    raise ValueError(f"keys bound twice: {', '.join(both)}")
        added = _Scope(scope, keys, chars, entry, on_scan)
        self._scopes.append(added)
        scope.bind("<Destroy>", lambda event: self._forget(event, added), add=True)
        return lambda: self._scopes.remove(added) if added in self._scopes else None

    def taken_around(self, scope: tk.Misc) -> frozenset[str]:
        """The keys that mean something in all that lies around ``scope``: the window's own."""
        path = str(scope)
        outside = [one for one in self._scopes if str(one.widget) != path and _inside(path, str(one.widget))]
        return frozenset(key for one in outside for key in one.keys)

    def name_of(self, event: "tk.Event[tk.Misc]") -> str:
        """The key of an event by the rule of this dispatcher: a printable character is that character."""
        return plain(event.char) or event.char if self._is_printable(event) else self._key_name(event)

    def _forget(self, event: "tk.Event[tk.Misc]", scope: _Scope) -> None:
        if event.widget is scope.widget and scope in self._scopes:
            self._scopes.remove(scope)

    # ---------------------------------------------------------------- events

    def _active(self) -> list[_Scope]:
        """Scopes in front, the innermost first; a grab shuts out all that lies outside it."""
        grab = self._root.tk.eval("lindex [grab current] 0")
        active = [
            scope
            for scope in self._scopes
            if scope.widget.winfo_exists()
            and scope.widget.winfo_viewable()
            and (not grab or grab == "." or _inside(str(scope.widget), grab))
        ]
        return sorted(active, key=lambda scope: -str(scope.widget).count("."))

    def character(self, event: "tk.Event[tk.Misc]") -> str | None:
        """What happens before the widget sees a key: the rule about characters, and scanners."""
        if self._is_printable(event):
            return self._printable(event)
        if event.keysym in ("Return", "KP_Enter"):
            self._entered_at = int(event.time)
            return self._scanned(event)
        if event.char == "\n":  # what a scanner ends with instead: Linefeed, on Windows Ctrl+J
            return self._line_feed(event)
        return None

    def _line_feed(self, event: "tk.Event[tk.Misc]") -> str:
        """A bare line feed is an Enter; one right after an Enter belongs to it."""
        if not 0 <= int(event.time) - self._entered_at < ECHO_MS:
            event.widget.event_generate("<Return>", time=event.time)
        return "break"

    def _printable(self, event: "tk.Event[tk.Misc]") -> str | None:
        path = str(event.widget)
        char = plain(event.char) or event.char
        for scope in self._active():
            if char in scope.chars and path == str(scope.entry) and not scope.entry.get():
                scope.chars[char]()
                return "break"
        self._burst.key(path, event.char, int(event.time))
        if event.keysym in _NOT_LETTERS:
            self._insert(path, event.char)
            return "break"
        return None

    def _insert(self, path: str, char: str) -> None:
        kind = str(self._root.tk.call("winfo", "class", path))
        if kind not in TEXT_CLASSES:
            return
        command = {"Entry": "tk::EntryInsert", "Spinbox": "tk::EntryInsert", "Text": "tk::TextInsert"}
        self._root.tk.call(command.get(kind, "ttk::entry::Insert"), path, char)

    def _scanned(self, event: "tk.Event[tk.Misc]") -> str | None:
        if self._burst.echo(int(event.time)):
            return "break"
        scope = next((scope for scope in self._active() if scope.on_scan is not None), None)
        if scope is None or scope.on_scan is None:
            self._burst.forget()
            return None
        path = str(event.widget)
        code = self._burst.finish(path, int(event.time), keep=path == str(scope.entry))
        if code is None:
            return None
        scope.on_scan(code)
        return "break"

    def command(self, event: "tk.Event[tk.Misc]") -> str | None:
        """What happens after the widget's own bindings and before its class's: commands."""
        if not self._root.tk.getboolean(self._root.tk.call("winfo", "exists", str(event.widget))):
            return "break"  # the widget's own binding has closed its window
        if self._is_printable(event):
            return None
        name = self._key_name(event)
        if self._needed_by_text(str(event.widget), name):
            return None
        for scope in self._active():
            command = scope.keys.get(name)
            if command is not None:
                command()
                return "break"
        return None

    def _is_printable(self, event: "tk.Event[tk.Misc]") -> bool:
        control, alt = int(event.state) & _CONTROL, int(event.state) & self._alt
        if bool(control) != bool(alt):  # both together make AltGr characters
            return False
        return bool(event.char) and event.char.isprintable()

    def _key_name(self, event: "tk.Event[tk.Misc]") -> str:
        state, keysym = int(event.state), event.keysym
        keysym = {"KP_Enter": "Return", "KP_Delete": "Delete", "ISO_Left_Tab": "Tab"}.get(keysym, keysym)
        held = (("Control", _CONTROL), ("Alt", self._alt), ("Shift", _SHIFT))
        return normal_key("-".join([*(word for word, bit in held if state & bit), keysym]))

    def _needed_by_text(self, path: str, name: str) -> bool:
        kind = str(self._root.tk.call("winfo", "class", path))
        if kind not in TEXT_CLASSES:
            return False
        if name == "Control-v":
            return self._text_copied()
        if name == "Control-z":  # an entry has no undo of its own
            return kind == "Text" and self._root.tk.getboolean(self._root.tk.call(path, "edit", "canundo"))
        if name in _CLIPBOARD:
            return True
        return name in _EDITING and (kind == "Text" or bool(self._root.tk.call(path, "get")))

    def _text_copied(self) -> bool:
        """Whether there is anything a text field could paste: with a copied picture there is not."""
        try:
            if (
                self._root.tk.call("tk", "windowingsystem") == "x11"
            ):  # asked what they have, all tell the truth
                return not _TEXT_FORMS.isdisjoint(self._root.clipboard_get(type="TARGETS").split())
            return bool(self._root.clipboard_get())
        except tk.TclError:
            return False


def _inside(path: str, ancestor: str) -> bool:
    return path == ancestor or ancestor == "." or path.startswith(f"{ancestor}.")


def _related(path: str, other: str) -> bool:
    return _inside(path, other) or _inside(other, path)
