"""What belongs to a customer and is not posted goes along in a merge, and goes back when it is taken back.

The ids of what moved are kept, so that what came later stays where it is.
"""

from collections.abc import Mapping, Sequence

from meiping.domains.customers.models import Customer, CustomerShare, PoolClaim
from meiping.store.unit_of_work import Work

Moved = dict[str, list[int]]

_ALL_OF = ("contact", "contact_record", "document", "reminder")
"""Tables of which everything moves, the recycle bin's rows too."""


def move_all(work: Work, *, from_id: int, to_id: int) -> Moved:
    """Give everything of one customer to another, and say what went.

    Where both have a main contact, the survivor's stays it. Shares and claims go along unless the other has such a
    one already or could not have it.
    """
    moved: Moved = {"main": _step_back(work, from_id, to_id)}
    for table in _ALL_OF:
        ids = _ids(work, f"SELECT id FROM {table} WHERE customer_id = ? ORDER BY id", from_id)
        _give(work, table, ids, to_id)
        moved[table] = ids
    moved["customer_share"] = _shares(work, from_id, to_id)
    moved["pool_claim"] = _claims(work, from_id, to_id)
    return moved


def move_back(work: Work, moved: Mapping[str, Sequence[int]], *, from_id: int, to_id: int) -> None:
    """Give back what went along and is still there, and what was attached to it since."""
    for table in (*_ALL_OF, "customer_share", "pool_claim"):
        here = set(_ids(work, f"SELECT id FROM {table} WHERE customer_id = ?", from_id))
        _give(work, table, [one for one in moved.get(table, ()) if one in here], to_id)
    for contact_id in moved.get("main", ()):
        work.execute(
            "UPDATE contact SET main = 1 WHERE id = ? AND customer_id = ? AND NOT EXISTS (SELECT 1 FROM contact o"
            " WHERE o.customer_id = contact.customer_id AND o.main AND o.deleted_at IS NULL)",
            contact_id,
            to_id,
        )
    both = (from_id, to_id)
    work.execute(  # what was attached to a record goes where the record goes
        "UPDATE document SET customer_id = (SELECT r.customer_id FROM contact_record r WHERE r.id = contact_record_id)"
        " WHERE contact_record_id IS NOT NULL AND customer_id IN (?, ?)",
        *both,
    )
    work.execute(  # the name stays written where the person is on file elsewhere now
        "UPDATE contact_record SET contact_id = NULL WHERE customer_id IN (?, ?) AND contact_id IS NOT NULL"
        " AND customer_id <> (SELECT c.customer_id FROM contact c WHERE c.id = contact_id)",
        *both,
    )


def _ids(work: Work, statement: str, *values: object) -> list[int]:
    return [row[0] for row in work.execute(statement, *values).fetchall()]


def _give(work: Work, table: str, ids: Sequence[int], to_id: int) -> None:
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        marks = ", ".join("?" * len(some))
        work.execute(f"UPDATE {table} SET customer_id = ? WHERE id IN ({marks})", to_id, *some)


def _step_back(work: Work, from_id: int, to_id: int) -> list[int]:
    main = "SELECT id FROM contact WHERE customer_id = ? AND main AND deleted_at IS NULL"
    mine = _ids(work, main, from_id)
    if not mine or not _ids(work, main, to_id):
        return []
    work.execute("UPDATE contact SET main = 0 WHERE id = ?", mine[0])
    return mine


def _shares(work: Work, from_id: int, to_id: int) -> list[int]:
    owner_id = Customer.get_by_id(to_id).owner_id
    if owner_id is None:
        return []
    going = CustomerShare.alias()
    there = CustomerShare.select(CustomerShare.operator).where(
        CustomerShare.customer == to_id, CustomerShare.ended_at.is_null()
    )
    rows = going.select(going.id).where(
        going.customer == from_id,
        going.ended_at.is_null(),
        going.operator != owner_id,
        going.operator.not_in(there),
    )
    ids = [row.id for row in rows]
    _give(work, "customer_share", ids, to_id)
    return ids


def _claims(work: Work, from_id: int, to_id: int) -> list[int]:
    if Customer.get_by_id(to_id).owner_id is not None:
        return []
    going = PoolClaim.alias()
    there = PoolClaim.select(PoolClaim.operator).where(
        PoolClaim.customer == to_id, PoolClaim.decided_at.is_null()
    )
    rows = going.select(going.id).where(
        going.customer == from_id, going.decided_at.is_null(), going.operator.not_in(there)
    )
    ids = [row.id for row in rows]
    _give(work, "pool_claim", ids, to_id)
    return ids
