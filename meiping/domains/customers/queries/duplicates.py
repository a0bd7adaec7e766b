"""Customers that may be the same, over all there are: the whole shop is compared in a few seconds, off the main thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from meiping.domains.customers.models import Customer, CustomerDistinct
from meiping.domains.customers.queries.scope import scope_bound
from meiping.domains.customers.rules import MERGE, shown_name
from meiping.domains.customers.twins import (
    core_name,
    differs_by_one,
    hints,
    numbers_of,
    pairs_of,
    sounds,
)
from meiping.kernel.actor import Actor
from meiping.kernel.phones import show_phone
from meiping.kernel.tabular import Column, Kind, Row, Table
from meiping.kernel.text import fold
from meiping.store.unit_of_work import query

PAIR_COLUMNS = (
    Column("reasons", "为什么像", width=24),
    Column("left_code", "编号", Kind.CODE, width=9),
    Column("left", "客户", width=14, stretch=True),
    Column("left_phone", "电话", width=17),
    Column("right_code", "编号 2", Kind.CODE, width=9),
    Column("right", "客户 2", width=14, stretch=True),
    Column("right_phone", "电话 2", width=17),
)
MOST_PAIRS = 5_000
_TOO_COMMON = 60
"""So many customers with one phone or one name say nothing about two of them."""
_TELL_EVERY = 5_000
Tell = Callable[[int, int, str], None]
"""Hears how far it is, as (done, of how many, what); raises to stop."""

_WEIGHT = {"电话相同": 8, "名称相同": 4, "主要名称相同": 3, "读音相同": 2, "名称相近": 1}


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    code: str
    name: str
    phones: tuple[str, ...]
    core: str

    @property
    def shown(self) -> str:
        return shown_name(self.name, self.phones[0] if self.phones else "")


def _silent(_done: int, _total: int, _what: str) -> None:
    """Nobody wants to know."""


@query(MERGE)
def find_duplicates(actor: Actor, *, tell: Tell = _silent) -> Table:
    """Every two customers in the actor's scope that may be the same, the surest first, at most ``MOST_PAIRS``.

    Alike are those with a common phone, with the same name or what is left of it without place and form of firm,
    with a name that sounds the same, or one that differs by a character. Two that were said to be different people
    are left out. A row has ``left_id`` and ``right_id`` besides its columns.
    """
    people = _read(actor, tell)
    found: dict[tuple[int, int], list[str]] = {}
    for pair, reason in _alike(people, tell):
        found.setdefault(pair, []).append(reason)
    for row in CustomerDistinct.select().tuples():
        found.pop(cast("tuple[int, int]", row), None)
    ordered = sorted(found, key=lambda pair: (-sum(_WEIGHT[one] for one in found[pair]), pair))
    rows = [_row(people[a], people[b], found[a, b]) for a, b in ordered[:MOST_PAIRS]]
    return Table("可能重复的客户", PAIR_COLUMNS, rows)


def _row(left: _Person, right: _Person, reasons: list[str]) -> Row:
    return {
        "id": f"{left.id}-{right.id}",
        "left_id": left.id,
        "right_id": right.id,
        "reasons": "、".join(reasons),
        "left_code": left.code,
        "left": left.shown,
        "left_phone": " / ".join(show_phone(one) for one in left.phones),
        "right_code": right.code,
        "right": right.shown,
        "right_phone": " / ".join(show_phone(one) for one in right.phones),
    }


def _read(actor: Actor, tell: Tell) -> dict[int, _Person]:
    select = Customer.select(
        Customer.id, Customer.code, Customer.name, Customer.phone, Customer.phone2
    ).where(Customer.deleted_at.is_null(), Customer.anonymised_at.is_null())
    if (bound := scope_bound(actor)) is not None:
        select = select.where(bound)
    rows = list(cast("Iterable[tuple[int, str, str, str, str]]", select.tuples()))
    people = {}
    for done, (row_id, code, name, phone, phone2) in enumerate(rows):
        if done % _TELL_EVERY == 0:
            tell(done, 3 * len(rows), "正在读取客户")
        phones = tuple(dict.fromkeys(one for one in (phone, phone2) if one))
        people[row_id] = _Person(row_id, code, name, phones, core_name(name))
    return people


def _alike(people: dict[int, _Person], tell: Tell) -> Iterator[tuple[tuple[int, int], str]]:
    total = 3 * len(people)

    def said(done: int, what: str) -> None:
        if done % _TELL_EVERY == 0:
            tell(len(people) + done, total, what)

    yield from _same(((phone, one.id) for one in people.values() for phone in one.phones), "电话相同")
    by_core: dict[str, list[int]] = defaultdict(list)
    by_sound: dict[str, list[int]] = defaultdict(list)
    for done, one in enumerate(people.values()):
        said(done, "正在比较名称")
        if len(one.core) > 1:
            by_core[one.core].append(one.id)
            if sound := sounds(one.core):
                by_sound[sound].append(one.id)
    for ids in by_core.values():
        if len(ids) < _TOO_COMMON:
            for a, b in pairs_of(ids):
                same = fold(people[a].name) == fold(people[b].name)
                yield (a, b), "名称相同" if same else "主要名称相同"
    for ids in by_sound.values():
        if len(ids) < _TOO_COMMON:
            yield from (((a, b), "读音相同") for a, b in pairs_of(ids) if people[a].core != people[b].core)
    yield from _near(by_core, said, len(people))


def _same(keyed: Iterable[tuple[Hashable, int]], reason: str) -> Iterator[tuple[tuple[int, int], str]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for key, one in keyed:
        groups[key].append(one)
    for ids in groups.values():
        if 1 < len(ids) < _TOO_COMMON:
            yield from ((pair, reason) for pair in pairs_of(ids))


def _near(
    by_core: dict[str, list[int]], said: Callable[[int, str], None], already: int
) -> Iterator[tuple[tuple[int, int], str]]:
    """Only cores with a hint in common are compared."""
    blocks: dict[tuple[int, int], list[str]] = defaultdict(list)
    for done, core in enumerate(by_core):
        said(already + done, "正在找相近的名称")
        if len(by_core[core]) < _TOO_COMMON:
            numbers = hash(numbers_of(core))
            for hint in hints(core):
                blocks[hash(hint), numbers].append(core)
    compared: set[tuple[str, str]] = set()
    for cores in blocks.values():
        if not 1 < len(cores) < _TOO_COMMON:
            continue
        for place, core in enumerate(cores):
            for other in cores[place + 1 :]:
                both = (core, other) if core < other else (other, core)
                if both in compared or not differs_by_one(core, other):
                    continue
                compared.add(both)
                yield from (
                    ((min(a, b), max(a, b)), "名称相近")
                    for a in by_core[core][:3]
                    for b in by_core[other][:3]
                )
