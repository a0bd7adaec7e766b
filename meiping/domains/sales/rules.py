"""The rights of the counter, and what a return gives back."""

from meiping.kernel.money import rounded_ratio
from meiping.kernel.permissions import permission

CHECKOUT = permission("sales.checkout", "收银", group="收银")
VIEW_SALES = permission("sales.view", "查看业务单", group="收银")
SELL_ON_CREDIT = permission("sales.credit", "赊账", group="收银", approvable=True)
CHANGE_PRICES = permission("sales.discount", "改价与手动折扣", group="收银", approvable=True)
RETURN_GOODS = permission("sales.return", "退货", group="收银", approvable=True)
VOID = permission("sales.void", "删除商品、清空整单", group="收银", approvable=True)
INVOICE = permission("sales.invoice", "开票与作废发票", group="收银")
CHANGE_TENDER = permission("sales.change_tender", "更正收款方式", group="收银", approvable=True)
WAIVE_PIN = permission("sales.waive_pin", "免会员消费密码", group="收银", approvable=True)
BELOW_FLOOR = permission("sales.below_floor", "低于最低价出售", group="收银", approvable=True)
BIG_DISCOUNT = permission("sales.big_discount", "超过折扣上限", group="收银", approvable=True)
TAKE_DEPOSIT = permission("sales.deposit", "收定金", group="收银")
GIVE_DEPOSIT_BACK = permission("sales.deposit_back", "退定金", group="收银", approvable=True)


def running_part(whole_fen: int, qty_milli: int, *, before_milli: int, now_milli: int) -> int:
    """The fen of ``now_milli`` out of a line, after ``before_milli``: all parts together give the whole exactly."""
    after = rounded_ratio(whole_fen * (before_milli + now_milli), qty_milli)
    return after - rounded_ratio(whole_fen * before_milli, qty_milli)
