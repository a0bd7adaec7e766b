"""Balances, and a customer's 财务往来 with running balances."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from peewee import Case, fn

from meiping.domains.customers.queries import family_ids, require_visible
from meiping.domains.ledger.models import Balance, Entry, Posting
from meiping.domains.ledger.rules import VIEW_MONEY, Account
from meiping.kernel.actor import Actor
from meiping.kernel.tabular import Column, Kind, Table
from meiping.store.database import fetch_value
from meiping.store.unit_of_work import query


def balance_fen(account: Account, *, company_id: int, party_id: int = 0) -> int:
    """The balance of an account for one party in one company; debits positive."""
    return int(
        fetch_value(
            "SELECT amount_fen FROM balance WHERE account = ? AND company_id = ? AND party_id = ?",
            account.value,
            company_id,
            party_id,
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class CustomerBalances:
    """What a customer has with the shop in the actor's company, in fen, all positive."""

    stored_principal_fen: int
    stored_bonus_fen: int
    debt_fen: int
    spent_fen: int

    @property
    def stored_fen(self) -> int:
        """Stored value, principal and bonus."""
        return self.stored_principal_fen + self.stored_bonus_fen


def balances_in(company_id: int, customer_id: int) -> CustomerBalances:
    """The balances of one customer in one company, for verbs that have checked who may see them.

    What was merged into him brought its stored value and debt along; what it had bought counts besides.
    """

    def of(account: Account) -> int:
        return balance_fen(account, company_id=company_id, party_id=customer_id)

    sold = (Account.SALES.value, Account.ROUNDING.value)
    spent = (
        Balance.select(fn.COALESCE(fn.SUM(Balance.amount_fen), 0))
        .where(
            Balance.account.in_(sold),
            Balance.company == company_id,
            Balance.party_id.in_(family_ids(customer_id)),
        )
        .scalar()
    )

    return CustomerBalances(
        stored_principal_fen=-of(Account.STORED_PRINCIPAL),
        stored_bonus_fen=-of(Account.STORED_BONUS),
        debt_fen=of(Account.RECEIVABLE),
        spent_fen=-spent,
    )


@query(VIEW_MONEY)
def customer_balances(actor: Actor, *, customer_id: int) -> CustomerBalances:
    """Stored value, debt and spending of a customer in the actor's company."""
    require_visible(actor, customer_id, any_customer=True)
    return balances_in(actor.company_id, customer_id)


KIND_WORDS = {
    "sale": "销售",
    "return": "退货",
    "recharge": "充值",
    "refund": "退款",
    "receipt": "收款",
    "write_off": "核销",
    "import": "期初",
    "merge": "合并",
    "card_use": "次卡",
    "tender_change": "改收款方式",
    "deposit": "定金",
}
STATEMENT_COLUMNS = (
    Column("posted_at", "时间", Kind.MOMENT, width=17),
    Column("kind", "类型", width=6),
    Column("number", "单号", Kind.CODE, width=20),
    Column("amount_fen", "金额", Kind.MONEY, width=10),
    Column("stored_change_fen", "储值变动", Kind.MONEY, width=10),
    Column("stored_fen", "储值余额", Kind.MONEY, width=10),
    Column("debt_change_fen", "欠款变动", Kind.MONEY, width=10),
    Column("debt_fen", "欠款余额", Kind.MONEY, width=10, stretch=True),
)
_STORED = (Account.STORED_PRINCIPAL.value, Account.STORED_BONUS.value)
_SOLD = (Account.SALES.value, Account.ROUNDING.value)


@query(VIEW_MONEY)
def statement(actor: Actor, *, customer_id: int) -> Table:
    """Every dealing with a customer in the actor's company, the newest first, with running balances.

    The amount is what was sold, given back, or paid; a bonus shows in the stored value only.
    """
    require_visible(actor, customer_id, any_customer=True)
    rows = []
    stored_fen = debt_fen = 0
    for entry in _told(_entries_of(customer_id, actor.company_id)):
        stored_fen -= entry["stored"]
        debt_fen += entry["debt"]
        rows.append({**_statement_row(entry), "stored_fen": stored_fen, "debt_fen": debt_fen})
    return Table("财务往来", STATEMENT_COLUMNS, rows[::-1])


def _entries_of(customer_id: int, company_id: int) -> Iterable[dict[str, Any]]:
    """The entries about a customer with what each moved on his accounts, the oldest first."""

    def summed(*accounts: str) -> Any:
        return fn.SUM(Case(None, [(Posting.account.in_(accounts), Posting.amount_fen)], 0))

    entries = (
        Entry.select(
            Entry.id,
            Entry.posted_at,
            Entry.source_kind,
            Entry.memo,
            Entry.reverses.alias("reverses"),
            summed(*_SOLD).alias("sold"),
            summed(*_STORED).alias("stored"),
            summed(Account.STORED_PRINCIPAL.value).alias("principal"),
            summed(Account.RECEIVABLE.value).alias("debt"),
            summed(Account.CARD_LIABILITY.value).alias("card"),
            summed(Account.DEPOSIT.value).alias("deposit"),
        )
        .join(Posting)
        .where(Posting.party_id.in_(family_ids(customer_id)), Posting.company == company_id)
        .group_by(Entry.id)
        .order_by(Entry.id)
    )
    return cast("Iterable[dict[str, Any]]", entries.dicts())


def _statement_row(entry: dict[str, Any]) -> dict[str, Any]:
    sold_fen = -entry["sold"]
    kind = "return" if entry["source_kind"] == "sale" and sold_fen < 0 else entry["source_kind"]
    opened_fen = entry["debt"] - entry["stored"]
    amount_fen = {
        "recharge": -entry["principal"],
        "refund": -entry["principal"],
        "receipt": -entry["debt"],
        "write_off": -entry["debt"],
        "import": opened_fen,
        "merge": opened_fen,
        "card_use": entry["card"],
        "deposit": -entry["deposit"],
    }.get(kind, sold_fen)
    return {
        "id": entry["id"],
        "posted_at": entry["posted_at"],
        "kind": KIND_WORDS.get(kind, kind),
        "source": entry["source_kind"],
        "number": entry["memo"],
        "amount_fen": amount_fen,
        "stored_change_fen": -entry["stored"] or None,
        "debt_change_fen": entry["debt"] or None,
    }


def _told(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries without what says nothing: transfers within the family, and one that was taken back at once."""
    told: list[dict[str, Any]] = []
    for entry in entries:
        if entry["source_kind"] == "merge":
            if not entry["stored"] and not entry["debt"]:
                continue
            if told and entry["reverses"] is not None and told[-1]["id"] == entry["reverses"]:
                told.pop()
                continue
        told.append(entry)
    return told
