"""The paper that every slip and receipt is printed on: the shop above, thanks below."""

from collections.abc import Sequence

from meiping.adapters.receipt_pdf import Align, Block, Pair, Rule, Slip, Space, Text, Title, Total
from meiping.domains.access.models import Operator
from meiping.domains.access.queries import company_name
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible, standing
from meiping.domains.customers.rules import shown_name
from meiping.domains.ledger.queries import balances_in
from meiping.domains.settings.queries import option
from meiping.domains.till.models import MoneySlip
from meiping.domains.till.rules import TENDER_BY_KEY
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import NotFound
from meiping.kernel.moments import show_moment
from meiping.kernel.money import show_fen


def shop_paper(
    company_id: int,
    body: Sequence[Block],
    *,
    title: str = "",
    reprint: bool = False,
    for_customer: bool = True,
) -> Slip:
    """A slip in the width the shop has set: its name and address, what the slip is, the body, the foot for customers."""
    blocks: list[Block] = [Title(option("shop.name") or company_name(company_id))]
    about = [option("shop.address"), option("shop.phone")]
    blocks += [Text(line, Align.CENTRE, small=True) for line in about if line]
    blocks += [Text(word, Align.CENTRE, bold=True) for word in (title, "补打" if reprint else "") if word]
    blocks += body
    if for_customer and option("receipt.foot"):
        blocks += [Rule(), Text(option("receipt.foot"), Align.CENTRE)]
    return Slip(58 if option("receipt.width") == "58" else 80, tuple(blocks))


def balance_pairs(company_id: int, customer_id: int) -> list[Block]:
    """What the customer has and owes now."""
    there = balances_in(company_id, customer_id)
    pairs: list[Block] = [Rule(), Pair("储值余额", show_fen(there.stored_fen))]
    if there.debt_fen:
        pairs.append(Pair("欠款", show_fen(there.debt_fen)))
    return pairs


def seen_slip(actor: Actor, model: type[MoneySlip], number: str) -> MoneySlip:
    """The slip with this number. Raises NotFound outside the actor's scope."""
    row = model.get_or_none(model.number == number)
    if row is None or (actor.scope() is not Scope.ALL and row.company_id != actor.company_id):
        raise NotFound("没有找到这张单，可能属于别的公司，或者不在您的查看范围内。")
    require_visible(actor, row.customer_id, any_customer=True)
    return row


def money_slip_paper(
    slip: MoneySlip,
    *,
    title: str,
    amounts: Sequence[tuple[str, int]],
    total: tuple[str, int],
    reprint: bool,
    signed: bool = False,
) -> Slip:
    """The paper of a money slip: ``amounts`` as (word, fen), the ``total`` large; ``signed`` leaves room to sign."""
    customer = standing(Customer.get_by_id(slip.customer_id))
    assert customer is not None
    word, fen = total
    body: list[Block] = [
        Rule(),
        Pair("单号", slip.number),
        Pair("时间", show_moment(slip.posted_at)),
        Pair("经手人", Operator.get_by_id(slip.operator_id).name),
        Pair("客户", shown_name(customer.name, customer.phone)),
        Rule(),
        *(Pair(name, show_fen(amount)) for name, amount in amounts),
        Total(word, fen),
        Pair("方式", TENDER_BY_KEY[slip.tender].title),
    ]
    if slip.note:
        body.append(Pair("备注", slip.note))
    body += balance_pairs(slip.company_id, customer.id)
    if signed:
        body += [Space(3.0), Text("客户签字：________________"), Space(3.0)]
    return shop_paper(slip.company_id, body, title=title, reprint=reprint)
