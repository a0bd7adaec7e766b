"""The report page: period and choices, figures against the period before, chart, table, a way deeper."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from meiping.domains.audit.rules import EXPORT
from meiping.domains.reports.asking import ReportAsked, compared_columns, load_asked
from meiping.domains.reports.long_table import row_with_id
from meiping.domains.reports.rules import Period, Quick
from meiping.domains.reports.saved import delete_report, rename_report, save_report, saved_reports
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError
from meiping.kernel.tabular import Column, Listing, Row, Sort, Table
from meiping.store.database import reading
from meiping.ui.context import Context, Progress
from meiping.ui.fresh_listing import FreshListing
from meiping.ui.list_output import OUTPUT_KEYS, export_listing, print_listing
from meiping.ui.page_spec import RELOAD_KEY, HelpKeys, PageParts
from meiping.ui.pages.reports.chart_panel import CHART_KEYS, ChartPanel
from meiping.ui.pages.reports.figure_row import FigureRow
from meiping.ui.pages.reports.period_bar import PeriodBar
from meiping.ui.pages.reports.report_answer import Answer, read_answer
from meiping.ui.pages.reports.report_spec import ReportSpec
from meiping.ui.saved_menu import Kept, SavedMenu
from meiping.ui.theme import px
from meiping.ui.widgets.boxes import SearchBox
from meiping.ui.widgets.cards import FilterBar, PageHead, margins
from meiping.ui.widgets.form_fields import ChoiceBox
from meiping.ui.widgets.virtual_list import VirtualList

_CHART_HEIGHT, _LEAST_CHART_HEIGHT = 190, 105
_BESIDE_CHART = 545
"""What a page needs besides its chart for some rows of the table to be seen, in pixels at 100 %."""


class ReportPage:
    """A report on screen. The rows are read in a worker; what comes too late is dropped."""

    def __init__(self, parent: tk.Misc, context: Context, spec: ReportSpec) -> None:
        self.context, self.spec = context, spec
        self._setting = True
        self._reading = False
        self._again = False
        self.widget: tk.Widget = ttk.Frame(parent)
        self._narrowed: dict[str, Any] = {}
        self._build_head()
        self._build_bars()
        margin = margins(self.widget)
        self._narrowing = ttk.Frame(self.widget)
        self._narrowing.pack(fill="x", padx=margin)
        self.kpis = FigureRow(self.widget, self._figures(), worse=spec.worse, neither=spec.neither)
        if spec.figures:
            self.kpis.pack(fill="x", padx=margin, pady=(0, px(self.widget, 10)))
        self.chart = ChartPanel(self.widget, context, on_pick=self._picked, height=_CHART_HEIGHT)
        if spec.chart is not None:
            self.chart.pack(fill="x", padx=margin, pady=(0, px(self.widget, 10)))
            self._chart_height = px(self.widget, _CHART_HEIGHT)
            self.widget.bind("<Configure>", lambda event: self._fit_chart(event.height), add=True)
        self.table = Table(spec.title, self._columns(), ())
        self.list = VirtualList(
            self.widget,
            self._columns(),
            key=f"report.{spec.key}",
            view=context.view,
            on_open=self._open_row if spec.opens else None,
            on_menu=self._menu,
        )
        self.list.pack(fill="both", expand=True, padx=margin, pady=(0, px(self.widget, 14)))
        self.list.read_elsewhere(self._read_elsewhere)
        self._rows = FreshListing(lambda: self.table)
        self._bind_keys()
        self._setting = False
        self._ask_again()

    # ---------------------------------------------------------------- building

    def _columns(self) -> tuple[Column, ...]:
        columns = self.spec.columns(self.context.actor)
        return compared_columns(columns, self.spec.compared) if self.spec.compared else columns

    def _figures(self) -> list[Column]:
        by_key = {column.key: column for column in self._columns()}
        return [by_key[key] for key in self.spec.figures if key in by_key]

    def _build_head(self) -> None:
        self.head = PageHead(self.widget, self.spec.title)
        if self.context.actor.can(EXPORT):
            self.head.action("导出", "download", self.export)
            self.head.action("打印", "printer", self.print)
        report = self.spec.key
        self.saved = SavedMenu(
            self.widget,
            self.context,
            kept=lambda: [
                Kept(one.id, one.name, one.conditions)
                for one in self.context.read(saved_reports, report=report) or ()
            ],
            use=self._use_saved,
            save=save_report,
            present=lambda: {"report": report, "conditions": self.asked().dump()},
            rename=partial(_of_report, rename_report, report),
            delete=partial(_of_report, delete_report, report),
        )
        self.head.menu("常用", "bookmark", self.saved.entries)

    def _build_bars(self) -> None:
        spec, actor = self.spec, self.context.actor
        offered = {choice.key: choice.choices(actor) for choice in spec.choices}
        shown = [choice for choice in spec.choices if len(offered[choice.key]) > 1]
        self._fixed = {choice.key: choice.default for choice in spec.choices if choice not in shown}
        self.periods: PeriodBar | None = None
        self.search: SearchBox | None = None
        self.boxes: dict[str, ChoiceBox] = {}
        if not (spec.periods or spec.search or shown):
            return
        bar = FilterBar(self.widget)
        if spec.periods:
            self.periods = PeriodBar(bar, today=actor.today, on_change=self._changed, quick=spec.quick)
            bar.add(self.periods)
        if spec.search:
            self.search = SearchBox(bar, lambda _text: self._changed(), hint=spec.search, width=24)
            bar.add(self.search)
        for choice in shown:
            every = [(None, choice.all_word)] if choice.all_word else []
            box = ChoiceBox(bar, [*every, *offered[choice.key]], width=choice.width, blank=False)
            box.set_value(choice.default)
            box.watch(self._changed)
            self.boxes[choice.key] = box
            bar.add(box, choice.label)

    def _bind_keys(self) -> None:
        keys: dict[str, Callable[[], object]] = {}
        if self.search is not None:
            keys["Control-f"] = self.search.focus_set
            self.search.leads_to(self.list.enter)
        if self.context.actor.can(EXPORT):
            keys |= {"Control-e": self.export, "Control-p": self.print}
        self.context.keys.bind(self.widget, keys)

    def _fit_chart(self, height: int) -> None:
        """In a low window the chart gives way to the table."""
        room = height - px(self.widget, _BESIDE_CHART)
        wanted = max(px(self.widget, _LEAST_CHART_HEIGHT), min(px(self.widget, _CHART_HEIGHT), room))
        if wanted != self._chart_height:
            self._chart_height = wanted
            self.chart.set_height(wanted)

    # ---------------------------------------------------------------- what is asked

    def asked(self) -> ReportAsked:
        """What is asked now."""
        values = {key: box.get_value() for key, box in self.boxes.items()} | self._narrowed
        text = self.search.get().strip() if self.search is not None else ""
        if self.periods is None:
            return ReportAsked(values=self._fixed | values, text=text)
        return ReportAsked(self.periods.period, self._fixed | values, text, self.periods.quick)

    def _changed(self) -> None:
        if not self._setting:
            self._ask_again()

    def ask(self, asked: ReportAsked) -> None:
        """Ask something else."""
        self._setting = True
        for key, value in asked.values.items():
            if key in self.boxes:
                self.boxes[key].set_value(value)
        wanted = {key: asked.get(key) for key in self.spec.narrows if key not in self.boxes}
        self._narrowed = {key: value for key, value in wanted.items() if value is not None}
        self._tell_narrowing()
        if self.search is not None:
            self.search.set(asked.text)
        if self.periods is not None:
            if asked.quick is not None:
                self.periods.choose(asked.quick)
            else:
                self.periods.set(asked.period)
        self._setting = False
        self._ask_again()

    def _use_saved(self, content: str) -> None:
        try:
            self.ask(load_asked(content, today=self.context.actor.today()))
        except InputError as error:
            self.context.toast(error.sentence, kind="warning")

    def open(self, *, quick: str | None = None, first: Any = None, last: Any = None, **values: Any) -> None:
        """Come here from elsewhere: to one of the usual periods or any days, with choices by key."""
        now = self.asked()
        chosen = next((one for one in Quick if one.key == quick), None)
        period = chosen.period(self.context.actor.today()) if chosen else now.period
        if first is not None or last is not None:
            chosen, period = None, Period(first, last)
        elif quick is None:
            chosen = now.quick
        text = str(values.pop("text", now.text))
        kept = {key: value for key, value in now.values.items() if key not in self.spec.narrows}
        self.ask(replace(now, period=period, quick=chosen, values={**kept, **values}, text=text))

    def _tell_narrowing(self) -> None:
        """What other pages narrowed this one to, each a button that takes it back."""
        for child in self._narrowing.winfo_children():
            child.destroy()
        for key, value in self._narrowed.items():
            word = self.spec.narrows[key](self.context.actor, value)
            back = ttk.Button(self._narrowing, text=f"只看 {word}　✕", bootstyle="primary outline")
            back.configure(command=partial(self._widen, key))
            back.pack(side="left", padx=(0, px(self.widget, 8)), pady=(0, px(self.widget, 10)))
        self._narrowing.configure(height=1)

    def _widen(self, key: str) -> None:
        now = self.asked()
        self.ask(replace(now, values={one: value for one, value in now.values.items() if one != key}))
        self.focus()  # the button that had the keys is gone

    # ---------------------------------------------------------------- reading

    def reload(self) -> None:
        """Read again what is asked, keeping the place in the table."""
        self._read(keep_place=True)

    def _ask_again(self) -> None:
        self._read(keep_place=False)

    def _read(self, *, keep_place: bool) -> None:
        """One reading at a time; what was asked meanwhile is read after it."""
        if self._reading:
            self._again = True
            return
        self._reading = True
        self.list.set_empty("正在统计…")
        self.context.background(
            partial(read_answer, self.spec, self.context.actor, self.asked()),
            title=self.spec.title,
            done=lambda answer: self._show(answer, keep_place=keep_place),
            failed=self._failed,
            quiet=True,
        )

    def _read_elsewhere(self, work: Callable[[], object], done: Callable[[], object]) -> None:
        """Have many rows put in another order in a worker."""

        def read(_progress: Progress) -> None:
            with reading():
                work()

        def done_reading(_nothing: object) -> None:
            done()

        self.context.background(read, title=self.spec.title, done=done_reading, quiet=True)

    def _failed(self, error: Exception) -> None:
        self._reading = False
        sentence = getattr(error, "sentence", "统计没有完成，请按 F5 再试。")
        self.list.set_empty(sentence)
        self.context.toast(sentence, kind="warning")

    def _show(self, answer: Answer, *, keep_place: bool) -> None:
        self._reading = False
        if self._again:
            self._again = False
            self._read(keep_place=keep_place)
            return
        if not self.widget.winfo_exists():
            return
        self.table = answer.table
        self.head.facts(self._facts(answer))
        self.list.set_empty(self.spec.empty)
        if keep_place:
            self.list.reload()
        else:
            self.list.set_listing(self._rows)
        self.kpis.show(answer.table.totals, answer.before)
        self._draw(answer)

    def _facts(self, answer: Answer) -> str:
        count = f"{answer.table.count():,} 行"
        return f"{self._of_when(answer.asked)} · {count}"

    def _of_when(self, asked: ReportAsked) -> str:
        """The period, or the day as of which things stand so."""
        return asked.period.show() if self.spec.periods else f"截至 {self.context.actor.today()}"

    def _draw(self, answer: Answer) -> None:
        if self.spec.chart is None:
            return
        chart = answer.chart
        if chart is not None and not chart.empty():
            self.chart.show(chart)
            return
        question = chart.title if chart is not None else self.spec.question or self.spec.title
        if answer.table.count():
            self.chart.show_empty(question, "这里没有可以画的数字，请看下面的表。")
        else:
            self.chart.show_empty(question, self.spec.empty, self._way_out())

    def _way_out(self) -> tuple[str, Callable[[], object]] | None:
        """To all days there are; where there is nothing on any of them, to where something begins."""
        if self.periods is not None and self.periods.quick is not Quick.ALL:
            return ("看全部日期", lambda: self.ask(replace(self.asked(), quick=Quick.ALL)))
        begins = self.spec.begins
        if begins is None or not self.context.actor.can(begins.permission):
            return None
        return (begins.word, partial(self.context.open_page, begins.page))

    def unusable_keys(self) -> frozenset[str]:
        """Keys of what the operator may not do here."""
        return frozenset() if self.context.actor.can(EXPORT) else OUTPUT_KEYS

    def focus(self) -> None:
        """The search box, else the rows."""
        (self.search or self.list).focus_set()

    # ---------------------------------------------------------------- going deeper

    def _open_row(self, row: Row) -> None:
        if self.spec.opens is not None:
            self.spec.opens(self.context, row, self.asked())

    def _picked(self, key: str) -> None:
        if self.spec.picks is not None:
            self.spec.picks(self.context, key, self.asked(), self.table)
            return
        row = row_with_id(self.table, key)
        if row is not None:
            self._open_row(row)

    def _menu(self, row: Row) -> list[tuple[str, Any]]:
        entries: list[tuple[str, Any]] = []
        if self.spec.opens is not None:
            entries.append((self.spec.opens_word, lambda: self._open_row(row)))
        count = self.list.selected_count()
        if count > 1 and self.context.actor.can(EXPORT):
            entries.append((f"导出选中的 {count:,} 行", partial(self.export, selected=True)))
            entries.append((f"打印选中的 {count:,} 行", partial(self.print, selected=True)))
        return entries

    # ---------------------------------------------------------------- taking it out

    def export(self, *, selected: bool = False) -> None:
        """The table in the columns and order shown, into a workbook, with the chart if there is one; or some rows."""
        chart = None if selected else self.chart.chart()
        export_listing(self.widget, self.context, *self._output(selected=selected), chart=chart)

    def print(self, *, selected: bool = False) -> None:
        """The table on paper, or the selected rows."""
        print_listing(self.context, *self._output(selected=selected))

    def _output(self, *, selected: bool) -> tuple[str, Sequence[Column], Listing, Sort | None, str]:
        words = [box.get() for box in self.boxes.values() if box.get_value() is not None]
        words += [self.spec.narrows[key](self.context.actor, value) for key, value in self._narrowed.items()]
        asked = self.asked()
        subtitle = " ".join(part for part in (self._of_when(asked), *words, asked.text) if part)
        columns: Sequence[Column] = self.list.visible_columns()
        if self.spec.output is not None:
            columns = self.spec.output(columns, asked)
        listing: Listing = self.table
        if selected:
            listing = self.list.only_selected(listing)
            subtitle += f"，选中的 {self.list.selected_count():,} 行"
        return self.table.title, columns, listing, self.list.layout.sort, subtitle


def _of_report(verb: Callable[..., Any], report: str, actor: Any, **values: Any) -> Any:
    """A verb on what is saved of one report."""
    return verb(actor, report=report, **values)


def report_parts(
    spec: ReportSpec,
    *,
    watches: frozenset[Topic],
    help: str,
    page: type[ReportPage] = ReportPage,
    more_keys: HelpKeys = (),
) -> PageParts:
    """The page of a report, for its module's ``PAGE``; one with keys of its own is a ``page`` that says them."""
    keys = [
        ("Ctrl+E", "导出 Excel"),
        ("Ctrl+P", "打印"),
        ("Ctrl+C", "复制选中的行"),
        ("Shift+F10", "这一行能做的事、排序、显示的列"),
        RELOAD_KEY,
    ]
    if spec.chart is not None:
        keys.insert(0, CHART_KEYS)
    if spec.opens is not None:
        keys.insert(0, ("Enter / 双击", spec.opens_word))
    if spec.search:
        keys.insert(0, ("Ctrl+F", "查找"))
    return PageParts(
        build=lambda parent, context: page(parent, context, spec),
        watches=watches,
        help=help,
        keys=(*more_keys, *keys),
    )
