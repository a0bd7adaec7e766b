"""What a clerk, an owner and a salesperson rely on about customers."""

from dataclasses import replace
from datetime import date

import pytest

from meiping.domains.audit.models import Operation
from meiping.domains.customers.queries import (
    CustomerFilter,
    counts_by_status,
    customer_changes,
    customer_composition,
    customer_counts,
    customer_detail,
    customer_hit,
    customer_list,
    find_customers,
    likely_twins,
    visible_customers,
)
from meiping.domains.customers.rules import CustomerInput, check_customer
from meiping.domains.customers.service import (
    add_customer,
    add_many,
    change_customer,
    customer_for_sale,
    delete_customers,
    quick_add_customer,
    restore_customers,
)
from meiping.domains.settings.queries import levels, words
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound, PermissionDenied
from meiping.kernel.tabular import Sort
from meiping.store.unit_of_work import in_one_transaction
from tests.shop import OpenedShop


def add(shop: OpenedShop, name: str = "", actor: Actor | None = None, **values) -> int:
    return add_customer(actor or shop.actor, customer=CustomerInput(name=name, **values))


def names(hits) -> list[str]:
    return [hit.name for hit in hits]


def listed(actor: Actor, sort: Sort | None = None, **narrowed) -> list[str]:
    return [row["name"] for row in customer_list(actor, CustomerFilter(**narrowed)).window(0, 100, sort)]


# ---------------------------------------------------------------- finding


@pytest.mark.parametrize(
    "typed",
    "单晓 晓梅 单 sx dx cxm SXM shanxiao xiaomei 梅姐 7788 13822017788 138-2201-7788 2201 880042 0042 c00001"
    " １３８２２０ 26001234 138,2201,7788 单,7788".replace(" ", "|")
    .replace(",", " ")
    .split("|"),
)
def test_a_customer_is_found_by_whatever_the_clerk_remembers(shop, typed):
    add(
        shop,
        "单晓梅",
        keyword="梅姐",
        phone="138 2201 7788",
        phone2="0755-26001234",
        card_number="880042",
    )
    add(shop, "王建国", phone="13900001111")
    assert names(find_customers(shop.actor, typed)) == ["单晓梅"]


def test_a_name_spaced_as_on_a_form_is_found_without_the_blanks(shop):
    for typed in ("张　三", "欧阳 锋", "李 小 明", "华彩 商贸"):
        add_customer(shop.actor, customer=CustomerInput(typed))
    for word in ("张三", "欧阳锋", "李小明", "华彩 商贸"):
        assert [hit.name for hit in find_customers(shop.actor, text=word, limit=5)] == [word]


def test_a_surname_read_in_two_ways_is_found_by_both(shop):
    add(shop, "仇英")
    assert names(find_customers(shop.actor, "qy")) == names(find_customers(shop.actor, "cy")) == ["仇英"]


@pytest.mark.parametrize("typed", ["k", "kind", "own", "comp1", "customer", "-", "？", "", "  "])
def test_no_word_finds_everybody_by_accident(shop, typed):
    add(shop, "王小明", owner_id=shop.actor.operator_id)
    assert find_customers(shop.actor, typed) == []


def test_the_exact_card_or_phone_comes_first(shop):
    add(shop, "甲", card_number="100123")
    add(shop, "乙", card_number="123")
    add(shop, "丙", phone="13812312345")
    assert names(find_customers(shop.actor, "123"))[0] == "乙"


def test_names_that_begin_with_the_word_come_before_those_that_hold_it(shop):
    add(shop, "大王百货")
    add(shop, "王大伟")
    assert names(find_customers(shop.actor, "王")) == ["王大伟", "大王百货"]


def test_all_initials_come_first_and_are_never_cut_off(shop):
    firms = [CustomerInput(f"佛山餐饮管理有限公司{i}") for i in range(60)]
    in_one_transaction(shop.actor, lambda work: add_many(work, firms))
    add(shop, "林瑶霞")
    assert names(find_customers(shop.actor, "lyx"))[0] == "林瑶霞"


def test_what_is_changed_is_found_by_the_new_words_only(shop):
    who = add(shop, "王小明", phone="13822017788")
    change_customer(shop.actor, customer_id=who, customer=CustomerInput(name="李小明", phone="13900001111"))
    assert find_customers(shop.actor, "王小") == find_customers(shop.actor, "7788") == []
    assert names(find_customers(shop.actor, "lxm")) == ["李小明"]


def test_without_a_name_the_phone_shows(shop):
    quick_add_customer(shop.actor, text="13822017788")
    assert names(find_customers(shop.actor, "7788")) == ["138 2201 7788"]
    assert listed(shop.actor) == ["138 2201 7788"]


def test_only_the_first_hits_are_fetched(shop):
    in_one_transaction(shop.actor, lambda work: add_many(work, [CustomerInput(f"王{i}") for i in range(80)]))
    assert len(find_customers(shop.actor, "王")) == 50
    assert len(find_customers(shop.actor, "王", limit=7)) == 7


# ---------------------------------------------------------------- adding and changing


def test_a_new_customer_gets_the_next_code_and_today(shop):
    add(shop, "甲")
    second = add(shop, "乙")
    detail = customer_detail(shop.actor, second)
    assert (detail.code, detail.created_date) == ("C00002", date(2026, 3, 16))


def test_a_typed_code_is_kept_and_stepped_over(shop):
    assert customer_detail(shop.actor, add(shop, "甲", code="ｃ00002")).code == "C00002"
    assert customer_detail(shop.actor, add(shop, "乙")).code == "C00003"
    with pytest.raises(InputError, match="编号已经用于客户“甲”") as refused:
        add(shop, "丙", code="C00002")
    assert refused.value.field == "code"


def test_what_is_refused_is_said_before_anything_is_asked(shop):
    first = add(shop, "甲", card_number="880042")
    second = add(shop, "乙")
    odd = CustomerInput("丙", email="foo@", card_number="880042")
    with pytest.raises(InputError, match="卡号已经属于客户“甲”"):
        add_customer(shop.actor, customer=odd)
    with pytest.raises(InputError, match="编号已经用于客户“甲”"):
        change_customer(shop.actor, customer_id=second, customer=replace(odd, card_number="", code="C00001"))
    assert customer_detail(shop.actor, first).card_number == "880042"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "name"),
        ({"name": " \u200b "}, "name"),
        ({"name": "王" * 61}, "name"),
        ({"phone": "不知道"}, "phone"),
        ({"name": "甲", "phone2": "abc"}, "phone2"),
        ({"name": "甲", "card_number": "VIP-1"}, "card_number"),
        ({"name": "甲", "code": "A B"}, "code"),
        ({"name": "甲", "gender": "x"}, "gender"),
        ({"name": "甲", "birth_date": date(2026, 3, 17)}, "birth_date"),
        ({"name": "甲", "created_date": date(2026, 3, 17)}, "created_date"),
        ({"name": "甲", "credit_limit_fen": -1}, "credit_limit_fen"),
        ({"name": "甲", "payment_days": 4000}, "payment_days"),
        ({"name": "甲", "level_id": 99}, "level_id"),
        ({"name": "甲", "source_id": 99}, "source_id"),
        ({"name": "甲", "owner_id": 99}, "owner_id"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(shop, values, field):
    with pytest.raises(InputError) as refused:
        add(shop, **values)
    assert refused.value.field == field
    assert customer_counts(shop.actor).total == 0


def test_a_word_of_another_list_is_refused(shop):
    industry = words("industry")[0].id
    with pytest.raises(InputError, match="来源"):
        add(shop, "甲", source_id=industry)


def test_what_only_looks_odd_is_taken_with_a_warning():
    entered = CustomerInput("甲", phone="12345", email="甲在家")
    checked = check_customer(entered, today=date(2026, 3, 16))
    assert checked.customer.phone == "12345"
    assert len(checked.warnings) == 2


def test_input_is_brought_into_one_form():
    entered = CustomerInput(
        " 王\u200b小明 ", phone="＋86 138-2201-7788", card_number="88 00-42", firm=True, gender="男"
    )
    customer = check_customer(entered, today=date(2026, 3, 16)).customer
    assert (customer.name, customer.phone, customer.card_number) == ("王小明", "13822017788", "880042")
    assert customer.gender == ""  # a firm has none


def test_a_second_customer_with_the_phone_needs_a_yes(shop):
    add(shop, "王小明", phone="13822017788")
    again = CustomerInput("王太太", phone="138 2201 7788")
    with pytest.raises(NeedsConfirmation, match="王小明") as asked:
        add_customer(shop.actor, customer=again)
    assert asked.value.field == "phone"
    add_customer(shop.actor, customer=again, confirmed=frozenset({asked.value.token}))
    assert listed(shop.actor) == ["王太太", "王小明"]


def test_the_second_phone_counts_as_well(shop):
    add(shop, "王小明", phone="13822017788")
    with pytest.raises(NeedsConfirmation) as asked:
        add(shop, "公司", phone2="13822017788")
    assert asked.value.field == "phone2"


def test_saving_a_customer_unchanged_asks_nothing_and_writes_nothing(shop):
    who = add(shop, "王小明", phone="13822017788", card_number="42", code="A1")
    before = Operation.select().count()
    assert (
        change_customer(shop.actor, customer_id=who, customer=customer_detail(shop.actor, who).as_input())
        == 0
    )
    assert Operation.select().count() == before
    assert customer_changes(shop.actor, who).count() == 0


def test_a_card_belongs_to_one_customer_even_in_the_bin(shop):
    first = add(shop, "王小明", card_number="880042")
    with pytest.raises(InputError, match="已经属于客户“王小明”"):
        add(shop, "乙", card_number="880042")
    delete_customers(shop.actor, customer_ids=[first])
    with pytest.raises(InputError, match="回收站里的客户“王小明”"):
        add(shop, "乙", card_number="880042")


def test_many_customers_have_no_card(shop):
    without = [add(shop, "甲"), add(shop, "乙")]
    assert [customer_detail(shop.actor, who).card_number for who in without] == ["", ""]


def test_every_changed_field_is_written_down_as_shown(shop):
    gold = next(level.id for level in levels() if level.name == "金卡")
    who = add(shop, "王小明", phone="13822017788")
    detail = customer_detail(shop.actor, who)
    clerk = shop.as_role("收银员")
    changed = replace(
        detail.as_input(), name="王晓明", phone="13900001111", level_id=gold, owner_id=clerk.operator_id
    )
    shop.clock.advance(days=1)
    assert change_customer(shop.actor, customer_id=who, customer=changed) == 4
    rows = customer_changes(shop.actor, who).window(0, 10, None)
    assert {(row["field"], row["old"], row["new"]) for row in rows} == {
        ("客户", "王小明", "王晓明"),
        ("电话", "138 2201 7788", "139 0000 1111"),
        ("等级", "", "金卡"),
        ("业务员", "", clerk.name),
    }
    assert {row["operator_name"] for row in rows} == {shop.actor.name}


def test_the_operation_log_holds_no_personal_data(shop):
    who = add(shop, "王小明", phone="13822017788")
    delete_customers(shop.actor, customer_ids=[who])
    told = " ".join(row.summary for row in Operation.select())
    assert "王小明" not in told
    assert "138" not in told


def test_only_who_may_give_credit_sets_the_limit(shop):
    clerk = shop.as_role("收银员")
    with pytest.raises(PermissionDenied):
        add(shop, "甲", actor=clerk, credit_limit_fen=100_00)
    who = add(shop, "甲", credit_limit_fen=100_00, payment_days=30)
    kept = customer_detail(clerk, who).as_input()
    change_customer(clerk, customer_id=who, customer=replace(kept, name="乙"))
    with pytest.raises(PermissionDenied):
        change_customer(clerk, customer_id=who, customer=replace(kept, payment_days=60))
    assert customer_detail(shop.actor, who).credit_limit_fen == 100_00


def test_likely_twins_are_shown_with_their_reason(shop):
    who = add(shop, "王小明", phone="13822017788", card_number="42")
    found = likely_twins(shop.actor, name="王小明")
    assert [(twin.id, twin.reason, twin.serious) for twin in found] == [(who, "名称相同", False)]
    assert [t.reason for t in likely_twins(shop.actor, name="王小明", phone="138 2201 7788")] == ["电话相同"]
    assert [t.reason for t in likely_twins(shop.actor, card_number="4 2")] == ["卡号相同"]
    assert likely_twins(shop.actor, name="王小明", phone="13822017788", customer_id=who) == []
    assert likely_twins(shop.actor, name="", phone="没有") == []


@pytest.mark.parametrize(
    ("typed", "name", "phone"), [("13822017788", "", "13822017788"), ("李 四", "李四", "")]
)
def test_the_till_makes_a_customer_from_one_line(shop, typed, name, phone):
    detail = customer_detail(shop.actor, quick_add_customer(shop.actor, text=typed))
    assert (detail.name, detail.phone) == (name, phone)


# ---------------------------------------------------------------- the recycle bin


def test_deleted_customers_go_to_the_bin_and_come_back_whole(shop):
    keep, gone = add(shop, "甲"), add(shop, "王小明", phone="13822017788", card_number="42")
    assert delete_customers(shop.actor, customer_ids=[gone, gone, 999]) == 1
    assert listed(shop.actor) == ["甲"]
    assert find_customers(shop.actor, "7788") == find_customers(shop.actor, "42") == []
    binned = customer_list(shop.actor, CustomerFilter(in_bin=True, text="小明")).window(0, 9, None)
    assert [(row["name"], row["deleted_by"]) for row in binned] == [("王小明", shop.actor.name)]
    with pytest.raises(NotFound, match="回收站"):
        change_customer(shop.actor, customer_id=gone, customer=CustomerInput("乙"))
    assert restore_customers(shop.actor, customer_ids=[gone, keep]) == 1
    assert names(find_customers(shop.actor, "wxm")) == ["王小明"]
    assert customer_counts(shop.actor).in_bin == 0


def test_the_latest_deleted_stands_first(shop):
    first, second = add(shop, "甲"), add(shop, "乙")
    delete_customers(shop.actor, customer_ids=[second])
    shop.clock.advance(minutes=1)
    delete_customers(shop.actor, customer_ids=[first])
    assert listed(shop.actor, in_bin=True) == ["甲", "乙"]


# ---------------------------------------------------------------- rights and scope


def test_a_salesperson_sees_and_finds_own_customers_only(shop):
    seller, other = shop.as_role("业务员"), shop.as_role("收银员")
    mine = add(shop, "王小明", actor=seller, phone="13822017788")
    theirs = add(shop, "王大伟", owner_id=other.operator_id, phone="13900001111")
    assert customer_detail(shop.actor, mine).owner == seller.name
    assert names(find_customers(seller, "王")) == names(find_customers(seller, "1")) == ["王小明"]
    assert find_customers(seller, "13900001111") == []
    assert listed(seller) == listed(seller, text="王") == ["王小明"]
    assert customer_counts(seller).total == 1
    assert [row.id for row in visible_customers(seller)] == [mine]
    assert likely_twins(seller, name="王大伟") == []
    for refused in (
        lambda: customer_detail(seller, theirs),
        lambda: customer_changes(seller, theirs),
        lambda: customer_hit(seller, theirs),
        lambda: change_customer(seller, customer_id=theirs, customer=CustomerInput("x")),
        lambda: in_one_transaction(seller, lambda work: customer_for_sale(work, theirs)),
    ):
        with pytest.raises(NotFound):
            refused()
    with pytest.raises(PermissionDenied):
        find_customers(seller, "王", any_customer=True)


def test_a_twin_outside_the_scope_stays_nameless(shop):
    add(shop, "王大伟", phone="13900001111", card_number="42")
    seller = shop.as_role("业务员")
    with pytest.raises(InputError, match="查看范围以外") as asked:
        add(shop, "新客", actor=seller, phone="13900001111")
    assert "王大伟" not in asked.value.sentence
    with pytest.raises(InputError) as refused:
        add(shop, "新客", actor=seller, card_number="42")
    assert "王大伟" not in refused.value.sentence


def test_a_salesperson_hands_no_customer_over(shop):
    seller, other = shop.as_role("业务员"), shop.as_role("收银员")
    mine = add(shop, "王小明", actor=seller)
    kept = customer_detail(seller, mine).as_input()
    with pytest.raises(InputError) as refused:
        change_customer(seller, customer_id=mine, customer=replace(kept, owner_id=other.operator_id))
    assert refused.value.field == "owner_id"
    change_customer(seller, customer_id=mine, customer=replace(kept, owner_id=None))
    assert customer_detail(seller, mine).owner == seller.name


def test_a_customer_handed_over_is_found_by_the_new_owner_only(shop):
    first, second = shop.add_operator("业务员甲", "业务员"), shop.add_operator("业务员乙", "业务员")
    who = add(shop, "王小明", actor=first)
    kept = customer_detail(shop.actor, who).as_input()
    change_customer(shop.actor, customer_id=who, customer=replace(kept, owner_id=second.operator_id))
    assert find_customers(first, "王小") == []
    assert names(find_customers(second, "王小")) == ["王小明"]
    row = customer_changes(second, who).window(0, 1, None)[0]
    assert (row["old"], row["new"]) == ("业务员甲", "业务员乙")


def test_the_clerk_serves_any_customer_at_the_till(shop):
    gold = next(level.id for level in levels() if level.name == "金卡")
    who = add(shop, "王小明", level_id=gold, credit_limit_fen=500_00, payment_days=30)
    clerk = shop.as_role("收银员")
    assert names(find_customers(clerk, "王", any_customer=True)) == ["王小明"]
    assert customer_hit(clerk, who, any_customer=True).level == "金卡"
    found = in_one_transaction(clerk, lambda work: customer_for_sale(work, who))
    assert (found.name, found.level, found.discount_bp) == ("王小明", "金卡", 9000)
    assert (found.credit_limit_fen, found.payment_days, found.deleted) == (500_00, 30, False)
    delete_customers(shop.actor, customer_ids=[who])
    assert in_one_transaction(clerk, lambda work: customer_for_sale(work, who)).deleted


def test_a_clerk_deletes_nobody(shop):
    who = add(shop, "王小明")
    with pytest.raises(PermissionDenied):
        delete_customers(shop.as_role("收银员"), customer_ids=[who])
    assert listed(shop.actor) == ["王小明"]


# ---------------------------------------------------------------- lists and counts


def test_the_list_stands_in_dictionary_order_and_sorts_by_any_column(shop):
    status = {word.name: word.id for word in words("customer_status")}
    for name, phone, state in (
        ("赵一", "1390000", "正式客户"),
        ("阿宝", "1380000", "潜在客户"),
        ("李四", "1370000", "意向客户"),
    ):
        add(shop, name, phone=f"{phone}1111", status_id=status[state])
    assert listed(shop.actor) == ["阿宝", "李四", "赵一"]
    assert listed(shop.actor, sort=Sort("phone")) == ["李四", "阿宝", "赵一"]
    assert listed(shop.actor, sort=Sort("status", descending=True)) == ["赵一", "李四", "阿宝"]
    for column in customer_list(shop.actor).window(0, 1, None)[0]:
        assert len(listed(shop.actor, sort=Sort(column))) == 3


def test_the_list_is_narrowed_by_words_and_filters_together(shop):
    levels_by_name = {level.name: level.id for level in levels()}
    add(shop, "王一", level_id=levels_by_name["金卡"], created_date=date(2026, 1, 5))
    add(shop, "王二", level_id=levels_by_name["银卡"])
    add(shop, "李三", level_id=levels_by_name["金卡"])
    assert listed(shop.actor, text="王", level_id=levels_by_name["金卡"]) == ["王一"]
    assert listed(shop.actor, created_until=date(2026, 1, 5)) == ["王一"]
    assert listed(shop.actor, created_from=date(2026, 1, 6)) == ["李三", "王二"]
    assert listed(shop.actor, text="？") == []


def test_customers_are_counted_by_status_level_month_and_owner(shop):
    status = words("customer_status")
    gold = next(level.id for level in levels() if level.name == "金卡")
    add(shop, "甲", status_id=status[1].id, level_id=gold, gender="女", created_date=date(2025, 12, 31))
    add(shop, "乙", status_id=status[1].id, owner_id=shop.actor.operator_id)
    gone = add(shop, "丙", level_id=gold)
    delete_customers(shop.actor, customer_ids=[gone])
    assert [(s.name, s.count) for s in counts_by_status(shop.actor)] == [
        *((word.name, 2 if word is status[1] else 0) for word in status),
        ("未填写", 0),
    ]

    def shares(by: str) -> list[tuple[str, int]]:
        return [(share.name, share.count) for share in customer_composition(shop.actor, by)]

    assert shares("level") == [("金卡", 1), ("未填写", 1)]
    assert shares("month") == [("2025-12", 1), ("2026-03", 1)]
    assert shares("gender") == [("未填写", 1), ("女", 1)]
    assert dict(shares("owner")) == {shop.actor.name: 1, "未填写": 1}
    counts = customer_counts(shop.actor)
    assert (counts.total, counts.new_this_month, counts.in_bin) == (2, 1, 1)


def test_many_at_once_are_as_good_as_one_by_one(shop):
    rows = [
        CustomerInput("单晓", phone="138 0000 0001", card_number="7"),
        CustomerInput(phone="13800000002", code="x9"),
    ]
    ids = in_one_transaction(shop.actor, lambda work: add_many(work, rows))
    assert [customer_detail(shop.actor, one).code for one in ids] == ["C00001", "X9"]
    assert names(find_customers(shop.actor, "sx")) == names(find_customers(shop.actor, "0001")) == ["单晓"]
    assert customer_detail(shop.actor, add(shop, "后来")).code == "C00003"


def test_an_odd_address_is_asked_about_once_and_not_at_every_change(shop: OpenedShop) -> None:
    odd = CustomerInput(name="甲", email="wang.example")
    with pytest.raises(NeedsConfirmation, match="不像有效的地址") as asked:
        add_customer(shop.actor, customer=odd)
    customer_id = add_customer(shop.actor, customer=odd, confirmed=frozenset({asked.value.token}))
    change_customer(shop.actor, customer_id=customer_id, customer=replace(odd, notes="老客户"))
