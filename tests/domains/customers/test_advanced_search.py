"""The advanced search: any field, several salespersons, ranges, the shop's own fields; searches kept by name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.domains.custom_fields.rules import CustomFieldInput, FieldKind
from meiping.domains.custom_fields.service import activate_field, add_field
from meiping.domains.customers.conditions import (
    OPERATORS,
    OWN_FIELDS,
    Condition,
    Operator,
    check_condition,
    dump_conditions,
    load_conditions,
)
from meiping.domains.customers.queries import (
    CustomerFilter,
    customer_list,
    describe_conditions,
    search_choices,
    search_fields,
)
from meiping.domains.customers.rules import NOT_FILLED, CustomerInput
from meiping.domains.customers.searches import delete_search, rename_search, save_search, saved_searches
from meiping.domains.customers.service import add_customer
from meiping.domains.settings.models import SavedSearch
from meiping.domains.settings.queries import levels
from meiping.domains.settings.saved_searches import REPLACE_SEARCH
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound
from tests.shop import OpenedShop


def add(shop: OpenedShop, name: str, **values) -> int:
    return add_customer(shop.actor, customer=CustomerInput(name=name, **values))


def found(shop: OpenedShop, *asked: Condition, actor=None) -> list[str]:
    rows = customer_list(actor or shop.actor, CustomerFilter(conditions=asked)).window(0, 100, None)
    return sorted(row["name"] for row in rows)


def ask(field: str, operator: Operator, *values) -> Condition:
    return Condition(field, operator, values)


@pytest.fixture
def four(shop):
    """Four customers of two salespersons."""
    zhou = shop.add_operator("小周", "店长").operator_id
    li = shop.add_operator("小李", "店长").operator_id
    gold = levels()[-1].id
    add(shop, "甲", owner_id=zhou, phone="13822017788", city="佛山", credit_limit_fen=100_00)
    add(shop, "乙", owner_id=li, created_date=date(2026, 1, 5), level_id=gold, notes="VIP 老客")
    add(shop, "丙", owner_id=li, created_date=date(2026, 2, 1), gender="女", birth_date=date(1990, 5, 1))
    add(shop, "丁", card_number="880042", address="100%纯棉路", firm=True)
    return {"zhou": zhou, "li": li, "gold": gold}


# ---------------------------------------------------------------- asking


def test_several_salespersons_at_once_and_those_nobody_looks_after(shop, four):
    assert found(shop, ask("owner", Operator.ONE_OF, four["zhou"], four["li"])) == ["丙", "乙", "甲"]
    assert found(shop, ask("owner", Operator.ONE_OF, four["zhou"], NOT_FILLED)) == ["丁", "甲"]
    assert found(shop, ask("owner", Operator.EMPTY)) == ["丁"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (ask("city", Operator.CONTAINS, "佛"), ["甲"]),
        (ask("notes", Operator.CONTAINS, "vip"), ["乙"]),
        (ask("address", Operator.CONTAINS, "100%"), ["丁"]),
        (ask("address", Operator.CONTAINS, "%棉_"), []),
        (ask("phone", Operator.CONTAINS, "２０１-77"), ["甲"]),
        (ask("phone", Operator.EQUALS, "138 2201 7788"), ["甲"]),
        (ask("card_number", Operator.EQUALS, "880042"), ["丁"]),
        (ask("card_number", Operator.EMPTY), ["丙", "乙", "甲"]),
        (ask("created_date", Operator.BETWEEN, date(2026, 1, 5), date(2026, 2, 1)), ["丙", "乙"]),
        (ask("created_date", Operator.BETWEEN, None, date(2026, 1, 31)), ["乙"]),
        (ask("created_date", Operator.EQUALS, "260105"), ["乙"]),
        (ask("credit_limit_fen", Operator.BETWEEN, "５０", None), ["甲"]),
        (ask("credit_limit_fen", Operator.NOT_EMPTY), ["甲"]),
        (ask("gender", Operator.ONE_OF, "女"), ["丙"]),
        (ask("birth_date", Operator.NOT_EMPTY), ["丙"]),
        (ask("firm", Operator.EQUALS, True), ["丁"]),
        (ask("last_contact_at", Operator.EMPTY), ["丁", "丙", "乙", "甲"]),
    ],
)
def test_any_field_is_searched(shop, four, condition, names):
    assert found(shop, condition) == names


def test_all_conditions_must_be_met(shop, four):
    his = ask("owner", Operator.ONE_OF, four["li"])
    assert found(shop, his, ask("level", Operator.ONE_OF, four["gold"])) == ["乙"]
    assert found(shop, his, ask("city", Operator.CONTAINS, "佛山")) == []


def test_every_field_takes_every_operator_it_offers(shop, four):
    samples = {"text": "a", "phone": "1", "money": 1, "number": 1, "quantity": 1, "yes": True}
    for field in search_fields(shop.actor):
        for operator in field.operators:
            value = date(2026, 1, 1) if field.kind.value == "date" else samples.get(field.kind.value, 1)
            found(shop, ask(field.key, operator, value))


def test_a_salesperson_finds_own_customers_only(shop, four):
    clerk = shop.as_role("业务员")
    add_customer(clerk, customer=CustomerInput("戊"))
    assert found(shop, ask("firm", Operator.EQUALS, False), actor=clerk) == ["戊"]
    assert [word for _value, word in search_choices(clerk, field="owner")] == [clerk.name, "未填写"]


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (ask("custom_99", Operator.CONTAINS, "x"), "已经没有了"),
        (ask("deleted_by", Operator.CONTAINS, "x"), "已经没有了"),
        (ask("firm", Operator.CONTAINS, "x"), "不能用“包含”来查"),
        (ask("created_date", Operator.BETWEEN, "下周", None), "看不懂"),
        (ask("created_date", Operator.BETWEEN, None, None), "至少一端"),
        (ask("credit_limit_fen", Operator.EQUALS, "很多"), "不是数字"),
        (ask("name", Operator.CONTAINS, " "), "请填写要查的客户"),
        (ask("owner", Operator.ONE_OF), "请选择要查的业务员"),
        (ask("phone", Operator.CONTAINS, "无"), "没有数字"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(shop, condition, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        found(shop, condition)
    assert refused.value.field == condition.field


def test_ends_the_wrong_way_round_are_turned(shop, four):
    assert found(shop, ask("created_date", Operator.BETWEEN, date(2026, 2, 1), date(2026, 1, 5))) == [
        "丙",
        "乙",
    ]


def test_conditions_are_said_in_words(shop, four):
    asked = [
        ask("owner", Operator.ONE_OF, four["zhou"], four["li"]),
        ask("created_date", Operator.BETWEEN, date(2026, 1, 5), None),
        ask("credit_limit_fen", Operator.BETWEEN, 100_00, 200_00),
        ask("city", Operator.CONTAINS, "佛"),
        ask("email", Operator.EMPTY),
        ask("firm", Operator.EQUALS, False),
    ]
    assert describe_conditions(shop.actor, conditions=asked) == [
        "业务员：小周、小李",
        "建档日期不小于 2026-01-05",
        "信用额度 ¥100.00 至 ¥200.00",
        "城市包含“佛”",
        "邮箱未填写",
        "单位是“否”",
    ]


def test_a_field_out_of_use_can_no_longer_be_asked(shop):
    field_id = add_field(shop.actor, record_kind="customer", field=CustomFieldInput("肤质", FieldKind.TEXT))
    asked = ask(f"custom_{field_id}", Operator.CONTAINS, "油")
    assert found(shop, asked) == []
    activate_field(shop.actor, field_id=field_id, active=False)
    with pytest.raises(InputError, match="已经没有了"):
        found(shop, asked)


# ---------------------------------------------------------------- keeping

_VALUES = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=20) | st.dates()
_CONDITIONS = st.builds(
    Condition, st.text(max_size=12), st.sampled_from(Operator), st.lists(_VALUES, max_size=4).map(tuple)
)


@given(st.lists(_CONDITIONS, max_size=5).map(tuple))
def test_conditions_come_back_as_they_were_kept(conditions):
    back = load_conditions(dump_conditions(conditions))
    assert back == conditions
    assert [[type(v) for v in c.values] for c in back] == [[type(v) for v in c.values] for c in conditions]


@given(_CONDITIONS)
def test_a_condition_is_refused_or_stays_the_same_once_checked(condition):
    for field in OWN_FIELDS:
        try:
            checked = check_condition(condition, field, today=date(2026, 3, 16))
        except InputError:
            continue
        assert check_condition(checked, field, today=date(2026, 3, 16)) == checked
        assert checked.operator in OPERATORS[field.kind]


@pytest.mark.parametrize(
    "text", ["", "x", "1", "[1]", '[{"field":"a","operator":"no","values":[]}]', "[{}]", '[{"field":"a"}]']
)
def test_a_kept_search_that_cannot_be_read_is_told(text):
    with pytest.raises(InputError, match="读不出来"):
        load_conditions(text)


def test_a_search_is_kept_replaced_renamed_and_deleted(shop, four):
    first = (ask("city", Operator.CONTAINS, "佛山"),)
    search_id = save_search(shop.actor, name=" 佛山客户 ", conditions=first)
    second = (ask("gender", Operator.ONE_OF, "女"),)
    with pytest.raises(NeedsConfirmation) as asked:
        save_search(shop.actor, name="佛山客户", conditions=second)
    assert asked.value.token == REPLACE_SEARCH
    again = save_search(shop.actor, name="佛山客户", conditions=second, confirmed=frozenset({REPLACE_SEARCH}))
    assert again == search_id
    assert [(kept.name, kept.conditions) for kept in saved_searches(shop.actor)] == [("佛山客户", second)]
    rename_search(shop.actor, search_id=search_id, name="女客")
    assert found(shop, *saved_searches(shop.actor)[0].conditions) == ["丙"]
    delete_search(shop.actor, search_id=search_id)
    assert saved_searches(shop.actor) == []


def test_nobody_sees_or_touches_anothers_searches(shop):
    mine = save_search(shop.actor, name="我的", conditions=[ask("city", Operator.CONTAINS, "佛山")])
    other = shop.as_role("店长")
    save_search(other, name="我的", conditions=[ask("city", Operator.CONTAINS, "广州")])
    assert len(saved_searches(other)) == 1
    with pytest.raises(NotFound):
        rename_search(other, search_id=mine, name="x")
    with pytest.raises(NotFound):
        delete_search(other, search_id=mine)


def test_nothing_to_search_for_is_not_kept(shop):
    with pytest.raises(InputError, match="还没有查找条件"):
        save_search(shop.actor, name="空", conditions=[])
    with pytest.raises(InputError, match="名称"):
        save_search(shop.actor, name=" ", conditions=[ask("city", Operator.EMPTY)])


def test_two_names_cannot_become_one(shop):
    one = [ask("city", Operator.EMPTY)]
    save_search(shop.actor, name="甲", conditions=one)
    second = save_search(shop.actor, name="乙", conditions=one)
    with pytest.raises(InputError, match="已经有"):
        rename_search(shop.actor, search_id=second, name="甲")


def test_a_broken_kept_search_does_not_hide_the_others(shop):
    search_id = save_search(shop.actor, name="甲", conditions=[ask("city", Operator.EMPTY)])
    save_search(shop.actor, name="乙", conditions=[ask("city", Operator.EMPTY)])
    SavedSearch.update(conditions="?").where(SavedSearch.id == search_id).execute()
    assert [bool(kept.conditions) for kept in saved_searches(shop.actor)] == [False, True]
