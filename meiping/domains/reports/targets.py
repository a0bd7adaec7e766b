"""Setting what salespersons are to sell."""

from collections.abc import Mapping

from meiping.domains.audit import service as audit
from meiping.domains.reports.rules import check_month
from meiping.domains.settings.rules import MANAGE_SETTINGS
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError
from meiping.kernel.money import MAX_FEN
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, verb


@verb(MANAGE_SETTINGS)
def save_targets(work: Work, *, month: str, amounts: Mapping[int, int | None]) -> None:
    """Set the targets of a month (``2026-11``) in fen by operator; nothing or 0 takes one away. Raises InputError."""
    check_month(month)
    for operator_id, amount_fen in amounts.items():
        if not 0 <= (amount_fen or 0) <= MAX_FEN:
            raise InputError("目标不能小于零。", field=str(operator_id))
        work.execute("DELETE FROM sales_target WHERE operator_id = ? AND month = ?", operator_id, month)
        if amount_fen:
            work.execute(
                "INSERT INTO sales_target (operator_id, month, amount_fen) VALUES (?, ?, ?)",
                operator_id,
                month,
                amount_fen,
            )
    audit.record(work, "report.targets", f"设置 {month} 业绩目标", Source("sales_target", 0))
    work.changed(Topic.SALES)
