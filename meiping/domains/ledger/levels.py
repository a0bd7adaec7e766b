"""Levels reached by what a customer has spent and recharged in all companies together."""

from meiping.domains.customers.levels import raise_level
from meiping.domains.customers.queries import family_ids
from meiping.domains.settings.queries import option
from meiping.store.unit_of_work import Work


def rise(work: Work, customer_id: int) -> str:
    """A part of verbs after which somebody may have reached a higher level; gives its name, empty where not.

    What was given back is taken off; those merged into the customer count.
    """
    if not option("levels.by_rule"):
        return ""
    family = family_ids(customer_id)
    marks = ", ".join("?" * len(family))
    spent = work.execute(
        "SELECT coalesce(-sum(b.amount_fen), 0) FROM company c CROSS JOIN balance b ON b.company_id = c.id"
        f" AND b.account IN ('sales', 'rounding') AND b.party_id IN ({marks})",
        *family,
    ).fetchone()[0]
    recharged = work.execute(
        "SELECT coalesce(-sum(p.amount_fen), 0) FROM posting p JOIN entry e ON e.id = p.entry_id"
        f" WHERE p.party_id IN ({marks}) AND p.account = 'stored_principal' AND e.source_kind IN ('recharge', 'refund')",
        *family,
    ).fetchone()[0]
    return raise_level(work, customer_id, spent_fen=spent, recharged_fen=recharged)
