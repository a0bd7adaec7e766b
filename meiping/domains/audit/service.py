"""Writing the logs: parts of other rooms' verbs."""

import sqlite3
from collections.abc import Iterable

from meiping.domains.audit.rules import EXPORT
from meiping.kernel.actor import Actor
from meiping.kernel.source import Source
from meiping.store.database import may_write
from meiping.store.unit_of_work import Work, in_one_transaction, verb

_ADD = (
    "INSERT INTO operation (at, operator_id, operator_name, company_id, action, subject_kind, subject_id, summary)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_ADD_APPROVED = (
    "INSERT INTO operation (at, operator_id, operator_name, company_id, action, subject_kind, subject_id, summary,"
    " approver) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def record(
    work: Work, action: str, summary: str, subject: Source | None = None, *, by: Actor | None = None
) -> None:
    """Write down that the actor did ``action``; ``summary`` is one Chinese line without personal data.

    ``by`` stands in for the actor of the work where that is nobody yet: at the login. Who allowed the actor to do it
    is written beside him.
    """
    who = by or work.actor
    work.execute(_ADD_APPROVED, *_values(who, work.at, action, summary, subject), who.approvers())


def record_elsewhere(
    connection: sqlite3.Connection, actor: Actor, at: int, action: str, summary: str
) -> None:
    """Write it down in a file that is not open yet: one just restored. ``at`` is UTC milliseconds."""
    connection.execute(_ADD, _values(actor, at, action, summary, None))


def _values(actor: Actor, at: int, action: str, summary: str, subject: Source | None) -> tuple[object, ...]:
    kind, record_id = (subject.kind, subject.id) if subject else ("", 0)
    return (at, actor.operator_id, actor.name, actor.company_id, action, kind, record_id, summary)


def record_changes(work: Work, subject: Source, changes: Iterable[tuple[str, str, str]]) -> int:
    """Write down the fields that changed as (title, old, new), shown as on screen; gives how many."""
    written = 0
    for field, old, new in changes:
        if old == new:
            continue
        work.execute(
            "INSERT INTO change (at, operator_id, operator_name, kind, record_id, field, old, new)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            work.at,
            work.actor.operator_id,
            work.actor.name,
            subject.kind,
            subject.id,
            field,
            old,
            new,
        )
        written += 1
    return written


def record_denial(actor: Actor, verb: str, title: str) -> None:
    """Write down, in a transaction of its own, that a verb was refused for want of a permission; by a worker, too."""
    with may_write():
        in_one_transaction(actor, lambda work: record(work, "denied", f"没有权限：{title}（{verb}）"))


@verb(EXPORT)
def record_export(work: Work, *, what: str, rows: int) -> None:
    """Write down that a list leaves the program, as a file or on paper; called before it does."""
    record(work, "export", f"导出或打印“{what}”，{rows} 行")
