"""What has become of a service term, and what may be written about it."""

from datetime import date, timedelta

from meiping.kernel.errors import InputError
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


def check_reason(text: str) -> str:
    """Why a service is not wanted any more. Raises InputError without a reason."""
    reason = clean(text, name="原因", limit=REASON_LIMIT)
    if not reason:
        raise InputError("请填写不再续的原因，例如“已换别家”。", field="reason")
    return reason
