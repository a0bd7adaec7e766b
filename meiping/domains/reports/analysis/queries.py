"""The reports on customers: contribution, segments, who is slipping away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meiping.domains.reports.analysis.purchases import bought_ever, cut_points, people, spent_within
from meiping.domains.reports.analysis.rules import Bought, Segment, classes, segment_of, slipping
from meiping.domains.reports.rules import VIEW, Period
from meiping.domains.settings.queries import option
from meiping.kernel.actor import Actor
from meiping.kernel.money import WHOLE_BP, rounded_ratio
from meiping.kernel.tabular import Column, Kind, Row, Table
from meiping.store.database import snapshot
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
def contribution(actor: Actor, period: Period, *, letter: str | None = None) -> Table:
    """What each customer brought in a period, the largest first, with his class; of one class if so asked.

    Bills without a customer are not among it. The owner's own cut points make the classes.
    """
    with snapshot():
        known, spent = people(actor), spent_within(actor, period)
        cuts = option("analysis.abc_a"), option("analysis.abc_b")
    ranked = sorted(
        ((who, *figures) for who, figures in spent.items() if who in known),
        key=lambda one: (-one[1], one[0]),
    )
    whole = sum(max(net, 0) for _, net, _, _ in ranked)
    found = classes([net for _, net, _, _ in ranked], *cuts)
    rows = [
        {
            **known[who],
            "rank": rank,
            "letter": found[rank - 1][0],
            "net_fen": net,
            "share_bp": rounded_ratio(net * WHOLE_BP, whole) if whole else None,
            "cumulated_bp": found[rank - 1][1],
            "bills": bills,
            "last_date": last,
        }
        for rank, (who, net, bills, last) in enumerate(ranked, 1)
    ]
    shown = [row for row in rows if letter is None or row["letter"] == letter]
    totals = {key: sum(row[key] for row in shown) for key in ("net_fen", "bills")}
    return Table("客户贡献", CONTRIBUTION_COLUMNS, shown, totals, period.show())


def _placed(actor: Actor) -> tuple[Mapping[int, Segment], Mapping[int, Bought]]:
    with snapshot():
        known, bought, cuts = people(actor), bought_ever(actor), cut_points()
    today = actor.today()
    return {who: segment_of(bought.get(who), cuts, today) for who in known}, bought


@query(VIEW)
def segments(actor: Actor) -> Table:
    """Every segment with its customers and what they spent in the last year: all customers the actor sees.

    Rows have the ids of the customers in ``members``.
    """
    placed, bought = _placed(actor)
    members: dict[Segment, list[int]] = {segment: [] for segment in Segment}
    for who, segment in placed.items():
        members[segment].append(who)
    spent_in = {
        segment: [bought[who].year_fen if who in bought else 0 for who in ids]
        for segment, ids in members.items()
    }
    people_count, whole = len(placed), sum(sum(spent) for spent in spent_in.values())
    rows: list[Row] = [
        {
            "id": segment.key,
            "members": tuple(members[segment]),
            "title": segment.title,
            "rule": segment.rule,
            "customers": len(spent),
            "customers_bp": rounded_ratio(len(spent) * WHOLE_BP, people_count) if people_count else None,
            "year_fen": sum(spent),
            "year_bp": rounded_ratio(sum(spent) * WHOLE_BP, whole) if whole > 0 else None,
            "average_fen": rounded_ratio(sum(spent), len(spent)) if spent else None,
        }
        for segment, spent in spent_in.items()
    ]
    totals = {"customers": people_count, "year_fen": whole}
    return Table("客户分层", SEGMENT_COLUMNS, rows if people_count else [], totals if people_count else {})


@query(VIEW)
def slipping_away(actor: Actor, *, lost: bool | None = None) -> Table:
    """Customers who stay away longer than they used to, who is missed most first.

    ``lost`` True asks for those given up as lost, False for those who may still be won back.
    """
    with snapshot():
        known, bought, cuts = people(actor), bought_ever(actor), cut_points()
    today, rows = actor.today(), []
    for who, one in bought.items():
        away = slipping(one, cuts, today) if who in known else None
        gone = away is not None and away.silent > cuts.last_days
        if away is None or (lost is not None and gone is not lost):
            continue
        facts: dict[str, Any] = {
            "last_date": one.last,
            "silent": away.silent,
            "interval": away.interval,
            "month_fen": one.month_fen,
            "lost_fen": away.lost_fen,
            "bills": one.bills,
            "net_fen": one.net_fen,
            "tone": "muted" if gone else None,
        }
        rows.append({**known[who], **facts})
    rows.sort(key=lambda row: (-row["month_fen"], row["id"]))
    keys = ("month_fen", "lost_fen", "bills", "net_fen")
    totals = {key: sum(row[key] for row in rows) for key in keys} if rows else {}
    return Table("流失预警", SLIPPING_COLUMNS, rows, totals)
