"""The ways to pay, and the sums of cash a customer is likely to hand over."""

from meiping.domains.ledger.rules import Account
from meiping.kernel.errors import InputError
from meiping.kernel.titled import Titled


class Tender(Titled):
    """A way to pay: key in the file, word on screen, account. Cards and codes are recorded, not charged."""

    CASH = ("cash", "现金", Account.CASH)
    WECHAT = ("wechat", "微信", Account.WECHAT)
    ALIPAY = ("alipay", "支付宝", Account.ALIPAY)
    CARD = ("card", "银行卡", Account.CARD)
    STORED_VALUE = ("stored_value", "储值", Account.STORED_PRINCIPAL)
    CREDIT = ("credit", "赊账", Account.RECEIVABLE)

    @property
    def account(self) -> Account:
        """Where it is booked; stored value is split into principal and bonus by the wallet."""
        return Account(self.value[2])

    @property
    def real_money(self) -> bool:
        """Whether money reaches the shop now: what may pay a recharge or a receipt."""
        return self not in (Tender.STORED_VALUE, Tender.CREDIT)


TENDER_BY_KEY = {tender.key: tender for tender in Tender}
RECEIVING_TENDERS = tuple(tender for tender in Tender if tender.real_money)


def receiving_tender(key: str, what: str) -> Tender:
    """The tender by which money reaches or leaves the shop for ``what`` (充值, 退款). Raises InputError for any other."""
    tender = TENDER_BY_KEY.get(key)
    if tender is None or not tender.real_money:
        raise InputError(f"{what}要用{'、'.join(one.title for one in RECEIVING_TENDERS)}。", field="tender")
    return tender


_NOTES_FEN = (100, 500, 1_000, 2_000, 5_000, 10_000)


def suggested_cash(due_fen: int, *, most: int = 4) -> list[int]:
    """Sums of cash likely to be handed over for ``due_fen``: exact, then the next round ones, rising."""
    if due_fen <= 0:
        return []
    rounded = {-(-due_fen // note) * note for note in _NOTES_FEN}
    return [due_fen, *sorted(rounded - {due_fen})][:most]
