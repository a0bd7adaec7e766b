"""One list of all that happened with a customer, as far as one may see it."""

import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from meiping.domains.access.service import save_role
from meiping.domains.contacts.models import ContactRecord
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import customer_detail
from meiping.domains.customers.service import change_customer
from meiping.domains.documents.models import Document
from meiping.domains.receivables.service import receive, write_off
from meiping.domains.reminders.rules import ReminderInput, Repeat
from meiping.domains.reminders.service import add_reminder, mark_done, take_back
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.stewardship.timeline import timeline
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import NotFound
from meiping.store.database import db
from tests.factories import add_customer, add_product, cart_of, new_key, recharge, sell
from tests.shop import OpenedShop


def events(actor: Actor, customer_id: int, *groups: str) -> list[tuple[str, str, int | None]]:
    listing = timeline(actor, customer_id=customer_id, groups=groups)
    rows = listing.window(0, 100, None)
    assert len(rows) == listing.count()
    assert [row["at"] for row in rows] == sorted((row["at"] for row in rows), reverse=True)
    assert len({row["id"] for row in rows}) == len(rows)
    return [(row["kind"], row["text"], row["amount_fen"]) for row in rows]


def change(shop: OpenedShop, customer_id: int, **fields: Any) -> None:
    detail = customer_detail(shop.actor, customer_id=customer_id)
    change_customer(shop.actor, customer_id=customer_id, customer=replace(detail.as_input(), **fields))


def record(shop: OpenedShop, customer_id: int, content: str) -> None:
    ContactRecord.create(
        customer=customer_id,
        contact_name="李娜",
        at=int(shop.clock().timestamp() * 1000),
        content=content,
        operator=shop.actor.operator_id,
        created_at=0,
    )


@pytest.fixture
def busy(shop: OpenedShop) -> int:
    """A customer with one of everything, a minute apart."""
    colleague = shop.add_operator("同事小周", "店长")
    customer_id = add_customer(shop, name="王晓梅", credit_yuan=100)
    tea, cups = add_product(shop, name="绿茶", stock=9), add_product(shop, name="茶杯", stock=9)
    shop.clock.advance(minutes=1)
    recharge(shop, customer_id, 5_000, 500)
    shop.clock.advance(minutes=1)
    bill = sell(shop, (tea, 2), (cups, 1), customer_id=customer_id).sale_id
    shop.clock.advance(minutes=1)
    line = bill_detail(shop.actor, sale_id=bill).lines[0]
    return_goods(shop.actor, key=new_key(), sale_id=bill, quantities={line.id: 1_000})
    shop.clock.advance(minutes=1)
    cart = cart_of(shop, (tea, 1), customer_id=customer_id)
    checkout(shop.actor, cart=cart, payments=[Payment("credit", 1_000)])
    shop.clock.advance(minutes=1)
    receive(shop.actor, key=new_key(), customer_id=customer_id, amount_fen=400)
    shop.clock.advance(minutes=1)
    write_off(shop.actor, key=new_key(), customer_id=customer_id, amount_fen=100, reason="算了")
    shop.clock.advance(minutes=1)
    record(shop, customer_id, "喜欢新茶\n下周再来")
    shop.clock.advance(minutes=1)
    asked = ReminderInput("回访", date(2026, 3, 17), customer_id=customer_id)
    mark_done(shop.actor, reminder_ids=[add_reminder(shop.actor, reminder=asked)])
    shop.clock.advance(minutes=1)
    Document.create(
        customer=customer_id,
        name="合同.pdf",
        hash="0" * 64,
        size_bytes=1,
        operator=shop.actor.operator_id,
        created_at=int(shop.clock().timestamp() * 1000),
    )
    shop.clock.advance(minutes=1)
    change(shop, customer_id, keyword="老街坊", notes="怕冷")
    shop.clock.advance(minutes=1)
    change(shop, customer_id, owner_id=colleague.operator_id)
    return customer_id


def test_everything_stands_in_one_list_the_newest_first(shop: OpenedShop, busy: int):
    assert events(shop.actor, busy) == [
        ("归属", "业务员：空 → 同事小周", None),
        ("变动", "关键字：空 → 老街坊；备注：空 → 怕冷", None),
        ("资料", "合同.pdf", None),
        ("提醒", "已完成：回访", None),
        ("联系", "李娜：喜欢新茶 下周再来", None),
        ("核销", "HX-20260316-0001 · 算了", 100),
        ("收款", "SK-20260316-0001 · 现金", 400),
        ("销售", "XS-20260316-0002 · 绿茶", 1_000),
        ("退货", "TH-20260316-0001 · 绿茶", -1_000),
        ("销售", "XS-20260316-0001 · 绿茶、茶杯", 3_000),
        ("充值", "CZ-20260316-0001 · 现金 · 赠送 ¥5.00", 5_000),
    ]


def test_it_is_narrowed_to_kinds(shop: OpenedShop, busy: int):
    assert {kind for kind, *_ in events(shop.actor, busy, "bills")} == {"销售", "退货"}
    assert {kind for kind, *_ in events(shop.actor, busy, "money")} == {"充值", "收款", "核销"}
    assert len(events(shop.actor, busy, "records", "documents")) == 2


def test_windows_are_parts_of_the_whole(shop: OpenedShop, busy: int):
    listing = timeline(shop.actor, customer_id=busy)
    whole = list(listing.window(0, 100, None))
    assert [*listing.window(0, 3, None), *listing.window(3, 4, None), *listing.window(7, 9, None)] == whole


def test_without_the_right_to_see_money_there_is_none(shop: OpenedShop, busy: int):
    held = ["customers.view", "sales.view"]
    save_role(shop.actor, role_id=None, name="只看业务", scope=Scope.ALL, permissions=held)
    seen = events(shop.as_role("只看业务"), busy)
    assert not {"充值", "收款", "提醒"} & {kind for kind, *_ in seen}
    assert all(amount is None for *_, amount in seen)
    save_role(shop.actor, role_id=None, name="只看客户", scope=Scope.ALL, permissions=held[:1])
    assert {kind for kind, *_ in events(shop.as_role("只看客户"), busy)} == {"归属", "变动", "资料", "联系"}


def test_outside_the_scope_there_is_nothing(shop: OpenedShop, busy: int):
    with pytest.raises(NotFound):
        timeline(shop.as_role("业务员"), customer_id=busy)


def test_every_time_a_repeating_reminder_was_done_is_there_unless_taken_back(shop: OpenedShop):
    customer_id = add_customer(shop)
    asked = ReminderInput("浇花", date(2026, 3, 17), repeat=Repeat.DAILY, customer_id=customer_id)
    reminder_id = add_reminder(shop.actor, reminder=asked)
    for _ in range(2):
        shop.clock.advance(days=1)
        mark_done(shop.actor, reminder_ids=[reminder_id])
    take_back(shop.actor, kept=mark_done(shop.actor, reminder_ids=[reminder_id]))
    assert [text for _, text, _ in events(shop.actor, customer_id)] == ["已完成：浇花"] * 2


def test_what_happened_with_one_merged_into_him_is_his(shop: OpenedShop):
    survivor, twin = add_customer(shop), add_customer(shop)
    recharge(shop, twin, 5_000)
    Customer.update(merged_into=survivor, deleted_at=1).where(Customer.id == twin).execute()
    assert [kind for kind, *_ in events(shop.actor, survivor)] == ["充值"]


def test_ten_thousand_events_are_no_burden(shop: OpenedShop):
    customer_id = add_customer(shop)
    db.execute_sql(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
        " INSERT INTO contact_record (customer_id, at, content, operator_id, created_at)"
        " SELECT ?, i * 1000, '联系 ' || i, 1, 0 FROM n",
        (customer_id,),
    )
    began = time.perf_counter()
    listing = timeline(shop.actor, customer_id=customer_id)
    (first,) = listing.window(0, 1, None)
    (last,) = listing.window(9_999, 1, None)
    assert time.perf_counter() - began < 0.5
    assert (listing.count(), first["text"], last["text"]) == (10_000, "联系 10000", "联系 1")
