"""Two customers side by side: whose value stays, a field at a time."""

import tkinter as tk
from collections.abc import Callable
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.customers.queries import customer_detail
from meiping.domains.stewardship.merge_rules import CAN_BE_BOTH, Side
from meiping.domains.stewardship.merging import merge_customers, undo_merge
from meiping.domains.stewardship.queries.merging import Choice, MergePreview, SideFacts, merge_preview
from meiping.kernel.errors import UserError
from meiping.ui.context import Context
from meiping.ui.pages.customers.portrait import Portrait
from meiping.ui.theme import px
from meiping.ui.widgets.dialog_window import DialogWindow
from meiping.ui.widgets.scroller import Scroller

Merged = Callable[[int, int], None]
"""Hears which customer stayed and which went into it."""
_SIDE, _TITLE = 330, 92
"""Pixels at 100 % of a customer's column, and of the fields' words."""
_MOST_SHOWN = 90
"""Longer texts end in dots."""


class MergeDialog(DialogWindow):
    """Shows both customers and merges the right one into the left; the two can change places."""

    def __init__(
        self, parent: tk.Misc, context: Context, survivor_id: int, twin_id: int, merged: Merged
    ) -> None:
        super().__init__(parent, "合并客户", resizable=True)
        self._context, self._merged = context, merged
        self._picks: dict[str, tk.StringVar] = {}
        self._preview: MergePreview | None = None
        self._error = ttk.Label(self.body, style="Bad.TLabel", justify="left")
        self._room = ttk.Frame(self.body)
        self._room.pack(fill="both", expand=True)
        self.button = self.add_button("合并", self.submit, bootstyle="primary")
        self.add_button("取消", self.dismiss)
        self.swapper = ttk.Button(
            self.footer,
            text="两边互换",
            icon="arrow-left-right",
            command=self.swap,
            bootstyle="neutral outline",
        )
        self.swapper.pack(side="left")
        for key in ("<Control-s>", "<Control-S>", "<Control-Return>"):
            self.bind(key, lambda _event: self.submit())
        self._show(survivor_id, twin_id)
        self.open(self.button)

    # ---------------------------------------------------------------- what is shown
    def _show(self, survivor_id: int, twin_id: int) -> None:
        self._preview = self._context.read(merge_preview, survivor_id=survivor_id, twin_id=twin_id)
        for child in self._room.winfo_children():
            child.destroy()
        self._picks = {}
        if self._preview is None:
            self.button.configure(state="disabled")
            return
        self._build_heads(self._preview)
        differing = [one for one in self._preview.choices if one.differs]
        if differing:
            self._build_choices(differing)
        same = sum(bool(one.left) and not one.differs for one in self._preview.choices)
        told = f"另有 {same} 项两边相同。" if same else ""
        told += "业务单、往来、联系人、反馈、提醒和资料都归到左边，右边的卡号、电话、编号以后也能找到左边。"
        note = ttk.Label(self._room, text=told, style="Muted.TLabel", font="MpSmall", justify="left")
        note.configure(wraplength=px(self, _TITLE + 2 * _SIDE))
        note.pack(anchor="w", pady=(px(self, 10), 0))

    def _build_heads(self, preview: MergePreview) -> None:
        heads = ttk.Frame(self._room)
        heads.pack(fill="x", pady=(0, px(self, 10)))
        self._columns(heads)
        for column, facts, word in ((1, preview.left, "保留"), (2, preview.right, "并入左边")):
            self._head(heads, facts, word).grid(row=0, column=column, sticky="nsew", padx=(0, px(self, 14)))

    def _head(self, parent: tk.Misc, facts: SideFacts, word: str) -> ttk.Frame:
        room = ttk.Frame(parent)
        portrait = Portrait(room, self._context, side=40)
        portrait.pack(side="left", anchor="n", padx=(0, px(self, 10)))
        if (detail := self._context.read(customer_detail, customer_id=facts.id)) is not None:
            portrait.show(detail)
        words = ttk.Frame(room)
        words.pack(side="left", fill="x", expand=True)
        style = "Accent.TLabel" if word == "保留" else "Muted.TLabel"
        ttk.Label(
            words, text=f"{word} · {facts.code} · {facts.created} 建档", style=style, font="MpSmall"
        ).pack(anchor="w")
        wrap = px(self, _SIDE - 60)
        ttk.Label(words, text=facts.name, font="MpBold", wraplength=wrap, justify="left").pack(anchor="w")
        for line in facts.lines():
            ttk.Label(
                words, text=line, style="Muted.TLabel", font="MpSmall", wraplength=wrap, justify="left"
            ).pack(anchor="w")
        return room

    def _columns(self, frame: tk.Misc) -> None:
        frame.columnconfigure(0, minsize=px(self, _TITLE))
        for column in (1, 2):
            frame.columnconfigure(column, minsize=px(self, _SIDE), weight=1, uniform="side")

    def _build_choices(self, choices: list[Choice]) -> None:
        limit = self.winfo_screenheight() - px(self, 360)
        width = px(self, _TITLE + 2 * _SIDE + 24)
        ttk.Frame(self._room, style="Hairline.TFrame", height=1).pack(fill="x", pady=(0, px(self, 6)))
        scroller = Scroller(self._room, width=width)
        scroller.pack(fill="both", expand=True)
        table = ttk.Frame(scroller.inner)
        table.pack(fill="both", expand=True)
        self._columns(table)
        for place, choice in enumerate(choices):
            self._build_choice(table, 2 * place, choice)
        table.update_idletasks()
        scroller.set_height(min(table.winfo_reqheight() + px(self, 4), limit))

    def _build_choice(self, table: tk.Misc, row: int, choice: Choice) -> None:
        pick = tk.StringVar(self, choice.pick.value)
        self._picks[choice.key] = pick
        gap = px(self, 4)
        ttk.Label(table, text=choice.title, style="Muted.TLabel").grid(
            row=row, column=0, sticky="nw", pady=gap
        )
        sides = [(1, Side.LEFT, choice.left), (2, Side.RIGHT, choice.right)]
        buttons = [self._build_side(table, row, pick, *side) for side in sides]
        for button, other in zip(buttons, reversed(buttons), strict=True):
            for key in ("<Left>", "<Right>"):
                button.bind(key, partial(self._other, other))
        if choice.key == CAN_BE_BOTH and choice.left and choice.right:
            both = ttk.Radiobutton(
                table, text="两边都留，右边的接在左边后面", variable=pick, value=Side.BOTH.value
            )
            both.grid(row=row + 1, column=1, columnspan=2, sticky="w", pady=(0, gap))

    def _build_side(
        self, table: tk.Misc, row: int, pick: tk.StringVar, column: int, side: Side, text: str
    ) -> ttk.Radiobutton:
        cell = ttk.Frame(table)
        cell.grid(row=row, column=column, sticky="new", pady=px(self, 4), padx=(0, px(self, 14)))
        button = ttk.Radiobutton(cell, variable=pick, value=side.value)
        button.pack(side="left", anchor="n")
        short = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
        words = ttk.Label(cell, text=short or "（空）", justify="left", wraplength=px(self, _SIDE - 50))
        if not text:
            words.configure(style="Faint.TLabel")
        words.pack(side="left", anchor="n")
        words.bind("<Button-1>", lambda _event: button.invoke())
        return button

    @staticmethod
    def _other(button: ttk.Radiobutton, _event: object) -> str:
        button.focus_set()
        button.invoke()
        return "break"

    # ---------------------------------------------------------------- doing
    def picks(self) -> dict[str, Side]:
        """Whose value is chosen now, of the fields in which they differ."""
        return {key: Side(variable.get()) for key, variable in self._picks.items()}

    def swap(self) -> None:
        """The other one stays."""
        if self._preview is not None:
            self._show(self._preview.right.id, self._preview.left.id)

    def submit(self) -> None:
        """Merge, close, and offer the way back."""
        if self._preview is None:
            return
        left, right = self._preview.left, self._preview.right
        self._error.pack_forget()

        def done(merge_id: int) -> None:
            self.close()
            self._merged(left.id, right.id)
            context, merged = self._context, self._merged

            def undo() -> None:
                take_apart(context, merge_id, lambda: merged(left.id, 0))

            context.toast(f"已把“{right.name}”并入“{left.name}”。", action=("撤销", undo))

        self._context.run(
            merge_customers,
            survivor_id=left.id,
            twin_id=right.id,
            picks=self.picks(),
            near=self,
            button=self.button,
            done=done,
        )

    def show_error(self, error: UserError) -> None:
        """Say a refusal above both."""
        self._error.configure(text=error.sentence, wraplength=px(self, _TITLE + 2 * _SIDE))
        self._error.pack(anchor="w", before=self._room, pady=(0, px(self, 8)))


def take_apart(context: Context, merge_id: int, done: Callable[[], None]) -> bool:
    """Take a merge back."""
    return context.run(
        undo_merge, merge_id=merge_id, success="已撤销合并，两位客户都恢复原样。", done=lambda _twin: done()
    )
