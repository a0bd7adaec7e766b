"""服务统计, computed a second way from the rows of the cases."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from meiping.domains.access.service import add_company, save_role
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries.cases import CaseGroup, case_report
from meiping.domains.reports.rules import Period
from meiping.domains.support.queries import CaseFilter, case_list
from meiping.domains.support.rules import Opinion, RevisitInput
from meiping.domains.support.service import close_cases, delete_cases, revisit_case
from meiping.kernel.actor import Scope
from tests.domains.reports.by_hand import (
    Raw,
    assert_counts,
    assert_held_against,
    half_up,
    mean_milli,
    outside_the_bin,
    share_bp,
)
from tests.domains.reports.test_every_report import all_rows
from tests.domains.support.casing import finish, take, type_called
from tests.factories import add_customer, add_product
from tests.shop import OpenedShop

PERIODS = (
    Period(),
    Period(date(2026, 3, 1), date(2026, 3, 31)),
    Period(date(2026, 4, 1), date(2026, 4, 20)),
    Period(date(2019, 1, 1), date(2019, 2, 1)),
)


@pytest.fixture
def served(shop: OpenedShop) -> OpenedShop:
    """Sixty days of complaints, some done soon, some late, some never."""
    chance = random.Random(18)
    people = [shop.actor.operator_id, shop.as_role("店长").operator_id, shop.as_role("收银员").operator_id]
    goods = [add_product(shop) for _ in range(3)]
    customers = [add_customer(shop) for _ in range(4)]
    types = [type_called(name) for name in ("客户投诉", "现场售后", "远程售后")]
    for _ in range(60):
        shop.clock.advance(days=1)
        today = shop.actor.today()
        case_id = take(
            shop,
            chance.choice(customers),
            to=chance.choice([*people, None]),
            type_id=chance.choice(types),
            product_id=chance.choice([*goods, None]),
            registered_date=today - timedelta(days=chance.randrange(9)),
            due_date=chance.choice([None, today, today + timedelta(days=chance.randrange(30))]),
        )
        fate = chance.randrange(6)
        if fate > 1:
            shop.clock.advance(days=chance.randrange(4))
            finish(shop, case_id, by=chance.choice(people), percent=chance.randrange(101))
        if fate > 3:
            revisit_case(shop.actor, case_id=case_id, revisit=RevisitInput(chance.choice(list(Opinion))))
        if fate in (1, 5):
            close_cases(shop.actor, case_ids=[case_id], reason="结束")
    delete_cases(shop.actor, case_ids=[3, 17])
    return shop


def raw(period: Period) -> list[Raw]:
    """The cases of a period."""
    first, last = str(period.first or date.min), str(period.last or date.max)
    return [row for row in outside_the_bin("service_case") if first <= row["registered_date"] <= last]


def figures(rows: list[Raw], today: date) -> Raw:
    """What the report tells of some cases, one by one and in decimals."""
    done = [row for row in rows if row["done_date"]]
    late = 0
    for row in rows:
        ended = date.fromisoformat(row["done_date"] or row["closed_date"] or str(today))
        late += row["due_date"] is not None and ended > date.fromisoformat(row["due_date"])
    spans = [
        (date.fromisoformat(row["done_date"]) - date.fromisoformat(row["registered_date"])).days
        for row in done
    ]
    asked = [row for row in rows if row["opinion"]]
    content = [row for row in asked if row["opinion"] == "satisfied"]
    percents = [row["done_percent"] for row in done]
    return {
        "cases": len(rows),
        "done": len(done),
        "open": sum(row["status"] in ("registered", "assigned") for row in rows),
        "late": late,
        "revisited": len(asked),
        "done_bp": share_bp(len(done), len(rows)),
        "days_milli": mean_milli(spans),
        "degree_bp": half_up(Decimal(100 * sum(percents)) / len(done)) if done else None,
        "satisfied_bp": share_bp(len(content), len(asked)),
    }


KEYS: dict[CaseGroup, Callable[[Raw], Any]] = {
    CaseGroup.TYPE: lambda row: row["type_id"],
    CaseGroup.PRODUCT: lambda row: row["product_id"] or 0,
    CaseGroup.PERSON: lambda row: row["done_by_id"] or row["person_id"] or 0,
    CaseGroup.STATUS: lambda row: row["status"],
    CaseGroup.MONTH: lambda row: row["registered_date"][:7],
}


@pytest.mark.parametrize("group", CaseGroup, ids=lambda group: group.key)
def test_every_figure_equals_the_cases_counted_one_by_one(served: OpenedShop, group: CaseGroup) -> None:
    today = served.actor.today()
    for period in PERIODS:
        table = case_report(served.actor, ReportAsked(period, {"by": group.key}))
        assert_counts(table, raw(period), KEYS[group], partial(figures, today=today))
        assert sum(row["cases"] for row in table.rows) == table.totals["cases"]


def test_it_is_narrowed_by_type_person_and_company(served: OpenedShop) -> None:
    rows, today = raw(Period()), served.actor.today()

    def totals(**values: Any) -> Any:
        return case_report(served.actor, ReportAsked(values=values)).totals

    kind, person = rows[0]["type_id"], rows[0]["done_by_id"] or rows[0]["person_id"] or 0
    assert totals(type_id=kind) == figures([row for row in rows if row["type_id"] == kind], today)
    his = [row for row in rows if KEYS[CaseGroup.PERSON](row) == person]
    assert totals(person_id=person) == figures(his, today)
    assert totals(company_id=1)["cases"] == len(rows)
    assert totals(company_id=2)["cases"] == 0


def test_a_row_leads_to_just_its_cases(served: OpenedShop) -> None:
    narrowing = {
        CaseGroup.TYPE: "type_id",
        CaseGroup.PRODUCT: "product_id",
        CaseGroup.PERSON: "handler_id",
        CaseGroup.STATUS: "status",
    }
    period = PERIODS[1]
    for group, key in narrowing.items():
        for row in case_report(served.actor, ReportAsked(period, {"by": group.key})).rows:
            narrow = CaseFilter(first_date=period.first, last_date=period.last)
            listed = case_list(served.actor, replace(narrow, **{key: row["id"]}))
            assert listed.count() == row["cases"]


def test_a_period_is_held_against_the_one_before(served: OpenedShop) -> None:
    now, before = (
        case_report(served.actor, ReportAsked(Period(date(2026, month, 1), date(2026, month, 28))))
        for month in (4, 3)
    )
    assert_held_against(now, before, "cases")


def test_one_counts_only_what_one_sees(served: OpenedShop) -> None:
    save_role(served.actor, role_id=None, name="自己", scope=Scope.OWN, permissions=["reports.view"])
    table = case_report(served.as_role("自己"), ReportAsked())
    assert all_rows(table) == []
    assert not any(table.totals.values())
    manager = served.as_role("店长")
    assert case_report(manager, ReportAsked()).totals["cases"] == len(raw(Period()))
    elsewhere = replace(manager, company_id=add_company(served.actor, name="分店"))
    own = case_report(elsewhere, ReportAsked()).totals["cases"]
    mine = [row for row in raw(Period()) if row["person_id"] == manager.operator_id]
    assert own == len(mine), "those given to him, wherever he is"


def test_an_empty_shop_has_an_empty_report(shop: OpenedShop) -> None:
    for group in CaseGroup:
        table = case_report(shop.actor, ReportAsked(values={"by": group.key}))
        assert table.count() == 0
        assert not any(table.totals.values())
