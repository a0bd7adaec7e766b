"""Two customers become one and are taken apart again; nothing is lost on the way."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.domains.contacts import recording
from meiping.domains.contacts import service as contacts
from meiping.domains.contacts.queries import contacts_of, records_of
from meiping.domains.contacts.rules import ContactInput, RecordInput
from meiping.domains.custom_fields import service as custom_fields
from meiping.domains.custom_fields.rules import CustomFieldInput, FieldKind
from meiping.domains.customers.queries import (
    customer_changes,
    customer_detail,
    find_duplicates,
    likely_twins,
)
from meiping.domains.customers.service import change_customer, delete_customers
from meiping.domains.customers.sharing import share_customers
from meiping.domains.customers.twins import core_name, hints, is_near
from meiping.domains.documents import service as documents
from meiping.domains.documents.queries import documents_of
from meiping.domains.documents.rules import NewDocument
from meiping.domains.ledger.queries import customer_balances, statement
from meiping.domains.receivables.service import receive
from meiping.domains.reminders.queries import reminders_of
from meiping.domains.reminders.rules import ReminderInput
from meiping.domains.reminders.service import add_reminder
from meiping.domains.sales.at_till import customer_at_till
from meiping.domains.sales.due_dates import earliest_due_dates
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.queries import BillFilter, bill_detail, bills, bills_of
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.stewardship.import_known import read_known
from meiping.domains.stewardship.merge_rules import Side
from meiping.domains.stewardship.merging import mark_distinct, merge_customers, undo_merge
from meiping.domains.stewardship.queries.merging import merge_list, merge_preview
from meiping.kernel.errors import Cancelled, InputError, NotFound, PermissionDenied, UserError
from tests.domains.stewardship.merging_shop import found_by, rows_of, seen_of, sums
from tests.domains.test_crash import Unplugged, failing_at
from tests.factories import add_customer, add_product, cart_of, new_key, recharge, sell
from tests.shop import OpenedShop
from tests.whole_file import contents, faults


def merge(shop: OpenedShop, survivor: int, twin: int, **picks: Side) -> int:
    return merge_customers(shop.actor, survivor_id=survivor, twin_id=twin, picks=picks or None)


def buy_on_credit(shop: OpenedShop, customer_id: int, product: int, quantity: int = 1) -> int:
    cart = cart_of(shop, (product, quantity), customer_id=customer_id)
    return checkout(shop.actor, cart=cart, payments=[Payment("credit", price_bill(cart).total_fen)]).sale_id


@pytest.fixture
def tea(shop: OpenedShop) -> int:
    return add_product(shop, stock=100)


@pytest.fixture
def pair(shop: OpenedShop, tea: int) -> tuple[int, int]:
    """A customer and his twin, both with a bit of everything."""
    ids: list[int] = []
    for word, phone, card in (("甲", "13800000001", "1001"), ("乙", "13800000002", "1002")):
        who = add_customer(shop, name=f"好味{word}", phone=phone, card_number=card, credit_yuan=500)
        sell(shop, (tea, 1), customer_id=who)
        buy_on_credit(shop, who, tea, 2)
        recharge(shop, who, 5_000, 700)
        contacts.add_contact(shop.actor, customer_id=who, contact=ContactInput(f"老{word}", main=True))
        kept = recording.add_record(
            shop.actor,
            customer_id=who,
            record=RecordInput(f"问过{word}", at=shop.clock().replace(day=2), contact_name=f"老{word}"),
        )
        documents.add_documents(
            shop.actor,
            customer_id=who,
            documents=[NewDocument(f"{word}.pdf", "a" * 63 + str(len(ids)), 9)],
            contact_record_id=kept,
        )
        add_reminder(
            shop.actor,
            reminder=ReminderInput(f"回访{word}", shop.clock().date() + timedelta(days=1), customer_id=who),
        )
        ids.append(who)
    return ids[0], ids[1]


def test_everything_of_the_twin_is_found_under_the_survivor(shop, pair):
    survivor, twin = pair
    before = sums()
    merge(shop, survivor, twin)
    assert sums() == before
    there = customer_balances(shop.actor, customer_id=survivor)
    assert (there.stored_principal_fen, there.stored_bonus_fen, there.debt_fen) == (10_000, 1_400, 4_000)
    assert there.spent_fen == 6_000
    assert bills_of(shop.actor, customer_id=survivor).count() == 4
    assert contacts_of(shop.actor, customer_id=survivor).count() == 2
    assert [row["main"] for row in rows_of(contacts_of(shop.actor, customer_id=survivor))].count(True) == 1
    assert records_of(shop.actor, customer_id=survivor).count() == 2
    assert documents_of(shop.actor, customer_id=survivor).count() == 2
    assert reminders_of(shop.actor, customer_id=survivor).count() == 2
    assert statement(shop.actor, customer_id=survivor).rows[0]["stored_fen"] == 11_400
    assert faults() == []


def test_the_twins_card_phone_name_and_code_lead_to_the_survivor(shop, pair):
    survivor, twin = pair
    code = customer_detail(shop.actor, customer_id=twin).code
    merge(shop, survivor, twin)
    assert found_by(shop, "好味乙", "13800000002", "1002", code, "haoweiyi") == [[survivor]] * 5
    assert found_by(shop, "1001", "好味甲") == [[survivor]] * 2
    assert customer_at_till(shop.actor, customer_id=twin).id == survivor
    (found,) = likely_twins(shop.actor, phone="13800000002")
    assert found.id == survivor


def test_lists_over_all_customers_name_the_survivor(shop, pair):
    survivor, twin = pair
    merge(shop, survivor, twin)
    assert {row["customer"] for row in rows_of(bills(shop.actor))} == {"好味甲"}
    assert bills(shop.actor, narrow=BillFilter(text="好味乙")).count() == 4
    (bill, *_) = rows_of(bills_of(shop.actor, customer_id=survivor))
    assert bill_detail(shop.actor, sale_id=bill["id"]).customer_id == survivor


def test_taking_it_back_at_once_leaves_no_trace_but_in_the_log(shop, pair):
    before = [seen_of(shop, one) for one in pair]
    words = ("好味甲", "好味乙", "13800000001", "13800000002", "1001", "1002")
    found = found_by(shop, *words)
    undo_merge(shop.actor, merge_id=merge(shop, *pair))
    assert [seen_of(shop, one) for one in pair] == before
    assert found_by(shop, *words) == found
    told = [row["new"] for row in rows_of(customer_changes(shop.actor, customer_id=pair[0]))]
    assert sum("并入本客户" in one for one in told) == 2
    assert faults() == []


def test_what_came_after_stays_with_the_survivor(shop, pair, tea):
    survivor, twin = pair
    merge_id = merge(shop, survivor, twin)
    sell(shop, (tea, 3), customer_id=twin)  # a cart begun before
    receive(shop.actor, key=new_key(), customer_id=survivor, amount_fen=1_000)
    contacts.add_contact(shop.actor, customer_id=survivor, contact=ContactInput("新人"))
    undo_merge(shop.actor, merge_id=merge_id)
    assert bills_of(shop.actor, customer_id=survivor).count() == 3
    assert bills_of(shop.actor, customer_id=twin).count() == 2
    assert contacts_of(shop.actor, customer_id=survivor).count() == 2
    assert customer_balances(shop.actor, customer_id=survivor).debt_fen == 1_000
    assert customer_balances(shop.actor, customer_id=twin).debt_fen == 2_000
    assert faults() == []


def test_spent_money_can_not_come_back_and_the_reason_is_told(shop, pair, tea):
    survivor, twin = pair
    merge_id = merge(shop, survivor, twin)
    cart = cart_of(shop, (tea, 8), customer_id=survivor)
    checkout(shop.actor, cart=cart, payments=[Payment("stored_value", price_bill(cart).total_fen)])
    with pytest.raises(UserError, match=r"储值本金是 ¥50\.00，现在只剩 ¥20\.00"):
        undo_merge(shop.actor, merge_id=merge_id)
    assert bills_of(shop.actor, customer_id=survivor).count() == 5
    assert faults() == []


def test_a_paid_debt_can_not_come_back(shop, pair):
    survivor, twin = pair
    merge_id = merge(shop, survivor, twin)
    receive(shop.actor, key=new_key(), customer_id=survivor, amount_fen=3_500)
    with pytest.raises(UserError, match="已经收回一部分"):
        undo_merge(shop.actor, merge_id=merge_id)


def test_goods_of_the_twins_bill_come_back_to_the_survivor(shop, tea):
    survivor, twin = add_customer(shop), add_customer(shop)
    recharge(shop, twin, 5_000)
    cart = cart_of(shop, (tea, 2), customer_id=twin)
    bill = checkout(shop.actor, cart=cart, payments=[Payment("stored_value", 2_000)])
    merge_id = merge(shop, survivor, twin)
    (line,) = bill_detail(shop.actor, sale_id=bill.sale_id).lines
    return_goods(shop.actor, key=new_key(), sale_id=bill.sale_id, quantities={line.id: 1_000})
    assert customer_balances(shop.actor, customer_id=survivor).stored_fen == 4_000
    undo_merge(shop.actor, merge_id=merge_id)
    return_goods(shop.actor, key=new_key(), sale_id=bill.sale_id, quantities={line.id: 1_000})
    assert customer_balances(shop.actor, customer_id=survivor).stored_fen == 1_000
    assert customer_balances(shop.actor, customer_id=twin).stored_fen == 4_000
    assert faults() == []


def test_the_fuller_value_is_proposed_and_any_can_be_chosen(shop):
    survivor = add_customer(shop, name="好味甲", phone="13800000001", address="", notes="常客")
    twin = add_customer(
        shop, name="好味乙", phone="13800000002", address="南门", notes="要发票", birth_date=date(1980, 5, 6)
    )
    choices = {one.key: one for one in merge_preview(shop.actor, survivor_id=survivor, twin_id=twin).choices}
    picked = [choices[key].pick for key in ("address", "name", "notes")]
    assert picked == [Side.RIGHT, Side.LEFT, Side.BOTH]
    merge_id = merge(
        shop, survivor, twin, name=Side.RIGHT, address=Side.RIGHT, notes=Side.BOTH, birth_date=Side.RIGHT
    )
    after = customer_detail(shop.actor, customer_id=survivor)
    assert (after.name, after.address, after.notes) == ("好味乙", "南门", "常客\n要发票")
    assert (after.birth_date, after.phone) == (date(1980, 5, 6), "13800000001")
    change_customer(
        shop.actor,
        customer_id=survivor,
        customer=replace(after.as_input(), address="北门"),
        confirmed=frozenset(),
    )
    undo_merge(shop.actor, merge_id=merge_id)
    again = customer_detail(shop.actor, customer_id=survivor)
    assert (again.name, again.address, again.notes, again.birth_date) == ("好味甲", "北门", "常客", None)


def test_cards_change_places_and_back(shop, pair):
    survivor, twin = pair
    merge_id = merge(shop, survivor, twin, card_number=Side.RIGHT)
    assert customer_detail(shop.actor, customer_id=survivor).card_number == "1002"
    assert found_by(shop, "1001", "1002") == [[survivor], [survivor]]
    undo_merge(shop.actor, merge_id=merge_id)
    assert found_by(shop, "1001", "1002") == [[survivor], [twin]]


def test_fields_of_the_shops_own_are_chosen_too(shop):
    field = custom_fields.add_field(
        shop.actor, record_kind="customer", field=CustomFieldInput("尺码", FieldKind.DATE)
    )
    day = date(2026, 1, 2)
    survivor, twin = add_customer(shop), add_customer(shop, custom={field: day})
    merge_id = merge(shop, survivor, twin)
    assert customer_detail(shop.actor, customer_id=survivor).custom == {field: day}
    undo_merge(shop.actor, merge_id=merge_id)
    assert customer_detail(shop.actor, customer_id=survivor).custom == {}
    assert customer_detail(shop.actor, customer_id=twin).custom == {field: day}


def test_the_earlier_of_two_days_counts(shop):
    survivor = add_customer(shop, next_contact_date=date(2026, 5, 1), created_date=date(2026, 2, 2))
    twin = add_customer(shop, next_contact_date=date(2026, 4, 1), created_date=date(2025, 2, 2))
    merge(shop, survivor, twin)
    after = customer_detail(shop.actor, customer_id=survivor)
    assert (after.next_contact_date, after.created_date) == (date(2026, 4, 1), date(2025, 2, 2))


def test_a_merged_one_may_be_merged_on_and_the_later_merge_is_undone_first(shop, tea):
    first, second, third = (add_customer(shop) for _ in range(3))
    for who in (first, second, third):
        sell(shop, (tea, 1), customer_id=who)
        recharge(shop, who, 1_000)
    before = [seen_of(shop, one) for one in (first, second, third)]
    inner, outer = merge(shop, second, first), merge(shop, third, second)
    assert bills_of(shop.actor, customer_id=third).count() == 3
    assert customer_balances(shop.actor, customer_id=third).stored_fen == 3_000
    assert faults() == []
    with pytest.raises(UserError, match="请先撤销那次合并"):
        undo_merge(shop.actor, merge_id=inner)
    undo_merge(shop.actor, merge_id=outer)
    assert bills_of(shop.actor, customer_id=second).count() == 2
    undo_merge(shop.actor, merge_id=inner)
    assert [seen_of(shop, one) for one in (first, second, third)] == before
    assert faults() == []


def test_merges_into_one_are_undone_in_any_order(shop, tea):
    one, two, three = (add_customer(shop) for _ in range(3))
    for who in (one, two, three):
        recharge(shop, who, 1_000)
    before = [seen_of(shop, who) for who in (one, two, three)]
    a, b = merge(shop, one, two), merge(shop, one, three)
    undo_merge(shop.actor, merge_id=a)
    assert customer_balances(shop.actor, customer_id=one).stored_fen == 2_000
    undo_merge(shop.actor, merge_id=b)
    after = [seen_of(shop, who) for who in (one, two, three)]
    assert [seen["balances"] for seen in after] == [seen["balances"] for seen in before]
    assert [seen["detail"] for seen in after] == [seen["detail"] for seen in before]
    assert faults() == []


def test_who_sees_the_survivor_sees_what_the_twin_brought(shop, tea):
    first, second = shop.add_operator("业务员甲", "业务员"), shop.add_operator("业务员乙", "业务员")
    helper = shop.add_operator("业务员丙", "业务员")
    survivor = add_customer(shop, owner_id=first.operator_id)
    twin = add_customer(shop, owner_id=second.operator_id)
    sell(shop, (tea, 1), customer_id=twin)
    share_customers(shop.actor, customer_ids=[twin], operator_id=helper.operator_id)
    merge_id = merge(shop, survivor, twin)
    assert [bills(who).count() for who in (first, second, helper)] == [1, 0, 1]
    with pytest.raises(NotFound):
        customer_detail(second, customer_id=survivor)
    assert faults() == []
    undo_merge(shop.actor, merge_id=merge_id)
    assert [bills(who).count() for who in (first, second, helper)] == [0, 1, 1]
    assert faults() == []


def test_another_owner_ends_his_own_share_and_comes_back(shop):
    first, second = shop.add_operator("业务员甲", "业务员"), shop.add_operator("业务员乙", "业务员")
    survivor = add_customer(shop, owner_id=first.operator_id)
    twin = add_customer(shop, owner_id=second.operator_id)
    share_customers(shop.actor, customer_ids=[survivor], operator_id=second.operator_id)
    before = seen_of(shop, survivor)
    merge_id = merge(shop, survivor, twin, owner=Side.RIGHT)
    assert customer_detail(second, customer_id=survivor).owner == "业务员乙"
    with pytest.raises(NotFound):
        customer_detail(first, customer_id=survivor)
    undo_merge(shop.actor, merge_id=merge_id)
    assert seen_of(shop, survivor) == before
    assert customer_detail(second, customer_id=survivor).owner == "业务员甲"
    assert faults() == []


def test_refusals(shop, pair):
    survivor, twin = pair
    other = add_customer(shop)
    with pytest.raises(InputError, match="两位不同"):
        merge(shop, survivor, survivor)
    with pytest.raises(PermissionDenied):
        merge_customers(shop.as_role("收银员"), survivor_id=survivor, twin_id=twin)
    merge_id = merge(shop, survivor, twin)
    with pytest.raises(InputError, match="已经并入"):
        merge(shop, other, twin)
    delete_customers(shop.actor, customer_ids=[survivor])
    with pytest.raises(InputError, match="回收站"):
        merge(shop, other, survivor)
    with pytest.raises(UserError, match="回收站"):
        undo_merge(shop.actor, merge_id=merge_id)
    assert [row["state"] for row in rows_of(merge_list(shop.actor))] == ["已合并"]


def test_failed_at_each_statement_nothing_is_merged_or_taken_apart_by_half(shop, pair):
    for piece in (
        lambda: merge(shop, *pair, address=Side.RIGHT, card_number=Side.RIGHT),
        lambda: undo_merge(shop.actor, merge_id=1),
    ):
        before = contents()
        for fatal in count(1):
            try:
                with failing_at(fatal):
                    piece()
                break
            except Unplugged:
                assert contents() == before
        assert fatal > 40
        assert faults() == []


def test_a_merge_is_undone_once(shop, pair):
    merge_id = merge(shop, *pair)
    undo_merge(shop.actor, merge_id=merge_id)
    with pytest.raises(UserError, match="已经撤销"):
        undo_merge(shop.actor, merge_id=merge_id)
    assert merge_list(shop.actor).count() == 0
    assert [row["state"] for row in rows_of(merge_list(shop.actor, undone=True))] == ["已撤销"]


def test_the_twins_own_card_is_refused_for_a_third(shop, pair):
    merge(shop, *pair)
    with pytest.raises(InputError, match="并入了“好味甲”"):
        add_customer(shop, card_number="1002")


def test_the_twins_card_may_become_the_survivors_and_his_code_never_does(shop, pair):
    survivor, twin = pair
    merge_id = merge(shop, survivor, twin)
    before = customer_detail(shop.actor, customer_id=survivor)
    code = customer_detail(shop.actor, customer_id=twin).code
    entered = replace(before.as_input(), card_number="1002", code=code)
    change_customer(shop.actor, customer_id=survivor, customer=entered)
    after = customer_detail(shop.actor, customer_id=survivor)
    assert (after.card_number, after.code) == ("1002", before.code)
    undo_merge(shop.actor, merge_id=merge_id)
    assert found_by(shop, "1002", code) == [[survivor], [twin]]
    assert faults() == []


def test_a_sheet_with_the_twins_phone_or_code_is_about_the_survivor(shop, pair):
    survivor, twin = pair
    code = customer_detail(shop.actor, customer_id=twin).code
    merge(shop, survivor, twin)
    known = read_known(shop.actor)
    assert (known.by_code[code], known.by_phone["13800000002"]) == (survivor, [survivor])
    assert survivor not in known.in_bin


def test_a_debt_of_the_twins_bills_falls_due_for_the_survivor(shop, tea):
    survivor, twin = add_customer(shop, payment_days=10), add_customer(shop, credit_yuan=500)
    buy_on_credit(shop, twin, tea)
    day = shop.clock().date()
    merge(shop, survivor, twin)
    assert list(earliest_due_dates()) == [(survivor, None, day + timedelta(days=10))]


def test_two_who_look_alike_are_found_until_they_are_said_to_be_different(shop):
    one = add_customer(shop, name="深圳市好味美食有限公司", phone="13800001234")
    two = add_customer(shop, name="好味美食商行", phone="13800005678")
    same_sound = add_customer(shop, name="王小明", phone="13800000011")
    other_sound = add_customer(shop, name="王晓明", phone="13800000012")
    near = [
        add_customer(shop, name=name)
        for name in ("大江东去商行", "大江冬去", "大海东去", "3号仓库", "4号仓库")
    ]
    found = {(row["left_id"], row["right_id"]): row["reasons"] for row in find_duplicates(shop.actor).rows}
    assert found[one, two] == "主要名称相同"
    assert found[same_sound, other_sound] == "读音相同"
    assert found[near[0], near[1]] == "读音相同、名称相近"
    assert found[near[0], near[2]] == "名称相近"
    assert (near[3], near[4]) not in found
    mark_distinct(shop.actor, customer_ids=[one, two])
    assert (one, two) not in {(row["left_id"], row["right_id"]) for row in find_duplicates(shop.actor).rows}


def test_the_search_for_duplicates_can_be_stopped_and_keeps_to_the_scope(shop):
    seller = shop.add_operator("店员", "业务员", "店长")
    for _ in range(2):
        add_customer(shop, name="好味美食", phone="")
    assert len(find_duplicates(seller).rows) == 1
    with pytest.raises(Cancelled):
        find_duplicates(shop.actor, tell=_stop)


def _stop(_done: int, _total: int, _what: str) -> None:
    raise Cancelled


@given(st.text(max_size=30), st.text(max_size=30))
def test_nearness_is_mutual_and_any_name_has_a_core(one, other):
    cores = core_name(one), core_name(other)
    assert is_near(*cores) == is_near(*reversed(cores))
    if is_near(*cores):
        assert set(hints(cores[0])) & set(hints(cores[1]))


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("深圳市美萍科技有限公司", "美萍科技"),
        ("美萍科技（集团）股份有限公司", "美萍科技"),
        ("北京同仁堂", "同仁堂"),
        ("上海", "上海"),
        ("有限公司", "有限"),
        ("王小明", "王小明"),
        ("ABC Trading", "abctrading"),
    ],
)
def test_the_core_of_a_name(name, core):
    assert core_name(name) == core
