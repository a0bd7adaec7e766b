"""What the counter shows: the bill in hand, those put aside, and what is to be known of a customer while selling."""

from dataclasses import dataclass

from peewee import fn

from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import (
    require_visible,
    survivor_of,
)
from meiping.domains.customers.rules import shown_name
from meiping.domains.ledger.queries import balances_in
from meiping.domains.loyalty.queries import points_left, points_on
from meiping.domains.loyalty.rules import worth_fen
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.deposits import held_for
from meiping.domains.sales.models import Cart as CartRow
from meiping.domains.sales.pricing import price_bill
from meiping.domains.sales.rules import CHECKOUT
from meiping.domains.settings.models import Level
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor
from meiping.kernel.errors import NotFound
from meiping.kernel.money import WHOLE_BP, CashRounding
from meiping.store.unit_of_work import query


@query(CHECKOUT)
def open_cart(actor: Actor) -> Cart | None:
    """The unfinished bill at the counter of the actor's company, if there is one."""
    row = CartRow.get_or_none(CartRow.company == actor.company_id, CartRow.held_at.is_null())
    return Cart.from_json(row.body) if row else None


@query(CHECKOUT)
def cart_left_by(actor: Actor) -> str | None:
    """The name of another operator whose goods still stand at the counter of the actor's company."""
    row = CartRow.get_or_none(
        CartRow.company == actor.company_id,
        CartRow.held_at.is_null(),
        CartRow.operator != actor.operator_id,
    )
    if row is None or not Cart.from_json(row.body).lines:
        return None
    return str(row.operator.name)


@dataclass(frozen=True, slots=True)
class HeldCart:
    """A bill put aside: its key, note, customer, when, how many lines, what it comes to in fen, and what was paid
    beforehand.
    """

    key: str
    note: str
    customer: str
    held_at: int
    lines: int
    total_fen: int
    deposit_fen: int = 0


@query(CHECKOUT)
def held_carts(actor: Actor) -> list[HeldCart]:
    """The bills put aside in the actor's company, the oldest first."""
    rows = (
        CartRow.select()
        .where(CartRow.company == actor.company_id, CartRow.held_at.is_null(False))
        .order_by(CartRow.held_at)
    )
    rounding = CashRounding(option("till.rounding"))
    held = []
    for row in rows:
        cart = Cart.from_json(row.body)
        total_fen = price_bill(cart, rounding).total_fen
        name = cart.customer_name or "散客"
        paid_fen = held_for(row.key).amount_fen
        held.append(HeldCart(row.key, row.note, name, row.held_at or 0, len(cart.lines), total_fen, paid_fen))
    return held


@dataclass(frozen=True, slots=True)
class CustomerAtTill:
    """What the counter says of the customer of a bill: level, and in fen what he has and owes in this company."""

    id: int
    name: str
    phone: str
    level: str
    discount_bp: int
    stored_fen: int
    debt_fen: int
    credit_limit_fen: int
    points: int | None = None
    """What he may use of his points; None while the shop gives none."""
    points_worth_fen: int = 0
    """What they can pay."""
    card_lost: bool = False

    @property
    def credit_left_fen(self) -> int:
        """What may still be put on credit."""
        return max(self.credit_limit_fen - self.debt_fen, 0)


@query(CHECKOUT)
def customer_at_till(actor: Actor, *, customer_id: int) -> CustomerAtTill:
    """The customer of a bill, outside the actor's scope too with the right to find any. Raises NotFound."""
    customer_id = survivor_of(customer_id)
    require_visible(actor, customer_id, any_customer=True)
    row = (
        Customer.select(
            Customer.name,
            Customer.phone,
            Customer.credit_limit_fen,
            Customer.card_frozen_at,
            fn.coalesce(Level.name, "").alias("level_name"),
            fn.coalesce(Level.discount_bp, WHOLE_BP).alias("discount_bp"),
        )
        .left_outer_join(Level, on=(Customer.level == Level.id))
        .where(Customer.id == customer_id, Customer.deleted_at.is_null())
        .dicts()
        .first()
    )
    if row is None:
        raise NotFound("这位客户在回收站里，请先恢复，或换一位客户。")
    there = balances_in(actor.company_id, customer_id)
    points = points_left(customer_id, actor.today()) if points_on() else None
    return CustomerAtTill(
        id=customer_id,
        name=shown_name(row["name"], row["phone"]),
        phone=row["phone"],
        level=row["level_name"],
        discount_bp=row["discount_bp"],
        stored_fen=there.stored_fen,
        debt_fen=there.debt_fen,
        credit_limit_fen=row["credit_limit_fen"],
        points=points,
        points_worth_fen=worth_fen(points or 0, per_yuan=option("points.per_yuan")),
        card_lost=row["card_frozen_at"] is not None,
    )
