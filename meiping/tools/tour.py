"""The tour: the main job done once in the real window on a copy of the data, a picture of every step and page.

Files are named after the pages' keys; steps of the main job begin with ``step-``, the dark theme with ``dark-``,
the small window with ``small-``.
"""

import logging
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path

import ttkbootstrap as ttk

from meiping.adapters.display import has_display, virtual_display
from meiping.adapters.files import replace_file
from meiping.app import open_shop, run_window
from meiping.domains.access.passwords import make_hash
from meiping.domains.access.queries import roles
from meiping.domains.access.rules import ADMINISTRATOR_ROLE
from meiping.domains.access.service import add_operator
from meiping.domains.contacts.service import mask_contact_phones
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_customer, mask_phones
from meiping.domains.deals.rules import QuoteInput, QuoteLineInput, usual_end
from meiping.domains.deals.service import add_quote
from meiping.domains.documents.keeping import keep_content
from meiping.domains.documents.service import add_documents
from meiping.domains.reminders.rules import ReminderInput
from meiping.domains.reminders.service import add_reminder
from meiping.domains.settings.queries import levels
from meiping.domains.settings.service import save_options
from meiping.domains.wallet.service import recharge
from meiping.kernel.actor import Actor, AllRights
from meiping.kernel.errors import UserError
from meiping.kernel.moments import local_day, system_clock
from meiping.store.database import fetch
from meiping.store.folder import DataFolder
from meiping.store.unit_of_work import batch
from meiping.tools.demo_documents import contract_page
from meiping.tools.hands import Hands, within
from meiping.ui.page_list import PAGES
from meiping.ui.page_spec import Module
from meiping.ui.shell.login import Login
from meiping.ui.shell.window import MainWindow
from meiping.ui.theme import set_mode
from meiping.ui.widgets.chart_view import ChartView
from meiping.ui.widgets.dialog_window import DialogWindow

LARGE, SMALL = (1440, 900), (1180, 700)
_REPORTS = tuple(page.key for page in PAGES if page.module is Module.REPORTS)
DARK_PAGES = ("counter", "customer_hub", "customers", "visits", "cases", "service_terms", *_REPORTS, "desk")
SMALL_PAGES = (
    "cases",
    "counter",
    "customer_hub",
    "customers",
    "visits",
    "composition",
    "summary",
    "bill_report",
    "product_report",
    "desk",
)
DIALOGS = {
    "customers": ("Control-n", "form"),
    "cases": ("Control-n", "form"),
    "tasks": ("Control-n", "form"),
    "custom_fields": ("Control-n", "dialog"),
}
"""Pages with a dialog worth a picture: the key that opens it, and what its picture is called after the page's."""
_SHEET = (
    "会员姓名\t手机号码\t会员等级\t生日\t储值余额\n秦可欣\t13900010001\t金卡\t1990-05-01\t300\n"
    "卢志远\t1390001\t金卡\t\t\n何秀兰\t13900010003\t钻石至尊\t1985/2/30\t\n马小云\t13900010004\t普通\t\t12.5\n"
)
"""Somebody's own list of customers, as a spreadsheet puts it on the clipboard, with faults."""
_OPERATOR, _PASSWORD = "演示员", "tour-only-2468"
_CUSTOMER = "王晓梅"
_SETTLE_MS = 700
_MOST_MS = 600_000

Tell = Callable[[int, int, str], None]
Steps = Iterator[int]
"""The tour as a generator: each value is how many milliseconds the window gets before the next step."""


def take_tour(folder: DataFolder, out: Path, *, tell: Tell, pace: float = 1.0) -> list[Path]:
    """Walk through a copy of the folder's shop and give the pictures. Raises UserError where there is none.

    ``pace`` stretches or shortens the pauses in which the window draws.
    """
    if not folder.has_shop():
        raise UserError(f"数据文件夹 {folder.root} 里还没有店铺，可以先用 demo 建一个。")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="meiping-tour-") as throwaway:
        copy = _copy(folder, Path(throwaway) / "data")
        barcodes = _prepare(copy)
        with nullcontext() if has_display() else virtual_display(LARGE):
            tour = _Tour(out, barcodes, tell, pace)
            run_window(copy.root, first_painted=tour.begin)
    if tour.failure is not None:
        raise tour.failure
    return tour.pictures


def _copy(folder: DataFolder, root: Path) -> DataFolder:
    """A data folder with one moment's copy of the shop; the original is only read."""
    copy = DataFolder(root)
    copy.prepare()
    generation = copy.new_generation()
    with (
        closing(sqlite3.connect(f"file:{folder.database}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy.database_in(generation))) as target,
    ):
        source.backup(target)
    copy.switch_to(generation, replace_file)
    if folder.documents.is_dir():
        shutil.copytree(folder.documents, copy.documents, dirs_exist_ok=True)
    return copy


def _prepare(copy: DataFolder) -> list[str]:
    """Hide phones, make the operator and the customer of the tour; gives bar codes to scan."""
    opened = open_shop(copy)
    try:
        nobody = Actor(0, "命令行", 1, AllRights())
        with batch() as begin:
            work = begin(nobody)
            mask_phones(work)
            mask_contact_phones(work)
        save_options(nobody, values={"backup.at_exit": False, "receipt.mode": "show"})
        administrator = next(role.id for role in roles(nobody) if role.name == ADMINISTRATOR_ROLE)
        operator_id = add_operator(
            nobody,
            name=_OPERATOR,
            password_hash=make_hash(_PASSWORD, cost=2**14),
            role_ids=[administrator],
            company_id=1,
        )
        actor = Actor(operator_id, _OPERATOR, 1, AllRights())
        gold = next((level.id for level in levels() if level.discount_bp < 10_000), None)
        customer = CustomerInput(
            name=_CUSTOMER, phone="13800007788", level_id=gold, gender="女", notes="喜欢靠窗的位置。"
        )
        customer_id = add_customer(actor, customer=customer, confirmed=frozenset({"same_phone"}))
        twin = CustomerInput(
            name="王小梅", phone="13800007788", address="滨河路 18 号", notes="老客人介绍来的。"
        )
        add_customer(actor, customer=twin, confirmed=frozenset({"same_phone"}))
        recharge(actor, key=str(uuid.uuid4()), customer_id=customer_id, principal_fen=3_000, bonus_fen=500)
        paper = keep_content(copy, contract_page(), "会员协议.pdf")
        add_documents(actor, customer_id=customer_id, documents=[paper], notes="原件在店长抽屉。")
        soon = (system_clock() + timedelta(minutes=1)).astimezone()
        reminder = ReminderInput(
            "电话回访新品使用感受",
            local_day(soon),
            soon.time().replace(second=0, microsecond=0),
            customer_id=customer_id,
        )
        add_reminder(actor, reminder=reminder)
        _offer(actor, customer_id)
        rows = fetch(
            "SELECT b.barcode FROM product_barcode b JOIN product p ON p.id = b.product_id"
            " JOIN stock s ON s.product_id = p.id WHERE p.active AND s.qty_milli > 5000 AND p.list_price_fen > 2000"
            " ORDER BY p.list_price_fen LIMIT 3"
        )
    finally:
        opened.close()
    return [row[0] for row in rows]


def _offer(actor: Actor, customer_id: int) -> None:
    """A quote over two of the dearer goods at their list price."""
    dear = fetch("SELECT id, list_price_fen FROM product WHERE active ORDER BY list_price_fen DESC LIMIT 2")
    quote = QuoteInput(
        tuple(QuoteLineInput(product_id, 3_000, price_fen) for product_id, price_fen in dear),
        subject="生日聚会套餐",
        valid_until_date=usual_end(actor.today()),
    )
    add_quote(actor, key=str(uuid.uuid4()), customer_id=customer_id, quote=quote)


class _Complaints(logging.Handler):
    """Keeps what the program wrote to its log as an error: the window may be waiting in a box that tells it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.errors.append(record.getMessage())


class _Tour:
    """Drives the window step by step from its own event loop."""

    def __init__(self, out: Path, barcodes: list[str], tell: Tell, pace: float) -> None:
        self._out, self._barcodes, self._tell, self._pace = out, barcodes, tell, pace
        self.pictures: list[Path] = []
        self.failure: Exception | None = None
        self._number = 0
        self._expected = 41 + len(PAGES) + len(DIALOGS) + len(DARK_PAGES) + len(SMALL_PAGES)

    def begin(self, root: ttk.App) -> None:
        """Called once the first window is painted."""
        self._root, self._hands = root, Hands(root)
        root.geometry(f"{LARGE[0]}x{LARGE[1]}+0+0")
        self._steps = self._walk()
        self._complaints = _Complaints()
        logging.getLogger().addHandler(self._complaints)
        self._late = root.after(_MOST_MS, lambda: self._give_up(TimeoutError("the tour did not end")))
        root.after(_SETTLE_MS, self._next)

    def _next(self) -> None:
        if self._complaints.errors:
            self._give_up(RuntimeError(self._complaints.errors[0]))
            return
        try:
            wait_ms = next(self._steps)
        except StopIteration:
            self._root.after_cancel(self._late)
            self._leave()
        except Exception as error:  # noqa: BLE001  told to the caller after the window has closed
            self._give_up(error)
        else:
            self._root.after(round(wait_ms * self._pace), self._next)

    def _give_up(self, error: Exception) -> None:
        if self.failure is None:
            self.failure = error
            self._hands.picture(self._out / "failed.png")
            for child in self._root.winfo_children():
                if isinstance(child, ttk.Toplevel):
                    child.destroy()
            self._leave()

    def _leave(self) -> None:
        """Close the window as its own button does."""
        logging.getLogger().removeHandler(self._complaints)
        self._root.tk.call(self._root.protocol("WM_DELETE_WINDOW"))

    # ---------------------------------------------------------------- parts

    def _picture(self, name: str) -> None:
        path = self._out / f"{name}.png"
        self._hands.picture(path)
        self.pictures.append(path)
        self._tell(len(self.pictures), self._expected, "拍照")

    def _step(self, name: str) -> None:
        self._number += 1
        self._picture(f"step-{self._number:02d}-{name}")

    def _window(self) -> MainWindow:
        return next(child for child in self._root.winfo_children() if isinstance(child, MainWindow))

    # ---------------------------------------------------------------- the walk

    def _walk(self) -> Steps:
        yield from self._log_in()
        yield from self._sell()
        yield from self._exchange()
        yield from self._give_back()
        yield from self._fetch_an_order()
        yield from self._count_the_drawer()
        yield from self._look_at_the_customer()
        yield from self._search_everything()
        yield from self._many_customers()
        yield from self._look_at_an_import()
        yield from self._back_up()
        yield from self._before_the_customers_eyes()
        yield from self._every_page()
        yield from self._dark_and_small()

    def _do(self, *acts: Callable[[], object], wait: int = 400) -> Steps:
        """Each act in a turn of its own: one may open a dialog that holds the turn until it closes."""
        for act in acts:
            self._root.after(0, self._carefully, act)
            yield wait

    def _carefully(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001  told to the caller after the window has closed
            self._give_up(error)

    def _open(self, key: str) -> Steps:
        """A page in front; a dialog left open would stand before it in every picture from here on."""
        for left in within(self._root, DialogWindow):
            raise RuntimeError(f"“{left.title()}” is still open before {key}")
        yield from self._do(lambda: self._window().open_page(key), wait=2 * _SETTLE_MS)
        while any(chart.drawing for chart in within(self._root, ChartView) if chart.winfo_viewable()):
            yield _SETTLE_MS

    def _press(self, *keys: str, wait: int = 400) -> Steps:
        yield from self._do(*(partial(self._hands.press, key) for key in keys), wait=wait)

    def _write(self, text: str) -> Steps:
        yield from self._do(lambda: self._hands.write(text), wait=600)

    def _scan(self, code: str) -> Steps:
        yield from self._do(lambda: self._hands.type(code), lambda: self._hands.press("Return"), wait=200)

    def _log_in(self) -> Steps:
        login = next(child for child in self._root.winfo_children() if isinstance(child, Login))
        login.name.set(_OPERATOR)
        login.password.focus_force()
        yield from self._write(_PASSWORD)
        self._step("login")
        yield from self._press("Return")
        for _ in range(50):
            if any(isinstance(child, MainWindow) for child in self._root.winfo_children()):
                break
            yield 100
        yield 3 * _SETTLE_MS
        self._step("main-window")

    def _sell(self) -> Steps:
        """Goods, customer, stored value first and the rest in cash with change: by keyboard."""
        yield from self._open("counter")
        yield from self._press("F11", wait=_SETTLE_MS)
        yield from self._write("500")
        self._step("shift-opened")
        yield from self._press("Return", wait=_SETTLE_MS)
        for code in self._barcodes:
            yield from self._scan(code)
        yield from self._scan(f"2*{self._barcodes[0]}")
        self._step("scan")
        yield from self._press("F2")
        yield from self._write(_CUSTOMER)
        self._step("find-customer")
        yield from self._press("Return")
        self._step("level-price")
        yield from self._press("F12")
        self._step("payment")
        yield from self._do(lambda: self._hands.click("+ 现金"))
        yield from self._press(" ")
        self._step("stored-value-and-cash")
        yield from self._press("Return", wait=3 * _SETTLE_MS)
        self._step("change-and-receipt")
        yield from self._press("Escape")

    def _give_back(self) -> Steps:
        yield from self._press("F7", wait=_SETTLE_MS)
        self._step("return-find")
        yield from self._press("Return", wait=_SETTLE_MS)
        self._step("return-lines")
        yield from self._press("F12", wait=2 * _SETTLE_MS)
        self._step("returned")
        yield from self._press("Escape")

    def _exchange(self) -> Steps:
        """All of the bill against something else; what is over goes back."""
        yield from self._press("F7", wait=_SETTLE_MS)
        yield from self._press("Return", wait=_SETTLE_MS)
        yield from self._press("F7", wait=_SETTLE_MS)
        yield from self._scan(self._barcodes[1])
        self._step("exchange")
        yield from self._press("F12", wait=2 * _SETTLE_MS)
        self._step("exchange-settled")
        if next(within(self._root, DialogWindow), None) is not None:
            yield from self._press("Return", wait=3 * _SETTLE_MS)
        yield from self._press("Escape")

    def _fetch_an_order(self) -> Steps:
        """A bill that waits, with money taken for it beforehand, if there is one; it goes on waiting."""
        if not fetch("SELECT 1 FROM deposit LIMIT 1"):
            return
        yield from self._press("F6", wait=2 * _SETTLE_MS)
        self._step("order-with-deposit")
        yield from self._press("F12", wait=_SETTLE_MS)
        self._step("deposit-counts")
        yield from self._press("Escape", "F6", wait=_SETTLE_MS)
        yield from self._press("Return", wait=_SETTLE_MS)

    def _count_the_drawer(self) -> Steps:
        """Look at the shift and count; it goes on, so that it is seen on the pages that follow."""
        yield from self._press("F11", wait=_SETTLE_MS)
        self._step("shift-looked-at")
        yield from self._press("Return", wait=_SETTLE_MS)
        for pieces in ("4", "1", "2"):
            yield from self._write(pieces)
            yield from self._press("Return")
        self._step("shift-counted")
        yield from self._press("Escape", wait=_SETTLE_MS)

    def _look_at_the_customer(self) -> Steps:
        yield from self._open("customer_hub")
        yield from self._write(_CUSTOMER)
        yield from self._press("Return", wait=2 * _SETTLE_MS)
        self._step("customer")
        yield from self._press("Shift-F6", wait=_SETTLE_MS)
        yield from self._write("20")
        self._step("refund")
        yield from self._press("Control-Return", wait=2 * _SETTLE_MS)
        self._step("refunded")
        yield from self._write_a_contact_down()
        yield from self._write_a_quote()
        yield from self._do(lambda: self._hands.turn_to("动态"), wait=2 * _SETTLE_MS)
        self._step("timeline")
        yield from self._do(lambda: self._hands.turn_to("更多资料"), wait=3 * _SETTLE_MS)
        self._step("documents")

    def _write_a_contact_down(self) -> Steps:
        yield from self._press("F4", wait=_SETTLE_MS)
        yield from self._write("电话回访：新品用着不错，月底再来。")
        self._step("contact-record")
        yield from self._press("Control-Return", wait=2 * _SETTLE_MS)
        self._step("contact-records")

    def _write_a_quote(self) -> Steps:
        """Goods by the head of their name, how many, and the price of the customer's level; thrown away again."""
        yield from self._do(lambda: self._hands.turn_to("报价"), wait=2 * _SETTLE_MS)
        self._step("quotes")
        yield from self._press("Insert", wait=_SETTLE_MS)
        yield from self._write("面")
        yield from self._press("Return")
        yield from self._write("5")
        yield from self._press("Return", "Return")
        self._step("quote-written")
        yield from self._press("Escape", wait=_SETTLE_MS)
        yield from self._do(lambda: self._hands.click("放弃"))

    def _search_everything(self) -> Steps:
        yield from self._press("Control-k", wait=_SETTLE_MS)
        yield from self._write(_CUSTOMER[:1])
        self._step("search")
        yield from self._press("Escape")

    def _many_customers(self) -> Steps:
        """Conditions for the list, then one field of three customers, by keyboard."""
        yield from self._open("customers")
        yield from self._press("Control-Shift-F", wait=_SETTLE_MS)
        self._step("conditions")
        yield from self._press("Escape")
        yield from self._press("Down", "Shift-Down", "Shift-Down", "Control-b", wait=_SETTLE_MS)
        self._step("one-field-of-many")
        yield from self._press("Escape")

    def _look_at_an_import(self) -> Steps:
        """A sheet pasted into the import, up to what would become of its rows."""
        yield from self._open("customers")
        yield from self._do(lambda: self._hands.click("导入导出"), wait=_SETTLE_MS)
        yield from self._press("Down", "Return", wait=2 * _SETTLE_MS)
        yield from self._do(lambda: self._hands.paste(_SHEET), wait=2 * _SETTLE_MS)
        self._step("import-columns")
        yield from self._press("Return", wait=3 * _SETTLE_MS)
        self._step("import-preview")
        yield from self._press("Escape")
        yield from self._do(lambda: self._hands.click("放弃"))

    def _back_up(self) -> Steps:
        yield from self._open("backup")
        yield from self._do(lambda: self._hands.click("立即备份"), wait=5 * _SETTLE_MS)
        self._step("backup")

    def _before_the_customers_eyes(self) -> Steps:
        """Costs and phones hidden by one key; and the counter's keys as they can be changed."""
        yield from self._open("products")
        yield from self._do(self._window().hide_private, wait=2 * _SETTLE_MS)
        self._step("privacy")
        yield from self._do(self._window().hide_private)
        yield from self._open("settings")
        yield from self._do(lambda: self._hands.click("收银快捷键"), wait=2 * _SETTLE_MS)
        self._step("counter-keys")
        yield from self._press("Escape")

    def _every_page(self) -> Steps:
        for spec in PAGES:
            yield from self._open(spec.key)
            if spec.key == "check":
                yield from self._do(lambda: self._hands.click("开始检查"), wait=5 * _SETTLE_MS)
            self._picture(spec.key)
            if spec.key in DIALOGS:
                key, name = DIALOGS[spec.key]
                yield from self._press(key, wait=2 * _SETTLE_MS)
                self._picture(f"{spec.key}-{name}")
                yield from self._press("Escape")
            if spec.key == "customers":
                yield from self._press("Down", "Control-t", wait=_SETTLE_MS)
                self._picture("customers-transfer")
                yield from self._press("Escape")
            elif spec.key == "dealings":
                yield from self._press("Down", "F8", wait=3 * _SETTLE_MS)
                self._picture("dealings-slip")
                yield from self._press("Escape")
            elif spec.key == "duplicates":
                yield from self._press("Control-r", wait=4 * _SETTLE_MS)
                self._picture("duplicates-found")
                yield from self._press("Return", wait=2 * _SETTLE_MS)
                self._picture("duplicates-merge")
                yield from self._press("Escape")
            elif spec.key == "pool":
                for title, name in (("领用申请", "claims"), ("授权与共同跟进", "shares")):
                    yield from self._do(partial(self._hands.turn_to, title), wait=_SETTLE_MS)
                    self._picture(f"pool-{name}")

    def _dark_and_small(self) -> Steps:
        set_mode(self._root, "dark")
        yield from self._again("dark", DARK_PAGES)
        self._root.geometry(f"{SMALL[0]}x{SMALL[1]}+0+0")
        set_mode(self._root, "light")
        yield from self._again("small", SMALL_PAGES)

    def _again(self, prefix: str, keys: tuple[str, ...]) -> Steps:
        for key in keys:
            yield from self._open(key)
            self._picture(f"{prefix}-{key}")
