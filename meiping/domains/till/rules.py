"""The ways to pay, the sums of cash a customer is likely to hand over, and what a drawer is counted by."""

import json
from collections.abc import Mapping

from meiping.domains.ledger.rules import Account
from meiping.kernel.errors import InputError
from meiping.kernel.money import MAX_FEN, show_fen
from meiping.kernel.permissions import permission
from meiping.kernel.titled import Titled

SHIFT = permission("till.shift", "开班交班", group="收银")
MOVE_CASH = permission("till.cash", "现金收支", group="收银")
OPEN_DRAWER = permission("till.drawer", "开钱箱", group="收银", approvable=True)
BIG_DIFFERENCE = permission("till.big_difference", "大额长短款交班", group="收银", approvable=True)


class Tender(Titled):
    """A way to pay: key in the file, word on screen, account. Cards and codes are recorded, not charged."""

    CASH = ("cash", "现金", Account.CASH)
    WECHAT = ("wechat", "微信", Account.WECHAT)
    ALIPAY = ("alipay", "支付宝", Account.ALIPAY)
    CARD = ("card", "银行卡", Account.CARD)
    STORED_VALUE = ("stored_value", "储值", Account.STORED_PRINCIPAL)
    CREDIT = ("credit", "赊账", Account.RECEIVABLE)
    POINTS = ("points", "积分", Account.PROMOTION)
    DEPOSIT = ("deposit", "定金", Account.DEPOSIT)

    @property
    def account(self) -> Account:
        """Where it is booked; stored value is split into principal and bonus by the wallet."""
        return Account(self.value[2])

    @property
    def real_money(self) -> bool:
        """Whether money reaches the shop now: what may pay a recharge or a receipt."""
        return self not in (Tender.STORED_VALUE, Tender.CREDIT, Tender.POINTS, Tender.DEPOSIT)


TENDER_BY_KEY = {tender.key: tender for tender in Tender}
RECEIVING_TENDERS = tuple(tender for tender in Tender if tender.real_money)


def receiving_tender(key: str, what: str) -> Tender:
    """The tender by which money reaches or leaves the shop for ``what`` (充值, 退款). Raises InputError for any other."""
    tender = TENDER_BY_KEY.get(key)
    if tender is None or not tender.real_money:
        raise InputError(f"{what}要用{'、'.join(one.title for one in RECEIVING_TENDERS)}。", field="tender")
    return tender


_NOTES_FEN = (10_000, 1_000, 5_000, 500, 100, 2_000)
"""What sums are rounded up to, the likeliest first."""


def suggested_cash(due_fen: int, *, most: int = 4) -> list[int]:
    """Sums of cash likely to be handed over for ``due_fen``: exact, then the next round ones, rising."""
    if due_fen <= 0:
        return []
    rounded = dict.fromkeys(-(-due_fen // note) * note for note in _NOTES_FEN)
    rounded.pop(due_fen, None)
    return [due_fen, *sorted([*rounded][: most - 1])]


COINED_FEN = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10)
"""The notes and coins a drawer is counted by."""
CASH_REASONS = ("备用零钱", "大钞上交", "存入银行", "付快递费", "买耗材", "店主取款")
"""Offered where cash is put in or taken out; any other reason may be typed."""
DIFFERENCE_REASONS = ("找错零", "漏记支出", "备用金数错", "收到假币")
"""Offered where a count differs; any other reason may be typed."""
MOVEMENT_WORDS = {"cash_movement": "现金收支"}
"""What moves the money of a shift beside the dealings with customers, by its kind in the journal."""


def counted_cash(cash_fen: int, notes: Mapping[int, int]) -> int:
    """The cash counted, by note and coin (pieces by fen) or as a sum. Raises InputError where they differ."""
    if not 0 <= cash_fen <= MAX_FEN:
        raise InputError("清点的现金不能小于零，也不能太大。", field="cash_fen")
    if any(note not in COINED_FEN or pieces < 0 for note, pieces in notes.items()):
        raise InputError("清点的张数不对，请重新输入。", field="cash_fen")
    summed = sum(note * pieces for note, pieces in notes.items())
    if notes and summed != cash_fen:
        raise InputError(f"按面额合计是 {show_fen(summed)}，与金额不符。", field="cash_fen")
    return cash_fen


def difference_words(tender: str, difference_fen: int) -> str:
    """``现金短 ¥5.00``; empty where nothing differs."""
    if not difference_fen:
        return ""
    return (
        f"{TENDER_BY_KEY[tender].title}{'长' if difference_fen > 0 else '短'} {show_fen(abs(difference_fen))}"
    )


def dump_notes(notes: Mapping[int, int]) -> str:
    """Pieces by note and coin as the file keeps them; empty where nothing was counted so."""
    kept = {note: pieces for note, pieces in sorted(notes.items(), reverse=True) if pieces}
    return json.dumps(kept, separators=(",", ":")) if kept else ""


def load_notes(text: str) -> tuple[tuple[int, int], ...]:
    """(note fen, pieces) from what the file keeps, the largest first."""
    return tuple((int(note), pieces) for note, pieces in json.loads(text or "{}").items())


def note_words(note_fen: int) -> str:
    """``100 元``, ``5 角``."""
    return f"{note_fen // 100} 元" if note_fen >= 100 else f"{note_fen // 10} 角"
