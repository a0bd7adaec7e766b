"""检查数据 finds what is wrong and is silent where nothing is."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from meiping.domains.maintenance.rebuilding import REBUILD_SUMS, rebuild_sums, wrong_sums
from meiping.domains.maintenance.service import check
from meiping.domains.maintenance.summaries import SUMMARIES, Summary
from meiping.kernel.actor import AllRights
from meiping.kernel.errors import NeedsConfirmation, PermissionDenied, UserError
from meiping.store.database import close_database, fetch, open_database
from meiping.store.inspection import CheckResult
from tests.shop import OpenedShop


def plant(shop: OpenedShop, *statements: str) -> None:
    """Do to the file what no verb can: past every guard, which is back in its place afterwards."""
    close_database()
    connection = sqlite3.connect(shop.folder.database, isolation_level=None)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        assert connection.execute(statement).rowcount, f"nothing was changed by {statement}"
    for _, sql in guards:
        connection.execute(sql)
    connection.close()
    open_database(shop.folder.database)


def wrong(results: Sequence[CheckResult]) -> set[str]:
    return {result.key for result in results if not result.ok}


def test_a_sound_shop_passes_every_check(busy_shop: OpenedShop) -> None:
    results = check(busy_shop.actor, folder=busy_shop.folder.root, thorough=True)
    assert [f"{result.title}：{result.details}" for result in results if not result.ok] == []
    assert len(results) > 20


def test_an_empty_shop_passes_every_check(shop: OpenedShop) -> None:
    assert not wrong(check(shop.actor, folder=shop.folder.root))


_OWN_NUMBER = "INSERT INTO custom_field (record_kind, title, kind) VALUES ('customer', '身高', 'number')"
FAULTS = {
    "a word where a number belongs": (
        (_OWN_NUMBER, "INSERT INTO custom_value (field_id, record_id, text) VALUES (1, 1, '高')"),
        {"own_values"},
    ),
    "a value of nobody": (
        (_OWN_NUMBER, "INSERT INTO custom_value (field_id, record_id, number_milli) VALUES (1, 99999, 1)"),
        {"own_values"},
    ),
    "choices that can't be read": ((_OWN_NUMBER, "UPDATE custom_field SET choices = '['"), {"own_choices"}),
    "a kept search that can't be read": (
        (
            (
                "INSERT INTO saved_search (page, name, operator_id, conditions, created_at)"
                " VALUES ('customers', '甲', 1, '{', 1)"
            ),
        ),
        {"kept_searches"},
    ),
    "an entry that does not balance": (
        ("UPDATE posting SET amount_fen = amount_fen + 1 WHERE id = 1",),
        {"entries_balanced"},
    ),
    "an entry without postings": (
        (
            (
                "INSERT INTO entry (posted_at, business_date, company_id, operator_id, source_kind, source_id)"
                " VALUES (1, '2026-03-16', 1, 1, 'sale', 1)"
            ),
        ),
        {"entries_balanced"},
    ),
    "a posting in another company": (
        ("UPDATE posting SET company_id = 2 WHERE id = 1",),
        {"entries_balanced"},
    ),
    "a balance that is off": (
        ("UPDATE balance SET amount_fen = amount_fen + 1 WHERE account = 'cash'",),
        {"balances"},
    ),
    "a balance that is gone": (("DELETE FROM balance WHERE account = 'receivable'",), {"balances"}),
    "a balance of nobody": (("INSERT INTO balance VALUES ('cash', 1, 99, 5)",), {"balances"}),
    "a stored value below zero": (
        ("UPDATE balance SET amount_fen = 5 WHERE account = 'stored_bonus'",),
        {"not_negative", "balances"},
    ),
    "a negative debt": (
        ("UPDATE balance SET amount_fen = -5 WHERE account = 'receivable'",),
        {"not_negative", "balances"},
    ),
    "a day's ledger that is off": (("UPDATE ledger_day SET amount_fen = amount_fen - 1",), {"ledger_days"}),
    "a quantity in stock that is off": (
        ("UPDATE stock SET qty_milli = qty_milli + 1000 WHERE product_id = 1",),
        {"stock"},
    ),
    "a value in stock that is off": (
        ("UPDATE stock SET value_fen = value_fen + 1 WHERE product_id = 1",),
        {"stock", "inventory"},
    ),
    "stock without its moves": (("DELETE FROM stock_move WHERE product_id = 1",), {"stock"}),
    "moves without their stock": (("DELETE FROM stock WHERE product_id = 1",), {"stock"}),
    "nothing that is worth something": (
        ("UPDATE stock SET qty_milli = 0 WHERE product_id = 1",),
        {"stock_empty", "stock"},
    ),
    "a line that is gone": (("DELETE FROM sale_line WHERE sale_id = 1 AND position = 2",), {"bill_lines"}),
    "a line that costs another price": (
        ("UPDATE sale_line SET price_fen = price_fen - 1 WHERE id = 1",),
        {"line_amounts"},
    ),
    "a line whose amount was raised": (
        ("UPDATE sale_line SET net_fen = net_fen + 1 WHERE id = 1",),
        {"line_amounts", "bill_lines"},
    ),
    "a bill whose total was raised": (
        ("UPDATE sale SET total_fen = total_fen + 1 WHERE id = 1",),
        {"bill_lines", "bill_tenders", "bills_booked"},
    ),
    "a bill whose discount was changed": (("UPDATE sale SET discount_fen = 1 WHERE id = 1",), {"bill_lines"}),
    "a bill whose list value was changed": (
        ("UPDATE sale SET list_fen = list_fen + 7, discount_fen = discount_fen + 7 WHERE id = 1",),
        {"bill_lines"},
    ),
    "a bill whose cost was changed": (
        ("UPDATE sale SET cost_fen = cost_fen + 1 WHERE id = 1",),
        {"bills_booked"},
    ),
    "a tender that is gone": (
        ("DELETE FROM sale_tender WHERE sale_id = 2",),
        {"bill_tenders", "bills_booked"},
    ),
    "a tender that was another": (
        ("UPDATE sale_tender SET tender = 'alipay' WHERE sale_id = 2",),
        {"bills_booked"},
    ),
    "goods that did not go out with a bill": (
        ("UPDATE stock_move SET source_id = 999 WHERE source_kind = 'sale' AND source_id = 1",),
        {"bills_booked", "sources"},
    ),
    "more returned than noted": (
        ("UPDATE sale_line SET returned_milli = 0 WHERE returned_milli > 0",),
        {"returned"},
    ),
    "noted as returned but is not": (
        ("UPDATE sale_line SET returned_milli = 1000 WHERE sale_id = 1",),
        {"returned"},
    ),
    "more returned than sold": (
        (
            "UPDATE sale_line SET qty_milli = -90000 WHERE returns_line_id IS NOT NULL",
            "UPDATE sale_line SET returned_milli = 90000 WHERE returned_milli > 0",
        ),
        {"returned"},
    ),
    "more money given back than was paid": (
        ("UPDATE sale_line SET net_fen = -99999 WHERE returns_line_id IS NOT NULL",),
        {"returned"},
    ),
    "other goods returned than sold": (
        ("UPDATE sale_line SET product_id = 1 WHERE returns_line_id IS NOT NULL",),
        {"returned"},
    ),
    "a day's sum that is off": (("UPDATE sales_day SET sales_fen = sales_fen + 1",), {"sales_days"}),
    "a day without its sum": (("DELETE FROM sales_day WHERE business_date = '2026-03-17'",), {"sales_days"}),
    "a day with a bill too many": (("UPDATE sales_day SET bills = bills + 1",), {"sales_days"}),
    "a product's day that is off": (("UPDATE product_day SET cost_fen = cost_fen + 1",), {"product_days"}),
    "a product's month that is gone": (
        ("DELETE FROM product_month WHERE product_id = 1",),
        {"product_months"},
    ),
    "a customer's month that is off": (
        ("UPDATE customer_month SET returns_fen = returns_fen + 1",),
        {"customer_months"},
    ),
    "money of a day that is off": (("UPDATE money_day SET out_fen = out_fen + 1",), {"money_days"}),
    "a month's stock that is off": (("UPDATE stock_month SET qty_milli = 0",), {"stock_months"}),
    "a year's stock of nothing": (
        ("INSERT INTO stock_year VALUES (1, '2020', 1, 'in', 1000, 100)",),
        {"stock_years"},
    ),
    "a product's year that is off": (("UPDATE product_year SET net_fen = net_fen - 1",), {"product_years"}),
    "a line of nobody there is": (
        ("UPDATE sale_line SET salesperson_id = 99 WHERE id = 1",),
        {"line_people", "person_months", "customer_months"},
    ),
    "goods taken back from another salesperson": (
        ("UPDATE sale_line SET salesperson_id = 1 WHERE returns_line_id IS NOT NULL",),
        {"returned_people", "person_months", "customer_months"},
    ),
    "a salesperson's month that is gone": (("DELETE FROM person_month",), {"person_months"}),
    "a customer who came on another day": (
        ("UPDATE customer_total SET last_date = '2020-01-01'",),
        {"customer_totals"},
    ),
    "a day's account that is off": (
        ("UPDATE ledger_day SET amount_fen = amount_fen + 1",),
        {"ledger_days"},
    ),
    "a bill booked twice": (
        (
            (
                "INSERT INTO entry (posted_at, business_date, company_id, operator_id, source_kind, source_id)"
                " SELECT posted_at, business_date, company_id, operator_id, 'sale', 1 FROM entry WHERE id = 1"
            ),
            (
                "INSERT INTO posting (entry_id, account, company_id, amount_fen)"
                " SELECT max(id), 'cash', 1, 1 FROM entry"
            ),
            (
                "INSERT INTO posting (entry_id, account, company_id, amount_fen)"
                " SELECT max(id), 'sales', 1, -1 FROM entry"
            ),
        ),
        {"one_entry", "bills_booked"},
    ),
    "a recharge booked as another sum": (
        ("UPDATE recharge SET principal_fen = principal_fen + 1",),
        {"slips_booked"},
    ),
    "a recharge of somebody else": (("UPDATE recharge SET customer_id = 2",), {"slips_booked"}),
    "a receipt booked as another sum": (
        ("UPDATE receipt SET amount_fen = amount_fen + 1",),
        {"slips_booked"},
    ),
    "a receipt that is not booked": (
        ("UPDATE entry SET source_id = 77 WHERE source_kind = 'receipt'",),
        {"slips_booked", "sources"},
    ),
    "a stock document of another value": (
        ("UPDATE stock_document SET value_fen = value_fen + 1 WHERE id = 1",),
        {"slips_booked"},
    ),
    "a stock document with another quantity": (
        ("UPDATE stock_document_line SET qty_milli = qty_milli + 1000 WHERE id = 1",),
        {"slips_booked"},
    ),
    "a number that was left out": (
        ("UPDATE number_counter SET last = last + 1 WHERE kind = 'XS'",),
        {"numbers"},
    ),
    "a number of another day": (
        ("UPDATE sale SET number = 'XS-20200101-0001' WHERE id = 1",),
        {"numbers"},
    ),
    "a counter that is gone": (("DELETE FROM number_counter WHERE kind = 'CZ'",), {"numbers"}),
    "a customer who can't be found": (
        (
            (
                "DELETE FROM search_words WHERE entry_id ="
                " (SELECT id FROM search_entry WHERE kind = 'customer' AND record_id = 1)"
            ),
            "DELETE FROM search_entry WHERE kind = 'customer' AND record_id = 1",
        ),
        {"search", "search_index"},
    ),
    "a product that can't be found": (
        (
            (
                "DELETE FROM search_words WHERE entry_id ="
                " (SELECT id FROM search_entry WHERE kind = 'product' AND record_id = 1)"
            ),
            "DELETE FROM search_entry WHERE kind = 'product' AND record_id = 1",
        ),
        {"search", "search_index"},
    ),
    "a customer the search finds for another": (
        ("UPDATE customer SET owner_id = 1 WHERE id = 1",),
        {"seen_by"},
    ),
    "a share with the owner": (
        (
            "UPDATE customer SET owner_id = 1 WHERE id = 1",
            (
                "INSERT INTO customer_share (customer_id, operator_id, granted_by, granted_at)"
                " VALUES (1, 1, '甲', 1)"
            ),
        ),
        {"shares", "seen_by"},
    ),
    "a claim on a customer who has an owner": (
        (
            "UPDATE customer SET owner_id = 1 WHERE id = 1",
            "INSERT INTO pool_claim (customer_id, operator_id, asked_at) VALUES (1, 1, 1)",
        ),
        {"claims"},
    ),
    "an import that lost one of its rows": (
        (
            (
                "INSERT INTO import_batch (kind, file_name, file_hash, at, operator_name, created_count,"
                " updated_count, refused_count) VALUES ('customers', '老客户.xlsx', 'x', 1, '甲', 2, 0, 0)"
            ),
            "INSERT INTO import_row (batch_id, record_kind, record_id) VALUES (1, 'customer', 1)",
        ),
        {"imports"},
    ),
    "an import that changed more than it tells": (
        (
            (
                "INSERT INTO import_batch (kind, file_name, file_hash, at, operator_name, created_count,"
                " updated_count, refused_count) VALUES ('customers', '老客户.xlsx', 'x', 1, '甲', 0, 0, 0)"
            ),
            "INSERT INTO import_row (batch_id, record_kind, record_id, before) VALUES (1, 'customer', 1, '{}')",
        ),
        {"imports"},
    ),
    "a ghost in the search": (
        ("INSERT INTO search_entry (kind, record_id, title) VALUES ('customer', 99, 'ghost')",),
        {"search"},
    ),
    "an index that lost a word": (
        (
            (
                "INSERT INTO search_fts (search_fts, rowid, terms)"
                " SELECT 'delete', entry_id, terms FROM search_words WHERE entry_id = 1"
            ),
        ),
        {"search_index"},
    ),
    "a reference to nothing": (("UPDATE customer SET level_id = 99 WHERE id = 1",), {"references"}),
    "no administrator": (("UPDATE operator SET active = 0",), {"administrator"}),
    "a foreign table": (("CREATE TABLE stranger (x)",), {"schema"}),
    "a foreign trigger": (
        ("CREATE TRIGGER stranger AFTER INSERT ON sale BEGIN DELETE FROM change; END",),
        {"schema"},
    ),
    "a missing index": (("DROP INDEX sale_date",), {"schema"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(busy_shop: OpenedShop, fault: str) -> None:
    statements, expected = FAULTS[fault]
    plant(busy_shop, *statements)
    results = check(replace(busy_shop.actor, rights=AllRights()), folder=busy_shop.folder.root)
    assert expected <= wrong(results)
    assert all(result.details for result in results if not result.ok)


def test_a_guard_that_was_taken_away_is_found(busy_shop: OpenedShop) -> None:
    close_database()
    connection = sqlite3.connect(busy_shop.folder.database)
    connection.execute("DROP TRIGGER posting_no_delete")
    connection.close()
    open_database(busy_shop.folder.database)
    assert wrong(check(busy_shop.actor, folder=busy_shop.folder.root)) == {"schema"}


def test_an_index_entry_that_is_wrong_is_found_by_the_thorough_check(busy_shop: OpenedShop) -> None:
    page = fetch("SELECT rootpage FROM sqlite_master WHERE name = 'sale_date'")[0][0]
    close_database()
    with busy_shop.folder.database.open("r+b") as stream:
        stream.seek((page - 1) * 4096)
        content = bytearray(stream.read(4096))
        place = content.index(b"2026-03-16")
        content[place : place + 10] = b"2026-03-15"
        stream.seek((page - 1) * 4096)
        stream.write(content)
    open_database(busy_shop.folder.database)
    results = check(busy_shop.actor, folder=busy_shop.folder.root, thorough=True)
    assert "file" in wrong(results)


def test_a_file_that_can_not_be_read_is_a_finding_not_a_crash(shop: OpenedShop) -> None:
    with shop.folder.database.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xff" * 8192)
    results = check(shop.actor, folder=shop.folder.root)
    assert "file" in wrong(results) or "schema" in wrong(results)


def test_many_faults_are_counted_and_the_first_are_named(busy_shop: OpenedShop) -> None:
    rows = ", ".join(f"('customer', {number}, 'ghost')" for number in range(100, 150))
    plant(busy_shop, f"INSERT INTO search_entry (kind, record_id, title) VALUES {rows}")
    found = {result.key: result for result in check(busy_shop.actor, folder=busy_shop.folder.root)}
    assert found["search"].count == 50
    assert len(found["search"].details) == 20


def test_checking_changes_nothing_and_is_written_down(busy_shop: OpenedShop) -> None:
    before = fetch("SELECT count(*) FROM posting")
    check(busy_shop.actor, folder=busy_shop.folder.root)
    assert fetch("SELECT count(*) FROM posting") == before
    assert fetch("SELECT summary FROM operation ORDER BY id DESC LIMIT 1") == [("检查数据：全部正确",)]
    assert not list(Path(busy_shop.folder.cache).glob("draft-*"))


@pytest.mark.parametrize("summary", SUMMARIES, ids=lambda summary: summary.key)
def test_wrong_sums_are_made_anew_from_what_was_posted(busy_shop: OpenedShop, summary: Summary) -> None:
    actor, last = busy_shop.actor, summary.sums.split()[-1]
    sound = fetch(f"SELECT {summary.columns} FROM {summary.table}")
    plant(busy_shop, f"UPDATE {summary.table} SET {last} = {last} + 7")
    keys = wrong_sums(check(actor, folder=busy_shop.folder.root))
    assert keys == [summary.key]
    with pytest.raises(NeedsConfirmation):
        rebuild_sums(actor, keys=keys)
    assert rebuild_sums(actor, keys=keys, confirmed=frozenset({REBUILD_SUMS})) == 1
    assert fetch(f"SELECT {summary.columns} FROM {summary.table}") == sound
    assert not wrong(check(actor, folder=busy_shop.folder.root))
    rows = fetch("SELECT summary FROM operation WHERE action = 'data.rebuild_sums'")
    assert rows == [("重算 1 种汇总",)]


def test_what_is_no_sum_is_not_made_anew(busy_shop: OpenedShop) -> None:
    plant(busy_shop, "UPDATE posting SET amount_fen = amount_fen + 1 WHERE id = 1")
    results = check(busy_shop.actor, folder=busy_shop.folder.root)
    assert "entries_balanced" in wrong(results)
    assert "entries_balanced" not in wrong_sums(results)
    with pytest.raises(UserError):
        rebuild_sums(busy_shop.actor, keys=["entries_balanced"], confirmed=frozenset({REBUILD_SUMS}))


def test_only_who_may_makes_sums_anew(shop: OpenedShop) -> None:
    with pytest.raises(PermissionDenied):
        rebuild_sums(shop.as_role("店长"), keys=["sales_days"], confirmed=frozenset({REBUILD_SUMS}))


def test_only_who_may_checks_the_data(shop: OpenedShop) -> None:
    with pytest.raises(PermissionDenied):
        check(shop.as_role("店长"), folder=shop.folder.root)
