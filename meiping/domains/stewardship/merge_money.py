"""Stored value and debt of a merged customer go to the survivor by balanced entries, and come back by counter-entries."""

from meiping.domains.ledger import service as ledger
from meiping.domains.ledger.queries import balance_fen
from meiping.domains.ledger.rules import Account, Line
from meiping.domains.till.service import business_date
from meiping.kernel.errors import UserError
from meiping.kernel.money import show_fen
from meiping.kernel.source import Source
from meiping.store.unit_of_work import Work

SOURCE = "merge"
"""The kind of document such entries name; its id is the merge's."""
_CARRIED = {
    Account.STORED_PRINCIPAL: "储值本金",
    Account.STORED_BONUS: "储值赠送",
    Account.RECEIVABLE: "欠款",
    Account.DEPOSIT: "定金",
}


def carry_over(work: Work, merge_id: int, *, from_id: int, to_id: int, memo: str) -> None:
    """Book what a customer has with the shop to another, an entry for each company."""
    keys = [account.value for account in _CARRIED]
    marks = ", ".join("?" * len(keys))
    rows = work.execute(
        "SELECT company_id, account, amount_fen FROM balance WHERE party_id = ? AND amount_fen <> 0"
        f" AND account IN ({marks}) ORDER BY company_id, account",
        from_id,
        *keys,
    ).fetchall()
    for company_id in dict.fromkeys(row[0] for row in rows):
        lines: list[Line] = []
        for company, key, fen in rows:
            if company == company_id:
                lines += [Line(Account(key), -fen, from_id), Line(Account(key), fen, to_id)]
        _post(work, merge_id, company_id, lines, memo)


def carry_back(work: Work, merge_id: int, *, from_id: int, memo: str) -> None:
    """Book back what came over. Raises UserError where less of it is left with the survivor ``from_id``."""
    entries = work.execute(
        "SELECT id, company_id FROM entry WHERE source_kind = ? AND source_id = ? AND reverses_id IS NULL",
        SOURCE,
        merge_id,
    ).fetchall()
    for entry_id, company_id in entries:
        rows = work.execute(
            "SELECT account, amount_fen, party_id FROM posting WHERE entry_id = ? ORDER BY id", entry_id
        ).fetchall()
        for key, fen, party_id in rows:
            if party_id == from_id:
                _require_left(Account(key), abs(fen), company_id, party_id)
        lines = [Line(Account(key), -fen, party_id) for key, fen, party_id in rows]
        _post(work, merge_id, company_id, lines, memo, reverses_id=entry_id)


def _post(
    work: Work,
    merge_id: int,
    company_id: int,
    lines: list[Line],
    memo: str,
    *,
    reverses_id: int | None = None,
) -> None:
    ledger.post(
        work,
        memo=memo,
        source=Source(SOURCE, merge_id),
        business_date=business_date(work),
        lines=lines,
        reverses_id=reverses_id,
        company_id=company_id,
    )


def _require_left(account: Account, came_fen: int, company_id: int, party_id: int) -> None:
    left_fen = abs(balance_fen(account, company_id=company_id, party_id=party_id))
    if left_fen < came_fen:
        what = _CARRIED[account]
        gone = "已经收回一部分" if account is Account.RECEIVABLE else "已经用掉一部分"
        raise UserError(
            f"合并时转来的{what}是 {show_fen(came_fen)}，现在只剩 {show_fen(left_fen)}，{gone}，不能撤销合并。"
        )
