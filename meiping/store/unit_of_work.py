"""One click, one verb, one transaction; topics are told after the commit.

A *verb* is a public function ``def checkout(work: Work, *, ...)`` decorated with ``@verb(PERMISSION)``. Callers
hand in the actor: ``checkout(actor, ...)``; the permission is checked, one ``BEGIN IMMEDIATE`` opened under the
write lock, committed, and only then the topics go out. Called with a ``Work`` it joins that transaction.

A *part* of a verb lives in a lower room, takes the ``Work`` itself and has no decorator: it can only be
called from inside.
"""

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from peewee import DatabaseError, OperationalError

from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.errors import PermissionDenied, UserError
from meiping.kernel.moments import local_day, to_ms
from meiping.kernel.permissions import Permission
from meiping.store.database import db, disk_failed, write_lock
from meiping.store.right_of_way import right_of_way

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Work:
    """The transaction under way: who, at what instant, and what will have changed."""

    actor: Actor
    now: datetime
    topics: set[Topic] = field(default_factory=set)
    at: int = field(init=False)
    """The instant of this work in UTC milliseconds."""
    day: date = field(init=False)
    """The day of this work on the shop's clock."""

    def __post_init__(self) -> None:
        self.at = to_ms(self.now)
        self.day = local_day(self.now)

    def changed(self, *topics: Topic) -> None:
        """Say what the screen must fetch again once this is committed."""
        self.topics.update(topics)

    def next_id(self, table: str) -> int:
        """The id the table's next row will get, so that what it moves can name it as cause beforehand."""
        row = self.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", table).fetchone()
        return (row[0] if row else 0) + 1

    def execute(self, sql: str, *values: Any) -> Any:
        """A parametrised statement on this transaction's connection; gives the cursor."""
        return db.execute_sql(sql, values)


Subscriber = Callable[[frozenset[Topic]], None]
_subscribers: list[Subscriber] = []
_denial_listeners: list[Callable[[Actor, str, str], None]] = []


def subscribe(subscriber: Subscriber) -> Callable[[], None]:
    """Hear the topics of every commit, on the thread that committed; gives the way to stop."""
    _subscribers.append(subscriber)
    return lambda: _subscribers.remove(subscriber)


def on_denied(listener: Callable[[Actor, str, str], None]) -> None:
    """Have refusals written down as (actor, verb, title of the permission); set once by the composition root."""
    _denial_listeners[:] = [listener]


def _publish(topics: frozenset[Topic]) -> None:
    for subscriber in tuple(_subscribers):
        try:
            subscriber(topics)
        except Exception:  # a screen that fails must not turn a finished sale into a failed one
            log.exception("a subscriber failed")


def _tell_denied(actor: Actor, name: str, denied: PermissionDenied) -> None:
    """Have a refusal written down once, as soon as no transaction is under way that would take it back."""
    if denied.told or db.is_closed() or db.connection().in_transaction:
        return
    denied.told = True
    for listener in _denial_listeners:
        listener(actor, name, denied.title)


@contextmanager
def _immediate() -> Iterator[None]:
    """One immediate transaction; a disk that is full or fails becomes a sentence, and nothing is changed."""
    try:
        with right_of_way.taken(), db.atomic("IMMEDIATE"):
            yield
    except (OperationalError, DatabaseError) as error:
        if not disk_failed(error):
            raise
        raise UserError("磁盘已满或读写出错，这一步没有保存。请清理或检查磁盘后再试。") from error


def in_one_transaction(actor: Actor, body: Callable[[Work], R]) -> R:
    """Run ``body`` in one immediate transaction and publish its topics after the commit."""
    with write_lock:
        if db.in_transaction():
            raise RuntimeError("a transaction is already under way: hand its Work on")
        work = Work(actor, actor.now())
        with _immediate():
            result = body(work)
    if work.topics:
        _publish(frozenset(work.topics))
    return result


@contextmanager
def batch() -> Iterator[Callable[[Actor], Work]]:
    """Many pieces of work in one transaction, for filling and importing: all of them or none.

    Gives a function that makes the ``Work`` of an actor at his present instant; topics go out once at the end.
    """
    topics: set[Topic] = set()
    with write_lock, _immediate():
        yield lambda actor: Work(actor, actor.now(), topics)
    if topics:
        _publish(frozenset(topics))


def _name_of(body: Callable[..., Any]) -> str:
    """``room.function``, however deep inside its room the module lies."""
    packages = body.__module__.split(".")[:-1]
    room = packages[packages.index("domains") + 1] if "domains" in packages else packages[-1]
    return f"{room}.{body.__name__}"


class Verb(Generic[P, R]):
    """A public operation: its permission, and the transaction around it."""

    def __init__(self, body: Callable[Concatenate[Work, P], R], permission: Permission) -> None:
        functools.update_wrapper(self, body)
        self.body = body
        self.permission = permission
        self.name = _name_of(body)
        _verbs[self.name] = self

    def __call__(self, who: Actor | Work, *args: P.args, **kwargs: P.kwargs) -> R:
        if isinstance(who, Work):
            who.actor.require(self.permission)
            return self.body(who, *args, **kwargs)
        try:
            who.require(self.permission)
            result = in_one_transaction(who, lambda work: self.body(work, *args, **kwargs))
        except PermissionDenied as denied:
            _tell_denied(who, self.name, denied)
            raise
        for approval in who.approvals:
            approval.used = True
        return result


class Query(Generic[P, R]):
    """A public read: its permission is checked, nothing is written."""

    def __init__(self, body: Callable[Concatenate[Actor, P], R], permission: Permission) -> None:
        functools.update_wrapper(self, body)
        self.body = body
        self.permission = permission
        self.name = _name_of(body)
        _queries[self.name] = self

    def __call__(self, actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            actor.require(self.permission)
            return self.body(actor, *args, **kwargs)
        except PermissionDenied as denied:
            _tell_denied(actor, self.name, denied)
            raise


_verbs: dict[str, Verb[..., Any]] = {}
_queries: dict[str, Query[..., Any]] = {}


def verb(permission: Permission) -> Callable[[Callable[Concatenate[Work, P], R]], Verb[P, R]]:
    """Declare a public operation and the right it needs."""
    return lambda body: Verb(body, permission)


def query(permission: Permission) -> Callable[[Callable[Concatenate[Actor, P], R]], Query[P, R]]:
    """Declare a public read and the right it needs."""
    return lambda body: Query(body, permission)


def all_verbs() -> dict[str, Verb[..., Any]]:
    """Every declared verb by its name, ``room.function``."""
    return dict(_verbs)


def all_queries() -> dict[str, Query[..., Any]]:
    """Every declared read by its name, ``room.function``."""
    return dict(_queries)
