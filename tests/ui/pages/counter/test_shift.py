"""The drawer by keyboard: a shift opened, looked at, counted and ended at the counter; cash in and out."""

import tkinter as tk
from collections.abc import Callable

import pytest
import ttkbootstrap as ttk

from meiping.domains.ledger.queries import balance_fen
from meiping.domains.ledger.rules import Account
from meiping.domains.sales.shifts import shift_report
from meiping.domains.settings.service import save_options
from meiping.domains.till.drawer import move_cash
from meiping.domains.till.queries.lists import shifts
from meiping.domains.till.queries.shifts import open_shift
from meiping.domains.till.service import begin_shift
from meiping.store.database import fetch, fetch_value
from meiping.ui.shell.shell_context import DOUBLE_PRESS_MS
from tests import factories
from tests.shop import OpenedShop
from tests.ui.pages.counter.conftest import SOAP, Clerk
from tests.windows import buttons, dialogs, parts, texts, when_asked


@pytest.fixture
def open_one(shop: OpenedShop, clerk: Clerk) -> int:
    """A shift with ¥200.00 in the drawer is under way."""
    begin_shift(shop.actor, key=factories.new_key(), float_fen=20_000)
    clerk.page.reload()
    now = open_shift(shop.company_id)
    assert now is not None
    return now.id


def facts(clerk: Clerk) -> str:
    return str(clerk.page.head._facts.cget("text"))


def shown_button(head: tk.Misc, word: str) -> bool:
    return any(one.winfo_viewable() for one in parts(head, ttk.Button) if one.cget("text") == word)


def warning(clerk: Clerk) -> str:
    label = clerk.page.warning
    return str(label.cget("text")) if label.winfo_manager() else ""


def in_front(clerk: Clerk) -> str:
    """All that can be read in the window in front."""
    return " ".join(texts(dialogs(clerk.root)[-1]))


def close_slip(clerk: Clerk) -> None:
    """The report is shown at the end; away with it."""
    clerk.wait(0.1)
    assert dialogs(clerk.root)
    dialogs(clerk.root)[-1].dismiss()
    clerk.root.update()


def newest(shop: OpenedShop) -> dict[str, object]:
    return dict(shifts(shop.actor).window(0, 1, None)[0])


# ------------------------------------------------------------------ opening
def test_f11_and_enter_opens_a_shift(clerk: Clerk, shop: OpenedShop) -> None:
    clerk.in_dialog(lambda: clerk.key("Return"))
    clerk.key("F11")
    assert "09:00" in facts(clerk)
    assert balance_fen(Account.CASH, company_id=shop.company_id) == 0
    assert clerk.scan_has_focus()


def test_the_float_is_typed_over_the_offer(clerk: Clerk, shop: OpenedShop) -> None:
    clerk.in_dialog(lambda: clerk.type("300"), lambda: clerk.key("Return"))
    clerk.key("F11")
    assert balance_fen(Account.CASH, company_id=shop.company_id) == 30_000


def test_the_float_is_counted_by_note_and_coin(clerk: Clerk, shop: OpenedShop) -> None:
    def count() -> None:
        dialog = dialogs(clerk.root)[-1]
        dialog._fold.invoke()
        clerk.root.update()
        clerk.enter("1")
        clerk.enter("2")
        clerk.key(*["Return"] * 6)

    clerk.in_dialog(count, lambda: clerk.key("Return"))
    clerk.key("F11")
    assert balance_fen(Account.CASH, company_id=shop.company_id) == 20_000


def test_what_is_no_number_of_notes_is_not_counted_as_none(clerk: Clerk, shop: OpenedShop) -> None:
    def count() -> None:
        dialog = dialogs(clerk.root)[-1]
        dialog._fold.invoke()
        clerk.root.update()
        clerk.enter("1")
        clerk.enter("abc")
        assert "不是张数" in in_front(clerk)
        clerk.key(*["Return"] * 6)
        clerk.key("Return")
        assert "50 元的张数" in in_front(clerk)
        clerk.key("Escape")

    clerk.in_dialog(count)
    clerk.key("F11")
    assert open_shift(shop.company_id) is None


def test_what_cannot_be_a_float_is_told_in_the_window(clerk: Clerk, shop: OpenedShop) -> None:
    def wrong() -> None:
        clerk.enter("12.345")
        assert "最多两位小数" in in_front(clerk)
        clerk.key("Escape")

    clerk.in_dialog(wrong)
    clerk.key("F11")
    assert open_shift(shop.company_id) is None


def test_where_shifts_are_wanted_the_counter_says_so_until_one_is_open(
    clerk: Clerk, shop: OpenedShop
) -> None:
    save_options(shop.actor, values={"till.shifts": "required"})
    clerk.sit_down()
    assert "按 F11 开班" in warning(clerk)
    clerk.scan(SOAP)
    clerk.key("Return", "Return")
    assert "还没有开班" in clerk.context.told() + clerk.said()
    assert clerk.bills() == []
    clerk.key("Escape", "Escape")
    clerk.in_dialog(lambda: clerk.key("Return"))
    clerk.key("F11")
    assert not warning(clerk)
    clerk.key("Return", "Return")
    assert len(clerk.bills()) == 1


def test_a_shift_of_another_day_is_pointed_out(clerk: Clerk, shop: OpenedShop, open_one: int) -> None:
    assert not warning(clerk)
    shop.clock.set(2026, 3, 17, 9)
    clerk.page.reload()
    assert "03-16 09:00" in warning(clerk)
    assert "仍记在 03-16" in warning(clerk)


def test_a_shift_that_is_open_for_long_is_pointed_out_where_the_shop_wants_it(
    clerk: Clerk, shop: OpenedShop, open_one: int
) -> None:
    shop.clock.set(2026, 3, 16, 22, 59)
    clerk.page.reload()
    assert not warning(clerk)
    shop.clock.set(2026, 3, 16, 23, 0)
    clerk.page.reload()
    assert "已经开了 14 小时" in warning(clerk)
    save_options(shop.actor, values={"till.shift_hours": 0})
    clerk.page.reload()
    assert not warning(clerk)


def test_the_shift_is_told_whole_in_a_small_window(clerk: Clerk, shop: OpenedShop, open_one: int) -> None:
    clerk.scan(SOAP)
    clerk.key("F6", "Return")
    head = clerk.page.head
    try:
        clerk.root.geometry("1060x600")  # what the smallest window leaves the page
        clerk.wait(0.2)
        assert "起" in facts(clerk)
        assert head._facts.winfo_width() >= head._facts.winfo_reqwidth()
        assert shown_button(head, "取单 F6（1）")
        assert not shown_button(head, "选商品 Ctrl+G")
    finally:
        clerk.root.geometry("1180x700")


def test_the_first_keys_fit_below_a_warning_in_a_small_window(clerk: Clerk, shop: OpenedShop) -> None:
    save_options(shop.actor, values={"till.shifts": "required"})
    try:
        clerk.root.geometry("1060x590")
        clerk.wait(0.3)
        clerk.page.reload()
        clerk.wait(0.3)
        assert warning(clerk)
        hints = clerk.page.lines._hints
        assert hints.winfo_reqheight() <= clerk.page.lines.tree.winfo_height() - hints.winfo_y()
        assert not hints._icon.winfo_viewable()
    finally:
        clerk.root.geometry("1180x700")
    clerk.wait(0.3)
    assert hints._icon.winfo_viewable()
    assert hints._second.winfo_viewable()


# ------------------------------------------------------------------ the look
def test_f11_with_a_shift_looks_at_it_and_changes_nothing(
    clerk: Clerk, shop: OpenedShop, open_one: int
) -> None:
    clerk.scan(SOAP)
    clerk.key("Return", "Return")
    seen: list[str] = []
    clerk.in_dialog(lambda: seen.append(in_front(clerk)), lambda: clerk.key("Escape"))
    clerk.key("F11")
    for words in ("销售 1 单", "¥12.00", "¥212.00", "备用金"):
        assert words in seen[0]
    assert open_shift(shop.company_id) is not None
    assert clerk.scan_has_focus()


# ------------------------------------------------------------------ the end
def end_by(clerk: Clerk, *steps: Callable[[], object]) -> None:
    """F11, Enter on 清点交班, then what is done in the window that opens."""

    def begin_counting() -> None:
        clerk.in_dialog(*steps)
        clerk.key("Return")

    clerk.in_dialog(begin_counting)
    clerk.key("F11")


def test_a_shift_is_counted_and_ended_by_enter_alone(clerk: Clerk, shop: OpenedShop, open_one: int) -> None:
    end_by(clerk, lambda: clerk.enter("2"), lambda: clerk.key(*["Return"] * 9))
    row = newest(shop)
    assert (row["counted_fen"], row["difference_fen"], row["left_fen"]) == (20_000, 0, 20_000)
    assert fetch_value("SELECT notes FROM shift_count WHERE tender = 'cash'") == '{"10000":2}'
    close_slip(clerk)
    assert facts(clerk) == f"收银员 {shop.actor.name}"
    assert clerk.scan_has_focus()


def test_a_difference_asks_for_its_reason(clerk: Clerk, shop: OpenedShop, open_one: int) -> None:
    def count() -> None:
        clerk.enter("1")
        clerk.key(*["Return"] * 8)
        assert "短 ¥100.00" in in_front(clerk)
        clerk.key("Control-s")
        assert "请填写原因" in in_front(clerk)
        clerk.type("找错零")
        clerk.key("Return", "Return")

    end_by(clerk, count)
    row = newest(shop)
    assert (row["difference_fen"], row["reason"]) == (-10_000, "找错零")
    close_slip(clerk)


def test_what_was_counted_is_not_thrown_away_by_esc_unasked(
    clerk: Clerk, shop: OpenedShop, open_one: int
) -> None:
    def count() -> None:
        clerk.enter("2")
        when_asked(clerk.root, "继续清点")
        clerk.key("Escape")
        assert "200.00" in str(dialogs(clerk.root)[-1].counts["cash"].text.get())
        when_asked(clerk.root, "放弃")
        clerk.key("Escape")

    end_by(clerk, count)
    assert open_shift(shop.company_id) is not None


def test_a_sum_typed_over_the_notes_counts_instead_of_them(
    clerk: Clerk, shop: OpenedShop, open_one: int
) -> None:
    def count() -> None:
        clerk.enter("1")
        dialog = dialogs(clerk.root)[-1]
        dialog.counts["cash"].focus_set()
        clerk.root.update()
        clerk.enter("200")
        clerk.key("Return")

    end_by(clerk, count)
    assert newest(shop)["counted_fen"] == 20_000
    assert fetch_value("SELECT notes FROM shift_count WHERE tender = 'cash'") == ""
    close_slip(clerk)


def test_nothing_counted_is_told(clerk: Clerk, shop: OpenedShop, open_one: int) -> None:
    def leave() -> None:
        clerk.key("Control-s")
        assert "没有就填 0" in in_front(clerk)
        clerk.key("Escape")

    end_by(clerk, leave)
    assert open_shift(shop.company_id) is not None


def test_blind_the_count_is_given_in_before_anything_is_told(
    clerk: Clerk, shop: OpenedShop, open_one: int
) -> None:
    save_options(shop.actor, values={"till.blind": True})
    clerk.context.actor = shop.as_role("收银员")
    clerk.sit_down()

    def count() -> None:
        clerk.enter("2")
        assert "200.00" not in in_front(clerk).replace("¥200.00", "", 1)
        clerk.key(*["Return"] * 7)
        clerk.key("Control-s")
        assert "相符" in in_front(clerk)
        clerk.key("Return")
        assert open_shift(shop.company_id) is not None, "pressed twice in a hurry, it was ended unread"
        clerk.wait(DOUBLE_PRESS_MS / 1000 + 0.1)
        clerk.key("Return")

    end_by(clerk, count)
    assert newest(shop)["difference_fen"] == 0
    close_slip(clerk)


# ------------------------------------------------------------------ cash
def test_f9_takes_cash_out_with_a_reason(clerk: Clerk, shop: OpenedShop, open_one: int) -> None:
    clerk.in_dialog(lambda: clerk.enter("50"), lambda: clerk.type("付快递费"), lambda: clerk.key("Return"))
    clerk.key("F9")
    assert fetch("SELECT amount_fen, reason FROM cash_movement") == [(-5_000, "付快递费")]
    assert "XJ-20260316-0001" in clerk.context.told()
    assert clerk.scan_has_focus()


def test_f9_opens_only_the_drawer_and_it_is_written_down(clerk: Clerk, shop: OpenedShop) -> None:
    def only_drawer() -> None:
        buttons(clerk.root)["只开钱箱"].invoke()

    clerk.in_dialog(only_drawer)
    clerk.key("F9")
    assert fetch_value("SELECT count(*) FROM till_event WHERE kind = 'drawer'") == 1
    assert not fetch("SELECT 1 FROM cash_movement")


def test_who_may_not_is_told(clerk: Clerk, shop: OpenedShop) -> None:
    clerk.context.actor = shop.as_role("业务员")
    clerk.key("F11")
    assert "权限" in clerk.said()
    assert open_shift(shop.company_id) is None


def test_the_look_tells_cash_moved_too(shop: OpenedShop, open_one: int) -> None:
    move_cash(shop.actor, key=factories.new_key(), amount_fen=-5_000, reason="大钞上交")
    report = shift_report(shop.actor, shift_id=open_one)
    assert [(one.word, one.out_fen) for one in report.figures.kinds] == [("现金收支", 5_000)]
