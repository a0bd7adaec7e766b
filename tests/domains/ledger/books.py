"""A shop's books kept a second time, in plain Python: what a test expects of every sum, to the fen.

Nothing here asks the program how it reckons: prices, shares of returns and points are reckoned by fractions.
"""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from tests.domains.ledger.points_book import PointsBook

REAL = ("cash", "wechat", "alipay", "card")
"""The tenders by which money reaches the shop."""
RULE_LEAST, RULE_BONUS = 10_000, 700
"""The recharge rule of the books: for each ¥100.00 seven yuan more."""
OFF_FROM, OFF = 9_000, 500
"""The rule for whole bills: from ¥90.00 on five yuan less."""
CARD_PRICE, CARD_USES = 1_001, 3
"""The count card that is sold: its price and its uses."""


def half_up(value: Fraction) -> int:
    """A fraction of fen as whole fen, halves away from zero."""
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) + Fraction(1, 2))


def running(whole: int, of: int, before: int, now: int) -> int:
    """What ``now`` parts out of ``of`` are worth after ``before`` of them: all together give ``whole``."""
    return half_up(Fraction(whole * (before + now), of)) - half_up(Fraction(whole * before, of))


@dataclass(frozen=True)
class Wish:
    """A line somebody wants: which product, at which list price in fen, how many; ``bp`` None takes what rules give."""

    product: int
    price: int
    pieces: int
    bp: int | None = None
    gift: bool = False
    level_bp: int = 10_000
    level_price: int | None = None
    special: int | None = None

    @property
    def fen(self) -> int:
        """What the line comes to before anything concerning the whole bill: by hand, or the best that rules give."""
        if self.gift:
            return 0
        if self.bp is not None:
            return self._at(self.price, self.bp)
        terms = [(self.price, 10_000)]
        terms.append((self.price, self.level_bp) if self.level_price is None else (self.level_price, 10_000))
        if self.special is not None:
            terms.append((self.special, 10_000))
        return self._at(*min(terms, key=lambda one: one[0] * one[1]))

    def _at(self, price: int, bp: int) -> int:
        return half_up(Fraction(price * self.pieces * bp, 10_000))


def sum_due(wishes: list[Wish], *, bp: int, less: int, back: int = 0, to_jiao: bool = False) -> int:
    """What a bill comes to: ``bp`` of its sum stays, ``less`` fen go off, ``back`` fen of goods come back with it."""
    whole = sum(wish.fen for wish in wishes)
    left = whole - min(whole - half_up(Fraction(whole * bp, 10_000)) + less, whole)
    if left >= OFF_FROM:
        left -= OFF
    due = left - back
    return due - due % 10 if to_jiao and due > 0 else due


@dataclass(eq=False)
class Card:
    """A count card of ``CARD_USES`` uses: what was paid for it, and how many uses are gone."""

    net: int
    used: int = 0

    @property
    def earned(self) -> int:
        """What of it is earned by now."""
        return half_up(Fraction(self.net * self.used, CARD_USES))


@dataclass
class Sold:
    """A line of a posted bill: its id, its product (None for goods without stock), pieces, net fen, how many are left.

    ``person`` is the salesperson it counts for, 0 for nobody.
    """

    line: int
    product: int | None
    pieces: int
    net: int
    left: int
    person: int = 0
    cards: dict[int, Card] = field(default_factory=dict)

    @property
    def can_come_back(self) -> int:
        """Pieces that can still come back: of cards those that nobody used."""
        unused = sum(not card.used for card in self.cards.values())
        return min(self.left, unused) if self.cards else self.left

    def worth(self, pieces: int) -> int:
        """What ``pieces`` of what is left give back."""
        return running(self.net, self.pieces, self.pieces - self.left, pieces)


@dataclass
class Bill:
    """A posted bill. ``plain`` until an exchange touches it: then what points it holds is not reckoned here.

    ``keeps`` says that a card came back of which uses had been taken.
    """

    sale_id: int
    customer: int | None
    shift: int | None
    day: str
    lines: list[Sold]
    earned: int = 0
    points_fen: int = 0
    points_used: int = 0
    points_back_fen: int = 0
    taken_back: int = 0
    plain: bool = True
    keeps: bool = False

    @property
    def worth(self) -> int:
        """What all its goods came to."""
        return sum(line.net for line in self.lines)


@dataclass
class Books:
    """Money in hand and away, what customers have and owe, goods, and what the reports should say.

    ``sold_by`` is what each salesperson sold, less what came back of it.
    """

    hand: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REAL, 0))
    taken: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REAL, 0))
    safe: int = 0
    gap: int = 0
    bad: int = 0
    expenses: int = 0
    advances: int = 0
    net_sales: int = 0
    sold_by: Counter[int] = field(default_factory=Counter)
    recharged: int = 0
    refunded: int = 0
    received: int = 0
    stored: dict[int, int] = field(default_factory=dict)
    bonus_given: dict[int, int] = field(default_factory=dict)
    debt: dict[int, int] = field(default_factory=dict)
    points: PointsBook = field(default_factory=PointsBook)
    points_given: dict[int, int] = field(default_factory=dict)
    goods: dict[int, int] = field(default_factory=dict)
    bills: list[Bill] = field(default_factory=list)
    at_opening: dict[str, int] = field(default_factory=dict)
    float_fen: int = 0

    def welcome(self, customer: int) -> None:
        """A customer who has nothing and owes nothing."""
        for sums in (self.stored, self.bonus_given, self.debt, self.points_given):
            sums[customer] = 0

    def money(self, tender: str, fen: int) -> None:
        """Money of customers that came, or went where it is negative."""
        self.hand[tender] += fen
        self.taken[tender] += fen

    def move_to_safe(self, fen: int) -> None:
        """Cash out of the drawer into the safe."""
        self.hand["cash"] -= fen
        self.safe += fen

    def recharge(self, customer: int, principal: int, bonus: int, tender: str) -> None:
        """Stored value put in."""
        self.stored[customer] += principal + bonus
        self.bonus_given[customer] += bonus
        self.recharged += principal
        self.money(tender, principal)

    def give(self, customer: int | None, back: dict[str, int]) -> None:
        """What goods that came back gave, by tender."""
        for tender, fen in back.items():
            if tender == "stored_value":
                self.stored[customer or 0] += fen
            elif tender == "credit":
                self.debt[customer or 0] -= fen
            elif tender != "points":
                self.money(tender, -fen)

    def begin_shift(self, float_fen: int) -> None:
        """The drawer is opened with so much counted in it."""
        self.move_to_safe(self.hand["cash"] - float_fen)
        self.at_opening, self.float_fen = dict(self.hand), float_fen

    def expected(self) -> dict[str, int]:
        """What each tender of the shift under way should come to."""
        moved = {tender: self.hand[tender] - self.at_opening[tender] for tender in REAL}
        return moved | {"cash": moved["cash"] + self.float_fen}

    def end_shift(self, counted: int, left: int) -> None:
        """The drawer is counted; what is not left in it goes to the safe."""
        self.gap += self.hand["cash"] - counted
        self.hand["cash"] = left
        self.safe += counted - left

    def come_back(self, bill: Bill, wanted: dict[int, int], *, waste: bool) -> int:
        """Take pieces (by line id) off a bill, into stock unless they are waste; gives what they are worth."""
        worth = 0
        for line in bill.lines:
            pieces = wanted.get(line.line, 0)
            if not pieces:
                continue
            worth += line.worth(pieces)
            self.sold_by[line.person] -= line.worth(pieces)
            line.left -= pieces
            for card in [card for card, one in line.cards.items() if not one.used][-pieces:]:
                del line.cards[card]
            if line.product is not None and not waste:
                self.goods[line.product] += pieces
        self.net_sales -= worth
        return worth

    def card_comes_back(self, bill: Bill, line: Sold, card_id: int) -> int:
        """One card off a bill, as it is; gives what is left of what was paid for it."""
        card = line.cards.pop(card_id)
        worth = max(line.worth(1) - card.earned, 0)
        line.left -= 1
        bill.keeps |= card.used > 0
        self.net_sales -= worth
        self.sold_by[line.person] -= worth
        return worth

    def cards(self) -> list[Card]:
        """Every card that was not brought back."""
        return [card for bill in self.bills for line in bill.lines for card in line.cards.values()]

    def points_of_return(self, bill: Bill, worth: int, points_fen: int) -> None:
        """Points earned are taken back, and those paid with given back, in the part that came back now."""
        assert bill.customer is not None
        if bill.worth > 0:
            self.points[bill.customer] -= running(bill.earned, bill.worth, bill.taken_back, worth)
        bill.taken_back += worth
        if points_fen:
            back = running(bill.points_used, bill.points_fen, bill.points_back_fen, points_fen)
            self.points[bill.customer] += back
            bill.points_back_fen += points_fen
