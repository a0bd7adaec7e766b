"""Contact records over all customers and of one in the hub, and today's visits, by keyboard."""

from datetime import timedelta
from typing import Any

import pytest

from meiping.domains.contacts.queries import records_of, visits
from meiping.domains.contacts.recording import add_record
from meiping.domains.contacts.rules import ContactInput, RecordInput
from meiping.domains.contacts.service import add_contact
from meiping.domains.customers.queries import customer_detail
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import add_customer
from meiping.ui.pages.customers.customer_hub_page import PAGE as HUB
from meiping.ui.pages.customers.records_page import PAGE
from meiping.ui.pages.customers.visits_page import PAGE as VISITS
from tests import factories
from tests.windows import when_asked

DAY = timedelta(days=1)


@pytest.fixture
def wang(shop) -> int:
    return add_customer(shop.actor, customer=CustomerInput("王小明", phone="13822017788"))


def record(shop, customer_id: int, content: str = "通了电话", **values: Any) -> int:
    return add_record(shop.actor, customer_id=customer_id, record=RecordInput(content, **values))


def contents(listing_page) -> list[str]:
    listing_page.list.update()
    return [row["content"] for row in listing_page.list.visible_rows()]


def waiting(page) -> list[str]:
    page.list.update()
    return [row["name"] for row in page.list.visible_rows()]


# --------------------------------------------------------------------- the hub
def test_f4_writes_a_contact_down_and_shows_it(opened, shop, wang, context, press, dialog, fill, no_dialog):
    hub = opened(HUB)
    hub.open(customer_id=wang)
    press(hub.list.tree, "<F4>")
    tomorrow = shop.actor.today() + DAY
    fill(dialog(), content="想要新目录", contact_name="本人", next_contact_date=tomorrow.isoformat())
    press(dialog().form.editor("content").target, "<Control-Return>")
    assert no_dialog()
    assert context.told() == f"已记下联系反馈，下次联系 {tomorrow}。"
    pane = hub.view.tabs.bring("联系反馈")
    (row,) = pane.list.visible_rows()
    assert (row["content"], row["contact_name"], row["type"]) == ("想要新目录", "本人", "业务联系")
    assert hub.view._touch._last.cget("text") == "最近联系 2026-03-16"
    assert hub.view._touch._next.cget("text") == "下次联系 2026-03-17"


def test_the_next_contact_is_chosen_with_one_click(opened, shop, wang, press, dialog, fill, no_dialog):
    hub = opened(HUB)
    hub.open(customer_id=wang)
    press(hub.list.tree, "<F4>")
    fill(dialog(), content="一周后再谈")
    in_a_week = shop.actor.today() + 7 * DAY
    dialog().form.set_value("quick", in_a_week)
    assert dialog().form.value("next_contact_date") == in_a_week
    dialog().submit()
    assert no_dialog()
    assert customer_detail(shop.actor, wang).next_contact_date == in_a_week


def test_the_customers_contacts_are_offered_as_persons(opened, shop, wang, press, dialog):
    add_contact(shop.actor, customer_id=wang, contact=ContactInput("她先生"))
    hub = opened(HUB)
    hub.open(customer_id=wang)
    press(hub.list.tree, "<F4>")
    box = dialog().form.editor("contact_name").target
    box.tk.call(box.cget("postcommand"))
    assert tuple(box.cget("values")) == ("她先生",)


def test_an_empty_or_future_record_is_refused_beside_its_field(opened, shop, wang, press, dialog, fill):
    hub = opened(HUB)
    hub.open(customer_id=wang)
    press(hub.list.tree, "<F4>")
    dialog().submit()
    assert dialog().form._asked["content"].message.cget("text")
    fill(dialog(), content="说好了", on_date="2026-03-17")
    dialog().submit()
    assert "不能晚于现在" in dialog().form._asked["time_of_day"].message.cget("text")
    assert records_of(shop.actor, customer_id=wang).count() == 0


def test_a_record_is_changed_by_f2_and_deleted_with_a_way_back(
    opened, shop, wang, context, press, dialog, fill, no_dialog
):
    record(shop, wang)
    hub = opened(HUB)
    hub.open(customer_id=wang)
    pane = hub.view.tabs.bring("联系反馈")
    hub.widget.update()
    press(pane.list.tree, "<Home>", "<F2>")
    fill(dialog(), content="通了电话，很满意")
    dialog().submit()
    assert no_dialog()
    assert contents(pane) == ["通了电话，很满意"]
    press(pane.list.tree, "<Home>", "<Delete>")
    assert contents(pane) == []
    assert hub.view._touch._last.cget("text") == "还没有联系过"
    context.toasts[-1][2][1]()
    assert contents(pane) == ["通了电话，很满意"]


def test_the_head_says_in_red_what_is_overdue_and_what_was_bought_last(opened, shop, wang):
    record(shop, wang, next_contact_date=shop.actor.today() + DAY)
    product = factories.add_product(shop, stock=9)
    factories.sell(shop, (product, 3), customer_id=wang)
    shop.clock.advance(days=4)
    hub = opened(HUB)
    hub.open(customer_id=wang)
    line = hub.view._touch
    assert line._next.cget("text") == "下次联系 2026-03-17（逾期 3 天）"
    assert str(line._next.cget("style")) == "Bad.TLabel"
    assert line._bought.cget("text") == "最近消费 2026-03-16 ¥30.00"


# ------------------------------------------------------------ over all customers
def test_records_are_narrowed_by_type_person_and_period(opened, shop, wang):
    record(shop, wang, "问候", at=shop.clock() - 40 * DAY)
    add_record(shop.as_role("店长"), customer_id=wang, record=RecordInput("报价"))
    page = opened(PAGE)
    assert contents(page) == ["报价", "问候"]
    page.narrow(period=29)
    assert contents(page) == ["报价"]
    page.narrow(operator_id=shop.actor.operator_id, period=None)
    assert contents(page) == ["问候"]
    page.clear()
    page.narrow("王小")
    assert contents(page) == ["报价", "问候"]


def test_the_whole_content_stands_beside_the_list(opened, shop, wang, press):
    record(shop, wang, "第一行\n第二行", contact_name="她先生")
    page = opened(PAGE)
    press(page.list.tree, "<Home>")
    page.detail.show(page.list.current_row())
    assert page.detail._content.cget("text") == "第一行\n第二行"


# ---------------------------------------------------------------------- visits
@pytest.fixture
def due(shop) -> dict[str, int]:
    today = shop.actor.today()
    days = {"前天": -2, "今天": 0, "三天后": 3}
    return {
        name: add_customer(shop.actor, customer=CustomerInput(name, next_contact_date=today + offset * DAY))
        for name, offset in days.items()
    }


def test_visits_show_the_overdue_and_if_wanted_the_coming_days(opened, due):
    page = opened(VISITS)
    assert waiting(page) == ["前天", "今天"]
    assert "今天 1 · 逾期 1 · 未来 7 天 1" in page.head._facts.cget("text")
    page.narrow(overdue=False)
    assert waiting(page) == ["今天"]
    page.narrow(overdue=False, ahead=True)
    assert waiting(page) == ["今天", "三天后"]
    page.clear()
    assert waiting(page) == ["前天", "今天"]


def test_enter_writes_the_visit_down_and_takes_it_off(opened, shop, due, press, dialog, fill, no_dialog):
    page = opened(VISITS)
    press(page.list.tree, "<Home>", "<Return>")
    fill(dialog(), content="打过电话了")
    dialog().submit()
    assert no_dialog()
    assert waiting(page) == ["今天"]
    assert records_of(shop.actor, customer_id=due["前天"]).count() == 1


def test_a_visit_is_put_off_and_that_is_taken_back(opened, shop, due, context, press, root):
    page = opened(VISITS)
    press(page.list.tree, "<Home>")
    when_asked(root, "推迟", first=lambda asked: asked.entry.insert("end", "2026-03-20"))
    press(page.list.tree, "<Control-d>")
    assert waiting(page) == ["今天"]
    text, _kind, action = context.toasts[-1]
    assert text == "已把“前天”推迟到 2026-03-20。"
    action[1]()
    assert waiting(page) == ["前天", "今天"]


def test_several_are_put_off_at_once_or_need_no_visit_any_more(opened, shop, due, context, press):
    page = opened(VISITS)
    press(page.list.tree, "<Control-a>")
    action = next(one for one in page._actions.offered if one.text.startswith("推迟到一周后"))
    page.perform(action)
    assert waiting(page) == []
    assert visits(shop.actor).count() == 0
    assert context.told().startswith("已把 2 位客户推迟到 2026-03-23")
    page.narrow(overdue=True, ahead=True)
    press(page.list.tree, "<Control-a>")
    page.perform(page._actions.called("不用回访了"))
    assert waiting(page) == []
    assert customer_detail(shop.actor, due["今天"]).next_contact_date is None
