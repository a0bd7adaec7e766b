"""What is given back for goods brought back, and how: debt first, then as it was paid.

Money of earlier bills reaches later ones by exchanges: what goods had been paid with then counts for the goods
taken instead, tender by tender, so that stored value never becomes cash on the way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from meiping.domains.customers.queries import survivor_of
from meiping.domains.ledger.queries import balances_in
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.sales.models import ExchangeCredit, Sale, SaleTender, TenderChange
from meiping.domains.till.rules import TENDER_BY_KEY, Tender
from meiping.kernel.actor import Actor
from meiping.kernel.money import share_out
from meiping.store.database import fetch


class RefundWay(StrEnum):
    """How money goes back: as it was paid, into stored value, or what was no stored value in cash."""

    AS_PAID = "as_paid"
    STORED = "stored"
    CASH = "cash"


@dataclass(frozen=True, slots=True)
class Purse:
    """What one tender still holds of a bill, in fen; ``bonus_fen`` of it is stored value that was given."""

    amount_fen: int
    bonus_fen: int = 0

    def part(self, amount_fen: int) -> "Purse":
        """So much of it, bonus in proportion."""
        if amount_fen >= self.amount_fen:
            return Purse(amount_fen, min(self.bonus_fen, amount_fen))
        _, bonus = share_out(amount_fen, [self.amount_fen - self.bonus_fen, self.bonus_fen])
        return Purse(amount_fen, bonus)

    def plus(self, other: "Purse") -> "Purse":
        """Both together."""
        return Purse(self.amount_fen + other.amount_fen, self.bonus_fen + other.bonus_fen)

    def less(self, part: "Purse") -> "Purse":
        """What is left of it."""
        return Purse(self.amount_fen - part.amount_fen, self.bonus_fen - part.bonus_fen)


Purses = dict[Tender, Purse]


def whose(sale: Sale) -> int | None:
    """Who gets what comes back: the bill's customer, or the one he was merged into."""
    return None if sale.customer_id is None else survivor_of(sale.customer_id)


def purses_of(sale: Sale) -> Purses:
    """What each tender but credit paid for a bill, less what was given back or went on to an exchange.

    What had been paid beforehand counts as cash: so it goes back.
    """
    bills = [sale.id, *(row.id for row in _returns_of(sale))]
    amounts: dict[Tender, int] = {}
    for row in SaleTender.select().where(SaleTender.sale.in_(bills)).order_by(SaleTender.id):
        tender = Tender.CASH if row.tender == Tender.DEPOSIT.key else TENDER_BY_KEY[row.tender]
        if tender is not Tender.CREDIT and not _given_at_exchange(sale, row):
            amounts[tender] = amounts.get(tender, 0) + row.amount_fen
    for change in TenderChange.select().where(TenderChange.sale == sale.id).order_by(TenderChange.id):
        wrong, right = TENDER_BY_KEY[change.from_tender], TENDER_BY_KEY[change.to_tender]
        amounts[wrong] = amounts.get(wrong, 0) - change.amount_fen
        amounts[right] = amounts.get(right, 0) + change.amount_fen
    bonus_fen = _bonus_spent([one for one in bills if sale.total_fen >= 0 or one != sale.id])
    both = (ExchangeCredit.sale == sale.id) | (ExchangeCredit.original == sale.id)
    for credit in ExchangeCredit.select().where(both).order_by(ExchangeCredit.sale, ExchangeCredit.original):
        tender = TENDER_BY_KEY[credit.tender]
        came = credit.sale_id == sale.id
        amounts[tender] = amounts.get(tender, 0) + (credit.kept_fen if came else -credit.amount_fen)
        bonus_fen += credit.kept_bonus_fen if came else -credit.bonus_fen
    whole = {tender: max(fen, 0) for tender, fen in _less_kept(amounts).items()}
    return {
        tender: Purse(fen, max(0, min(bonus_fen, fen)) if tender is Tender.STORED_VALUE else 0)
        for tender, fen in whole.items()
    }


def _less_kept(amounts: Mapping[Tender, int]) -> dict[Tender, int]:
    """The amounts once money that went back another way than it came is taken off what it had been paid with."""
    kept_fen = -sum(min(fen, 0) for fen in amounts.values())
    real = {tender: fen for tender, fen in amounts.items() if tender.real_money and fen > 0}
    cuts = share_out(min(kept_fen, sum(real.values())), list(real.values()))
    return {**amounts, **{tender: fen - cut for (tender, fen), cut in zip(real.items(), cuts, strict=True)}}


def _returns_of(sale: Sale) -> list[Sale]:
    return list(Sale.select(Sale.id).where(Sale.original == sale.id, Sale.kind == "return"))


def _given_at_exchange(sale: Sale, row: SaleTender) -> bool:
    """What an exchange itself gave back is no part of what it keeps."""
    return row.sale_id == sale.id and row.amount_fen < 0


def _bonus_spent(bills: Sequence[int]) -> int:
    marks = ", ".join("?" * len(bills))
    rows = fetch(
        "SELECT coalesce(sum(p.amount_fen), 0) FROM posting p JOIN entry e ON e.id = p.entry_id"
        f" WHERE e.source_kind = 'sale' AND e.source_id IN ({marks}) AND p.account = 'stored_bonus'",
        *bills,
    )
    return int(rows[0][0])


def debt_of(actor: Actor, customer_id: int | None) -> int:
    """What the customer owes in the actor's company, in fen."""
    return 0 if customer_id is None else balances_in(actor.company_id, customer_id).debt_fen


def take_from(purses: Purses, amount_fen: int, way: RefundWay = RefundWay.AS_PAID) -> Purses:
    """``amount_fen`` out of the purses in proportion, as far as they reach; they are lowered.

    What goes into stored value takes first what came from it, so that bonus comes back as bonus.
    """
    stored = purses.get(Tender.STORED_VALUE)
    if way is RefundWay.STORED and stored is not None and stored.amount_fen:
        first = stored.part(min(amount_fen, stored.amount_fen))
        purses[Tender.STORED_VALUE] = stored.less(first)
        others: Purses = {
            tender: purse for tender, purse in purses.items() if tender is not Tender.STORED_VALUE
        }
        taken = take_from(others, amount_fen - first.amount_fen)
        purses.update(others)
        return {Tender.STORED_VALUE: first, **taken}
    weights = [purse.amount_fen for purse in purses.values()]
    parts = share_out(min(amount_fen, sum(weights)), weights)
    taken = {tender: purses[tender].part(fen) for tender, fen in zip(purses, parts, strict=True) if fen}
    for tender, part in taken.items():
        purses[tender] = purses[tender].less(part)
    return taken


def given_back(parts: Mapping[Tender, Purse], rest_fen: int, way: RefundWay) -> Purses:
    """By which tenders ``parts`` and ``rest_fen``, for which no tender stands any more, go back to the customer."""
    back: Purses = {}

    into = {RefundWay.STORED: Tender.STORED_VALUE, RefundWay.CASH: Tender.CASH}.get(way)
    for tender, purse in parts.items():
        to = into if into is not None and tender.real_money else tender
        back[to] = back.get(to, Purse(0)).plus(purse)
    if rest_fen:
        to = into or Tender.CASH
        back[to] = back.get(to, Purse(0)).plus(Purse(rest_fen))
    return back


def refund_lines(back: Mapping[Tender, Purse], party: int) -> list[Line]:
    """The postings that give it back."""
    lines: list[Line] = []
    for tender, purse in back.items():
        if tender is Tender.STORED_VALUE:
            lines.append(Line(Account.STORED_PRINCIPAL, purse.bonus_fen - purse.amount_fen, party))
            lines.append(Line(Account.STORED_BONUS, -purse.bonus_fen, party))
        else:
            lines.append(Line(tender.account, -purse.amount_fen, party if tender is Tender.CREDIT else 0))
    return lines
