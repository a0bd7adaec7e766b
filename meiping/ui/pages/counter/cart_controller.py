"""The bill being made, without a window: what codes and keys do to it, kept at every change, taken back by Ctrl+Z."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from meiping.domains.catalog.queries import ProductHit, by_code
from meiping.domains.deals.queries import last_quoted_fen
from meiping.domains.sales.at_till import CustomerAtTill, customer_at_till, open_cart
from meiping.domains.sales.cart import Cart, CartLine, new_cart
from meiping.domains.sales.deposits import deposit_of_cart
from meiping.domains.sales.limits import wanted_rights
from meiping.domains.sales.prices import as_priced_today
from meiping.domains.sales.pricing import PricedBill, price_bill
from meiping.domains.sales.queries import last_price_fen
from meiping.domains.sales.rules import CHANGE_PRICES, VIEW_SALES
from meiping.domains.sales.terms import bill_terms, line_terms
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.moments import to_ms
from meiping.kernel.money import WHOLE_BP, CashRounding, show_discount, show_fen
from meiping.kernel.permissions import Permission
from meiping.kernel.quantity import MAX_MILLI, ONE, parse_milli, show_milli
from meiping.ui.pages.counter.codes import Entered, Led, line_of, members_of, weighed_line
from meiping.ui.pages.counter.typed import is_mobile, take_apart

UNDO_STEPS = 50
HALF_BP = WHOLE_BP // 2
"""A discount below this is asked about: 3 may have been meant as three per cent."""


class Permit(Protocol):
    """Raises PermissionDenied unless the terms ``subject``, which want these rights, may stand on this cart."""

    def __call__(self, rights: Sequence[tuple[Permission, str]], *, cart_key: str, subject: str) -> None: ...


class CartController:
    """Holds the open bill of the actor's company.

    ``save`` keeps a cart and says whether that worked; a change that can't be kept is not made. ``permit`` raises
    PermissionDenied unless certain terms may stand on the cart; ``most_discount`` is the per cent that may be taken off
    without a right of its own. ``on_change`` is called after each change of the
    bill, the customer or the line in hand.
    """

    def __init__(
        self,
        actor: Actor,
        *,
        save: Callable[[Cart], bool],
        permit: Permit | None = None,
        most_discount: Callable[[], int] = lambda: 100,
        rounding: Callable[[], CashRounding] = lambda: CashRounding.NONE,
        on_change: Callable[[], object] = lambda: None,
    ) -> None:
        self.actor = actor
        self.cart = new_cart()
        self.customer: CustomerAtTill | None = None
        self.deposit_fen = 0
        self.position = -1
        self._save, self._rounding, self._on_change = save, rounding, on_change
        self._before: list[tuple[Cart, int]] = []
        self._most_discount = most_discount
        self._permit: Permit = permit or self._held_alone

    # ---------------------------------------------------------------- reading

    @property
    def line(self) -> CartLine | None:
        """The line in hand."""
        return self.cart.lines[self.position] if 0 <= self.position < len(self.cart.lines) else None

    def bill(self) -> PricedBill:
        """What the cart comes to now."""
        return price_bill(self.cart, self._rounding())

    def last_price_fen(self) -> int | None:
        """What the customer paid last for the goods in hand, in fen a unit; None if never or unknown."""
        if self.line is None or self.customer is None or not self.actor.can(VIEW_SALES):
            return None
        return last_price_fen(self.actor, customer_id=self.customer.id, product_id=self.line.product_id)

    def quoted_fen(self) -> int | None:
        """What the customer was told last for the goods in hand in a quote that holds, in fen a unit; None if nothing."""
        if self.line is None or self.customer is None:
            return None
        return last_quoted_fen(self.actor, customer_id=self.customer.id, product_id=self.line.product_id)

    # ---------------------------------------------------------------- beginning and ending

    def open(self) -> None:
        """Take up the bill that was under way when the program was last closed, or killed."""
        self._begin(open_cart(self.actor) or new_cart())

    def take(self, cart: Cart) -> None:
        """Go on with a bill that was put aside."""
        self._begin(cart)

    def begin_anew(self) -> None:
        """The bill was settled or put aside: an empty one with a key of its own."""
        self._begin(new_cart())

    def empty_out(self) -> None:
        """The kept cart was thrown away: nothing on the counter, the same key; Ctrl+Z brings all back."""
        self._remember()
        self.cart = Cart(key=self.cart.key)
        self.customer, self.position = None, -1
        self._on_change()

    def _begin(self, cart: Cart) -> None:
        self.cart = cart
        self.position = len(cart.lines) - 1
        self._before.clear()
        self.customer = None
        self.refresh()

    def refresh(self) -> None:
        """Fetch the customer's head again; a level that has changed since counts for this bill."""
        self.customer = self._customer(self.cart.customer_id)
        known = self.customer
        if known is None:
            self.cart = replace(self.cart, customer_id=None, customer_name="")
        else:
            self.cart = replace(self.cart, customer_name=known.name)
        self.cart = self._priced(self.cart)
        self.deposit_fen = deposit_of_cart(self.actor, cart_key=self.cart.key)
        self._on_change()

    def _priced(self, cart: Cart) -> Cart:
        """The cart as the shop's rules have it today: prices of levels, special prices, what the whole bill earns."""
        return as_priced_today(self.actor, cart=cart)

    def pays_fen(self, hits: Sequence[ProductHit]) -> list[int]:
        """What one of each would cost on this bill, in fen."""
        lines = tuple(line_of(hit, ONE) for hit in hits)
        bill = price_bill(replace(self._priced(replace(self._bare(), lines=lines)), offers=()))
        return [line.amount_fen for line in bill.lines]

    def _bare(self) -> Cart:
        """The same customer with nothing in the cart."""
        return Cart(key=self.cart.key, customer_id=self.cart.customer_id)

    def _customer(self, customer_id: int | None) -> CustomerAtTill | None:
        if customer_id is None:
            return None
        try:
            return customer_at_till(self.actor, customer_id=customer_id)
        except NotFound:
            return None

    # ---------------------------------------------------------------- codes

    def enter(self, text: str) -> Entered:
        """A scan, or a code typed: product by bar code or code, card, a scale's label, mobile, in this order.

        ``3*`` alone sets the quantity of the line in hand. Raises InputError for a quantity that can't be.
        """
        typed = take_apart(text)
        if typed.quantity and not typed.code:
            self.set_quantity(typed.quantity)
            return Entered(Led.LINE)
        hit = by_code(self.actor, code=typed.code)
        if hit is not None:
            self.add(hit, typed.quantity)
            return Entered(Led.LINE, typed.code)
        if typed.quantity:
            return Entered(Led.UNKNOWN, typed.code, typed.quantity)
        return self._no_product(typed.code)

    def _no_product(self, code: str) -> Entered:
        """A code that names no product: a member, a scale's label, or unknown."""
        found = members_of(self.actor, code)
        if len(found) == 1:
            self.choose_customer(found[0])
            return Entered(Led.CUSTOMER, code)
        if found:
            return Entered(Led.SEVERAL_CUSTOMERS, code)
        weighed = weighed_line(self.actor, code)
        if weighed is not None:
            self.lay(weighed)
            return Entered(Led.LINE, code)
        return Entered(Led.UNKNOWN_MOBILE if is_mobile(code) else Led.UNKNOWN, code)

    def add(self, hit: ProductHit, quantity: str = "") -> None:
        """One more of a product, or as many as ``quantity`` says; it becomes the line in hand."""
        milli = parse_milli(quantity, decimals=hit.quantity_decimals) if quantity else ONE
        self.lay(line_of(hit, milli))

    def lay(self, line: CartLine) -> None:
        """A line more, or more of the same; it becomes the line in hand."""
        alone = self._priced(replace(self._bare(), lines=(line,)))
        cart = replace(self.cart, level_discount_bp=alone.level_discount_bp, offers=alone.offers)
        cart, position = cart.added(alone.lines[0])
        _checked(cart.lines[position].qty_milli)
        self._change(cart, position)

    def take_back(self, customer_id: int | None, lines: Sequence[CartLine]) -> None:
        """Lay goods of an earlier bill on the counter that come back; ``customer_id`` is whose they were.

        Chosen again, a line takes the place of the one laid there before. Raises InputError for another customer's.
        """
        if customer_id is not None and self.cart.customer_id not in (None, customer_id):
            raise InputError(f"这张单不是{self.cart.customer_name}买的，请先挂单或换客户（F2）。")
        chosen = {line.taken.line_id for line in lines if line.taken is not None}
        kept = [line for line in self.cart.lines if line.taken is None or line.taken.line_id not in chosen]
        cart = replace(self.cart, lines=(*kept, *lines))
        if customer_id is not None and self.cart.customer_id is None:
            cart = self._sold_to(cart, customer_at_till(self.actor, customer_id=customer_id))
        self._change(cart, len(cart.lines) - 1)

    # ---------------------------------------------------------------- the line in hand

    def select(self, position: int) -> None:
        """Take another line in hand."""
        if 0 <= position < len(self.cart.lines) and position != self.position:
            self.position = position
            self._on_change()

    def step_line(self, step: int) -> None:
        """The line above (-1) or below (+1)."""
        self.select(self.position + step)

    def set_quantity(self, text: str) -> None:
        """The quantity as typed, with the product's decimals. Raises InputError; a bar code is none."""
        line = self._line()
        milli = parse_milli(text, decimals=line.quantity_decimals)
        self._replace(_counted(line, milli if line.taken is None else -milli))

    def step_quantity(self, step: int) -> None:
        """One unit more or less; the last one goes by Delete."""
        line = self._line()
        milli = abs(line.qty_milli) + step * ONE
        if milli <= 0:
            raise InputError(f"数量已经是 {show_milli(abs(line.qty_milli))}，不要这件商品请按 Delete。")
        self._replace(_counted(line, _checked(milli) if line.taken is None else -milli))

    def set_price(self, price_fen: int) -> None:
        """Another unit price in fen. Raises InputError below the lowest price, PermissionDenied without the right."""
        line = self._sold_line()
        told = f"{line.name}：单价 {show_fen(line.price_fen)} 改为 {show_fen(price_fen)}"
        self._by_hand(replace(line, price_fen=price_fen, discount_bp=None, gift=False), told)

    def set_discount(self, discount_bp: int) -> None:
        """A discount of this line by hand, instead of the level's; 10,000 means none at all."""
        line = self._sold_line()
        told = f"{line.name}：{show_discount(discount_bp) or '不打折'}"
        self._by_hand(replace(line, discount_bp=discount_bp, gift=False), told)

    def reset_terms(self) -> None:
        """List price and level discount again."""
        line = self._sold_line()
        self._replace(replace(line, price_fen=line.list_price_fen, discount_bp=None, gift=False))

    def toggle_gift(self) -> None:
        """Give the goods away, or charge for them again."""
        line = self._sold_line()
        self._by_hand(replace(line, gift=not line.gift), f"{line.name}：赠送")

    def set_note(self, note: str) -> None:
        """A remark printed nowhere but kept with the line."""
        self._replace(replace(self._line(), note=note))

    def set_line_salesperson(self, operator_id: int | None) -> None:
        """Who gets the credit for the line in hand; None, or the bill's own, for the bill's. Raises InputError."""
        line = self._line()
        if line.taken is not None:
            raise InputError("退回的商品从卖出时的业务员名下扣回，不能改。")
        own = None if operator_id == self.cart.salesperson_id else operator_id
        self._replace(replace(line, salesperson_id=own))

    def remove_line(self) -> CartLine:
        """Take the line in hand off the bill."""
        line = self._line()
        position = self.position
        cart = self.cart.with_line(position, None)
        self._change(cart, min(position, len(cart.lines) - 1))
        return line

    def _line(self) -> CartLine:
        if self.line is None:
            raise InputError("还没有商品，请先扫码或搜索商品。")
        return self.line

    def _sold_line(self) -> CartLine:
        line = self._line()
        if line.taken is not None:
            raise InputError("退回的商品按当时付的钱退，不能改价。")
        return line

    def _by_hand(self, line: CartLine, told: str) -> None:
        """The rules of settling, told while the price is still being typed; ``told`` is what a colleague allows."""
        changed = self.cart.with_line(self.position, line)
        if line.changed_by_hand:
            self._permit_terms(changed, line_terms(line), told)
        self._change(changed, self.position)

    def _permit_terms(self, cart: Cart, subject: str, told: str) -> None:
        """All rights that these terms want, at once. Raises PermissionDenied."""
        wanted = (one for one in wanted_rights(cart, self._most_discount()) if one.subject == subject)
        rights = [(CHANGE_PRICES, told), *((one.permission, one.about) for one in wanted)]
        self._permit(rights, cart_key=cart.key, subject=subject)

    def _held_alone(self, rights: Sequence[tuple[Permission, str]], *, cart_key: str, subject: str) -> None:
        """Where no colleague can be asked."""
        for permission, _about in rights:
            self.actor.require(permission)

    def _replace(self, line: CartLine) -> None:
        self._change(self.cart.with_line(self.position, line), self.position)

    # ---------------------------------------------------------------- the whole bill

    def choose_customer(self, customer_id: int) -> None:
        """Sell to this customer; the level's discount counts at once. Raises NotFound."""
        customer = customer_at_till(self.actor, customer_id=customer_id)
        self._change(self._sold_to(self.cart, customer), self.position)

    def _sold_to(self, cart: Cart, customer: CustomerAtTill) -> Cart:
        return self._priced(replace(cart, customer_id=customer.id, customer_name=customer.name))

    def remove_customer(self) -> bool:
        """Back to 散客; False if nobody was chosen."""
        if self.cart.customer_id is None:
            return False
        self._change(self._priced(replace(self.cart, customer_id=None, customer_name="")), self.position)
        return True

    def set_bill_terms(self, *, discount_bp: int, reduction_fen: int) -> None:
        """Discount and reduction (fen) of the whole bill. Raises InputError, PermissionDenied."""
        cart = self._with_terms(discount_bp, reduction_fen)
        if discount_bp != WHOLE_BP or reduction_fen:
            less = [f"减 {show_fen(reduction_fen)}"] if reduction_fen else []
            told = "，".join(word for word in (show_discount(discount_bp), *less) if word)
            about = f"整单{told}，应收 {show_fen(price_bill(cart, self._rounding()).total_fen)}"
            self._permit_terms(cart, bill_terms(cart), about)
        self._change(cart, self.position)

    def bill_with(self, *, discount_bp: int, reduction_fen: int) -> PricedBill:
        """What the cart would come to with these terms. Raises InputError for more than there is."""
        return price_bill(self._with_terms(discount_bp, reduction_fen), self._rounding())

    def _with_terms(self, discount_bp: int, reduction_fen: int) -> Cart:
        cart = replace(self.cart, bill_discount_bp=discount_bp, bill_reduction_fen=0)
        left_fen = price_bill(cart).total_fen
        if reduction_fen > left_fen:
            raise InputError(f"减免不能超过应收 {show_fen(left_fen)}。", field="reduction_fen")
        return replace(cart, bill_reduction_fen=reduction_fen)

    def set_salesperson(self, operator_id: int | None) -> None:
        """Who gets the credit for the bill."""
        self._change(replace(self.cart, salesperson_id=operator_id), self.position)

    # ---------------------------------------------------------------- changing and taking back

    def undo(self) -> bool:
        """Take the last change back; False if there is none."""
        if not self._before or not self._save(self._before[-1][0]):
            return False
        self._show(*self._before.pop())
        return True

    def _change(self, cart: Cart, position: int) -> None:
        now = to_ms(self.actor.now())
        cart = replace(
            cart, lines=tuple(line if line.added_at else replace(line, added_at=now) for line in cart.lines)
        )
        if cart == self.cart:
            self._show(cart, position)
        elif self._save(cart):
            self._remember()
            self._show(cart, position)

    def _show(self, cart: Cart, position: int) -> None:
        if cart.customer_id != self.cart.customer_id or self.customer is None:
            self.customer = self._customer(cart.customer_id)
        self.cart, self.position = cart, position
        self._on_change()

    def _remember(self) -> None:
        self._before.append((self.cart, self.position))
        del self._before[:-UNDO_STEPS]


def _counted(line: CartLine, milli: int) -> CartLine:
    """The line with another quantity; more than is left of an earlier bill can't come back."""
    if line.taken is not None and -milli > line.taken.left_milli:
        raise InputError(f"“{line.name}”最多还能退 {show_milli(line.taken.left_milli)}。")
    return replace(line, qty_milli=milli, label_fen=None)


def _checked(milli: int) -> int:
    if milli > MAX_MILLI:
        raise InputError("数量太大，请检查。")
    return milli
