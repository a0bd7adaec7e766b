"""The people at a customer: added, found, the main one among them, deleted and brought back."""

from dataclasses import replace
from typing import Any

import pytest

from meiping.domains.contacts.queries import (
    ContactFilter,
    contact_detail,
    contact_list,
    contact_names,
    contacts_of,
    find_contacts,
)
from meiping.domains.contacts.rules import ContactInput
from meiping.domains.contacts.service import (
    add_contact,
    add_many,
    change_contact,
    delete_contacts,
    mask_contact_phones,
    restore_contacts,
    set_main_contact,
)
from meiping.domains.customers.service import delete_customers, restore_customers
from meiping.domains.maintenance.customer_invariants import CONTACTS
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound
from meiping.store.database import fetch
from meiping.store.unit_of_work import batch
from tests.factories import add_customer


@pytest.fixture
def firm(shop) -> int:
    return add_customer(shop, name="恒达商贸", firm=True)


def names(listing) -> list[str]:
    return [row["name"] for row in listing.window(0, 50, None)]


def add(shop, customer_id: int, name: str, **values: Any) -> int:
    return add_contact(shop.actor, customer_id=customer_id, contact=ContactInput(name, **values))


def is_main(shop, contact_id: int) -> bool:
    return contact_detail(shop.actor, contact_id=contact_id).contact.main


def sound() -> bool:
    return not any(line for invariant in CONTACTS for line in invariant.check(fetch))


# ------------------------------------------------------------------ entering
def test_a_name_is_enough(shop, firm):
    contact = contact_detail(shop.actor, contact_id=add(shop, firm, " 王 经理 "))
    assert (contact.contact.name, contact.customer) == ("王 经理", "恒达商贸")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", "  "),
        ("name", "长" * 61),
        ("mobile", "不是号码"),
        ("office_phone", "12"),
        ("gender", "未知"),
        ("department", "部" * 41),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(shop, firm, field, wrong):
    with pytest.raises(InputError) as refused:
        add_contact(shop.actor, customer_id=firm, contact=replace(ContactInput("王经理"), **{field: wrong}))
    assert refused.value.field == field
    assert contacts_of(shop.actor, customer_id=firm).count() == 0


def test_phones_are_kept_in_one_form_whatever_was_typed(shop, firm):
    contact = add(shop, firm, "王经理", mobile="＋86 138 2201-7788", office_phone="0755 26001234")
    kept = contact_detail(shop.actor, contact_id=contact).contact
    assert (kept.mobile, kept.office_phone) == ("13822017788", "075526001234")


def test_an_odd_phone_is_asked_about_and_not_again_when_it_stays(shop, firm):
    odd = ContactInput("王经理", mobile="12345678")
    with pytest.raises(NeedsConfirmation) as asked:
        add_contact(shop.actor, customer_id=firm, contact=odd)
    contact = add_contact(shop.actor, customer_id=firm, contact=odd, confirmed=frozenset({asked.value.token}))
    assert change_contact(shop.actor, contact_id=contact, contact=replace(odd, post="采购", main=True)) == 1


def test_nobody_is_added_to_a_customer_in_the_bin(shop, firm):
    delete_customers(shop.actor, customer_ids=[firm])
    with pytest.raises(NotFound):
        add(shop, firm, "王经理")


# ------------------------------------------------------------ the main contact
def test_the_first_one_at_a_firm_is_the_main_contact(shop, firm):
    first, second = add(shop, firm, "王经理"), add(shop, firm, "李会计")
    assert is_main(shop, first)
    assert not is_main(shop, second)


def test_a_person_has_a_main_contact_only_if_said_so(shop):
    assert not is_main(shop, add(shop, add_customer(shop), "她先生"))


def test_a_new_main_contact_takes_the_place_of_the_old_one(shop, firm):
    first, second = add(shop, firm, "王经理"), add(shop, firm, "李会计", main=True)
    assert (is_main(shop, first), is_main(shop, second)) == (False, True)
    set_main_contact(shop.actor, contact_id=first)
    assert (is_main(shop, first), is_main(shop, second)) == (True, False)
    assert contact_names(shop.actor, customer_id=firm) == ["王经理", "李会计"]
    assert sound()


def test_deleting_the_main_contact_makes_nobody_else_it(shop, firm):
    first, second = add(shop, firm, "王经理"), add(shop, firm, "李会计")
    delete_contacts(shop.actor, contact_ids=[first])
    assert not is_main(shop, second)


def test_the_main_contact_is_it_again_when_brought_back_unless_there_is_another(shop, firm):
    first, second = add(shop, firm, "王经理"), add(shop, firm, "李会计")
    delete_contacts(shop.actor, contact_ids=[first])
    assert restore_contacts(shop.actor, contact_ids=[first]) == 1
    assert is_main(shop, first)
    delete_contacts(shop.actor, contact_ids=[first])
    set_main_contact(shop.actor, contact_id=second)
    restore_contacts(shop.actor, contact_ids=[first])
    assert (is_main(shop, first), is_main(shop, second)) == (False, True)
    assert sound()


# ---------------------------------------------------------- changing, the log
def test_every_changed_field_is_written_down(shop, firm):
    contact = add(shop, firm, "王经理", post="经理")
    changed = ContactInput("王总", post="总经理", mobile="13822017788", main=True)
    assert change_contact(shop.actor, contact_id=contact, contact=changed) == 3
    rows = fetch("SELECT field, old, new FROM change WHERE kind = 'contact' AND record_id = ?", contact)
    assert rows == [("姓名", "王经理", "王总"), ("职务", "经理", "总经理"), ("手机", "", "138 2201 7788")]


def test_who_is_deleted_is_not_changed(shop, firm):
    contact = add(shop, firm, "王经理")
    delete_contacts(shop.actor, contact_ids=[contact])
    with pytest.raises(NotFound, match="恢复"):
        change_contact(shop.actor, contact_id=contact, contact=ContactInput("王总"))


def test_who_deleted_it_and_when_stays_known(shop, firm):
    contact = add(shop, firm, "王经理")
    assert delete_contacts(shop.actor, contact_ids=[contact]) == 1
    assert delete_contacts(shop.actor, contact_ids=[contact]) == 0
    (row,) = contact_list(shop.actor, ContactFilter(in_bin=True)).window(0, 10, None)
    assert (row["name"], row["deleted_by"], row["deleted_at"] is not None) == ("王经理", "王老板", True)
    assert names(contact_list(shop.actor)) == []


# --------------------------------------------------------------------- finding
@pytest.mark.parametrize("typed", ["欧阳", "oyj", "ouyang", "7788", "138 2201", "老欧", "1234"])
def test_a_contact_is_found_by_name_pinyin_and_phone_and_leads_to_the_customer(shop, firm, typed):
    add(shop, firm, "欧阳娟", mobile="13822017788", office_phone="0755-26001234", nickname="老欧")
    (hit,) = find_contacts(shop.actor, typed)
    assert (hit.name, hit.phone, hit.customer_id, hit.customer) == ("欧阳娟", "13822017788", firm, "恒达商贸")


def test_the_list_finds_by_the_customer_too(shop, firm):
    add(shop, firm, "王经理")
    add(shop, add_customer(shop, name="别家"), "李会计")
    assert names(contact_list(shop.actor, ContactFilter("恒达"))) == ["王经理"]
    assert names(contact_list(shop.actor, ContactFilter(main_only=True))) == ["王经理"]


def test_the_deleted_and_those_of_deleted_customers_are_not_found(shop, firm):
    contact = add(shop, firm, "王经理")
    delete_customers(shop.actor, customer_ids=[firm])
    assert (find_contacts(shop.actor, "王经理"), names(contact_list(shop.actor))) == ([], [])
    restore_customers(shop.actor, customer_ids=[firm])
    delete_contacts(shop.actor, contact_ids=[contact])
    assert (find_contacts(shop.actor, "王经理"), names(contact_list(shop.actor))) == ([], [])
    restore_contacts(shop.actor, contact_ids=[contact])
    assert names(contact_list(shop.actor)) == ["王经理"]
    assert sound()


def test_a_salesperson_finds_contacts_of_own_customers_only(shop, firm):
    seller = shop.as_role("业务员")
    mine = add_customer(shop, owner_id=seller.operator_id)
    add(shop, firm, "王经理")
    add(shop, mine, "王师傅")
    assert names(contact_list(seller)) == ["王师傅"]
    assert [hit.name for hit in find_contacts(seller, "王")] == ["王师傅"]


# ------------------------------------------------------------- many, and copies
def test_many_come_in_at_once_with_one_main_contact_each(shop, firm):
    rows = [(firm, ContactInput("王经理", main=True)), (firm, ContactInput("李会计", main=True))]
    with batch() as begin:
        first, second = add_many(begin(shop.actor), rows)
    assert (is_main(shop, first), is_main(shop, second)) == (True, False)
    assert [hit.name for hit in find_contacts(shop.actor, "lkj")] == ["李会计"]
    assert sound()


def test_a_copy_for_others_hides_the_phones(shop, firm):
    contact = add(shop, firm, "王经理", mobile="13822017788", office_phone="0755-26001234")
    with batch() as begin:
        mask_contact_phones(begin(shop.actor))
    kept = contact_detail(shop.actor, contact_id=contact).contact
    assert (kept.mobile, kept.office_phone) == ("13800007788", "07500001234")
