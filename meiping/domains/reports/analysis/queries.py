"""The reports on customers: contribution, segments, who is slipping away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from meiping.domains.reports.analysis.purchases import (
    YEAR,
    cut_points,
    ever,
    last_days,
    seen,
    seen_ids,
    spent,
    who,
)
from meiping.domains.reports.analysis.rules import (
    BY_MARKS,
    LEAST_DAYS,
    LEAST_SILENCE,
    Bought,
    CutPoints,
    Segment,
    classes,
    slipping,
)
from meiping.domains.reports.long_table import Fact, LazyRows, LongTable, Value
from meiping.domains.reports.queries.customers import added_to_survivors
from meiping.domains.reports.rules import VIEW, Period
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor
from meiping.kernel.money import WHOLE_BP, rounded_ratio
from meiping.kernel.tabular import Column, Kind, Row, Table
from meiping.store.database import fetch, snapshot
from meiping.store.unit_of_work import query

CONTRIBUTION_COLUMNS = (
    Column("rank", "名次", Kind.NUMBER, width=6),
    Column("name", "客户", width=16, stretch=True),
    Column("letter", "分级", width=6),
    Column("net_fen", "净销售额", Kind.MONEY, width=14),
    Column("share_bp", "占比", Kind.PERCENT, width=8),
    Column("cumulated_bp", "累计占比", Kind.PERCENT, width=10),
    Column("bills", "单数", Kind.NUMBER, width=7),
    Column("last_date", "最近购买", Kind.DATE, width=12),
    Column("phone", "电话", Kind.PHONE, width=15),
    Column("level", "等级", width=8, hidden=True),
    Column("owner", "业务员", width=10, hidden=True),
)
SEGMENT_COLUMNS = (
    Column("title", "分层", width=10),
    Column("rule", "什么样的客户", width=32, stretch=True),
    Column("customers", "客户数", Kind.NUMBER, width=9),
    Column("customers_bp", "占客户", Kind.PERCENT, width=9),
    Column("year_fen", "近一年消费", Kind.MONEY, width=14),
    Column("year_bp", "占消费", Kind.PERCENT, width=9),
    Column("average_fen", "每位平均", Kind.MONEY, width=13),
)
SLIPPING_COLUMNS = (
    Column("name", "客户", width=14, stretch=True),
    Column("phone", "电话", Kind.PHONE, width=14),
    Column("last_date", "最近购买", Kind.DATE, width=11),
    Column("silent", "没来天数", Kind.NUMBER, width=8),
    Column("interval", "通常几天来", Kind.NUMBER, width=11),
    Column("month_fen", "以前月均消费", Kind.MONEY, width=13),
    Column("lost_fen", "估计少收", Kind.MONEY, width=12),
    Column("owner", "业务员", width=8),
    Column("bills", "单数", Kind.NUMBER, width=7, hidden=True),
    Column("net_fen", "累计消费", Kind.MONEY, width=13, hidden=True),
    Column("level", "等级", width=8, hidden=True),
)


_ADDED_UP = "SELECT customer_id, sum(net_fen), sum(bills) FROM ({spent}) GROUP BY customer_id"


@query(VIEW)
def contribution(actor: Actor, period: Period, *, letter: str | None = None) -> LongTable:
    """What each customer brought in a period, the largest first, with his class; of one class if so asked.

    Bills without a customer are not among it. The owner's own cut points make the classes.
    """
    text, values = spent(actor, period)
    with snapshot():
        known = seen_ids(actor)
        sums = added_to_survivors(fetch(_ADDED_UP.format(spent=text), *values))
        cuts = option("analysis.abc_a"), option("analysis.abc_b")
    ranked = [fact for fact in sums if fact[0] in known]
    ranked.sort(key=itemgetter(0))
    ranked.sort(key=itemgetter(1), reverse=True)
    found = classes([fact[1] for fact in ranked], *cuts)
    facts = [
        (*fact, rank, of_class, so_far)
        for rank, (fact, (of_class, so_far)) in enumerate(zip(ranked, found, strict=True), 1)
        if letter is None or of_class == letter
    ]
    whole = found[-1][1] if found else 0
    totals = {"net_fen": sum(map(itemgetter(1), facts)), "bills": sum(map(itemgetter(2), facts))}
    rows = LazyRows(facts, lambda some: _contributions(actor, period, some, whole))
    return LongTable(
        "客户贡献", CONTRIBUTION_COLUMNS, rows, totals, period.show(), values=_CONTRIBUTION_VALUES
    )


_CONTRIBUTION_VALUES: dict[str, Value] = {
    "net_fen": itemgetter(1),
    "share_bp": itemgetter(1),
    "bills": itemgetter(2),
    "rank": itemgetter(3),
    "letter": itemgetter(4),
}


def _contributions(actor: Actor, period: Period, facts: Sequence[Fact], whole: int) -> list[Row]:
    ids = [fact[0] for fact in facts]
    known, last = who(ids), last_days(actor, period, ids)
    return [
        {
            **known[key],
            "rank": rank,
            "letter": letter,
            "net_fen": net_fen,
            "share_bp": rounded_ratio(net_fen * WHOLE_BP, whole) if whole else None,
            "cumulated_bp": rounded_ratio(so_far * WHOLE_BP, whole) if whole else 0,
            "bills": bills,
            "last_date": last[key],
        }
        for key, net_fen, bills, rank, letter, so_far in facts
    ]


_SEGMENTED = """
WITH {ever},
marked AS (
    SELECT id, max(last_date) IS NULL AS never, max(last_date) < ? AS lost, max(last_date) >= ? AS lately,
        sum(bills) >= ? AS often, sum(net_fen) >= ? AS much, sum(net_fen) AS fen
    FROM (
        SELECT c.id, 1 AS here, NULL AS last_date, 0 AS bills, 0 AS net_fen FROM customer c WHERE {seen}
        UNION ALL SELECT id, 0, last_date, 0, 0 FROM ever
        UNION ALL SELECT coalesce(kin.survivor_id, b.customer_id), 0, NULL, b.bills, b.net_fen
        FROM ({spent}) b LEFT JOIN kin ON kin.id = b.customer_id)
    GROUP BY id HAVING max(here))
SELECT never, lost, lately, often, much, {wanted}
"""
"""Everybody whom the actor sees, with what makes his segment and what he spent in the last year."""


def _segmented(actor: Actor, wanted: str) -> list[tuple[Segment, tuple[Any, ...]]]:
    """What is wanted of ``marked``, with the segment each row belongs to."""
    today, cuts = actor.today(), cut_points()
    ever_text, ever_values = ever(actor)
    spent_text, spent_values = spent(actor, Period(today - YEAR + timedelta(days=1), today))
    where = seen(actor)
    rows = fetch(
        _SEGMENTED.format(ever=ever_text, seen=where.sql, spent=spent_text, wanted=wanted),
        *ever_values,
        (today - timedelta(days=cuts.last_days)).isoformat(),
        (today - timedelta(days=cuts.near_days)).isoformat(),
        cuts.often,
        cuts.much_fen,
        *where.values,
        *spent_values,
    )
    return [(_segment(*row[:5]), row[5:]) for row in rows]


def _segment(never: int, lost: int, lately: int, often: int, much: int) -> Segment:
    if never:
        return Segment.NEVER
    return Segment.LOST if lost else BY_MARKS[bool(lately), bool(often), bool(much)]


@query(VIEW)
def segments(actor: Actor) -> Table:
    """Every segment with its customers and what they spent in the last year: all customers the actor sees."""
    with snapshot():
        found = _segmented(actor, "count(*), sum(fen) FROM marked GROUP BY 1, 2, 3, 4, 5")
    count = dict.fromkeys(Segment, 0)
    fen = dict.fromkeys(Segment, 0)
    for segment, (customers, spent_fen) in found:
        count[segment] += customers
        fen[segment] += spent_fen
    everybody, whole = sum(count.values()), sum(fen.values())
    rows: list[Row] = [
        {
            "id": segment.key,
            "title": segment.title,
            "rule": segment.rule,
            "customers": count[segment],
            "customers_bp": rounded_ratio(count[segment] * WHOLE_BP, everybody) if everybody else None,
            "year_fen": fen[segment],
            "year_bp": rounded_ratio(fen[segment] * WHOLE_BP, whole) if whole > 0 else None,
            "average_fen": rounded_ratio(fen[segment], count[segment]) if count[segment] else None,
        }
        for segment in Segment
    ]
    totals = {"customers": everybody, "year_fen": whole}
    return Table("客户分层", SEGMENT_COLUMNS, rows if everybody else [], totals if everybody else {})


@query(VIEW)
def segment_members(actor: Actor, *, segment: str) -> list[int]:
    """The ids of the customers of one of ``segments``, by its id."""
    return [row[0] for found, row in _segmented(actor, "id FROM marked ORDER BY id") if found.key == segment]


_AWAY = """
WITH {ever}
SELECT e.id, e.first_date, e.last_date, e.days, e.bills, e.net_fen FROM ever e CROSS JOIN customer c ON c.id = e.id
WHERE e.days >= ? AND e.net_fen > 0 AND e.last_date <= ? AND {seen}
"""


@query(VIEW)
def slipping_away(actor: Actor, *, lost: bool | None = None) -> LongTable:
    """Customers who stay away longer than they used to, who is missed most first.

    ``lost`` True asks for those given up as lost, False for those who may still be won back.
    """
    text, values = ever(actor)
    where, today = seen(actor), actor.today()
    silent_since = (today - timedelta(days=LEAST_SILENCE)).isoformat()
    with snapshot():
        cuts = cut_points()
        rows = fetch(
            _AWAY.format(ever=text, seen=where.sql), *values, LEAST_DAYS, silent_since, *where.values
        )
    facts = []
    for key, first, last, *figures in rows:
        one = Bought(date.fromisoformat(first), date.fromisoformat(last), *figures)
        away = slipping(one, cuts, today)
        if away is not None and lost in (None, away.silent > cuts.last_days):
            facts.append((key, one.month_fen, away.lost_fen, one.bills, one.net_fen, away, one.last))
    facts.sort(key=itemgetter(0))
    facts.sort(key=itemgetter(1), reverse=True)
    keys = ("month_fen", "lost_fen", "bills", "net_fen")
    totals = {key: sum(map(itemgetter(place), facts)) for place, key in enumerate(keys, 1)} if facts else {}
    lazy = LazyRows(facts, lambda some: _slipping_rows(some, cuts))
    return LongTable("流失预警", SLIPPING_COLUMNS, lazy, totals, values=_SLIPPING_VALUES)


_SLIPPING_VALUES: dict[str, Value] = {
    "month_fen": itemgetter(1),
    "lost_fen": itemgetter(2),
    "bills": itemgetter(3),
    "net_fen": itemgetter(4),
    "last_date": itemgetter(6),
}


def _slipping_rows(facts: Sequence[Fact], cuts: CutPoints) -> list[Row]:
    known = who([fact[0] for fact in facts])
    return [
        {
            **known[key],
            "last_date": last,
            "silent": away.silent,
            "interval": away.interval,
            "month_fen": month_fen,
            "lost_fen": lost_fen,
            "bills": bills,
            "net_fen": net_fen,
            "tone": "muted" if away.silent > cuts.last_days else None,
        }
        for key, month_fen, lost_fen, bills, net_fen, away, last in facts
    ]
