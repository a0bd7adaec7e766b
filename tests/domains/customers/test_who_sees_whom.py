"""Whatever is done to owners, shares and the pool: list, search, detail, hub and exports agree on who sees whom."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meiping.domains.access.models import Department, Operator
from meiping.domains.access.queries import actor_for
from meiping.domains.access.service import save_role
from meiping.domains.customers.ownership import OwnerKept, daily_pass, take_back_transfer, transfer_customers
from meiping.domains.customers.pool import claim_customers
from meiping.domains.customers.queries import (
    CustomerFilter,
    customer_counts,
    customer_detail,
    customer_hit,
    customer_list,
    find_customers,
    pool_list,
    shares_of,
    visible_customers,
)
from meiping.domains.customers.service import change_customer, delete_customers, restore_customers
from meiping.domains.customers.sharing import end_shares, share_customers, take_back_shares
from meiping.domains.maintenance.invariants import INVARIANTS
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.errors import InputError, NotFound
from meiping.store.database import fetch
from tests.factories import add_customer
from tests.shop import OpenedShop

_round = itertools.count(1)


@dataclass
class Expected:
    """What the test itself knows of a customer."""

    owner: int | None
    department: int | None
    shares: dict[int, date | None] = field(default_factory=dict)
    deleted: bool = False


@pytest.fixture
def people(shop: OpenedShop) -> list[Actor]:
    """Two who see own customers, one of each kind who sees the department's, and the manager."""
    room = Department.create(name="一部")
    own = ["customers.view", "customers.edit", "customers.claim"]
    save_role(shop.actor, role_id=None, name="主管", scope=Scope.DEPARTMENT, permissions=own)
    made = [
        shop.add_operator("甲", "业务员"),
        shop.add_operator("乙", "业务员"),
        shop.add_operator("丙", "主管"),
        shop.add_operator("丁", "店长"),
    ]
    inside = [made[0].operator_id, made[2].operator_id]
    Operator.update(department=room).where(Operator.id.in_(inside)).execute()
    return [actor_for(one.operator_id, clock=shop.clock) for one in made]


def sees(actor: Actor, one: Expected, today: date) -> bool:
    scope = actor.scope()
    if scope >= Scope.COMPANY or one.owner == actor.operator_id:
        return True
    if scope is Scope.DEPARTMENT and one.department is not None and one.department == actor.department_id:
        return True
    until = one.shares.get(actor.operator_id, date.min)
    return until is None or until >= today


def detail_is_shown(actor: Actor, customer_id: int) -> bool:
    try:
        customer_detail(actor, customer_id)
        customer_hit(actor, customer_id)
        shares_of(actor, customer_id=customer_id)
    except NotFound:
        return False
    return True


def compare(people: list[Actor], known: dict[int, Expected], word: str) -> None:
    for actor in people:
        wanted = {key for key, one in known.items() if sees(actor, one, actor.today())}
        living = {key for key in wanted if not known[key].deleted}
        listing = customer_list(actor, CustomerFilter(text=word))
        assert {row["id"] for row in listing.window(0, 99, None)} == living
        assert listing.count() == len(living)
        assert {hit.id for hit in find_customers(actor, word, limit=99)} == living
        assert {row.id for row in visible_customers(actor)} & set(known) == wanted
        assert {key for key in known if detail_is_shown(actor, key)} == wanted
        assert customer_counts(actor).total == customer_list(actor).count()
        binned = customer_list(actor, CustomerFilter(text=word, in_bin=True))
        assert {row["id"] for row in binned.window(0, 99, None)} == wanted - living
        free = {key for key, one in known.items() if one.owner is None and not one.deleted}
        assert {row["id"] for row in pool_list(actor, text=word).window(0, 99, None)} == free
    assert not [line for one in INVARIANTS for line in one.check(fetch)]


@dataclass
class World:
    """One customer, what is known of him, and whom a step concerns."""

    shop: OpenedShop
    customer_id: int
    one: Expected
    to: Actor
    days: int

    def _owned_by(self, actor: Actor | None) -> None:
        if self.one.owner == (actor.operator_id if actor else None):
            return
        kept = self.one.shares.items() if actor else ()
        self.one.shares = {key: day for key, day in kept if actor and key != actor.operator_id}
        self.one.owner = actor.operator_id if actor else None
        self.one.department = actor.department_id if actor else None

    def _transfer(self, to: Actor | None) -> tuple[OwnerKept, ...]:
        owner_id = to.operator_id if to else None
        return transfer_customers(self.shop.actor, customer_ids=[self.customer_id], owner_id=owner_id)

    def transfer(self) -> None:
        self._transfer(self.to)
        if not self.one.deleted:
            self._owned_by(self.to)

    def transfer_and_back(self) -> None:
        take_back_transfer(self.shop.actor, kept=self._transfer(self.to))

    def pool(self) -> None:
        self._transfer(None)
        if not self.one.deleted:
            self._owned_by(None)

    def claim(self) -> None:
        try:
            claim_customers(self.to, customer_ids=[self.customer_id])
        except NotFound:
            assert self.one.owner is not None or self.one.deleted
        else:
            self._owned_by(self.to)

    def form(self) -> None:
        if self.one.deleted:
            return
        entered = customer_detail(self.shop.actor, self.customer_id).as_input()
        changed = replace(entered, owner_id=self.to.operator_id)
        change_customer(self.shop.actor, customer_id=self.customer_id, customer=changed)
        self._owned_by(self.to)

    def share(self, *, back: bool = False) -> None:
        until = None if self.days > 3 else self.shop.actor.today() + timedelta(days=self.days)
        try:
            kept = share_customers(
                self.shop.actor,
                customer_ids=[self.customer_id],
                operator_id=self.to.operator_id,
                until=until,
            )
        except InputError:
            assert self.one.deleted or self.one.owner in (None, self.to.operator_id)
            return
        if back:
            take_back_shares(self.shop.actor, kept=kept)
        else:
            self.one.shares[self.to.operator_id] = until

    def share_and_back(self) -> None:
        self.share(back=True)

    def end_shares(self) -> None:
        rows = fetch(
            "SELECT id FROM customer_share WHERE customer_id = ? AND operator_id = ? AND ended_at IS NULL",
            self.customer_id,
            self.to.operator_id,
        )
        end_shares(self.shop.actor, share_ids=[row[0] for row in rows])
        self.one.shares.pop(self.to.operator_id, None)

    def delete(self) -> None:
        delete_customers(self.shop.actor, customer_ids=[self.customer_id])
        self.one.deleted = True

    def restore(self) -> None:
        restore_customers(self.shop.actor, customer_ids=[self.customer_id])
        self.one.deleted = False

    def next_day(self) -> None:
        self.shop.clock.advance(days=1 + self.days // 2)

    def tidy(self) -> None:
        daily_pass(self.to)


STEPS = tuple(name for name in vars(World) if not name.startswith("_"))
STEP = st.tuples(
    st.sampled_from([*STEPS, "share", "share", "share", "next_day", "next_day"]),
    st.integers(0, 2),
    st.integers(0, 3),
    st.integers(0, 5),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=1, max_size=12))
def test_everything_agrees_on_who_sees_whom(
    shop: OpenedShop, people: list[Actor], steps: list[tuple[str, int, int, int]]
) -> None:
    word = f"Q{next(_round)}Q"
    known = {
        add_customer(shop, name=f"{word}{name}", owner_id=actor.operator_id): Expected(
            actor.operator_id, actor.department_id
        )
        for name, actor in zip("甲乙丙", people, strict=False)
    }
    for what, which, who, days in steps:
        customer_id = sorted(known)[which]
        getattr(World(shop, customer_id, known[customer_id], people[who], days), what)()
    compare(people, known, word)
    shop.clock.advance(days=2)  # what is delegated for a day or two has run out then
    compare(people, known, word)
