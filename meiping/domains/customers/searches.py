"""Searches of customers that an operator keeps under a name; each sees only the own ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from meiping.domains.audit import service as audit
from meiping.domains.customers.conditions import Condition, dump_conditions, load_conditions
from meiping.domains.customers.queries.advanced import checked_conditions
from meiping.domains.customers.rules import VIEW
from meiping.domains.settings.saved_searches import (
    drop_kept_search,
    keep_search,
    rename_kept_search,
    searches_of,
)
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, query, verb

PAGE = "customers"
"""The page whose searches these are."""
_KIND = "saved_search"


@dataclass(frozen=True, slots=True)
class SavedCustomerSearch:
    """A kept search; its conditions may name a field that has gone out of use since, which using it tells."""

    id: int
    name: str
    conditions: tuple[Condition, ...]


@query(VIEW)
def saved_searches(actor: Actor) -> list[SavedCustomerSearch]:
    """The actor's own searches, the oldest first; one that can't be read any more has no conditions."""
    return [
        SavedCustomerSearch(kept.id, kept.name, _conditions(kept.conditions))
        for kept in searches_of(actor, PAGE)
    ]


def _conditions(text: str) -> tuple[Condition, ...]:
    try:
        return load_conditions(text)
    except InputError:
        return ()


@verb(VIEW)
def save_search(
    work: Work, *, name: str, conditions: Sequence[Condition], confirmed: frozenset[str] = frozenset()
) -> int:
    """Keep conditions under a name and give the id.

    Raises InputError for conditions that can't be asked, NeedsConfirmation (``saved_searches.REPLACE_SEARCH``)
    where the name is taken.
    """
    checked = [asked for _field, asked in checked_conditions(conditions, today=work.day)]
    if not checked:
        raise InputError("还没有查找条件，请先添加。")
    kept = dump_conditions(checked)
    search_id = keep_search(work, page=PAGE, name=name, conditions=kept, confirmed=confirmed)
    audit.record(work, "search.save", "保存客户查找条件", Source(_KIND, search_id))
    return search_id


@verb(VIEW)
def rename_search(work: Work, *, search_id: int, name: str) -> None:
    """Give one of the own searches another name. Raises InputError or NotFound."""
    rename_kept_search(work, page=PAGE, search_id=search_id, name=name)
    audit.record(work, "search.rename", "改名客户查找条件", Source(_KIND, search_id))


@verb(VIEW)
def delete_search(work: Work, *, search_id: int) -> None:
    """Delete one of the own searches. Raises NotFound."""
    drop_kept_search(work, page=PAGE, search_id=search_id)
    audit.record(work, "search.delete", "删除客户查找条件", Source(_KIND, search_id))
