"""The fields a shop adds to its customers: how they are set up, filled in, shown, found and kept."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.domains.custom_fields.models import CustomValue
from meiping.domains.custom_fields.queries import field_uses, fields_of, values_of, values_of_many
from meiping.domains.custom_fields.rules import (
    RENAME_CHOICES,
    CustomFieldInput,
    CustomFieldSpec,
    FieldKind,
    list_columns,
    parse_value,
    show_value,
)
from meiping.domains.custom_fields.service import (
    activate_field,
    add_field,
    arrange_fields,
    change_field,
    delete_field,
    store_values,
)
from meiping.domains.customers.conditions import Condition, Operator
from meiping.domains.customers.queries import (
    CustomerFilter,
    customer_changes,
    customer_columns,
    customer_detail,
    customer_list,
    find_customers,
)
from meiping.domains.customers.rules import KIND, CustomerInput
from meiping.domains.customers.service import (
    add_customer,
    add_many,
    change_customer,
    delete_customers,
    quick_add_customer,
    restore_customers,
)
from meiping.domains.settings.options import OPTION_BY_KEY
from meiping.domains.settings.service import save_options
from meiping.kernel.errors import InputError, NeedsConfirmation, PermissionDenied
from meiping.kernel.quantity import MAX_DECIMAL_MILLI
from meiping.kernel.tabular import Sort
from meiping.store.unit_of_work import in_one_transaction
from tests.shop import OpenedShop

TODAY = date(2026, 3, 16)


def field(shop: OpenedShop, title: str, kind: FieldKind = FieldKind.TEXT, *choices: str, **rest) -> int:
    wanted = CustomFieldInput(title, kind, choices, **rest)
    return add_field(shop.actor, record_kind=KIND, field=wanted)


def add(shop: OpenedShop, name: str, custom=None, **values) -> int:
    return add_customer(shop.actor, customer=CustomerInput(name, custom=custom or {}, **values))


def change(shop: OpenedShop, customer_id: int, custom=None, **values) -> int:
    from dataclasses import replace

    stands = customer_detail(shop.actor, customer_id=customer_id).as_input()
    wanted = replace(stands, **values) if custom is None else replace(stands, custom=custom, **values)
    return change_customer(shop.actor, customer_id=customer_id, customer=wanted)


def facts(shop: OpenedShop, customer_id: int) -> dict[str, str]:
    return dict(customer_detail(shop.actor, customer_id=customer_id).custom_facts)


def names(shop: OpenedShop, sort: Sort | None = None, *asked: Condition) -> list[str]:
    listing = customer_list(shop.actor, CustomerFilter(conditions=asked))
    return [row["name"] for row in listing.window(0, 100, sort)]


@pytest.fixture
def fields(shop):
    """One field of each kind, by kind."""
    return {
        kind: field(shop, kind.title, kind, *(("干", "油", "混合") if kind is FieldKind.CHOICE else ()))
        for kind in FieldKind
    }


# ---------------------------------------------------------------- filling in


def test_every_kind_is_filled_in_shown_listed_and_written_down(shop, fields):
    typed = {
        fields[FieldKind.TEXT]: " 喜欢茉莉花茶 ",
        fields[FieldKind.NUMBER]: "１,２34.5",
        fields[FieldKind.DATE]: "260101",
        fields[FieldKind.CHOICE]: "油",
        fields[FieldKind.YES]: "是",
    }
    who = add(shop, "甲", typed)
    shown = {"文字": "喜欢茉莉花茶", "数字": "1,234.5", "日期": "2026-01-01", "选项": "油", "是或否": "是"}
    assert facts(shop, who) == shown
    (row,) = customer_list(shop.actor).window(0, 10, None)
    columns = {column.title: column for column in customer_columns(shop.actor)}
    assert {title: columns[title].show(row[columns[title].key]) for title in shown} == shown
    assert change(shop, who, dict.fromkeys(fields.values())) == 5
    assert facts(shop, who) == dict.fromkeys(shown, "")
    log = {
        row["field"]: (row["old"], row["new"]) for row in customer_changes(shop.actor, who).window(0, 9, None)
    }
    assert log == {title: (word, "") for title, word in shown.items()}


def test_what_is_not_given_stays_and_nothing_changed_is_not_written_down(shop, fields):
    who = add(shop, "甲", {fields[FieldKind.TEXT]: "茶"})
    assert change(shop, who, {}) == 0
    assert change(shop, who, {fields[FieldKind.NUMBER]: 5}) == 1
    assert facts(shop, who)["文字"] == "茶"
    assert facts(shop, who)["数字"] == "0.005"


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        (FieldKind.NUMBER, "三斤", "不是数字"),
        (FieldKind.NUMBER, "1.2345", "最多 3 位小数"),
        (FieldKind.NUMBER, "9" * 20, "太大"),
        (FieldKind.DATE, "下个月", "看不懂"),
        (FieldKind.CHOICE, "中性", "从这些里选：干、油、混合"),
        (FieldKind.YES, "也许", "请填是或否"),
        (FieldKind.TEXT, "长" * 201, "太长"),
    ],
)
def test_what_cannot_be_understood_is_refused_beside_its_field(shop, fields, kind, typed, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        add(shop, "甲", {fields[kind]: typed})
    assert refused.value.field == f"custom_{fields[kind]}"
    assert names(shop) == []


def test_a_required_field_is_demanded_by_the_domain(shop):
    must = field(shop, "肤质", FieldKind.CHOICE, "干", "油", required=True)
    with pytest.raises(InputError, match="请填写肤质") as refused:
        add(shop, "甲")
    assert refused.value.field == f"custom_{must}"
    who = add(shop, "甲", {must: "干"})
    with pytest.raises(InputError, match="请填写肤质"):
        change(shop, who, {must: " "})
    assert change(shop, who, {}, keyword="老客") == 1


def test_nobody_waits_at_the_till_for_what_is_required(shop):
    field(shop, "肤质", required=True)
    save_options(shop.actor, values={"customers.required": ["city"]})
    assert facts(shop, quick_add_customer(shop.actor, text="13822017788")) == {"肤质": ""}


def test_the_shop_may_demand_more_of_the_customers_own_fields(shop):
    save_options(shop.actor, values={"customers.required": ["level_id", "city", "gender"]})
    with pytest.raises(InputError, match="请选择性别") as refused:
        add(shop, "甲", city="佛山", level_id=1)
    assert refused.value.field == "gender"
    add(shop, "乙", city="佛山", level_id=1, gender="女")
    add(shop, "丙公司", city="佛山", level_id=1, firm=True)
    with pytest.raises(InputError, match="请填写城市"):
        add(shop, "丁", city=" ", level_id=1, gender="男")
    with pytest.raises(InputError, match="从列表中选择"):
        save_options(shop.actor, values={"customers.required": ["deleted_at"]})


def test_what_may_be_demanded_has_the_titles_of_the_form():
    from meiping.domains.customers.rules import FIELD_TITLES, INPUT_FIELDS

    for key, title in OPTION_BY_KEY["customers.required"].choices:
        assert key in INPUT_FIELDS
        assert key == "name" or FIELD_TITLES[key.removesuffix("_id")] == title


# ---------------------------------------------------------------- finding


def test_words_numbers_and_days_are_found_by_the_quick_search(shop, fields):
    add(shop, "甲", {fields[FieldKind.TEXT]: "喜欢茉莉花茶", fields[FieldKind.CHOICE]: "混合"})
    add(shop, "乙", {fields[FieldKind.NUMBER]: "88888", fields[FieldKind.DATE]: "2026-01-05"})
    for typed, name in {"茉莉": "甲", "mlh": "甲", "混合": "甲", "88888": "乙", "20260105": "乙"}.items():
        assert [hit.name for hit in find_customers(shop.actor, typed)] == [name], typed


def test_the_end_of_a_long_text_is_found_too(shop, fields):
    add(shop, "甲", {fields[FieldKind.TEXT]: "很" * 180 + "爱喝龙井"})
    assert [hit.name for hit in find_customers(shop.actor, "龙井")] == ["甲"]


def test_a_customer_back_from_the_bin_is_found_by_own_fields(shop, fields):
    who = add(shop, "甲", {fields[FieldKind.TEXT]: "茉莉"})
    delete_customers(shop.actor, customer_ids=[who])
    assert find_customers(shop.actor, "茉莉") == []
    restore_customers(shop.actor, customer_ids=[who])
    assert [hit.name for hit in find_customers(shop.actor, "茉莉")] == ["甲"]


def test_every_kind_is_searched_and_sorted(shop, fields):
    text, number, day, choice, yes = (fields[kind] for kind in FieldKind)
    add(shop, "甲", {number: "10", day: "2026-01-05", choice: "油", yes: "否", text: "b"})
    add(shop, "乙", {number: "9", day: "2026-02-05", choice: "干", yes: "是", text: "a"})
    add(shop, "丙")

    def ask(field_id, operator, *values):
        return names(shop, Sort("name"), Condition(f"custom_{field_id}", operator, values))

    assert ask(number, Operator.BETWEEN, "9.5", None) == ["甲"]
    assert ask(day, Operator.BETWEEN, None, date(2026, 1, 31)) == ["甲"]
    assert ask(choice, Operator.ONE_OF, "干", "油") == ["甲", "乙"]
    assert ask(choice, Operator.ONE_OF, "干", 0) == ["丙", "乙"]
    assert ask(yes, Operator.EQUALS, False) == ["甲"]
    assert ask(yes, Operator.EMPTY) == ["丙"]
    assert ask(text, Operator.CONTAINS, "A") == ["乙"]
    assert ask(text, Operator.NOT_EMPTY) == ["甲", "乙"]
    for field_id, order in {number: "丙乙甲", day: "丙甲乙", text: "丙乙甲", yes: "丙甲乙"}.items():
        assert "".join(names(shop, Sort(f"custom_{field_id}"))) == order
    assert names(shop, Sort(f"custom_{choice}", descending=True))[:2] == ["甲", "乙"]


def test_many_customers_come_with_their_values(shop, fields):
    text = fields[FieldKind.TEXT]
    rows = [CustomerInput(f"客{i}", custom={text: f"值{i}"} if i % 2 else {}) for i in range(450)]
    ids = in_one_transaction(shop.actor, lambda work: add_many(work, rows))
    found = values_of_many(KIND, ids)
    assert len(found) == 225
    assert found[ids[1]] == {text: "值1"}
    assert [hit.name for hit in find_customers(shop.actor, "值449")] == ["客449"]


# ---------------------------------------------------------------- setting up


def test_fields_are_renamed_arranged_and_taken_out_of_use(shop):
    first, second = field(shop, "肤质"), field(shop, "发质", in_list=True)
    who = add(shop, "甲", {first: "干", second: "硬"})
    change_field(shop.actor, field_id=first, field=CustomFieldInput("皮肤", FieldKind.TEXT))
    arrange_fields(shop.actor, record_kind=KIND, ids=[second, first])
    assert list(facts(shop, who).items()) == [("发质", "硬"), ("皮肤", "干")]
    columns = {c.title: c.hidden for c in customer_columns(shop.actor) if c.key.startswith("custom_")}
    assert columns == {"发质": False, "皮肤": True}
    activate_field(shop.actor, field_id=first, active=False)
    assert facts(shop, who) == {"发质": "硬"}
    assert change(shop, who, {second: "软"}) == 1
    with pytest.raises(InputError, match="停用或删除"):
        change(shop, who, {first: "油"})
    activate_field(shop.actor, field_id=first, active=True)
    assert facts(shop, who) == {"发质": "软", "皮肤": "干"}


@pytest.mark.parametrize("title", ["肤质", " 肤质 ", "", "电话"])
def test_a_title_is_given_once(shop, title):
    field(shop, "肤质")
    with pytest.raises(InputError) as refused:
        field(shop, title)
    assert refused.value.field == "title"


def test_a_kind_cannot_change_once_somebody_has_a_value(shop):
    skin = field(shop, "肤质")
    change_field(shop.actor, field_id=skin, field=CustomFieldInput("肤质", FieldKind.NUMBER))
    add(shop, "甲", {skin: "5"})
    with pytest.raises(InputError, match="已有 1 条记录填了“肤质”，类型不能再改") as refused:
        change_field(shop.actor, field_id=skin, field=CustomFieldInput("肤质", FieldKind.TEXT))
    assert refused.value.field == "kind"
    with pytest.raises(InputError, match="不能删除"):
        delete_field(shop.actor, field_id=skin)


def test_a_field_nobody_uses_is_deleted(shop):
    delete_field(shop.actor, field_id=field(shop, "肤质"))
    assert fields_of(KIND, with_inactive=True) == []


def test_a_choice_renamed_is_renamed_where_it_was_chosen_and_found_by_its_new_word(shop):
    skin = field(shop, "肤质", FieldKind.CHOICE, "干", "油")
    who, other = add(shop, "甲", {skin: "干"}), add(shop, "乙", {skin: "油"})
    swapped = CustomFieldInput("肤质", FieldKind.CHOICE, ("油", "干性"), renamed={"干性": "干"})
    with pytest.raises(NeedsConfirmation, match="1 条记录") as asked:
        change_field(shop.actor, field_id=skin, field=swapped)
    change_field(shop.actor, field_id=skin, field=swapped, confirmed=frozenset({asked.value.token}))
    assert (facts(shop, who), facts(shop, other)) == ({"肤质": "干性"}, {"肤质": "油"})
    assert [hit.name for hit in find_customers(shop.actor, "干性")] == ["甲"]


def test_two_choices_may_change_their_words(shop):
    skin = field(shop, "肤质", FieldKind.CHOICE, "干", "油")
    who, other = add(shop, "甲", {skin: "干"}), add(shop, "乙", {skin: "油"})
    swapped = CustomFieldInput("肤质", FieldKind.CHOICE, ("干", "油"), renamed={"干": "油", "油": "干"})
    change_field(shop.actor, field_id=skin, field=swapped, confirmed=frozenset({RENAME_CHOICES}))
    assert (facts(shop, who), facts(shop, other)) == ({"肤质": "油"}, {"肤质": "干"})


def test_a_choice_taken_out_stays_where_it_was_chosen(shop):
    skin = field(shop, "肤质", FieldKind.CHOICE, "干", "油")
    who = add(shop, "甲", {skin: "干"})
    change_field(shop.actor, field_id=skin, field=CustomFieldInput("肤质", FieldKind.CHOICE, ("油",)))
    assert change(shop, who, {skin: "干"}, keyword="老客") == 1
    assert facts(shop, who) == {"肤质": "干"}
    with pytest.raises(InputError, match="没有“干”"):
        add(shop, "乙", {skin: "干"})


@pytest.mark.parametrize("choices", [(), (" ",), ("干", "干 ")])
def test_a_choice_needs_different_words(shop, choices):
    with pytest.raises(InputError) as refused:
        field(shop, "肤质", FieldKind.CHOICE, *choices)
    assert refused.value.field == "choices"


def test_the_page_is_told_how_much_a_field_is_used(shop, fields):
    add(shop, "甲", {fields[FieldKind.TEXT]: "茶"})
    used = {use.spec.kind: use.used for use in field_uses(shop.actor, KIND)}
    assert used == {kind: int(kind is FieldKind.TEXT) for kind in FieldKind}
    with pytest.raises(PermissionDenied):
        field_uses(shop.as_role("业务员"), KIND)


def test_fields_of_another_kind_of_record_stay_apart(shop):
    mine = field(shop, "肤质")
    other = add_field(shop.actor, record_kind="contact", field=CustomFieldInput("肤质", FieldKind.TEXT))
    who = add(shop, "甲", {mine: "干"})
    in_one_transaction(shop.actor, lambda work: store_values(work, "contact", who, {other: "属鼠"}))
    assert values_of(KIND, who) == {mine: "干"}
    assert values_of("contact", who) == {other: "属鼠"}


# ---------------------------------------------------------------- always


def _spec(kind: FieldKind) -> CustomFieldSpec:
    return CustomFieldSpec(7, KIND, "字段", kind, ("甲", "乙 丙", "Ａ"))


_STORED = {
    FieldKind.TEXT: st.text(max_size=60).map(
        lambda text: parse_value(_spec(FieldKind.TEXT), text, today=TODAY)
    ),
    FieldKind.NUMBER: st.integers(-MAX_DECIMAL_MILLI, MAX_DECIMAL_MILLI),
    FieldKind.DATE: st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    FieldKind.CHOICE: st.sampled_from(_spec(FieldKind.CHOICE).choices),
    FieldKind.YES: st.booleans(),
}
_ANY = st.sampled_from(FieldKind).flatmap(lambda kind: st.tuples(st.just(kind), _STORED[kind]))


@given(_ANY)
def test_what_is_shown_can_be_typed_again(pair):
    kind, value = pair
    assert parse_value(_spec(kind), show_value(value), today=TODAY) == value
    assert parse_value(_spec(kind), value, today=TODAY) == value


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3))
def test_a_number_is_exact_to_three_decimals(number):
    milli = parse_value(_spec(FieldKind.NUMBER), f" {number:,} ", today=TODAY)
    assert isinstance(milli, int)
    assert Decimal(milli) == number * 1000


def test_values_come_back_from_the_file_as_they_went_in(shop, fields):
    who = add(shop, "甲")
    kinds = {field_id: kind for kind, field_id in fields.items()}

    @given(st.fixed_dictionaries({f: st.none() | _STORED[kind] for f, kind in kinds.items()}))
    def round_trip(values):
        in_one_transaction(shop.actor, lambda work: store_values(work, KIND, who, values))
        kept = {key: value for key, value in values.items() if value is not None}
        assert values_of(KIND, who) == kept
        assert CustomValue.select().count() == len(kept)

    round_trip()


def test_columns_of_fields_out_of_use_are_not_offered():
    specs = [_spec(FieldKind.TEXT), CustomFieldSpec(8, KIND, "停", FieldKind.TEXT, active=False)]
    assert [column.key for column in list_columns(specs)] == ["custom_7"]
