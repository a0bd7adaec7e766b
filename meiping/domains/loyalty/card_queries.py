"""Reading count cards: the kinds a shop sells, a customer's cards, and their uses."""

from typing import Any

from meiping.adapters.receipt_pdf import Block, Pair, Rule, Slip
from meiping.domains.access.models import Company, Operator
from meiping.domains.catalog.models import Product
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import family_ids, require_visible, survivor_of
from meiping.domains.customers.rules import VIEW, shown_name
from meiping.domains.loyalty.card_rules import MANAGE_CARDS, USE_WORDS
from meiping.domains.loyalty.models import CardKind, CardUse, CountCard
from meiping.domains.till.queries import shop_paper
from meiping.kernel.actor import Actor
from meiping.kernel.errors import NotFound
from meiping.kernel.moments import show_date, show_moment
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store.database import fetch
from meiping.store.unit_of_work import query

KIND_COLUMNS = (
    Column("code", "编码", Kind.CODE, width=12),
    Column("name", "商品", width=20, stretch=True),
    Column("price_fen", "售价", Kind.MONEY, width=12),
    Column("service", "服务", width=16),
    Column("uses", "次数", Kind.NUMBER, width=8),
    Column("days", "有效天数", width=11),
    Column("state", "状态", width=8),
)
CARD_COLUMNS = (
    Column("service", "服务", width=14, stretch=True),
    Column("left", "剩余", Kind.NUMBER, width=7),
    Column("uses", "次数", Kind.NUMBER, width=7),
    Column("until_date", "到期", Kind.DATE, width=11),
    Column("state", "状态", width=8),
    Column("net_fen", "实付", Kind.MONEY, width=11),
    Column("number", "单号", Kind.CODE, width=19),
    Column("sold_at", "购买时间", Kind.MOMENT, width=17),
    Column("company", "公司", width=12, hidden=True),
)
USE_COLUMNS = (
    Column("at", "时间", Kind.MOMENT, width=17),
    Column("kind", "类型", width=7),
    Column("number", "单号", Kind.CODE, width=19),
    Column("uses", "次数", Kind.NUMBER, width=7),
    Column("left", "剩余", Kind.NUMBER, width=7),
    Column("operator", "经手人", width=10, stretch=True),
)


@query(MANAGE_CARDS)
def card_kinds(actor: Actor) -> Table:
    """The products that are count cards, by ``KIND_COLUMNS``."""
    rows = []
    for row in CardKind.select(CardKind, Product).join(Product).order_by(Product.code):
        active = bool(row.active) and bool(row.product.active)
        rows.append(
            {
                "id": row.product_id,
                "code": row.product.code,
                "name": row.product.name,
                "price_fen": row.product.list_price_fen,
                "service": row.service,
                "uses": row.uses,
                "days": f"{row.days} 天" if row.days else "长期有效",
                "day_count": row.days,
                "active": bool(row.active),
                "state": "在卖" if active else "停卖",
                "tone": None if active else "muted",
            }
        )
    return Table("次卡", KIND_COLUMNS, rows)


@query(VIEW)
def cards_of(actor: Actor, *, customer_id: int) -> Table:
    """A customer's count cards, those that can be used first, by ``CARD_COLUMNS``; ``usable`` says which can here."""
    customer_id = survivor_of(customer_id)
    require_visible(actor, customer_id, any_customer=True)
    met = CountCard.customer.in_(family_ids(customer_id))
    cards = list(CountCard.select().where(met).order_by(CountCard.id))
    used = _used([card.id for card in cards])
    returned = _returned([card.id for card in cards])
    bills = _bills([card.sale_line_id for card in cards])
    companies = {row.id: row.name for row in Company.select()}
    today = actor.today()
    rows: list[dict[str, Any]] = []
    for card in cards:
        left = card.uses - used.get(card.id, 0)
        over = card.until_date is not None and card.until_date <= today
        state = "已退" if card.id in returned else "用完" if not left else "到期" if over else "可用"
        rows.append(
            {
                "id": card.id,
                "service": card.service,
                "left": left,
                "uses": card.uses,
                "until_date": card.until_date,
                "state": state,
                "net_fen": card.net_fen,
                "number": bills.get(card.sale_line_id, ""),
                "sold_at": card.sold_at,
                "company": companies.get(card.company_id, ""),
                "usable": state == "可用" and card.company_id == actor.company_id,
                "tone": None if state == "可用" else "muted",
            }
        )
    rows.sort(key=lambda row: (row["state"] != "可用", row["until_date"] is None, row["until_date"] or today))
    return Table("次卡", CARD_COLUMNS, rows)


@query(VIEW)
def card_covering(actor: Actor, *, customer_id: int, product_id: int) -> tuple[str, int] | None:
    """The service of a card the customer could use here for this product, and what is left of it; None for none.

    A card covers what its service is named after; selling another card is nothing it could be used for.
    """
    if not CountCard.select().where(CountCard.customer.in_(family_ids(customer_id))).exists():
        return None
    if CardKind.select().where(CardKind.product == product_id).exists():
        return None
    name = Product.get_by_id(product_id).name.casefold()
    for row in cards_of(actor, customer_id=customer_id).rows:
        service = row["service"].casefold()
        if row["usable"] and (service in name or name in service):
            return row["service"], row["left"]
    return None


@query(VIEW)
def uses_of(actor: Actor, *, card_id: int) -> Table:
    """Every use of a card, the newest first, by ``USE_COLUMNS``; ``undoable`` says which may be taken back today."""
    card = CountCard.get_or_none(CountCard.id == card_id)
    if card is None:
        return Table("次卡使用", USE_COLUMNS, [])
    require_visible(actor, survivor_of(card.customer_id), any_customer=True)
    people = {row.id: row.name for row in Operator.select(Operator.id, Operator.name)}
    uses = list(CardUse.select().where(CardUse.card == card_id).order_by(CardUse.id))
    undone = {use.undoes_id for use in uses}
    rows, left = [], card.uses
    for use in uses:
        left -= use.uses
        rows.append(
            {
                "id": use.id,
                "at": use.at,
                "kind": USE_WORDS[use.kind],
                "number": use.number,
                "uses": use.uses,
                "left": left,
                "operator": people.get(use.operator_id, "程序"),
                "undoable": use.kind == "use" and use.id not in undone,
                "tone": "muted" if use.id in undone or use.kind == "undo" else None,
            }
        )
    return Table("次卡使用", USE_COLUMNS, rows[::-1])


def cards_sold_on(sale_id: int) -> list[tuple[str, int, Any]]:
    """Service, uses and day of expiry of the cards sold on a bill, for verbs that have checked who may see it."""
    rows = (
        CountCard.select()
        .where(
            CountCard.sale_line_id.in_(
                [one for (one,) in fetch("SELECT id FROM sale_line WHERE sale_id = ?", sale_id)]
            )
        )
        .order_by(CountCard.id)
    )
    return [(card.service, card.uses, card.until_date) for card in rows]


def cards_back_on(sale_id: int) -> list[tuple[str, str]]:
    """Of each count card used in part that came back with a return: its service, and what was used of it."""
    return fetch(
        "SELECT DISTINCT c.service, l.note FROM sale_line l JOIN count_card c ON c.sale_line_id = l.returns_line_id"
        " WHERE l.sale_id = ? AND l.note <> '' ORDER BY l.position",
        sale_id,
    )


@query(VIEW)
def card_use_slip(actor: Actor, *, number: str, reprint: bool = False) -> Slip:
    """The slip of a use, with what is left of the card now. Raises NotFound outside the actor's scope."""
    use = CardUse.get_or_none(CardUse.number == number)
    if use is None:
        raise NotFound("没有找到这张单。")
    card = use.card
    customer_id = survivor_of(card.customer_id)
    require_visible(actor, customer_id, any_customer=True)
    customer = Customer.get_by_id(customer_id)
    left = card.uses - _used([card.id]).get(card.id, 0)
    body: list[Block] = [
        Rule(),
        Pair("单号", number),
        Pair("时间", show_moment(use.at)),
        Pair("客户", shown_name(customer.name, customer.phone)),
        Rule(),
        Pair(f"{USE_WORDS[use.kind]} {card.service}", f"{use.uses} 次"),
        Pair("剩余", f"{left} 次"),
    ]
    if card.until_date is not None:
        body.append(Pair("到期", show_date(card.until_date)))
    return shop_paper(card.company_id, body, title="次卡消费单", reprint=reprint)


def _used(ids: list[int]) -> dict[int, int]:
    if not ids:
        return {}
    marks = ", ".join("?" * len(ids))
    return dict(fetch(f"SELECT card_id, sum(uses) FROM card_use WHERE card_id IN ({marks}) GROUP BY 1", *ids))


def _returned(ids: list[int]) -> set[int]:
    """Those that were given back."""
    return {row.card_id for row in CardUse.select().where(CardUse.card.in_(ids), CardUse.kind == "return")}


def _bills(line_ids: list[int]) -> dict[int, str]:
    if not line_ids:
        return {}
    marks = ", ".join("?" * len(line_ids))
    return dict(
        fetch(
            f"SELECT l.id, s.number FROM sale_line l JOIN sale s ON s.id = l.sale_id WHERE l.id IN ({marks})",
            *line_ids,
        )
    )
