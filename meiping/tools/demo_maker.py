"""The demonstration shop while it is being made: its size, its clock, and who and what there is so far."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from meiping.kernel.actor import Actor
from meiping.kernel.money import CashRounding
from meiping.tools import demo_words as words_of

ADMINISTRATOR = "店主"
MOST_DAYS, FEWEST_DAYS, BILLS_A_DAY = 730, 60, 20
ROUNDING = CashRounding.JIAO_DOWN
"""How the demonstration shop rounds its bills."""

Tell = Callable[[int, int, str], None]
"""Called with done, total and what is being made."""


@dataclass(frozen=True, slots=True)
class DemoSize:
    """How large the shop shall be."""

    customers: int = 400
    products: int = 160
    sales: int = 3_000
    seed: int = 1
    records: int | None = None
    """How many contact records; None for three a customer."""

    @property
    def talks(self) -> int:
        """How many contact records there shall be."""
        return 3 * self.customers if self.records is None else self.records

    @property
    def days(self) -> int:
        """How many days up to today the bills spread over: two years for a large shop, fewer for a small one."""
        return min(max(self.sales // BILLS_A_DAY, FEWEST_DAYS), MOST_DAYS)


class PastClock:
    """The shop's clock while its past is made."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class DemoProduct:
    """A product made so far; ``there`` units are left, as far as the maker keeps count."""

    id: int
    code: str
    name: str
    unit: str
    price_fen: int
    cost_fen: int
    stocked: bool
    there: int = 0


@dataclass(slots=True)
class DemoCustomer:
    """A customer made so far, with what he has and owes in fen."""

    id: int
    name: str
    discount_bp: int
    since: date
    limit_fen: int = 0
    firm: bool = False
    stored_fen: int = 0
    debt_fen: int = 0


@dataclass(slots=True)
class Maker:
    """The shop being made."""

    size: DemoSize
    tell: Tell
    clock: PastClock
    random: random.Random
    actors: dict[str, Actor] = field(default_factory=dict)
    products: list[DemoProduct] = field(default_factory=list)
    customers: list[DemoCustomer] = field(default_factory=list)
    to_return: list[int] = field(default_factory=list)
    stored_value_begun: bool = False
    """Whether somebody has put money in beforehand yet."""

    @property
    def owner(self) -> Actor:
        """The administrator at work."""
        return self.actors[ADMINISTRATOR]

    def person(self) -> str:
        """A name for somebody."""
        given = "".join(self.random.sample(words_of.GIVEN, self.random.choice((1, 2, 2))))
        return self.random.choice(words_of.SURNAMES) + given

    def cashier(self) -> Actor:
        """Somebody at the counter."""
        return self.actors[self.random.choice(("小周", "小何", "林静"))]
