"""Hands and eyes on the real window: keys pressed where the focus is, text written, pictures taken."""

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import ttkbootstrap as ttk
from PIL import ImageGrab

_NAMED = {" ": "space", "*": "asterisk", "+": "plus", "-": "minus", "/": "slash", ".": "period"}


W = TypeVar("W", bound=tk.Misc)


def within(widget: tk.Misc, kind: type[W]) -> Iterator[W]:
    """Every widget of a kind inside another."""
    for child in widget.winfo_children():
        if isinstance(child, kind):
            yield child
        yield from within(child, kind)


class Hands:
    """Works the program's window as a person would; nothing is called behind its back."""

    def __init__(self, root: ttk.App) -> None:
        self.root = root

    def focused(self) -> tk.Misc:
        """Where the keys go; the window itself where nothing has the focus."""
        return self.root.focus_get() or self.root

    def press(self, *keys: str) -> None:
        """Press keys one after the other: ``F12``, ``Return``, ``Control-k``, ``*``."""
        for key in keys:
            self.focused().event_generate(f"<{_NAMED.get(key, key)}>")
            self.root.update()

    def type(self, text: str) -> None:
        """Press a key a character, as fast as a scanner does."""
        for character in text:
            self.focused().event_generate("<Key>", keysym=_NAMED.get(character, character))
        self.root.update()

    def write(self, text: str) -> None:
        """Put text into the focused entry or text box as an input method does, replacing what stands there."""
        entry = self.focused()
        if isinstance(entry, tk.Text):
            entry.delete("1.0", "end")
            entry.insert("1.0", text)
        elif isinstance(entry, tk.Entry):
            entry.delete(0, "end")
            entry.insert(0, text)
        else:
            raise TypeError(f"the focus is on {entry}, which takes no text")
        self.root.update()

    def paste(self, text: str) -> None:
        """Put text on the clipboard and press Ctrl+V."""
        self.root.clipboard_clear()
        self.root.clipboard_append(text)
        self.root.update()
        self.press("Control-v")

    def click(self, word: str) -> None:
        """Click the button in sight that says ``word``. Raises LookupError where there is none."""
        for button in within(self.root, ttk.Button):
            if button.winfo_viewable() and word in str(button.cget("text")):
                button.invoke()
                self.root.update()
                return
        raise LookupError(f"no button says {word}")

    def turn_to(self, title: str) -> None:
        """Bring the tab in sight whose title begins so to the front, the innermost of several.

        Raises LookupError where there is none.
        """
        for notebook in sorted(within(self.root, ttk.Notebook), key=lambda found: -str(found).count(".")):
            for place in range(notebook.index("end") if notebook.winfo_viewable() else 0):
                if str(notebook.tab(place, "text")).startswith(title):
                    notebook.select(place)
                    self.root.update()
                    return
        raise LookupError(f"no tab says {title}")

    def picture(self, path: Path) -> None:
        """Save what the window shows, with what lies over it."""
        self.root.update()
        left, top = self.root.winfo_rootx(), self.root.winfo_rooty()
        box = (left, top, left + self.root.winfo_width(), top + self.root.winfo_height())
        ImageGrab.grab(bbox=box).save(path)
