"""Customers that go for good, and their photos: parts of verbs that have asked, and of those of other rooms."""

import json
from collections.abc import Collection

from meiping.domains.audit import service as audit
from meiping.domains.custom_fields import forgetting as custom_fields
from meiping.domains.customers.models import Customer, CustomerDistinct, CustomerShare, PoolClaim
from meiping.domains.customers.rules import KIND
from meiping.kernel.changes import Topic
from meiping.kernel.source import Source
from meiping.store import search_index
from meiping.store.unit_of_work import Work


def forget_customer(work: Work, customer_id: int) -> None:
    """Let a customer's own rows go, for good; what other rooms keep of him must be gone before."""
    for table in (CustomerShare, PoolClaim):
        table.delete().where(table.customer == customer_id).execute()
    CustomerDistinct.delete().where(
        (CustomerDistinct.a == customer_id) | (CustomerDistinct.b == customer_id)
    ).execute()
    custom_fields.forget_values(work, KIND, customer_id)
    search_index.remove(work, KIND, customer_id)
    Customer.delete().where(Customer.id == customer_id).execute()
    audit.record(work, "customer.purge", "彻底删除客户", Source(KIND, customer_id))
    work.changed(Topic.CUSTOMERS)


def take_back_customers(work: Work, customer_ids: Collection[int]) -> None:
    """Let customers that should never have come go again, without a line each in the log.

    What other rooms keep of them must be gone before.
    """
    ids = json.dumps([*customer_ids])
    custom_fields.forget_values_of(work, KIND, customer_ids)
    for customer_id in customer_ids:
        search_index.remove(work, KIND, customer_id)
    work.execute(
        "DELETE FROM customer_distinct WHERE a_id IN (SELECT value FROM json_each(?1))"
        " OR b_id IN (SELECT value FROM json_each(?1))",
        ids,
    )
    work.execute("DELETE FROM customer WHERE id IN (SELECT value FROM json_each(?))", ids)
    work.changed(Topic.CUSTOMERS)


def retire_customers(work: Work, customer_ids: Collection[int]) -> None:
    """Put customers that should never have come into the recycle bin, where the ledger names them.

    Their code and card are free again.
    """
    for customer_id in customer_ids:
        search_index.remove(work, KIND, customer_id)
    work.execute(
        "UPDATE customer SET deleted_at = coalesce(deleted_at, ?), deleted_by = ?, card_number = NULL,"
        " code = 'U' || id WHERE id IN (SELECT value FROM json_each(?))",
        work.at,
        work.actor.name,
        json.dumps([*customer_ids]),
    )
    work.changed(Topic.CUSTOMERS)


def write_photo(work: Work, customer_id: int, photo_hash: str) -> None:
    """Name the kept bytes of a customer's photo, or none, and write it down."""
    before = Customer.get_by_id(customer_id).photo_hash
    if before == photo_hash:
        return
    Customer.update(photo_hash=photo_hash).where(Customer.id == customer_id).execute()
    told = "无" if not photo_hash else "已更换" if before else "有"
    subject = Source(KIND, customer_id)
    audit.record_changes(work, subject, [("照片", "有" if before else "无", told)])
    audit.record(work, "customer.photo", "设置客户照片" if photo_hash else "移除客户照片", subject)
    work.changed(Topic.CUSTOMERS)
