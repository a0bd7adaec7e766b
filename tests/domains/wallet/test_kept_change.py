"""Change that goes into stored value: in the bill's own transaction, with a slip and on the receipt."""

import pytest

from meiping.domains.ledger.queries import balance_fen, customer_balances, statement
from meiping.domains.ledger.rules import Account
from meiping.domains.sales.carts import PostedBill
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.receipt import receipt_slip
from meiping.domains.sales.service import checkout
from meiping.kernel.errors import InputError
from tests.factories import add_customer, add_product, cart_of, cash
from tests.shop import OpenedShop
from tests.whole_file import faults


def buy(shop: OpenedShop, customer_id: int | None, *, received_fen: int, kept_fen: int) -> PostedBill:
    """A bill of ¥10.00."""
    cart = cart_of(shop, (add_product(shop, stock=1), 1), customer_id=customer_id)
    posted = checkout(shop.actor, cart=cart, payments=cash(1_000, received_fen), stored_change_fen=kept_fen)
    assert checkout(shop.actor, cart=cart, payments=[]) == posted
    return posted


def test_change_becomes_stored_value_with_the_bill(shop: OpenedShop) -> None:
    wang = add_customer(shop)
    posted = buy(shop, wang, received_fen=2_050, kept_fen=1_050)
    assert (posted.change_fen, posted.stored_change_fen) == (0, 1_050)
    assert customer_balances(shop.actor, customer_id=wang).stored_principal_fen == 1_050
    assert balance_fen(Account.CASH, company_id=shop.company_id) == 2_050
    assert bill_detail(shop.actor, sale_id=posted.sale_id).change_fen == 0
    assert "找零存入储值" in str(receipt_slip(shop.actor, sale_id=posted.sale_id))
    assert {row["kind"] for row in statement(shop.actor, customer_id=wang).rows} == {"销售", "充值"}
    assert not faults()


def test_a_part_of_the_change_may_be_kept(shop: OpenedShop) -> None:
    wang = add_customer(shop)
    posted = buy(shop, wang, received_fen=2_050, kept_fen=50)
    assert (posted.change_fen, posted.stored_change_fen) == (1_000, 50)
    assert customer_balances(shop.actor, customer_id=wang).stored_fen == 50
    assert not faults()


@pytest.mark.parametrize("kept_fen", [-1, 1_051])
def test_more_than_the_change_is_refused(shop: OpenedShop, kept_fen: int) -> None:
    wang = add_customer(shop)
    with pytest.raises(InputError, match="不能比找零多"):
        buy(shop, wang, received_fen=2_050, kept_fen=kept_fen)
    assert customer_balances(shop.actor, customer_id=wang).stored_fen == 0


def test_nobody_in_particular_has_no_stored_value_to_keep_it_in(shop: OpenedShop) -> None:
    with pytest.raises(InputError, match="散客的找零不能存入储值"):
        buy(shop, None, received_fen=2_000, kept_fen=1_000)
