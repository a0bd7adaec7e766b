"""Practice: a throwaway copy of the shop, entered from the menu, gone afterwards, and nothing of it in the real one."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial

import pytest
import ttkbootstrap as ttk

from meiping.app import lock_folder
from meiping.domains.sales.rules import CHECKOUT
from meiping.kernel.errors import FolderInUse
from meiping.store.database import db, fetch_value
from meiping.store.folder import DataFolder
from meiping.ui.bills.receipts import fetch_receipt, print_receipt
from meiping.ui.shell.login import Login
from meiping.ui.shell.program import Program
from meiping.ui.shell.window import MainWindow
from tests.factories import add_product, sell
from tests.shop import PASSWORD, OpenedShop, SettableClock
from tests.windows import parts, texts, when_asked

Pump = Callable[..., None]
Press = Callable[..., None]
Write = Callable[..., None]
Start = Callable[..., Program]
SAID = "练习模式 · 做什么都不算数，结束后全部丢掉"


@pytest.fixture
def start(start: Start) -> Start:
    """Starts the program on a folder with the administrator at work."""
    return partial(start, operator_id=1)


def now(program: Program) -> MainWindow:
    assert isinstance(program.shown, MainWindow)
    return program.shown


def practise(program: Program, root: ttk.App, pump: Pump) -> MainWindow:
    """Into practice by the menu."""
    when_asked(root, "开始练习")
    now(program).menu.build().invoke("练习模式…")
    pump(lambda: program._practice.on)
    return now(program)


def shop_at_work(program: Program, clock: SettableClock) -> OpenedShop:
    return OpenedShop(program.folder, clock, now(program).context.actor)


def test_what_is_sold_in_practice_is_not_in_the_real_shop_and_the_copy_is_gone(
    start: Start, closed_shop: DataFolder, root: ttk.App, pump: Pump, press: Press, clock: SettableClock
) -> None:
    program = start(closed_shop)
    sell(shop_at_work(program, clock), (add_product(shop_at_work(program, clock), name="真可乐", stock=5), 1))
    window = practise(program, root, pump)
    assert SAID in texts(window)
    assert window.context.actor.operator_id == 1, "he goes on without a login"
    assert program.folder.root == closed_shop.cache / "practice"
    assert fetch_value("SELECT count(*) FROM sale") == 1, "all that is in the shop is there to practise with"
    assert root.title() == "meiping · 练习 · 小巷杂货店"
    with pytest.raises(FolderInUse):
        lock_folder(closed_shop)
    sell(shop_at_work(program, clock), (add_product(shop_at_work(program, clock), name="假可乐", stock=5), 1))

    press(window.notebook, "<Control-Shift-E>")
    pump(lambda: not program._practice.on)
    assert program.folder == closed_shop
    assert SAID not in texts(now(program))
    assert now(program).context.actor.operator_id == 1
    assert fetch_value("SELECT count(*) FROM sale") == 1
    assert not fetch_value("SELECT count(*) FROM product WHERE name = '假可乐'")
    assert not (closed_shop.cache / "practice").exists()


def test_the_strip_has_the_way_back_and_esc_does_not_begin(
    start: Start, closed_shop: DataFolder, root: ttk.App, pump: Pump, clock: SettableClock
) -> None:
    program = start(closed_shop)
    when_asked(root, "取消")
    now(program).menu.build().invoke("练习模式…")
    assert not program._practice.on
    window = practise(program, root, pump)
    menu = window.menu.build()
    last = menu.index("end")
    assert last is not None
    words = [menu.entrycget(at, "label") for at in range(last + 1) if menu.type(at) == "command"]
    assert "练习模式…" not in words
    next(b for b in parts(window, ttk.Button) if str(b.cget("text")).startswith("结束练习")).invoke()
    pump(lambda: not program._practice.on)
    assert program.folder == closed_shop


def test_only_who_may_check_out_can_practise(
    start: Start, closed_shop: DataFolder, clock: SettableClock
) -> None:
    program = start(closed_shop)
    shop = shop_at_work(program, clock)
    clerk, salesman = shop.as_role("收银员"), shop.as_role("业务员")
    assert clerk.can(CHECKOUT)
    assert program._practice.may_begin(clerk)
    assert not program._practice.may_begin(salesman)


def test_who_logs_in_within_practice_logs_in_again_after_it(
    start: Start,
    closed_shop: DataFolder,
    root: ttk.App,
    pump: Pump,
    press: Press,
    write: Write,
) -> None:
    program = start(closed_shop)
    practise(program, root, pump).menu.build().invoke("切换操作员")
    pump(lambda: isinstance(program.shown, Login))
    login = program.shown
    assert isinstance(login, Login)
    write(login.password, PASSWORD)
    press(login.password, "<Return>")
    pump(lambda: isinstance(program.shown, MainWindow))
    assert program._practice.on
    program._practice.end()
    pump(lambda: isinstance(program.shown, Login))
    assert program.folder == closed_shop
    assert isinstance(program.shown, Login)
    assert "练习已结束，请登录。" in texts(program.shown)


def test_the_lock_is_no_way_out_of_practice(
    start: Start, closed_shop: DataFolder, root: ttk.App, pump: Pump, press: Press
) -> None:
    program = start(closed_shop)
    window = practise(program, root, pump)
    window.lock()
    program._practise()
    assert program._practice.on
    assert window._lock is not None
    window._lock.open()


def test_practice_makes_no_backups_and_claims_no_reminders(
    start: Start, closed_shop: DataFolder, root: ttk.App, pump: Pump, clock: SettableClock
) -> None:
    program = start(closed_shop)
    practise(program, root, pump)
    assert program._watch is None
    assert now(program).reminders is None
    add_product(shop_at_work(program, clock), stock=1)
    program._backups.make_if_due()
    program._daily.run_if_due()
    pump(lambda: not program.workers._tasks)
    assert not list(closed_shop.backups.iterdir())
    assert not list(program.folder.backups.iterdir())


def test_leaving_from_practice_backs_up_the_real_shop(
    start: Start, closed_shop: DataFolder, root: ttk.App, pump: Pump, clock: SettableClock
) -> None:
    program = start(closed_shop)
    add_product(shop_at_work(program, clock), stock=1)
    practise(program, root, pump)
    program.leave()
    pump(db.is_closed)
    assert list(closed_shop.backups.glob("*-auto.zip"))
    assert not (closed_shop.cache / "practice").exists()
    lock_folder(closed_shop).release()


def test_receipts_of_practice_say_so_and_stay_on_the_screen(
    start: Start,
    closed_shop: DataFolder,
    root: ttk.App,
    pump: Pump,
    clock: SettableClock,
) -> None:
    program = start(closed_shop)
    shop = shop_at_work(program, clock)
    sold = sell(shop, (add_product(shop, stock=5), 1))
    real = fetch_receipt(now(program).context, sale_id=sold.sale_id, number=sold.number, reprint=False)
    context = practise(program, root, pump).context
    receipt = fetch_receipt(context, sale_id=sold.sale_id, number=sold.number, reprint=False)
    assert real is not None
    assert receipt is not None
    assert "练习" in str(receipt.slip.blocks[0])
    assert "练习" not in str(real.slip.blocks)
    print_receipt(context, receipt)
    assert not program.workers._tasks, "nothing is on its way to a printer"
    assert program.outcomes.kept[-1].text == "练习模式：小票只在屏幕上看，不打印。"


KILLED = """
import os, sys
from pathlib import Path
from meiping.app import lock_folder
from meiping.store.backup import Silent
from meiping.store.folder import DataFolder
from meiping.store.practice import make_practice
home = DataFolder(Path(sys.argv[1]))
lock_folder(home)
lock_folder(make_practice(home, Silent()))
os._exit(9)
"""


def test_after_a_kill_in_practice_the_real_shop_starts_and_the_copy_is_swept(
    start: Start, closed_shop: DataFolder
) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(closed_shop.root)], check=False)
    assert ended.returncode == 9
    assert closed_shop.practice.has_shop()
    program = start(closed_shop)
    assert program.folder == closed_shop
    assert SAID not in texts(now(program))
    assert not closed_shop.practice.root.exists()


def test_a_copy_that_can_not_be_made_leaves_the_operator_at_work(
    start: Start, closed_shop: DataFolder, root: ttk.App, pump: Pump
) -> None:
    program = start(closed_shop)
    shutil.rmtree(closed_shop.cache)
    closed_shop.cache.write_text("not a folder")
    when_asked(root, "开始练习")
    now(program).menu.build().invoke("练习模式…")
    pump(lambda: not program.workers.busy())
    assert not program._practice.on
    assert program.outcomes.kept[-1].kind == "danger"
