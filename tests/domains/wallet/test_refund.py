"""Stored value given back as money: the principal only, once, and the bonus never becomes cash."""

from typing import Any

import pytest

from meiping.domains.ledger.queries import balance_fen, customer_balances, statement
from meiping.domains.ledger.rules import Account
from meiping.domains.maintenance.invariants import INVARIANTS
from meiping.domains.reports.queries import summary
from meiping.domains.reports.rules import Period
from meiping.domains.stewardship.merging import merge_customers
from meiping.domains.stewardship.timeline import timeline
from meiping.domains.wallet.service import refund
from meiping.kernel.errors import InputError
from meiping.store.database import fetch
from tests.factories import add_customer, new_key, recharge
from tests.shop import OpenedShop


@pytest.fixture
def wang(shop: OpenedShop) -> int:
    """A customer who put in ¥100 and got ¥20 besides."""
    customer_id = add_customer(shop, name="王芳")
    recharge(shop, customer_id, 10_000, 2_000)
    return customer_id


def left(shop: OpenedShop, customer_id: int) -> tuple[int, int]:
    there = customer_balances(shop.actor, customer_id=customer_id)
    return there.stored_principal_fen, there.stored_bonus_fen


def give_back(shop: OpenedShop, customer_id: int, fen: int, **values: Any) -> str:
    return refund(shop.actor, key=new_key(), customer_id=customer_id, principal_fen=fen, **values)


def test_part_of_the_principal_goes_back_and_the_bonus_stays(shop: OpenedShop, wang: int) -> None:
    number = give_back(shop, wang, 4_000, tender="wechat")
    assert number == "TK-20260316-0001"
    assert left(shop, wang) == (6_000, 2_000)
    assert balance_fen(Account.WECHAT, company_id=shop.company_id) == -4_000


def test_the_bonus_never_becomes_cash(shop: OpenedShop, wang: int) -> None:
    with pytest.raises(InputError, match=r"本金只有 ¥100\.00，赠送的 ¥20\.00 不能退成现金"):
        give_back(shop, wang, 10_001, lapse_bonus=True)
    assert left(shop, wang) == (10_000, 2_000)


@pytest.mark.parametrize(("lapse", "bonus_left"), [(True, 0), (False, 2_000)])
def test_with_the_last_principal_one_says_what_becomes_of_the_bonus(
    shop: OpenedShop, wang: int, lapse: bool, bonus_left: int
) -> None:
    with pytest.raises(InputError, match="作废或保留"):
        give_back(shop, wang, 10_000)
    promotion = balance_fen(Account.PROMOTION, company_id=shop.company_id)
    give_back(shop, wang, 10_000, lapse_bonus=lapse)
    assert left(shop, wang) == (0, bonus_left)
    after = balance_fen(Account.PROMOTION, company_id=shop.company_id)
    assert promotion - after == 2_000 - bonus_left


@pytest.mark.parametrize("fen", [0, -100])
def test_nothing_is_not_refunded(shop: OpenedShop, wang: int, fen: int) -> None:
    with pytest.raises(InputError, match="大于零"):
        give_back(shop, wang, fen)


@pytest.mark.parametrize("tender", ["stored_value", "credit", "gold"])
def test_money_goes_back_only_as_money(shop: OpenedShop, wang: int, tender: str) -> None:
    with pytest.raises(InputError, match="退款要用"):
        give_back(shop, wang, 100, tender=tender)


def test_pressed_twice_it_is_given_back_once(shop: OpenedShop, wang: int) -> None:
    asked: dict[str, Any] = {"key": new_key(), "customer_id": wang, "principal_fen": 3_000}
    assert refund(shop.actor, **asked) == refund(shop.actor, **asked)
    assert left(shop, wang) == (7_000, 2_000)


def test_it_stands_among_the_dealings_and_in_the_days_figures(shop: OpenedShop, wang: int) -> None:
    shop.clock.advance(minutes=5)
    number = give_back(shop, wang, 4_000)
    row = statement(shop.actor, customer_id=wang).rows[0]
    assert (row["kind"], row["number"], row["amount_fen"]) == ("退款", number, -4_000)
    assert (row["stored_change_fen"], row["stored_fen"]) == (-4_000, 8_000)
    happened = timeline(shop.actor, customer_id=wang).window(0, 1, None)[0]
    assert (happened["kind"], happened["amount_fen"]) == ("退款", -4_000)
    today = summary(shop.actor, Period(shop.actor.today(), shop.actor.today())).totals
    assert (today["refund_fen"], today["recharge_fen"], today["received_fen"]) == (4_000, 10_000, 6_000)
    assert not [fault for invariant in INVARIANTS for fault in invariant.check(fetch)]


def test_what_a_merged_twin_had_is_refunded_by_the_survivor(shop: OpenedShop, wang: int) -> None:
    survivor = add_customer(shop, name="王小芳")
    merge_customers(shop.actor, survivor_id=survivor, twin_id=wang)
    give_back(shop, wang, 10_000, lapse_bonus=True)
    assert left(shop, survivor) == (0, 0)
