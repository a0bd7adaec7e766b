"""充 500 送 50: the shop's rules fill in the bonus, the best one that fits counts, another one needs a right."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meiping.domains.ledger.queries import customer_balances
from meiping.domains.settings.queries import levels
from meiping.domains.wallet.queries import recharge_offer, recharge_rules, recharge_slip
from meiping.domains.wallet.recharge_rules import delete_rule, save_rule
from meiping.domains.wallet.rules import RuleInput, best_offer
from meiping.domains.wallet.service import recharge
from meiping.kernel.errors import InputError, PermissionDenied
from tests.factories import add_customer, new_key
from tests.shop import OpenedShop

TODAY = date(2026, 3, 16)


def rule(shop: OpenedShop, least_fen: int, bonus_fen: int, **values: Any) -> int:
    return save_rule(shop.actor, rule=RuleInput(values.pop("name", ""), least_fen, bonus_fen, **values))


def bonus(shop: OpenedShop, customer_id: int) -> int:
    return customer_balances(shop.actor, customer_id=customer_id).stored_bonus_fen


def put_in(shop: OpenedShop, customer_id: int, fen: int, **values: Any) -> str:
    actor = values.pop("actor", shop.actor)
    return recharge(actor, key=new_key(), customer_id=customer_id, principal_fen=fen, **values)


def test_a_recharge_gets_the_bonus_of_the_best_rule(shop: OpenedShop) -> None:
    rule(shop, 20_000, 1_000)
    rule(shop, 50_000, 5_000)
    wang = add_customer(shop)
    assert recharge_offer(shop.actor, customer_id=wang, principal_fen=60_000).rule == "充 500 送 50"
    number = put_in(shop, wang, 60_000)
    assert bonus(shop, wang) == 5_000
    paper = str(recharge_slip(shop.actor, number=number))
    assert "赠送（充 500 送 50）" in paper
    put_in(shop, wang, 19_999)
    assert bonus(shop, wang) == 5_000


def test_each_time_it_is_full_counts_where_the_rule_says_so(shop: OpenedShop) -> None:
    rule(shop, 10_000, 1_000, each=True)
    wang = add_customer(shop)
    put_in(shop, wang, 35_000)
    assert bonus(shop, wang) == 3_000


def test_a_rule_holds_for_its_level_and_its_days_only(shop: OpenedShop) -> None:
    gold = next(level.id for level in levels() if level.name == "金卡")
    rule(shop, 10_000, 900, level_id=gold)
    rule(shop, 10_000, 500, first_date=date(2026, 3, 17), last_date=date(2026, 3, 18))
    plain, golden = add_customer(shop), add_customer(shop, level_id=gold)
    for customer_id, expected in ((plain, 0), (golden, 900)):
        put_in(shop, customer_id, 10_000)
        assert bonus(shop, customer_id) == expected
    for day, expected in ((17, 500), (18, 1_000), (19, 1_000)):
        shop.clock.set(2026, 3, day)
        put_in(shop, plain, 10_000)
        assert bonus(shop, plain) == expected


def test_a_bonus_by_hand_needs_a_right_that_a_clerk_does_not_have(shop: OpenedShop) -> None:
    rule(shop, 10_000, 1_000)
    wang, clerk = add_customer(shop), shop.as_role("收银员")
    for typed in (2_000, 0):
        with pytest.raises(PermissionDenied, match="充值手动改赠送"):
            put_in(shop, wang, 10_000, bonus_fen=typed, actor=clerk)
    put_in(shop, wang, 10_000, bonus_fen=1_000, actor=clerk)
    put_in(shop, wang, 10_000, bonus_fen=2_000, actor=shop.as_role("店长"))
    assert bonus(shop, wang) == 3_000


def test_a_rule_that_was_used_is_put_out_of_use_not_deleted(shop: OpenedShop) -> None:
    used, unused = rule(shop, 10_000, 1_000), rule(shop, 20_000, 3_000)
    wang = add_customer(shop)
    put_in(shop, wang, 10_000)
    delete_rule(shop.actor, rule_id=unused)
    with pytest.raises(InputError, match="已经用过"):
        delete_rule(shop.actor, rule_id=used)
    save_rule(shop.actor, rule=RuleInput("老规则", 10_000, 1_000, active=False), rule_id=used)
    put_in(shop, wang, 20_000)
    assert bonus(shop, wang) == 1_000
    assert [row["state"] for row in recharge_rules(shop.actor).rows] == ["停用"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"least_fen": 0}, "least_fen"),
        ({"bonus_fen": -1}, "bonus_fen"),
        ({"level_id": 99}, "level_id"),
        ({"first_date": TODAY, "last_date": date(2026, 3, 15)}, "last_date"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_beside_its_field(
    shop: OpenedShop, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(InputError) as refused:
        save_rule(shop.actor, rule=RuleInput(**{"name": "", "least_fen": 100, "bonus_fen": 10, **values}))
    assert refused.value.field == field


RULES = st.builds(RuleInput, st.just(""), st.integers(1, 10_000), st.integers(1, 5_000), st.booleans())


@given(st.lists(RULES, max_size=4), st.integers(0, 50_000), st.integers(0, 50_000))
def test_more_money_never_brings_less_bonus(rules: list[RuleInput], one: int, other: int) -> None:
    numbered = list(enumerate(rules))

    def given_for(fen: int) -> int:
        return best_offer(numbered, fen, level_id=None, day=TODAY).bonus_fen

    assert given_for(min(one, other)) <= given_for(max(one, other))
    assert given_for(one) == max((rule.bonus_for(one) for rule in rules), default=0)
