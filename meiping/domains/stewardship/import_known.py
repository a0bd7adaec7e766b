"""What is known of the customers there before an import: by code, card and phone; and of the shop's lists."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from meiping.domains.access.models import Operator
from meiping.domains.contacts.models import Contact
from meiping.domains.custom_fields.queries import fields_of, values_of_many
from meiping.domains.customers.queries import visible_customers
from meiping.domains.customers.rules import DICTIONARY_OF, INPUT_FIELDS, CustomerInput
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.settings.queries import levels, words
from meiping.domains.stewardship.import_cells import Words
from meiping.domains.stewardship.import_fields import (
    CUSTOMER_FIELDS,
    RECORD_FIELDS,
    Form,
    ImportField,
    ImportKind,
)
from meiping.domains.stewardship.import_rules import ImportOptions
from meiping.domains.stewardship.models import ImportBatch
from meiping.kernel.actor import Actor
from meiping.kernel.text import fold
from meiping.store.database import fetch

_AT_ONCE = 500
_DAYS = ("birth_date", "created_date", "next_contact_date")
_FLAGS = ("firm", "birthday_lunar")


def import_fields(kind: ImportKind) -> tuple[ImportField, ...]:
    """What the columns of a sheet of this kind may be, the shop's own fields among them."""
    if kind is ImportKind.RECORDS:
        return RECORD_FIELDS
    own = tuple(ImportField(spec.key, spec.title, Form.CUSTOM) for spec in fields_of(CUSTOMER))
    return (*CUSTOMER_FIELDS, *own)


@dataclass(slots=True)
class Known:
    """The customers there are. Those in the recycle bin count for codes and cards only."""

    by_code: dict[str, int] = field(default_factory=dict)
    by_card: dict[str, int] = field(default_factory=dict)
    by_phone: dict[str, list[int]] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    in_bin: set[int] = field(default_factory=set)
    visible: set[int] | None = None
    """None where the actor sees all."""

    def sees(self, customer_id: int) -> bool:
        """Whether the actor may know of a customer."""
        return self.visible is None or customer_id in self.visible

    def called(self, customer_id: int) -> str:
        """How a sentence names a customer; one outside the scope stays nameless."""
        if not self.sees(customer_id):
            return "一位您查看范围以外的客户"
        place = "回收站里的" if customer_id in self.in_bin else ""
        return f"{place}客户“{self.names[customer_id]}”"


_WHO_STANDS = """
SELECT coalesce(s.id, c.id), c.code, c.name, c.phone, c.phone2, c.card_number,
    coalesce(s.deleted_at, CASE WHEN s.id IS NULL THEN c.deleted_at END) IS NOT NULL
FROM customer c LEFT JOIN customer s ON s.id = c.merged_into_id ORDER BY s.id IS NOT NULL, c.id
"""
"""One merged into another leads to the survivor, by all that was his."""


def _add(known: dict[str, list[int]], key: str, customer_id: int) -> None:
    """Once, though he and one merged into him have the same."""
    there = known.setdefault(key, [])
    if customer_id not in there:
        there.append(customer_id)


def read_known(actor: Actor, *, with_names: bool = False) -> Known:
    """Everything by which a row may be known again; ``with_names`` also by the whole name."""
    known = Known()
    for customer_id, code, name, phone, phone2, card, deleted in fetch(_WHO_STANDS):
        known.by_code[code] = customer_id
        known.names.setdefault(customer_id, name or phone)
        if card:
            known.by_card[card] = customer_id
        if deleted:
            known.in_bin.add(customer_id)
            continue
        for number in filter(None, (phone, phone2)):
            _add(known.by_phone, number, customer_id)
        if with_names and name:
            _add(known.by_name, fold(name), customer_id)
    seen = visible_customers(actor)
    if len(known.names) != seen.count():
        known.visible = {row[0] for row in cast("Iterable[tuple[int]]", seen.tuples())}
    return known


def read_customers(ids: Iterable[int]) -> dict[int, CustomerInput]:
    """Customers as they stand, by id."""
    wanted = list(ids)
    columns = [f"{key}" for key in INPUT_FIELDS]
    found: dict[int, CustomerInput] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        chunk = wanted[start : start + _AT_ONCE]
        own = values_of_many(CUSTOMER, chunk)
        marks = ",".join("?" * len(chunk))
        for customer_id, *values in fetch(
            f"SELECT id, {', '.join(columns)} FROM customer WHERE id IN ({marks})", *chunk
        ):
            row: dict[str, Any] = dict(zip(INPUT_FIELDS, values, strict=True))
            for key in _DAYS:
                row[key] = date.fromisoformat(row[key]) if row[key] else None
            for key in _FLAGS:
                row[key] = bool(row[key])
            row["card_number"] = row["card_number"] or ""
            found[customer_id] = CustomerInput(**row, custom=own.get(customer_id, {}))
    return found


def contact_names(ids: Iterable[int]) -> dict[int, set[str]]:
    """The names of the people at customers."""
    wanted = list(ids)
    found: dict[int, set[str]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        people = Contact.select(Contact.customer, Contact.name).where(
            Contact.customer.in_(wanted[start : start + _AT_ONCE]), Contact.deleted_at.is_null()
        )
        for customer_id, name in cast("Iterable[tuple[int, str]]", people.tuples()):
            found.setdefault(customer_id, set()).add(name)
    return found


def words_for(target: ImportField, options: ImportOptions) -> Words:
    """The words a column's cells may be."""
    create, hint = options.create_words, f"，请改成已有的，或{options.remedy}"
    if target.key == "level_id":
        known = {level.name: level.id for level in reversed(levels(with_inactive=True))}
        return Words(target.title, known, create=create, limit=20, hint=hint)
    if target.form is Form.PERSON:
        people = Operator.select(Operator.id, Operator.name).order_by(Operator.id.desc())
        return Words(target.title, {row.name: row.id for row in people}, hint="，请写操作员的姓名")
    kind = "contact_type" if target.key == "record.type" else DICTIONARY_OF[target.key]
    known = {word.name: word.id for word in reversed(words(kind, with_inactive=True))}
    return Words(target.title, known, create=create, hint=hint)


def imported_at(kind: ImportKind, file_hash: str) -> int | None:
    """When a file was last imported, unless that was taken back; UTC milliseconds."""
    same = ImportBatch.select(ImportBatch.at).where(
        ImportBatch.file_hash == file_hash, ImportBatch.kind == kind.key, ImportBatch.undone_at.is_null()
    )
    row = same.order_by(ImportBatch.id.desc()).first()
    return None if row is None else int(row.at)
