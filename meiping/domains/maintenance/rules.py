"""Who may look after the file, and the words for kinds of backups."""

from meiping.kernel.permissions import permission

MAKE_BACKUP = permission("backup.make", "备份数据", group="系统")
RESTORE_BACKUP = permission("backup.restore", "恢复与删除备份", group="系统")
CHECK_DATA = permission("data.check", "检查数据", group="系统")

KIND_TITLES = {
    "manual": "手动",
    "auto": "自动",
    "before-restore": "恢复之前",
    "before-update": "升级之前",
}
TABLE_TITLES = {
    "customer": "客户",
    "product": "商品",
    "sale": "业务单",
    "recharge": "充值单",
    "refund": "退款单",
    "receipt": "收款单",
    "deposit": "定金单",
    "write_off": "坏账核销",
    "stock_document": "出入库单",
    "reminder": "提醒",
    "document": "更多资料",
    "operator": "操作员",
}
"""What a person compares before restoring: tables and their words."""

FRESH_DAYS = 7
"""A last backup older than this many days is shown in red."""


def show_age(seconds: float) -> str:
    """How long ago: ``刚刚``, ``25 分钟前``, ``3 小时前``, ``12 天前``."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "刚刚"
    if minutes < 60:
        return f"{minutes} 分钟前"
    if minutes < 24 * 60:
        return f"{minutes // 60} 小时前"
    return f"{minutes // (24 * 60)} 天前"
