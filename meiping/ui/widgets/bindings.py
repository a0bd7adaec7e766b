"""Bindings on windows that outlive the widget that made them."""

import tkinter as tk
from collections.abc import Callable


def unbind_one(widget: tk.Misc, sequence: str, funcid: str) -> None:
    """Take one script out of a binding; tkinter's own unbind would drop the others with it."""
    script = str(widget.tk.call("bind", str(widget), sequence))
    kept = "\n".join(line for line in script.split("\n") if funcid not in line)
    widget.tk.call("bind", str(widget), sequence, kept)
    widget.deletecommand(funcid)


def on_write(owner: tk.Misc, variable: tk.Variable, action: Callable[[], object]) -> None:
    """Call ``action`` at every change of ``variable`` until ``owner`` is destroyed.

    A trace of Tcl is a root of its own: left behind it would keep its variable, ``owner`` and the whole page.
    """
    trace = variable.trace_add("write", lambda *_: action())

    def forget(event: "tk.Event[tk.Misc]") -> None:
        if event.widget is owner:
            variable.trace_remove("write", trace)

    owner.bind("<Destroy>", forget, add=True)
