"""Sheets of customers as people have them: understood, taken in whole or not at all, and taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meiping.adapters.excel import write_workbook
from meiping.adapters.sheets import read_pasted, read_sheet
from meiping.adapters.text_table import write_text_table
from meiping.domains.access.service import save_role
from meiping.domains.contacts.rules import ContactInput
from meiping.domains.contacts.service import add_contact
from meiping.domains.custom_fields.rules import CustomFieldInput, FieldKind
from meiping.domains.custom_fields.service import add_field
from meiping.domains.customers.queries import customer_detail, find_customers
from meiping.domains.customers.service import change_customer, delete_customers
from meiping.domains.ledger.queries import balances_in, statement
from meiping.domains.settings.service import save_options
from meiping.domains.stewardship.exports import customer_export, template
from meiping.domains.stewardship.import_fields import ImportKind
from meiping.domains.stewardship.import_queries import (
    import_batches,
    preview_import,
    understand,
)
from meiping.domains.stewardship.import_rules import (
    IMPORT_AGAIN,
    Action,
    Duplicates,
    ImportOptions,
    ImportResult,
    MatchBy,
    Mode,
)
from meiping.domains.stewardship.import_tables import left_out_table
from meiping.domains.stewardship.import_undo import UNDO_IMPORT, undo_import
from meiping.domains.stewardship.imports import import_sheet
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import Cancelled, NeedsConfirmation, UserError
from meiping.kernel.sheet import SheetRows
from meiping.store.database import fetch, fetch_value
from tests.factories import add_customer, recharge
from tests.shop import OpenedShop
from tests.whole_file import contents, faults

UPDATING = ImportOptions(duplicates=Duplicates.UPDATE)
AGAIN = frozenset({IMPORT_AGAIN})


def pasted(text: str) -> SheetRows:
    """Cells parted by bars, rows by lines, as from the clipboard."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return read_pasted("\n".join("\t".join(cell.strip() for cell in line.split("|")) for line in lines))


def take_in(
    actor: Actor, sheet: SheetRows, options: ImportOptions | None = None, **values: Any
) -> ImportResult:
    kind = values.pop("kind", ImportKind.CUSTOMERS)
    known = understand(actor, kind=kind, sheet=sheet)
    return import_sheet(
        actor,
        kind=kind,
        sheet=sheet,
        header=known.header,
        mapped=known.mapped,
        options=options or ImportOptions(),
        **values,
    )


def remarks(result: ImportResult) -> dict[int, str]:
    return {one.number: one.remark for one in result.outcomes if one.remark}


def undo(actor: Actor, result: ImportResult) -> str:
    assert result.batch_id is not None
    return undo_import(actor, batch_id=result.batch_id, confirmed=frozenset({UNDO_IMPORT}))


def customer_tables() -> dict[str, Any]:
    """All that is kept of customers, and the words they are found by."""
    tables = contents()
    kept = ("customer", "contact", "contact_record", "custom_value", "dictionary_item", "level")
    words = sorted(
        fetch(
            "SELECT e.kind, e.record_id, w.terms FROM search_entry e JOIN search_words w ON w.entry_id = e.id"
        )
    )
    return {**{name: tables[name] for name in kept}, "search": words}


def test_what_the_shop_demands_is_told_before_anything_is_written(shop: OpenedShop) -> None:
    save_options(shop.actor, values={"customers.required": ["city"]})
    sheet = pasted("客户|手机|城市\n王芳|13800138000|\n李四|13800138001|深圳")
    known = understand(shop.actor, kind=ImportKind.CUSTOMERS, sheet=sheet)
    plan = preview_import(
        shop.actor,
        kind=known.kind,
        sheet=sheet,
        header=known.header,
        mapped=known.mapped,
        options=ImportOptions(),
    )
    assert [(one.number, one.action, one.problems) for one in plan.outcomes] == [
        (2, Action.REFUSE, (("城市", "请填写城市。"),)),
        (3, Action.CREATE, ()),
    ]
    assert take_in(shop.actor, sheet).created == 1


def test_headings_in_the_shops_own_words_are_understood(shop: OpenedShop) -> None:
    sheet = pasted(
        "会员资料\n会员姓名*|手机号码|固定电话|会员等级|出生日期|余额|联系人|职务|公司|序号\n王芳|1|2|金卡|1990-1-2|3|王|店员|x|1"
    )
    known = understand(shop.actor, kind=ImportKind.CUSTOMERS, sheet=sheet)
    assert known.header == 1
    assert list(known.mapped.values()) == [
        "name", "phone", "phone2", "level_id", "birth_date", "opening.stored", "contact.name", "contact.post",
    ]  # fmt: skip


def test_a_heading_that_its_cells_contradict_is_left_alone(shop: OpenedShop) -> None:
    sheet = pasted("单位|电话\n阳光超市|13800138000\n红星饭店|13800138001")
    assert "firm" not in understand(shop.actor, kind=ImportKind.CUSTOMERS, sheet=sheet).mapped.values()


@pytest.mark.parametrize("text", ["王芳|13800138000\n李四|13800138001", "客户|电话"])
def test_a_sheet_without_headings_or_rows_is_refused(shop: OpenedShop, text: str) -> None:
    with pytest.raises(UserError, match="标题"):
        understand(shop.actor, kind=ImportKind.CUSTOMERS, sheet=pasted(text))


def test_cells_as_spreadsheets_make_them_become_what_was_meant(shop: OpenedShop) -> None:
    sheet = pasted(
        "客户|手机|生日|建档日期|信用额度|等级|性别|卡号\n"
        "王芳|１３８ ００１３ ８０００|33000|2025/1/2|￥1,200.50元|金卡|女|0012\n"
        "李四|13800138001.0|1990年5月1日|45658|300|普通||"
    )
    result = take_in(shop.actor, sheet)
    assert remarks(result) == {}
    first, second = (customer_detail(shop.actor, customer_id=number) for number in (1, 2))
    assert (first.phone, first.birth_date, first.credit_limit_fen) == (
        "13800138000",
        date(1990, 5, 7),
        120_050,
    )
    assert (first.level, first.card_number, first.created_date) == ("金卡", "0012", date(2025, 1, 2))
    assert (second.phone, second.birth_date, second.created_date) == (
        "13800138001",
        date(1990, 5, 1),
        date(2025, 1, 1),
    )
    assert [hit.name for hit in find_customers(shop.actor, "wangf")] == ["王芳"]
    assert faults() == []


def test_rows_that_can_not_be_understood_come_back_with_their_reasons(shop: OpenedShop) -> None:
    sheet = pasted(
        "客户|电话|生日|等级|业务员\n好的|13800138000|||\n甲|abc|||\n乙||昨年||\n丙|||铂金|\n丁||||没有的人\n|||金卡|"
    )
    result = take_in(shop.actor, sheet)
    assert (result.created, len(result.left_out)) == (1, 5)
    said = remarks(result)
    for number, word in (
        (3, "不是电话"),
        (4, "生日"),
        (5, "等级里没有“铂金”"),
        (6, "业务员"),
        (7, "名称或电话"),
    ):
        assert word in said[number]
    table = left_out_table(sheet, 0, result.left_out)
    assert [row["number"] for row in table.rows] == [3, 4, 5, 6, 7]
    assert table.rows[0]["c0"] == "甲"
    assert "不是电话" in table.rows[0]["remark"]


def test_unknown_words_are_made_if_so_wished_and_only_those_needed(shop: OpenedShop) -> None:
    sheet = pasted("客户|来源|等级|电话\n甲|小红书|铂金|\n乙|小红书|铂金|\n丙|不会有|普通|abc")
    result = take_in(shop.actor, sheet, ImportOptions(create_words=True))
    assert result.created == 2
    detail = customer_detail(shop.actor, customer_id=2)
    assert (detail.source, detail.level) == ("小红书", "铂金")
    assert fetch_value("SELECT count(*) FROM dictionary_item WHERE name = '不会有'") == 0


def test_a_customer_there_already_is_passed_over_updated_or_added(shop: OpenedShop) -> None:
    first = add_customer(shop, name="王芳", phone="13800138000")
    sheet = pasted("客户|电话|地址\n王芳|13800138000|花园街")
    skipped = take_in(shop.actor, sheet)
    assert (skipped.batch_id, remarks(skipped)) == (None, {2: "电话与客户“王芳”相同。"})
    updated = take_in(shop.actor, sheet, UPDATING)
    assert updated.updated == 1
    assert customer_detail(shop.actor, customer_id=first).address == "花园街"
    same = take_in(shop.actor, sheet, UPDATING, confirmed=AGAIN)
    assert (same.batch_id, same.same) == (None, 1)
    added = take_in(shop.actor, sheet, ImportOptions(duplicates=Duplicates.ADD), confirmed=AGAIN)
    assert added.created == 1
    both = take_in(
        shop.actor, sheet, ImportOptions(match_by=MatchBy.NAME_PHONE, mode=Mode.UPDATE), confirmed=AGAIN
    )
    assert "2 位客户" in remarks(both)[2]
    assert faults() == []


def test_an_update_that_gives_another_name_says_so(shop: OpenedShop) -> None:
    who = add_customer(shop, name="侯语子", phone="13800138000")
    result = take_in(shop.actor, pasted("客户|电话\n侯语子二|13800138000"), UPDATING)
    assert remarks(result) == {2: "名称“侯语子”会改为“侯语子二”。"}
    assert customer_detail(shop.actor, customer_id=who).name == "侯语子二"


def test_codes_and_cards_are_never_given_twice(shop: OpenedShop) -> None:
    add_customer(shop, name="有卡", card_number="8001", code="V1")
    gone = add_customer(shop, name="已删", card_number="8002")
    delete_customers(shop.actor, customer_ids=[gone])
    sheet = pasted("客户|编号|卡号\n甲|V1|\n乙||8001\n丙||8002\n丁|C00003|\n戊||\n己|N1|9\n庚|N1|\n辛||9")
    result = take_in(shop.actor, sheet, ImportOptions(duplicates=Duplicates.ADD))
    assert sorted(remarks(result)) == [2, 3, 4, 8, 9]
    assert "回收站" in remarks(result)[4]
    assert result.created == 3
    assert len({code for (code,) in fetch("SELECT code FROM customer")}) == 5


def test_contacts_opening_money_and_fields_of_the_shops_own_come_along(shop: OpenedShop) -> None:
    add_field(shop.actor, record_kind="customer", field=CustomFieldInput("鞋码", FieldKind.NUMBER))
    sheet = pasted(
        "客户|是否单位|联系人|职务|联系人手机|期初储值|期初欠款|积分|鞋码\n"
        "阳光超市|是|小王|经理|13800138000|100.50|20|350|38.5"
    )
    result = take_in(shop.actor, sheet)
    assert remarks(result) == {}
    money = balances_in(shop.company_id, 1)
    assert (money.stored_fen, money.debt_fen) == (10_050, 2_000)
    assert customer_detail(shop.actor, customer_id=1).points == 350
    assert statement(shop.actor, customer_id=1).rows[0]["kind"] == "期初"
    assert fetch("SELECT name, post, mobile, main FROM contact") == [("小王", "经理", "13800138000", 1)]
    assert list(customer_detail(shop.actor, customer_id=1).custom.values()) == [38_500]
    assert faults() == []


def test_history_finds_its_customers(shop: OpenedShop) -> None:
    add_customer(shop, name="王芳", phone="13800138000")
    add_customer(shop, name="同名")
    add_customer(shop, name="同名")
    sheet = pasted(
        "客户|电话|联系时间|联系类型|联系内容|下次联系\n"
        "王芳|13800138000|2026-01-05 10:30|业务联系|谈好了|2026-04-01\n"
        "王芳||2026/2/1|客户回访|满意|\n同名||2026-02-01||哪一位|\n没有||2026-02-01||谁|\n王芳||2030-01-01||以后|"
    )
    before = customer_tables()
    result = take_in(shop.actor, sheet, kind=ImportKind.RECORDS)
    assert (result.created, sorted(remarks(result))) == (2, [4, 5, 6])
    detail = customer_detail(shop.actor, customer_id=1)
    assert detail.first_contact_at is not None
    assert detail.last_contact_at is not None
    assert detail.first_contact_at < detail.last_contact_at
    undo(shop.actor, result)
    assert customer_tables() == before
    assert faults() == []


def test_the_same_file_is_asked_about_and_a_taken_back_one_is_not(shop: OpenedShop) -> None:
    sheet = pasted("客户|电话\n甲|13800138000")
    result = take_in(shop.actor, sheet)
    with pytest.raises(NeedsConfirmation, match="已经导入过"):
        take_in(shop.actor, sheet)
    undo(shop.actor, result)
    assert take_in(shop.actor, sheet).created == 1
    assert [row["state"] for row in import_batches(shop.actor).rows] == ["", "已于 2026-03-16 09:00 撤销"]


def test_columns_chosen_by_hand_are_remembered(shop: OpenedShop) -> None:
    sheet = pasted("甲栏|乙栏\n王芳|花园街")
    mapped = {0: "name", 1: "address"}
    import_sheet(
        shop.actor, kind=ImportKind.CUSTOMERS, sheet=sheet, header=0, mapped=mapped, options=ImportOptions()
    )
    known = understand(shop.actor, kind=ImportKind.CUSTOMERS, sheet=pasted("甲栏|乙栏\n李四|人民路"))
    assert (known.mapped, known.remembered) == (mapped, True)


def test_cancelling_half_way_leaves_nothing(shop: OpenedShop) -> None:
    class StopWhileWriting:
        def report(self, done: int, total: int, what: str = "") -> None:
            if "写入" in what and done:
                raise Cancelled

    sheet = pasted("客户\n" + "\n".join(f"客{n}" for n in range(500)))
    before = contents()
    with pytest.raises(Cancelled):
        take_in(shop.actor, sheet, progress=StopWhileWriting())
    assert contents() == before


def test_an_import_taken_back_leaves_the_file_as_it_was(shop: OpenedShop) -> None:
    add_customer(shop, name="王芳", phone="13800138000", address="旧街", owner_id=shop.actor.operator_id)
    before = customer_tables()
    sheet = pasted(
        "客户|电话|地址|来源|联系人|等级\n王芳|13800138000|新街|小红书|小王|金卡\n新人|13800138001|人民路|小红书|小李|"
    )
    result = take_in(shop.actor, sheet, ImportOptions(duplicates=Duplicates.UPDATE, create_words=True))
    assert (result.created, result.updated) == (1, 1)
    assert undo(shop.actor, result).startswith("已撤销导入")
    assert customer_tables() == before
    assert faults() == []
    with pytest.raises(UserError, match="已经在"):
        undo(shop.actor, result)


def test_opening_money_is_taken_back_by_counter_entries(shop: OpenedShop) -> None:
    sheet = pasted("客户|电话|卡号|编号|期初储值\n甲|13800138000|8001|V1|100")
    undo(shop.actor, take_in(shop.actor, sheet))
    assert balances_in(shop.company_id, 1).stored_fen == 0
    assert take_in(shop.actor, sheet).created == 1
    assert faults() == []


def _recharged(shop: OpenedShop) -> None:
    recharge(shop, 1, 100)


def _changed(shop: OpenedShop) -> None:
    entered = customer_detail(shop.actor, customer_id=1).as_input()
    change_customer(shop.actor, customer_id=1, customer=replace(entered, address="别处"))


def _contact_added(shop: OpenedShop) -> None:
    add_contact(shop.actor, customer_id=1, contact=ContactInput("小赵"))


@pytest.mark.parametrize(
    ("use", "said"), [(_recharged, "充值"), (_changed, "改过"), (_contact_added, "联系人")]
)
def test_what_has_been_used_since_is_not_taken_back(
    shop: OpenedShop, use: Callable[[OpenedShop], None], said: str
) -> None:
    result = take_in(shop.actor, pasted("客户|电话|联系人\n甲|13800138000|小王"))
    use(shop)
    before = contents()
    with pytest.raises(UserError, match=said):
        undo(shop.actor, result)
    assert contents() == before


def test_a_salesperson_imports_for_himself_only(shop: OpenedShop) -> None:
    add_customer(shop, name="别人的", phone="13800138000")
    salesperson = shop.as_role("业务员")
    sheet = pasted("客户|电话\n甲|13800138000\n乙|13800138001")
    with pytest.raises(UserError, match="导入数据"):
        take_in(salesperson, sheet)
    manager = shop.as_role("店长")
    plan = preview_import(
        manager,
        kind=ImportKind.CUSTOMERS,
        sheet=sheet,
        header=0,
        mapped={0: "name", 1: "phone"},
        options=ImportOptions(),
    )
    assert [one.action for one in plan.outcomes] == [Action.SKIP, Action.CREATE]


def test_one_phone_for_two_customers_needs_its_right(shop: OpenedShop) -> None:
    add_customer(shop, name="王芳", phone="13800138000")
    role = save_role(
        shop.actor, role_id=None, name="录入", scope=Scope.ALL, permissions=("data.import", "customers.edit")
    )
    assert role
    sheet = pasted("客户|电话\n另一位|13800138000\n新人|13800138001\n同号|13800138001")
    result = take_in(shop.add_operator("小录", "录入"), sheet, ImportOptions(duplicates=Duplicates.ADD))
    assert (result.created, sorted(remarks(result))) == (1, [2, 4])


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_an_export_read_back_changes_nothing(shop: OpenedShop, tmp_path: Path, ending: str) -> None:
    field = add_field(shop.actor, record_kind="customer", field=CustomFieldInput("愿收短信", FieldKind.YES))
    owner = shop.actor.operator_id
    customer = add_customer(
        shop, name="=王", phone="+12025550123", email="a@b.cn", notes="一\n二", owner_id=owner, credit_yuan=12,
        birth_date=date(1990, 2, 28), birthday_lunar=True, card_number="0012", custom={field: True},
    )  # fmt: skip
    add_customer(shop, name="", phone="075526001234", firm=True)
    add_contact(shop.actor, customer_id=customer, contact=ContactInput("小王", "13800138000", main=True))
    recharge(shop, customer, 5_000, 500)
    path = tmp_path / f"全部.{ending}"
    if ending == "csv":
        write_text_table(path, customer_export(shop.actor))
    else:
        write_workbook(path, [customer_export(shop.actor)])
    before = customer_tables()
    result = take_in(shop.actor, read_sheet(path), ImportOptions(mode=Mode.UPDATE))
    assert (remarks(result), result.same) == ({}, 2)
    assert customer_tables() == before


def test_the_template_takes_what_is_filled_in(shop: OpenedShop, tmp_path: Path) -> None:
    for kind in ImportKind:
        path = tmp_path / f"{kind.key}.xlsx"
        write_workbook(path, [template(kind)])
        known = understand(shop.actor, kind=kind, sheet=read_sheet(path))
        assert len(known.mapped) == len(known.fields)


NASTY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.text(max_size=30),
    st.sampled_from(
        ["#N/A", "=1+1", "13800138000", "1e999", "0", "-", "'=x", "男", "金卡", "\ud800", "13800138000.0"]
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(NASTY, min_size=9, max_size=9), min_size=1, max_size=6),
    st.sampled_from(list(Duplicates)),
)
def test_whatever_the_cells_hold_each_row_goes_in_whole_or_not(
    shop: OpenedShop, rows: list[list[Any]], duplicates: Duplicates
) -> None:
    titles = ("客户", "电话", "编号", "卡号", "生日", "等级", "信用额度", "联系人", "期初储值")
    sheet = SheetRows(
        "a.xlsx", "0" * 64, "", (), [(1, titles), *((n, tuple(r)) for n, r in enumerate(rows, 2))]
    )
    options = ImportOptions(duplicates=duplicates, create_words=True)
    mapped = {0: "name", 1: "phone", 2: "code", 3: "card_number", 4: "birth_date", 5: "level_id",
              6: "credit_limit_fen", 7: "contact.name", 8: "opening.stored"}  # fmt: skip
    count = fetch_value("SELECT count(*) FROM customer")
    result = import_sheet(
        shop.actor,
        kind=ImportKind.CUSTOMERS,
        sheet=sheet,
        header=0,
        mapped=mapped,
        options=options,
        confirmed=AGAIN,
    )
    assert len(result.outcomes) == len(rows)
    assert fetch_value("SELECT count(*) FROM customer") == count + result.created
    assert all(one.remark for one in result.left_out)
    assert faults() == []
