"""What is watched at the till, and who may look at it."""

from meiping.kernel.permissions import permission
from meiping.kernel.titled import Titled

WATCH = permission("till.watch", "查看收银监督", group="收银")


class EventKind(Titled):
    """What an owner wants to know of: key in the file, word on screen."""

    LINE_REMOVED = ("line_removed", "删除商品")
    BILL_CLEARED = ("bill_cleared", "清空整单")
    PRICE_CHANGED = ("price_changed", "改价打折")
    GIFT = ("gift", "赠品")
    RETURNED = ("returned", "退货")
    CREDIT = ("credit", "赊账")
    TENDER_CHANGED = ("tender_changed", "改收款方式")
    DRAWER = ("drawer", "开钱箱")
    APPROVED = ("approved", "主管批准")
    REFUSED = ("refused", "主管密码错误")
    PIN_WAIVED = ("pin_waived", "免消费密码")
    PIN_WRONG = ("pin_wrong", "消费密码错误")
    PIN_CLEARED = ("pin_cleared", "取消消费密码")
    PIN_CHANGED = ("pin_changed", "更换消费密码")


EVENT_BY_KEY = {kind.key: kind for kind in EventKind}
