"""The one door into the journal: a part of the verbs that move money."""

from collections.abc import Sequence
from datetime import date

from meiping.domains.ledger.rules import Line, balanced
from meiping.kernel.changes import Topic
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work


def post(
    work: Work,
    *,
    memo: str,
    source: Source,
    business_date: date,
    lines: Sequence[Line],
    reverses_id: int | None = None,
    shift_id: int | None = None,
    company_id: int | None = None,
) -> int | None:
    """Add one balanced entry and give its id; None where there is nothing to post.

    ``memo`` is the document's number. The balances follow by trigger; stored value below zero or a
    negative debt is refused by the database. ``shift_id`` is the time at the drawer it belongs to. Without
    ``company_id`` it is booked in the actor's company.
    """
    kept = balanced(lines)
    if not kept:
        return None
    company_id = work.actor.company_id if company_id is None else company_id
    entry_id: int = work.execute(
        "INSERT INTO entry (posted_at, business_date, company_id, operator_id, source_kind, source_id, memo,"
        " reverses_id, shift_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        work.at,
        business_date.isoformat(),
        company_id,
        work.actor.operator_id,
        source.kind,
        source.id,
        memo,
        reverses_id,
        shift_id,
    ).lastrowid
    values = [
        value
        for line in kept
        for value in (entry_id, line.account.value, company_id, line.party_id, line.amount_fen)
    ]
    work.execute(
        "INSERT INTO posting (entry_id, account, company_id, party_id, amount_fen) VALUES "
        + ", ".join(["(?, ?, ?, ?, ?)"] * len(kept)),
        *values,
    )
    work.changed(Topic.MONEY)
    return entry_id
