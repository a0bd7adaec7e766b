"""Taking a sheet in: all rows that can be, in one transaction, or none."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from meiping.adapters.progress import Progress
from meiping.domains.audit import service as audit
from meiping.domains.contacts.rules import ContactInput
from meiping.domains.contacts.service import add_many as add_contacts
from meiping.domains.customers.rules import (
    DICTIONARY_OF,
    EDIT,
    INPUT_FIELDS,
    CustomerInput,
    automatic_code,
)
from meiping.domains.customers.service import add_many as add_customers
from meiping.domains.customers.service import change_customer
from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.loyalty.service import open_points
from meiping.domains.settings.service import keep_option, save_level, save_word
from meiping.domains.stewardship.import_fields import (
    IMPORT,
    ImportKind,
    Mapped,
    headings,
    signature,
)
from meiping.domains.stewardship.import_known import imported_at
from meiping.domains.stewardship.import_plan import plan_customers
from meiping.domains.stewardship.import_records import PlannedRecord, add_planned, plan_records
from meiping.domains.stewardship.import_rules import (
    IMPORT_AGAIN,
    ChangedCustomer,
    ImportOptions,
    ImportResult,
    NewCustomer,
    Plan,
    stored,
)
from meiping.domains.stewardship.models import ImportBatch
from meiping.domains.till.service import business_date
from meiping.kernel.errors import NeedsConfirmation, UserError
from meiping.kernel.moments import show_moment
from meiping.kernel.sheet import SheetRows
from meiping.kernel.source import Source
from meiping.store.database import db, fetch
from meiping.store.unit_of_work import Work, verb

OPENING_SOURCE = "import"
"""The kind of the cause that opening entries name."""
MAPPING_OPTION = "import.columns."
"""Begins the names of what is remembered of columns, before kind and signature."""
_TELL_EVERY = 200
_CHANGES_ASKED = 6


@verb(IMPORT)
def import_sheet(
    work: Work,
    *,
    kind: ImportKind,
    sheet: SheetRows,
    header: int,
    mapped: Mapped,
    options: ImportOptions,
    progress: Progress | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> ImportResult:
    """Look at every row of the sheet and write all that can be taken in; what can't is told with its reason.

    Raises NeedsConfirmation (IMPORT_AGAIN) for a file imported before, UserError where nothing can come of the
    choices, PermissionDenied for what a row needs, and Cancelled from ``progress``; then nothing is written.
    """
    work.actor.require(EDIT)
    _ask_about_again(sheet, kind, confirmed)
    if kind is ImportKind.RECORDS:
        result = _import_records(work, sheet, header, mapped, options, progress)
    else:
        result = _import_customers(work, sheet, header, mapped, options, progress)
    _remember(work, kind, signature(headings(sheet, header)), mapped)
    if result.batch_id is not None:
        counts = f"新增 {result.created}，更新 {result.updated}，未导入 {len(result.left_out)}"
        audit.record(work, "import", f"导入{kind.title}：{counts}", Source("import", result.batch_id))
    return result


def _ask_about_again(sheet: SheetRows, kind: ImportKind, confirmed: frozenset[str]) -> None:
    if IMPORT_AGAIN in confirmed:
        return
    before = imported_at(kind, sheet.file_hash)
    if before is not None:
        what = "这个文件" if sheet.file_name.find(".") > 0 else "同样的内容"
        raise NeedsConfirmation(
            IMPORT_AGAIN, f"{what}在 {show_moment(before)} 已经导入过，仍要导入吗？", verb="仍要导入"
        )


# ------------------------------------------------------------------- customers
def _import_customers(
    work: Work,
    sheet: SheetRows,
    header: int,
    mapped: Mapped,
    options: ImportOptions,
    progress: Progress | None,
) -> ImportResult:
    plan = plan_customers(work.actor, sheet, header, mapped, options, progress)
    batch_id = None
    if plan.new or plan.changed:
        batch_id = _batch(work, ImportKind.CUSTOMERS, sheet, plan, len(plan.new), len(plan.changed))
        meant = _make_words(work, batch_id, plan)
        ids = _add(work, batch_id, [_with_words(row, meant) for row in plan.new], progress)
        _open_accounts(work, batch_id, plan.new, ids, progress)
        _change(work, batch_id, plan.changed, meant, progress)
    same = len(plan.outcomes) - len(plan.new) - len(plan.changed)
    result = ImportResult(batch_id, len(plan.new), len(plan.changed), same, plan.outcomes)
    return replace(result, same=same - len(result.left_out))


def _batch(work: Work, kind: ImportKind, sheet: SheetRows, plan: Plan, created: int, updated: int) -> int:
    made = ImportBatch.create(
        kind=kind.key,
        file_name=sheet.file_name[:200],
        file_hash=sheet.file_hash,
        at=work.at,
        operator_name=work.actor.name,
        created_count=created,
        updated_count=updated,
        refused_count=sum(1 for one in plan.outcomes if one.problems),
    )
    return int(made.id)


def note_rows(work: Work, batch_id: int, kind: str, rows: Iterable[tuple[int, str]]) -> None:
    """Write down which records an import made, or with what they were before, which it changed."""
    db.connection().executemany(
        "INSERT INTO import_row (batch_id, record_kind, record_id, before) VALUES (?, ?, ?, ?)",
        [(batch_id, kind, record_id, before) for record_id, before in rows],
    )


Meant = Mapping[str, Sequence[int]]
"""The ids that the words to be made have got, by field; the n-th is what -n stood for."""


def _make_words(work: Work, batch_id: int, plan: Plan) -> Meant:
    """Make the new words that rows to be written really need."""
    needed: dict[str, set[int]] = {}
    for row in (*(new.customer for new in plan.new), *(changed.after for changed in plan.changed)):
        for key, names in plan.new_words.items():
            if names and (getattr(row, key) or 0) < 0:
                needed.setdefault(key, set()).add(getattr(row, key))
    made: dict[str, list[int]] = {}
    for key, places in needed.items():
        names = plan.new_words[key]
        made[key] = [0] * len(names)
        for place in sorted(places, reverse=True):
            name = names[-place - 1]
            if key == "level_id":
                table, word_id = "level", save_level(work, name=name, discount_bp=10_000)
            else:
                table, word_id = "dictionary_item", save_word(work, kind=DICTIONARY_OF[key], name=name)
            made[key][-place - 1] = word_id
            note_rows(work, batch_id, table, [(word_id, "")])
    return made


def _meant(customer: CustomerInput, meant: Meant) -> CustomerInput:
    new = {
        key: ids[-getattr(customer, key) - 1]
        for key, ids in meant.items()
        if (getattr(customer, key) or 0) < 0
    }
    return replace(customer, **new) if new else customer


def _with_words(row: NewCustomer, meant: Meant) -> NewCustomer:
    return replace(row, customer=_meant(row.customer, meant)) if meant else row


def _add(work: Work, batch_id: int, rows: Sequence[NewCustomer], progress: Progress | None) -> list[int]:
    taken = {code for (code,) in fetch("SELECT code FROM customer")} | {row.customer.code for row in rows}
    number = work.next_id("customer")

    def coded() -> Iterator[CustomerInput]:
        nonlocal number
        for row in _told(rows, "写入客户", progress):
            code = row.customer.code
            while not code or (code in taken and code != row.customer.code):
                code = automatic_code(number)
                number += 1
            taken.add(code)
            yield row.customer if code == row.customer.code else replace(row.customer, code=code)

    ids = add_customers(work, coded(), checked=True)
    note_rows(work, batch_id, "customer", [(customer_id, "") for customer_id in ids])
    people = [(one, row.contact) for one, row in zip(ids, rows, strict=True) if row.contact is not None]
    _add_people(work, batch_id, people)
    return ids


def _add_people(work: Work, batch_id: int, people: Sequence[tuple[int, ContactInput]]) -> None:
    if people:
        made = add_contacts(work, people)
        note_rows(work, batch_id, "contact", [(contact_id, "") for contact_id in made])


def _told(rows: Sequence[Any], what: str, progress: Progress | None) -> Iterator[Any]:
    for place, row in enumerate(rows):
        if progress is not None and place % _TELL_EVERY == 0:
            progress.report(place, len(rows), what)
        yield row


def _open_accounts(
    work: Work,
    batch_id: int,
    rows: Sequence[NewCustomer],
    ids: Sequence[int],
    progress: Progress | None,
) -> None:
    """Stored value and debts from before the program, one entry a customer against the opening account."""
    day = business_date(work)
    opened: list[tuple[int, str]] = []
    with_money = [pair for pair in zip(ids, rows, strict=True) if pair[1].stored_fen or pair[1].debt_fen]
    for customer_id, row in _told(with_money, "期初余额", progress):
        lines = [
            Line(Account.STORED_PRINCIPAL, -row.stored_fen, customer_id),
            Line(Account.RECEIVABLE, row.debt_fen, customer_id),
            Line(Account.OPENING, row.stored_fen - row.debt_fen),
        ]
        entry_id = ledger.post(
            work, memo="期初", source=Source(OPENING_SOURCE, batch_id), business_date=day, lines=lines
        )
        if entry_id is not None:
            opened.append((entry_id, ""))
    note_rows(work, batch_id, "entry", opened)
    source = Source(OPENING_SOURCE, batch_id)
    moves = [
        open_points(work, customer_id=customer_id, points=row.points, source=source)
        for customer_id, row in zip(ids, rows, strict=True)
    ]
    note_rows(work, batch_id, "point_move", [(move, "") for move in moves if move is not None])


def _change(
    work: Work,
    batch_id: int,
    rows: Sequence[ChangedCustomer],
    meant: Meant,
    progress: Progress | None,
) -> None:
    noted: list[tuple[int, str]] = []
    for row in _told(rows, "更新客户", progress):
        after = _meant(row.after, meant)
        kept = _kept(row.customer_id, row.before, after)
        if after != row.before:
            change = partial(change_customer, work, customer_id=row.customer_id, customer=after)
            confirming(change, row.number)
        noted.append((row.customer_id, kept))
    note_rows(work, batch_id, "customer", noted)
    _add_people(work, batch_id, [(row.customer_id, row.contact) for row in rows if row.contact is not None])


def confirming(call: Callable[..., object], number: int | None = None) -> None:
    """Make a call that asks what the user of an import has seen in its preview and agreed to."""
    confirmed: frozenset[str] = frozenset()
    for _ in range(_CHANGES_ASKED):
        try:
            call(confirmed=confirmed)
        except NeedsConfirmation as asked:
            confirmed |= {asked.token}
        except UserError as error:
            place = f"第 {number} 行：" if number is not None else ""
            raise UserError(f"{place}{error.sentence}") from error
        else:
            return
    raise RuntimeError("a change asks without end")


def _kept(customer_id: int, before: CustomerInput, after: CustomerInput) -> str:
    """What is needed to take a change back, and to see whether somebody changed it since."""
    changed = [key for key in INPUT_FIELDS if getattr(before, key) != getattr(after, key)]
    since, department_id = fetch(
        "SELECT owned_since_date, department_id FROM customer WHERE id = ?", customer_id
    )[0]
    own = sorted(
        key for key in {*before.custom, *after.custom} if before.custom.get(key) != after.custom.get(key)
    )
    return json.dumps(
        {
            "before": {key: stored(getattr(before, key)) for key in changed},
            "after": {key: stored(getattr(after, key)) for key in changed},
            "own_before": {str(key): stored(before.custom.get(key)) for key in own},
            "own_after": {str(key): stored(after.custom.get(key)) for key in own},
            "owned_since_date": since,
            "department_id": department_id,
        },
        ensure_ascii=False,
    )


# --------------------------------------------------------------------- records
def _import_records(
    work: Work,
    sheet: SheetRows,
    header: int,
    mapped: Mapped,
    options: ImportOptions,
    progress: Progress | None,
) -> ImportResult:
    plan, records = plan_records(work.actor, sheet, header, mapped, options, progress)
    if not records:
        return ImportResult(None, 0, 0, 0, plan.outcomes)
    batch_id = _batch(work, ImportKind.RECORDS, sheet, plan, len(records), 0)
    types = _record_types(work, batch_id, plan, records)
    made, planned = add_planned(
        work, [replace(row, type_id=types.get(row.type_id, row.type_id)) for row in records]
    )
    note_rows(work, batch_id, "contact_record", [(record_id, "") for record_id in made])
    note_rows(work, batch_id, "customer", planned)
    return ImportResult(batch_id, len(records), 0, 0, plan.outcomes)


def _record_types(
    work: Work, batch_id: int, plan: Plan, records: Sequence[PlannedRecord]
) -> dict[int | None, int]:
    names = plan.new_words.get("record.type", ())
    made: dict[int | None, int] = {}
    for row in records:
        if row.type_id is not None and row.type_id < 0 and row.type_id not in made:
            name = names[-row.type_id - 1]
            made[row.type_id] = save_word(work, kind="contact_type", name=name)
            note_rows(work, batch_id, "dictionary_item", [(made[row.type_id], "")])
    return made


# ------------------------------------------------------------------ remembering
def _remember(work: Work, kind: ImportKind, sign: str, mapped: Mapped) -> None:
    """The next sheet with the same headings is understood in the same way."""
    keep_option(
        work, f"{MAPPING_OPTION}{kind.key}.{sign}", {str(column): key for column, key in mapped.items()}
    )
