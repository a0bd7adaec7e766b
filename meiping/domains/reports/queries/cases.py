"""服务统计: how many service cases came in, how many of them were done, how soon, how well, and how many too late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.scope import Where, days_of, ratio_bp
from meiping.domains.reports.rules import VIEW
from meiping.domains.support.models import ServiceCase
from meiping.domains.support.queries import NOBODY, seen_cases
from meiping.domains.support.rules import STATUS_BY_KEY, CaseStatus
from meiping.kernel.actor import Actor, Scope
from meiping.kernel.money import rounded_ratio
from meiping.kernel.tabular import Column, Kind, Table
from meiping.kernel.titled import Titled
from meiping.store.database import fetch
from meiping.store.unit_of_work import query


class CaseGroup(Titled):
    """What is added up to one row: key, word on screen, and where a case says which row is its."""

    TYPE = ("type", "按类型", "c.type_id")
    PRODUCT = ("product", "按商品", f"coalesce(c.product_id, {NOBODY})")
    PERSON = ("person", "按人员", f"coalesce(c.done_by_id, c.person_id, {NOBODY})")
    STATUS = ("status", "按状态", "c.status")
    MONTH = ("month", "按月", "substr(c.registered_date, 1, 7)")

    @property
    def column(self) -> str:
        """The SQL that gives the row of a case ``c``."""
        return str(self.value[2])


COLUMNS = (
    Column("name", "类型 / 名称", width=18, stretch=True),
    Column("cases", "服务单", Kind.NUMBER, width=9),
    Column("done", "已完成", Kind.NUMBER, width=9),
    Column("done_bp", "完成率", Kind.PERCENT, width=9),
    Column("open", "未完成", Kind.NUMBER, width=9),
    Column("late", "逾期", Kind.NUMBER, width=8),
    Column("days_milli", "平均天数", Kind.QUANTITY, width=10),
    Column("degree_bp", "平均完成度", Kind.PERCENT, width=11),
    Column("revisited", "已回访", Kind.NUMBER, width=9, hidden=True),
    Column("satisfied_bp", "满意率", Kind.PERCENT, width=9),
)
_SUMS = ("cases", "done", "open", "late", "days", "degree", "revisited", "satisfied")
_SUMMED = """
count(*), sum(c.done_date IS NOT NULL), sum(c.status IN ('registered', 'assigned')),
sum(c.due_date IS NOT NULL AND c.due_date < coalesce(c.done_date, c.closed_date, ?)),
sum(iif(c.done_date IS NULL, 0, CAST(julianday(c.done_date) - julianday(c.registered_date) AS INTEGER))),
sum(coalesce(c.done_percent, 0)), sum(c.opinion IS NOT NULL), sum(coalesce(c.opinion = 'satisfied', 0))
"""
_BY_KEY = {group.key: group for group in CaseGroup}


@query(VIEW)
def case_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of ``case_report``."""
    return COLUMNS


@query(VIEW)
def case_report(actor: Actor, asked: ReportAsked) -> Table:
    """The cases registered in the period that the actor may see, by type, product, person, status or month (``by``).

    ``late`` were dealt with after their term or are open after it. ``days_milli`` is how many days (thousandths, to a
    tenth) those done took on average, ``degree_bp`` how far they were done. Whose a case is: who did it, or else is to
    do it. Narrowed by ``company_id``, ``type_id`` and ``person_id``; those of most cases come first, months in turn.
    """
    group = _BY_KEY[asked.get("by") or CaseGroup.TYPE.key]
    where = _where(actor, asked)
    found = fetch(
        f"SELECT {group.column}, {_SUMMED} FROM service_case c WHERE {where.sql} GROUP BY 1",
        actor.today().isoformat(),
        *where.values,
    )
    sums = {row[0]: dict(zip(_SUMS, row[1:], strict=True)) for row in found}
    names = _names(group)
    rows = [{"id": key, "name": names.get(key, str(key)), **_figures(one)} for key, one in sums.items()]
    if group is CaseGroup.MONTH:
        rows.sort(key=lambda row: str(row["id"]), reverse=True)
    elif group is CaseGroup.STATUS:
        rows.sort(key=lambda row: list(STATUS_BY_KEY).index(str(row["id"])))
    else:
        rows.sort(key=lambda row: (-row["cases"], str(row["name"])))
    totals = _figures({key: sum(one[key] for one in sums.values()) for key in _SUMS})
    return Table("服务统计", COLUMNS, rows, totals, asked.period.show())


def _where(actor: Actor, asked: ReportAsked) -> Where:
    where = Where().add("c.registered_date BETWEEN ? AND ?", *days_of(asked.period))
    where.add_select("c.id", ServiceCase.select(ServiceCase.id).where(seen_cases(actor)))
    company_id = asked.get("company_id")
    if company_id is not None and actor.scope() is Scope.ALL:
        where.add("c.company_id = ?", company_id)
    if asked.get("type_id") is not None:
        where.add("c.type_id = ?", asked["type_id"])
    if asked.get("person_id") is not None:
        where.add(f"{CaseGroup.PERSON.column} = ?", asked["person_id"])
    return where


def _figures(sums: Mapping[str, int]) -> dict[str, Any]:
    done = sums["done"]
    return {
        **{key: sums[key] for key in ("cases", "done", "open", "late", "revisited")},
        "done_bp": ratio_bp(done, sums["cases"]),
        "days_milli": rounded_ratio(sums["days"] * 10, done) * 100 if done else None,
        "degree_bp": rounded_ratio(sums["degree"] * 100, done) if done else None,
        "satisfied_bp": ratio_bp(sums["satisfied"], sums["revisited"]),
    }


def _names(group: CaseGroup) -> Mapping[Any, str]:
    if group is CaseGroup.STATUS:
        return {status.key: status.title for status in CaseStatus}
    if group is CaseGroup.TYPE:
        return dict(fetch("SELECT id, name FROM dictionary_item WHERE kind = 'service_type'"))
    if group is CaseGroup.PERSON:
        return {NOBODY: "没有负责人", **dict(fetch("SELECT id, name FROM operator"))}
    if group is CaseGroup.PRODUCT:
        named = "SELECT id, name FROM product WHERE id IN (SELECT product_id FROM service_case)"
        return {NOBODY: "没有商品", **dict(fetch(named))}
    return {}
