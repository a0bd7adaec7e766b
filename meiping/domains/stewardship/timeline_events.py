"""What the timeline of a customer is made of: each kind of event, how it is found, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from meiping.domains.customers.rules import FIELD_TITLES, VIEW
from meiping.domains.deals.rules import goods_title
from meiping.domains.ledger.rules import VIEW_MONEY
from meiping.domains.office.rules import STATE_BY_KEY
from meiping.domains.office.rules import USE as USE_TASKS
from meiping.domains.reminders.rules import USE
from meiping.domains.sales.goods_words import goods_of
from meiping.domains.sales.queries import KIND_WORDS as BILL_WORDS
from meiping.domains.sales.rules import VIEW_SALES
from meiping.domains.support.rules import STEP_BY_KEY
from meiping.domains.support.rules import VIEW as VIEW_CASES
from meiping.domains.till.rules import TENDER_BY_KEY
from meiping.kernel.money import show_fen
from meiping.kernel.permissions import Permission
from meiping.store.database import fetch

_TEXT_LIMIT = 120
_MOST_FIELDS = 200
"""How many fields one saving can change at most: their rows lie beside each other."""
_OWNER_FIELDS = (FIELD_TITLES["owner"], "授权")
Found = Iterable[tuple[int, str, str, int | None, str]]
"""Of each event: its id, what kind it is called, what happened, the money in fen, who did it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of event. ``found_by`` selects (at, id) of the customers in ``{ids}``; ``{bound}`` is the company's,
    ``{tasks}`` whose tasks may be seen.
    """

    source: str
    group: str
    permission: Permission
    found_by: str
    details: Callable[[Collection[int], str], Found]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TEXT_LIMIT else f"{line[:_TEXT_LIMIT]}…"


# ------------------------------------------------------------------ what each kind says
def _bills(ids: Collection[int], marks: str) -> Found:
    goods = goods_of(ids)
    for sale_id, kind, number, total_fen, operator in fetch(
        "SELECT s.id, s.kind, s.number, s.total_fen, o.name FROM sale s JOIN operator o ON o.id = s.operator_id"
        f" WHERE s.id IN ({marks})",
        *ids,
    ):
        yield sale_id, BILL_WORDS[kind], f"{number} · {goods[sale_id]}", total_fen, operator


def _recharges(ids: Collection[int], marks: str) -> Found:
    for slip_id, number, principal_fen, bonus_fen, tender, operator in fetch(
        "SELECT r.id, r.number, r.principal_fen, r.bonus_fen, r.tender, o.name FROM recharge r"
        f" JOIN operator o ON o.id = r.operator_id WHERE r.id IN ({marks})",
        *ids,
    ):
        bonus = f" · 赠送 {show_fen(bonus_fen)}" if bonus_fen else ""
        yield slip_id, "充值", f"{number} · {TENDER_BY_KEY[tender].title}{bonus}", principal_fen, operator


def _refunds(ids: Collection[int], marks: str) -> Found:
    for slip_id, number, principal_fen, lapsed_fen, tender, operator in fetch(
        "SELECT r.id, r.number, r.principal_fen, r.lapsed_bonus_fen, r.tender, o.name FROM refund r"
        f" JOIN operator o ON o.id = r.operator_id WHERE r.id IN ({marks})",
        *ids,
    ):
        lapsed = f" · 赠送 {show_fen(lapsed_fen)} 作废" if lapsed_fen else ""
        yield slip_id, "退款", f"{number} · {TENDER_BY_KEY[tender].title}{lapsed}", -principal_fen, operator


def _receipts(ids: Collection[int], marks: str) -> Found:
    for slip_id, number, amount_fen, tender, operator in fetch(
        "SELECT r.id, r.number, r.amount_fen, r.tender, o.name FROM receipt r"
        f" JOIN operator o ON o.id = r.operator_id WHERE r.id IN ({marks})",
        *ids,
    ):
        yield slip_id, "收款", f"{number} · {TENDER_BY_KEY[tender].title}", amount_fen, operator


def _deposits(ids: Collection[int], marks: str) -> Found:
    for slip_id, number, amount_fen, tender, with_bill, operator in fetch(
        "SELECT d.id, d.number, d.amount_fen, d.tender, d.sale_id IS NOT NULL, o.name FROM deposit d"
        f" JOIN operator o ON o.id = d.operator_id WHERE d.id IN ({marks})",
        *ids,
    ):
        how = " · 结账时多出" if with_bill else ""
        word = "定金" if amount_fen > 0 else "退定金"
        yield slip_id, word, f"{number} · {TENDER_BY_KEY[tender].title}{how}", amount_fen, operator


def _write_offs(ids: Collection[int], marks: str) -> Found:
    for row_id, number, amount_fen, reason, operator in fetch(
        "SELECT w.id, w.number, w.amount_fen, w.reason, o.name FROM write_off w"
        f" JOIN operator o ON o.id = w.operator_id WHERE w.id IN ({marks})",
        *ids,
    ):
        yield row_id, "核销", _short(f"{number} · {reason}"), amount_fen, operator


def _records(ids: Collection[int], marks: str) -> Found:
    for record_id, kind, person, content, operator in fetch(
        "SELECT r.id, coalesce(d.name, ''), r.contact_name, r.content, o.name FROM contact_record r"
        " JOIN operator o ON o.id = r.operator_id LEFT JOIN dictionary_item d ON d.id = r.type_id"
        f" WHERE r.id IN ({marks})",
        *ids,
    ):
        said = [part for part in (kind, person) if part]
        yield record_id, "联系", _short(f"{' · '.join(said)}：{content}" if said else content), None, operator


def _reminders(ids: Collection[int], marks: str) -> Found:
    for reminder_id, subject, content, operator in fetch(
        "SELECT r.id, r.subject, r.content, o.name FROM reminder r JOIN operator o ON o.id = r.operator_id"
        f" WHERE r.id IN ({marks})",
        *ids,
    ):
        yield reminder_id, "提醒", _short(f"已完成：{subject} {content}"), None, operator


def _repeated(ids: Collection[int], marks: str) -> Found:
    for operation_id, subject, operator in fetch(
        "SELECT n.id, r.subject, n.operator_name FROM operation n JOIN reminder r ON r.id = n.subject_id"
        f" WHERE n.id IN ({marks})",
        *ids,
    ):
        yield operation_id, "提醒", _short(f"已完成：{subject}"), None, operator


def _tasks(ids: Collection[int], marks: str) -> Found:
    for task_id, title, operator in fetch(
        "SELECT t.id, t.title, o.name FROM task t JOIN operator o ON o.id = t.assignee_id"
        f" WHERE t.id IN ({marks})",
        *ids,
    ):
        yield task_id, "任务", _short(f"添加：{title}"), None, operator


def _ended_tasks(ids: Collection[int], marks: str) -> Found:
    for task_id, title, state, operator in fetch(
        "SELECT t.id, t.title, t.state, o.name FROM task t JOIN operator o ON o.id = t.assignee_id"
        f" WHERE t.id IN ({marks})",
        *ids,
    ):
        yield task_id, "任务", _short(f"{STATE_BY_KEY[state].title}：{title}"), None, operator


def _documents(ids: Collection[int], marks: str) -> Found:
    for document_id, name, notes, operator in fetch(
        "SELECT d.id, d.name, d.notes, o.name FROM document d JOIN operator o ON o.id = d.operator_id"
        f" WHERE d.id IN ({marks})",
        *ids,
    ):
        yield document_id, "资料", _short(" · ".join(part for part in (name, notes) if part)), None, operator


def _quotes(ids: Collection[int], marks: str) -> Found:
    for quote_id, number, subject, goods, more, total_fen, operator in fetch(
        "SELECT q.id, q.number, q.subject, l.product_name, q.line_count, q.total_fen, o.name FROM quote q"
        " JOIN operator o ON o.id = q.operator_id JOIN quote_line l ON l.quote_id = q.id AND l.position = 1"
        f" WHERE q.id IN ({marks})",
        *ids,
    ):
        said = subject or goods_title(goods, more)
        yield quote_id, "报价", _short(f"{number} · {said}"), total_fen, operator


def _cases(ids: Collection[int], marks: str) -> Found:
    for step_id, number, subject, step, note, operator in fetch(
        "SELECT s.id, c.number, c.subject, s.step, s.note, o.name FROM service_step s"
        " JOIN service_case c ON c.id = s.case_id JOIN operator o ON o.id = s.operator_id"
        f" WHERE s.id IN ({marks})",
        *ids,
    ):
        word = STEP_BY_KEY[step].title
        done = "：".join(filter(None, (word, note.replace("\n", " "))))
        yield step_id, "服务", _short(" · ".join(filter(None, (number, subject, done)))), None, operator


def _changes(ids: Collection[int], marks: str) -> Found:
    """All fields changed by one saving are one event."""
    said: dict[int, list[str]] = {}
    kinds: dict[int, str] = {}
    people: dict[int, str] = {}
    for first_id, field, old, new, operator, hidden in fetch(
        "SELECT f.id, c.field, c.old, c.new, c.operator_name, k.anonymised_at IS NOT NULL FROM change f"
        " JOIN customer k ON k.id = f.record_id JOIN change c"
        " ON c.kind = f.kind AND c.record_id = f.record_id AND c.at = f.at AND c.operator_id = f.operator_id"
        f" AND c.id BETWEEN f.id AND f.id + {_MOST_FIELDS}"
        f" WHERE f.id IN ({marks}) ORDER BY c.id",
        *ids,
    ):
        said.setdefault(first_id, []).append(field if hidden else f"{field}：{old or '空'} → {new or '空'}")
        people[first_id] = operator
        if field in _OWNER_FIELDS:
            kinds[first_id] = "归属"
    for first_id, words in said.items():
        yield first_id, kinds.get(first_id, "变动"), _short("；".join(words)), None, people[first_id]


def _merges(ids: Collection[int], marks: str) -> Found:
    for merge_id, code, name, undone, operator in fetch(
        "SELECT m.id, c.code, c.name, m.undone_at IS NOT NULL, m.operator_name FROM customer_merge m"
        f" JOIN customer c ON c.id = m.twin_id WHERE m.id IN ({marks})",
        *ids,
    ):
        ended = "（已撤销）" if undone else ""
        yield merge_id, "合并", f"并入了 {code} {name}{ended}", None, operator


_DONE_AGAIN = (
    "SELECT n.at, n.id FROM reminder r CROSS JOIN operation n ON n.subject_kind = 'reminder' AND n.subject_id = r.id"
    " WHERE r.customer_id IN ({ids}) AND r.repeat <> 'once' AND n.action = 'reminder.done' AND NOT EXISTS ("
    "SELECT 1 FROM operation u WHERE u.subject_kind = 'reminder' AND u.subject_id = r.id"
    " AND u.action = 'reminder.take_back' AND u.id > n.id AND NOT EXISTS ("
    "SELECT 1 FROM operation b WHERE b.subject_kind = 'reminder' AND b.subject_id = r.id"
    " AND b.id > n.id AND b.id < u.id))"
)
"""Repeating reminders ticked off, without those taken back right after."""
EVENTS = (
    Event(
        "sale",
        "bills",
        VIEW_SALES,
        "SELECT posted_at AS at, id FROM sale WHERE customer_id IN ({ids}){bound}",
        _bills,
    ),
    Event(
        "recharge",
        "money",
        VIEW_MONEY,
        "SELECT posted_at AS at, id FROM recharge WHERE customer_id IN ({ids}){bound}",
        _recharges,
    ),
    Event(
        "refund",
        "money",
        VIEW_MONEY,
        "SELECT posted_at AS at, id FROM refund WHERE customer_id IN ({ids}){bound}",
        _refunds,
    ),
    Event(
        "receipt",
        "money",
        VIEW_MONEY,
        "SELECT posted_at AS at, id FROM receipt WHERE customer_id IN ({ids}){bound}",
        _receipts,
    ),
    Event(
        "deposit",
        "money",
        VIEW_MONEY,
        "SELECT posted_at AS at, id FROM deposit WHERE customer_id IN ({ids}){bound}",
        _deposits,
    ),
    Event(
        "write_off",
        "money",
        VIEW_MONEY,
        "SELECT posted_at AS at, id FROM write_off WHERE customer_id IN ({ids}){bound}",
        _write_offs,
    ),
    Event(
        "contact_record",
        "records",
        VIEW,
        "SELECT at, id FROM contact_record WHERE customer_id IN ({ids}) AND deleted_at IS NULL",
        _records,
    ),
    Event(
        "reminder",
        "reminders",
        USE,
        "SELECT done_at AS at, id FROM reminder WHERE customer_id IN ({ids}) AND done_at IS NOT NULL",
        _reminders,
    ),
    Event("reminder_done", "reminders", USE, _DONE_AGAIN, _repeated),
    Event(
        "task",
        "tasks",
        USE_TASKS,
        "SELECT created_at AS at, id FROM task WHERE customer_id IN ({ids}) AND deleted_at IS NULL{tasks}",
        _tasks,
    ),
    Event(
        "task_ended",
        "tasks",
        USE_TASKS,
        "SELECT ended_at AS at, id FROM task WHERE customer_id IN ({ids}) AND ended_at IS NOT NULL"
        " AND deleted_at IS NULL{tasks}",
        _ended_tasks,
    ),
    Event(
        "document",
        "documents",
        VIEW,
        "SELECT created_at AS at, id FROM document WHERE customer_id IN ({ids}) AND deleted_at IS NULL",
        _documents,
    ),
    Event(
        "quote",
        "quotes",
        VIEW,
        "SELECT created_at AS at, id FROM quote WHERE customer_id IN ({ids}) AND deleted_at IS NULL",
        _quotes,
    ),
    Event(
        "service_step",
        "cases",
        VIEW_CASES,
        "SELECT s.at AS at, s.id AS id FROM service_case c CROSS JOIN service_step s ON s.case_id = c.id"
        " WHERE c.customer_id IN ({ids}) AND c.deleted_at IS NULL",
        _cases,
    ),
    Event(
        "change",
        "changes",
        VIEW,
        "SELECT at, min(id) AS id FROM change WHERE kind = 'customer' AND record_id IN ({ids})"
        " GROUP BY record_id, at, operator_id",
        _changes,
    ),
    Event(
        "merge",
        "changes",
        VIEW,
        "SELECT at, id FROM customer_merge WHERE survivor_id IN ({ids})",
        _merges,
    ),
)
