"""The main window at work: what each role sees, what is fetched when, where the keys lead."""

import threading
import tkinter as tk
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import ttkbootstrap as ttk

from meiping.domains.access.rules import MANAGE_ACCESS
from meiping.domains.access.service import save_role
from meiping.domains.sales.rules import CHECKOUT
from meiping.domains.settings.rules import MANAGE_SETTINGS
from meiping.domains.settings.service import save_options, save_word
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.changes import Topic
from meiping.kernel.permissions import OPEN, Permission
from meiping.store.database import fetch_value, writing
from meiping.ui import theme
from meiping.ui.context import Context
from meiping.ui.page_list import PAGES as EVERY_PAGE
from meiping.ui.page_spec import Module, PageParts, PageSpec
from meiping.ui.shell.appearance import Appearance
from meiping.ui.shell.lock_screen import IdleWatch
from meiping.ui.shell.reminder_bar import DueReminder
from meiping.ui.shell.shell_context import ShellContext
from meiping.ui.shell.window import MainWindow, Surroundings
from meiping.ui.widgets import privacy
from tests.shop import PASSWORD, OpenedShop
from tests.windows import PageContext, buttons, dialogs, parts, texts, when_asked

Pump = Callable[..., None]
Press = Callable[..., None]


class Sheet:
    """A page of a test: a field, and a count of how often it was fetched."""

    def __init__(self, parent: tk.Widget, context: Context) -> None:
        self.widget: tk.Widget = ttk.Frame(parent)
        self.entry = ttk.Entry(self.widget)
        self.entry.pack()
        self.reloads = 0
        self.opened: list[dict[str, Any]] = []

    def reload(self) -> None:
        self.reloads += 1

    def focus(self) -> None:
        self.entry.focus_set()

    def open(self, **arguments: Any) -> None:
        self.opened.append(arguments)


def sheet(key: str, module: Module, *, permission: Permission = OPEN, **parts: Any) -> PageSpec:
    told = PageParts(**{"build": Sheet, "watches": frozenset[Topic](), **parts})
    return PageSpec(key, f"页{key}", module, permission, lambda: told)


PAGES = (
    sheet("desk", Module.DESK),
    sheet("till", Module.COUNTER, permission=CHECKOUT, keys=(("F5", "整单折扣"),), help="扫码收银。"),
    sheet("people", Module.CUSTOMERS, watches=frozenset({Topic.CUSTOMERS, Topic.SETTINGS})),
    sheet("bin", Module.CUSTOMERS),
    sheet("goods", Module.GOODS),
    sheet("roles", Module.SYSTEM, permission=MANAGE_ACCESS),
    sheet("options", Module.SYSTEM, permission=MANAGE_SETTINGS),
)


class SomeReminders:
    snoozes = (("10", "10 分钟后"), ("tomorrow", "明天"))

    def __init__(self) -> None:
        self.waiting = [DueReminder(1, "回电话", "王女士"), DueReminder(2, "催款")]
        self.snoozed: list[tuple[int, str]] = []
        self.opened: list[int] = []

    def due(self, context: ShellContext) -> list[DueReminder]:
        return self.waiting

    def done(self, context: ShellContext, reminder_id: int) -> bool:
        self.waiting = [r for r in self.waiting if r.id != reminder_id]
        return True

    def snooze(self, context: ShellContext, reminder_id: int, key: str) -> bool:
        self.snoozed.append((reminder_id, key))
        self.waiting = [r for r in self.waiting if r.id != reminder_id]
        return True

    def open(self, context: ShellContext, reminder_id: int) -> None:
        self.opened.append(reminder_id)


Open = Callable[..., MainWindow]


@pytest.fixture
def left() -> list[str]:
    """How often somebody asked to switch the operator."""
    return []


@pytest.fixture
def open_window(root: ttk.App, context: PageContext, pump: Pump, left: list[str]) -> Iterator[Open]:
    """Opens the window for an operator: ``open_window(actor, pages=PAGES)``."""
    idle = IdleWatch(root)
    windows: list[MainWindow] = []

    def show(actor: Actor | None = None, pages: tuple[PageSpec, ...] = PAGES, **around: Any) -> MainWindow:
        for old in windows:
            if old.winfo_exists():
                old.close()
        if actor is not None:
            context.actor = actor
        window = MainWindow(
            root,
            context,
            pages,
            workers=context._workers,
            appearance=Appearance(root, context.view),
            idle=idle,
            around=Surroundings(lambda: left.append("switch"), **around),
        )
        windows.append(window)
        root.deiconify()
        window.start()
        pump()
        return window

    yield show
    for window in windows:
        if window.winfo_exists():
            window.close()
    idle.close()


def titles(window: MainWindow) -> list[str]:
    return [module.title for module in window.tabs]


def page(window: MainWindow, key: str) -> Sheet:
    found = next(host for tab in window.tabs.values() for host in tab.hosts if host.spec.key == key)
    assert isinstance(found.page, Sheet)
    return found.page


def built(window: MainWindow) -> list[str]:
    return [h.spec.key for tab in window.tabs.values() for h in tab.hosts if h.page is not None]


def front(window: MainWindow) -> str:
    host = window.front()
    assert host is not None
    return host.spec.key


# ------------------------------------------------------------------ who sees what


def test_an_administrator_sees_every_module_that_has_a_page(open_window: Open):
    assert titles(open_window()) == ["工作台", "收银", "客户", "商品", "系统"]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("收银员", ["工作台", "收银", "客户", "商品"]),
        ("业务员", ["工作台", "客户", "商品"]),
    ],
)
def test_a_role_sees_only_what_it_may_use(open_window: Open, shop: OpenedShop, role: str, seen: list[str]):
    assert titles(open_window(shop.as_role(role))) == seen


def test_somebody_without_any_right_is_told(open_window: Open, shop: OpenedShop):
    window = open_window(shop.as_role("业务员"), pages=PAGES[1:2])
    assert titles(window) == []
    assert any("联系管理员" in text for text in texts(window))


def test_a_right_given_meanwhile_brings_its_tab(open_window: Open, shop: OpenedShop, pump: Pump):
    window = open_window(shop.as_role("业务员"))
    people = page_after_opening(window, "people", pump)
    role_id = fetch_value("SELECT id FROM role WHERE name = '业务员'")
    save_role(shop.actor, role_id=role_id, name="业务员", scope=Scope.OWN, permissions=["sales.checkout"])
    pump()
    assert titles(window) == ["工作台", "收银", "客户", "商品"]
    assert page(window, "people") is people
    assert front(window) == "people"


def page_after_opening(window: MainWindow, key: str, pump: Pump) -> Sheet:
    window.open_page(key)
    pump()
    return page(window, key)


def test_modules_the_shop_does_without_are_hidden_until_wanted(
    open_window: Open, shop: OpenedShop, pump: Pump
):
    save_options(shop.actor, values={"shop.preset": "follow"})
    window = open_window()
    assert titles(window) == ["工作台", "客户", "系统"]
    save_options(shop.actor, values={"shop.preset": "all"})
    pump()
    assert titles(window) == ["工作台", "收银", "客户", "商品", "系统"]
    assert [str(window.notebook.tab(i, "text")).strip() for i in window.notebook.tabs()] == titles(window)


def test_a_page_one_may_not_see_is_not_opened_by_code_either(
    open_window: Open, shop: OpenedShop, context: PageContext
):
    window = open_window(shop.as_role("业务员"))
    context.open_page("till")
    assert front(window) == "desk"
    assert "权限" in context.told()


# ------------------------------------------------------------------ built and fetched when needed


def test_pages_are_built_when_first_shown(open_window: Open, pump: Pump):
    window = open_window()
    assert built(window) == ["desk"]
    window.open_page("bin")
    pump()
    assert built(window) == ["desk", "bin"]


def test_a_change_reloads_the_page_in_front_and_marks_the_others(
    open_window: Open, shop: OpenedShop, pump: Pump
):
    window = open_window()
    people = page_after_opening(window, "people", pump)
    save_word(shop.actor, kind="industry", name="物流")
    assert people.reloads == 0, "not in the middle of the verb"
    pump()
    assert people.reloads == 1
    window.open_page("desk")
    pump()
    save_word(shop.actor, kind="industry", name="仓储")
    save_word(shop.actor, kind="industry", name="快递")
    pump()
    assert people.reloads == 1
    window.open_page("people")
    pump()
    assert people.reloads == 2
    assert page(window, "desk").reloads == 0


def test_a_change_made_by_a_worker_arrives_too(open_window: Open, shop: OpenedShop, pump: Pump):
    window = open_window()
    people = page_after_opening(window, "people", pump)

    def work() -> None:
        with writing():
            save_word(shop.actor, kind="industry", name="物流")

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    pump(lambda: people.reloads == 1)


def test_a_page_that_cannot_be_built_leaves_the_others_alone(
    open_window: Open, root: ttk.App, pump: Pump, logged_errors: list[str]
):
    class Broken(Sheet):
        broken = True

        def __init__(self, parent: tk.Widget, context: Context) -> None:
            if Broken.broken:
                raise ZeroDivisionError
            super().__init__(parent, context)

    when_asked(root, "知道了")
    window = open_window(pages=(sheet("bad", Module.DESK, build=Broken), *PAGES[2:4]))
    assert "ZeroDivisionError" in logged_errors[-1]
    logged_errors.clear()
    window.open_page("people")
    pump()
    assert front(window) == "people"
    when_asked(root, "知道了")
    window.open_page("bad")
    logged_errors.clear()
    Broken.broken = False
    next(b for b in parts(window, ttk.Button) if b.cget("text") == "再试一次").invoke()
    assert "bad" in built(window)


def test_arguments_reach_the_page_that_is_opened(open_window: Open, context: PageContext, pump: Pump):
    window = open_window()
    context.open_page("bin", customer_id=7)
    pump()
    assert front(window) == "bin"
    assert page(window, "bin").opened == [{"customer_id": 7}]
    assert page(window, "bin").reloads == 0


# ------------------------------------------------------------------ hands


def test_keys_lead_to_modules_and_pages(open_window: Open, root: ttk.App, press: Press, pump: Pump):
    window = open_window()
    for key, where in (
        ("<Mod1-Key-3>", "people"),
        ("<Control-Next>", "bin"),
        ("<Control-Next>", "people"),
        ("<Control-Prior>", "bin"),
        ("<Control-Tab>", "goods"),
        ("<Control-Tab>", "roles"),
        ("<Control-Tab>", "desk"),
        ("<Control-Shift-Tab>", "roles"),
        ("<Mod1-Key-9>", "roles"),
        ("<Mod1-Key-2>", "till"),
    ):
        press(window, key)
        pump()
        assert front(window) == where, key
    assert root.focus_get() is page(window, "till").entry


def test_f5_fetches_again_unless_the_page_means_something_else_by_it(
    open_window: Open, press: Press, pump: Pump
):
    window = open_window()
    press(window, "<F5>")
    assert page(window, "desk").reloads == 1
    till = page_after_opening(window, "till", pump)
    press(window, "<F5>")
    assert till.reloads == 0


def test_f1_tells_the_keys_of_the_page_first(open_window: Open, root: ttk.App, press: Press, pump: Pump):
    window = open_window()
    window.open_page("till")
    pump()
    press(window, "<F1>")
    told = texts(dialogs(root)[-1])
    assert told[told.index("本页的按键") :][:3] == ["本页的按键", "F5", "整单折扣"]
    assert told.index("本页的按键") < told.index("说明") < told.index("到处可用的按键")
    assert "扫码收银。" in told
    assert told.count("F5") == 1
    assert "Ctrl+L" in told
    press(window, "<Escape>")


def test_system_pages_are_listed_at_the_left_and_walked_by_arrows(
    open_window: Open, root: ttk.App, press: Press, pump: Pump
):
    window = open_window()
    window.open_page("roles")
    pump()
    listing = parts(window.tabs[Module.SYSTEM], ttk.Treeview)[0]
    press(listing, "<Down>")
    pump()
    assert front(window) == "options"
    assert root.focus_get() is listing, "the arrows go on walking the list"
    press(listing, "<Return>")
    pump()
    window.open_page("roles")
    pump()
    assert root.focus_get() is page(window, "roles").entry


def test_the_page_in_front_comes_back(open_window: Open, pump: Pump):
    window = open_window()
    window.open_page("bin")
    pump()
    assert front(open_window()) == "bin"


# ------------------------------------------------------------------ around the pages


def test_title_and_status_bar_say_where_one_is(open_window: Open, root: ttk.App, context: PageContext):
    window = open_window()
    assert root.title() == "meiping · 小巷杂货店"
    said = window.status.texts()
    assert "操作员 王老板" in said
    assert "小巷杂货店" in said
    assert "还没有备份" in said
    context.toast("已保存\n两行")
    assert window.status.texts()[0].endswith("已保存 两行")


def test_the_last_fifty_outcomes_can_be_read_again(open_window: Open, root: ttk.App, context: PageContext):
    window = open_window()
    for number in range(60):
        context.toast(f"第 {number} 件")
    window.status.show_history()
    rows = parts(dialogs(root)[-1], ttk.Treeview)[0]
    lines = [rows.item(i, "values")[2] for i in rows.get_children()]
    assert len(lines) == 50
    assert lines[0] == "第 59 件"
    buttons(root)["关闭"].invoke()


def test_the_strip_is_there_only_while_something_is_due(open_window: Open, root: ttk.App, pump: Pump):
    source = SomeReminders()
    window = open_window(reminders=source)
    strip = window.reminders
    assert strip is not None
    assert strip.text() == "2 条提醒已到时间 回电话 · 王女士"
    assert strip.winfo_ismapped()

    when_asked(root, "完成")
    root.after(150, when_asked, root, "关闭")
    strip.open_list()
    pump()
    assert len(source.waiting) == 1
    assert strip.text().startswith("1 条提醒已到时间")
    source.waiting = []
    strip.refresh()
    pump()
    assert not strip.winfo_ismapped()


def test_reminders_are_ticked_off_one_after_the_other_without_the_mouse(
    open_window: Open, root: ttk.App, pump: Pump
):
    source = SomeReminders()
    strip = open_window(reminders=source).reminders
    assert strip is not None
    words: list[str] = []

    def press_what_has_the_focus() -> None:
        (asked,) = dialogs(root)
        button = asked.focus_lastfor()
        words.append(str(button.cget("text")))
        button.invoke()

    for place in range(3):
        root.after(150 * (place + 1), press_what_has_the_focus)
    strip.open_list()
    assert words == ["完成", "完成", "关闭"]
    assert source.waiting == []


def test_a_reminder_opens_what_it_is_about(open_window: Open, root: ttk.App):
    source = SomeReminders()
    window = open_window(reminders=source)
    assert window.reminders is not None
    when_asked(root, "打开")
    window.reminders.open_list()
    assert source.opened[0] in (1, 2)
    assert dialogs(root) == []


def test_theme_and_font_size_change_at_once_and_stay(
    open_window: Open, root: ttk.App, context: PageContext, pump: Pump
):
    window = open_window()
    menu = window.menu.build()
    assert [menu.entrycget(i, "label") for i in range(3)] == ["主题", "字号", "界面缩放"]
    before = ttk.nametofont("MpBody", root=root).metrics("linespace")
    menu.nametowidget(menu.entrycget(0, "menu")).invoke(1)
    menu.nametowidget(menu.entrycget(1, "menu")).invoke(2)
    pump()
    assert theme.palette(root).mode == "dark"
    assert ttk.nametofont("MpBody", root=root).metrics("linespace") > before
    assert context.view.get("theme.mode") == "dark"
    assert context.view.get("theme.font_size") == "large"
    theme.set_font_size(root, "medium")


def test_switching_the_operator_is_in_the_menu(open_window: Open, left: list[str]):
    window = open_window()
    menu = window.menu.build()
    last = menu.index("end") or 0
    words = [menu.entrycget(i, "label") for i in range(last + 1) if menu.type(i) != "separator"]
    assert words == [
        "主题",
        "字号",
        "界面缩放",
        "锁屏",
        "遮住成本和电话",
        "切换操作员",
        "修改密码…",
        "主管密码…",
        "帮助",
        "关于",
    ]
    menu.invoke("切换操作员")
    assert left == ["switch"]


# ------------------------------------------------------------------ the lock


def test_f1_leaves_out_what_the_operator_may_not_do(
    open_window: Open, shop: OpenedShop, context: PageContext, root: ttk.App, press: Press, pump: Pump
):
    pages = tuple(page for page in EVERY_PAGE if page.key in ("customers", "customer_hub"))
    save_role(shop.actor, role_id=None, name="只看", scope=Scope.ALL, permissions=["customers.view"])
    context.actor = shop.add_operator("小看", "只看")
    window = open_window(context.actor, pages=pages)
    for key in ("customers", "customer_hub"):
        window.open_page(key)
        pump()
        press(window, "<F1>")
        told = texts(dialogs(root)[-1])
        assert "Ctrl+F" in told
        assert not {"Ctrl+E", "Ctrl+P", "Ctrl+N", "F2"} & set(told), key
        dialogs(root)[-1].close()


def lock_button(root: ttk.App) -> ttk.Button:
    return next(b for b in parts(root, ttk.Button) if b.cget("text") == "解锁")


def test_the_lock_covers_dialogs_and_gives_them_back(
    open_window: Open, root: ttk.App, press: Press, write: Callable[..., None], pump: Pump
):
    window = open_window()
    press(window, "<F1>")
    help_window = dialogs(root)[-1]
    window.lock()
    pump()
    assert not help_window.winfo_viewable()
    press(lock_button(root), "<Mod1-Key-3>")
    assert front(window) == "desk", "keys do not pass through"
    entry = next(e for e in parts(root, ttk.Entry) if e.cget("show") == "●")
    write(entry, PASSWORD)
    press(entry, "<Return>")
    pump(lambda: not window.locked())
    assert help_window.winfo_viewable()
    assert root.grab_current() is help_window
    help_window.destroy()


def test_a_wrong_password_keeps_the_lock_and_waits(
    open_window: Open, root: ttk.App, press: Press, write: Callable[..., None], pump: Pump
):
    window = open_window()
    press(window, "<Control-l>")
    entry = next(e for e in parts(root, ttk.Entry) if e.cget("show") == "●")
    write(entry, "not it")
    press(entry, "<Return>")
    pump(lambda: any("1 秒后再试" in text for text in texts(root)))
    assert window.locked()
    assert lock_button(root).instate(["disabled"])
    pump(lambda: not lock_button(root).instate(["disabled"]))


def test_it_locks_by_itself_only_if_that_is_wanted(
    open_window: Open, root: ttk.App, shop: OpenedShop, pump: Pump
):
    window = open_window()
    idle = window._idle
    idle.look(idle._touched + 3600)
    assert not window.locked()
    save_options(shop.actor, values={"security.idle_minutes": 5})
    idle.look(idle._touched + 299)
    assert not window.locked()
    idle.look(idle._touched + 300)
    assert window.locked()
    pump()
    window.close()
    assert root.grab_current() is None


# ------------------------------------------------------------------ the password


def test_changing_the_own_password(
    open_window: Open,
    root: ttk.App,
    write: Callable[..., None],
    press: Press,
    context: PageContext,
    pump: Pump,
):
    window = open_window()
    menu = window.menu.build()
    menu.invoke("修改密码…")
    pump()
    dialog = dialogs(root)[-1]
    old, new, again = (e for e in parts(dialog, ttk.Entry) if e.cget("show"))
    for entry, text in ((old, PASSWORD), (new, "fresh22"), (again, "fresh23")):
        write(entry, text)
    press(again, "<Return>")
    assert any("不一样" in text for text in texts(dialog))
    write(again, "fresh22")
    before = fetch_value("SELECT password_hash FROM operator WHERE id = 1")
    press(again, "<Return>")
    pump(lambda: context.told() == "密码已修改")
    assert not dialog.winfo_exists()
    assert fetch_value("SELECT password_hash FROM operator WHERE id = 1") != before


def test_the_old_password_must_be_right(
    open_window: Open, root: ttk.App, write: Callable[..., None], press: Press, pump: Pump
):
    window = open_window()
    menu = window.menu.build()
    menu.invoke("修改密码…")
    pump()
    dialog = dialogs(root)[-1]
    old, new, again = (e for e in parts(dialog, ttk.Entry) if e.cget("show"))
    for entry, text in ((old, "not it"), (new, "fresh22"), (again, "fresh22")):
        write(entry, text)
    before = fetch_value("SELECT password_hash FROM operator WHERE id = 1")
    press(again, "<Return>")
    pump(lambda: any("不对" in text for text in texts(dialog)))
    assert fetch_value("SELECT password_hash FROM operator WHERE id = 1") == before
    dialog.destroy()


def test_one_key_hides_costs_and_phones_and_the_status_bar_says_so(open_window: Open, press: Press):
    window = open_window()
    assert not privacy.hidden()
    press(window, "<Control-Shift-M>")
    assert privacy.hidden()
    assert window.status._private.winfo_manager()
    press(window, "<Control-Shift-M>")
    assert not privacy.hidden()
    assert not window.status._private.winfo_manager()


# ------------------------------------------------------------------ one search over everything
def test_ctrl_k_opens_the_search_over_any_page(
    open_window: Open, root: ttk.App, press: Press, pump: Pump, write: Callable[[tk.Misc, str], None]
):
    window = open_window()
    press(window, "<Control-k>")
    (search,) = dialogs(root)
    press(search, "<Control-k>")
    assert dialogs(root) == [], "the same keys close it"
    press(window, "<Control-k>")
    entry = root.focus_get()
    assert entry is not None
    write(entry, "页goods")
    press(entry, "<Return>")
    front = window.front()
    assert front is not None
    assert front.spec.key == "goods"
    assert dialogs(root) == []


def test_the_rail_says_where_the_search_is(open_window: Open, root: ttk.App, pump: Pump):
    window = open_window()
    pump(lambda: "搜索" in str(window.menu.search.cget("text")))
    window.menu.search.invoke()
    assert len(dialogs(root)) == 1


def test_nothing_comes_over_a_page_that_is_taking_money(
    open_window: Open, root: ttk.App, press: Press, monkeypatch: pytest.MonkeyPatch
):
    window = open_window()
    host = window.front()
    assert host is not None
    monkeypatch.setattr(host.page, "keeps_keys", True, raising=False)
    press(window, "<Control-k>")
    assert dialogs(root) == []
