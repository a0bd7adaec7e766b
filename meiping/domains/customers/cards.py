"""A member's card lost, found again, or replaced by one with another number; the log of changes keeps its history."""

from meiping.domains.audit import service as audit
from meiping.domains.customers.indexing import reindex
from meiping.domains.customers.models import Customer, ReplacedCard
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.customers.rules import CARDS, FIELD_TITLES, KIND, VIEW, check_card, shown_name
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work, query, verb

_STATE, _GOOD, _LOST = "会员卡", "正常", "已挂失"


@verb(CARDS)
def freeze_card(work: Work, *, customer_id: int) -> None:
    """The card is lost: stored value, points and count cards can't be used until it is found or replaced."""
    row = _customer(work, customer_id)
    if row.card_frozen_at is None:
        _set_frozen(work, row, frozen=True)
        audit.record(work, "customer.card_lost", "会员卡挂失", Source(KIND, row.id))


@verb(CARDS)
def unfreeze_card(work: Work, *, customer_id: int) -> None:
    """The card was found again."""
    row = _customer(work, customer_id)
    if row.card_frozen_at is not None:
        _set_frozen(work, row, frozen=False)
        audit.record(work, "customer.card_found", "会员卡解除挂失", Source(KIND, row.id))


@verb(CARDS)
def replace_card(work: Work, *, customer_id: int, card_number: str) -> None:
    """Another card in place of the one there was, which is known no more. Raises InputError for one in use."""
    row = _customer(work, customer_id)
    number = check_card(card_number)
    if not number:
        raise InputError("请填写新卡号。", field="card_number")
    if Customer.select().where(Customer.card_number == number).exists():
        raise InputError("这个卡号已经有人用，请换一张卡。", field="card_number")
    subject = Source(KIND, row.id)
    audit.record_changes(work, subject, [(FIELD_TITLES["card_number"], row.card_number or "", number)])
    if row.card_number:
        ReplacedCard.insert(
            card_number=row.card_number, customer=row.id, replaced_at=work.at
        ).on_conflict_replace().execute()
    Customer.update(card_number=number).where(Customer.id == row.id).execute()
    if row.card_frozen_at is not None:
        _set_frozen(work, row, frozen=False)
    reindex(work, [row.id])
    audit.record(work, "customer.card_replaced", "会员卡换卡", subject)
    work.changed(Topic.CUSTOMERS)


@query(VIEW)
def replaced_card(actor: Actor, *, card_number: str) -> tuple[int, str] | None:
    """The id and name of the customer whose card with this number another took the place of; None for any other number.

    Who holds a card with this number now comes first: then it is None too.
    """
    if Customer.select().where(Customer.card_number == card_number).exists():
        return None
    rows = ReplacedCard.select().where(ReplacedCard.card_number == card_number)
    last = rows.order_by(ReplacedCard.replaced_at.desc()).first()
    if last is None:
        return None
    customer_id = survivor_of(last.customer_id)
    try:
        require_visible(actor, customer_id, any_customer=True)
    except NotFound:
        return None
    row = Customer.get_by_id(customer_id)
    return None if row.deleted_at is not None else (customer_id, shown_name(row.name, row.phone))


def require_card(work: Work, customer_id: int) -> None:
    """A part of verbs that spend what a member has. Raises InputError while the card is lost."""
    row = work.execute("SELECT card_frozen_at FROM customer WHERE id = ?", customer_id).fetchone()
    if row is not None and row[0] is not None:
        raise InputError("会员卡已挂失，不能用储值、积分和次卡。")


def _customer(work: Work, customer_id: int) -> Customer:
    customer_id = survivor_of(customer_id)
    require_visible(work.actor, customer_id, any_customer=True)
    row: Customer = Customer.get_by_id(customer_id)
    if row.deleted_at is not None:
        raise NotFound("这位客户在回收站里，请先恢复。")
    return row


def _set_frozen(work: Work, row: Customer, *, frozen: bool) -> None:
    Customer.update(card_frozen_at=work.at if frozen else None).where(Customer.id == row.id).execute()
    before, after = (_GOOD, _LOST) if frozen else (_LOST, _GOOD)
    audit.record_changes(work, Source(KIND, row.id), [(_STATE, before, after)])
    work.changed(Topic.CUSTOMERS)
