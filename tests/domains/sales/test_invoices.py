"""An invoice is made out for what is left of a bill, once; a wrong one is cancelled; all only where the shop wants it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peewee import IntegrityError

from meiping.adapters.receipt_pdf import Pair
from meiping.domains.maintenance.invariants import INVARIANTS
from meiping.domains.sales.invoice_rules import InvoiceInput, check_invoice, contained_tax_fen, rate_words
from meiping.domains.sales.invoices import cancel_invoice, invoice_bills, invoice_draft, standing_invoice
from meiping.domains.sales.queries import BillFilter, bill_columns, bill_detail, bills, bills_of
from meiping.domains.sales.receipt import receipt_slip
from meiping.domains.sales.returns import return_goods
from meiping.domains.settings.service import save_options
from meiping.domains.stewardship.anonymising import ANONYMISE, anonymise_customer
from meiping.domains.stewardship.merging import merge_customers
from meiping.kernel.errors import InputError, NotFound
from meiping.store.database import db, fetch
from tests.factories import add_customer, add_product, new_key, sell
from tests.shop import OpenedShop
from tests.whole_file import faults

FIRM = "晨光贸易有限公司"


@pytest.fixture
def taxed(shop: OpenedShop) -> OpenedShop:
    """A shop whose prices contain 13 percent."""
    save_options(shop.actor, values={"tax.percent": 13})
    return shop


def made_out(shop: OpenedShop, *sale_ids: int, number: str = "24440001", **values: Any) -> None:
    entered = replace(InvoiceInput(number, FIRM, shop.actor.today()), **values)
    invoice_bills(shop.actor, key=new_key(), sale_ids=sale_ids, invoice=entered)


def bring_back(shop: OpenedShop, sale_id: int, milli: int) -> None:
    (line,) = bill_detail(shop.actor, sale_id=sale_id).lines
    return_goods(shop.actor, key=new_key(), sale_id=sale_id, quantities={line.id: milli})


def state(shop: OpenedShop, sale_id: int) -> str:
    listing = bills(shop.actor)
    return str(next(row["invoice"] for row in listing.window(0, 50, None) if row["id"] == sale_id))


def in_state(shop: OpenedShop, wanted: str) -> set[int]:
    listing = bills(shop.actor, narrow=BillFilter(invoice=wanted))
    assert listing.count() == len(listing.window(0, 50, None))
    return {row["id"] for row in listing.window(0, 50, None)}


# ----------------------------------------------------------------- the tax in it
@given(st.integers(0, 10**12), st.integers(1, 3_000))
def test_the_tax_and_what_is_left_without_it_stand_to_each_other_at_the_rate(amount: int, rate: int) -> None:
    tax = contained_tax_fen(amount, rate)
    exact = amount * rate / (10_000 + rate)
    assert 0 <= tax <= amount
    assert abs(tax - exact) <= 0.5 + exact * 1e-12


def test_the_tax_is_rounded_half_up() -> None:
    assert contained_tax_fen(11_300, 1_300) == 1_300
    assert contained_tax_fen(101, 10_000) == 51  # 50.5
    assert (rate_words(1_300), rate_words(150)) == ("13%", "1.5%")


# --------------------------------------------------------------- what is entered
@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("number", {"number": " "}),
        ("number", {"number": "号码一"}),
        ("number", {"number": "1" * 31}),
        ("title", {"title": " "}),
        ("title", {"title": "长" * 101}),
        ("invoiced_date", {"invoiced_date": None}),
        ("invoiced_date", {"invoiced_date": date(2026, 3, 17)}),
        ("tax_number", {"tax_number": "9" * 31}),
    ],
)
def test_what_cannot_stand_on_an_invoice_is_refused_at_its_field(field: str, values: dict[str, Any]) -> None:
    good: dict[str, Any] = {"number": "1", "title": "个人", "invoiced_date": date(2026, 3, 16)}
    with pytest.raises(InputError) as refused:
        check_invoice(InvoiceInput(**(good | values)), today=date(2026, 3, 16))
    assert refused.value.field == field


def test_numbers_are_taken_as_they_are_typed_or_pasted() -> None:
    entered = InvoiceInput("２４４４ 0001", f" {FIRM} ", date(2026, 3, 16), "91440300-ma5f 1234x")
    checked = check_invoice(entered, today=date(2026, 3, 16))
    assert (checked.number, checked.title, checked.tax_number) == ("24440001", FIRM, "91440300MA5F1234X")


# ----------------------------------------------------------------- one invoice
def test_it_says_the_customers_title_and_what_the_bill_comes_to(taxed: OpenedShop) -> None:
    customer_id = add_customer(taxed, name=FIRM, tax_number="91440300MA5F1234X")
    sold = sell(taxed, (add_product(taxed, stock=5), 3), customer_id=customer_id)
    draft = invoice_draft(taxed.actor, sale_ids=[sold.sale_id])
    assert (draft.title, draft.tax_number) == (FIRM, "91440300MA5F1234X")
    assert (draft.amount_fen, draft.tax_fen, draft.rates_bp) == (3_000, 345, (1_300,))
    assert state(taxed, sold.sale_id) == "未开"
    made_out(taxed, sold.sale_id)
    assert state(taxed, sold.sale_id) == "已开"
    assert fetch("SELECT amount_fen, tax_fen, rate_bp, title FROM invoice") == [(3_000, 345, 1_300, FIRM)]
    (told,) = bill_detail(taxed.actor, sale_id=sold.sale_id).invoices
    assert told == f"24440001 · 2026-03-16 · {FIRM}"
    assert not faults()


def test_pressed_twice_it_is_written_once(taxed: OpenedShop) -> None:
    sold = sell(taxed, (add_product(taxed, stock=5), 1))
    entered = InvoiceInput("1", "个人", taxed.actor.today())
    for _ in range(2):
        invoice_bills(taxed.actor, key="once", sale_ids=[sold.sale_id], invoice=entered)
    assert fetch("SELECT count(*) FROM invoice") == [(1,)]


def test_a_bill_has_one_invoice_at_a_time_and_a_number_stands_once(taxed: OpenedShop) -> None:
    goods = add_product(taxed, stock=5)
    first, second = sell(taxed, (goods, 1)).sale_id, sell(taxed, (goods, 1)).sale_id
    made_out(taxed, first, number="1")
    with pytest.raises(InputError, match="已经开过票"):
        made_out(taxed, first, number="2")
    with pytest.raises(InputError, match="已经登记在") as refused:
        made_out(taxed, second, number="1")
    assert refused.value.field == "number"
    assert cancel_invoice(taxed.actor, sale_id=first, reason="号码抄错") == [
        bill_detail(taxed.actor, sale_id=first).number
    ]
    made_out(taxed, second, number="1")
    made_out(taxed, first, number="2")
    assert bill_detail(taxed.actor, sale_id=first).invoices == (
        f"1 · 2026-03-16 · {FIRM} · 已作废：号码抄错",
        f"2 · 2026-03-16 · {FIRM}",
    )
    assert not faults()


def test_only_what_is_left_after_returns_is_invoiced(taxed: OpenedShop) -> None:
    sale_id = sell(taxed, (add_product(taxed, stock=5), 3)).sale_id
    bring_back(taxed, sale_id, 1_000)
    assert invoice_draft(taxed.actor, sale_ids=[sale_id]).amount_fen == 2_000
    bring_back(taxed, sale_id, 2_000)
    with pytest.raises(InputError, match="全部退货"):
        made_out(taxed, sale_id)
    (returned,) = fetch("SELECT max(id) FROM sale WHERE kind = 'return'")
    with pytest.raises(InputError, match="退货单"):
        made_out(taxed, returned[0])
    assert state(taxed, sale_id) == ""
    assert in_state(taxed, "open") == set()


def test_goods_back_after_the_invoice_are_pointed_out_until_it_is_made_out_anew(taxed: OpenedShop) -> None:
    sale_id = sell(taxed, (add_product(taxed, stock=5), 3)).sale_id
    other = sell(taxed, (add_product(taxed, stock=5), 1)).sale_id
    made_out(taxed, sale_id, number="1")
    bring_back(taxed, sale_id, 1_000)
    assert state(taxed, sale_id) == "要红冲"
    assert (in_state(taxed, "open"), in_state(taxed, "made"), in_state(taxed, "too_much")) == (
        {other},
        {sale_id},
        {sale_id},
    )
    assert not faults()
    cancel_invoice(taxed.actor, sale_id=sale_id, reason="退货红冲")
    made_out(taxed, sale_id, number="2")
    assert state(taxed, sale_id) == "已开"
    assert bill_detail(taxed.actor, sale_id=sale_id).invoices[1].endswith("¥20.00（含税 13% ¥2.30）")
    assert fetch("SELECT amount_fen FROM invoice ORDER BY id") == [(3_000,), (2_000,)]
    assert in_state(taxed, "too_much") == set()
    assert not faults()


def test_an_invoice_without_a_reason_or_none_at_all_is_not_cancelled(taxed: OpenedShop) -> None:
    sale_id = sell(taxed, (add_product(taxed, stock=5), 1)).sale_id
    with pytest.raises(InputError, match="没有开票"):
        cancel_invoice(taxed.actor, sale_id=sale_id, reason="写错")
    made_out(taxed, sale_id)
    with pytest.raises(InputError) as refused:
        cancel_invoice(taxed.actor, sale_id=sale_id, reason=" ")
    assert refused.value.field == "reason"


# ------------------------------------------------------------------ several bills
def test_several_bills_of_one_customer_come_on_one_paper_and_are_cancelled_together(
    taxed: OpenedShop,
) -> None:
    goods, customer_id, twin = add_product(taxed, stock=9), add_customer(taxed), add_customer(taxed)
    first = sell(taxed, (goods, 1), customer_id=customer_id).sale_id
    second = sell(taxed, (goods, 2), customer_id=twin).sale_id
    with pytest.raises(InputError, match="不是同一位客户"):
        made_out(taxed, first, second)
    merge_customers(taxed.actor, survivor_id=customer_id, twin_id=twin)
    made_out(taxed, first, second, number="88")
    number, on_it = standing_invoice(taxed.actor, sale_id=second)
    assert (number, len(on_it)) == ("88", 2)
    assert [row["invoice"] for row in bills_of(taxed.actor, customer_id=customer_id).window(0, 9, None)] == [
        "已开",
        "已开",
    ]
    assert not faults()
    assert len(cancel_invoice(taxed.actor, sale_id=first, reason="抬头写错")) == 2
    assert (state(taxed, first), state(taxed, second)) == ("未开", "未开")
    assert not faults()


def test_bills_of_a_customer_and_of_nobody_do_not_mix(taxed: OpenedShop) -> None:
    goods = add_product(taxed, stock=9)
    known = sell(taxed, (goods, 1), customer_id=add_customer(taxed)).sale_id
    nobody = [sell(taxed, (goods, 1)).sale_id for _ in range(2)]
    with pytest.raises(InputError, match="不是同一位客户"):
        made_out(taxed, known, nobody[0])
    made_out(taxed, *nobody)


def test_bills_one_may_not_see_are_not_invoiced(taxed: OpenedShop) -> None:
    with pytest.raises(NotFound):
        made_out(taxed, 999)


# --------------------------------------------------------------- as the shop wants it
def test_a_shop_that_does_not_deal_with_it_sees_nothing_of_it(shop: OpenedShop) -> None:
    sale_id = sell(shop, (add_product(shop, stock=5), 1)).sale_id
    assert "invoice" not in {column.key for column in bill_columns()}
    assert "invoice" not in bills(shop.actor).window(0, 1, None)[0]
    assert not [block for block in receipt_slip(shop.actor, sale_id=sale_id).blocks if "税" in str(block)]
    with pytest.raises(InputError, match="开票"):
        made_out(shop, sale_id)


def test_the_receipt_says_the_tax_as_it_was_when_the_bill_was_made(taxed: OpenedShop) -> None:
    sale_id = sell(taxed, (add_product(taxed, stock=5), 3)).sale_id
    save_options(taxed.actor, values={"tax.percent": 3})
    bring_back(taxed, sale_id, 1_000)
    assert Pair("含税 13% 税额", "¥3.45") in receipt_slip(taxed.actor, sale_id=sale_id).blocks
    (returned,) = fetch("SELECT max(id) FROM sale")
    assert Pair("含税 13% 税额", "¥1.15") in receipt_slip(taxed.actor, sale_id=returned[0]).blocks
    assert invoice_draft(taxed.actor, sale_ids=[sale_id]).rates_bp == (1_300,)


def test_a_bill_from_before_is_invoiced_at_the_rate_of_now(shop: OpenedShop) -> None:
    sale_id = sell(shop, (add_product(shop, stock=5), 3)).sale_id
    save_options(shop.actor, values={"tax.percent": 1})
    draft = invoice_draft(shop.actor, sale_ids=[sale_id])
    assert (draft.tax_fen, draft.rates_bp) == (30, (100,))


def test_a_bill_is_found_by_the_number_of_its_invoice(taxed: OpenedShop) -> None:
    goods = add_product(taxed, stock=9)
    sale_id = sell(taxed, (goods, 1)).sale_id
    sell(taxed, (goods, 1))
    made_out(taxed, sale_id, number="26442000000012345678")
    found = bills(taxed.actor, narrow=BillFilter("12345678"))
    assert [row["id"] for row in found.window(0, 9, None)] == [sale_id]


# --------------------------------------------------------------- what is kept for ever
def test_what_was_written_is_never_changed_or_deleted(taxed: OpenedShop) -> None:
    sale_id = sell(taxed, (add_product(taxed, stock=5), 1)).sale_id
    made_out(taxed, sale_id)
    for change in ("amount_fen = 1", "number = '2'", "title = '别人'", "key = 'x'"):
        with pytest.raises(IntegrityError):
            db.execute_sql(f"UPDATE invoice SET {change}")
    with pytest.raises(IntegrityError):
        db.execute_sql("DELETE FROM invoice")
    cancel_invoice(taxed.actor, sale_id=sale_id, reason="写错")
    for change in (
        "cancelled_at = NULL, cancelled_by_id = NULL, cancel_reason = ''",
        "cancel_reason = '别的'",
    ):
        with pytest.raises(IntegrityError):
            db.execute_sql(f"UPDATE invoice SET {change}")


def test_a_customer_made_anonymous_leaves_no_name_on_invoices(taxed: OpenedShop) -> None:
    customer_id = add_customer(taxed, name="赵女士", tax_number="440300199001011234")
    sale_id = sell(taxed, (add_product(taxed, stock=5), 1), customer_id=customer_id).sale_id
    made_out(taxed, sale_id, title="赵女士", tax_number="440300199001011234", note="赵女士自取")
    anonymise_customer(taxed.actor, customer_id=customer_id, confirmed=frozenset({ANONYMISE}))
    assert fetch("SELECT title, tax_number, note, number FROM invoice") == [("", "", "", "24440001")]
    assert "抬头已隐去" in bill_detail(taxed.actor, sale_id=sale_id).invoices[0]
    assert not faults()


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("UPDATE invoice SET amount_fen = 9999999", "invoices"),
        ("UPDATE invoice SET tax_fen = tax_fen + 1", "invoices"),
        ("UPDATE invoice SET number = '7' WHERE id = 1", "invoices_once"),
    ],
)
def test_the_check_finds_what_does_not_fit(taxed: OpenedShop, broken: str, told: str) -> None:
    goods = add_product(taxed, stock=9)
    made_out(taxed, sell(taxed, (goods, 1)).sale_id, sell(taxed, (goods, 2)).sale_id)
    db.execute_sql("DROP TRIGGER invoice_no_update")
    db.execute_sql(broken)
    assert [one.key for one in INVARIANTS if one.check(fetch)] == [told]
