"""A customer who asks for it is forgotten; the shop's books stay."""

from pathlib import Path

import pytest

from meiping.domains.contacts import recording
from meiping.domains.contacts import service as contacts
from meiping.domains.contacts.queries import contacts_of, records_of
from meiping.domains.contacts.rules import ContactInput, RecordInput
from meiping.domains.customers.queries import customer_changes, customer_detail, find_customers
from meiping.domains.documents import keeping
from meiping.domains.documents import service as documents
from meiping.domains.ledger.queries import customer_balances
from meiping.domains.maintenance.files import clear_if_unnamed
from meiping.domains.sales.queries import bills, bills_of
from meiping.domains.stewardship.anonymising import ANONYMISE, anonymise_customer
from meiping.domains.stewardship.merging import merge_customers, undo_merge
from meiping.domains.stewardship.timeline import timeline
from meiping.kernel.errors import InputError, NeedsConfirmation, PermissionDenied, UserError
from meiping.store.blobs import blob_path
from meiping.store.database import fetch
from tests.domains.stewardship.merging_shop import rows_of
from tests.factories import add_customer, add_product, recharge, sell
from tests.whole_file import faults

SECRETS = ("落霞路九十九号", "13900990099", "金丝雀", "怕冷", "铁公鸡", "嘴甜")


def forget(shop, customer_id: int) -> tuple[str, ...]:
    return anonymise_customer(shop.actor, customer_id=customer_id, confirmed=frozenset({ANONYMISE}))


@pytest.fixture
def person(shop) -> int:
    who = add_customer(
        shop, name="金丝雀", phone="13900990099", address="落霞路九十九号", notes="怕冷", card_number="77"
    )
    contacts.add_contact(shop.actor, customer_id=who, contact=ContactInput("铁公鸡"))
    recording.add_record(shop.actor, customer_id=who, record=RecordInput("嘴甜", contact_name="铁公鸡"))
    sell(shop, (add_product(shop, stock=5), 1), customer_id=who)
    recharge(shop, who, 5_000)
    return who


def test_everything_about_the_person_goes_and_the_books_stay(shop, person):
    forget(shop, person)
    code = customer_detail(shop.actor, customer_id=person).code
    assert customer_detail(shop.actor, customer_id=person).name == f"已隐去 {code}"
    assert [hit.id for hit in find_customers(shop.actor, code)] == [person]
    assert not any(find_customers(shop.actor, word) for word in (*SECRETS, "jinsique", "77"))
    assert contacts_of(shop.actor, customer_id=person).count() == 0
    assert [row["content"] for row in rows_of(records_of(shop.actor, customer_id=person))] == ["（已隐去）"]
    assert bills_of(shop.actor, customer_id=person).count() == 1
    assert {row["customer"] for row in rows_of(bills(shop.actor))} == {f"已隐去 {code}"}
    assert customer_balances(shop.actor, customer_id=person).stored_fen == 5_000
    assert faults() == []


def test_only_the_log_that_nobody_may_edit_still_holds_it_and_shows_it_to_nobody(shop, person):
    forget(shop, person)
    tables = [row[0] for row in fetch("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        if table != "change" and not table.startswith("search_fts"):
            told = "".join(str(row) for row in fetch(f"SELECT * FROM {table}"))
            assert not [word for word in SECRETS if word in told], table
    shown = str(rows_of(customer_changes(shop.actor, customer_id=person)))
    shown += str(rows_of(timeline(shop.actor, customer_id=person)))
    assert not [word for word in SECRETS if word in shown]


def test_bytes_that_nobody_else_names_are_deleted(shop, person):
    other = add_customer(shop)
    own, common = (keeping.keep_content(shop.folder, content, "合同.pdf") for content in (b"own", b"common"))
    documents.add_documents(shop.actor, customer_id=person, documents=[own, common])
    documents.add_documents(shop.actor, customer_id=other, documents=[common])
    hashes = forget(shop, person)
    assert set(hashes) == {own.hash, common.hash}
    assert clear_if_unnamed(shop.folder, hashes) == 1
    there: list[Path] = [blob_path(shop.folder, one.hash) for one in (own, common)]
    assert [path.exists() for path in there] == [False, True]


def test_those_merged_into_him_are_forgotten_too(shop, person):
    survivor = add_customer(shop)
    merge_id = merge_customers(shop.actor, survivor_id=survivor, twin_id=person)
    with pytest.raises(InputError, match="已经并入"):
        forget(shop, person)
    forget(shop, survivor)
    assert not any(find_customers(shop.actor, word) for word in SECRETS)
    with pytest.raises(UserError, match="已经隐去"):
        undo_merge(shop.actor, merge_id=merge_id)
    with pytest.raises(InputError, match="已经隐去"):
        forget(shop, survivor)
    with pytest.raises(InputError, match="不能合并"):
        merge_customers(shop.actor, survivor_id=add_customer(shop), twin_id=survivor)
    assert faults() == []


def test_it_is_asked_about_and_needs_the_right_to_delete(shop, person):
    with pytest.raises(NeedsConfirmation, match="永久隐去") as asked:
        anonymise_customer(shop.actor, customer_id=person)
    assert "不能恢复；业务单和账目保留" in asked.value.detail
    with pytest.raises(PermissionDenied):
        anonymise_customer(shop.as_role("收银员"), customer_id=person)
