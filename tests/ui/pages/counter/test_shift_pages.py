"""交班记录 and 现金收支: the lists, what stands beside them, their papers."""

import pytest

from meiping.domains.sales.shifts import close_shift
from meiping.domains.till.drawer import move_cash
from meiping.domains.till.queries.shifts import open_shift
from meiping.domains.till.service import begin_shift
from meiping.store.database import fetch_value
from meiping.ui.bills.receipt_dialog import ReceiptDialog
from meiping.ui.pages.counter import cash_page, shifts_page
from tests import factories
from tests.shop import OpenedShop
from tests.windows import dialogs, texts


def work(shop: OpenedShop, counted_fen: int) -> None:
    """A shift with a sale of ¥10.00 and ¥5.00 put in, ended with so much counted."""
    begin_shift(shop.actor, key=factories.new_key(), float_fen=10_000)
    factories.sell(shop, (factories.add_product(shop, stock=5), 1))
    move_cash(shop.actor, key=factories.new_key(), amount_fen=500, reason="备用零钱")
    now = open_shift(shop.company_id)
    assert now is not None
    close_shift(shop.actor, shift_id=now.id, counted={"cash": counted_fen}, left_fen=10_000, reason="找错零")


@pytest.fixture
def two_shifts(shop: OpenedShop) -> None:
    """One that was even, one that lacked a yuan."""
    work(shop, 11_500)
    work(shop, 11_400)


def shown(page) -> list[str]:
    page.list.update()
    return [row["number"][-4:] for row in page.list.visible_rows()]


def test_shifts_are_listed_and_narrowed(opened, shop, two_shifts):
    page = opened(shifts_page.PAGE)
    assert shown(page) == ["0002", "0001"]
    page.narrow(differing=True)
    assert shown(page) == ["0002"]
    page.narrow("jb202603160001", differing=False)
    assert shown(page) == ["0001"]
    page.narrow(period="yesterday")
    assert shown(page) == []


def test_a_shift_shows_its_figures_beside_the_list(opened, shop, two_shifts):
    page = opened(shifts_page.PAGE)
    page.list.select_id(2)
    page.reload()
    said = " ".join(texts(page.detail.widget))
    for words in (
        "JB-20260316-0002",
        "销售 1 单",
        "现金收支 1 笔",
        "¥115.00",
        "¥114.00",
        "-¥1.00",
        "找错零",
        "¥14.00",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("module", "number"), [(shifts_page, "JB-20260316-0002"), (cash_page, "XJ-20260316-0002")]
)
def test_a_double_click_shows_the_paper(opened, root, two_shifts, module, number):
    page = opened(module.PAGE)
    page.list.on_open(page.list.visible_rows()[0])
    root.update()
    dialog = dialogs(root)[-1]
    assert isinstance(dialog, ReceiptDialog)
    assert dialog.pane.receipt is not None
    assert dialog.pane.receipt.number == number
    assert "补打" in repr(dialog.pane.receipt.slip)
    dialog.dismiss()


def test_cash_is_booked_from_its_list(opened, dialog, fill, root, shop, context):
    page = opened(cash_page.PAGE)

    def book() -> None:
        form = dialog()
        fill(form, amount_fen="20", reason="买耗材")
        form.submit()

    root.after(50, book)
    page.head._title.focus_set()
    page.perform(page.spec.actions[0])
    assert fetch_value("SELECT amount_fen FROM cash_movement") == -2_000
    assert shown(page) in ([], ["0001"])
    page.reload()
    assert shown(page) == ["0001"]
