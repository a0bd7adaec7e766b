"""Prices told to a customer: written down, changed, given up, deleted, found again, within one's own scope."""

from datetime import date, timedelta

import pytest

from meiping.domains.catalog import service as catalog
from meiping.domains.catalog.queries import product_detail
from meiping.domains.contacts.rules import ContactInput
from meiping.domains.contacts.service import add_contact
from meiping.domains.customers.service import delete_customers
from meiping.domains.deals.queries import (
    QuoteFilter,
    find_quotes,
    last_quoted_fen,
    price_hints,
    quote_detail,
    quote_list,
    quotes_of,
)
from meiping.domains.deals.rules import QuoteInput, QuoteLineInput, QuoteState, check_quote
from meiping.domains.deals.service import (
    add_quote,
    change_quote,
    delete_quotes,
    give_up_quotes,
    restore_quotes,
)
from meiping.domains.desk.finding import find_everything
from meiping.domains.settings.queries import levels
from meiping.kernel.errors import InputError, NotFound, PermissionDenied, UserError
from meiping.store.database import fetch
from tests.domains.deals.quoting import offer, told
from tests.domains.stewardship.merging_shop import rows_of
from tests.factories import add_customer, new_key, sell
from tests.shop import OpenedShop
from tests.whole_file import faults

TODAY = date(2026, 3, 16)
DAY = timedelta(days=1)


# ---------------------------------------------------------------- writing one down
def test_a_quote_keeps_what_was_told(shop: OpenedShop, firm: int, tea: int, cup: int) -> None:
    person = add_contact(shop.actor, customer_id=firm, contact=ContactInput("赵主任"))
    quote_id = offer(
        shop,
        firm,
        (tea, 12, 900),
        (cup, 3, 2_500),
        subject=" 中秋礼盒 ",
        contact_name="赵主任",
        valid_until_date=TODAY + 9 * DAY,
        notes="含送货",
    )
    quote = quote_detail(shop.actor, quote_id=quote_id)
    assert quote.number == "BJ-20260316-0001"
    assert (quote.subject, quote.contact_name, quote.notes) == ("中秋礼盒", "赵主任", "含送货")
    assert (quote.quoted_date, quote.valid_until_date) == (TODAY, TODAY + 9 * DAY)
    assert (quote.total_fen, quote.state, quote.operator) == (18_300, QuoteState.OPEN, "王老板")
    assert told(quote) == [("红茶", "个", 12_000, 900, 10_800), ("茶杯", "个", 3_000, 2_500, 7_500)]
    assert fetch("SELECT contact_id FROM quote") == [(person,)]
    (row,) = rows_of(quotes_of(shop.actor, customer_id=firm))
    assert (row["line_count"], row["total_fen"], row["state"]) == (2, 18_300, "有效")
    assert row["about"] == "中秋礼盒"
    assert faults() == []


def test_the_price_and_name_told_stay_when_the_product_changes(shop: OpenedShop, firm: int, tea: int) -> None:
    quote_id = offer(shop, firm, (tea, 2, 900))
    product = product_detail(shop.actor, product_id=tea).product
    catalog.change_product(
        shop.actor,
        product_id=tea,
        product=type(product)(product.name + "（新）", 1_800, unit="盒", code=product.code),
    )
    quote = quote_detail(shop.actor, quote_id=quote_id)
    assert told(quote) == [("红茶", "个", 2_000, 900, 1_800)]
    change_quote(shop.actor, quote_id=quote_id, quote=QuoteInput((QuoteLineInput(tea, 3_000, 900),)))
    assert told(quote_detail(shop.actor, quote_id=quote_id)) == [("红茶", "个", 3_000, 900, 2_700)]


def test_one_without_a_subject_is_called_after_its_goods(
    shop: OpenedShop, firm: int, tea: int, cup: int
) -> None:
    offer(shop, firm, (tea, 1, 900))
    offer(shop, firm, (cup, 1, 2_000), (tea, 1, 900))
    assert [row["about"] for row in rows_of(quotes_of(shop.actor, customer_id=firm))] == [
        "茶杯 等 2 种",
        "红茶",
    ]


def test_pressed_twice_it_is_written_once(shop: OpenedShop, firm: int, tea: int) -> None:
    key, entered = new_key(), QuoteInput((QuoteLineInput(tea, 1_000, 1_000),))
    first = add_quote(shop.actor, key=key, customer_id=firm, quote=entered)
    assert add_quote(shop.actor, key=key, customer_id=firm, quote=entered) == first
    assert quotes_of(shop.actor, customer_id=firm).count() == 1


LINE = QuoteLineInput(1, 1_000, 1_000)


@pytest.mark.parametrize(
    ("entered", "field", "words"),
    [
        (QuoteInput(()), "lines", "还没有商品"),
        (QuoteInput((LINE, LINE)), "line.1", "前面已经有了"),
        (QuoteInput((QuoteLineInput(1, 0, 1_000),)), "line.0", "数量不对"),
        (QuoteInput((QuoteLineInput(1, 1_000, -1),)), "line.0", "报价不对"),
        (QuoteInput((QuoteLineInput(1, 1_000, 10**16),)), "line.0", "报价不对"),
        (QuoteInput((QuoteLineInput(1, 1_000, 1_000, "长" * 101),)), "line.0", "第 1 行的备注太长"),
        (QuoteInput((LINE,), quoted_date=TODAY + DAY), "quoted_date", "不能晚于今天"),
        (QuoteInput((LINE,), valid_until_date=TODAY - DAY), "valid_until_date", "不能早于报价日期"),
        (QuoteInput((LINE,), subject="长" * 101), "subject", "主题太长"),
        (QuoteInput((LINE,), notes="长" * 1_001), "notes", "备注太长"),
        (QuoteInput(tuple(QuoteLineInput(n, 1_000, 1) for n in range(201))), "lines", "最多 200 种"),
    ],
)
def test_wrong_input_is_told_at_its_field(entered: QuoteInput, field: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as refused:
        check_quote(entered, today=TODAY)
    assert refused.value.field == field


def test_no_price_is_told_that_the_counter_could_not_take(shop: OpenedShop, firm: int, tea: int) -> None:
    with pytest.raises(InputError, match=r"“红茶”最低只能报 ¥8\.00") as refused:
        offer(shop, firm, (tea, 1, 799))
    assert refused.value.field == "line.0"
    offer(shop, firm, (tea, 1, 800))


def test_goods_out_of_use_are_not_offered_but_stay_in_an_old_quote(
    shop: OpenedShop, firm: int, tea: int
) -> None:
    quote_id = offer(shop, firm, (tea, 1, 900))
    catalog.deactivate_products(shop.actor, product_ids=[tea])
    with pytest.raises(InputError, match="“红茶”已停用"):
        offer(shop, firm, (tea, 1, 900))
    change_quote(shop.actor, quote_id=quote_id, quote=QuoteInput((QuoteLineInput(tea, 5_000, 900),)))
    with pytest.raises(UserError, match="报价"):
        catalog.delete_products(shop.actor, product_ids=[tea])


# ---------------------------------------------------------------- changing it
def test_each_field_that_changed_is_written_down(shop: OpenedShop, firm: int, tea: int, cup: int) -> None:
    quote_id = offer(shop, firm, (tea, 1, 900), subject="试样")
    same = QuoteInput((QuoteLineInput(tea, 1_000, 900),), subject="试样", quoted_date=TODAY)
    assert change_quote(shop.actor, quote_id=quote_id, quote=same) == 0
    wanted = QuoteInput(
        (QuoteLineInput(cup, 2_000, 2_000), QuoteLineInput(tea, 1_000, 950)),
        subject="正式",
        quoted_date=TODAY,
        valid_until_date=TODAY + DAY,
    )
    assert change_quote(shop.actor, quote_id=quote_id, quote=wanted) == 3
    written = fetch("SELECT field, old, new FROM change WHERE kind = 'quote' ORDER BY id")
    assert written == [
        ("有效至", "", "2026-03-17"),
        ("主题", "试样", "正式"),
        ("商品", "红茶 1 × ¥9.00", "茶杯 2 × ¥20.00；红茶 1 × ¥9.50"),
    ]
    assert quote_detail(shop.actor, quote_id=quote_id).total_fen == 4_950


def test_it_expires_after_its_last_day(shop: OpenedShop, firm: int, tea: int) -> None:
    quote_id = offer(shop, firm, (tea, 1, 900), valid_until_date=TODAY + DAY)
    for_ever = offer(shop, firm, (tea, 1, 950))
    shop.clock.set(2026, 3, 17, 23)
    assert quote_detail(shop.actor, quote_id=quote_id).state is QuoteState.OPEN
    shop.clock.set(2026, 3, 18)
    assert quote_detail(shop.actor, quote_id=quote_id).state is QuoteState.EXPIRED
    assert quote_detail(shop.actor, quote_id=for_ever).state is QuoteState.OPEN
    states = [(row["state"], row["tone"]) for row in rows_of(quotes_of(shop.actor, customer_id=firm))]
    assert states == [("有效", None), ("已过期", "muted")]
    longer = QuoteInput(
        (QuoteLineInput(tea, 1_000, 900),), quoted_date=TODAY, valid_until_date=date(2026, 4, 1)
    )
    change_quote(shop.actor, quote_id=quote_id, quote=longer)
    assert quote_detail(shop.actor, quote_id=quote_id).state is QuoteState.OPEN


def test_one_given_up_is_left_alone_until_it_is_taken_up_again(shop: OpenedShop, firm: int, tea: int) -> None:
    quote_id = offer(shop, firm, (tea, 1, 900))
    assert give_up_quotes(shop.actor, quote_ids=[quote_id]) == 1
    assert give_up_quotes(shop.actor, quote_ids=[quote_id]) == 0
    assert quote_detail(shop.actor, quote_id=quote_id).state is QuoteState.GIVEN_UP
    with pytest.raises(UserError, match="已经放弃"):
        change_quote(shop.actor, quote_id=quote_id, quote=QuoteInput((QuoteLineInput(tea, 1_000, 950),)))
    assert give_up_quotes(shop.actor, quote_ids=[quote_id], given_up=False) == 1
    assert quote_detail(shop.actor, quote_id=quote_id).state is QuoteState.OPEN


def test_deleted_it_lies_in_the_recycle_bin_and_comes_back(shop: OpenedShop, firm: int, tea: int) -> None:
    quote_id = offer(shop, firm, (tea, 1, 900), subject="夏季")
    assert delete_quotes(shop.actor, quote_ids=[quote_id]) == 1
    assert quotes_of(shop.actor, customer_id=firm).count() == 0
    (row,) = rows_of(quote_list(shop.actor, QuoteFilter("夏季", in_bin=True)))
    assert (row["number"], row["customer"], row["deleted_by"]) == ("BJ-20260316-0001", "恒达贸易", "王老板")
    with pytest.raises(NotFound, match="已经删除"):
        change_quote(shop.actor, quote_id=quote_id, quote=QuoteInput((QuoteLineInput(tea, 1_000, 900),)))
    assert restore_quotes(shop.actor, quote_ids=[quote_id]) == 1
    assert quotes_of(shop.actor, customer_id=firm).count() == 1
    delete_customers(shop.actor, customer_ids=[firm])
    with pytest.raises(NotFound):
        offer(shop, firm, (tea, 1, 900))


# ---------------------------------------------------------------- prices, and finding
def test_what_a_price_may_follow_is_at_hand(shop: OpenedShop, tea: int, cup: int) -> None:
    gold = min(levels(), key=lambda level: level.discount_bp)
    regular = add_customer(shop, level_id=gold.id)
    sell(shop, (cup, 2), customer_id=regular)
    hints = price_hints(shop.actor, customer_id=regular, product_ids=[tea, cup])
    assert hints[cup].list_fen == 2_500
    assert hints[cup].level_fen == 2_500 * gold.discount_bp // 10_000
    assert hints[cup].last_fen == 2_500
    assert (hints[tea].level_fen, hints[tea].last_fen) == (max(1_000 * gold.discount_bp // 10_000, 800), None)


def test_the_last_price_told_counts_while_its_quote_holds(shop: OpenedShop, firm: int, tea: int) -> None:
    def price() -> int | None:
        return last_quoted_fen(shop.actor, customer_id=firm, product_id=tea)

    assert price() is None
    first = offer(shop, firm, (tea, 1, 900))
    second = offer(shop, firm, (tea, 1, 850), valid_until_date=TODAY + DAY)
    assert price() == 850
    shop.clock.set(2026, 3, 18)
    assert price() == 900
    give_up_quotes(shop.actor, quote_ids=[first])
    assert price() is None
    give_up_quotes(shop.actor, quote_ids=[first], given_up=False)
    delete_quotes(shop.actor, quote_ids=[first, second])
    assert price() is None


@pytest.mark.parametrize("typed", ["BJ-20260316-0001", "bj20260316", "20260316-0001", "0001", "001", "礼盒"])
def test_a_quote_is_found_by_its_number_or_subject(shop: OpenedShop, firm: int, tea: int, typed: str) -> None:
    offer(shop, firm, (tea, 1, 900), subject="中秋礼盒")
    assert [hit.number for hit in find_quotes(shop.actor, typed)] == ["BJ-20260316-0001"]
    found = {group.title: group.hits for group in find_everything(shop.actor, typed)}
    assert found["报价"][0].customer_id == firm


@pytest.mark.parametrize("typed", ["", "  ", "01", "XS-2026", "恒达"])
def test_other_words_find_no_quote(shop: OpenedShop, firm: int, tea: int, typed: str) -> None:
    offer(shop, firm, (tea, 1, 900), subject="中秋")
    assert find_quotes(shop.actor, typed) == []


# ---------------------------------------------------------------- who may
def test_a_salesperson_reaches_the_quotes_of_own_customers_only(
    shop: OpenedShop, firm: int, tea: int
) -> None:
    seller = shop.as_role("业务员")
    own = add_customer(shop, owner_id=seller.operator_id)
    mine, other = offer(shop, own, (tea, 1, 900), by=seller), offer(shop, firm, (tea, 1, 900))
    assert [row["id"] for row in rows_of(quote_list(seller))] == [mine]
    assert [hit.id for hit in find_quotes(seller, "BJ-2026")] == [mine]
    for forbidden in (
        lambda: quotes_of(seller, customer_id=firm),
        lambda: quote_detail(seller, quote_id=other),
        lambda: delete_quotes(seller, quote_ids=[other]),
        lambda: give_up_quotes(seller, quote_ids=[other]),
        lambda: price_hints(seller, customer_id=firm, product_ids=[tea]),
        lambda: offer(shop, firm, (tea, 1, 900), by=seller),
    ):
        with pytest.raises(NotFound):
            forbidden()
    with pytest.raises(PermissionDenied):
        last_quoted_fen(seller, customer_id=own, product_id=tea)


# ---------------------------------------------------------------- the check
@pytest.mark.parametrize(
    ("damage", "told_as"),
    [
        ("UPDATE quote SET total_fen = total_fen + 1", "报价金额等于各行之和"),
        ("UPDATE quote SET line_count = 2", "报价金额等于各行之和"),
        ("UPDATE quote_line SET amount_fen = amount_fen - 1", "报价金额等于各行之和"),
        ("UPDATE quote_line SET qty_milli = 500", "报价金额等于各行之和"),
        ("DELETE FROM quote_line", "报价金额等于各行之和"),
        ("UPDATE quote SET contact_id = (SELECT max(id) FROM contact)", "报价的联系人属于同一位客户"),
    ],
)
def test_the_check_finds_a_quote_that_was_tampered_with(
    shop: OpenedShop, firm: int, tea: int, damage: str, told_as: str
) -> None:
    add_contact(shop.actor, customer_id=add_customer(shop), contact=ContactInput("别家的人"))
    offer(shop, firm, (tea, 3, 933))
    assert faults() == []
    fetch(damage)
    assert [line.split("：")[0] for line in faults()] == [told_as]
