"""Who works at the till for a day, and the notebook in which every bill is noted by hand."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from meiping.domains.catalog.rules import check_digit
from meiping.domains.catalog.weighed import by_label
from meiping.domains.sales.amount_lines import amount_only_line
from meiping.domains.sales.cart import Cart, CartLine, new_cart
from meiping.domains.sales.carts import PostedBill, save_cart
from meiping.domains.sales.exchanging import lines_taken_back
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.prices import as_priced_today
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.sales.terms import terms_by_hand
from meiping.domains.stock.queries import by_code
from meiping.domains.till.approvals import approve
from meiping.kernel.actor import Actor
from tests.factories import new_key
from tests.shop import OpenedShop

REAL = ("cash", "wechat", "alipay", "card")
"""The tenders by which money reaches the shop."""
PIN = "4711"


@dataclass
class Notebook:
    """What the clerk notes: fen by tender, customers' dealings, and how many papers she printed."""

    drawer: Counter[str] = field(default_factory=Counter)
    trade: Counter[str] = field(default_factory=Counter)
    bills: int = 0
    returns: int = 0
    sold: int = 0
    brought_back: int = 0
    dealings: dict[int, list[tuple[str, int, int, int]]] = field(default_factory=dict)
    points: Counter[int] = field(default_factory=Counter)
    stored_used: int = 0
    credit: int = 0
    recharged: int = 0
    expenses: int = 0
    advances: int = 0
    rounded: int = 0
    elsewhere: Counter[str] = field(default_factory=Counter)
    """What the branch took by tender, sold, and how many bills it made: reports hold it, the shift does not."""

    @property
    def net(self) -> int:
        """What was sold in the whole shop, less what came back."""
        return self.sold - self.brought_back + self.elsewhere["sold"]

    def recharge(self, who: int, fen: int, bonus: int = 0, **ways: int) -> None:
        """Stored value put in."""
        self.recharged += fen
        self.money(**ways)
        self.dealt(who, "充值", fen, stored=fen + bonus)

    def money(self, sign: int = 1, **ways: int) -> None:
        """Customers' money that came, or went."""
        for tender, fen in ways.items():
            if tender in REAL:
                self.drawer[tender] += sign * fen
                self.trade[tender] += sign * fen

    def dealt(self, who: int | None, what: str, fen: int, *, stored: int = 0, debt: int = 0) -> None:
        """A dealing with a customer, by how much his stored value and his debt moved."""
        if who is not None:
            lines = self.dealings.setdefault(who, [])
            before = lines[-1] if lines else ("", 0, 0, 0)
            lines.append((what, fen, before[2] + stored, before[3] + debt))


@dataclass
class Day:
    """The shop, who works in it, and the notebook."""

    shop: OpenedShop
    clerk: Actor
    manager: Actor
    meilan: int
    zhang: int
    chen: int
    note: Notebook = field(default_factory=Notebook)
    posted: list[PostedBill] = field(default_factory=list)

    # ------------------------------------------------------------ at the counter
    def line(self, wanted: str) -> CartLine:
        """What one scan puts on the bill."""
        if wanted.startswith("="):
            return amount_only_line(self.clerk, text=f"{wanted[1:]} 手工皂")
        if wanted.startswith("@"):
            body = f"2100123{int(wanted[1:]):05d}"
            weighed = by_label(self.clerk, code=body + check_digit(body))
            assert weighed is not None
            hit, qty_milli = weighed.hit, weighed.qty_milli
        else:
            code, _, count = wanted.partition("*")
            found = by_code(self.clerk, code=code)
            assert found is not None
            hit, qty_milli = found, int(count or 1) * 1_000
        price_fen = hit.price_fen or 0
        return CartLine(hit.id, hit.code, hit.name, hit.unit, qty_milli, price_fen, price_fen)

    def cart(self, wanted: str, who: int | None = None) -> Cart:
        """A cart filled scan by scan, kept at each one."""
        cart = replace(new_cart(), customer_id=who)
        for one in wanted.split():
            cart, _ = cart.added(self.line(one))
            cart = as_priced_today(self.clerk, cart=cart)
            save_cart(self.clerk, cart=cart)
        return cart

    def settle(
        self, cart: Cart, ways: Mapping[str, int], *, received: int = 0, kept: int = 0, earned: int = 0
    ) -> PostedBill:
        """Settle it as the clerk was told; ``earned`` are the points the customer is promised."""
        self.shop.clock.advance(minutes=8)
        total, who = sum(ways.values()), cart.customer_id
        payments = [
            Payment(tender, fen, received if received and tender == "cash" else None)
            for tender, fen in ways.items()
        ]
        posted = checkout(self.clerk, cart=cart, payments=payments, stored_change_fen=kept)
        assert posted.total_fen == total
        assert posted.change_fen == (received - ways["cash"] - kept if received else 0)
        self.note.bills += 1
        self.note.sold += total
        self.note.money(**ways)
        self.note.stored_used += ways.get("stored_value", 0)
        self.note.credit += ways.get("credit", 0)
        self.note.dealt(who, "销售", total, stored=-ways.get("stored_value", 0), debt=ways.get("credit", 0))
        if who is not None:
            self.note.points[who] += earned - ways.get("points", 0)
            if kept:
                self.note.recharge(who, kept, cash=kept)
        self.posted.append(posted)
        return posted

    def bring_back(
        self,
        posted: PostedBill,
        pieces: int,
        ways: Mapping[str, int],
        *,
        who: int | None = None,
        to_waste: bool = False,
        way: RefundWay = RefundWay.AS_PAID,
    ) -> None:
        """Take ``pieces`` of the first line back; it gives back what is said here."""
        line = bill_detail(self.clerk, sale_id=posted.sale_id).lines[0]
        wanted = {line.id: pieces * 1_000}
        asked: dict[str, Any] = {"sale_id": posted.sale_id, "quantities": wanted, "to_waste": to_waste}
        back = return_goods(self.clerk, key=new_key(), **asked, way=way)
        assert dict(back.by_tender) == dict(ways)
        fen = sum(ways.values())
        self.note.returns += 1
        self.note.brought_back += fen
        self.note.money(-1, **ways)
        self.note.stored_used -= ways.get("stored_value", 0)
        self.note.credit -= ways.get("credit", 0)
        self.note.dealt(who, "退货", -fen, stored=ways.get("stored_value", 0), debt=-ways.get("credit", 0))

    def exchange(self, posted: PostedBill, wanted: str, *, pays: int = 0, gets: int = 0) -> None:
        """The first line of a bill against something else."""
        line = bill_detail(self.clerk, sale_id=posted.sale_id).lines[0]
        _, back = lines_taken_back(self.clerk, sale_id=posted.sale_id, quantities={line.id: 1_000})
        cart = self.cart(wanted)
        cart = replace(cart, lines=(*back, *cart.lines))
        swapped = checkout(self.clerk, cart=cart, payments=[Payment("cash", pays)] if pays else [])
        assert (swapped.total_fen, swapped.back) == (pays - gets, (("cash", gets),) if gets else ())
        self.note.bills += 1
        self.note.sold += pays - gets
        self.note.money(cash=pays - gets)

    def allowed(self, cart: Cart) -> Cart:
        """The manager types his PIN for what was set by hand on the cart."""
        for subject in terms_by_hand(cart):
            approve(
                self.clerk,
                approver_id=self.manager.operator_id,
                pin=PIN,
                permission="sales.discount",
                cart_key=cart.key,
                subject=subject,
            )
        return cart
