"""Verbs about options, dictionaries, levels and numbers, and the founding of a shop."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from meiping.domains.access.models import Operator, Role
from meiping.domains.access.passwords import PasswordHash
from meiping.domains.access.service import create_company, create_operator, rename_company, seed_roles
from meiping.domains.audit import service as audit
from meiping.domains.settings.models import DictionaryItem, Level
from meiping.domains.settings.options import OPTION_BY_KEY
from meiping.domains.settings.queries import option
from meiping.domains.settings.rules import (
    DICTIONARIES,
    DICTIONARY_BY_KIND,
    LEVEL_SEEDS,
    MANAGE_SETTINGS,
    RECOVERY_OPTION,
    check_option,
    check_together,
)
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound, UserError
from meiping.kernel.money import MAX_FEN
from meiping.kernel.permissions import OPEN
from meiping.kernel.source import Source
from meiping.kernel.text import clean
from meiping.store.unit_of_work import Work, verb


@verb(OPEN)
def found_shop(
    work: Work,
    *,
    shop_name: str,
    administrator: str,
    password_hash: PasswordHash,
    recovery_hash: PasswordHash,
    preset: str = "all",
) -> int:
    """Make the shop with its first company, roles, lists and administrator; gives the operator's id.

    Refused as soon as there is an operator.
    """
    if Operator.select().exists():
        raise UserError("这个数据文件夹里已经有店铺，请直接登录。")
    seed_roles(work)
    company_id = create_company(work, name=shop_name)
    administrator_role = Role.get(Role.administrator)
    operator_id = create_operator(
        work,
        name=administrator,
        password_hash=password_hash,
        role_ids=[administrator_role.id],
        company_id=company_id,
    )
    for position, (name, discount_bp) in enumerate(LEVEL_SEEDS):
        Level.create(name=name, discount_bp=discount_bp, position=position)
    for spec in DICTIONARIES:
        for position, name in enumerate(spec.seeds):
            DictionaryItem.create(kind=spec.kind, name=name, position=position)
    _store(work, "shop.name", clean(shop_name, limit=40))
    _store(work, "shop.preset", check_option("shop.preset", preset))
    store_recovery_hash(work, recovery_hash)
    audit.record(work, "shop.found", "建立店铺", Source("company", company_id))
    work.changed(Topic.SETTINGS, Topic.ACCESS)
    return operator_id


@verb(MANAGE_SETTINGS)
def save_options(work: Work, *, values: Mapping[str, Any]) -> None:
    """Change options; a company that bears the shop's name gets its new one too.

    Raises InputError with the option's key as field.
    """
    for key, value in values.items():
        if key not in OPTION_BY_KEY:
            raise InputError("有不认识的设置，请重新打开本页再试。")
        checked = check_option(key, value)
        if key == "shop.name":
            rename_company(work, old=option(key), new=checked)
        _store(work, key, checked)
    check_together(option("weighed.prefixes"), option("labels.prefix"))
    audit.record(work, "settings.save", f"修改设置：{'、'.join(OPTION_BY_KEY[key].title for key in values)}")
    work.changed(Topic.SETTINGS)


def store_recovery_hash(work: Work, code_hash: PasswordHash) -> None:
    """Let this recovery code be the one that works."""
    _store(work, RECOVERY_OPTION, code_hash.text)


def _store(work: Work, key: str, value: Any) -> None:
    work.execute(
        "INSERT INTO option (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        key,
        json.dumps(value, ensure_ascii=False),
    )


@verb(MANAGE_SETTINGS)
def save_word(work: Work, *, kind: str, name: str, item_id: int | None = None, active: bool = True) -> int:
    """Add or rename a word of a list and give its id."""
    title = DICTIONARY_BY_KIND[kind].title
    wanted = clean(name, name=title, limit=30)
    if not wanted:
        raise InputError(f"请填写{title}的名称。", field="name")
    same = (DictionaryItem.kind == kind) & (DictionaryItem.name == wanted)
    if DictionaryItem.select().where(same, DictionaryItem.id != (item_id or 0)).exists():
        raise InputError(f"{title}里已经有“{wanted}”。", field="name")
    item = (
        DictionaryItem(kind=kind)
        if item_id is None
        else DictionaryItem.get_or_none(DictionaryItem.id == item_id)
    )
    if item is None or item.kind != kind:
        raise NotFound("这一项已经不在了，请刷新。")
    if item_id is None:
        item.position = DictionaryItem.select().where(DictionaryItem.kind == kind).count()
    item.name = wanted
    item.active = active
    item.save()
    audit.record(work, "dictionary.save", f"保存{title}“{wanted}”", Source("dictionary", item.id))
    work.changed(Topic.SETTINGS)
    return int(item.id)


@verb(MANAGE_SETTINGS)
def save_level(
    work: Work,
    *,
    name: str,
    discount_bp: int,
    level_id: int | None = None,
    active: bool = True,
    upgrade_spent_fen: int | None = None,
    upgrade_recharged_fen: int | None = None,
) -> int:
    """Add or change a customer level and give its id.

    It is reached by spending or recharging so many fen in all; None leaves it to hands.
    """
    wanted = clean(name, name="等级", limit=20)
    if not wanted:
        raise InputError("请填写等级名称。", field="name")
    if not 1 <= discount_bp <= 10_000:
        raise InputError("折扣请在 0.01 折到不打折之间。", field="discount_bp")
    for field, fen in (
        ("upgrade_spent_fen", upgrade_spent_fen),
        ("upgrade_recharged_fen", upgrade_recharged_fen),
    ):
        if fen is not None and not 0 < fen <= MAX_FEN:
            raise InputError("升级金额必须大于零，不填就是不自动升级。", field=field)
    if Level.select().where(Level.name == wanted, Level.id != (level_id or 0)).exists():
        raise InputError(f"已经有叫“{wanted}”的等级。", field="name")
    level = (
        Level(position=Level.select().count())
        if level_id is None
        else Level.get_or_none(Level.id == level_id)
    )
    if level is None:
        raise NotFound("这个等级已经不在了，请刷新。")
    level.name = wanted
    level.discount_bp = discount_bp
    level.active = active
    level.upgrade_spent_fen = upgrade_spent_fen
    level.upgrade_recharged_fen = upgrade_recharged_fen
    level.save()
    audit.record(work, "level.save", f"保存等级“{wanted}”", Source("level", level.id))
    work.changed(Topic.SETTINGS, Topic.CUSTOMERS)
    return int(level.id)


@verb(MANAGE_SETTINGS)
def arrange_words(work: Work, *, kind: str, ids: Sequence[int]) -> None:
    """Put the words of a list in the order in which they are offered; those left out keep their places."""
    for position, item_id in enumerate(ids):
        DictionaryItem.update(position=position).where(
            DictionaryItem.id == item_id, DictionaryItem.kind == kind
        ).execute()
    audit.record(work, "dictionary.arrange", f"调整{DICTIONARY_BY_KIND[kind].title}的顺序")
    work.changed(Topic.SETTINGS)


@verb(MANAGE_SETTINGS)
def arrange_levels(work: Work, *, ids: Sequence[int]) -> None:
    """Put the levels in the order in which they are offered."""
    for position, level_id in enumerate(ids):
        Level.update(position=position).where(Level.id == level_id).execute()
    audit.record(work, "level.arrange", "调整等级的顺序")
    work.changed(Topic.SETTINGS)


def keep_option(work: Work, key: str, value: Any) -> None:
    """Keep what a room remembers under a name of its own; what operators set goes through ``save_options``."""
    if key in OPTION_BY_KEY:
        raise ValueError(f"{key} is set by operators")
    _store(work, key, value)


def forget_words(work: Work, ids: Collection[int]) -> None:
    """Let words of lists go that nothing refers to: a part of verbs that have looked."""
    DictionaryItem.delete().where(DictionaryItem.id.in_(list(ids))).execute()
    work.changed(Topic.SETTINGS)


def forget_levels(work: Work, ids: Collection[int]) -> None:
    """Let levels go that nobody has: a part of verbs that have looked."""
    Level.delete().where(Level.id.in_(list(ids))).execute()
    work.changed(Topic.SETTINGS)


def next_number(work: Work, prefix: str, *, day: date) -> str:
    """The next number without gaps of a kind of document, company and day: ``XS-20260131-0001``.

    A second company has its code inside: ``XS-02-20260131-0001``.
    """
    company_id = work.actor.company_id
    stamp = f"{day:%Y%m%d}"
    last = work.execute(
        "INSERT INTO number_counter (kind, company_id, day, last) VALUES (?, ?, ?, 1)"
        " ON CONFLICT (kind, company_id, day) DO UPDATE SET last = last + 1 RETURNING last",
        prefix,
        company_id,
        stamp,
    ).fetchone()[0]
    code = work.execute("SELECT code FROM company WHERE id = ?", company_id).fetchone()[0]
    branch = "" if code == "01" else f"{code}-"
    return f"{prefix}-{branch}{stamp}-{last:04d}"
