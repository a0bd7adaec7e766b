"""The receipt: what it says of each line can be reckoned by the customer, and the sums lead to what is due."""

from dataclasses import replace

from meiping.adapters.receipt_pdf import Item, Pair, Slip, Total
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.receipt import receipt_slip
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.kernel.money import line_amount, parse_fen
from meiping.store.database import fetch
from tests.factories import add_product, cart_of
from tests.shop import OpenedShop


def items(slip: Slip) -> list[Item]:
    return [block for block in slip.blocks if isinstance(block, Item)]


def said(slip: Slip) -> dict[str, int]:
    """The amounts beside words, in fen."""
    pairs = [block for block in slip.blocks if isinstance(block, Pair) and "¥" in block.right]
    return {one.left: parse_fen(one.right, minimum=None) for one in pairs}


def test_discounts_of_the_whole_bill_stand_below_the_lines(shop: OpenedShop) -> None:
    shampoo = add_product(shop, name="洗发水", stock=9, list_price_fen=3_200)
    mask = add_product(shop, name="面膜", stock=9, list_price_fen=6_000)
    cart = cart_of(shop, (shampoo, 2), (mask, 1))
    cart = cart.with_line(0, replace(cart.lines[0], discount_bp=9_500))
    cart = replace(cart, bill_discount_bp=9_000, bill_reduction_fen=1_000)
    due_fen = price_bill(cart).total_fen
    posted = checkout(shop.actor, cart=cart, payments=[Payment("cash", due_fen, due_fen)])
    slip = receipt_slip(shop.actor, sale_id=posted.sale_id)
    assert [(one.name, one.amount_fen) for one in items(slip)] == [("洗发水", 6_080), ("面膜", 6_000)]
    for one, bp in zip(items(slip), (9_500, 10_000), strict=True):
        assert one.price_fen is not None
        assert one.qty_milli is not None
        assert one.amount_fen == line_amount(one.price_fen, one.qty_milli, bp)
    (due,) = [block for block in slip.blocks if isinstance(block, Total)]
    sums = said(slip)
    assert due.amount_fen == due_fen == sums["合计"] + sums["整单优惠"]
    assert sums["已优惠"] == 12_400 - due_fen


def test_a_return_says_what_goes_back_for_each_line(shop: OpenedShop) -> None:
    mask = add_product(shop, name="面膜", stock=9, list_price_fen=6_000)
    cart = replace(cart_of(shop, (mask, 2)), bill_reduction_fen=2_000)
    posted = checkout(shop.actor, cart=cart, payments=[Payment("cash", 10_000, 10_000)])
    (line,) = fetch("SELECT id FROM sale_line WHERE sale_id = ?", posted.sale_id)
    back = return_goods(shop.actor, key="back", sale_id=posted.sale_id, quantities={line[0]: 1_000})
    (item,) = items(receipt_slip(shop.actor, sale_id=back.sale_id))
    assert item.amount_fen == -5_000
