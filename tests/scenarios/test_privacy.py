"""Customers stay in their tables: neither the log file nor the log of operations knows their names and numbers."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from peewee import IntegrityError, OperationalError

from meiping.adapters.logs import safe_traceback, start_logging
from meiping.domains.customers.queries import customer_detail, find_customers
from meiping.domains.customers.rules import CustomerInput
from meiping.domains.customers.service import (
    add_customer,
    add_many,
    change_customer,
    delete_customers,
    quick_add_customer,
    restore_customers,
)
from meiping.domains.ledger.queries import statement
from meiping.domains.maintenance.service import back_up, check
from meiping.domains.receivables.service import receive
from meiping.domains.reminders.rules import ReminderInput, Repeat
from meiping.domains.reminders.service import add_reminder, mark_done, snooze
from meiping.domains.sales.carts import hold_cart, recall_cart
from meiping.domains.sales.models import Cart as CartRow
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.receipt import receipt_slip
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.wallet.service import recharge
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, UserError
from meiping.store.database import db, fetch
from meiping.store.unit_of_work import batch, subscribe
from tests.factories import add_product, cart_of, new_key
from tests.shop import OpenedShop

CANARIES = tuple(
    CustomerInput(
        name=f"金丝雀{word}",
        phone=f"1390099{number:04d}",
        phone2=f"021-6543{number:04d}",
        card_number=f"8866{number:04d}",
        email=f"canary{number}@example.cn",
        address=f"落霞路{word}弄{number}号",
        notes=f"怕冷，常带{word}只猫",
        credit_limit_fen=10_000_00,
    )
    for word, number in zip("甲乙丙丁戊己庚辛壬癸", range(7101, 7111), strict=True)
)
PRIVATE = ("金丝雀", "1390099", "139 0099", "139-0099", "6543", "88667", "canary", "落霞", "怕冷")
"""What no canary may leave behind, however it is written."""


@pytest.fixture
def log(shop: OpenedShop, logged_errors: list[str]) -> Iterator[Callable[[], str]]:
    """The program's own log, as a real start sets it up; what is forced here is expected to be in it."""
    close = start_logging(shop.folder.logs)
    yield lambda: "".join(path.read_text("utf-8") for path in shop.folder.logs.iterdir())
    close()
    logged_errors.clear()


def live_with_canaries(shop: OpenedShop) -> list[int]:
    """Everything that happens to customers, and what is refused to them."""
    tea = add_product(shop, stock=1_000)
    ids = []
    for canary in CANARIES:
        ids.append(add_customer(shop.actor, customer=canary))
        refused(add_customer, shop, customer=canary)
        refused(quick_add_customer, shop, text=canary.phone)
    for customer_id in ids:
        detail = customer_detail(shop.actor, customer_id)
        moved = replace(detail.as_input(), address=f"{detail.address}二楼", keyword=detail.name[-1])
        change_customer(shop.actor, customer_id=customer_id, customer=moved)
        find_customers(shop.actor, detail.name)
        recharge(shop.actor, key=new_key(), customer_id=customer_id, principal_fen=500, note=detail.name)
        cart = cart_of(shop, (tea, 2), customer_id=customer_id, customer_name=detail.name, note=detail.phone)
        hold_cart(shop.actor, cart=cart, note=detail.name)
        recalled = recall_cart(shop.actor, key=cart.key)
        refused(checkout, shop, cart=cart, payments=[Payment("stored_value", 2_000)])
        parts = [Payment("stored_value", 500), Payment("credit", 1_500)]
        sale_id = checkout(shop.actor, cart=recalled, payments=parts).sale_id
        line_id = fetch("SELECT id FROM sale_line WHERE sale_id = ?", sale_id)[0][0]
        return_goods(
            shop.actor, key=new_key(), sale_id=sale_id, quantities={line_id: 1_000}, reason=detail.name
        )
        receipt_slip(shop.actor, sale_id=sale_id)
        receive(shop.actor, key=new_key(), customer_id=customer_id, amount_fen=100, note=detail.name)
        statement(shop.actor, customer_id=customer_id)
        day = shop.clock().date()
        about = ReminderInput(f"给{detail.name}打电话", day, repeat=Repeat.DAILY, customer_id=customer_id)
        reminder = add_reminder(shop.actor, reminder=replace(about, content=detail.phone))
        snooze(shop.actor, reminder_ids=[reminder], minutes=5)
        mark_done(shop.actor, reminder_ids=[reminder])
    delete_customers(shop.actor, customer_ids=ids)
    restore_customers(shop.actor, customer_ids=ids)
    back_up(shop.actor, folder=shop.folder.root)
    check(shop.actor, folder=shop.folder.root)
    return ids


def refused(verb: Callable[..., object], shop: OpenedShop, **values: object) -> None:
    """A refusal whose sentence may well name the customer: it is for the screen."""
    with pytest.raises(UserError):
        verb(shop.actor, **values)


# Tracebacks quote the lines of code: no canary stands in a line that fails.
FIRST = CANARIES[0]
WORDS = f"{FIRST.address}的{FIRST.name}"
STATEMENT = f"SELECT * FROM {FIRST.name} WHERE phone = {FIRST.phone}"
FORGOTTEN = f"SELECT * FROM customer WHERE name = '{FIRST.name}' AND forgotten"


def one_card_twice(shop: OpenedShop) -> None:
    with batch() as working:
        add_many(working(shop.actor), [replace(FIRST, phone="", phone2="")])


def a_limit_that_is_no_number(shop: OpenedShop) -> None:
    not_a_limit: Any = FIRST.name
    add_customer(shop.actor, customer=replace(FIRST, credit_limit_fen=not_a_limit))


def an_unknown_tender(shop: OpenedShop) -> None:
    recharge(shop.actor, key=new_key(), customer_id=1, principal_fen=1, tender=FIRST.phone)


def a_cart_that_is_no_cart(shop: OpenedShop) -> None:
    CartRow.create(key=WORDS, company=1, operator=1, held_at=1, body=WORDS, changed_at=1)
    recall_cart(shop.actor, key=WORDS)


def one_key_twice(shop: OpenedShop) -> None:
    CartRow.create(key=WORDS, company=1, operator=1, held_at=1, body=WORDS, changed_at=1)


def an_unknown_table(shop: OpenedShop) -> None:
    fetch(STATEMENT)


def an_unknown_column(shop: OpenedShop) -> None:
    fetch(FORGOTTEN)


def a_value_out_of_range(shop: OpenedShop) -> None:
    db.execute_sql("UPDATE customer SET firm = ? WHERE phone = ?", (FIRST.name, FIRST.phone))


def a_word_that_is_no_date(shop: OpenedShop) -> None:
    date.fromisoformat(FIRST.name)


FORCED: dict[Callable[[OpenedShop], None], type[Exception]] = {
    one_card_twice: IntegrityError,
    a_limit_that_is_no_number: TypeError,
    an_unknown_tender: InputError,
    a_cart_that_is_no_cart: ValueError,
    one_key_twice: IntegrityError,
    an_unknown_table: OperationalError,
    an_unknown_column: OperationalError,
    a_value_out_of_range: IntegrityError,
    a_word_that_is_no_date: ValueError,
}


def break_down(shop: OpenedShop, forced: Callable[[OpenedShop], None], kind: type[Exception]) -> None:
    """Have an unforeseen error told in every way in which the program tells one."""
    with pytest.raises(kind) as failed:
        forced(shop)
    error = failed.value
    logging.getLogger("meiping.ui").error("unexpected error in %s", forced.__name__, exc_info=error)
    assert not found_in(safe_traceback(error))

    def again() -> None:
        raise RuntimeError(WORDS) from error

    thread = threading.Thread(target=again)
    thread.start()
    thread.join()


def found_in(text: str) -> list[str]:
    return [word for word in PRIVATE if word in text]


def test_no_customer_reaches_the_log_file_or_the_log_of_operations(
    shop: OpenedShop, log: Callable[[], str]
) -> None:
    def tell_everything(topics: frozenset[Topic]) -> None:
        raise ValueError(f"could not show {FIRST}")

    stop = subscribe(tell_everything)
    live_with_canaries(shop)
    stop()
    for forced, kind in FORCED.items():
        break_down(shop, forced, kind)
    written = log()
    assert all(f"unexpected error in {forced.__name__}" in written for forced in FORCED)
    assert not found_in(written)
    operations = fetch("SELECT action, subject_kind, summary FROM operation")
    assert len(operations) > 100
    assert not found_in(repr(operations))
