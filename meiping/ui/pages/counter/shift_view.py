"""The figures of a shift on screen: what was done, what came in and went out by each tender, what the drawer holds."""

import tkinter as tk
from collections.abc import Sequence

import ttkbootstrap as ttk

from meiping.domains.sales.shifts import ShiftReport
from meiping.domains.till.queries.shifts import ShiftFigures, TenderFigures, money_words
from meiping.domains.till.rules import Tender
from meiping.kernel.money import show_fen
from meiping.ui.theme import px
from meiping.ui.widgets.cards import Facts

_HEADS = ("方式", "收入", "支出", "应有", "清点", "差额")


class ShiftView(ttk.Frame):
    """What one shift came to; ``show`` replaces it."""

    def __init__(self, parent: tk.Misc, *, columns: int = 4) -> None:
        super().__init__(parent)
        self._traded = Facts(self, columns=columns)
        self._traded.pack(fill="x")
        self._grid = ttk.Frame(self)
        self._grid.pack(fill="x", pady=(px(self, 6), px(self, 10)))
        self._drawer = Facts(self, columns=columns)
        self._drawer.pack(fill="x")

    def show(self, report: ShiftReport) -> None:
        """Say all of it."""
        self._traded.show(_traded(report))
        self._show_tenders(report.figures)
        self._drawer.show(_drawer(report.figures))

    def _show_tenders(self, figures: ShiftFigures) -> None:
        for child in self._grid.winfo_children():
            child.destroy()
        ended = figures.head.closed_at is not None
        heads = _HEADS if ended else _HEADS[:4]
        for column, word in enumerate(heads):
            self._grid.columnconfigure(column, weight=1, uniform="tenders")
            self._cell(0, column, word, "Muted.TLabel", "MpSmall")
        line = ttk.Frame(self._grid, style="Hairline.TFrame", height=1)
        line.grid(row=1, column=0, columnspan=len(heads), sticky="ew", pady=px(self, 3))
        for row, one in enumerate(figures.tenders, start=2):
            for column, text in enumerate(_tender_cells(one)[: len(heads)]):
                differs = column == len(_HEADS) - 1 and bool(one.difference_fen)
                self._cell(row, column, text, _tone(one) if differs else "TLabel", "MpBody")

    def _cell(self, row: int, column: int, text: str, style: str, font: str) -> None:
        label = ttk.Label(self._grid, text=text, style=style, font=font)
        label.grid(row=row, column=column, sticky="e" if column else "w", pady=px(self, 2))


def _tone(one: TenderFigures) -> str:
    return "Bad.TLabel" if (one.difference_fen or 0) < 0 else "Warn.TLabel"


def _tender_cells(one: TenderFigures) -> Sequence[str]:
    def shown(fen: int | None) -> str:
        return money_words(fen) if fen is None or fen else ""

    counted = show_fen(one.counted_fen) if one.counted_fen is not None else ""
    differs = show_fen(one.difference_fen) if one.difference_fen is not None else ""
    return one.title, shown(one.in_fen), shown(one.out_fen), shown(one.expected_fen), counted, differs


def _traded(report: ShiftReport) -> list[tuple[str, str]]:
    figures = report.figures
    facts = [(f"销售 {report.bills} 单", money_words(report.sales_fen))]
    if report.returns:
        facts.append((f"退货 {report.returns} 单", money_words(report.returns_fen)))
    if figures.stored_used_fen:
        facts.append(("其中储值消费", show_fen(figures.stored_used_fen)))
    if figures.credit_fen:
        facts.append(("其中赊账", show_fen(figures.credit_fen)))
    for one in figures.kinds:
        if one.kind != "sale":
            net_fen = None if one.in_fen is None or one.out_fen is None else one.in_fen - one.out_fen
            facts.append((f"{one.word} {one.documents} 笔", money_words(net_fen)))
    return facts


def _drawer(figures: ShiftFigures) -> list[tuple[str, str]]:
    head = figures.head
    cash = next(one for one in figures.tenders if one.key == Tender.CASH.key)
    facts = [("备用金", show_fen(head.float_fen)), ("应有现金", money_words(cash.expected_fen))]
    if cash.counted_fen is not None and head.left_fen is not None:
        facts += [
            ("清点现金", show_fen(cash.counted_fen)),
            ("长短款", show_fen(head.difference_fen)),
            ("留在钱箱", show_fen(head.left_fen)),
            ("放入保险柜", show_fen(cash.counted_fen - head.left_fen)),
        ]
    if head.reason:
        facts.append(("原因", head.reason))
    return facts
