"""数据字典: the shop's own lists, and the levels of its customers."""

import tkinter as tk
from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.settings.queries import levels, words
from meiping.domains.settings.rules import DICTIONARIES
from meiping.domains.settings.service import arrange_levels, arrange_words, save_level, save_word
from meiping.kernel.changes import Topic
from meiping.kernel.money import WHOLE_BP, show_discount
from meiping.kernel.tabular import Column, Kind, Row, Table
from meiping.ui.context import Context
from meiping.ui.page_spec import PageParts
from meiping.ui.theme import px
from meiping.ui.widgets.cards import PageHead, Split, margins
from meiping.ui.widgets.form_dialog import FormDialog, Values
from meiping.ui.widgets.form_fields import Field, FieldKind
from meiping.ui.widgets.virtual_list import VirtualList

LEVELS = "level"
_LISTS = ((LEVELS, "客户等级"), *((spec.kind, spec.title) for spec in DICTIONARIES))
_LIST_COLUMNS = (
    Column("title", "字典", width=16, stretch=True, sortable=False),
    Column("count", "项", Kind.NUMBER, width=6, sortable=False),
)
_NAME = Column("name", "名称", width=24, stretch=True, sortable=False)
_ACTIVE = Column("active", "在用", Kind.YES, width=8, sortable=False)
_COLUMNS = {
    "level": (
        _NAME,
        Column("discount", "折扣", width=10, sortable=False),
        Column("upgrade_spent_fen", "累计消费满", Kind.MONEY, width=13, sortable=False),
        Column("upgrade_recharged_fen", "累计充值满", Kind.MONEY, width=13, sortable=False),
        _ACTIVE,
    ),
    "word": (_NAME, _ACTIVE),
}


class DictionariesPage:
    """The lists at the left, the words of the chosen one at the right, in the order they are offered in."""

    def __init__(self, parent: tk.Misc, context: Context) -> None:
        self._context = context
        self.kind = LEVELS
        """The list whose words are shown."""
        self.widget: tk.Widget = ttk.Frame(parent)
        self._head = PageHead(self.widget, "数据字典")
        self._head.primary("新增", "plus-lg", self.add, "Ctrl+N")
        self._head.action("下移", "arrow-down", lambda: self.move(1))
        self._head.action("上移", "arrow-up", lambda: self.move(-1))
        split = Split(self.widget, key="dictionaries", view=context.view, share=0.28)
        margin = margins(self.widget)
        split.pack(fill="both", expand=True, padx=margin, pady=(0, px(parent, 14)))
        self.lists = VirtualList(
            split,
            _LIST_COLUMNS,
            key="dictionaries.lists",
            view=context.view,
            on_select=self._choose,
            selectmode="browse",
        )
        right = ttk.Frame(split, padding=(px(parent, 8), 0, 0, 0))
        split.add(self.lists, weight=1)
        split.add(right, weight=3)
        self._word_lists = {form: self._word_list(right, form) for form in _COLUMNS}
        context.keys.bind(self.widget, {"Control-n": self.add})
        self.reload()
        self.lists.select_id(LEVELS)

    def _word_list(self, parent: tk.Misc, form: str) -> VirtualList:
        made = VirtualList(
            parent,
            _COLUMNS[form],
            key=f"dictionaries.{form}",
            view=self._context.view,
            empty=("这个字典还没有内容", "新增", self.add),
            on_open=self.change,
            on_menu=self._menu,
            selectmode="browse",
        )
        made.tree.bind("<Delete>", lambda _event: self._with_word(self._toggle))
        made.tree.bind("<Alt-Up>", lambda _event: self.move(-1))
        made.tree.bind("<Alt-Down>", lambda _event: self.move(1))
        return made

    @property
    def words(self) -> VirtualList:
        """The list of words in front."""
        return self._word_lists["level" if self.kind == LEVELS else "word"]

    # ---------------------------------------------------------------- what is shown
    def reload(self) -> None:
        """Fetch again."""
        counts = {kind: len(self._rows(kind)) for kind, _ in _LISTS}
        rows = [{"id": kind, "title": title, "count": counts[kind]} for kind, title in _LISTS]
        if self.lists.count:
            chosen = self.lists.current_row()
            self.lists.set_listing(Table("数据字典", _LIST_COLUMNS, rows))
            self.lists.select_id(chosen["id"] if chosen else self.kind)
        else:
            self.lists.set_listing(Table("数据字典", _LIST_COLUMNS, rows))
        self._show_words()

    def _rows(self, kind: str) -> list[Row]:
        if kind == LEVELS:
            return [
                {
                    "id": level.id,
                    "name": level.name,
                    "discount_bp": level.discount_bp,
                    "discount": show_discount(level.discount_bp) or "不打折",
                    "upgrade_spent_fen": level.upgrade_spent_fen,
                    "upgrade_recharged_fen": level.upgrade_recharged_fen,
                    "active": level.active,
                    "tone": None if level.active else "muted",
                }
                for level in levels(with_inactive=True)
            ]
        return [
            {
                "id": word.id,
                "name": word.name,
                "discount": "",
                "active": word.active,
                "tone": None if word.active else "muted",
            }
            for word in words(kind, with_inactive=True)
        ]

    def _choose(self, row: Row | None) -> None:
        if row is not None and row["id"] != self.kind:
            self.kind = str(row["id"])
            self._show_words()

    def _show_words(self, select: int | None = None) -> None:
        current = self.words.current_row()
        wanted = select or (current["id"] if current else None)
        title = dict(_LISTS)[self.kind]
        if not self.words.winfo_manager():  # a list that has the focus would lose it
            for one in self._word_lists.values():
                one.pack_forget()
            self.words.pack(fill="both", expand=True)
        self._head.facts(f"{title} · 停用的不再出现在下拉框里，用过的记录不变")
        self.words.set_listing(Table(title, _COLUMNS["word"], self._rows(self.kind)))
        if wanted is not None:
            self.words.select_id(wanted)

    def _menu(self, row: Row) -> list[tuple[str, Callable[[], object] | None]]:
        return [
            ("修改", lambda: self.change(row)),
            ("停用" if row["active"] else "启用", lambda: self._toggle(row)),
            ("-", None),
            ("上移", lambda: self.move(-1)),
            ("下移", lambda: self.move(1)),
        ]

    def _with_word(self, what: Callable[[Row], object]) -> None:
        row = self.words.current_row()
        if row is not None:
            what(row)

    # ---------------------------------------------------------------- doing
    def add(self) -> None:
        """A new word of the chosen list."""
        self._ask(None)

    def change(self, row: Row) -> None:
        """Another name, discount or state for a word."""
        self._ask(row)

    def _ask(self, row: Row | None) -> None:
        title = dict(_LISTS)[self.kind]
        fields = [Field("name", "名称", required=True, limit=30)]
        if self.kind == LEVELS:
            hint = "9、0.9 或 90 都是 9 折；1 是不打折"
            fields.append(Field("discount_bp", "折扣", FieldKind.DISCOUNT, required=True, hint=hint))
            by_rule = "打开设置里的“按消费或充值自动升级”才有用，不填就不自动升"
            fields.append(Field("upgrade_spent_fen", "累计消费满", FieldKind.MONEY))
            fields.append(Field("upgrade_recharged_fen", "或累计充值满", FieldKind.MONEY, hint=by_rule))
        if row is not None:
            fields.append(Field("active", "在用", FieldKind.CHECK))
        values = {"discount_bp": WHOLE_BP, **(row or {})}

        def save(entered: Values) -> bool:
            verb, given = self._saving(row)
            return self._context.run(
                verb,
                near=dialog,
                button=dialog.button,
                success=f"已保存{title}“{entered['name']}”",
                done=self._show_words,
                **(given | entered),
            )

        dialog = FormDialog(
            self.widget,
            f"新增{title}" if row is None else f"修改{title}",
            fields,
            values={field.key: values.get(field.key) for field in fields},
            on_submit=save,
            width=360,
        )

    def _saving(self, row: Row | None) -> tuple[Callable[..., Any], Values]:
        record_id = None if row is None else row["id"]
        if self.kind == LEVELS:
            return save_level, {"level_id": record_id}
        return save_word, {"kind": self.kind, "item_id": record_id}

    def _toggle(self, row: Row) -> None:
        """Take a word out of use, or back."""
        verb, given = self._saving(row)
        if self.kind == LEVELS:
            given |= {key: row[key] for key in ("discount_bp", "upgrade_spent_fen", "upgrade_recharged_fen")}
        given |= {"name": row["name"], "active": not row["active"]}
        word = "已停用" if row["active"] else "已启用"
        self._context.run(verb, success=f"{word}“{row['name']}”", done=self._show_words, **given)

    def move(self, step: int) -> str:
        """Offer the chosen word earlier or later."""
        row = self.words.current_row()
        ids = [one["id"] for one in self._rows(self.kind)]
        if row is None or row["id"] not in ids:
            self._context.toast("请先在列表里选择一项。", kind="info")
            return "break"
        place = ids.index(row["id"])
        if 0 <= place + step < len(ids):
            ids.insert(place + step, ids.pop(place))
            given: Values = {} if self.kind == LEVELS else {"kind": self.kind}
            verb = arrange_levels if self.kind == LEVELS else arrange_words
            self._context.run(verb, ids=ids, done=lambda _none: self._show_words(row["id"]), **given)
        return "break"

    def focus(self) -> None:
        """Into the lists."""
        self.lists.focus_set()


PAGE = PageParts(
    build=DictionariesPage,
    watches=frozenset({Topic.SETTINGS}),
    help="客户等级、类型、来源等下拉框里的内容。等级的折扣在收银时自动使用。",
    keys=(
        ("Ctrl+N", "新增"),
        ("F2 / 双击", "修改"),
        ("Delete", "停用或启用"),
        ("Alt+↑ / Alt+↓", "上移 / 下移"),
    ),
)
