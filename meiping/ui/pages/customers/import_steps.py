"""The four steps of an import, each a frame that fills the dialog."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.stewardship.import_fields import ImportKind
from meiping.domains.stewardship.import_queries import Understood
from meiping.domains.stewardship.import_rules import (
    OUTCOME_COLUMNS,
    Action,
    Duplicates,
    ImportOptions,
    ImportResult,
    MatchBy,
    Mode,
    Plan,
)
from meiping.domains.stewardship.import_tables import preview_table
from meiping.kernel.moments import show_moment
from meiping.kernel.tabular import Table
from meiping.ui.theme import px
from meiping.ui.view_state import ViewState
from meiping.ui.widgets.cards import FilterBar, wrap_to_width
from meiping.ui.widgets.form_fields import ChoiceBox
from meiping.ui.widgets.scroller import Scroller
from meiping.ui.widgets.virtual_list import VirtualList

Command = Callable[[], object]
_NONE = "不导入"


def muted(parent: tk.Misc, text: str, *, style: str = "Muted.TLabel") -> ttk.Label:
    """Words in grey over the whole width."""
    label = ttk.Label(parent, text=text, style=style, justify="left", width=1)
    wrap_to_width(label)
    return label


class SourceStep(ttk.Frame):
    """Where the rows come from: a file, or the clipboard."""

    def __init__(
        self, parent: tk.Misc, kind: ImportKind, *, choose: Command, paste: Command, template: Command
    ) -> None:
        super().__init__(parent)
        self._kind = ttk.StringVar(self, kind.key)
        line = ttk.Frame(self)
        line.pack(fill="x", pady=(0, px(self, 14)))
        ttk.Label(line, text="导入什么", style="Muted.TLabel").pack(side="left", padx=(0, px(self, 12)))
        for one in ImportKind:
            button = ttk.Radiobutton(line, text=one.title, value=one.key, variable=self._kind)
            button.pack(side="left", padx=(0, px(self, 16)))
        cards = ttk.Frame(self)
        cards.pack(fill="both", expand=True)
        cards.columnconfigure((0, 1), weight=1, uniform="cards")
        cards.rowconfigure(0, weight=1)
        self.choose = self._card(
            cards,
            0,
            "file-earmark-spreadsheet",
            "从文件",
            "Excel 或 WPS 的 xlsx、xls、ods、csv 和文本文件。\n第一行写标题，如 客户、电话、地址。",
            "选择文件…",
            choose,
            "primary",
        )
        self.paste = self._card(
            cards,
            1,
            "clipboard-check",
            "从剪贴板",
            "在 Excel 里选中带标题的几行，按 Ctrl+C 复制，\n再到这里按 Ctrl+V。",
            "粘贴",
            paste,
            "primary outline",
        )
        foot = ttk.Frame(self)
        foot.pack(fill="x", pady=(px(self, 14), 0))
        ttk.Label(foot, text="还没有表格？先存一份写好标题的模板，照着填。", style="Muted.TLabel").pack(
            side="left"
        )
        ttk.Button(foot, text="另存模板…", command=template, bootstyle="primary link").pack(side="left")

    def _card(
        self,
        parent: tk.Misc,
        column: int,
        icon: str,
        title: str,
        words: str,
        verb: str,
        command: Command,
        bootstyle: str,
    ) -> ttk.Button:
        card = ttk.Frame(parent, bootstyle="bordered", padding=px(self, 20))
        card.grid(
            row=0, column=column, sticky="nsew", padx=(0, px(self, 6)) if not column else (px(self, 6), 0)
        )
        middle = ttk.Frame(card)
        middle.place(relx=0.5, rely=0.5, anchor="center")
        ttk.Label(middle, image=ttk.Icon(icon, px(self, 40), "primary")).pack()
        ttk.Label(middle, text=title, font="MpBig").pack(pady=(px(self, 10), px(self, 4)))
        ttk.Label(middle, text=words, style="Muted.TLabel", justify="center").pack()
        button = ttk.Button(middle, text=verb, command=command, bootstyle=bootstyle, width=12)
        button.pack(pady=(px(self, 16), 0))
        return button

    @property
    def kind(self) -> ImportKind:
        """What is to be imported."""
        return next(one for one in ImportKind if one.key == self._kind.get())


class ColumnsStep(ttk.Frame):
    """Which column is which field: guessed, and free to be changed."""

    def __init__(
        self,
        parent: tk.Misc,
        understood: Understood,
        *,
        name: str,
        sheet: str,
        sheets: Sequence[str],
        notes: Sequence[str],
        on_sheet: Callable[[str], object],
    ) -> None:
        super().__init__(parent)
        self._understood = understood
        self._setting = False
        head = ttk.Frame(self)
        head.pack(fill="x", pady=(0, px(self, 4)))
        ttk.Label(head, text=name, font="MpBold").pack(side="left")
        ttk.Label(head, text=f"共 {understood.rows:,} 行", style="Muted.TLabel").pack(
            side="left", padx=px(self, 10)
        )
        if len(sheets) > 1:
            self.sheets = ChoiceBox(head, [(one, one) for one in sheets], width=16, blank=False)
            self.sheets.set_value(sheet)
            self.sheets.watch(lambda: on_sheet(str(self.sheets.get_value())))
            self.sheets.pack(side="right")
            ttk.Label(head, text="工作表", style="Muted.TLabel").pack(side="right", padx=px(self, 6))
        for words, style in self._remarks(notes):
            muted(self, words, style=style).pack(fill="x")
        self._boxes: dict[int, ChoiceBox] = {}
        self._build()

    def _remarks(self, notes: Sequence[str]) -> list[tuple[str, str]]:
        told = [(note, "Muted.TLabel") for note in notes]
        if self._understood.imported_at is not None:
            when = show_moment(self._understood.imported_at)
            told.insert(0, (f"同样的内容在 {when} 已经导入过。", "Warn.TLabel"))
        if self._understood.remembered:
            told.append(("这些标题以前导入过，各列已按上次的选择对应。", "Muted.TLabel"))
        return told

    def _build(self) -> None:
        scroller = Scroller(self)
        scroller.pack(fill="both", expand=True, pady=(px(self, 8), 0))
        table = scroller.inner
        for column, size in enumerate((200, 400, 220)):
            table.columnconfigure(column, minsize=px(self, size), weight=1 if column == 1 else 0)
        for column, word in enumerate(("表里的列", "前几行", "导入为")):
            ttk.Label(table, text=word, style="Muted.TLabel", font="MpSmall").grid(
                row=0, column=column, sticky="w", pady=(0, px(self, 4))
            )
        choices = [(None, _NONE), *((field.key, field.title) for field in self._understood.fields)]
        for row, one in enumerate(self._understood.columns, start=1):
            heading = f"{one.letters}  {_short(one.heading, 18) or '（没有标题）'}"
            ttk.Label(table, text=heading).grid(row=row, column=0, sticky="w", pady=px(self, 3))
            shown = _short("  ·  ".join(_short(text, 14) for text in one.examples), 44)
            ttk.Label(table, text=shown, style="Muted.TLabel").grid(row=row, column=1, sticky="w")
            box = ChoiceBox(table, choices, width=18, blank=False)
            box.set_value(self._understood.mapped.get(one.place))
            box.watch(partial(self._chosen, one.place))
            box.grid(row=row, column=2, sticky="w", pady=px(self, 3))
            self._boxes[one.place] = box
            self._mark(place=one.place)

    def _chosen(self, place: int) -> None:
        """A field comes from one column: another that had it gives it up."""
        if self._setting:
            return
        self._setting = True
        value = self._boxes[place].get_value()
        for other, box in self._boxes.items():
            if other != place and value is not None and box.get_value() == value:
                box.set_value(None)
                self._mark(other)
        self._mark(place)
        self._setting = False

    def _mark(self, place: int) -> None:
        unused = self._boxes[place].get_value() is None
        self._boxes[place].configure(style="Muted.TCombobox" if unused else "TCombobox")

    @property
    def mapped(self) -> dict[int, str]:
        """The field of each column that is taken in."""
        found = {place: box.get_value() for place, box in self._boxes.items()}
        return {place: str(key) for place, key in found.items() if key is not None}

    def choose(self, place: int, key: str | None) -> None:
        """Make a column a field."""
        self._boxes[place].set_value(key)


class PreviewStep(ttk.Frame):
    """What would become of each row, and the choices that decide it."""

    def __init__(
        self, parent: tk.Misc, kind: ImportKind, options: ImportOptions, view: ViewState, on_change: Command
    ) -> None:
        super().__init__(parent)
        self._on_change, self._setting = on_change, True
        self._plan: Plan | None = None
        bar = FilterBar(self)
        bar.pack_configure(padx=0)
        self._boxes: dict[str, ChoiceBox] = {}
        if kind is ImportKind.CUSTOMERS:
            for key, label, titled, width in (
                ("mode", "做什么", Mode, 11),
                ("match_by", "认出已有客户", MatchBy, 21),
                ("duplicates", "已有的客户", Duplicates, 14),
            ):
                box = ChoiceBox(bar, [(one, one.title) for one in titled], width=width, blank=False)
                box.set_value(getattr(options, key))
                box.watch(self._changed)
                bar.add(box, label)
                self._boxes[key] = box
        self._create = bar.check("自动建立新的词", lambda _on: self._changed(), value=options.create_words)
        line = ttk.Frame(self)
        line.pack(fill="x", pady=(px(self, 2), px(self, 8)))
        self.summary = ttk.Label(line, font="MpBold")
        self.summary.pack(side="left")
        self._only = ttk.BooleanVar(self, False)
        only = ttk.Checkbutton(
            line, text="只看有问题的行", variable=self._only, command=self._show, bootstyle="round toggle"
        )
        only.pack(side="right")
        self.list = VirtualList(
            self,
            OUTCOME_COLUMNS,
            key="import_preview",
            view=view,
            empty=("没有这样的行", None, None),
        )
        self.list.pack(fill="both", expand=True)
        self._setting = False
        self._fit()

    @property
    def options(self) -> ImportOptions:
        """What was chosen."""
        chosen = {key: box.get_value() for key, box in self._boxes.items()}
        return ImportOptions(**chosen, create_words=bool(self._create.get()))

    def _changed(self) -> None:
        if not self._setting:
            self._fit()
            self._on_change()

    def _fit(self) -> None:
        """Who only updates has nothing to say about those that are there already."""
        if self._boxes:
            self._boxes["duplicates"].enable(self.options.mode is not Mode.UPDATE)

    def show(self, plan: Plan) -> None:
        """Show what a plan makes of the rows."""
        self._plan = plan
        self.summary.configure(text=plan.summary())
        self._show()

    def _show(self) -> None:
        if self._plan is None:
            return
        table = preview_table(self._plan, OUTCOME_COLUMNS)
        if self._only.get():
            rows = [row for row in table.rows if row["remark"]]
            table = Table(table.title, table.columns, rows)
        self.list.set_listing(table)

    def count(self) -> int:
        """How many rows would be written."""
        plan = self._plan
        return 0 if plan is None else plan.count(Action.CREATE) + plan.count(Action.UPDATE)


class DoneStep(ttk.Frame):
    """What was done, and what can still be done about it."""

    def __init__(
        self, parent: tk.Misc, result: ImportResult, *, save: Command, undo: Command | None, again: Command
    ) -> None:
        super().__init__(parent)
        middle = ttk.Frame(self)
        middle.place(relx=0.5, rely=0.45, anchor="center")
        done = result.batch_id is not None
        icon, colour = ("check-circle", "success") if done else ("info-circle", "primary")
        ttk.Label(middle, image=ttk.Icon(icon, px(self, 48), colour)).pack()
        head = "导入完成" if done else "没有写入任何内容"
        ttk.Label(middle, text=head, font="MpTitle").pack(pady=(px(self, 10), px(self, 4)))
        counts = (
            ("新增", result.created),
            ("更新", result.updated),
            ("无变化", result.same),
            ("未导入", len(result.left_out)),
        )
        told = "   ".join(f"{word} {count:,}" for word, count in counts if count)
        ttk.Label(middle, text=told, style="Muted.TLabel").pack()
        buttons = ttk.Frame(middle)
        buttons.pack(pady=(px(self, 20), 0))
        self.buttons: dict[str, ttk.Button] = {}
        offered: list[tuple[str, str, Command]] = []
        if result.left_out:
            offered.append(("另存未导入的行…", "download", save))
        if undo is not None:
            offered.append(("撤销这次导入", "arrow-counterclockwise", undo))
        offered.append(("再导入一个", "file-earmark-plus", again))
        for text, image, command in offered:
            button = ttk.Button(buttons, text=text, icon=image, command=command, bootstyle="neutral outline")
            button.pack(side="left", padx=px(self, 5))
            self.buttons[text] = button
        if result.left_out:
            words = "另存的表里写着每一行没有导入的原因，改好以后可以直接再导入。"
            ttk.Label(middle, text=words, style="Muted.TLabel", font="MpSmall").pack(pady=(px(self, 12), 0))


def _short(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
