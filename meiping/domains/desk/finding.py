"""One search over customers, contacts, products, bills, quotes, service cases, tasks and documents, within rights and scope."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from meiping.domains.catalog.queries import find_products
from meiping.domains.catalog.rules import VIEW as VIEW_PRODUCTS
from meiping.domains.contacts.queries.people import find_contacts
from meiping.domains.customers.queries import find_customers
from meiping.domains.customers.rules import VIEW as VIEW_CUSTOMERS
from meiping.domains.deals.queries import find_quotes
from meiping.domains.documents.queries import find_documents
from meiping.domains.office.queries import find_tasks
from meiping.domains.office.rules import USE as USE_TASKS
from meiping.domains.sales.finding import find_bills
from meiping.domains.sales.rules import VIEW_SALES
from meiping.domains.support.queries import find_cases
from meiping.domains.support.rules import VIEW as VIEW_CASES
from meiping.kernel.actor import Actor
from meiping.kernel.moments import show_date, show_moment
from meiping.kernel.money import show_fen
from meiping.kernel.permissions import OPEN, Permission
from meiping.kernel.phones import show_phone
from meiping.store.unit_of_work import query


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was found: what is said of it, and its id; ``customer_id`` is the customer it leads to."""

    id: int
    title: str
    detail: str = ""
    right: str = ""
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """What was found of one kind, the best first."""

    kind: str
    title: str
    hits: tuple[Found, ...]


@query(OPEN)
def find_everything(actor: Actor, text: str, *, limit: int = 8) -> list[FoundGroup]:
    """The best hits of each kind for what was typed: name, pinyin, phone, card, code, bar code or number.

    Kinds the actor has no right to, and those without a hit, are left out.
    """
    if not text.strip():
        return []
    groups = (
        FoundGroup(kind, title, tuple(find(actor, text, limit)))
        for kind, title, permission, find in _KINDS
        if actor.can(permission)
    )
    return [group for group in groups if group.hits]


def _customers(actor: Actor, text: str, limit: int) -> Iterator[Found]:
    for hit in find_customers(actor, text, limit=limit):
        known = [show_phone(hit.phone), hit.code, f"卡 {hit.card}" if hit.card else ""]
        yield Found(hit.id, hit.name, " · ".join(filter(None, known)), hit.level, hit.id)


def _contacts(actor: Actor, text: str, limit: int) -> Iterator[Found]:
    for hit in find_contacts(actor, text, limit=limit):
        yield Found(hit.id, hit.name, show_phone(hit.phone), hit.customer, hit.customer_id)


def _products(actor: Actor, text: str, limit: int) -> Iterator[Found]:
    for hit in find_products(actor, text=text, limit=limit):
        known = [hit.specification, hit.barcode or hit.code]
        yield Found(hit.id, hit.name, " · ".join(filter(None, known)), show_fen(hit.price_fen))


def _bills(actor: Actor, text: str, limit: int) -> Iterator[Found]:
    for hit in find_bills(actor, text, limit=limit):
        detail = f"{hit.kind} · {hit.customer} · {show_moment(hit.posted_at)}"
        yield Found(hit.id, hit.number, detail, show_fen(hit.total_fen))


def _quotes(actor: Actor, text: str, limit: int) -> Iterator[Found]:
    for hit in find_quotes(actor, text, limit=limit):
        detail = " · ".join(filter(None, (hit.customer, hit.subject, show_date(hit.quoted_date))))
        yield Found(hit.id, hit.number, detail, show_fen(hit.total_fen), hit.customer_id)


def _cases(actor: Actor, text: str, limit: int) -> Iterator[Found]:
    for hit in find_cases(actor, text, limit=limit):
        detail = " · ".join(filter(None, (hit.customer, hit.subject, show_date(hit.registered_date))))
        yield Found(hit.id, hit.number, detail, hit.status, hit.customer_id)


def _tasks(actor: Actor, text: str, limit: int) -> Iterator[Found]:
    for row in find_tasks(actor, text, limit=limit):
        detail = " · ".join(filter(None, (row["customer"], row["assignee"], show_date(row["due_date"]))))
        yield Found(row["id"], row["title"], detail, row["standing"], row["customer_id"])


def _documents(actor: Actor, text: str, limit: int) -> Iterator[Found]:
    for hit in find_documents(actor, text, limit=limit):
        yield Found(hit.id, hit.name, hit.customer, "", hit.customer_id)


_KINDS: tuple[tuple[str, str, Permission, Callable[[Actor, str, int], Iterator[Found]]], ...] = (
    ("customer", "客户", VIEW_CUSTOMERS, _customers),
    ("contact", "联系人", VIEW_CUSTOMERS, _contacts),
    ("product", "商品", VIEW_PRODUCTS, _products),
    ("bill", "业务单", VIEW_SALES, _bills),
    ("quote", "报价", VIEW_CUSTOMERS, _quotes),
    ("case", "服务单", VIEW_CASES, _cases),
    ("task", "任务", USE_TASKS, _tasks),
    ("document", "资料", VIEW_CUSTOMERS, _documents),
)
