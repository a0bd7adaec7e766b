"""Large lists in an order no index holds: read once elsewhere, then any window at once and the same rows."""

from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import CustomerFilter, customer_list
from meiping.kernel.tabular import Sort
from meiping.store import listing as store_listing
from tests.factories import add_customer


def test_a_small_table_or_an_indexed_order_needs_no_preparation(shop, monkeypatch):
    add_customer(shop)
    assert customer_list(shop.actor).preparation(Sort("province")) is None
    monkeypatch.setattr(store_listing, "LARGE", 0)
    assert customer_list(shop.actor).preparation(Sort("name")) is None
    assert customer_list(shop.actor).preparation(Sort("province")) is not None


def test_what_was_prepared_is_what_would_have_been_read(shop, monkeypatch):
    monkeypatch.setattr(store_listing, "LARGE", 0)
    for number in range(7):
        add_customer(shop, name=f"客户{number}", notes="甲乙丙"[number % 3])
    for sort in (Sort("notes"), Sort("notes", descending=True), Sort("level")):
        plain, ready = customer_list(shop.actor), customer_list(shop.actor)
        work = ready.preparation(sort)
        assert work is not None
        work()
        assert ready.preparation(sort) is None
        assert ready.count() == plain.count() == 7
        for first in (0, 3, 6):
            assert ready.window(first, 3, sort) == plain.window(first, 3, sort)
        assert ready.all_ids(sort) == [row["id"] for row in plain.window(0, 9, sort)]


def test_a_row_that_goes_after_the_reading_is_left_out(shop, monkeypatch):
    monkeypatch.setattr(store_listing, "LARGE", 0)
    first, _second = add_customer(shop, notes="甲"), add_customer(shop, notes="乙")
    ready = customer_list(shop.actor, CustomerFilter())
    work = ready.preparation(Sort("notes"))
    assert work is not None
    work()
    Customer.update(deleted_at=1).where(Customer.id == first).execute()
    assert len(ready.window(0, 9, Sort("notes"))) == 1


def test_some_rows_and_all_but_some(shop):
    ids = [add_customer(shop) for _ in range(4)]
    every = customer_list(shop.actor)
    assert {row["id"] for row in every.among(ids[:2]).window(0, 9, None)} == set(ids[:2])
    assert {row["id"] for row in every.without(ids[:1]).window(0, 9, None)} == set(ids[1:])
    assert every.without(ids[:1]).count() == 3
