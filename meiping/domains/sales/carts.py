"""Keeping the cart at every change, putting it aside, taking it back; and finding the bill it became."""

from dataclasses import dataclass

from meiping.domains.audit import service as audit
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.deposits import deposit_back_of, require_deposit_kept, require_no_deposit
from meiping.domains.sales.kept_payments import body_of
from meiping.domains.sales.models import Cart as CartRow
from meiping.domains.sales.oversight import watch_dropped, watch_taken_off
from meiping.domains.sales.rules import CHECKOUT
from meiping.domains.wallet.queries import kept_of_change
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.text import clean
from meiping.store.unit_of_work import Work, verb


@dataclass(frozen=True, slots=True)
class PostedBill:
    """What settling gives: the bill's id and number, its total and the cash to give back, in fen.

    ``back`` is what goods that came back gave the customer: tender keys and fen. ``stored_change_fen`` of the change
    went into stored value and is not given back;
    ``deposit_back_fen`` is what was paid beforehand and is more than the total.
    """

    sale_id: int
    number: str
    total_fen: int
    change_fen: int
    back: tuple[tuple[str, int], ...] = ()
    stored_change_fen: int = 0
    deposit_back_fen: int = 0


def posted_under(work: Work, key: str) -> PostedBill | None:
    """The bill that was posted under a cart's key."""
    row = work.execute(
        "SELECT s.id, s.number, s.total_fen, coalesce(sum(t.received_fen - t.amount_fen), 0)"
        " FROM sale s LEFT JOIN sale_tender t ON t.sale_id = s.id WHERE s.key = ? GROUP BY s.id",
        key,
    ).fetchone()
    if row is None:
        return None
    back = work.execute(
        "SELECT tender, -amount_fen FROM sale_tender WHERE sale_id = ? AND amount_fen < 0 ORDER BY id", row[0]
    ).fetchall()
    sale_id, number, total_fen, change_fen = row
    stored_fen = kept_of_change(sale_id)
    change_fen -= stored_fen
    deposit_fen = deposit_back_of(sale_id)
    return PostedBill(sale_id, number, total_fen, change_fen, tuple(back), stored_fen, deposit_fen)


@verb(CHECKOUT)
def save_cart(work: Work, *, cart: Cart) -> None:
    """Keep the open cart of the actor's company as it stands, so that a crash loses nothing.

    Raises InputError for one that has been settled: its key has its bill, and what was added would go unpaid; for one
    that loses the customer or all goods that money was taken for beforehand;
    PermissionDenied where goods are taken off that had stood there for longer than the shop lets everybody.
    """
    posted = posted_under(work, cart.key)
    if posted is not None:
        raise InputError(f"这张单已经结账（{posted.number}），请开一张新单。")
    require_deposit_kept(cart)
    before = work.execute("SELECT body FROM cart WHERE key = ?", cart.key).fetchone()
    if before is not None:
        watch_taken_off(work, before[0], cart)
    work.execute(
        "INSERT INTO cart (key, company_id, operator_id, note, body, changed_at) VALUES (?, ?, ?, '', ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET body = excluded.body, operator_id = excluded.operator_id,"
        " changed_at = excluded.changed_at",
        cart.key,
        work.actor.company_id,
        work.actor.operator_id,
        body_of(cart, before[0] if before is not None else None),
        work.at,
    )


@verb(CHECKOUT)
def hold_cart(work: Work, *, cart: Cart, note: str = "") -> None:
    """Put an unfinished bill aside (挂单)."""
    if not cart.lines:
        raise InputError("还没有商品，不用挂单。")
    save_cart(work, cart=cart)
    work.execute(
        "UPDATE cart SET held_at = ?, note = ? WHERE key = ?", work.at, clean(note, limit=60), cart.key
    )
    work.changed(Topic.CART)


def clear_counter(work: Work) -> None:
    """Put aside what stands on the counter of the actor's company: a part of verbs that lay a bill there."""
    there = CartRow.get_or_none(CartRow.company == work.actor.company_id, CartRow.held_at.is_null())
    if there is None:
        return
    cart = Cart.from_json(there.body)
    if cart.lines:
        hold_cart(work, cart=cart)
    else:
        there.delete_instance()


@verb(CHECKOUT)
def recall_cart(work: Work, *, key: str) -> Cart:
    """Take a held bill back (取单); the counter must be empty. Gives the cart."""
    row = CartRow.get_or_none(CartRow.key == key, CartRow.company == work.actor.company_id)
    if row is None or row.held_at is None:
        raise NotFound("这张挂单已经被取走或结账。")
    there = CartRow.get_or_none(CartRow.company == work.actor.company_id, CartRow.held_at.is_null())
    if there is not None:
        if Cart.from_json(there.body).lines:
            raise InputError("收银台上还有商品，请先结账或挂单。")
        there.delete_instance()
    row.held_at = None
    row.save()
    work.changed(Topic.CART)
    return Cart.from_json(row.body)


@verb(CHECKOUT)
def drop_cart(work: Work, *, key: str) -> None:
    """Throw an unfinished bill away; raises PermissionDenied where there are goods on it.

    Raises InputError while money taken beforehand is held for it.
    """
    row = CartRow.get_or_none(CartRow.key == key, CartRow.company == work.actor.company_id)
    if row is not None:
        require_no_deposit(key)
        watch_dropped(work, row.body)
        row.delete_instance()
        audit.record(work, "cart.drop", "清空了一张未结的单")
        work.changed(Topic.CART)
