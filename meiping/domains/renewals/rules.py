"""What has become of a service term, and what may be written about it."""

from collections.abc import Sequence
from datetime import date, timedelta

from meiping.kernel.errors import InputError, UserError
from meiping.kernel.tabular import Row
from meiping.kernel.text import clean
from meiping.kernel.titled import Titled

KIND = "service_term"
"""The kind in the logs."""
REASON_LIMIT = 60


class TermState(Titled):
    """What has become of a term: key and word on screen. The first three are open: their next fee is to be collected."""

    OVERDUE = ("overdue", "已过期")
    DUE = ("due", "即将到期")
    RUNNING = ("running", "服务中")
    RENEWED = ("renewed", "已续费")
    CLOSED = ("closed", "不再续")
    RETURNED = ("returned", "已退货")

    @property
    def is_open(self) -> bool:
        """Whether the next fee is to be collected."""
        return self in OPEN_STATES


OPEN_STATES = frozenset({TermState.OVERDUE, TermState.DUE, TermState.RUNNING})


def state_of(
    *, returned: bool, renewed: bool, closed: bool, end: date, today: date, days_ahead: int
) -> TermState:
    """What has become of a term that goes to the end of its last day; near that it is due."""
    if returned:
        return TermState.RETURNED
    if renewed:
        return TermState.RENEWED
    if closed:
        return TermState.CLOSED
    if end < today:
        return TermState.OVERDUE
    return TermState.DUE if end <= today + timedelta(days=days_ahead) else TermState.RUNNING


def require_renewable(rows: Sequence[Row]) -> None:
    """Raise a UserError unless the fees of these terms, as they are listed, can be paid by one bill."""
    if len({row["customer_id"] for row in rows}) > 1:
        raise InputError("一次只能给一位客户续费，请只选同一位客户的服务。")
    for row in rows:
        name = f"“{row['product']}”"
        refused = {
            TermState.RENEWED.key: f"{name}这一期已经续费，请看新的一期。",
            TermState.RETURNED.key: f"{name}已经退货，不能续费。",
            TermState.CLOSED.key: f"{name}已经记为不再续，请先恢复。",
        }
        if row["state_key"] in refused:
            raise UserError(refused[row["state_key"]])
        if not row["fee_fen"]:
            raise InputError(f"{name}没有设年费，请先在商品资料里填写。")


def check_reason(text: str) -> str:
    """Why a service is not wanted any more. Raises InputError without a reason."""
    reason = clean(text, name="原因", limit=REASON_LIMIT)
    if not reason:
        raise InputError("请填写不再续的原因，例如“已换别家”。", field="reason")
    return reason
