"""Searches an operator keeps under a name, one page each: parts of the verbs of the rooms whose pages have them."""

from dataclasses import dataclass

from meiping.domains.settings.models import SavedSearch
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound
from meiping.kernel.text import clean
from meiping.store.unit_of_work import Work

MAX_NAME = 20
MAX_SEARCHES = 50
REPLACE_SEARCH = "replace_search"
"""The token that confirms that another search goes under the same name from now on."""


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """A search of the actor's own; ``conditions`` as the page's room wrote them."""

    id: int
    name: str
    conditions: str


def searches_of(actor: Actor, page: str) -> list[KeptSearch]:
    """The actor's own searches of a page, the oldest first."""
    own = (SavedSearch.page == page) & (SavedSearch.operator == actor.operator_id)
    rows = SavedSearch.select().where(own).order_by(SavedSearch.id)
    return [KeptSearch(row.id, row.name, row.conditions) for row in rows]


def keep_search(work: Work, *, page: str, name: str, conditions: str, confirmed: frozenset[str]) -> int:
    """Keep a search under a name and give its id; raises NeedsConfirmation (REPLACE_SEARCH) where the name is taken."""
    wanted = _name(name)
    own = searches_of(work.actor, page)
    same = next((search for search in own if search.name == wanted), None)
    if same is not None:
        if REPLACE_SEARCH not in confirmed:
            raise NeedsConfirmation(
                REPLACE_SEARCH, f"已经有叫“{wanted}”的查找，要换成现在的条件吗？", verb="替换", field="name"
            )
        SavedSearch.update(conditions=conditions).where(SavedSearch.id == same.id).execute()
        return same.id
    if not work.actor.operator_id:
        raise InputError("查找条件保存在操作员名下，请先登录。")
    if len(own) >= MAX_SEARCHES:
        raise InputError(f"最多保存 {MAX_SEARCHES} 个查找，请先删除不用的。", field="name")
    made = SavedSearch.create(
        page=page,
        name=wanted,
        operator=work.actor.operator_id,
        conditions=conditions,
        created_at=work.at,
    )
    return int(made.id)


def rename_kept_search(work: Work, *, page: str, search_id: int, name: str) -> None:
    """Give one of the actor's own searches another name. Raises InputError or NotFound."""
    wanted = _name(name)
    own = _own(work, page, search_id)
    if any(search.name == wanted and search.id != own.id for search in searches_of(work.actor, page)):
        raise InputError(f"已经有叫“{wanted}”的查找，请换一个名称。", field="name")
    SavedSearch.update(name=wanted).where(SavedSearch.id == own.id).execute()


def drop_kept_search(work: Work, *, page: str, search_id: int) -> None:
    """Delete one of the actor's own searches. Raises NotFound."""
    SavedSearch.delete().where(SavedSearch.id == _own(work, page, search_id).id).execute()


def _own(work: Work, page: str, search_id: int) -> KeptSearch:
    for search in searches_of(work.actor, page):
        if search.id == search_id:
            return search
    raise NotFound("这个保存的查找已经不在了，请刷新。")


def _name(text: str) -> str:
    name = clean(text, name="名称", limit=MAX_NAME)
    if not name:
        raise InputError("请给这个查找起个名称。", field="name")
    return name
