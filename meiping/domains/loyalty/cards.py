"""Count cards kept, sold, used and lapsed. The worth of what is left of them is a debt of the shop's to their owners."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from meiping.domains.audit import service as audit
from meiping.domains.catalog.models import Product
from meiping.domains.customers.cards import require_card
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.loyalty.card_rules import (
    MANAGE_CARDS,
    USE_CARDS,
    USED_CARD,
    CardInput,
    check_card,
    worth_used,
)
from meiping.domains.loyalty.models import CardKind, CardUse, CountCard
from meiping.domains.settings.service import next_number
from meiping.domains.till.service import session
from meiping.kernel.actor import Actor
from meiping.kernel.changes import Topic
from meiping.kernel.errors import InputError, NotFound
from meiping.kernel.money import rounded_ratio
from meiping.kernel.quantity import ONE
from meiping.kernel.source import Source
from meiping.store.database import fetch
from meiping.store.unit_of_work import Work, verb

SOURCE = "card_use"
_AT_ONCE = 200
_LAPSED = """
SELECT c.id FROM count_card c LEFT JOIN (SELECT card_id, sum(uses) AS used FROM card_use GROUP BY 1) u ON u.card_id = c.id
WHERE c.until_date <= ? AND c.uses > coalesce(u.used, 0) ORDER BY c.id LIMIT ?
"""


@verb(MANAGE_CARDS)
def save_card_kind(work: Work, *, card: CardInput) -> int:
    """Make a product a count card, or change its terms; gives the product's id. Cards sold so far stay as they are."""
    checked = check_card(card)
    product = Product.get_or_none(Product.id == checked.product_id)
    if product is None or not product.active:
        raise InputError("请选择一个在用的商品。", field="product_id")
    if product.stocked or product.quantity_decimals or product.amount_only or product.fee_line:
        raise InputError(
            "次卡要用不管库存、按整数卖的商品，请先在商品资料里取消“管理库存”。", field="product_id"
        )
    CardKind.insert(
        product=product.id,
        service=checked.service or product.name,
        uses=checked.uses,
        days=checked.days,
        active=checked.active,
    ).on_conflict_replace().execute()
    audit.record(work, "card_kind.save", f"保存次卡“{product.name}”", Source("product", product.id))
    work.changed(Topic.PRODUCTS)
    return int(product.id)


@dataclass(frozen=True, slots=True)
class Used:
    """A use that was taken: its id and number, the service, and how many are left."""

    use_id: int
    number: str
    service: str
    left: int


@verb(USE_CARDS)
def use_card(work: Work, *, key: str, card_id: int) -> Used:
    """Take one use of a card in its company. ``key`` is made anew for each use: pressed twice, one is taken.

    Raises InputError where none is left, the card has lapsed, or it is another company's.
    """
    posted = CardUse.get_or_none(CardUse.key == key)
    if posted is not None:
        return _told(posted)
    card = _usable(work.actor, card_id)
    require_card(work, survivor_of(card.customer_id))
    used, worth_fen = _require_left(card, work.day)
    amount_fen = worth_used(card.net_fen, card.uses, used + 1) - worth_fen
    use = _write(work, card, "use", 1, amount_fen, key=key)
    audit.record(work, "card.use", f"次卡消费 {use.number}", Source(SOURCE, use.id))
    work.changed(Topic.CUSTOMERS)
    return _told(use)


@verb(USE_CARDS)
def undo_use(work: Work, *, use_id: int) -> Used:
    """Take back a use that was taken by mistake, on the same business day; done once however often it is asked."""
    use = CardUse.get_or_none(CardUse.id == use_id)
    if use is None or use.kind != "use":
        raise NotFound("没有找到这次消费。")
    card = _usable(work.actor, use.card_id)
    undone = CardUse.get_or_none(CardUse.undoes_id == use_id)
    if undone is not None:
        return _told(undone)
    if _came_back(card.id):
        raise InputError("这张次卡已经退了，不能再撤销消费。")
    if use.business_date != session(work).business_date:
        raise InputError("只能撤销当天的次卡消费。")
    used, worth_fen = _used(card.id)
    amount_fen = worth_used(card.net_fen, card.uses, used - 1) - worth_fen
    back = _write(work, card, "undo", -1, amount_fen, undoes_id=use_id)
    audit.record(work, "card.undo", f"撤销次卡消费 {use.number}", Source(SOURCE, back.id))
    work.changed(Topic.CUSTOMERS)
    return _told(back)


@verb(MANAGE_CARDS)
def expire_cards(work: Work) -> int:
    """Book what is left of cards that have lapsed as earned, some hundred at once; gives how many there were."""
    rows = work.execute(_LAPSED, work.day.isoformat(), _AT_ONCE).fetchall()
    for (card_id,) in rows:
        card = CountCard.get_by_id(card_id)
        used, worth_fen = _used(card_id)
        _write(work, card, "expire", card.uses - used, card.net_fen - worth_fen)
    if rows:
        audit.record(work, "card.expire", f"{len(rows)} 张次卡到期")
        work.changed(Topic.CUSTOMERS)
    return len(rows)


# ---------------------------------------------------------------- parts of settling and of returns
@dataclass(frozen=True, slots=True)
class CardLine:
    """A line of a posted bill, or one that comes back (negative quantity and net): of which line it is."""

    line_id: int
    product_id: int
    name: str
    qty_milli: int
    net_fen: int


def issue(work: Work, lines: Iterable[CardLine], *, customer_id: int | None, day: date) -> list[Line]:
    """Make the cards that were sold; gives the postings that put off what was paid for them until they are used.

    Raises InputError without a customer.
    """
    kinds = {row.product_id: row for row in CardKind.select().where(CardKind.active)}
    net_fen = 0
    for line in lines:
        kind = kinds.get(line.product_id)
        if kind is None:
            continue
        if customer_id is None:
            raise InputError(f"“{line.name}”是次卡，请先选择客户（F2）。")
        count = line.qty_milli // ONE
        if line.qty_milli % ONE or count < 1:
            raise InputError(f"“{line.name}”是次卡，请按整数卖。")
        worths = [rounded_ratio(line.net_fen * place, count) for place in range(count + 1)]
        for before, after in pairwise(worths):
            CountCard.create(
                company=work.actor.company_id,
                customer=customer_id,
                sale_line_id=line.line_id,
                service=kind.service,
                uses=kind.uses,
                net_fen=after - before,
                sold_at=work.at,
                until_date=day + timedelta(days=kind.days) if kind.days else None,
            )
        net_fen += line.net_fen
    return _put_off(net_fen, customer_id or 0)


def bring_back(work: Work, lines: Iterable[CardLine]) -> list[Line]:
    """Take cards back with the goods of the bill; gives the postings that undo the putting off.

    Raises InputError where a card was used: only whole ones come back so; see ``left_of``.
    """
    postings: list[Line] = []
    for line in lines:
        cards = list(CountCard.select().where(CountCard.sale_line_id == line.line_id).order_by(CountCard.id))
        if not cards:
            continue
        count = -line.qty_milli // ONE
        unused = [card for card in cards if _used(card.id)[0] == 0]
        if count > len(unused):
            raise InputError(
                f"“{line.name}”的次卡有用过的，请在“会员办理”的“次卡”里一张张退；没有用过的还有 {len(unused)} 张。",
                field=USED_CARD,
            )
        for card in unused[-count:]:
            postings += _come_back(work, card, card.uses, card.net_fen)
    return postings


@dataclass(frozen=True, slots=True)
class CardLeft:
    """A card that can come back: the line of the bill it was sold on, its uses, those gone, and the fen they took."""

    card_id: int
    line_id: int
    service: str
    uses: int
    used: int
    used_fen: int


def left_of(actor: Actor, card_id: int) -> CardLeft:
    """What is left of a card, for who gives it back. Raises NotFound, and InputError where nothing is."""
    card = _usable(actor, card_id)
    used, used_fen = _require_left(card, actor.today())
    return CardLeft(card_id, card.sale_line_id, card.service, card.uses, used, used_fen)


def bring_rest_back(work: Work, left: CardLeft) -> list[Line]:
    """Take back a card with what is left on it; gives the postings that undo the putting off of that."""
    card = CountCard.get_by_id(left.card_id)
    require_card(work, survivor_of(card.customer_id))
    return _come_back(work, card, left.uses - left.used, card.net_fen - left.used_fen)


def _come_back(work: Work, card: CountCard, uses: int, amount_fen: int) -> list[Line]:
    _row(work, card, "return", uses, amount_fen, session(work).business_date)
    return [
        Line(posting.account, -posting.amount_fen, posting.party_id)
        for posting in _put_off(amount_fen, card.customer_id)
    ]


def _put_off(net_fen: int, party: int) -> list[Line]:
    return [Line(Account.CARD_INCOME, net_fen), Line(Account.CARD_LIABILITY, -net_fen, party)]


# ---------------------------------------------------------------- inside
def _usable(actor: Actor, card_id: int) -> CountCard:
    card = CountCard.get_or_none(CountCard.id == card_id)
    if card is None:
        raise NotFound("没有找到这张次卡。")
    require_visible(actor, survivor_of(card.customer_id), any_customer=True)
    if card.company_id != actor.company_id:
        raise InputError("这张次卡是别的公司卖的，请到那里使用。")
    return card


def _require_left(card: CountCard, day: date) -> tuple[int, int]:
    """As ``_used``. Raises InputError where nothing is left to use."""
    if _came_back(card.id):
        raise InputError(f"“{card.service}”这张次卡已经退了。")
    if card.until_date is not None and card.until_date <= day:
        raise InputError(f"“{card.service}”这张次卡已经到期。")
    used, worth_fen = _used(card.id)
    if used >= card.uses:
        raise InputError(f"“{card.service}”这张次卡已经用完。")
    return used, worth_fen


def _came_back(card_id: int) -> bool:
    return bool(CardUse.select().where(CardUse.card == card_id, CardUse.kind == "return").exists())


def _used(card_id: int) -> tuple[int, int]:
    """How many uses have left a card, and the fen they took."""
    ((uses, fen),) = fetch(
        "SELECT coalesce(sum(uses), 0), coalesce(sum(amount_fen), 0) FROM card_use WHERE card_id = ?", card_id
    )
    return int(uses), int(fen)


def _told(use: CardUse) -> Used:
    card = CountCard.get_by_id(use.card_id)
    return Used(use.id, use.number, card.service, card.uses - _used(card.id)[0])


def _write(
    work: Work,
    card: CountCard,
    kind: str,
    uses: int,
    amount_fen: int,
    *,
    key: str | None = None,
    undoes_id: int | None = None,
) -> CardUse:
    """Write a use and book what it earns; one by hand has a number."""
    now = session(work)
    number = next_number(work, "CK", day=now.business_date) if kind != "expire" else ""
    use = _row(
        work, card, kind, uses, amount_fen, now.business_date, key=key, number=number, undoes_id=undoes_id
    )
    ledger.post(
        work,
        memo=number or "次卡到期",
        source=Source(SOURCE, use.id),
        business_date=now.business_date,
        lines=[
            Line(Account.CARD_LIABILITY, amount_fen, card.customer_id),
            Line(Account.CARD_INCOME, -amount_fen),
        ],
        shift_id=now.shift_id if card.company_id == work.actor.company_id else None,
        company_id=card.company_id,
    )
    return use


def _row(
    work: Work,
    card: CountCard,
    kind: str,
    uses: int,
    amount_fen: int,
    day: date,
    *,
    key: str | None = None,
    number: str = "",
    undoes_id: int | None = None,
) -> CardUse:
    made: CardUse = CardUse.create(
        key=key,
        number=number,
        card=card.id,
        at=work.at,
        business_date=day,
        operator_id=work.actor.operator_id,
        kind=kind,
        uses=uses,
        amount_fen=amount_fen,
        undoes_id=undoes_id,
    )
    return made
