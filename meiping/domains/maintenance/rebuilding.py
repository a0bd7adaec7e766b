"""Making the sums that reports read anew from what was posted, where a check found them wrong."""

from collections.abc import Collection, Iterable

from meiping.domains.audit import service as audit
from meiping.domains.maintenance.rules import CHECK_DATA
from meiping.domains.maintenance.summaries import SUMMARIES, SUMMARY_BY_KEY
from meiping.kernel.changes import Topic
from meiping.kernel.errors import NeedsConfirmation, UserError
from meiping.store.inspection import CheckResult
from meiping.store.unit_of_work import Work, verb

REBUILD_SUMS = "rebuild_sums"
"""The token that confirms that sums are made anew."""


def wrong_sums(results: Iterable[CheckResult]) -> list[str]:
    """Of what was checked, the keys of the sums that are wrong and can be made anew."""
    return [result.key for result in results if not result.ok and result.key in SUMMARY_BY_KEY]


@verb(CHECK_DATA)
def rebuild_sums(work: Work, *, keys: Collection[str], confirmed: frozenset[str] = frozenset()) -> int:
    """Make sums anew from the rows they are sums of, by the keys of their checks; gives how many tables. Asks first.

    Bills, entries and stock stay as they are. Raises UserError where none of the keys is one of sums.
    """
    chosen = [summary for summary in SUMMARIES if summary.key in keys]
    if not chosen:
        raise UserError("没有要重算的汇总。")
    if REBUILD_SUMS not in confirmed:
        raise NeedsConfirmation(
            REBUILD_SUMS,
            f"要按业务单、账目和出入库重算 {len(chosen)} 种汇总。只重算报表用的合计，单据不改动；"
            "重算时不能收银，数据多的店要等几十秒。确定重算吗？",
            verb="重算",
        )
    for summary in chosen:
        work.execute(f"DELETE FROM {summary.table}")
        work.execute(f"INSERT INTO {summary.table} ({summary.columns}) {summary.posted}")
    audit.record(work, "data.rebuild_sums", f"重算 {len(chosen)} 种汇总")
    work.changed(Topic.SALES, Topic.MONEY, Topic.STOCK)
    return len(chosen)
