"""Lists of bills are counted and added up without reading all that is shown of them: both ways agree."""

from datetime import timedelta

import pytest

from meiping.domains.sales.queries import BillFilter, bills
from meiping.kernel.actor import Actor
from meiping.store.database import fetch
from tests.shop import OpenedShop

_MANY = 5_000
_LEFT = """
SELECT s.id, s.kind, coalesce(sum(CASE WHEN l.qty_milli > 0 THEN l.net_fen + (
    SELECT coalesce(sum(b.net_fen), 0) FROM sale_line b WHERE b.returns_line_id = l.id) ELSE 0 END), 0)
FROM sale s JOIN sale_line l ON l.sale_id = s.id GROUP BY s.id
"""


@pytest.mark.parametrize("role", ["系统管理员", "收银员"])
def test_number_and_total_are_those_of_the_rows(busy: OpenedShop, role: str) -> None:
    actor = busy.actor if role == "系统管理员" else busy.as_role(role)
    for narrow in _filters(actor):
        listing = bills(actor, narrow=narrow)
        rows = listing.window(0, _MANY, None)
        assert listing.count() == len(rows), narrow
        assert listing.summary()["total_fen"] == sum(row["total_fen"] for row in rows), narrow


def _filters(actor: Actor) -> list[BillFilter]:
    today = actor.today()
    return [
        BillFilter(),
        BillFilter("XS"),
        BillFilter(kind="return"),
        BillFilter(kind=("sale", "exchange"), first_date=today - timedelta(days=20), last_date=today),
        BillFilter(hour=(today.weekday(), 9)),
        BillFilter(invoice="open"),
        BillFilter(invoice="made"),
        BillFilter(invoice="too_much"),
    ]


def test_bills_not_invoiced_are_those_with_something_left(busy: OpenedShop) -> None:
    left = {one for one, kind, fen in fetch(_LEFT) if kind != "return" and fen > 0}
    found = bills(busy.actor, narrow=BillFilter(invoice="open")).window(0, _MANY, None)
    assert {row["id"] for row in found} == left
    assert 0 < len(left) < len({one for one, kind, _ in fetch(_LEFT) if kind != "return"})
