"""From the first start to leaving: wizard, login, another operator, a damaged file, the demonstration, two at once."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import ttkbootstrap as ttk

from meiping.app import close_file, lock_folder, open_shop
from meiping.domains.access.login import log_in
from meiping.domains.access.queries import actor_for
from meiping.domains.settings.queries import option
from meiping.domains.settings.service import save_options
from meiping.kernel.errors import Cancelled, DamagedFile, FolderInUse, UserError
from meiping.store.database import fetch_value
from meiping.store.folder import DataFolder
from meiping.ui import theme
from meiping.ui.context import Progress
from meiping.ui.shell.appearance import remembered_font_size, remembered_mode
from meiping.ui.shell.login import Login
from meiping.ui.shell.program import MARK, Program
from meiping.ui.shell.trouble import Trouble
from meiping.ui.shell.view_file import ViewFile
from meiping.ui.shell.window import MainWindow
from meiping.ui.shell.wizard import Wizard
from tests.shop import (
    ADMINISTRATOR,
    PASSWORD,
    RECOVERY_CODE,
    SettableClock,
)
from tests.windows import Part, buttons, dialogs, parts, texts, when_asked

Pump = Callable[..., None]
Press = Callable[..., None]
Write = Callable[..., None]
Start = Callable[..., Program]


@pytest.fixture
def new_folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "新店 数据")


def shown(program: Program, kind: type[Part]) -> bool:
    return isinstance(program.shown, kind)


def now(program: Program, kind: type[Part]) -> Part:
    """What is on screen, which must be of this kind."""
    assert isinstance(program.shown, kind)
    return program.shown


def said(program: Program) -> list[str]:
    """Everything that can be read on screen."""
    assert program.shown is not None
    return texts(program.shown)


def told(program: Program, words: str) -> bool:
    """Whether these words are part of something on screen."""
    return any(words in text for text in said(program))


def fill_wizard(program: Program, write: Write, press: Press, *, demo: bool = False) -> None:
    wizard = now(program, Wizard)
    (shop_name,) = parts(wizard.steps[0], ttk.Entry)
    write(shop_name, "小巷杂货店")
    press(shop_name, "<Return>")
    name, password, again = parts(wizard.steps[1], ttk.Entry)
    write(name, ADMINISTRATOR)
    write(password, PASSWORD)
    write(again, PASSWORD)
    wizard.next.invoke()
    empty, demonstration = parts(wizard.steps[2], ttk.Radiobutton)
    (demonstration if demo else empty).invoke()
    wizard.next.invoke()


def enter(program: Program, write: Write, press: Press, password: str = PASSWORD) -> None:
    login = now(program, Login)
    write(login.password, password)
    press(login.password, "<Return>")


# ------------------------------------------------------------------ the first start


def test_the_wizard_makes_a_shop_and_enters_it(
    start: Start, new_folder: DataFolder, write: Write, press: Press, pump: Pump, clock: SettableClock
):
    program = start(new_folder)
    fill_wizard(program, write, press)
    wizard = now(program, Wizard)
    pump(lambda: hasattr(wizard, "code"))
    code = next(text for text in texts(wizard) if text.count("-") == 3)
    assert wizard.next.instate(["disabled"]), "not before the code is kept"
    wizard.code.tick.invoke()
    wizard.next.invoke()
    pump(lambda: shown(program, MainWindow))
    assert option("shop.name") == "小巷杂货店"
    assert log_in(name=ADMINISTRATOR, password=PASSWORD, clock=clock).name == ADMINISTRATOR
    assert fetch_value("SELECT count(*) FROM operator") == 1
    assert len(code) == 23
    assert not list(new_folder.root.glob("demo"))


def test_the_wizard_refuses_what_would_not_work_and_keeps_what_was_typed(
    start: Start, new_folder: DataFolder, write: Write, press: Press
):
    wizard = now(start(new_folder), Wizard)
    wizard.next.invoke()
    assert "请填写店名。" in texts(wizard)
    (shop_name,) = parts(wizard.steps[0], ttk.Entry)
    write(shop_name, "小巷杂货店")
    wizard.next.invoke()
    name, password, again = parts(wizard.steps[1], ttk.Entry)
    for entry, text in ((name, "王"), (password, "111111"), (again, "111111")):
        write(entry, text)
    wizard.next.invoke()
    assert any("同一个字符" in text for text in texts(wizard))
    write(password, "secret1")
    write(again, "secret2")
    wizard.next.invoke()
    assert any("两次输入的密码不一样" in text for text in texts(wizard))
    wizard.back.invoke()
    assert shop_name.get() == "小巷杂货店"
    assert not new_folder.has_shop()


def test_the_demonstration_is_a_shop_of_its_own_with_one_click_back(
    start: Start, new_folder: DataFolder, write: Write, press: Press, pump: Pump
):
    program = start(new_folder)
    fill_wizard(program, write, press, demo=True)
    wizard = now(program, Wizard)
    pump(lambda: hasattr(wizard, "code"))
    wizard.code.tick.invoke()
    wizard.next.invoke()
    pump(lambda: shown(program, MainWindow))
    assert program.folder.root == new_folder.root / "demo"
    assert (program.folder.root / MARK).exists()
    window = now(program, MainWindow)
    assert "演示店铺 · 数据可随意试用" in texts(window)
    with pytest.raises(FolderInUse):
        lock_folder(program.folder)
    lock_folder(new_folder).release()

    next(b for b in parts(window, ttk.Button) if b.cget("text") == "回到我的店").invoke()
    pump(lambda: shown(program, Login))
    assert program.folder == new_folder
    enter(program, write, press)
    pump(lambda: shown(program, MainWindow))
    window = now(program, MainWindow)
    assert "演示店铺 · 数据可随意试用" not in texts(window)
    window.menu.build().invoke("演示店铺")
    pump(lambda: program.folder.root.name == "demo")


def test_a_demonstration_that_fails_leaves_the_own_shop(
    start: Start, new_folder: DataFolder, write: Write, press: Press, pump: Pump
):
    def cancelled(folder: DataFolder, password: str, progress: Progress) -> str:
        raise Cancelled

    program = start(new_folder)
    program._doors = replace(program._doors, demonstrate=cancelled)
    fill_wizard(program, write, press, demo=True)
    wizard = now(program, Wizard)
    pump(lambda: hasattr(wizard, "code"))
    wizard.code.tick.invoke()
    wizard.next.invoke()
    pump(lambda: shown(program, MainWindow))
    assert program.folder == new_folder
    assert program.outcomes.kept[-1].text == "已取消，没有建立演示店铺。"


# ------------------------------------------------------------------ the login


def test_the_right_password_enters(
    start: Start, closed_shop: DataFolder, write: Write, press: Press, pump: Pump, root: ttk.App
):
    program = start(closed_shop)
    login = now(program, Login)
    assert root.title() == "meiping · 小巷杂货店"
    assert login.name.get() == ADMINISTRATOR, "the only one there is"
    assert root.focus_get() is login.password
    enter(program, write, press)
    pump(lambda: shown(program, MainWindow))


def test_what_a_toast_tells_is_taken_back_by_key(
    start: Start, closed_shop: DataFolder, write: Write, press: Press, pump: Pump
):
    program = start(closed_shop)
    enter(program, write, press)
    pump(lambda: shown(program, MainWindow))
    undone: list[str] = []
    program.outcomes.tell("已删除。", action=("撤销", lambda: undone.append("x")))
    press(now(program, MainWindow).notebook, "<Control-z>", "<Control-z>")
    assert undone == ["x"]


def test_wrong_passwords_are_slowed_down_also_after_a_restart(
    start: Start, closed_shop: DataFolder, write: Write, press: Press, pump: Pump, clock: SettableClock
):
    program = start(closed_shop)
    for wait in ("1 秒", "2 秒"):
        login = now(program, Login)
        enter(program, write, press, "not it")
        pump(partial(told, program, f"请 {wait}后再试"))
        assert login.button.instate(["disabled"])
        clock.advance(seconds=9)
        program.restart("")
        pump(lambda: shown(program, Login))
    enter(program, write, press, "not it")
    pump(lambda: any("请 4 秒后再试" in text for text in said(program)))
    program.restart("")
    enter(program, write, press)
    pump(lambda: any("后再试" in text for text in said(program)))
    assert shown(program, Login), "even the right one has to wait"


def test_an_unknown_name_is_refused_like_a_wrong_password(
    start: Start, closed_shop: DataFolder, write: Write, press: Press, pump: Pump
):
    program = start(closed_shop)
    login = now(program, Login)
    write(login.name, "谁也不是")
    enter(program, write, press)
    pump(lambda: "姓名或密码不对。" in texts(login))


def test_nothing_typed_is_told_without_asking_the_database(start: Start, closed_shop: DataFolder):
    login = now(start(closed_shop), Login)
    login.button.invoke()
    assert "请输入密码。" in texts(login)
    login.name.set("")
    login.button.invoke()
    assert "请选择或输入操作员。" in texts(login)


def test_the_recovery_code_helps_once_and_gives_the_next(
    start: Start, closed_shop: DataFolder, write: Write, press: Press, pump: Pump, root: ttk.App
):
    program = start(closed_shop)
    login = now(program, Login)
    login.recover()
    pump()
    dialog = dialogs(root)[-1]
    _name, code, new, again = parts(dialog, ttk.Entry)
    for entry, text in ((code, "AAAAA"), (new, "fresh22"), (again, "fresh22")):
        write(entry, text)
    press(again, "<Return>")
    pump(lambda: any("恢复码不对" in text for text in texts(dialog)))
    write(code, RECOVERY_CODE.lower().replace("-", " "))
    press(again, "<Return>")
    pump(lambda: not dialog.winfo_exists() and dialogs(root))
    shown_code = next(text for text in texts(dialogs(root)[-1]) if text.count("-") == 3)
    assert shown_code != RECOVERY_CODE
    press(dialogs(root)[-1], "<Escape>")
    assert dialogs(root), "it stays until the code is kept"
    parts(dialogs(root)[-1], ttk.Checkbutton)[0].invoke()
    buttons(root)["完成"].invoke()
    enter(program, write, press, "fresh22")
    pump(lambda: shown(program, MainWindow))


def test_switching_the_operator_goes_back_to_the_login(
    start: Start, closed_shop: DataFolder, write: Write, press: Press, pump: Pump
):
    program = start(closed_shop)
    enter(program, write, press)
    pump(lambda: shown(program, MainWindow))
    window = now(program, MainWindow)
    window.menu.build().invoke("切换操作员")
    pump(lambda: shown(program, Login))
    assert not window.winfo_exists()


# ------------------------------------------------------------------ what comes back, and what does not


def test_page_theme_and_font_size_come_back(
    start: Start, closed_shop: DataFolder, write: Write, press: Press, pump: Pump, root: ttk.App
):
    program = start(closed_shop)
    enter(program, write, press)
    pump(lambda: shown(program, MainWindow))
    window = now(program, MainWindow)
    window.open_page("two")
    program._appearance.set_mode("dark")
    program._appearance.set_font_size("large")
    program.end()
    theme.set_font_size(root, "medium")

    view = ViewFile(closed_shop.view_file)
    assert remembered_mode(view) == "dark"
    assert remembered_font_size(view) == "large"
    again = start(closed_shop)
    login = now(again, Login)
    assert login.name.get() == ADMINISTRATOR
    enter(again, write, press)
    pump(lambda: shown(again, MainWindow))
    window = now(again, MainWindow)
    host = window.front()
    assert host is not None
    assert host.spec.key == "two"


def test_a_broken_memory_of_the_window_does_not_hinder(closed_shop: DataFolder):
    closed_shop.view_file.write_text("{not json", encoding="utf-8")
    view = ViewFile(closed_shop.view_file)
    assert view.get("window.page") is None
    view.set("window.page", "one")
    view.save()
    assert json.loads(closed_shop.view_file.read_text("utf-8")) == {"window.page": "one"}


def test_an_orderly_end_leaves_one_file_and_frees_the_folder(
    start: Start, closed_shop: DataFolder, write: Write, press: Press, pump: Pump
):
    program = start(closed_shop)
    enter(program, write, press)
    pump(lambda: shown(program, MainWindow))
    program.end()
    assert [path.name for path in closed_shop.database.parent.iterdir()] == ["meiping.db"]
    lock_folder(closed_shop).release()


# ------------------------------------------------------------------ leaving


def test_leaving_makes_a_backup_if_something_has_changed(start: Start, closed_shop: DataFolder, pump: Pump):
    program = start(closed_shop)
    program.leave()
    pump(lambda: program._idle._timer and not list(program.workers.busy()))
    assert [path.name for path in closed_shop.backups.glob("*-auto.zip")]


def test_a_shop_may_do_without_the_backup_at_the_end(start: Start, closed_shop: DataFolder, pump: Pump):
    shop = open_shop(closed_shop)
    save_options(actor_for(1), values={"backup.at_exit": False})
    shop.close()
    program = start(closed_shop)
    program.leave()
    pump()
    assert list(closed_shop.backups.glob("*.zip")) == []
    lock_folder(closed_shop).release()


def test_leaving_while_something_is_under_way_is_asked_about(
    start: Start, closed_shop: DataFolder, root: ttk.App, pump: Pump
):
    program = start(closed_shop)
    go_on = threading.Event()
    program.workers.run(
        lambda _progress: go_on.wait(5),
        title="导出客户",
        done=lambda _result: None,
        failed=lambda _error: None,
    )
    asked: list[str] = []
    when_asked(root, "继续等", first=lambda dialog: asked.extend(texts(dialog)))
    program.leave()
    assert any("导出客户" in text for text in asked)
    assert shown(program, Login)
    go_on.set()
    pump(lambda: not program.workers.busy())


def test_a_backup_that_fails_at_the_end_leaves_the_choice(
    start: Start, closed_shop: DataFolder, root: ttk.App, pump: Pump, logged_errors: list[str]
):
    program = start(closed_shop)
    closed_shop.backups.rmdir()
    closed_shop.backups.write_text("not a folder")
    when_asked(root, "留下")
    program.leave()
    pump(lambda: not program._leaving)
    assert shown(program, Login)
    assert "the backup at exit failed" in logged_errors[-1]
    logged_errors.clear()


# ------------------------------------------------------------------ files that can't be opened


def damage(folder: DataFolder) -> None:
    with folder.database.open("r+b") as stream:
        stream.write(b"this is no database any more" * 8)


def test_a_damaged_file_is_told_with_the_way_back(
    start: Start, closed_shop: DataFolder, write: Write, press: Press, pump: Pump, root: ttk.App
):
    program = start(closed_shop)
    program._backups.make_if_due()
    pump(lambda: list(closed_shop.backups.glob("*-auto.zip")))
    pump(lambda: not program.workers._tasks)
    program.end()
    damage(closed_shop)

    program = start(closed_shop)
    assert isinstance(program.shown, Trouble)
    assert any("备份恢复" in text for text in said(program))
    when_asked(root, "恢复")
    next(b for b in parts(program.shown, ttk.Button) if b.cget("text") == "恢复").invoke()
    pump(lambda: shown(program, Login), seconds=15)
    assert "数据已从备份恢复，请登录。" in said(program)
    enter(program, write, press)
    pump(lambda: shown(program, MainWindow))


def test_a_damaged_file_without_a_backup_can_be_left(start: Start, closed_shop: DataFolder, pump: Pump):
    damage(closed_shop)
    program = start(closed_shop)
    trouble = now(program, Trouble)
    assert "数据文件夹里没有找到备份。" in texts(trouble)
    before = closed_shop.database.read_bytes()
    trouble.leave.invoke()
    pump()
    assert closed_shop.database.read_bytes() == before


def test_a_file_of_a_newer_program_is_told_and_not_touched(start: Start, closed_shop: DataFolder):
    shop = open_shop(closed_shop)
    from meiping.store.database import db

    db.execute_sql("PRAGMA user_version = 9999")
    shop.close()
    before = closed_shop.database.read_bytes()
    with pytest.raises(DamagedFile):
        open_shop(closed_shop)
    program = start(closed_shop)
    assert any("请先升级程序" in text for text in said(program))
    assert closed_shop.database.read_bytes() == before


def test_a_wrong_current_file_is_told(start: Start, closed_shop: DataFolder):
    closed_shop.current_file.write_text("../../etc", encoding="utf-8")
    program = start(closed_shop)
    assert isinstance(program.shown, Trouble)


# ------------------------------------------------------------------ two at once, and the whole start


SECOND_START = """
import sys, pathlib
from meiping import app
from meiping.cli import main
from tests.windows import texts
open_root = app.make_root
def open_and_close():
    root = open_root()
    root.after(200, lambda: print(*texts(root), sep="|", flush=True) or root.destroy())
    return root
app.make_root = open_and_close
sys.exit(main(["--data", sys.argv[1]]))
"""


def test_a_second_program_is_refused_calmly(start: Start, closed_shop: DataFolder, root: ttk.App):
    start(closed_shop)
    second = subprocess.run(
        [sys.executable, "-c", SECOND_START, str(closed_shop.root)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    sentence = "数据文件夹正被另一个程序窗口使用，请先关闭它。"
    assert sentence in second.stdout
    assert second.stderr == f"{sentence}\n"
    assert second.returncode == 1


WHOLE_START = """
import sys, pathlib
from meiping.app import run_window
from meiping.ui.page_list import PAGES
HEAVY = ("matplotlib", "numpy", "openpyxl", "fpdf", "pypinyin", "phonenumbers", "pypdfium2")
def painted(root):
    print("heavy:", [name for name in HEAVY if name in sys.modules], root.title(), flush=True)
    root.after(1, lambda: root.tk.eval("wm protocol . WM_DELETE_WINDOW") and root.event_generate("<<Leave>>"))
    root.after(50, leave, root)
def leave(root):
    root.tk.eval(root.tk.eval("wm protocol . WM_DELETE_WINDOW"))
sys.exit(run_window(pathlib.Path(sys.argv[1]), operator_id=1, first_painted=painted))
"""


def test_the_first_window_waits_for_nothing_heavy_and_closes_in_order(closed_shop: DataFolder, root: ttk.App):
    ended = subprocess.run(
        [sys.executable, "-c", WHOLE_START, str(closed_shop.root)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert ended.stdout == "heavy: [] meiping · 小巷杂货店\n"
    assert (ended.returncode, ended.stderr) == (0, "")
    assert [path.name for path in closed_shop.database.parent.iterdir()] == ["meiping.db"]
    assert list(closed_shop.backups.glob("*-auto.zip"))
    assert "Traceback" not in (closed_shop.logs / "meiping.log").read_text("utf-8")


def test_without_a_shop_nothing_is_opened(new_folder: DataFolder):
    with pytest.raises(UserError):
        open_shop(new_folder)
    lock_folder(new_folder).release()
    close_file()
