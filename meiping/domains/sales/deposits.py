"""Money taken beforehand for a bill that waits (定金): taken, given back, and counted as paid when it is settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from meiping.adapters.receipt_pdf import Slip
from meiping.domains.customers.queries import survivor_of
from meiping.domains.ledger.rules import VIEW_MONEY, Account, Line
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.models import Cart as CartRow
from meiping.domains.sales.models import Deposit
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.rules import CHECKOUT, GIVE_DEPOSIT_BACK, TAKE_DEPOSIT
from meiping.domains.till.queries import money_slip_paper, seen_slip
from meiping.domains.till.rules import Tender
from meiping.domains.till.slips import SlipKind
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound
from meiping.kernel.money import MAX_FEN, show_fen
from meiping.store.database import fetch
from meiping.store.unit_of_work import Work, query, verb

MORE_THAN_BILL = "deposit.more_than_bill"
DEPOSITS = SlipKind(Deposit, "定金", "DJ", "deposit")


@dataclass(frozen=True, slots=True)
class OpenDeposit:
    """What is held for a cart in fen, and whose it is; 0 and None for nothing."""

    amount_fen: int = 0
    customer_id: int | None = None


def held_for(cart_key: str) -> OpenDeposit:
    """What was taken for an unfinished bill less what was given back."""
    rows = fetch("SELECT amount_fen, customer_id FROM deposit WHERE cart_key = ?", cart_key)
    amount_fen = sum(fen for fen, _ in rows)
    return OpenDeposit(amount_fen, survivor_of(rows[0][1])) if amount_fen else OpenDeposit()


@query(CHECKOUT)
def deposit_of_cart(actor: Actor, *, cart_key: str) -> int:
    """The fen held for an unfinished bill of the actor's company."""
    there = CartRow.select().where(CartRow.key == cart_key, CartRow.company == actor.company_id).exists()
    return held_for(cart_key).amount_fen if there else 0


@verb(TAKE_DEPOSIT)
def take_deposit(
    work: Work,
    *,
    key: str,
    cart_key: str,
    amount_fen: int,
    tender: str = "cash",
    note: str = "",
    confirmed: frozenset[str] = frozenset(),
) -> str:
    """Take money beforehand for an unfinished bill of a named customer; gives the slip's number.

    ``key`` is made when the window opens: pressed twice, the same slip comes back. Raises NotFound, InputError, and
    NeedsConfirmation(MORE_THAN_BILL) where more would be held than the bill comes to.
    """
    if posted := DEPOSITS.posted(key):
        return posted
    cart = _unfinished(work, cart_key)
    if cart.customer_id is None:
        raise InputError("散客不能付定金，请先选择客户（F2）。", field="amount_fen")
    if not cart.lines:
        raise InputError("还没有商品，不用收定金。", field="amount_fen")
    if not 0 < amount_fen <= MAX_FEN:
        raise InputError("定金必须大于零。", field="amount_fen")
    total_fen = price_bill(cart).total_fen
    if held_for(cart_key).amount_fen + amount_fen > total_fen and MORE_THAN_BILL not in confirmed:
        sentence = f"这样定金就比应收的 {show_fen(total_fen)} 还多，仍要收吗？"
        raise NeedsConfirmation(MORE_THAN_BILL, sentence, verb="仍要收", field="amount_fen")
    customer_id, paid_with = DEPOSITS.begin(work, cart.customer_id, tender)
    return _book(work, key, cart_key, customer_id, paid_with, amount_fen, note)


@verb(GIVE_DEPOSIT_BACK)
def give_deposit_back(
    work: Work, *, key: str, cart_key: str, amount_fen: int, tender: str = "cash", note: str = ""
) -> str:
    """Give back what was taken beforehand, or a part of it; gives the slip's number.

    ``key`` as in ``take_deposit``. Raises NotFound, and InputError for more than is held.
    """
    if posted := DEPOSITS.posted(key):
        return posted
    _unfinished(work, cart_key)
    held = held_for(cart_key)
    if held.customer_id is None:
        raise InputError("这张单没有定金可退。", field="amount_fen")
    if not 0 < amount_fen <= held.amount_fen:
        raise InputError(f"这张单的定金还有 {show_fen(held.amount_fen)}，只能退这么多。", field="amount_fen")
    customer_id, paid_by = DEPOSITS.begin(work, held.customer_id, tender)
    return _book(work, key, cart_key, customer_id, paid_by, -amount_fen, note)


def _unfinished(work: Work, cart_key: str) -> Cart:
    row = CartRow.get_or_none(CartRow.key == cart_key, CartRow.company == work.actor.company_id)
    if row is None:
        raise NotFound("这张单已经结账或删除。")
    return Cart.from_json(row.body)


def _book(
    work: Work,
    key: str,
    cart_key: str,
    customer_id: int,
    tender: Tender,
    amount_fen: int,
    note: str,
    *,
    sale_id: int | None = None,
) -> str:
    lines = [Line(tender.account, amount_fen), Line(Account.DEPOSIT, -amount_fen, customer_id)]
    number = DEPOSITS.book(
        work,
        lines,
        action="sales.deposit" if amount_fen > 0 else "sales.deposit_back",
        key=key,
        customer_id=customer_id,
        tender=tender,
        note=note,
        amount_fen=amount_fen,
        sale_id=sale_id,
        cart_key=cart_key,
    )
    work.changed(Topic.CART)
    return number


# ---------------------------------------------------------------- parts of other verbs
def require_deposit_kept(cart: Cart) -> int:
    """A part of keeping a cart: what was paid for it beforehand stays with its customer and its goods.

    Gives the fen held. Raises InputError.
    """
    held = held_for(cart.key)
    if held.customer_id is None:
        return 0
    taken = f"这张单收了定金 {show_fen(held.amount_fen)}，请先退定金"
    if cart.customer_id is None or survivor_of(cart.customer_id) != held.customer_id:
        raise InputError(f"{taken}，再换客户。")
    if not cart.lines:
        raise InputError(f"{taken}，再删除最后一件商品。")
    return held.amount_fen


def require_no_deposit(cart_key: str) -> None:
    """A part of throwing a cart away. Raises InputError while money is held for it."""
    held = held_for(cart_key)
    if held.amount_fen:
        raise InputError(f"这张单收了定金 {show_fen(held.amount_fen)}，请先在“会员办理”里退定金，再删除。")


def use_deposit(cart: Cart, payments: Sequence[Payment], total_fen: int) -> int:
    """A part of settling: the fen that are over once ``payments`` used what is held for the cart as far as it goes.

    Raises InputError where they use another sum.
    """
    held_fen = require_deposit_kept(cart)
    used_fen = sum(payment.amount_fen for payment in payments if payment.tender == Tender.DEPOSIT.key)
    if used_fen != min(held_fen, max(total_fen, 0)):
        raise InputError("这张单的定金有变动，请返回再按一次结账。", field="payments")
    return held_fen - used_fen


def give_rest_back(work: Work, cart: Cart, customer_id: int, sale_id: int, rest_fen: int) -> None:
    """A part of settling: what the bill did not need goes back in cash, on a slip of its own."""
    _book(work, f"{cart.key} deposit", cart.key, customer_id, Tender.CASH, -rest_fen, "", sale_id=sale_id)


def deposit_back_of(sale_id: int) -> int:
    """The fen that went back in cash when a bill was settled."""
    rows = fetch("SELECT coalesce(sum(amount_fen), 0) FROM deposit WHERE sale_id = ?", sale_id)
    return -int(rows[0][0])


# ---------------------------------------------------------------- on paper
@query(VIEW_MONEY)
def deposit_slip(actor: Actor, *, number: str, reprint: bool = False) -> Slip:
    """The slip of a deposit taken, or given back with room to sign. Raises NotFound outside the actor's scope."""
    slip = cast("Deposit", seen_slip(actor, Deposit, number))
    back = slip.amount_fen < 0
    word = "退定金" if back else "收定金"
    return money_slip_paper(
        slip,
        title="退定金单" if back else "定金单",
        amounts=(),
        total=(word, abs(slip.amount_fen)),
        reprint=reprint,
        signed=back,
    )
