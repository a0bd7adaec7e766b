"""What the shop spent by day, month or year, as the books have it; only for who may see expenses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from peewee import fn

from meiping.domains.expenses.models import AdvanceSettlement, Expense
from meiping.domains.expenses.rules import VIEW as VIEW_EXPENSES
from meiping.domains.ledger.models import Entry, LedgerDay, Posting
from meiping.domains.ledger.rules import Account
from meiping.domains.reports.queries.scope import days_of, whole
from meiping.domains.reports.rules import Period, Unit
from meiping.kernel.actor import Actor, Scope

_ACCOUNT = Account.EXPENSE.value


def sees_expenses(actor: Actor) -> bool:
    """Whether what was spent may be told to the actor."""
    return actor.can(VIEW_EXPENSES)


def spent(actor: Actor, period: Period, by: Unit, company_id: int | None) -> Mapping[str, int]:
    """Expenses in fen by label, paid at once or from an advance, less those taken back; nothing without the right.

    Over a company or all of them, as the actor sees; in narrower scopes those he wrote down or that are for him.
    """
    if not sees_expenses(actor):
        return {}
    wanted = company_id if actor.scope() is Scope.ALL else actor.company_id
    day = LedgerDay.business_date if whole(actor) else Entry.business_date
    label = fn.substr(day, 1, by.letters).coerce(False)
    if whole(actor):
        select: Any = LedgerDay.select(label, fn.SUM(LedgerDay.amount_fen)).where(
            LedgerDay.account == _ACCOUNT
        )
        company = LedgerDay.company
    else:
        select = (
            Posting.select(label, fn.SUM(Posting.amount_fen))
            .join(Entry)
            .where(Posting.account == _ACCOUNT, _own(actor))
        )
        company = Entry.company
    first, last = days_of(period)
    select = select.where(day >= first, day <= last).group_by(label)
    if wanted is not None:
        select = select.where(company == wanted)
    return dict(cast("Iterable[tuple[str, int]]", select.tuples()))


def _own(actor: Actor) -> Any:
    """The entries of expenses the actor wrote down or that are for him, and of what paid them from an advance."""
    mine = (Expense.operator == actor.operator_id) | (Expense.person == actor.operator_id)
    paid = Expense.select(Expense.id).where(mine)
    set_off = AdvanceSettlement.select(AdvanceSettlement.id).join(
        Expense, on=(AdvanceSettlement.expense == Expense.id)
    )
    return ((Entry.source_kind == "expense") & Entry.source_id.in_(paid)) | (
        (Entry.source_kind == "advance_settlement") & Entry.source_id.in_(set_off.where(mine))
    )
