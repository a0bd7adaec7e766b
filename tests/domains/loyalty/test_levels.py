"""Levels reached by spending or recharging: they only rise, it is written down, and the next bill has the discount."""

from typing import Any

import pytest

from meiping.domains.customers.levels import level_of
from meiping.domains.customers.queries import customer_changes
from meiping.domains.sales.at_till import customer_at_till
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.settings.queries import levels
from meiping.domains.settings.service import save_level, save_options
from meiping.domains.stewardship.merging import merge_customers
from meiping.domains.wallet.service import refund
from meiping.kernel.errors import InputError
from tests.factories import add_customer, add_product, new_key, recharge, sell
from tests.shop import OpenedShop


def terms(shop: OpenedShop, name: str, **values: Any) -> None:
    level = next(one for one in levels() if one.name == name)
    save_level(shop.actor, level_id=level.id, name=name, discount_bp=level.discount_bp, **values)


@pytest.fixture
def rising(shop: OpenedShop) -> OpenedShop:
    """银卡 by ¥100 spent, 金卡 by ¥500 spent or ¥1,000 recharged."""
    save_options(shop.actor, values={"levels.by_rule": True})
    terms(shop, "银卡", upgrade_spent_fen=10_000)
    terms(shop, "金卡", upgrade_spent_fen=50_000, upgrade_recharged_fen=100_000)
    return shop


def spend(shop: OpenedShop, customer_id: int, fen: int) -> int:
    return sell(shop, (add_product(shop, stock=1, list_price_fen=fen), 1), customer_id=customer_id).sale_id


def level(shop: OpenedShop, customer_id: int) -> str:
    return level_of(shop.actor, customer_id=customer_id)


def test_spending_raises_step_by_step_and_is_written_down(rising: OpenedShop) -> None:
    wang = add_customer(rising)
    spend(rising, wang, 9_999)
    assert level(rising, wang) == ""
    spend(rising, wang, 1)
    assert level(rising, wang) == "银卡"
    spend(rising, wang, 80_000)
    assert level(rising, wang) == "金卡"
    log = customer_changes(rising.actor, wang).window(0, 9, None)
    assert [(row["field"], row["old"], row["new"]) for row in log] == [
        ("等级", "银卡", "金卡"),
        ("等级", "", "银卡"),
    ]
    assert customer_at_till(rising.actor, customer_id=wang).discount_bp == 9_000


def test_recharging_raises_too_and_what_was_refunded_does_not_count(rising: OpenedShop) -> None:
    wang = add_customer(rising)
    recharge(rising, wang, 60_000)
    refund(rising.actor, key=new_key(), customer_id=wang, principal_fen=30_000)
    recharge(rising, wang, 60_000)
    assert level(rising, wang) == ""
    recharge(rising, wang, 10_000)
    assert level(rising, wang) == "金卡"


def test_a_level_never_falls(rising: OpenedShop) -> None:
    diamond = levels()[3].id
    noble, wang = add_customer(rising, level_id=diamond), add_customer(rising)
    spend(rising, noble, 60_000)
    assert level(rising, noble) == "钻石"
    sale = spend(rising, wang, 60_000)
    (line,) = bill_detail(rising.actor, sale_id=sale).lines
    return_goods(rising.actor, key=new_key(), sale_id=sale, quantities={line.id: 1_000})
    spend(rising, wang, 100)
    assert level(rising, wang) == "金卡"


def test_who_was_merged_counts_and_without_the_setting_nothing_rises(rising: OpenedShop) -> None:
    twin, wang, other = (add_customer(rising) for _ in range(3))
    spend(rising, twin, 9_000)
    merge_customers(rising.actor, survivor_id=wang, twin_id=twin)
    spend(rising, wang, 1_000)
    assert level(rising, wang) == "银卡"
    save_options(rising.actor, values={"levels.by_rule": False})
    spend(rising, other, 90_000)
    assert level(rising, other) == ""


def test_a_sum_that_cannot_be_is_refused(rising: OpenedShop) -> None:
    with pytest.raises(InputError) as refused:
        terms(rising, "金卡", upgrade_spent_fen=0)
    assert refused.value.field == "upgrade_spent_fen"
