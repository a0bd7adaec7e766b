"""收银快捷键: every key of the counter, changed by pressing another one."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.domains.settings.rules import MANAGE_SETTINGS
from meiping.domains.settings.till_keys import save_till_keys
from meiping.kernel.errors import UserError
from meiping.ui.context import Context
from meiping.ui.counter_keys import ACTIONS, BY_ID, changed_keys, check_key, keys_now
from meiping.ui.theme import px
from meiping.ui.widgets.cards import wrap_to_width
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.key_words import MODIFIERS, shown_key

_COLUMNS = (("title", "用途", 260), ("key", "按键", 140), ("usual", "原来的键", 120))
_PRESS = "请按新的键；Esc 不改。"
_HOW = (
    "选一行按 Enter 或双击，再按新的键。Backspace 恢复这一行原来的键。"
    "这里是收银页的键；退换货、交班等窗口里的键写在按钮上，不能改。"
)


class CounterKeysDialog(DialogWindow):
    """A list of what keys do; Enter on a row waits for the new key. Nothing counts before it is saved."""

    def __init__(self, parent: tk.Misc, context: Context, *, taken: frozenset[str]) -> None:
        super().__init__(parent, "收银快捷键", resizable=True)
        self._context, self._taken = context, taken
        self._keys = keys_now()
        self.waiting: str | None = None
        room = ttk.Frame(self.body)
        room.pack(fill="both", expand=True)
        self.tree = ttk.Treeview(
            room,
            columns=[key for key, _, _ in _COLUMNS],
            show="headings",
            height=12,
            selectmode="browse",
        )
        for key, title, width in _COLUMNS:
            self.tree.heading(key, text=title, anchor="w")
            self.tree.column(key, width=px(self, width), anchor="w", stretch=key == "title")
        for action in ACTIONS:
            self.tree.insert("", "end", iid=action.id)
        bar = ttk.Scrollbar(room, command=self.tree.yview)
        self.tree.configure(yscrollcommand=bar.set)
        bar.pack(side="right", fill="y")
        self.tree.pack(side="left", fill="both", expand=True)
        self.message = ttk.Label(self.body, style="Muted.TLabel", justify="left", width=1)
        self.message.pack(fill="x", pady=(px(self, 10), 0))
        wrap_to_width(self.message)
        may = context.actor.can(MANAGE_SETTINGS)
        if may:
            self.save_button = self.add_button("保存 Ctrl+S", self.save, bootstyle="primary")
            self.add_button("全部恢复", self.reset)
            self.tree.bind("<Return>", lambda _event: self.wait())
            self.tree.bind("<Double-1>", self._clicked)
            self.tree.bind("<BackSpace>", lambda _event: self._usual())
            self.tree.bind("<KeyPress>", self._key_pressed, add=True)
            self.bind("<Control-s>", lambda _event: self._unless_waiting(self.save))
        self.add_button("取消" if may else "关闭", self.dismiss)
        self._show()
        self._say(_HOW if may else "只有能修改设置的人可以改按键。")
        self.tree.selection_set(ACTIONS[0].id)
        self.tree.focus(ACTIONS[0].id)
        self.open(self.tree)

    def _show(self) -> None:
        for action in ACTIONS:
            key = self._keys[action.id]
            usual = "" if key == action.key else shown_key(action.key)
            word = "…" if self.waiting == action.id else shown_key(key)
            self.tree.item(action.id, values=(action.title, word, usual))

    def _say(self, text: str, *, bad: bool = False) -> None:
        self.message.configure(text=text, style="Bad.TLabel" if bad else "Muted.TLabel")

    def _chosen(self) -> str:
        return str(self.tree.focus())

    def _clicked(self, event: "tk.Event[tk.Misc]") -> None:
        if self.tree.identify_row(event.y):
            self.wait()

    # ---------------------------------------------------------------- changing

    def wait(self) -> str:
        """The next key pressed becomes that of the chosen row."""
        if self.waiting is None and self._chosen():
            self.waiting = self._chosen()
            self._say(_PRESS)
            self._show()
        return "break"

    def _key_pressed(self, event: "tk.Event[tk.Misc]") -> str | None:
        """A key while one is waited for; what belongs to the list otherwise is left to it."""
        if self.waiting is None or event.keysym in MODIFIERS:
            return None
        self.take(self._context.keys.name_of(event))
        return "break"

    def take(self, key: str) -> None:
        """``key`` was pressed for the waiting row: it is taken, or refused with the reason."""
        action_id = self.waiting
        if action_id is None:
            return
        if key == "Escape":
            self.waiting = None
            self._say(_HOW)
            self._show()
            return
        try:
            check_key(action_id, key, keys=self._keys, taken=self._taken)
        except UserError as error:
            self._say(f"{error.sentence}{_PRESS}", bad=True)
            return
        self._keys[action_id] = key
        self.waiting = None
        self._say(f"“{BY_ID[action_id].title}”改为 {shown_key(key)}，保存后生效。")
        self._show()

    def _usual(self) -> str | None:
        """The chosen row's usual key again, unless another row has it by now."""
        if self.waiting is not None:
            return None
        self.waiting = self._chosen()
        self.take(BY_ID[self.waiting].key)
        self.waiting = None
        self._show()
        return "break"

    def reset(self) -> None:
        """All usual keys again."""
        self.waiting = None
        self._keys = {action.id: action.key for action in ACTIONS}
        self._say("全部恢复为原来的键，保存后生效。")
        self._show()

    def save(self) -> None:
        """Let the keys count from now on."""
        self._context.run(
            save_till_keys,
            success="快捷键已保存",
            done=lambda _none: self.close(),
            keys=changed_keys(self._keys),
        )

    def _unless_waiting(self, act: Callable[[], None]) -> str:
        if self.waiting is None:
            act()
        return "break"

    def dismiss(self) -> None:
        """Esc takes back that a key is waited for, else leaves without saving."""
        if self.waiting is not None:
            self.take("Escape")
        else:
            self.close()
