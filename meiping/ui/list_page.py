"""The list page, declared: head, search and filters, rows, detail, what can be done, export and print.

A page module says what it lists::

    def build(parent: tk.Misc, context: Context) -> ListPage:
        hands = Hands(context)
        return ListPage(parent, context, ListSpec(
            key="customers", title="客户管理", unit="位客户", columns=CUSTOMER_COLUMNS,
            listing=lambda asked: customer_list(context.actor, CustomerFilter(asked.text, asked["level"])),
            search="姓名 / 拼音 / 电话", filters=(Filter("level", "等级", level_choices),),
            actions=(Action("新增客户", hands.add, icon="person-plus", permission=EDIT, key="Control-n", primary=True),
                     Action("修改", hands.change, permission=EDIT, needs=Needs.ONE, key="F2", opens=True)),
            empty=("还没有客户。", "新增客户"),
        ))
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.audit.rules import EXPORT
from meiping.kernel.tabular import Column, Listing, Row, Sort
from meiping.store.database import reading
from meiping.ui.context import Context
from meiping.ui.fresh_listing import FreshListing
from meiping.ui.list_actions import Action, ListActions, Needs
from meiping.ui.list_output import OUTPUT_KEYS, export_listing, print_listing
from meiping.ui.list_spec import (
    ALL,
    LIST_KEYS,
    SELECTED_OUTPUT,
    Asked,
    Detail,
    Filter,
    ListSpec,
    Narrowing,
    Toggle,
)
from meiping.ui.theme import px
from meiping.ui.widgets.boxes import SearchBox
from meiping.ui.widgets.cards import FilterBar, PageHead, Split, margins
from meiping.ui.widgets.form_fields import ChoiceBox
from meiping.ui.widgets.virtual_list import VirtualList

__all__ = [
    "LIST_KEYS",
    "SELECTED_OUTPUT",
    "Action",
    "Asked",
    "Detail",
    "Filter",
    "ListPage",
    "ListSpec",
    "Narrowing",
    "Needs",
    "Toggle",
]


class ListPage:
    """A page over one listing; what pages add, they do through ``list``, ``head`` and ``bar``."""

    def __init__(self, parent: tk.Misc, context: Context, spec: ListSpec) -> None:
        self.context, self.spec = context, spec
        self.widget: tk.Widget = ttk.Frame(parent)
        self.head = PageHead(self.widget, spec.title)
        self.search: SearchBox | None = None
        self._choices: dict[str, ChoiceBox] = {}
        self._toggles: dict[str, tk.BooleanVar] = {}
        self._can_output = spec.output and context.actor.can(EXPORT)
        self._actions = ListActions(context, self._with_output(spec.actions))
        self._narrowings: list[Narrowing] = []
        self._setting = False
        self._rows = FreshListing(lambda: spec.listing(self.asked()))
        self._build_head()
        if spec.search or spec.filters:
            self._build_bar()
        self._build_body()
        self._bind_keys()
        self._show_optional()
        self._ask_again()

    # ---------------------------------------------------------------- building

    def _build_head(self) -> None:
        heads = self._actions.in_head
        main = [action for action in heads if action.primary]
        # each button goes to the left of those there, so that they read in the declared order
        for action in (*main, *reversed(heads[len(main) :])):
            if action.when is None:
                self._add_button(action)
        if self._can_output:
            self.head.action("导出", "download", self.export)
            self.head.action("打印", "printer", self.print)
        self._sometimes = [(one, self._add_button(one)) for one in reversed(heads) if one.when is not None]

    def _add_button(self, action: Action) -> ttk.Button:
        add = self.head.primary if action.primary else self.head.action
        return add(action.text, action.icon, partial(self.perform, action))

    def _build_bar(self) -> None:
        self.bar = FilterBar(self.widget)
        if self.spec.search:
            self.search = SearchBox(self.bar, lambda _text: self._narrowed(), hint=self.spec.search, width=30)
            self.bar.add(self.search)
        for asked in self.spec.filters:
            if isinstance(asked, Toggle):
                switch = self.bar.check(asked.label, lambda _on: self._narrowed(), value=asked.default)
                self._toggles[asked.key] = switch
                continue
            box = ChoiceBox(self.bar, _with_all(asked), width=asked.width, blank=False)
            box.set_value(None)
            box.watch(self._narrowed)
            self._choices[asked.key] = box
            self.bar.add(box, asked.label)

    def _show_optional(self) -> None:
        """The buttons and filters that are there now; a filter that is not there narrows nothing."""
        for action, button in self._sometimes:
            self.head.show(button, action.is_on)
        for asked in self.spec.filters:
            if isinstance(asked, Filter) and asked.when is not None:
                box, there = self._choices[asked.key], asked.when()
                if not there:
                    self._quietly(box)
                self.bar.show(box, there)

    def _quietly(self, box: ChoiceBox) -> None:
        self._setting, before = True, self._setting
        box.set_value(None)
        self._setting = before

    def _build_body(self) -> None:
        margin = margins(self.widget)
        if self.spec.above is not None:
            self._add_narrowing(self.spec.above(self.widget, self._narrowed))
        room = ttk.Frame(self.widget)
        room.pack(fill="both", expand=True, padx=margin, pady=(0, px(self.widget, 14)))
        if self.spec.side is not None:
            self._add_narrowing(self.spec.side(room, self._narrowed))
        body: ttk.Frame | Split = ttk.Frame(room)
        if self.spec.detail is not None:
            body = Split(room, key=self.spec.key, view=self.context.view, share=self.spec.share)
        body.pack(side="right", fill="both", expand=True)
        self.list = VirtualList(
            body,
            self._columns(),
            key=self.spec.key,
            view=self.context.view,
            on_select=self._selected,
        )
        self.list.read_elsewhere(self._read_elsewhere)
        self._actions.serve(self.list)
        self.detail: Detail | None = None
        if isinstance(body, Split):
            body.add(self.list, weight=3)
            assert self.spec.detail is not None
            self.detail = self.spec.detail(body)
            body.add(self.detail.widget, weight=2)
        else:
            self.list.pack(fill="both", expand=True)
        if self.search is not None:
            self.search.leads_to(self.list.enter)

    def _bind_keys(self) -> None:
        table: dict[str, Callable[[], object]] = {}
        if self.search is not None:
            table["Control-f"] = self.search.focus_set
        if self._can_output:
            table |= {"Control-e": self.export, "Control-p": self.print}
        for action in self._actions.offered:
            if action.key and action.needs is Needs.NOTHING:
                table[action.key] = action.command
        self.context.keys.bind(self.widget, table)

    def unusable_keys(self) -> frozenset[str]:
        """Keys of what the operator may not do here; what is not theirs is not told by the help."""
        return self._actions.unusable | (frozenset() if self._can_output else OUTPUT_KEYS)

    def _add_narrowing(self, narrowing: Narrowing) -> None:
        self._narrowings.append(narrowing)
        narrowing.reload()

    def _with_output(self, actions: Sequence[Action]) -> list[Action]:
        """The actions with export and print of the selected rows at their place."""
        output: list[Action] = []
        if self._can_output:
            for text, command in (("导出选中", self._export_selected), ("打印选中", self._print_selected)):
                many = f"{text}的 {{count}} 行"
                output.append(Action(text, command, needs=Needs.IDS, many=many, apart=not output))
        place = actions.index(SELECTED_OUTPUT) if SELECTED_OUTPUT in actions else len(actions)
        return [*actions[:place], *output, *actions[place + 1 :]]

    def _read_elsewhere(self, work: Callable[[], object], done: Callable[[], object]) -> None:
        def read(_progress: object) -> None:
            with reading():
                work()

        self.context.background(read, title=self.spec.title, done=lambda _none: _ignored(done()), quiet=True)

    # ---------------------------------------------------------------- what is shown

    def asked(self) -> Asked:
        """What the rows are narrowed to now."""
        values = {key: box.get_value() for key, box in self._choices.items()}
        values |= {key: bool(variable.get()) for key, variable in self._toggles.items()}
        for narrowing in self._narrowings:
            values |= narrowing.values()
        return Asked(self.search.get() if self.search is not None else "", values, self._usual())

    def _usual(self) -> dict[str, bool]:
        return {asked.key: asked.default for asked in self.spec.filters if isinstance(asked, Toggle)}

    def _narrowed(self) -> None:
        if not self._setting:
            self._ask_again()

    def _ask_again(self) -> None:
        self.list.set_listing(self._rows)
        self.list.when_ready(self._tell)

    def _tell(self) -> None:
        """The grey line and the words of an empty list."""
        narrowed = self.asked().narrowed()
        extra = self.spec.facts() if self.spec.facts is not None else ""
        line = f"{'符合条件' if narrowed else '共'} {self.list.count:,} {self.spec.unit}"
        self.head.facts(" · ".join(part for part in (line, extra) if part))
        if narrowed:
            said = self.spec.none_met(self.asked()) if self.spec.none_met is not None else ""
            self.list.set_empty(said or "没有符合条件的内容", "清除条件", self.clear)
            return
        words, action_text = self.spec.empty
        action = self._actions.called(action_text)
        self.list.set_empty(words, action.text if action else None, action.command if action else None)

    def clear(self) -> None:
        """Take search and filters back."""
        self.narrow("", **self._unnarrowed())

    def _unnarrowed(self) -> dict[str, Any]:
        """Every filter as it stands to begin with."""
        values: dict[str, Any] = {**dict.fromkeys(self._choices), **self._usual()}
        for narrowing in self._narrowings:
            values |= dict.fromkeys(narrowing.values())
        return values

    def narrow(self, text: str = "", **values: Any) -> None:
        """Set the search text and any filters by key."""
        self._setting = True
        for key, value in values.items():
            if key in self._toggles:
                self._toggles[key].set(bool(value))
            elif key in self._choices:
                self._choices[key].set_value(value)
        for narrowing in self._narrowings:
            narrowing.set(values)
        if self.search is not None:
            self.search.set(text)
        self._setting = False
        self._ask_again()

    def _columns(self) -> Sequence[Column]:
        """The columns as the page has them now."""
        columns = self.spec.columns
        return columns() if callable(columns) else columns

    def reload(self) -> None:
        """Fetch again, keeping place and selection."""
        for narrowing in self._narrowings:
            narrowing.reload()
        self._show_optional()
        self.list.set_columns(self._columns())
        self.list.reload()
        self.list.when_ready(self._tell)
        if self.detail is not None:
            self.detail.show(self.list.current_row())

    def focus(self) -> None:
        """The search box is ready when the page opens; beside it the first row's detail."""
        (self.search or self.list).focus_set()
        if self.detail is not None and self.list.current_row() is None and (first := self.list.row_at(0)):
            self.list.select_id(first[0])

    def open(self, *, text: str = "", select: int | None = None, **values: Any) -> None:
        """Come here from elsewhere: narrowed to a text or filters and by nothing that was left here, with a row chosen."""
        self.narrow(text, **{**self._unnarrowed(), **values})
        if select is not None:
            self.list.when_ready(partial(self.list.select_id, select))
            self.list.focus_set()

    def _selected(self, row: Row | None) -> None:
        if self.detail is not None:
            self.detail.show(row)

    def perform(self, action: Action) -> None:
        """Do an action with what is selected; without the rows it needs, say so."""
        self._actions.perform(action)

    # ---------------------------------------------------------------- taking it out

    def _output(self, *, selected: bool = False) -> tuple[str, Sequence[Column], Listing, Sort | None, str]:
        asked = self.asked()
        said = [self.spec.subtitle(asked) if self.spec.subtitle is not None else self._narrowed_to(asked)]
        listing = self.spec.listing(asked)
        if selected:
            listing = self.list.only_selected(listing)
            said.append(f"选中的 {self.list.selected_count():,} {self.spec.unit}")
        subtitle = "，".join(part for part in said if part)
        return self.spec.title, self.list.visible_columns(), listing, self.list.layout.sort, subtitle

    def _narrowed_to(self, asked: Asked) -> str:
        """What the rows are narrowed to, in the words of the filters."""
        words = []
        for one in self.spec.filters:
            if isinstance(one, Toggle):
                words += [one.label] if asked[one.key] else []
            elif asked[one.key] is not None or one.all_word != ALL:
                words.append(f"{one.label} {self._choices[one.key].get()}".strip())
        return " · ".join((*words, asked.text.strip()) if asked.text.strip() else words)

    def export(self) -> None:
        """Everything shown, in the columns and order shown, into a workbook."""
        export_listing(self.widget, self.context, *self._output())

    def print(self) -> None:
        """Everything shown, on paper."""
        print_listing(self.context, *self._output())

    def _export_selected(self, _ids: Sequence[int]) -> None:
        export_listing(self.widget, self.context, *self._output(selected=True))

    def _print_selected(self, _ids: Sequence[int]) -> None:
        print_listing(self.context, *self._output(selected=True))


def _ignored(_result: object) -> None:
    """What a callback gives back is of no interest."""


def _with_all(asked: Filter) -> Callable[[], Sequence[tuple[Any, str]]]:
    return lambda: [(None, asked.all_word), *asked.choices()]
