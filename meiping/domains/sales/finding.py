"""Finding bills by what is typed of their number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import standing
from meiping.domains.customers.queries.scope import scope_bound
from meiping.domains.customers.rules import shown_name
from meiping.domains.sales.line_people import of_person
from meiping.domains.sales.models import Sale
from meiping.domains.sales.queries import KIND_WORDS
from meiping.domains.sales.rules import VIEW_SALES
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.text import plain
from meiping.store.database import fetch
from meiping.store.unit_of_work import query

PREFIXES = ("XS", "TH", "HH")
"""How numbers of sales, returns and exchanges begin."""
RECENT_DAYS = 31
"""A bill is found by its last digits alone within so many days."""
_WRITTEN = re.compile(r"([A-Z]{2})?-?(?:(\d{2})-)?(\d{1,8})(?:-?(\d{1,6}))?")
"""Letters, a company's code, the day as far as it was typed, the running number."""


@dataclass(frozen=True, slots=True)
class BillHit:
    """A found bill; ``customer`` is 散客 where there is none."""

    id: int
    number: str
    kind: str
    customer: str
    total_fen: int
    posted_at: int


@query(VIEW_SALES)
def find_bills(actor: Actor, text: str, *, limit: int = 20) -> list[BillHit]:
    """The latest bills in the actor's scope whose number begins with what was typed, or ends so.

    Dashes may be left out: ``XS-20260131-0001``, ``xs202601310001``, ``20260131``, ``0131-1``. Three digits or
    more alone are the end of a number of the last month too.
    """
    typed = re.sub(r"\s", "", plain(text)).upper()
    if len(typed) < 3 or not re.search(r"\d", typed):
        return []
    branches = [
        "" if code == "01" else f"{code}-" for (code,) in fetch("SELECT code FROM company ORDER BY id")
    ]
    met = [Sale.number.in_(list(_tails(typed, branches, actor.today())))]
    met += [
        (Sale.number >= head) & (Sale.number < f"{head}~") for head in _heads(typed, branches, actor.today())
    ]
    found = met[0]
    for one in met[1:]:
        found |= one
    select = Sale.select(Sale, Customer).left_outer_join(Customer, on=(Sale.customer == Customer.id))
    bound = _bound(actor)
    rows = select.where(found, *bound).order_by(Sale.id.desc()).limit(limit)
    return [
        BillHit(
            row.id,
            row.number,
            KIND_WORDS[row.kind],
            shown_name(whose.name, whose.phone) if (whose := standing(row.customer)) is not None else "散客",
            row.total_fen,
            row.posted_at,
        )
        for row in rows
    ]


def _bound(actor: Actor) -> list[Any]:
    """The conditions on bills joined with their customers that the actor may see: as ``visible_sales``."""
    scope = actor.scope()
    if scope is Scope.ALL:
        return []
    own_company = Sale.company == actor.company_id
    if scope is Scope.COMPANY:
        return [own_company]
    mine = (Sale.operator == actor.operator_id) | of_person(actor.operator_id)
    return [own_company, mine | scope_bound(actor)]


def _tails(typed: str, branches: list[str], today: date) -> Iterator[str]:
    """Whole numbers of the last days that end with the digits typed."""
    if not typed.isdigit() or len(typed) > 6:
        return
    for days in range(RECENT_DAYS):
        stamp = f"{today - timedelta(days=days):%Y%m%d}"
        yield from (
            f"{prefix}-{branch}{stamp}-{int(typed):04d}" for prefix in PREFIXES for branch in branches
        )


def _heads(typed: str, branches: list[str], today: date) -> Iterator[str]:
    """How numbers begin that were typed from their beginning."""
    match = _WRITTEN.fullmatch(typed)
    if match is None:
        return
    prefix, code, day, serial = match.groups()
    if prefix is None and len(day) < 8 and serial is None:
        return  # fewer digits alone are an end
    if len(day) == 4 and serial is not None and prefix is None:
        day = f"{today.year}{day}"
    tail = f"-{serial}" if serial and len(serial) >= 4 else f"-{int(serial):04d}" if serial else ""
    for one in PREFIXES if prefix is None else (prefix,):
        for branch in branches if code is None else (f"{code}-",):
            yield f"{one}-{branch}{day}{tail if len(day) == 8 else ''}"
