"""导入 as the owner goes through it: paste, look, import, take back."""

import tkinter as tk
from pathlib import Path
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.adapters.excel import write_workbook
from meiping.adapters.sheets import read_sheet
from meiping.domains.customers.queries import customer_list
from meiping.domains.stewardship.exports import template
from meiping.domains.stewardship.import_fields import ImportKind
from meiping.domains.stewardship.import_rules import Duplicates, ImportOptions, Mode
from meiping.ui.list_page import ListPage
from meiping.ui.pages.customers import import_dialog
from meiping.ui.pages.customers.import_dialog import ImportDialog
from meiping.ui.pages.customers.import_steps import ColumnsStep, DoneStep, PreviewStep, SourceStep
from meiping.ui.pages.system.imports_page import PAGE as IMPORTS
from tests.shop import OpenedShop
from tests.windows import PageContext, parts, texts, when_asked

PASTED = "会员姓名\t手机\t等级\t没见过的\n王芳\t13800138000\t金卡\tx\n李四\tabc\t金卡\ty\n"


@pytest.fixture
def done() -> list[int]:
    return []


@pytest.fixture
def dialog(page: tk.Widget, context: PageContext, done: list[int]) -> ImportDialog:
    made = ImportDialog(page, context, lambda: done.append(1))
    page.update()
    return made


def paste(dialog: ImportDialog, text: str) -> None:
    dialog.clipboard_clear()
    dialog.clipboard_append(text)
    dialog.update()
    dialog.event_generate("<Control-v>")
    dialog.update()


def count(shop: OpenedShop) -> int:
    return customer_list(shop.actor).count()


def test_from_the_clipboard_to_the_list_and_back(
    dialog: ImportDialog, done: list[int], context: PageContext, shop: OpenedShop, root: ttk.App
) -> None:
    assert isinstance(dialog.step, SourceStep)
    assert dialog.focus_lastfor() is dialog.step.choose
    paste(dialog, PASTED)
    assert isinstance(dialog.step, ColumnsStep)
    assert dialog.step.mapped == {0: "name", 1: "phone", 2: "level_id"}
    dialog.next.invoke()
    dialog.update()
    assert isinstance(dialog.step, PreviewStep)
    assert dialog.step.summary.cget("text") == "新增 1，不导入 1"
    assert dialog.step.list.visible_rows()[0]["tone"] == "danger"
    assert count(shop) == 0
    assert dialog.next.cget("text") == "导入 1 行"
    dialog.next.invoke()
    dialog.update()
    assert isinstance(dialog.step, DoneStep)
    assert "新增 1   未导入 1" in texts(dialog)
    assert count(shop) == 1
    said: list[str] = []
    when_asked(root, "撤销导入", first=lambda window: said.extend(texts(window)))
    dialog.step.buttons["撤销这次导入"].invoke()
    dialog.update()
    assert count(shop) == 0
    assert "新增的 1 条会删除。" in said
    assert context.told() == "已撤销导入：删除 1 条。"
    assert done == [1, 1]
    assert isinstance(dialog.step, SourceStep)
    assert dialog.focus_lastfor() is dialog.step.choose
    dialog.dismiss()


def test_a_field_comes_from_one_column_only(dialog: ImportDialog) -> None:
    paste(dialog, PASTED)
    assert isinstance(dialog.step, ColumnsStep)
    dialog.step.choose(3, "name")
    assert dialog.step.mapped == {1: "phone", 2: "level_id", 3: "name"}
    dialog.close()


def test_going_back_keeps_what_was_chosen(dialog: ImportDialog) -> None:
    paste(dialog, PASTED)
    assert isinstance(dialog.step, ColumnsStep)
    dialog.step.choose(3, "address")
    dialog.next.invoke()
    dialog.update()
    dialog.back.invoke()
    dialog.update()
    assert isinstance(dialog.step, ColumnsStep)
    assert dialog.step.mapped[3] == "address"
    dialog.close()


def test_who_only_updates_is_not_asked_what_becomes_of_those_there(dialog: ImportDialog) -> None:
    paste(dialog, PASTED)
    dialog.next.invoke()
    dialog.update()
    assert isinstance(dialog.step, PreviewStep)
    duplicates, mode = dialog.step._boxes["duplicates"], dialog.step._boxes["mode"]
    mode.set_value(Mode.UPDATE)
    assert duplicates.instate(["disabled"])
    mode.set_value(Mode.BOTH)
    assert not duplicates.instate(["disabled"])
    dialog.close()


def test_another_file_starts_with_the_usual_choices(dialog: ImportDialog) -> None:
    paste(dialog, PASTED)
    dialog.next.invoke()
    dialog.update()
    assert isinstance(dialog.step, PreviewStep)
    dialog.step._boxes["duplicates"].set_value(Duplicates.ADD)
    dialog.update()
    dialog.next.invoke()
    dialog.update()
    assert isinstance(dialog.step, DoneStep)
    dialog.step.buttons["再导入一个"].invoke()
    paste(dialog, PASTED)
    dialog.next.invoke()
    dialog.update()
    assert isinstance(dialog.step, PreviewStep)
    assert dialog.step.options == ImportOptions()
    dialog.close()


def test_what_can_not_be_read_is_said_in_the_dialog(dialog: ImportDialog, tmp_path: Path) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04 broken")
    dialog.read_file(bad)
    dialog.update()
    assert isinstance(dialog.step, SourceStep)
    assert any("不是表格" in words for words in texts(dialog))
    paste(dialog, "13800138000\t王芳\n")
    assert any("标题" in words for words in texts(dialog))
    dialog.close()


def test_what_was_told_before_is_gone_while_the_next_try_runs(
    dialog: ImportDialog, context: PageContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    paste(dialog, PASTED)
    dialog.next.invoke()
    dialog.update()
    cancelled = "已取消，什么都没有写入。"
    dialog.complain(cancelled)
    meanwhile: list[list[str]] = []
    run = context.background

    def background(*args: Any, **options: Any) -> Any:
        meanwhile.append(texts(dialog))
        return run(*args, **options)

    monkeypatch.setattr(context, "background", background)
    dialog.next.invoke()
    dialog.update()
    assert meanwhile
    assert all(cancelled not in seen for seen in meanwhile)


def test_the_rows_left_out_are_saved_with_their_reasons(
    dialog: ImportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_dialog, "choose_save_file", lambda *_asked: tmp_path / "未导入.xlsx")
    paste(dialog, PASTED)
    dialog.next.invoke()
    dialog.update()
    dialog.next.invoke()
    dialog.update()
    assert isinstance(dialog.step, DoneStep)
    dialog.step.buttons["另存未导入的行…"].invoke()
    dialog.update()
    rows = read_sheet(tmp_path / "未导入.xlsx").rows
    assert rows[1][1][2:] == ("会员姓名", "手机", "等级", "没见过的")
    assert "不是电话" in str(rows[2][1][1])
    dialog.dismiss()


def test_the_template_is_a_file_to_fill_in(
    dialog: ImportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, context: PageContext
) -> None:
    monkeypatch.setattr(import_dialog, "choose_save_file", lambda *_asked: tmp_path / "模板.xlsx")
    dialog._save_template()
    dialog.update()
    write_workbook(tmp_path / "同样.xlsx", [template(ImportKind.CUSTOMERS)])
    assert read_sheet(tmp_path / "模板.xlsx").rows == read_sheet(tmp_path / "同样.xlsx").rows
    dialog.close()


def test_the_list_of_imports_takes_one_back(
    dialog: ImportDialog, context: PageContext, shop: OpenedShop, page: tk.Widget, root: ttk.App
) -> None:
    paste(dialog, PASTED)
    dialog.next.invoke()
    dialog.update()
    dialog.next.invoke()
    dialog.update()
    dialog.dismiss()
    listed = IMPORTS.build(page, context)
    listed.widget.pack(fill="both", expand=True)
    page.update()
    assert isinstance(listed, ListPage)
    assert listed.list.count == 1
    listed.list.select_id(1)
    when_asked(root, "撤销导入")
    next(one for one in parts(listed.widget, ttk.Button) if one.cget("text") == "撤销导入").invoke()
    page.update()
    assert count(shop) == 0
