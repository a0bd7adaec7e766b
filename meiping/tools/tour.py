"""The tour: the main job done once in the real window on a copy of the data, a picture of every step and page.

Files are named after the pages' keys; steps of the main job begin with ``step-``, the dark theme with ``dark-``,
the small window with ``small-``.
"""

import tempfile
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from meiping.adapters.display import has_display, virtual_display
from meiping.app import run_window
from meiping.kernel.errors import UserError
from meiping.store.database import fetch
from meiping.store.folder import DataFolder
from meiping.tools.hands import within
from meiping.tools.tour_shop import CUSTOMER, OPERATOR, PASSWORD, copy_of, prepare
from meiping.tools.tour_steps import LARGE, SETTLE_MS, Steps, Tell, TourSteps
from meiping.ui.page_list import PAGES
from meiping.ui.page_spec import Module
from meiping.ui.shell.login import Login
from meiping.ui.shell.window import MainWindow
from meiping.ui.theme import set_mode
from meiping.ui.widgets.dialog_window import DialogWindow

SMALL = 1180, 700
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
_MAIN_JOB_PICTURES = 42


def take_tour(folder: DataFolder, out: Path, *, tell: Tell, pace: float = 1.0) -> list[Path]:
    """Walk through a copy of the folder's shop and give the pictures. Raises UserError where there is none.

    ``pace`` stretches or shortens the pauses in which the window draws.
    """
    if not folder.has_shop():
        raise UserError(f"数据文件夹 {folder.root} 里还没有店铺，可以先用 demo 建一个。")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="meiping-tour-") as throwaway:
        copy = copy_of(folder, Path(throwaway) / "data")
        barcodes = prepare(copy)
        with nullcontext() if has_display() else virtual_display(LARGE):
            tour = _Tour(out, barcodes, tell, pace)
            run_window(copy.root, first_painted=tour.begin)
    if tour.failure is not None:
        raise tour.failure
    return tour.pictures


class _Tour(TourSteps):
    """The main job, then every page."""

    def __init__(self, out: Path, barcodes: list[str], tell: Tell, pace: float) -> None:
        pages = len(PAGES) + len(DIALOGS) + len(DARK_PAGES) + len(SMALL_PAGES)
        super().__init__(out, tell=tell, pace=pace, expected=_MAIN_JOB_PICTURES + pages)
        self._barcodes = barcodes

    def walk(self) -> Steps:
        """The main job in the order of a day, then each page in both themes and in a small window."""
        yield from self._log_in()
        yield from self._sell()
        yield from self._exchange()
        yield from self._give_back()
        yield from self._choose_goods()
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

    def _log_in(self) -> Steps:
        login = next(child for child in self.root.winfo_children() if isinstance(child, Login))
        login.name.set(OPERATOR)
        login.password.focus_force()
        yield from self.write(PASSWORD)
        self.step("login")
        yield from self.press("Return")
        for _ in range(50):
            if any(isinstance(child, MainWindow) for child in self.root.winfo_children()):
                break
            yield 100
        yield 3 * SETTLE_MS
        self.step("main-window")

    def _sell(self) -> Steps:
        """Goods, customer, stored value first and the rest in cash with change: by keyboard."""
        yield from self.open("counter")
        yield from self.open_by("F11")
        yield from self.write("500")
        self.step("shift-opened")
        yield from self.press("Return", wait=SETTLE_MS)
        for code in self._barcodes:
            yield from self.scan(code)
        yield from self.scan(f"2*{self._barcodes[0]}")
        self.step("scan")
        yield from self.press("F2")
        yield from self.write(CUSTOMER)
        self.step("find-customer")
        yield from self.press("Return")
        self.step("level-price")
        yield from self.press("F12")
        self.step("payment")
        yield from self.do(lambda: self.hands.click("+ 现金"))
        yield from self.press(" ")
        self.step("stored-value-and-cash")
        yield from self.press("Return", wait=3 * SETTLE_MS)
        self.step("change-and-receipt")
        yield from self.press("Escape")

    def _give_back(self) -> Steps:
        yield from self.press("F7", wait=SETTLE_MS)
        self.step("return-find")
        yield from self.press("Return", wait=SETTLE_MS)
        self.step("return-lines")
        yield from self.press("F12", wait=2 * SETTLE_MS)
        self.step("returned")
        yield from self.press("Escape")

    def _exchange(self) -> Steps:
        """All of the bill against something else; what is over goes back."""
        yield from self.press("F7", wait=SETTLE_MS)
        yield from self.press("Return", wait=SETTLE_MS)
        yield from self.press("F7", wait=SETTLE_MS)
        yield from self.scan(self._barcodes[1])
        self.step("exchange")
        yield from self.press("F12", wait=2 * SETTLE_MS)
        self.step("exchange-settled")
        if next(within(self.root, DialogWindow), None) is not None:
            yield from self.press("Return", wait=3 * SETTLE_MS)
        yield from self.press("Escape")

    def _choose_goods(self) -> Steps:
        """Goods without a code, by category and name; none is taken."""
        yield from self.press("Control-g", wait=2 * SETTLE_MS)
        yield from self.press("Down", " ", " ", wait=SETTLE_MS)
        self.step("goods-chosen")
        yield from self.press("Escape", wait=SETTLE_MS)

    def _fetch_an_order(self) -> Steps:
        """A bill that waits, with money taken for it beforehand, if there is one; it goes on waiting."""
        if not fetch("SELECT 1 FROM deposit LIMIT 1"):
            return
        yield from self.press("F6", wait=2 * SETTLE_MS)
        self.step("order-with-deposit")
        yield from self.press("F12", wait=SETTLE_MS)
        self.step("deposit-counts")
        yield from self.press("Escape", "F6", wait=SETTLE_MS)
        yield from self.press("Return", wait=SETTLE_MS)

    def _count_the_drawer(self) -> Steps:
        """Look at the shift and count; it goes on, so that it is seen on the pages that follow."""
        yield from self.open_by("F11")
        self.step("shift-looked-at")
        yield from self.open_by("Return")
        for pieces in ("4", "1", "2"):
            yield from self.write(pieces)
            yield from self.press("Return")
        self.step("shift-counted")
        yield from self.open_by("Escape")
        yield from self.do(lambda: self.hands.click("放弃"), wait=SETTLE_MS)

    def _look_at_the_customer(self) -> Steps:
        yield from self.open("customer_hub")
        yield from self.write(CUSTOMER)
        yield from self.press("Return", wait=2 * SETTLE_MS)
        self.step("customer")
        yield from self.open_by("Shift-F6")
        yield from self.write("20")
        self.step("refund")
        yield from self.press("Control-Return", wait=2 * SETTLE_MS)
        self.step("refunded")
        yield from self._write_a_contact_down()
        yield from self._write_a_quote()
        yield from self.do(lambda: self.hands.turn_to("动态"), wait=2 * SETTLE_MS)
        self.step("timeline")
        yield from self.do(lambda: self.hands.turn_to("更多资料"), wait=3 * SETTLE_MS)
        self.step("documents")

    def _write_a_contact_down(self) -> Steps:
        yield from self.open_by("F4")
        yield from self.write("电话回访：新品用着不错，月底再来。")
        self.step("contact-record")
        yield from self.press("Control-Return", wait=2 * SETTLE_MS)
        self.step("contact-records")

    def _write_a_quote(self) -> Steps:
        """Goods by the head of their name, how many, and the price of the customer's level; thrown away again."""
        yield from self.do(lambda: self.hands.turn_to("报价"), wait=2 * SETTLE_MS)
        self.step("quotes")
        yield from self.press("Insert", wait=SETTLE_MS)
        yield from self.write("面")
        yield from self.press("Return")
        yield from self.write("5")
        yield from self.press("Return", "Return")
        self.step("quote-written")
        yield from self.press("Escape", wait=SETTLE_MS)
        yield from self.do(lambda: self.hands.click("放弃"))

    def _search_everything(self) -> Steps:
        yield from self.press("Control-k", wait=SETTLE_MS)
        yield from self.write(CUSTOMER[:1])
        self.step("search")
        yield from self.press("Escape")

    def _many_customers(self) -> Steps:
        """Conditions for the list, then one field of three customers, by keyboard."""
        yield from self.open("customers")
        yield from self.press("Control-Shift-F", wait=SETTLE_MS)
        self.step("conditions")
        yield from self.press("Escape")
        yield from self.press("Down", "Shift-Down", "Shift-Down", "Control-b", wait=SETTLE_MS)
        self.step("one-field-of-many")
        yield from self.press("Escape")

    def _look_at_an_import(self) -> Steps:
        """A sheet pasted into the import, up to what would become of its rows."""
        yield from self.open("customers")
        yield from self.do(lambda: self.hands.click("导入导出"), wait=SETTLE_MS)
        yield from self.press("Down", "Return", wait=2 * SETTLE_MS)
        yield from self.do(lambda: self.hands.paste(_SHEET), wait=2 * SETTLE_MS)
        self.step("import-columns")
        yield from self.press("Return", wait=3 * SETTLE_MS)
        self.step("import-preview")
        yield from self.press("Escape")
        yield from self.do(lambda: self.hands.click("放弃"))

    def _back_up(self) -> Steps:
        yield from self.open("backup")
        yield from self.do(lambda: self.hands.click("立即备份"), wait=5 * SETTLE_MS)
        self.step("backup")

    def _before_the_customers_eyes(self) -> Steps:
        """Costs and phones hidden by one key; and the counter's keys as they can be changed."""
        yield from self.open("products")
        yield from self.do(self.window().hide_private, wait=2 * SETTLE_MS)
        self.step("privacy")
        yield from self.do(self.window().hide_private)
        yield from self.open("settings")
        yield from self.do(lambda: self.hands.click("收银快捷键"), wait=2 * SETTLE_MS)
        self.step("counter-keys")
        yield from self.press("Escape")

    def _every_page(self) -> Steps:
        for spec in PAGES:
            yield from self.open(spec.key)
            if spec.key == "check":
                yield from self.do(lambda: self.hands.click("开始检查"), wait=5 * SETTLE_MS)
            self.picture(spec.key)
            if spec.key in DIALOGS:
                key, name = DIALOGS[spec.key]
                yield from self.press(key, wait=2 * SETTLE_MS)
                self.picture(f"{spec.key}-{name}")
                yield from self.press("Escape")
            if spec.key == "customers":
                yield from self.press("Down", "Control-t", wait=SETTLE_MS)
                self.picture("customers-transfer")
                yield from self.press("Escape")
            elif spec.key == "dealings":
                yield from self.press("Down", "F8", wait=3 * SETTLE_MS)
                self.picture("dealings-slip")
                yield from self.press("Escape")
            elif spec.key == "duplicates":
                yield from self.press("Control-r", wait=4 * SETTLE_MS)
                self.picture("duplicates-found")
                yield from self.press("Return", wait=2 * SETTLE_MS)
                self.picture("duplicates-merge")
                yield from self.press("Escape")
            elif spec.key == "pool":
                for title, name in (("领用申请", "claims"), ("授权与共同跟进", "shares")):
                    yield from self.do(partial(self.hands.turn_to, title), wait=SETTLE_MS)
                    self.picture(f"pool-{name}")

    def _dark_and_small(self) -> Steps:
        set_mode(self.root, "dark")
        yield from self._again("dark", DARK_PAGES)
        self.root.geometry(f"{SMALL[0]}x{SMALL[1]}+0+0")
        set_mode(self.root, "light")
        yield from self._again("small", SMALL_PAGES)

    def _again(self, prefix: str, keys: tuple[str, ...]) -> Steps:
        for key in keys:
            yield from self.open(key)
            self.picture(f"{prefix}-{key}")
