"""A count card used in part comes back: what its uses took stays earned, the rest goes back the way it was paid."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meiping.domains.ledger.queries import balances_in, statement
from meiping.domains.loyalty.card_queries import cards_of
from meiping.domains.loyalty.cards import undo_use, use_card
from meiping.domains.loyalty.queries import points_left
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.summary import summary
from meiping.domains.reports.queries.tenders import tender_report
from meiping.domains.reports.rules import Period
from meiping.domains.sales.card_returns import refund_of_card, return_card
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.receipt import receipt_slip
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.settings.service import save_options
from meiping.domains.stewardship.timeline import timeline
from meiping.domains.till.queries.shifts import expected_by_tender, open_shift
from meiping.domains.till.service import begin_shift
from meiping.kernel.errors import InputError, PermissionDenied
from tests.domains.loyalty.card_shop import card_product, cards, earned, first_card, owed
from tests.factories import add_customer, add_product, cart_of, cash, new_key, recharge, sell
from tests.shop import OpenedShop
from tests.whole_file import faults


def use(shop: OpenedShop, card: int, times: int = 1) -> None:
    for _ in range(times):
        use_card(shop.actor, key=new_key(), card_id=card)


def test_what_is_left_goes_back_and_what_was_used_stays_earned(shop: OpenedShop) -> None:
    wang = add_customer(shop)
    sell(shop, (card_product(shop, uses=10), 1), customer_id=wang)
    card = first_card(shop, wang)
    use(shop, card, 3)
    said = refund_of_card(shop.actor, card_id=card)
    assert (said.paid_fen, said.uses, said.used, said.refund_fen) == (10_000, 10, 3, 7_000)
    assert said.by_tender == (("cash", 7_000),)
    key = new_key()
    back = return_card(shop.actor, key=key, card_id=card, reason="搬家了")
    assert (back.refund_fen, back.by_tender) == (7_000, (("cash", 7_000),))
    assert return_card(shop.actor, key=key, card_id=card) == back, "pressed twice, one return"
    assert (owed(shop, wang), earned(shop)) == (0, 3_000)
    assert cards(shop, wang) == [(0, "已退")]
    for again in (lambda: return_card(shop.actor, key=new_key(), card_id=card), lambda: use(shop, card)):
        with pytest.raises(InputError, match="已经退了"):
            again()
    assert not faults()


def test_it_is_told_on_paper_in_the_dealings_and_in_the_reports(shop: OpenedShop) -> None:
    wang = add_customer(shop)
    begin_shift(shop.actor, key="shift", float_fen=20_000)
    sell(shop, (card_product(shop, uses=4), 1), customer_id=wang)
    card = first_card(shop, wang)
    use(shop, card)
    back = return_card(shop.actor, key=new_key(), card_id=card)
    paper = str(receipt_slip(shop.actor, sale_id=back.sale_id))
    assert "退货单" in paper
    assert "已用 1 次，退 3 次" in paper
    told = statement(shop.actor, customer_id=wang).rows[0]
    assert (told["kind"], told["number"], told["amount_fen"]) == ("退货", back.number, -7_500)
    newest = timeline(shop.actor, customer_id=wang).window(0, 1, None)[0]
    assert (newest["kind"], newest["amount_fen"]) == ("退货", -7_500)
    under_way = open_shift(shop.company_id)
    assert under_way is not None
    assert expected_by_tender(under_way.id)["cash"] == 22_500
    figures = summary(shop.actor, Period()).totals
    assert figures is not None
    assert (figures["net_fen"], figures["cash_fen"]) == (2_500, 2_500)
    tenders = tender_report(shop.actor, ReportAsked(Period())).totals
    assert tenders is not None
    assert (tenders["cash_fen"], tenders["paid_out_fen"]) == (2_500, 7_500)


def test_it_goes_back_the_way_it_was_paid_or_into_stored_value(shop: OpenedShop) -> None:
    wang = add_customer(shop)
    recharge(shop, wang, 4_000, 1_000)
    product = card_product(shop, uses=2)
    for _ in range(2):
        payments = [Payment("stored_value", 2_500), Payment("wechat", 7_500)]
        checkout(shop.actor, cart=cart_of(shop, (product, 1), customer_id=wang), payments=payments)
    first, second = sorted(row["id"] for row in cards_of(shop.actor, customer_id=wang).rows)
    for card in (first, second):
        use(shop, card)
    assert return_card(shop.actor, key=new_key(), card_id=first).by_tender == (
        ("stored_value", 1_250),
        ("wechat", 3_750),
    )
    into = return_card(shop.actor, key=new_key(), card_id=second, way=RefundWay.STORED)
    assert into.by_tender == (("stored_value", 5_000),)
    assert balances_in(shop.company_id, wang).stored_fen == 6_250
    assert not faults()


def test_a_debt_is_lowered_first(shop: OpenedShop) -> None:
    wang = add_customer(shop, credit_yuan=1_000)
    bill = cart_of(shop, (card_product(shop, uses=2), 1), customer_id=wang)
    checkout(shop.actor, cart=bill, payments=[Payment("credit", 3_000), Payment("cash", 7_000)])
    use(shop, first_card(shop, wang))
    back = return_card(shop.actor, key=new_key(), card_id=first_card(shop, wang))
    assert back.by_tender == (("credit", 3_000), ("cash", 2_000))
    assert balances_in(shop.company_id, wang).debt_fen == 0
    assert not faults()


def test_the_rest_of_the_bill_still_comes_back_to_the_fen(shop: OpenedShop) -> None:
    wang = add_customer(shop)
    cart = cart_of(
        shop,
        (card_product(shop, price_fen=333, uses=3), 3),
        (add_product(shop, stock=1), 1),
        customer_id=wang,
    )
    cart = replace(cart, bill_reduction_fen=100)
    bill = checkout(shop.actor, cart=cart, payments=cash(1_899))
    card = first_card(shop, wang)
    use(shop, card)
    took = 333 * 3 + 1_000 - 100
    line, other = bill_detail(shop.actor, sale_id=bill.sale_id).lines
    back = return_card(shop.actor, key=new_key(), card_id=card).refund_fen
    rest = return_goods(
        shop.actor, key=new_key(), sale_id=bill.sale_id, quantities={line.id: 2_000, other.id: 1_000}
    )
    assert took - back - rest.refund_fen == earned(shop)
    assert owed(shop, wang) == 0
    assert earned(shop) in (105, 106)
    assert not faults()


def test_points_of_what_goes_back_are_taken_back(shop: OpenedShop) -> None:
    save_options(shop.actor, values={"points.on": True})
    wang = add_customer(shop)
    sell(shop, (card_product(shop, uses=10), 1), customer_id=wang)
    use(shop, first_card(shop, wang), 4)
    return_card(shop.actor, key=new_key(), card_id=first_card(shop, wang))
    assert points_left(wang, shop.actor.today()) == 40


def test_nothing_comes_back_of_a_card_used_up_or_lapsed_and_no_use_of_one_that_came_back(
    shop: OpenedShop,
) -> None:
    wang = add_customer(shop)
    sell(shop, (card_product(shop, uses=1), 1), customer_id=wang)
    use(shop, first_card(shop, wang))
    with pytest.raises(InputError, match="已经用完"):
        refund_of_card(shop.actor, card_id=first_card(shop, wang))
    li = add_customer(shop)
    sell(shop, (card_product(shop, days=3), 2), customer_id=li)
    card, kept = sorted(row["id"] for row in cards_of(shop.actor, customer_id=li).rows)
    used = use_card(shop.actor, key=new_key(), card_id=card)
    return_card(shop.actor, key=new_key(), card_id=card)
    with pytest.raises(InputError, match="已经退了"):
        undo_use(shop.actor, use_id=used.use_id)
    shop.clock.set(2026, 3, 19)
    assert cards_of(shop.actor, customer_id=li).rows[0]["until_date"] == date(2026, 3, 19)
    with pytest.raises(InputError, match="已经到期"):
        return_card(shop.actor, key=new_key(), card_id=kept)
    assert not faults()


def test_who_may_not_take_goods_back_gives_no_card_back(shop: OpenedShop) -> None:
    wang = add_customer(shop)
    sell(shop, (card_product(shop), 1), customer_id=wang)
    with pytest.raises(PermissionDenied):
        return_card(shop.as_role("业务员"), key=new_key(), card_id=first_card(shop, wang))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    price=st.integers(0, 9_999),
    uses=st.integers(1, 7),
    used=st.lists(st.integers(0, 7), min_size=1, max_size=3),
    less=st.integers(0, 500),
    order=st.permutations(range(3)),
)
def test_however_cards_come_back_the_parts_are_the_whole(
    shop: OpenedShop, price: int, uses: int, used: list[int], less: int, order: list[int]
) -> None:
    wang, product = add_customer(shop), card_product(shop, price_fen=price, uses=uses)
    before = earned(shop)
    cart = cart_of(shop, (product, len(used)), customer_id=wang)
    cart = replace(cart, bill_reduction_fen=min(less, price * len(used)))
    paid = price * len(used) - cart.bill_reduction_fen
    checkout(shop.actor, cart=cart, payments=cash(paid) if paid else [])
    ids = sorted(row["id"] for row in cards_of(shop.actor, customer_id=wang).rows)
    for card, times in zip(ids, used, strict=True):
        use(shop, card, min(times, uses - 1))
    back = sum(
        return_card(shop.actor, key=new_key(), card_id=ids[place]).refund_fen
        for place in order
        if place < len(ids)
    )
    assert owed(shop, wang) == 0
    assert paid - back == earned(shop) - before
    assert not faults()
