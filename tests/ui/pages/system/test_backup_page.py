"""备份与恢复 as the owner uses it."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from meiping.domains.maintenance import service
from meiping.store.backup_shelf import shelf
from meiping.store.database import close_database, open_database
from meiping.ui.pages.system import backup_page
from meiping.ui.pages.system.backup_page import PAGE
from tests.factories import add_customer
from tests.shop import OpenedShop
from tests.windows import PageContext, texts, when_asked

Opened = Callable[[Any], Any]
Front = Callable[[], Any]
Press = Callable[..., None]


def test_one_key_makes_a_backup_and_shows_it(
    opened: Opened, context: PageContext, shop: OpenedShop, press: Press
) -> None:
    page = opened(PAGE)
    assert "还没有备份" in " ".join(texts(page.widget))
    press(page.list.tree, "<Control-b>")
    assert page.list.count == 1
    assert page.list.current_row()["state"] == "完好"
    assert "备份完成并已校验" in context.told()


def test_a_backup_can_be_put_on_a_stick(
    opened: Opened, context: PageContext, shop: OpenedShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(PAGE)
    chosen: list[str] = []

    def choose(parent: tk.Misc, title: str, types: Any, initial: str = "") -> Path:
        chosen.append(initial)
        return tmp_path / "U盘.zip"

    monkeypatch.setattr(backup_page, "choose_save_file", choose)
    page.back_up_elsewhere()
    assert (tmp_path / "U盘.zip").exists()
    assert chosen == ["meiping-20260316-090000-manual.zip"]
    assert "U盘.zip" in context.told()


def test_before_restoring_what_would_change_is_shown_and_esc_leaves_everything(
    opened: Opened, context: PageContext, shop: OpenedShop, front: Front, press: Press
) -> None:
    service.back_up(shop.actor, folder=shop.folder.root)
    add_customer(shop)
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<Return>")
    dialog = front()
    words = texts(dialog)
    place = words.index("客户")
    assert words[place : place + 3] == ["客户", "1", "0"]
    press(dialog, "<Escape>")
    assert shop.folder.generation() == "0001"
    assert context.restarts == []


def test_restoring_switches_and_begins_anew_at_the_login(
    opened: Opened, context: PageContext, shop: OpenedShop, front: Front
) -> None:
    info = service.back_up(shop.actor, folder=shop.folder.root)
    add_customer(shop)
    page = opened(PAGE)
    page.restore_from(info.path)
    front().agree.invoke()
    page.widget.update()
    assert shop.folder.generation() == "0002"
    assert context.restarts == ["已恢复 2026-03-16 09:00 的备份。请登录后核对数据。"]


def test_a_damaged_backup_says_why_and_changes_nothing(
    opened: Opened, context: PageContext, shop: OpenedShop
) -> None:
    (shop.folder.backups / "meiping-20260101-000000-auto.zip").write_bytes(b"torn")
    page = opened(PAGE)
    page.list.select_id("meiping-20260101-000000-auto.zip")
    page.widget.update()
    page.restore_row(page.list.current_row())
    assert "不是备份文件或已损坏" in context.told()
    assert shop.folder.generation() == "0001"


def test_deleting_asks_and_no_keeps_it(
    opened: Opened, context: PageContext, shop: OpenedShop, press: Press, root: tk.Tk
) -> None:
    service.back_up(shop.actor, folder=shop.folder.root)
    page = opened(PAGE)
    when_asked(root, "取消", first=lambda dialog: texts(dialog).index("删除"))
    press(page.list.tree, "<Home>", "<Delete>")
    assert len(shelf(shop.folder)) == 1
    when_asked(root, "删除")
    press(page.list.tree, "<Delete>")
    assert not shelf(shop.folder)


def test_a_backup_is_read_through_on_demand(opened: Opened, context: PageContext, shop: OpenedShop) -> None:
    info = service.back_up(shop.actor, folder=shop.folder.root)
    page = opened(PAGE)
    page.list.select_id(info.path.name)
    page.verify(page.list.current_row())
    assert context.told() == f"备份“{info.path.name}”完好。"
    info.path.write_bytes(info.path.read_bytes()[:5000])
    page.verify({"name": info.path.name})
    assert "不能使用" in context.told()


def test_restored_data_wait_to_be_confirmed(
    opened: Opened, context: PageContext, shop: OpenedShop, root: tk.Tk
) -> None:
    info = service.back_up(shop.actor, folder=shop.folder.root)
    service.restore(shop.actor, folder=shop.folder.root, path=info.path)
    close_database()
    open_database(shop.folder.database)
    page = opened(PAGE)
    assert any("确认之前不再自动备份" in words for words in texts(page.widget))
    page._confirm()
    root.update()
    assert context.told() == "已确认，自动备份继续。"
    assert not page._strip._frame.winfo_viewable()


def test_undoing_a_restore_asks_and_begins_anew(
    opened: Opened, context: PageContext, shop: OpenedShop, root: tk.Tk
) -> None:
    info = service.back_up(shop.actor, folder=shop.folder.root)
    service.restore(shop.actor, folder=shop.folder.root, path=info.path)
    close_database()
    open_database(shop.folder.database)
    page = opened(PAGE)
    entries = dict(page._more())
    when_asked(root, "撤销恢复")
    entries["撤销上次恢复"]()
    root.update()
    assert shop.folder.generation() == "0001"
    assert context.restarts == ["已撤销恢复，请登录。"]


def test_a_manager_sees_no_way_to_restore(opened: Opened, context: PageContext, shop: OpenedShop) -> None:
    context.actor = shop.as_role("店长")
    page = opened(PAGE)
    words = texts(page.widget)
    assert "立即备份" in words
    assert "恢复" not in words
    assert not any(word.startswith("更多") for word in words)
