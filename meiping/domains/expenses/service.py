"""Expenses and advances: asked for, decided, paid, taken back; advances settled."""

from meiping.domains.access.models import Operator
from meiping.domains.access.queries import is_administrator
from meiping.domains.audit import service as audit
from meiping.domains.expenses.models import AdvanceSettlement, Expense
from meiping.domains.expenses.queries import outstanding_fen
from meiping.domains.expenses.rules import (
    ADVANCE,
    APPROVE,
    CATEGORY,
    EXPENSE,
    KINDS,
    MAKE,
    PAY,
    PREFIXES,
    ExpenseInput,
    Status,
    check_expense,
)
from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.settings.queries import option, words
from meiping.domains.settings.service import next_number
from meiping.domains.till.rules import receiving_tender
from meiping.domains.till.service import present_session, session
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.money import show_fen
from meiping.kernel.source import Source
from meiping.kernel.text import clean
from meiping.store.unit_of_work import Work, verb

_ACCOUNTS = {EXPENSE: Account.EXPENSE, ADVANCE: Account.ADVANCE}
_SETTLED = "advance_settlement"


@verb(MAKE)
def request_expense(work: Work, *, key: str, expense: ExpenseInput, kind: str = EXPENSE) -> int:
    """Write down an expense or an advance that is to be paid; gives its id.

    Where the shop wants them approved it waits for that first. ``key`` is made when the window opens: pressed twice,
    the same one comes back. Raises InputError with the field it concerns.
    """
    return int(_written_down(work, key, kind, expense).id)


def _written_down(work: Work, key: str, kind: str, expense: ExpenseInput) -> Expense:
    posted = Expense.get_or_none(Expense.key == key)
    if posted is not None:
        return posted
    checked = check_expense(kind, expense)
    _require_known(checked, kind)
    day = present_session(work).business_date
    row = Expense.create(
        key=key,
        number=next_number(work, PREFIXES[kind], day=day),
        kind=kind,
        company=work.actor.company_id,
        operator=work.actor.operator_id,
        person=checked.person_id,
        category=checked.category_id,
        payee=checked.payee,
        amount_fen=checked.amount_fen,
        note=checked.note,
        business_date=day,
        created_at=work.at,
        status=(Status.REQUESTED if option("expenses.approval") else Status.APPROVED).key,
    )
    audit.record(work, "expenses.request", f"登记{KINDS[kind]} {row.number}", Source("expense", row.id))
    work.changed(Topic.EXPENSES)
    return row


@verb(PAY)
def spend(work: Work, *, key: str, expense: ExpenseInput, tender: str = "cash", kind: str = EXPENSE) -> str:
    """Write down and pay at once what needs nobody's approval; gives its number. Raises as the two steps do."""
    return pay_expense(work, expense_id=_written_down(work, key, kind, expense).id, tender=tender)


@verb(APPROVE)
def decide_expense(work: Work, *, expense_id: int, approve: bool, reason: str = "") -> bool:
    """Approve it or send it back with a reason; gives whether it was the actor's own.

    Own is what he wrote down or gets; only an administrator approves that, and the log tells it. Raises InputError
    where it waits for no decision.
    """
    row = _mine(work, expense_id)
    reason = clean(reason, name="原因", limit=200)
    if row.status != Status.REQUESTED.key:
        raise InputError("这一张已经审批过了。")
    if not approve and not reason:
        raise InputError("请填写驳回的原因。", field="reason")
    own = work.actor.operator_id in (row.operator_id, row.person_id)
    if own and approve and not is_administrator(work.actor.operator_id):
        raise InputError("自己登记或自己领钱的单要请别人审批。")
    row.status = (Status.APPROVED if approve else Status.REFUSED).key
    row.decided_by_id, row.decided_at, row.reason = work.actor.operator_id, work.at, reason
    row.save()
    word = "通过" if approve else "驳回"
    told = f"{word}{KINDS[row.kind]} {row.number}{'（本人的单）' if own else ''}"
    audit.record(work, "expenses.decide", told, Source("expense", row.id))
    work.changed(Topic.EXPENSES)
    return own


@verb(PAY)
def pay_expense(work: Work, *, expense_id: int, tender: str = "cash") -> str:
    """Pay it by a tender and book it; gives its number. Paid once, however often it is pressed.

    Raises InputError while it is not approved.
    """
    row = _mine(work, expense_id)
    if row.status == Status.PAID.key:
        return str(row.number)
    if row.status != Status.APPROVED.key:
        raise InputError("还没有审批通过，不能支付。")
    paid_by = receiving_tender(tender, "支付")
    now = session(work)
    row.status, row.tender = Status.PAID.key, paid_by.key
    row.paid_at, row.paid_date, row.paid_by_id = work.at, now.business_date, work.actor.operator_id
    row.save()
    _book(work, row, paid_by.account)
    audit.record(work, "expenses.pay", f"支付{KINDS[row.kind]} {row.number}", Source("expense", row.id))
    return str(row.number)


@verb(PAY)
def take_back_expense(work: Work, *, key: str, expense_id: int, reason: str) -> str:
    """Take a paid expense or advance back by a counter-slip by the same tender; gives its number.

    Raises InputError where it was taken back already, without a reason, and for an advance that is settled in part.
    """
    posted = Expense.get_or_none(Expense.key == key)
    if posted is not None:
        return str(posted.number)
    row = _mine(work, expense_id)
    reason = clean(reason, name="原因", limit=200)
    if row.status != Status.PAID.key or row.reverses_id is not None:
        raise InputError("只有已支付的单可以冲销。")
    if not reason:
        raise InputError("请填写冲销的原因。", field="reason")
    if Expense.get_or_none(Expense.reverses == row.id) is not None:
        raise InputError("这一张已经冲销过了。")
    settled = (AdvanceSettlement.advance == row.id) | (AdvanceSettlement.expense == row.id)
    if AdvanceSettlement.select().where(settled).exists():
        raise InputError("这一张已经还款或抵扣，不能冲销。")
    now = session(work)
    back = Expense.create(
        key=key,
        number=next_number(work, PREFIXES[row.kind], day=now.business_date),
        kind=row.kind,
        company=row.company_id,
        operator=work.actor.operator_id,
        person=row.person_id,
        category=row.category_id,
        payee=row.payee,
        amount_fen=-row.amount_fen,
        note=f"冲销 {row.number}：{reason}",
        business_date=now.business_date,
        created_at=work.at,
        status=Status.PAID.key,
        tender=row.tender,
        paid_at=work.at,
        paid_date=now.business_date,
        paid_by=work.actor.operator_id,
        reverses=row.id,
    )
    _book(work, back, receiving_tender(row.tender, "支付").account)
    audit.record(
        work, "expenses.take_back", f"冲销{KINDS[row.kind]} {row.number}", Source("expense", back.id)
    )
    return str(back.number)


@verb(PAY)
def settle_advance(
    work: Work,
    *,
    key: str,
    advance_id: int,
    amount_fen: int | None = None,
    tender: str = "cash",
    expense_id: int | None = None,
) -> str:
    """Take part of an advance back as money, or set an approved expense off against it; gives the slip's number.

    Raises InputError for more than is outstanding.
    """
    posted = AdvanceSettlement.get_or_none(AdvanceSettlement.key == key)
    if posted is not None:
        return str(posted.number)
    advance = _mine(work, advance_id)
    if advance.kind != ADVANCE or advance.status != Status.PAID.key or advance.amount_fen < 0:
        raise InputError("只有已支付的借支可以还款。")
    spent = None if expense_id is None else _to_set_off(work, expense_id)
    fen = spent.amount_fen if spent is not None else amount_fen or 0
    left_fen = outstanding_fen(advance.id)
    if fen <= 0:
        raise InputError("还款金额必须大于零。", field="amount_fen")
    if fen > left_fen:
        raise InputError(f"这笔借支只剩 {show_fen(left_fen)} 没有还。", field="amount_fen")
    paid_with = None if spent is not None else receiving_tender(tender, "还款")
    now = session(work) if paid_with is not None else present_session(work)
    row = AdvanceSettlement.create(
        key=key,
        number=next_number(work, "HK", day=now.business_date),
        company=work.actor.company_id,
        operator=work.actor.operator_id,
        advance=advance.id,
        expense=None if spent is None else spent.id,
        amount_fen=fen,
        tender="" if paid_with is None else paid_with.key,
        posted_at=work.at,
        business_date=now.business_date,
    )
    if spent is not None:
        spent.status, spent.paid_at, spent.paid_date = Status.PAID.key, work.at, now.business_date
        spent.paid_by_id = work.actor.operator_id
        spent.save()
    source = Source(_SETTLED, row.id)
    ledger.post(
        work,
        memo=row.number,
        source=source,
        business_date=now.business_date,
        shift_id=now.shift_id,
        lines=[
            Line(Account.EXPENSE if paid_with is None else paid_with.account, fen),
            Line(Account.ADVANCE, -fen),
        ],
    )
    audit.record(work, "expenses.settle", f"借支 {advance.number} 还款 {row.number}", source)
    work.changed(Topic.EXPENSES)
    return str(row.number)


def _to_set_off(work: Work, expense_id: int) -> Expense:
    spent = _mine(work, expense_id)
    if spent.kind != EXPENSE or spent.status != Status.APPROVED.key:
        raise InputError("抵扣要选一张待支付的费用单。", field="expense_id")
    return spent


def _mine(work: Work, expense_id: int) -> Expense:
    row = Expense.get_or_none(Expense.id == expense_id, Expense.company == work.actor.company_id)
    if row is None:
        raise NotFound("没有找到这张单，可能属于别的公司。")
    return row


def _require_known(checked: ExpenseInput, kind: str) -> None:
    if Operator.get_or_none(Operator.id == checked.person_id, Operator.active) is None:
        raise InputError("这位操作员已停用，请另选一位。", field="person_id")
    if kind == EXPENSE and checked.category_id not in {word.id for word in words(CATEGORY)}:
        raise InputError("这个费用类别已停用，请另选一个。", field="category_id")


def _book(work: Work, row: Expense, account: Account) -> None:
    now = session(work)
    ledger.post(
        work,
        memo=row.number,
        source=Source("expense", row.id),
        business_date=now.business_date,
        shift_id=now.shift_id,
        lines=[Line(_ACCOUNTS[row.kind], row.amount_fen), Line(account, -row.amount_fen)],
    )
    work.changed(Topic.EXPENSES)
