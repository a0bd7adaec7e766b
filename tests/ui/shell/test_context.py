"""One press, one verb, one outcome: what pages get from the door to the program."""

import threading
import tkinter as tk
from collections.abc import Callable
from dataclasses import replace

import pytest
import ttkbootstrap as ttk

from meiping.domains.access.rules import MANAGE_ACCESS
from meiping.domains.access.service import add_company, change_operator, save_role
from meiping.domains.settings.service import save_options, save_word
from meiping.kernel.actor import Actor
from meiping.kernel.errors import Cancelled, NeedsConfirmation, UserError
from meiping.kernel.permissions import OPEN
from meiping.store.database import fetch_value
from meiping.store.unit_of_work import Work, query, verb
from meiping.ui.context import Progress
from meiping.ui.shell.background import Background
from tests.shop import OpenedShop
from tests.windows import PageContext, buttons, texts, when_asked

Pump = Callable[..., None]
calls: list[frozenset[str]] = []


@verb(OPEN)
def sell_below_cost(work: Work, *, confirmed: frozenset[str] = frozenset()) -> str:
    calls.append(confirmed)
    if "cheap" not in confirmed:
        raise NeedsConfirmation("cheap", "低于进价，仍要出售吗？", verb="仍要出售")
    return "XS-1"


@verb(OPEN)
def break_down(work: Work, *, phone: str) -> None:
    raise RuntimeError(f"cannot store {phone}")


@query(MANAGE_ACCESS)
def break_down_reading(actor: Actor) -> None:
    raise RuntimeError("broken")


@pytest.fixture(autouse=True)
def no_calls() -> None:
    calls.clear()


class FormWithErrors:
    def __init__(self) -> None:
        self.errors: list[UserError] = []

    def show_error(self, error: UserError) -> None:
        self.errors.append(error)


def words(kind: str = "industry") -> int:
    return int(fetch_value("SELECT count(*) FROM dictionary_item WHERE kind = ?", kind))


def test_tells_the_outcome_and_hands_the_result_on(context: PageContext):
    results: list[int] = []
    before = words()
    done = context.run(
        save_word, kind="industry", name="物流", success=lambda _id: "已添加“物流”", done=results.append
    )
    assert done
    assert words() == before + 1
    assert len(results) == 1
    assert context.toasts[-1][:2] == ("已添加“物流”", "success")


def test_a_refusal_stands_in_the_form_and_nothing_else_happens(context: PageContext):
    form = FormWithErrors()
    results: list[int] = []
    assert not context.run(save_word, kind="industry", name="", near=form, done=results.append, success="好")
    assert form.errors[0].field == "name"
    assert results == []
    assert context.toasts == []
    assert context.told() == form.errors[0].sentence


def test_a_refusal_without_a_form_is_a_toast(context: PageContext):
    assert not context.run(save_word, kind="industry", name="零售")
    assert context.toasts[-1][1] == "danger"
    assert "已经有" in context.toasts[-1][0]


def test_what_needs_a_yes_is_asked_and_done_after_it(context: PageContext, root: ttk.App):
    when_asked(root, "仍要出售")
    assert context.run(sell_below_cost, success=lambda number: f"已开单 {number}")
    assert calls == [frozenset(), frozenset({"cheap"})]
    assert context.told() == "已开单 XS-1"


def test_a_no_leaves_everything_as_it_was(context: PageContext, root: ttk.App):
    when_asked(root, "取消")
    assert not context.run(sell_below_cost)
    assert calls == [frozenset()]
    assert context.toasts == []


def test_a_double_press_runs_once(context: PageContext, page: tk.Widget, pump: Pump):
    before = words()

    def press() -> None:
        context.run(save_word, button=button, kind="industry", name=f"行业{words()}")

    button = ttk.Button(page, text="保存", command=press)
    button.pack()
    button.invoke()
    button.invoke()
    assert words() == before + 1
    pump(lambda: not button.instate(["disabled"]))
    button.invoke()
    assert words() == before + 2


def test_after_a_refusal_the_button_may_be_pressed_at_once(context: PageContext, page: tk.Widget, pump: Pump):
    button = ttk.Button(page, text="保存")
    assert not context.run(save_word, button=button, kind="industry", name="")
    pump()
    assert not button.instate(["disabled"])


def test_an_unforeseen_error_ends_in_one_calm_box_and_a_log_without_what_was_typed(
    context: PageContext, root: ttk.App, logged_errors: list[str]
):
    shown: list[str] = []

    def read_and_close() -> None:
        box = next(w for w in root.winfo_children() if isinstance(w, tk.Toplevel))
        shown.extend(texts(box))
        buttons(root)["知道了"].invoke()

    root.after(50, read_and_close)
    assert not context.run(break_down, phone="13800001234")
    assert any("没有完成" in text for text in shown)
    assert not any("13800001234" in text for text in shown)
    assert "Traceback" in logged_errors[-1]
    logged_errors.clear()


def test_who_was_put_out_goes_back_to_the_login(context: PageContext, shop: OpenedShop, pump: Pump):
    clerk = shop.as_role("收银员")
    role_id = fetch_value("SELECT id FROM role WHERE name = '收银员'")
    change_operator(
        shop.actor,
        operator_id=clerk.operator_id,
        name=clerk.name,
        role_ids=[role_id],
        company_id=shop.company_id,
        active=False,
    )
    context.actor = clerk
    assert not context.run(save_role, role_id=None, name="新", scope=1, permissions=())
    pump()
    assert "重新登录" in context.restarts[-1]


def test_reading_without_the_right_is_told_and_gives_nothing(context: PageContext, shop: OpenedShop):
    context.actor = shop.as_role("业务员")
    assert context.read(break_down_reading) is None
    assert "权限" in context.told()


def test_print_heads_name_shop_and_operator(context: PageContext):
    assert context.facts() == {"shop": "小巷杂货店", "operator": "王老板"}
    context.run(save_options, values={"shop.name": "新街杂货店"})
    assert context.facts() == {"shop": "新街杂货店", "operator": "王老板"}
    branch = add_company(context.actor, name="东门分店")
    context.actor = replace(context.actor, company_id=branch)
    assert context.facts() == {"shop": "新街杂货店", "company": "东门分店", "operator": "王老板"}


# ------------------------------------------------------------------ slow work


class Bar:
    def __init__(self, title: str, cancel: Callable[[], None]) -> None:
        self.title, self.cancel = title, cancel
        self.seen: list[tuple[int, int, str]] = []
        self.closed = False

    def report(self, done: int, total: int, what: str = "") -> None:
        self.seen.append((done, total, what))

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def bars(context: PageContext, root: ttk.App):
    """Real workers for this context; gives the progress bars they were shown with."""
    shown: list[Bar] = []

    def show(title: str, cancel: Callable[[], None]) -> Bar:
        shown.append(Bar(title, cancel))
        return shown[-1]

    background = Background(root, show)
    context._workers = background
    yield shown
    background.close()


def test_slow_work_runs_elsewhere_and_ends_here(context: PageContext, bars: list[Bar], pump: Pump):
    threads: list[threading.Thread] = []
    results: list[tuple[int, threading.Thread]] = []

    def work(progress: Progress) -> int:
        threads.append(threading.current_thread())
        progress.report(1, 2, "一半")
        return 42

    context.background(
        work,
        title="导出",
        success=lambda n: f"导出 {n} 行",
        done=lambda n: results.append((n, threading.current_thread())),
    )
    pump(lambda: results)
    assert threads[0] is not threading.main_thread()
    assert results == [(42, threading.main_thread())]
    assert context.told() == "导出 42 行"
    assert bars[0].closed


def test_slow_work_can_be_cancelled(context: PageContext, bars: list[Bar], pump: Pump):
    goes_on = threading.Event()
    results: list[object] = []

    def work(progress: Progress) -> None:
        goes_on.wait(5)
        progress.report(1, 2)
        results.append("too far")

    context.background(work, title="导出", done=results.append)
    bars[0].cancel()
    goes_on.set()
    pump(lambda: context.told() == "已取消：导出")
    assert results == []


def test_a_cancel_may_be_heard_by_the_page(context: PageContext, bars: list[Bar], pump: Pump):
    heard: list[Exception] = []

    def work(progress: Progress) -> None:
        raise Cancelled

    context.background(work, title="导出", failed=heard.append)
    pump(lambda: heard)
    assert context.toasts == []


def test_a_worker_that_breaks_ends_in_a_calm_box_and_a_log(
    context: PageContext, bars: list[Bar], root: ttk.App, pump: Pump, logged_errors: list[str]
):
    heard: list[Exception] = []

    def work(progress: Progress) -> None:
        raise ZeroDivisionError

    when_asked(root, "知道了")
    context.background(work, title="导出", failed=heard.append)
    pump(lambda: heard)
    assert "ZeroDivisionError" in logged_errors[-1]
    assert bars[0].closed
    logged_errors.clear()


def test_quiet_work_shows_no_bar_and_no_box(
    context: PageContext, bars: list[Bar], pump: Pump, logged_errors: list[str]
):
    def work(progress: Progress) -> None:
        raise ZeroDivisionError

    context.background(work, title="图表", quiet=True)
    pump(lambda: context.told() == "图表没有完成")
    assert bars == []
    assert context.toasts[-1][1] == "warning"
    logged_errors.clear()


def test_other_threads_may_leave_a_call_for_the_window(bars: list[Bar], context: PageContext, pump: Pump):
    heard: list[threading.Thread] = []
    threading.Thread(
        target=lambda: context._workers.post(lambda: heard.append(threading.current_thread()))
    ).start()
    pump(lambda: heard)
    assert heard == [threading.main_thread()]
