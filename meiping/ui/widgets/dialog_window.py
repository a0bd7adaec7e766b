"""The window every dialog is made of: over its parent, holding the keys until it closes."""

import tkinter as tk
from collections.abc import Callable
from functools import partial

import ttkbootstrap as ttk

from meiping.ui.theme import px


def framed(window: tk.Misc) -> bool:
    """Whether a window manager draws a frame with a title around windows like this one."""
    top = window.winfo_toplevel()
    return top.tk.call("tk", "windowingsystem") != "x11" or int(top.wm_frame(), 16) != top.winfo_id()


def _in_front(parent: tk.Misc) -> tk.Tk | tk.Toplevel:
    """The dialog that has the keys now, whoever opens another one over it; else the parent's window."""
    held = grabbed(parent)
    window = held.winfo_toplevel() if held is not None else None
    return window if isinstance(window, DialogWindow) else parent.winfo_toplevel()


def grabbed(parent: tk.Misc) -> tk.Misc | None:
    """Who has the grab; None also for what Tk itself made, the list of a drop-down."""
    path = parent.tk.eval("lindex [grab current] 0")
    try:
        return parent.nametowidget(path) if path else None
    except KeyError:
        return None


class DialogWindow(ttk.Toplevel):
    """A modal window with a ``body`` to fill and a ``footer`` for buttons, shown by ``open``.

    Esc and the window's cross call ``dismiss``. Closing gives focus and grab back to who had them.
    """

    def __init__(self, parent: tk.Misc, title: str, *, resizable: bool = False) -> None:
        over = _in_front(parent)
        super().__init__(title=title, master=over, iconphoto=None)
        self.withdraw()
        self._over = over
        self._focus_before = self._over.focus_lastfor()
        self._grab_before = grabbed(self)
        self.resizable(resizable, resizable)
        outer = self._frame(title)
        self.footer = ttk.Frame(outer)
        self.footer.pack(side="bottom", fill="x", pady=(px(self, 16), 0))
        self.body = ttk.Frame(outer)
        self.body.pack(fill="both", expand=True)
        self.bind("<Escape>", lambda _event: self.dismiss())
        self.bind("<ButtonPress>", self._pressed, add=True)
        self.protocol("WM_DELETE_WINDOW", self.dismiss)

    def _frame(self, title: str) -> ttk.Frame:
        """The room for body and footer; with an edge and the title where no window manager draws them."""
        room: tk.Misc = self
        sides = (px(self, 20), px(self, 16))
        if not framed(self._over):
            edge = ttk.Frame(self, style="Hairline.TFrame", padding=1)
            edge.pack(fill="both", expand=True)
            room = ttk.Frame(edge)
            room.pack(fill="both", expand=True)
            ttk.Label(room, text=title, font="MpBold", padding=(sides[0], sides[1], sides[0], 0)).pack(
                fill="x"
            )
        outer = ttk.Frame(room, padding=sides)
        outer.pack(fill="both", expand=True)
        return outer

    def add_button(
        self, text: str, command: Callable[[], object], *, bootstyle: str = "neutral outline"
    ) -> ttk.Button:
        """A button at the right of the footer, to the left of those already there."""
        button = ttk.Button(self.footer, text=text, command=command, bootstyle=bootstyle)
        button.configure(width=max(8, len(text) * 2 + 1))
        button.pack(side="right", padx=(px(self, 8), 0))
        for key, step in (("<Left>", 1), ("<Right>", -1)):
            button.bind(key, partial(self._step, step))
        return button

    def _step(self, step: int, event: "tk.Event[tk.Misc]") -> None:
        """To the button beside it: those made later stand further to the left. Round at the ends."""
        buttons = [str(button) for button in self.footer.pack_slaves()]
        place = (buttons.index(str(event.widget)) + step) % len(buttons)
        self.nametowidget(buttons[place]).focus_set()

    def open(self, focus: tk.Misc | None = None) -> None:
        """Show it over its parent, take the keys and give ``focus`` the cursor."""
        self.update_idletasks()
        over, width, height = self._over, self.winfo_reqwidth(), self.winfo_reqheight()
        width, height = (
            min(width, self.winfo_screenwidth()),
            min(height, self.winfo_screenheight() - px(self, 40)),
        )
        x = over.winfo_rootx() + (over.winfo_width() - width) // 2
        y = over.winfo_rooty() + (over.winfo_height() - height) // 3
        x = max(0, min(x, self.winfo_screenwidth() - width))
        y = max(0, min(y, self.winfo_screenheight() - height - px(self, 40)))
        self.geometry(f"+{x}+{y}")  # its size stays its content's: complaints may make it grow
        if over.winfo_viewable():
            self.transient(over)
        self.deiconify()
        self.lift()
        self.wait_visibility()
        self.grab_set()
        (focus or self).focus_force()

    def _pressed(self, event: "tk.Event[tk.Misc]") -> None:
        """A press on the window behind comes here by the grab; the window manager has given that one the keys."""
        across, down = event.x_root - self.winfo_rootx(), event.y_root - self.winfo_rooty()
        if event.widget is self and not (
            0 <= across < self.winfo_width() and 0 <= down < self.winfo_height()
        ):
            (self.focus_lastfor() or self).focus_force()

    def dismiss(self) -> None:
        """Leave without doing anything; Esc and the cross come here."""
        self.close()

    def close(self) -> None:
        """Go away and give focus and grab back."""
        in_front = bool(self.tk.eval("focus"))
        self.grab_release()
        self.destroy()
        before = self._grab_before
        if before is not None and before.winfo_exists():
            before.grab_set()
        back = self._focus_before
        if back is None or not back.winfo_exists() or not back.winfo_viewable():
            back = self._over
        if back.winfo_exists():
            back.focus_force() if in_front else back.focus_set()  # never take the focus from another program
