"""Services of the demonstration shop: an appliance with an annual fee, which some renew when it runs out."""

from meiping.domains.catalog.rules import ProductInput
from meiping.domains.renewals.queries import TermFilter, term_list
from meiping.domains.renewals.rules import TermState
from meiping.domains.renewals.service import close_services, renew_services
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.service import checkout
from meiping.store.unit_of_work import Work
from meiping.tools.demo_maker import ROUNDING, Maker

_PRICE_FEN, _COST_FEN, _FEE_FEN = 49_900, 29_000, 9_900
_OVERDUE = TermState.OVERDUE.key
_REASONS = ("换了新机", "搬家了，暂时不用")
RENEWED = 0.004
"""How often somebody who comes to pay pays an annual fee."""


def appliance(maker: Maker, like: ProductInput, category_id: int) -> ProductInput:
    """A thing with an annual fee, in the place of another; in a young shop its term is short, so that some run out."""
    return ProductInput(
        "智能测肤镜",
        _PRICE_FEN,
        barcodes=like.barcodes,
        category_id=category_id,
        unit="台",
        purchase_price_fen=_COST_FEN,
        lowest_price_fen=_PRICE_FEN * 8 // 10,
        low_stock_milli=5_000,
        annual_fee_fen=_FEE_FEN,
        service_term_months=min(max(maker.size.days // 40, 1), 12),
        warranty_months=24,
        notes="定期校准、更换探头",
    )


def renew_one(work: Work) -> bool:
    """Take the fee of the service that ran out longest ago; False where none has."""
    overdue = term_list(work.actor, TermFilter(state=_OVERDUE)).window(0, 1, None)
    if not overdue:
        return False
    cart = renew_services(work, term_ids=[overdue[0]["id"]])
    total_fen = price_bill(cart, ROUNDING).total_fen
    checkout(work, cart=cart, payments=[Payment("wechat", total_fen)])
    return True


def close_some(maker: Maker) -> None:
    """A few of those that end first are not wanted any more."""
    ending = term_list(maker.owner, TermFilter()).window(0, 6, None)
    for row, reason in zip(ending[2::3], _REASONS, strict=False):
        close_services(maker.owner, term_ids=[row["id"]], reason=reason)
