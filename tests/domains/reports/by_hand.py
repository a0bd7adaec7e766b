"""Reports held against rows as they lie in the file, counted one by one and in decimals."""

from collections.abc import Callable, Collection, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from meiping.domains.reports.asking import compared
from meiping.kernel.tabular import Table
from meiping.store.database import db
from tests.domains.reports.test_every_report import grouped

Raw = dict[str, Any]


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def share_bp(part: int, whole: int) -> int | None:
    """The part in basis points; of nothing there is none."""
    return half_up(Decimal(10_000 * part) / whole) if whole else None


def mean_milli(days: Collection[int]) -> int | None:
    """Days on an average in thousandths, to a tenth of a day; of none there is none."""
    return half_up(Decimal(10 * sum(days)) / len(days)) * 100 if days else None


def outside_the_bin(table: str) -> list[Raw]:
    """The rows of a table but for those in the recycle bin; the columns by their names."""
    cursor = db.execute_sql(f"SELECT * FROM {table} WHERE deleted_at IS NULL")
    names = [one[0] for one in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def assert_counts(
    table: Table, rows: Iterable[Raw], key: Callable[[Raw], Any], figures: Callable[[list[Raw]], Raw]
) -> None:
    """Each row of a report says the ``figures`` of the rows it stands for, and the totals those of all."""
    rows = list(rows)
    wanted = grouped(rows, key)
    assert {row["id"] for row in table.rows} == wanted.keys()
    for row in table.rows:
        mine = figures(wanted[row["id"]])
        assert {name: row[name] for name in mine} == mine
    assert table.totals == figures(rows)


def assert_held_against(now: Table, before: Table, figure: str) -> None:
    """Each row says what it was in the period before."""
    was = {row["id"]: row[figure] for row in before.rows}
    assert now.rows
    assert was
    for row in compared(now, before, figure).rows:
        assert row[f"{figure}_before"] == was.get(row["id"], 0)
