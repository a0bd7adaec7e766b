"""服务单: taken, given to somebody, done, revisited, closed and dealt with anew by keyboard; and its report."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import ttkbootstrap as ttk
from pypdfium2 import PdfDocument

from meiping.domains.access.service import add_company, save_role
from meiping.domains.support.queries import case_detail
from meiping.domains.support.rules import CaseStatus, Opinion, Priority
from meiping.domains.support.service import close_cases, delete_cases
from meiping.kernel.actor import Scope
from meiping.ui import list_output
from meiping.ui.pages.customers.customer_hub_page import PAGE as HUB
from meiping.ui.pages.customers.recycle_bin_page import PAGE as BIN
from meiping.ui.pages.reports.case_report_page import PAGE as REPORT
from meiping.ui.pages.service.cases_page import PAGE
from meiping.ui.widgets.form_dialog import FormDialog
from tests.domains.support.casing import finish, take, type_called
from tests.factories import add_customer, add_product
from tests.ui.pages.customers.test_customer_hub_page import tab
from tests.windows import dialogs, parts, texts, when_asked

TODAY = date(2026, 3, 16)
DAY = timedelta(days=1)


@pytest.fixture
def wang(shop) -> int:
    return add_customer(shop, name="王女士", phone="13800138000")


def shown(page) -> list[tuple[str, str, str]]:
    page.list.update()
    return [(row["number"][-4:], row["subject"], row["status"]) for row in page.list.visible_rows()]


def do(page, word: str) -> None:
    dict(page.list.on_menu(page.list.current_row()))[word]()


def state(shop, case_id: int) -> CaseStatus:
    return case_detail(shop.actor, case_id=case_id).status


def in_pane(page) -> str:
    return " ".join(texts(page.detail.widget))


# ---------------------------------------------------------------- the page
def test_a_complaint_is_taken_by_keyboard(opened, shop, context, wang, press, dialog, fill, no_dialog):
    page = opened(PAGE)
    press(page.search.entry, "<Control-n>")
    dialog().submit()
    assert dialog().form._asked["customer_id"].message.cget("text")
    dialog().form.set_value("customer_id", wang)
    dialog().form.set_value("priority", Priority.URGENT)
    dialog().form.set_value("person_id", shop.actor.operator_id)
    fill(dialog(), subject="台灯不亮", content="买了三天", contact_phone="12")
    dialog().submit()
    assert "电话" in dialog().form._asked["contact_phone"].message.cget("text")
    fill(dialog(), contact_phone="138 0013 8000")
    dialog().submit()
    assert no_dialog()
    assert shown(page) == [("0001", "台灯不亮", "处理中")]
    row = page.list.current_row()
    assert row is not None, "it is chosen, so that its steps follow"
    detail = case_detail(shop.actor, case_id=row["id"])
    assert (detail.priority, detail.person, detail.content) == (Priority.URGENT, "王老板", "买了三天")
    assert context.told() == "已登记服务单。"
    assert "1 张未完成 · 1 张等我处理" in " ".join(texts(page.head))


def test_the_steps_are_taken_by_their_keys(opened, shop, wang, press, dialog, fill, no_dialog):
    lin, case_id = shop.as_role("店长"), take(shop, wang)
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<F6>")
    assert dialog().title() == "派工 FW-20260316-0001"
    dialog().submit()
    assert "请选择交给谁" in dialog().form._asked["person_id"].message.cget("text")
    dialog().form.set_value("person_id", lin.operator_id)
    dialog().submit()
    assert state(shop, case_id) is CaseStatus.ASSIGNED
    press(page.list.tree, "<F7>")
    assert dialog().form.value("person_id") == lin.operator_id
    fill(dialog(), percent="", result="换了灯泡")
    dialog().submit()
    assert dialog().form._asked["percent"].message.cget("text")
    fill(dialog(), percent="80")
    dialog().submit()
    assert state(shop, case_id) is CaseStatus.DONE
    press(page.list.tree, "<F8>")
    dialog().submit()
    assert dialog().form._asked["opinion"].message.cget("text"), "nobody is content by mistake"
    dialog().form.set_value("opinion", Opinion.FAIR)
    dialog().submit()
    press(page.list.tree, "<F9>")
    assert no_dialog(), "what is done needs no reason"
    assert shown(page) == [("0001", "开不了机", "已关闭")]
    told = in_pane(page)
    for word in ("登记", "派工", "店长小林，完成度 80%：换了灯泡", "一般", "关闭"):
        assert word in told


def test_a_step_out_of_turn_is_told_and_asks_nothing(opened, shop, context, wang, press, no_dialog):
    take(shop, wang)
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<F8>")
    assert no_dialog()
    assert "待派工，不能再回访" in context.told()


def test_what_nobody_did_is_closed_with_a_reason_and_reopened(opened, shop, root, context, wang, press):
    case_id = take(shop, wang)
    page = opened(PAGE)

    press(page.list.tree, "<Home>")
    _answer_text(root, "关闭", "客户自己修好了")
    press(page.list.tree, "<F9>")
    assert state(shop, case_id) is CaseStatus.CLOSED
    do(page, "修改")
    assert "已关闭，要改请先重新处理" in context.told()
    _answer_text(root, "重新处理", "又坏了")
    do(page, "重新处理…")
    assert state(shop, case_id) is CaseStatus.REGISTERED
    assert "又坏了" in in_pane(page)


def _answer_text(root, word: str, said: str) -> None:
    def write(question) -> None:
        parts(question, ttk.Entry)[0].insert(0, said)

    when_asked(root, word, first=write)


def test_one_press_takes_a_case_oneself(opened, shop, wang, press):
    case_id = take(shop, wang, due_date=TODAY)
    page = opened(PAGE)
    press(page.list.tree, "<Home>")
    do(page, "我来处理")
    detail = case_detail(shop.actor, case_id=case_id)
    assert (detail.person, detail.due_date) == ("王老板", TODAY)


def test_the_pane_offers_the_steps_that_can_be_taken(opened, shop, wang, pump):
    case_id = take(shop, wang, content="买了三天", due_date=TODAY)
    shop.clock.advance(days=2)
    page = opened(PAGE)
    pump(lambda: "待派工 · 逾期 2 天" in in_pane(page))
    assert "买了三天" in in_pane(page)

    def offered() -> list[str]:
        return [one.cget("text") for one in page.detail._buttons.values() if one.winfo_manager()]

    assert offered() == ["派工", "完成", "关闭"]
    finish(shop, case_id)
    page.reload()
    assert offered() == ["回访", "关闭", "重新处理"]
    close_cases(shop.actor, case_ids=[case_id])
    page.reload()
    assert offered() == ["重新处理"]


def test_the_pane_tells_what_was_changed_between_the_steps(opened, shop, wang, press, dialog, fill, pump):
    take(shop, wang, content="买了三天", to=shop.actor.operator_id)
    shop.clock.advance(hours=1)
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<F2>")
    fill(dialog(), subject="台灯不亮")
    dialog().submit()
    pump(lambda: "主题：开不了机 → 台灯不亮" in in_pane(page))
    told = in_pane(page)
    assert told.index("修改　王老板") < told.index("派工　王老板") < told.index("登记　王老板")


def test_a_case_is_printed_for_who_goes_to_the_customer(opened, shop, context, wang, press, monkeypatch):
    printed: list[Path] = []
    monkeypatch.setattr(list_output, "open_in_system", printed.append)
    take(shop, wang, content="买了三天", contact_name="王先生")
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<F10>")
    with PdfDocument(printed[0]) as document:
        words = document[0].get_textpage().get_text_bounded()
    for word in ("FW-20260316-0001", "王女士", "138 0013 8000", "王先生", "买了三天", "客户签字"):
        assert word in words


def test_the_list_is_narrowed_and_late_ones_are_red(opened, shop, wang):
    lamp = add_product(shop, name="台灯")
    take(shop, wang, "一", due_date=TODAY)
    take(shop, wang, "二", product_id=lamp, to=shop.actor.operator_id)
    done = take(shop, wang, "三", type_id=type_called("现场售后"))
    finish(shop, done)
    shop.clock.advance(days=1)
    page = opened(PAGE)

    def subjects(**values) -> str:
        page.open(**values)
        return "".join(subject for _, subject, _ in shown(page))

    assert subjects() == "三二一"
    assert subjects(state="open") == "二一"
    assert subjects(state="mine") == "二"
    assert subjects(state="overdue") == "一"
    assert page.list.visible_rows()[0]["tone"] == "danger"
    assert subjects(state="done") == "三"
    assert subjects(type_id=type_called("现场售后")) == "三"
    assert subjects(product_id=lamp) == "二"
    assert subjects(handler_id=0) == "一"
    assert subjects(first_date=TODAY + DAY, last_date=TODAY + DAY) == ""
    assert subjects(first_date=TODAY, last_date=TODAY) == "三二一"
    assert subjects(text="王女士", period="today") == ""


def test_cases_go_into_the_recycle_bin_and_back(opened, shop, context, wang, press):
    take(shop, wang)
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<Delete>")
    assert shown(page) == []
    action = context.toasts[-1][2]
    assert action is not None
    action[1]()
    assert len(shown(page)) == 1
    delete_cases(shop.actor, case_ids=[1])
    bin_page = opened(BIN)
    bin_page.open(kind="case")
    assert shown_bin(bin_page) == ["0001"]
    press(bin_page.front.list.tree, "<Home>", "<F2>")
    assert shown_bin(bin_page) == []


def shown_bin(page) -> list[str]:
    page.front.list.update()
    return [row["number"][-4:] for row in page.front.list.visible_rows()]


def test_who_may_only_look_is_offered_nothing_else(opened, shop, context, wang, press, no_dialog):
    save_role(
        shop.actor, role_id=None, name="看", scope=Scope.ALL, permissions=["service.view", "customers.view"]
    )
    take(shop, wang)
    context.actor = shop.as_role("看")
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<F7>")
    press(page.search.entry, "<Control-n>")
    assert no_dialog()
    words = [word for word, _ in page.list.on_menu(page.list.current_row())]
    assert "完成…" not in words
    assert "打开客户" in words


def test_who_may_not_give_to_others_is_offered_only_himself(opened, shop, context, wang, press, dialog):
    chen = shop.as_role("业务员")
    own = add_customer(shop, owner_id=chen.operator_id)
    take(shop, own)
    context.actor = chen
    page = opened(PAGE)
    press(page.list.tree, "<Home>", "<F6>")
    offered = dialog().form.editor("person_id")
    assert list(offered.target.cget("values")) in (["业务员小林"], ["", "业务员小林"])
    dialog().close()


# ---------------------------------------------------------------- in the hub
def test_the_hub_has_the_customers_cases(opened, shop, root, context, wang, press, dialog, fill):
    take(shop, wang)
    take(shop, add_customer(shop))
    page = opened(HUB)
    page.open(customer_id=wang)
    pane = tab(page, "服务")
    assert [row["number"][-4:] for row in pane.list.visible_rows()] == ["0001"]
    press(pane.list.tree, "<Insert>")
    (form,) = dialogs(root)
    assert isinstance(form, FormDialog)
    assert "客户：王女士" in " ".join(texts(form))
    fill(form, subject="还要一张发票")
    form.submit()
    assert [row["number"][-4:] for row in pane.list.visible_rows()] == ["0003", "0001"]
    press(pane.list.tree, "<Home>", "<Delete>")
    assert [row["number"][-4:] for row in pane.list.visible_rows()] == ["0001"]


def test_the_tabs_of_the_hub_stay_whole_in_a_narrow_window(opened, shop, root, wang):
    page = opened(HUB)
    page.open(customer_id=wang)
    tabs = page.view.tabs
    for width, style in ((1400, "Inner.Flat.TNotebook"), (720, "Close.Inner.Flat.TNotebook")):
        tabs._fit(width)
        assert str(tabs.cget("style")) == style


# ---------------------------------------------------------------- the report
def test_the_report_leads_to_the_cases_behind_a_row(opened, shop, context, wang, press):
    lamp, lin = add_product(shop, name="台灯"), shop.as_role("店长")
    finish(shop, take(shop, wang, product_id=lamp), by=lin.operator_id)
    take(shop, wang, type_id=type_called("现场售后"))
    page = opened(REPORT)
    assert [(row["name"], row["cases"]) for row in page.table.rows] == [("客户投诉", 1), ("现场售后", 1)]
    days = {"first_date": date(2026, 3, 1), "last_date": TODAY}
    for by, key, value in (
        ("type", "type_id", type_called("客户投诉")),
        ("product", "product_id", lamp),
        ("person", "handler_id", lin.operator_id),
        ("status", "state", "done"),
    ):
        page.boxes["by"].set_value(by)
        row = next(row for row in page.table.rows if row["id"] == value)
        page._open_row(row)
        key_, arguments = context.opened[-1]
        assert key_ == "cases"
        assert arguments[key] == value
        assert {name: arguments[name] for name in days} == days
        listed = opened(PAGE)
        listed.open(**arguments)
        assert listed.list.count == row["cases"]


def test_a_month_leads_to_its_days(opened, shop, context, wang):
    take(shop, wang)
    page = opened(REPORT)
    page.boxes["by"].set_value("month")
    page._open_row(page.table.rows[0])
    arguments = context.opened[-1][1]
    assert (arguments["first_date"], arguments["last_date"]) == (date(2026, 3, 1), date(2026, 3, 16))


def test_the_company_is_asked_for_where_there_are_several(opened, shop, wang):
    take(shop, wang)
    other = add_company(shop.actor, name="分店")
    page = opened(PAGE)
    page.open(company_id=other)
    assert shown(page) == []
    page.open(company_id=shop.company_id)
    assert len(shown(page)) == 1
