"""Customers that go for good, and their photos: parts of verbs that have asked, and of those of other rooms."""

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
