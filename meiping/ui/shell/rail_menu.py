"""The foot of the rail: who is at work, and what concerns the window itself."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from tkinter import font as tkfont

import ttkbootstrap as ttk

from meiping.ui.shell.appearance import SCALINGS, Appearance
from meiping.ui.theme import FONT_SIZE_TITLES, palette, px
from meiping.ui.widgets import privacy

Command = Callable[[], object]


@dataclass(frozen=True, slots=True)
class RailCommands:
    """What the menu can ask for. ``more`` are (word, command), shown where they make sense."""

    search: Command
    lock: Command
    hide_private: Command
    switch_operator: Command
    change_password: Command
    set_pin: Command
    help: Command
    about: Command
    more: Sequence[tuple[str, Command]] = ()


class RailMenu(ttk.Frame):
    """A button over the lower end of the rail that opens the menu upwards."""

    def __init__(self, parent: tk.Misc, name: str, appearance: Appearance, commands: RailCommands) -> None:
        super().__init__(parent, style="Rail.TFrame")
        self._operator, self._appearance, self._commands = name, appearance, commands
        self._mode = ttk.StringVar(self, palette(self).mode)
        self._size = ttk.StringVar(self, appearance.font_size)
        self._scaling = ttk.StringVar(self, str(appearance.scaling or ""))
        self.search = ttk.Button(
            self, style="Search.Rail.TButton", command=commands.search, compound="left", takefocus=False
        )
        self.search.configure(image=ttk.Icon("search", 16, "#cbd5e1"))
        self.search.pack(fill="x")
        self.button = ttk.Button(
            self, text=name, style="Rail.TButton", command=self.open, compound="left", takefocus=True
        )
        self.button.configure(image=ttk.Icon("person-circle", 16, "#cbd5e1"))
        self.button.pack(fill="x")
        self._width = 0

    def fit(self, width: int) -> None:
        """Be as wide as the rail; the name is cut to what fits."""
        if width == self._width or width <= 1:
            return
        self._width = width
        face = tkfont.nametofont("MpBody", root=self)
        room = width - px(self, 16 + 16 + 30)
        small, words = tkfont.nametofont("MpSmall", root=self), "   搜索 Ctrl+K"
        fits = small.measure(words) <= width - px(self, 17 + 16 + 4)
        self.search.configure(text=words if fits else "   搜索")
        text = self._operator
        while len(text) > 1 and face.measure(text) > room:
            text = f"{text.rstrip('…')[:-1]}…"
        self.button.configure(text=f"   {text}")

    def open(self) -> None:
        """Show the menu above the button."""
        menu = self.build()
        menu.update_idletasks()
        top = self.button.winfo_rooty() - menu.winfo_reqheight()
        menu.tk_popup(self.button.winfo_rootx(), max(0, top))

    def build(self) -> ttk.Menu:
        """The menu as it stands now."""
        for child in self.winfo_children():
            if isinstance(child, tk.Menu):
                child.destroy()
        menu = _menu(self)
        self._mode.set(palette(self).mode)
        menu.add_cascade(label="主题", menu=self._modes(menu))
        menu.add_cascade(label="字号", menu=self._sizes(menu))
        menu.add_cascade(label="界面缩放", menu=self._scalings(menu))
        menu.add_separator()
        commands = self._commands
        menu.add_command(label="锁屏", accelerator="Ctrl+L", command=commands.lock)
        word = "显示成本和电话" if privacy.hidden() else "遮住成本和电话"
        menu.add_command(label=word, accelerator="Ctrl+Shift+M", command=commands.hide_private)
        menu.add_command(label="切换操作员", command=commands.switch_operator)
        menu.add_command(label="修改密码…", command=commands.change_password)
        menu.add_command(label="主管密码…", command=commands.set_pin)
        menu.add_separator()
        for word, command in commands.more:
            menu.add_command(label=word, command=command)
        menu.add_command(label="帮助", accelerator="F1", command=commands.help)
        menu.add_command(label="关于", command=commands.about)
        return menu

    def _modes(self, parent: ttk.Menu) -> ttk.Menu:
        menu = _menu(parent)
        for mode, word in (("light", "浅色"), ("dark", "深色")):
            menu.add_radiobutton(label=word, value=mode, variable=self._mode, command=self._pick_mode)
        return menu

    def _pick_mode(self) -> None:
        self._appearance.set_mode("dark" if self._mode.get() == "dark" else "light")

    def _sizes(self, parent: ttk.Menu) -> ttk.Menu:
        menu = _menu(parent)
        self._size.set(self._appearance.font_size)
        for size, word in FONT_SIZE_TITLES.items():
            menu.add_radiobutton(
                label=word,
                value=size,
                variable=self._size,
                command=partial(self._appearance.set_font_size, size),
            )
        return menu

    def _scalings(self, parent: ttk.Menu) -> ttk.Menu:
        menu = _menu(parent)
        choices = [("", "跟随系统"), *((str(value), f"{value:.0%}") for value in SCALINGS)]
        for value, word in choices:
            menu.add_radiobutton(label=word, value=value, variable=self._scaling, command=self._pick_scaling)
        menu.add_separator()
        menu.add_command(label="下次启动时生效", state="disabled")
        return menu

    def _pick_scaling(self) -> None:
        chosen = self._scaling.get()
        self._appearance.set_scaling(float(chosen) if chosen else None)


def _menu(parent: tk.Misc) -> ttk.Menu:
    colours = palette(parent)
    menu = ttk.Menu(parent, tearoff=False)
    menu.configure(activebackground=colours.accent_soft, activeforeground=colours.accent)
    return menu
