"""Backing up and restoring as a shop does it: by a click, by itself, onto a stick, and back again."""

from datetime import timedelta
from pathlib import Path

import pytest

from meiping.domains.maintenance import queries, service
from meiping.domains.maintenance.rules import show_age
from meiping.domains.settings.service import save_options
from meiping.kernel.actor import Actor, AllRights
from meiping.kernel.changes import Topic
from meiping.kernel.errors import DamagedFile, NeedsConfirmation, PermissionDenied
from meiping.kernel.sizes import show_size
from meiping.store.backup import AUTOMATIC
from meiping.store.backup_shelf import shelf
from meiping.store.database import close_database, fetch, fetch_value, open_database
from meiping.store.unit_of_work import subscribe
from tests.factories import add_customer, add_product, recharge, sell
from tests.shop import OpenedShop

YES = frozenset({"delete_backups", "delete_old_data"})


def reopen(shop: OpenedShop) -> None:
    """What the program does after a restore."""
    close_database()
    open_database(shop.folder.database)


def last_operation() -> str:
    return str(fetch_value("SELECT summary FROM operation ORDER BY id DESC LIMIT 1"))


# -------------------------------------------------------------------- backing up
def test_a_backup_by_a_click_lies_in_the_data_folder_and_is_known_to_be_good(busy_shop: OpenedShop) -> None:
    told: list[frozenset[Topic]] = []
    stop = subscribe(told.append)
    info = service.back_up(busy_shop.actor, folder=busy_shop.folder.root)
    stop()
    (row,) = queries.backups(busy_shop.actor, folder=busy_shop.folder.root).rows
    assert row["name"] == info.path.name
    assert (row["state"], row["kind"], row["age"]) == ("完好", "手动", "刚刚")
    assert info.manifest.figures["account.cash"] != 0
    assert last_operation() == "备份数据"
    assert told == [frozenset({Topic.BACKUPS})]


def test_a_backup_can_go_to_a_stick(shop: OpenedShop, tmp_path: Path) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    service.back_up(shop.actor, folder=shop.folder.root, target=stick)
    service.back_up(shop.actor, folder=shop.folder.root, target=stick / "我的备份.zip")
    assert {path.name for path in stick.iterdir()} == {"meiping-20260316-090000-manual.zip", "我的备份.zip"}
    assert not shelf(shop.folder)


def test_who_may_not_make_backups_is_refused_and_it_is_written_down(shop: OpenedShop) -> None:
    clerk = shop.as_role("收银员")
    with pytest.raises(PermissionDenied):
        service.back_up(clerk, folder=shop.folder.root)
    assert "没有权限" in last_operation()
    assert not shelf(shop.folder)


def test_the_program_backs_up_by_itself_for_whoever_works(shop: OpenedShop) -> None:
    clerk = shop.as_role("收银员")
    info = service.automatic_backup(clerk, folder=shop.folder.root)
    assert info is not None
    assert info.manifest.kind == AUTOMATIC


def test_the_program_makes_no_second_backup_of_the_same_data(shop: OpenedShop) -> None:
    assert service.automatic_backup(shop.actor, folder=shop.folder.root) is not None
    assert service.automatic_backup(shop.actor, folder=shop.folder.root) is None
    add_customer(shop)
    assert service.automatic_backup(shop.actor, folder=shop.folder.root) is not None


def test_an_automatic_backup_is_due_after_some_hours_of_work(shop: OpenedShop) -> None:
    assert service.backup_is_due(shop.actor, folder=shop.folder.root)
    service.automatic_backup(shop.actor, folder=shop.folder.root)
    add_customer(shop)
    assert not service.backup_is_due(shop.actor, folder=shop.folder.root)
    shop.clock.advance(hours=4, minutes=1)
    assert service.backup_is_due(shop.actor, folder=shop.folder.root)


def test_old_automatic_backups_go_and_at_most_as_many_stay_as_set(shop: OpenedShop) -> None:
    save_options(shop.actor, values={"backup.keep": 3})
    for _ in range(6):
        shop.clock.advance(hours=2)
        add_customer(shop)
        service.automatic_backup(shop.actor, folder=shop.folder.root)
    by_hand = service.back_up(shop.actor, folder=shop.folder.root)
    kinds = [item.info.manifest.kind for item in shelf(shop.folder) if item.info]
    assert kinds.count(AUTOMATIC) == 3
    assert by_hand.path.exists()


def test_how_old_the_last_good_backup_is_can_be_seen(shop: OpenedShop) -> None:
    root = shop.folder.root
    assert queries.last_backup(root, shop.clock()).words == "还没有备份"
    service.back_up(shop.actor, folder=root)
    fresh = queries.last_backup(root, shop.clock() + timedelta(hours=3))
    assert (fresh.words, fresh.stale) == ("3 小时前", False)
    assert queries.last_backup(root, shop.clock() + timedelta(days=8)).stale


def test_a_backup_that_rotted_is_told_by_verifying_and_remembered(shop: OpenedShop) -> None:
    info = service.back_up(shop.actor, folder=shop.folder.root)
    service.verify_backup(shop.actor, folder=shop.folder.root, path=info.path)
    content = bytearray(info.path.read_bytes())
    content[3000:3200] = bytes(200)
    info.path.write_bytes(content)
    with pytest.raises(DamagedFile):
        service.verify_backup(shop.actor, folder=shop.folder.root, path=info.path)
    (row,) = queries.backups(shop.actor, folder=shop.folder.root).rows
    assert row["state"] == "未校验"


def test_deleting_asks_and_says_when_the_last_good_one_would_go(shop: OpenedShop) -> None:
    info = service.back_up(shop.actor, folder=shop.folder.root)
    with pytest.raises(NeedsConfirmation, match="最后一份完好"):
        service.delete_backups(shop.actor, folder=shop.folder.root, names=[info.path.name])
    assert info.path.exists()
    service.delete_backups(shop.actor, folder=shop.folder.root, names=[info.path.name], confirmed=YES)
    assert not info.path.exists()
    assert last_operation() == "删除 1 份备份"


def test_only_files_of_the_backup_folder_can_be_deleted(shop: OpenedShop) -> None:
    info = service.back_up(shop.actor, folder=shop.folder.root)
    names = [info.path.name, "../CURRENT", str(shop.folder.database)]
    assert service.delete_backups(shop.actor, folder=shop.folder.root, names=names, confirmed=YES) == 1
    assert shop.folder.database.exists()


def test_an_older_file_is_backed_up_before_it_is_brought_up_to_date(shop: OpenedShop) -> None:
    service.backup_before_migration(shop.folder, shop.clock)()
    (item,) = shelf(shop.folder)
    assert item.info is not None
    assert item.info.manifest.kind == "before-update"
    assert item.verified_at is not None


# --------------------------------------------------------------------- restoring
def test_restoring_brings_back_customers_money_and_goods(busy_shop: OpenedShop) -> None:
    root = busy_shop.folder.root
    before = {
        table: fetch(f"SELECT * FROM {table}") for table in ("customer", "posting", "stock", "sale_line")
    }
    info = service.back_up(busy_shop.actor, folder=root)
    product = add_product(busy_shop, stock=5)
    sell(busy_shop, (product, 1))
    recharge(busy_shop, add_customer(busy_shop, name="后来的客户"), 5_000)
    result = service.restore(busy_shop.actor, folder=root, path=info.path)
    reopen(busy_shop)
    assert {table: fetch(f"SELECT * FROM {table}") for table in before} == before
    assert last_operation().startswith("从 2026-03-17")
    assert result.saved is not None
    assert all(outcome.ok for outcome in service.check(busy_shop.actor, folder=root))


def test_before_restoring_one_sees_what_would_change(busy_shop: OpenedShop) -> None:
    info = service.back_up(busy_shop.actor, folder=busy_shop.folder.root)
    add_customer(busy_shop)
    preview = queries.preview_restore(busy_shop.actor, path=info.path)
    lines = {line.title: (line.here, line.there) for line in preview.lines}
    assert lines["客户"] == ("3", "2")
    assert lines["业务单"] == ("7", "7")
    assert lines["最后一次操作"] == ("2026-03-17 09:00", "2026-03-17 09:00")
    assert not preview.older


def test_after_a_restore_automatic_backups_wait_until_someone_has_looked(shop: OpenedShop) -> None:
    root = shop.folder.root
    info = service.back_up(shop.actor, folder=root)
    service.restore(shop.actor, folder=root, path=info.path)
    reopen(shop)
    add_customer(shop)
    assert queries.restored_state(shop.actor, folder=root).waits
    assert service.automatic_backup(shop.actor, folder=root) is None
    service.confirm_restore(shop.actor, folder=root)
    assert not queries.restored_state(shop.actor, folder=root).waits
    assert service.automatic_backup(shop.actor, folder=root) is not None


def test_a_restore_can_be_undone_and_the_old_data_let_go(shop: OpenedShop) -> None:
    root = shop.folder.root
    info = service.back_up(shop.actor, folder=root)
    add_customer(shop, name="后来的客户")
    service.restore(shop.actor, folder=root, path=info.path)
    reopen(shop)
    assert fetch_value("SELECT count(*) FROM customer") == 0
    assert queries.restored_state(shop.actor, folder=root).can_undo
    service.undo_restore(shop.actor, folder=root)
    reopen(shop)
    assert fetch("SELECT name FROM customer") == [("后来的客户",)]
    assert fetch_value("SELECT summary FROM operation ORDER BY id DESC LIMIT 1") == "撤销恢复"
    assert all(row["state"] == "完好" for row in queries.backups(shop.actor, folder=root).rows)
    with pytest.raises(NeedsConfirmation):
        service.delete_old_data(shop.actor, folder=root)
    assert service.delete_old_data(shop.actor, folder=root, confirmed=YES) > 0
    assert shop.folder.generations() == ["0001"]


def test_the_recovery_window_restores_without_a_login_or_an_open_file(shop: OpenedShop) -> None:
    root = shop.folder.root
    info = service.back_up(shop.actor, folder=root)
    close_database()
    shop.folder.database.write_bytes(b"torn")
    whoever = Actor(0, "恢复", 0, AllRights(), clock=shop.clock)
    assert queries.preview_restore(whoever, path=info.path).lines[0].here is None
    result = service.restore(whoever, folder=root, path=info.path)
    assert result.saved is None
    open_database(shop.folder.database)
    assert fetch_value("SELECT name FROM operator") == "王老板"


def test_a_manager_makes_backups_but_does_not_restore(shop: OpenedShop) -> None:
    manager = shop.as_role("店长")
    info = service.back_up(manager, folder=shop.folder.root)
    with pytest.raises(PermissionDenied):
        service.restore(manager, folder=shop.folder.root, path=info.path)
    with pytest.raises(PermissionDenied):
        service.delete_backups(manager, folder=shop.folder.root, names=[info.path.name], confirmed=YES)
    assert shop.folder.generation() == "0001"


# ------------------------------------------------------------------------- words
@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "刚刚"), (90, "1 分钟前"), (7200, "2 小时前"), (200_000, "2 天前"), (-3, "刚刚")],
)
def test_ages_are_told_in_words(seconds: float, words: str) -> None:
    assert show_age(seconds) == words


@pytest.mark.parametrize(
    ("size", "words"), [(1, "1 KB"), (640_000, "640 KB"), (12_460_000, "12.5 MB"), (2_340_000_000, "2.34 GB")]
)
def test_sizes_are_told_in_words(size: int, words: str) -> None:
    assert show_size(size) == words
