"""业务单: bills are found, read, returned and put on paper again."""

import tkinter as tk
from pathlib import Path

import pytest
import ttkbootstrap as ttk
from ttkbootstrap.dialogs import Querybox

from meiping.domains.access.pins import make_pin_hash, set_own_pin
from meiping.domains.access.service import save_role
from meiping.domains.sales.rules import RETURN_GOODS
from meiping.domains.settings.service import save_options
from meiping.kernel.actor import Scope
from meiping.ui.bills.numbers import bill_number
from meiping.ui.bills.return_dialog import ReturnDialog
from meiping.ui.pages.counter.bill_pane import BillPane
from meiping.ui.pages.counter.bills_page import BillsPage
from meiping.ui.widgets.form_dialog import FormDialog
from tests import factories
from tests.shop import CHEAP, OpenedShop
from tests.windows import PageContext, parts, texts, when_asked


@pytest.fixture
def sold(shop: OpenedShop) -> dict[str, int]:
    """Three bills: one today for 李娜, two from nobody last month."""
    soap = factories.add_product(shop, name="香皂", list_price_fen=1_200, unit="块", stock=100)
    shop.clock.set(2026, 2, 10)
    factories.sell(shop, (soap, 1))
    factories.sell(shop, (soap, 2))
    shop.clock.set(2026, 3, 16)
    customer_id = factories.add_customer(shop, name="李娜")
    return {"soap": soap, "today": factories.sell(shop, (soap, 3), customer_id=customer_id).sale_id}


@pytest.fixture
def listed(context: PageContext, page: tk.Widget, sold: dict[str, int]) -> BillsPage:
    made = BillsPage(page, context)
    made.widget.pack(fill="both", expand=True)
    page.update()
    return made


def totals(listed: BillsPage) -> list[int]:
    listed.list.update()
    return [row["total_fen"] for row in listed.list.current_table("").rows]


def test_the_newest_bill_stands_first_with_the_sum_below(listed: BillsPage):
    assert totals(listed) == [3_600, 2_400, 1_200]
    assert listed.list.current_table("").totals == {"total_fen": 7_200}


def test_bills_by_day_customer_and_number(listed: BillsPage):
    listed.narrow(period="today")
    assert totals(listed) == [3_600]
    listed.narrow(period="last_month")
    assert totals(listed) == [2_400, 1_200]
    listed.narrow("李娜", period=None)
    assert totals(listed) == [3_600]
    listed.narrow("xs202602100002")
    assert totals(listed) == [2_400]
    listed.narrow("没有这个人")
    assert totals(listed) == []


def test_a_bill_shows_its_lines_and_tenders(listed: BillsPage, sold: dict[str, int]):
    listed.open(select=sold["today"])
    listed.widget.update()
    listed.reload()
    pane = listed.detail
    assert isinstance(pane, BillPane)
    bill = pane.bill
    assert bill is not None
    assert (bill.customer, bill.total_fen, bill.lines[0].product_name) == ("李娜", 3_600, "香皂")


def test_a_bill_is_returned_from_its_row(listed: BillsPage, sold: dict[str, int], context: PageContext):
    def in_window() -> None:
        window = next(
            w for w in listed.widget.winfo_toplevel().winfo_children() if isinstance(w, ReturnDialog)
        )
        window.form.submit()

    listed.widget.after(80, in_window)
    listed._return_row({"id": sold["today"]})
    assert totals(listed)[0] == -3_600
    assert "退现金 ¥36.00" in context.told()
    returned = listed.list.current_table("").rows[0]["id"]
    listed._return_row({"id": returned})
    assert "不能再退" in context.told()


def offered(listed: BillsPage) -> list[str]:
    """The words of the buttons that can be seen in the head."""
    return [button.cget("text") for button in parts(listed.head, ttk.Button) if button.winfo_manager()]


def test_invoices_are_made_out_and_cancelled_only_where_the_shop_deals_with_them(
    listed: BillsPage, sold: dict[str, int], shop: OpenedShop, context: PageContext
):
    root = listed.widget.winfo_toplevel()
    assert "F6" in listed.unusable_keys()
    assert "开票" not in offered(listed)
    save_options(shop.actor, values={"tax.percent": 13})
    listed.reload()
    listed.widget.update()
    assert "F6" not in listed.unusable_keys()
    assert "开票" in offered(listed)
    listed.narrow(invoice="open")
    assert totals(listed) == [3_600, 2_400, 1_200]

    def fill(dialog: FormDialog) -> None:
        assert dialog.form.value("title") == "李娜"
        assert any("含税 13% ¥4.14" in text for text in texts(dialog))
        dialog.form.set_value("number", "24440001")

    when_asked(root, "登记发票", first=fill)
    listed._invoice([sold["today"]])
    assert totals(listed) == [2_400, 1_200]
    listed.narrow(invoice="made")
    assert totals(listed) == [3_600]
    when_asked(root, "作废发票", first=lambda dialog: dialog.form.set_value("reason", "抬头写错"))
    listed._cancel_invoice({"id": sold["today"]})
    assert totals(listed) == []
    save_options(shop.actor, values={"tax.percent": 0})
    listed.reload()
    listed.widget.update()
    assert totals(listed) == [3_600, 2_400, 1_200]
    assert "开票" not in offered(listed)
    assert "开票" not in [column.title for column in listed.list.visible_columns()]


def test_a_receipt_is_saved_as_a_file(
    listed: BillsPage,
    sold: dict[str, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    context: PageContext,
):
    wanted = tmp_path / "小票.pdf"
    monkeypatch.setattr(Querybox, "get_save_filename", lambda *_place, **_options: str(wanted))
    listed._with_bill(listed._save, {"id": sold["today"]})
    assert wanted.read_bytes().startswith(b"%PDF")
    assert "已存为" in context.told()


def test_without_a_printer_it_is_told_with_a_way_to_try_again_and_the_bill_stays(
    listed: BillsPage,
    sold: dict[str, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    context: PageContext,
):
    monkeypatch.setenv("PATH", str(tmp_path))
    listed._with_bill(listed._print, {"id": sold["today"]})
    text, kind, action = context.toasts[-1]
    assert "没有找到打印机" in text
    assert kind == "warning"
    assert action is not None
    assert totals(listed)[0] == 3_600


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("XS202603160001", "XS-20260316-0001"),
        ("xs-02-20260316-0001", "XS-02-20260316-0001"),
        ("XS02202603160001", "XS-02-20260316-0001"),
        ("ＸＳ－２０２６０３１６－０００１", "XS-20260316-0001"),
        ("0001", "0001"),
        ("李娜", "李娜"),
    ],
)
def test_a_number_is_understood_without_its_hyphens(typed: str, meant: str):
    assert bill_number(typed) == meant


def test_a_bill_is_returned_from_its_row_under_a_managers_pin(
    listed: BillsPage, sold: dict[str, int], shop: OpenedShop, context: PageContext
) -> None:
    manager = shop.as_role("店长")
    set_own_pin(manager, pin_hash=make_pin_hash("4711", cost=CHEAP))
    permissions = ["sales.checkout", "sales.view", "products.view", "customers.view"]
    save_role(shop.actor, role_id=None, name="学徒", scope=Scope.COMPANY, permissions=permissions)
    context.actor = shop.as_role("学徒")
    window = listed.widget.winfo_toplevel()
    when_asked(window, "批准", first=lambda dialog: dialog.form.set_value("pin", "4711"))

    def in_window(tries: int = 60) -> None:
        found = [w for w in window.winfo_children() if isinstance(w, ReturnDialog)]
        if found:
            found[0].form.submit()
        elif tries:
            window.after(50, in_window, tries - 1)

    window.after(50, in_window)
    listed._return_row({"id": sold["today"]})
    assert "退现金 ¥36.00" in context.told()
    assert not context.actor.can(RETURN_GOODS)
