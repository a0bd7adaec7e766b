"""The reports on customers: contribution, segments, who is slipping away."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from meiping.domains.reports.analysis.purchases import (
    YEAR,
    added_up,
    any_merged,
    count_seen,
    cut_points,
    ever,
    last_days,
    left_out,
    rounded,
    seen,
    seen_among,
    seen_ids,
    spent,
    who,
)
from meiping.domains.reports.analysis.rules import (
    BY_MARKS,
    LEAST_DAYS,
    LEAST_SILENCE,
    MONTH_DAYS,
    CutPoints,
    Segment,
    classes,
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


@query(VIEW)
def contribution(actor: Actor, period: Period, *, letter: str | None = None) -> LongTable:
    """What each customer brought in a period, the largest first, with his class; of one class if so asked.

    Bills without a customer are not among it. The owner's own cut points make the classes.
    """
    text, values = spent(actor, period)
    with snapshot():
        ordered = f"{added_up(text, period)} ORDER BY 2 DESC, 1"
        ranked = added_to_survivors(fetch(ordered, *values), by=1)
        gone = left_out(actor, ranked)
        cuts = option("analysis.abc_a"), option("analysis.abc_b")
    if gone:
        ranked = [fact for fact in ranked if fact[0] not in gone]
    ranking = _Ranking(ranked, *classes([fact[1] for fact in ranked], *cuts))
    facts = ranked if letter is None else ranking.of_class(letter)
    totals = {"net_fen": sum(map(itemgetter(1), facts)), "bills": sum(map(itemgetter(2), facts))}
    rows = LazyRows(facts, lambda some: _contributions(actor, period, some, ranking))
    return LongTable("客户贡献", CONTRIBUTION_COLUMNS, rows, totals, period.show(), values=ranking.values())


@dataclass(frozen=True, slots=True)
class _Ranking:
    """Customers (id, net fen, bills) by what they brought, with the class of each and the sum up to him."""

    facts: Sequence[Fact]
    letters: str
    so_far: Sequence[int]

    def place(self, fact: Fact) -> int:
        """How many stand before him."""
        return bisect_left(self.facts, (-fact[1], fact[0]), key=lambda one: (-one[1], one[0]))

    def of_class(self, letter: str) -> Sequence[Fact]:
        """Those of one class: they stand together."""
        first = self.letters.find(letter)
        return self.facts[first : self.letters.rfind(letter) + 1] if first >= 0 else ()

    def values(self) -> dict[str, Value]:
        """What a fact says alone, by column."""
        return {
            "net_fen": itemgetter(1),
            "share_bp": itemgetter(1),
            "bills": itemgetter(2),
            "rank": self.place,
            "letter": lambda fact: self.letters[self.place(fact)],
        }


def _contributions(actor: Actor, period: Period, facts: Sequence[Fact], ranking: _Ranking) -> list[Row]:
    ids = [fact[0] for fact in facts]
    known, last = who(ids), last_days(actor, period, ids)
    whole = ranking.so_far[-1] if facts else 0
    rows: list[Row] = []
    for fact in facts:
        key, net_fen, bills = fact
        place = ranking.place(fact)
        rows.append(
            {
                **known[key],
                "rank": place + 1,
                "letter": ranking.letters[place],
                "net_fen": net_fen,
                "share_bp": rounded_ratio(net_fen * WHOLE_BP, whole) if whole else None,
                "cumulated_bp": rounded_ratio(ranking.so_far[place] * WHOLE_BP, whole) if whole else 0,
                "bills": bills,
                "last_date": last[key],
            }
        )
    return rows


_SEGMENTED = """
WITH {ever},
lately (id, bills, net_fen) AS MATERIALIZED (
    SELECT {whose}, sum(b.bills), sum(b.net_fen) FROM ({spent}) b {kin} GROUP BY 1)
SELECT CASE WHEN e.last_date IS NULL THEN -2 WHEN e.last_date < ? THEN -1
    ELSE (e.last_date >= ?) * 4 + (coalesce(l.bills, 0) >= ?) * 2 + (coalesce(l.net_fen, 0) >= ?) END AS mark, {wanted}
FROM ever e LEFT JOIN lately l ON l.id = e.id WHERE {seen} {grouped}
"""
"""Whom the actor sees of all who ever had a bill, with what makes his segment and what he spent in the last year."""
_NEVER, _LOST = -2, -1


def _segmented(actor: Actor, wanted: str, grouped: str = "") -> list[tuple[Segment, tuple[Any, ...]]]:
    """What is wanted of ``ever e`` and ``lately l``, with the segment each row belongs to."""
    today, cuts = actor.today(), cut_points()
    ever_text, ever_values = ever(actor)
    spent_text, spent_values = spent(actor, Period(today - YEAR + timedelta(days=1), today))
    where = seen_among(actor, "e.id")
    whose, kin = (
        ("coalesce(kin.survivor_id, b.customer_id)", "LEFT JOIN kin ON kin.id = b.customer_id")
        if any_merged()
        else ("b.customer_id", "")
    )
    rows = fetch(
        _SEGMENTED.format(
            ever=ever_text,
            spent=spent_text,
            whose=whose,
            kin=kin,
            seen=where.sql,
            wanted=wanted,
            grouped=grouped,
        ),
        *ever_values,
        *spent_values,
        (today - timedelta(days=cuts.last_days)).isoformat(),
        (today - timedelta(days=cuts.near_days)).isoformat(),
        cuts.often,
        cuts.much_fen,
        *where.values,
    )
    return [(_segment(row[0]), row[1:]) for row in rows]


def _segment(mark: int) -> Segment:
    if mark == _NEVER:
        return Segment.NEVER
    return Segment.LOST if mark == _LOST else BY_MARKS[bool(mark & 4), bool(mark & 2), bool(mark & 1)]


@query(VIEW)
def segments(actor: Actor) -> Table:
    """Every segment with its customers and what they spent in the last year: all customers the actor sees."""
    with snapshot():
        everybody = count_seen(actor)
        found = _segmented(actor, "count(*), coalesce(sum(l.net_fen), 0)", "GROUP BY 1")
    count = dict.fromkeys(Segment, 0)
    fen = dict.fromkeys(Segment, 0)
    for segment, (customers, spent_fen) in found:
        count[segment] += customers
        fen[segment] += spent_fen
    count[Segment.NEVER] += everybody - sum(count.values())  # who never had a bill at all
    whole = sum(fen.values())
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
    with snapshot():
        found = _segmented(actor, "e.id")
        if segment != Segment.NEVER.key:
            return sorted(row[0] for one, row in found if one.key == segment)
        bought = {row[0] for one, row in found if one is not Segment.NEVER}
        return sorted(seen_ids(actor) - bought)


_AWAY = f"""
WITH {{ever}},
known AS (
    SELECT id, last_date, days, bills, net_fen,
        CAST(julianday(last_date) - julianday(first_date) AS INTEGER) AS span,
        CAST(julianday(?) - julianday(last_date) AS INTEGER) AS silent
    FROM ever WHERE days >= {LEAST_DAYS} AND net_fen > 0 AND last_date <= ?),
usual AS (
    SELECT *, max(1, {rounded("span", "days - 1")}) AS interval,
        {rounded(f"net_fen * {MONTH_DAYS}", f"max(span, {MONTH_DAYS})")} AS month_fen FROM known)
SELECT e.id, e.month_fen, {rounded("e.month_fen * (e.silent - e.interval)", str(MONTH_DAYS))},
    e.bills, e.net_fen, e.last_date, e.silent, e.interval
FROM usual e CROSS JOIN customer c ON c.id = e.id
WHERE e.silent > e.interval * ? AND (? IS NULL OR (e.silent > ?) = ?) AND {{seen}}
ORDER BY 2 DESC, 1
"""


@query(VIEW)
def slipping_away(actor: Actor, *, lost: bool | None = None) -> LongTable:
    """Customers who stay away longer than they used to, who is missed most first.

    ``lost`` True asks for those given up as lost, False for those who may still be won back.

    The usual interval lies between the days with a purchase, at least ``LEAST_DAYS`` of them; ``month_fen`` was spent a
    month on average between the first and the last, ``lost_fen`` has not come in since the next was due.
    """
    text, values = ever(actor)
    where, today = seen(actor), actor.today()
    silent_since = (today - timedelta(days=LEAST_SILENCE)).isoformat()
    with snapshot():
        cuts = cut_points()
        narrow = (cuts.slip_times, lost, cuts.last_days, lost)
        away = _AWAY.format(ever=text, seen=where.sql)
        facts = fetch(away, *values, today.isoformat(), silent_since, *narrow, *where.values)
    keys = ("month_fen", "lost_fen", "bills", "net_fen")
    totals = {key: sum(map(itemgetter(place), facts)) for place, key in enumerate(keys, 1)} if facts else {}
    lazy = LazyRows(facts, lambda some: _slipping_rows(some, cuts))
    return LongTable("流失预警", SLIPPING_COLUMNS, lazy, totals, values=_SLIPPING_VALUES)


_SLIPPING_VALUES: dict[str, Value] = {
    key: itemgetter(place)
    for place, key in enumerate(
        ("month_fen", "lost_fen", "bills", "net_fen", "last_date", "silent", "interval"), 1
    )
}


def _slipping_rows(facts: Sequence[Fact], cuts: CutPoints) -> list[Row]:
    known = who([fact[0] for fact in facts])
    return [
        {
            **known[key],
            "last_date": date.fromisoformat(last),
            "silent": silent,
            "interval": interval,
            "month_fen": month_fen,
            "lost_fen": lost_fen,
            "bills": bills,
            "net_fen": net_fen,
            "tone": "muted" if silent > cuts.last_days else None,
        }
        for key, month_fen, lost_fen, bills, net_fen, last, silent, interval in facts
    ]
