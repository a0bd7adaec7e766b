"""彻底删除: what lies in the recycle bin goes for good, unless something that counts depends on it."""

import pytest

from meiping.domains.contacts.recording import add_record, delete_records
from meiping.domains.contacts.rules import ContactInput, RecordInput
from meiping.domains.contacts.service import add_contact, delete_contacts
from meiping.domains.customers.service import delete_customers
from meiping.domains.documents import keeping
from meiping.domains.documents.service import add_documents, delete_documents, purge_documents
from meiping.domains.maintenance.service import check
from meiping.domains.stewardship.purging import purge_contacts, purge_customers, purge_records
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound, PermissionDenied
from meiping.store.database import fetch
from tests.factories import add_customer, add_product, recharge, sell
from tests.shop import OpenedShop

SURE = frozenset({"purge"})


def count(table: str) -> int:
    return int(fetch(f"SELECT count(*) FROM {table}")[0][0])


def attach(shop: OpenedShop, customer_id: int, record_id: int | None = None) -> list[int]:
    kept = keeping.keep_content(shop.folder, b"paper", "合同.txt")
    return add_documents(shop.actor, customer_id=customer_id, documents=[kept], contact_record_id=record_id)


def test_a_customer_without_bills_goes_with_all_that_is_his(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    add_contact(shop.actor, customer_id=customer, contact=ContactInput(name="王经理"))
    record = add_record(shop.actor, customer_id=customer, record=RecordInput("打过电话", at=shop.clock()))
    attach(shop, customer, record)
    with pytest.raises(NotFound):
        purge_customers(shop.actor, customer_ids=[customer], confirmed=SURE)
    delete_customers(shop.actor, customer_ids=[customer])
    with pytest.raises(NeedsConfirmation, match="彻底删除 1 位客户吗？") as asked:
        purge_customers(shop.actor, customer_ids=[customer])
    assert asked.value.detail == "1 位联系人、1 条联系反馈、1 份资料会一起删除。删除后不能恢复。"
    assert purge_customers(shop.actor, customer_ids=[customer], confirmed=SURE) == 1
    assert [count(table) for table in ("customer", "contact", "contact_record", "document")] == [0] * 4
    assert all(result.ok for result in check(shop.actor, folder=shop.folder.root))


def test_a_customer_with_bills_or_money_never_goes(shop: OpenedShop) -> None:
    buyer, saver, nobody = (
        add_customer(shop, name="买家"),
        add_customer(shop, name="储户"),
        add_customer(shop),
    )
    sell(shop, (add_product(shop, stock=5), 1), customer_id=buyer)
    recharge(shop, saver, 10_000)
    delete_customers(shop.actor, customer_ids=[buyer, saver, nobody])
    with pytest.raises(InputError, match="“买家”有业务单，不能彻底删除"):
        purge_customers(shop.actor, customer_ids=[buyer, nobody], confirmed=SURE)
    with pytest.raises(InputError, match="“储户”有充值记录，不能彻底删除"):
        purge_customers(shop.actor, customer_ids=[saver], confirmed=SURE)
    assert count("customer") == 3


def test_a_contact_goes_unless_a_record_names_him(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    named, other = (
        add_contact(shop.actor, customer_id=customer, contact=ContactInput(name=name))
        for name in ("王经理", "李会计")
    )
    entered = RecordInput("打过电话", at=shop.clock(), contact_name="王经理")
    add_record(shop.actor, customer_id=customer, record=entered)
    delete_contacts(shop.actor, contact_ids=[named, other])
    with pytest.raises(InputError, match="提到“王经理”"):
        purge_contacts(shop.actor, contact_ids=[named, other], confirmed=SURE)
    with pytest.raises(NeedsConfirmation, match="1 位联系人"):
        purge_contacts(shop.actor, contact_ids=[other])
    assert purge_contacts(shop.actor, contact_ids=[other], confirmed=SURE) == 1
    assert count("contact") == 1


def test_a_record_goes_after_its_documents(shop: OpenedShop) -> None:
    customer = add_customer(shop)
    record = add_record(shop.actor, customer_id=customer, record=RecordInput("看过样品", at=shop.clock()))
    papers = attach(shop, customer, record)
    delete_records(shop.actor, record_ids=[record])
    with pytest.raises(InputError, match="附有资料"):
        purge_records(shop.actor, record_ids=[record], confirmed=SURE)
    delete_documents(shop.actor, document_ids=papers)
    purge_documents(shop.actor, document_ids=papers, confirmed=SURE)
    assert purge_records(shop.actor, record_ids=[record], confirmed=SURE) == 1
    assert count("contact_record") == 0


def test_only_who_may_delete_customers_lets_go_for_good(shop: OpenedShop) -> None:
    with pytest.raises(PermissionDenied):
        purge_customers(shop.as_role("业务员"), customer_ids=[1])
