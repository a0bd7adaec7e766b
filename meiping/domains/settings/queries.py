"""Reading options, dictionaries and levels. Everyone may read them: they hold no person and no money."""

import json
from dataclasses import dataclass
from typing import Any

from meiping.domains.settings.models import DictionaryItem, Level, Option
from meiping.domains.settings.options import OPTION_BY_KEY, OPTIONS
from meiping.domains.settings.rules import RECOVERY_OPTION
from meiping.store.database import fetch, fetch_value


def option(key: str) -> Any:
    """The value of a declared option, its default if never set."""
    stored = fetch_value("SELECT value FROM option WHERE key = ?", key)
    return OPTION_BY_KEY[key].default if stored is None else json.loads(stored)


def all_options() -> dict[str, Any]:
    """Every declared option."""
    stored = {row.key: json.loads(row.value) for row in Option.select()}
    return {spec.key: stored.get(spec.key, spec.default) for spec in OPTIONS}


def recovery_hash() -> str:
    """The hash of the recovery code that works now."""
    return str(json.loads(fetch_value("SELECT value FROM option WHERE key = ?", RECOVERY_OPTION)))


@dataclass(frozen=True, slots=True)
class DictionaryWord:
    """A word of one of the shop's lists."""

    id: int
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class LevelDetail:
    """A customer level; its customers pay ``discount_bp`` of the price. What it is reached by is in fen."""

    id: int
    name: str
    discount_bp: int
    active: bool
    upgrade_spent_fen: int | None = None
    upgrade_recharged_fen: int | None = None


def words(kind: str, *, with_inactive: bool = False) -> list[DictionaryWord]:
    """The words of a list in the shop's own order."""
    select = DictionaryItem.select().where(DictionaryItem.kind == kind)
    if not with_inactive:
        select = select.where(DictionaryItem.active)
    ordered = select.order_by(DictionaryItem.position, DictionaryItem.id)
    return [DictionaryWord(item.id, item.name, bool(item.active)) for item in ordered]


def levels(*, with_inactive: bool = False) -> list[LevelDetail]:
    """The customer levels in the shop's own order."""
    select = Level.select()
    if not with_inactive:
        select = select.where(Level.active)
    ordered = select.order_by(Level.position, Level.id)
    return [
        LevelDetail(
            row.id,
            row.name,
            row.discount_bp,
            bool(row.active),
            row.upgrade_spent_fen,
            row.upgrade_recharged_fen,
        )
        for row in ordered
    ]


def level_discount_bp(level_id: int | None) -> int:
    """What part of the price a level pays; all of it without one."""
    rows = fetch("SELECT discount_bp FROM level WHERE id = ?", level_id)
    return int(rows[0][0]) if rows else 10_000
