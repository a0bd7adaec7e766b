"""The shop's options and lists, declared once: key, title, kind, default."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from meiping.kernel.errors import InputError
from meiping.kernel.money import CashRounding
from meiping.kernel.permissions import permission
from meiping.kernel.text import clean

PRINTER_SYSTEM = "system"
"""Slips go to the system's printer as pages, not to a till printer as commands."""

MANAGE_SETTINGS = permission("settings.manage", "修改设置与字典", group="系统")


class OptionKind(StrEnum):
    """How an option is entered."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    WHOLE = "whole"
    CHOICE = "choice"
    YES = "yes"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One option. ``choices`` are (value, word) pairs; ``least`` and ``most`` bound a whole number.

    ``limit`` is how many characters a text may have. The value of SEVERAL is a list of choices.
    """

    key: str
    title: str
    section: str
    kind: OptionKind
    default: Any
    choices: tuple[tuple[str, str], ...] = ()
    least: int = 0
    most: int = 9999
    limit: int = 80
    hint: str = ""


def automatic_reminder(key: str, title: str, days_ahead: int) -> tuple[OptionSpec, OptionSpec]:
    """The switch of one kind of automatic reminders, and how many days ahead they come."""
    return (
        OptionSpec(f"reminders.{key}", f"{title}提醒", "自动提醒", OptionKind.YES, True),
        OptionSpec(
            f"reminders.{key}_days", f"{title}提前（天）", "自动提醒", OptionKind.WHOLE, days_ahead, most=60
        ),
    )


RECOVERY_OPTION = "security.recovery_hash"
"""Where the hash of the recovery code lies; nothing a user sets."""
STOCK_FORBID, STOCK_WARN, STOCK_ALLOW = "forbid", "warn", "allow"
SHIFTS_OPTIONAL, SHIFTS_REQUIRED = "optional", "required"
APPROVABLE = (
    ("sales.discount", "改价与手动折扣"),
    ("sales.below_floor", "低于最低价出售"),
    ("sales.big_discount", "超过折扣上限"),
    ("sales.credit", "赊账"),
    ("sales.return", "退货"),
    ("sales.void", "删除商品、清空整单"),
    ("sales.change_tender", "更正收款方式"),
    ("sales.deposit_back", "退定金"),
    ("wallet.refund", "储值退款"),
    ("sales.waive_pin", "免会员消费密码"),
    ("till.drawer", "开钱箱"),
    ("till.big_difference", "大额长短款交班"),
)
"""The rights at the till that a colleague's PIN may stand in for."""
WEIGHED_WEIGHT, WEIGHED_AMOUNT = "weight", "amount"
SHOP_PREFIXES = tuple(str(prefix) for prefix in range(20, 30))
"""How bar codes begin that shops make themselves."""
COMMISSION_NONE, COMMISSION_ON_NET, COMMISSION_ON_PROFIT = "none", "net", "profit"

OPTIONS = (
    OptionSpec("shop.name", "店名", "店铺", OptionKind.TEXT, "", limit=40),
    OptionSpec("shop.phone", "电话", "店铺", OptionKind.TEXT, "", limit=40),
    OptionSpec("shop.address", "地址", "店铺", OptionKind.TEXT, ""),
    OptionSpec(
        "shop.preset",
        "使用范围",
        "店铺",
        OptionKind.CHOICE,
        "all",
        (("till", "收银店"), ("follow", "客户跟进"), ("all", "全部")),
        hint="用不到的模块会收起来，随时可以改回",
    ),
    OptionSpec(
        "receipt.width", "小票宽度", "小票", OptionKind.CHOICE, "80", (("58", "58 毫米"), ("80", "80 毫米"))
    ),
    OptionSpec(
        "receipt.mode",
        "结账后小票",
        "小票",
        OptionKind.CHOICE,
        "show",
        (
            ("show", "显示预览"),
            ("print", "直接打印"),
            ("ask", "每次询问"),
            ("last", "同上一次"),
            ("never", "不出小票"),
        ),
    ),
    OptionSpec("receipt.salespersons", "小票印业务员", "小票", OptionKind.YES, False),
    OptionSpec("receipt.foot", "小票结尾", "小票", OptionKind.LONG_TEXT, "谢谢惠顾，欢迎再来！", limit=200),
    OptionSpec(
        "printer.way",
        "小票打印机",
        "小票打印机",
        OptionKind.CHOICE,
        PRINTER_SYSTEM,
        (
            (PRINTER_SYSTEM, "系统打印机"),
            ("network", "ESC/POS 网口"),
            ("device", "ESC/POS 设备文件"),
            ("queue", "ESC/POS 打印队列"),
            ("windows", "ESC/POS Windows 打印机"),
        ),
        hint="用 ESC/POS 打得更快，还能开钱箱",
    ),
    OptionSpec(
        "printer.target",
        "地址或名称",
        "小票打印机",
        OptionKind.TEXT,
        "",
        hint="网口如 192.168.1.100；设备如 /dev/usb/lp0；其余填打印机名",
    ),
    OptionSpec(
        "printer.encoding",
        "编码",
        "小票打印机",
        OptionKind.CHOICE,
        "gb18030",
        (("gb18030", "GB18030（简体）"), ("big5", "Big5（繁体）"), ("utf-8", "UTF-8")),
        hint="汉字成了乱码时换一种再试",
    ),
    OptionSpec("printer.cuts", "打完切纸", "小票打印机", OptionKind.YES, True),
    OptionSpec(
        "drawer.pin",
        "钱箱接口",
        "小票打印机",
        OptionKind.CHOICE,
        "0",
        (("0", "没有钱箱"), ("2", "2 号脚（常见）"), ("5", "5 号脚")),
    ),
    OptionSpec(
        "drawer.pulse_ms",
        "开箱脉冲（毫秒）",
        "小票打印机",
        OptionKind.WHOLE,
        100,
        least=20,
        most=500,
        hint="打不开时加大",
    ),
    OptionSpec("drawer.on_cash", "收现金后自动开钱箱", "小票打印机", OptionKind.YES, True),
    OptionSpec(
        "till.rounding",
        "自动抹零",
        "收银",
        OptionKind.CHOICE,
        CashRounding.NONE.value,
        (
            (CashRounding.NONE.value, "不抹零"),
            (CashRounding.JIAO_DOWN.value, "抹去分"),
            (CashRounding.YUAN_DOWN.value, "抹去角分"),
            (CashRounding.JIAO_NEAREST.value, "四舍五入到角"),
            (CashRounding.YUAN_NEAREST.value, "四舍五入到元"),
        ),
    ),
    OptionSpec(
        "till.shifts",
        "收银班次",
        "收银",
        OptionKind.CHOICE,
        SHIFTS_OPTIONAL,
        ((SHIFTS_OPTIONAL, "可以不开班"), (SHIFTS_REQUIRED, "开班后才能收银")),
    ),
    OptionSpec(
        "till.blind",
        "盲点交班",
        "收银",
        OptionKind.YES,
        False,
        hint="清点以前不显示应有金额",
    ),
    OptionSpec(
        "till.difference_limit",
        "交班差额上限（元）",
        "收银",
        OptionKind.WHOLE,
        50,
        most=99_999,
        hint="差额更大时须有“大额长短款交班”权限",
    ),
    OptionSpec(
        "till.pin_rights",
        "可凭主管密码",
        "收银",
        OptionKind.SEVERAL,
        [key for key, _ in APPROVABLE],
        APPROVABLE,
        hint="没有权限时，由主管输入密码放行一次；没有勾选的不能做",
    ),
    OptionSpec(
        "till.most_discount",
        "手动折扣最多减（百分之几）",
        "收银",
        OptionKind.WHOLE,
        100,
        most=100,
        hint="减得更多时须有“超过折扣上限”权限，100 表示不限",
    ),
    OptionSpec(
        "till.void_seconds",
        "删除商品受限（秒）",
        "收银",
        OptionKind.WHOLE,
        10,
        most=3600,
        hint="扫入满这么久再删除，须有“删除商品、清空整单”权限",
    ),
    OptionSpec(
        "stock.below_zero",
        "库存不足时",
        "收银",
        OptionKind.CHOICE,
        STOCK_WARN,
        ((STOCK_FORBID, "不许出售"), (STOCK_WARN, "提醒后出售"), (STOCK_ALLOW, "直接出售")),
    ),
    OptionSpec(
        "levels.by_rule",
        "按消费或充值自动升级",
        "会员",
        OptionKind.YES,
        False,
        hint="升级条件在“数据字典 → 客户等级”里设置，只升不降",
    ),
    OptionSpec(
        "member.pin_from_yuan",
        "消费密码从多少元起问",
        "会员",
        OptionKind.WHOLE,
        0,
        most=99_999,
        hint="只问设了密码的会员，一张单用的储值和积分满这么多才问；0 表示每次都问",
    ),
    OptionSpec("points.on", "使用积分", "会员", OptionKind.YES, False),
    OptionSpec(
        "points.yuan_each",
        "消费多少元得 1 分",
        "会员",
        OptionKind.WHOLE,
        1,
        least=1,
        hint="按实付计算，用积分和赠送付的部分不算",
    ),
    OptionSpec("points.pay", "可以用积分付款", "会员", OptionKind.YES, True),
    OptionSpec("points.per_yuan", "多少分抵 1 元", "会员", OptionKind.WHOLE, 100, least=1, most=999_999),
    OptionSpec(
        "points.months", "积分几个月后到期", "会员", OptionKind.WHOLE, 0, most=120, hint="0 表示永远有效"
    ),
    OptionSpec(
        "weighed.prefixes",
        "称重码的开头两位",
        "称重码",
        OptionKind.SEVERAL,
        [],
        tuple((prefix, prefix) for prefix in SHOP_PREFIXES),
        hint="13 位：开头两位、商品、重量或金额、校验位；都不勾选就不识别",
    ),
    OptionSpec(
        "weighed.item_digits",
        "称重码里商品的位数",
        "称重码",
        OptionKind.WHOLE,
        5,
        least=4,
        most=6,
        hint="与商品的编码或条码相同，前面可以补零",
    ),
    OptionSpec(
        "weighed.value",
        "称重码里后面是",
        "称重码",
        OptionKind.CHOICE,
        WEIGHED_WEIGHT,
        ((WEIGHED_WEIGHT, "重量（克）"), (WEIGHED_AMOUNT, "金额（分）")),
    ),
    OptionSpec(
        "labels.prefix",
        "本店自编条码的开头两位",
        "称重码",
        OptionKind.CHOICE,
        "none",
        (("none", "不用"), *((prefix, prefix) for prefix in SHOP_PREFIXES)),
        hint="自己印标签的商品用，不能与称重码相同",
    ),
    OptionSpec(
        "tax.percent",
        "售价含税（百分之几）",
        "开票",
        OptionKind.WHOLE,
        0,
        most=30,
        hint="例如 1、3、6、13；0 表示不涉及开票，有关的都不显示",
    ),
    OptionSpec(
        "expenses.approval",
        "费用与借支须先审批",
        "财务",
        OptionKind.YES,
        False,
    ),
    OptionSpec(
        "dunning.text",
        "催缴单正文",
        "财务",
        OptionKind.LONG_TEXT,
        "尊敬的{客户}：\n截至今天，贵方在本店尚有货款 {欠款} 未付，最早的一笔已逾期 {逾期天数} 天。"
        "请在收到本通知后尽快结清；如已付款，请告知我们核对。\n{店名}　{电话}",
        limit=600,
        hint="可以用 {客户} {欠款} {逾期天数} {店名} {电话}",
    ),
    OptionSpec(
        "renewals.letter_text",
        "年费催缴单正文",
        "财务",
        OptionKind.LONG_TEXT,
        "尊敬的{客户}：\n贵方在本店的以上服务已经到期或即将到期，最早的一项到 {到期日} 为止，续费共 {年费}。"
        "为了不影响使用，请尽快缴纳；如已缴纳或不再需要，请告知我们。\n{店名}　{电话}",
        limit=600,
        hint="可以用 {客户} {年费} {到期日} {店名} {电话}",
    ),
    OptionSpec(
        "customers.claim_confirm",
        "领用公海客户须主管确认",
        "客户",
        OptionKind.YES,
        False,
    ),
    OptionSpec(
        "customers.owner_limit",
        "每位业务员最多客户数",
        "客户",
        OptionKind.WHOLE,
        0,
        most=999_999,
        hint="领用公海客户时检查，0 表示不限",
    ),
    OptionSpec(
        "customers.pool_days",
        "多少天没有联系退回公海",
        "客户",
        OptionKind.WHOLE,
        0,
        most=3650,
        hint="从最近一次联系或归属之日算起，每天自动进行，0 表示不退回",
    ),
    OptionSpec(
        "customers.required",
        "客户必填项",
        "客户",
        OptionKind.SEVERAL,
        [],
        (
            ("name", "名称"),
            ("phone", "电话"),
            ("keyword", "关键字"),
            ("gender", "性别"),
            ("birth_date", "生日"),
            ("level_id", "等级"),
            ("type_id", "类型"),
            ("status_id", "状态"),
            ("source_id", "来源"),
            ("industry_id", "行业"),
            ("nature_id", "单位性质"),
            ("region_id", "区域"),
            ("province", "省份"),
            ("city", "城市"),
            ("address", "地址"),
            ("email", "邮箱"),
            ("tax_number", "税号"),
            ("next_contact_date", "下次联系"),
        ),
        hint="不勾选时有名称或电话就能保存；收银时快速建档不受限制",
    ),
    OptionSpec(
        "analysis.near_days",
        "多少天内来过算“最近来过”",
        "客户分析",
        OptionKind.WHOLE,
        60,
        least=1,
        most=3650,
    ),
    OptionSpec(
        "analysis.lost_days",
        "多少天没来算“已经流失”",
        "客户分析",
        OptionKind.WHOLE,
        180,
        least=1,
        most=3650,
    ),
    OptionSpec(
        "analysis.often",
        "一年买几次算“常来”",
        "客户分析",
        OptionKind.WHOLE,
        4,
        least=1,
        most=9999,
    ),
    OptionSpec(
        "analysis.much_yuan",
        "一年花多少元算“花得多”",
        "客户分析",
        OptionKind.WHOLE,
        1_000,
        least=1,
        most=99_999_999,
    ),
    OptionSpec(
        "analysis.slip_times",
        "超过通常间隔几倍没来就预警",
        "客户分析",
        OptionKind.WHOLE,
        2,
        least=1,
        most=20,
        hint="通常间隔按每位客户自己的购买日子算",
    ),
    OptionSpec("analysis.abc_a", "A 级：贡献前百分之几", "客户分析", OptionKind.WHOLE, 80, least=1, most=99),
    OptionSpec("analysis.abc_b", "B 级：到百分之几为止", "客户分析", OptionKind.WHOLE, 95, least=1, most=100),
    OptionSpec(
        "commission.base",
        "业务员提成按",
        "业绩",
        OptionKind.CHOICE,
        COMMISSION_NONE,
        (
            (COMMISSION_NONE, "不算提成"),
            (COMMISSION_ON_NET, "净销售额"),
            (COMMISSION_ON_PROFIT, "毛利"),
        ),
        hint="退货会把提成扣回",
    ),
    OptionSpec(
        "commission.permille",
        "提成比例（千分之几）",
        "业绩",
        OptionKind.WHOLE,
        10,
        most=1000,
        hint="例如百分之一点五填 15",
    ),
    OptionSpec(
        "security.idle_minutes",
        "空闲多久锁屏（分钟）",
        "安全",
        OptionKind.WHOLE,
        0,
        most=240,
        hint="0 表示不锁",
    ),
    *automatic_reminder("birthday", "客户生日", 3),
    *automatic_reminder("contact_birthday", "联系人生日", 3),
    *automatic_reminder("next_contact", "下次联系日期", 0),
    *automatic_reminder("payment_due", "赊账到期", 0),
    *automatic_reminder("task_due", "任务到期", 0),
    *automatic_reminder("service_expiry", "服务到期", 30),
    OptionSpec("backup.at_exit", "退出时自动备份", "备份", OptionKind.YES, True),
    OptionSpec("backup.keep", "保留自动备份份数", "备份", OptionKind.WHOLE, 30, least=3, most=500),
)
OPTION_BY_KEY = {spec.key: spec for spec in OPTIONS}


def check_option(key: str, value: Any) -> Any:
    """The value as it may be stored. Raises InputError with ``key`` as the field."""
    spec = OPTION_BY_KEY[key]
    if spec.kind is OptionKind.WHOLE and not (type(value) is int and spec.least <= value <= spec.most):
        raise InputError(f"{spec.title}请在 {spec.least} 到 {spec.most} 之间。", field=key)
    if spec.kind is OptionKind.CHOICE and value not in {choice for choice, _ in spec.choices}:
        raise InputError(f"{spec.title}请从列表中选择。", field=key)
    if spec.kind is OptionKind.YES:
        return bool(value)
    if spec.kind is OptionKind.SEVERAL:
        if not set(value) <= {choice for choice, _ in spec.choices}:
            raise InputError(f"{spec.title}请从列表中选择。", field=key)
        return [choice for choice, _ in spec.choices if choice in value]
    if spec.kind in (OptionKind.TEXT, OptionKind.LONG_TEXT):
        return _check_text(spec, str(value))
    return value


def check_together(weighed: Collection[str], own_prefix: str) -> None:
    """Raise InputError where a scale's codes and the shop's own bar codes would begin alike."""
    if own_prefix in weighed:
        raise InputError(f"{own_prefix} 已经是本店自编条码的开头，称重码请用别的。", field="weighed.prefixes")


def _check_text(spec: OptionSpec, value: str) -> str:
    try:
        text = clean(value, name=spec.title, limit=spec.limit, lines=spec.kind is OptionKind.LONG_TEXT)
    except InputError as error:
        raise InputError(error.sentence, field=spec.key) from None
    if spec.key == "shop.name" and not text:
        raise InputError("请填写店名。", field=spec.key)
    if spec.key == "shop.phone" and text and not any(character.isdigit() for character in text):
        raise InputError("电话请填写号码，例如 0755-26001234。", field=spec.key)
    return text


@dataclass(frozen=True, slots=True)
class DictionarySpec:
    """One of the shop's own lists and the words it begins with."""

    kind: str
    title: str
    seeds: tuple[str, ...]


DICTIONARIES = (
    DictionarySpec("customer_type", "客户类型", ("普通客户", "会员", "经销商", "合作伙伴")),
    DictionarySpec("customer_status", "客户状态", ("潜在客户", "意向客户", "正式客户", "停止合作")),
    DictionarySpec("customer_source", "客户来源", ("到店", "老客户介绍", "微信", "抖音", "电话", "广告")),
    DictionarySpec("industry", "行业", ("零售", "餐饮", "美容美发", "教育", "制造", "贸易", "服务")),
    DictionarySpec(
        "customer_nature", "单位性质", ("个体户", "民营企业", "国有企业", "外资企业", "事业单位", "其他")
    ),
    DictionarySpec("region", "区域", ("本市", "省内", "华东", "华南", "华北", "其他")),
    DictionarySpec("contact_type", "联系类型", ("业务联系", "服务反馈", "客户回访", "客户报价")),
    DictionarySpec("service_type", "服务类型", ("远程售后", "现场售后", "客户投诉", "客户回访")),
    DictionarySpec("document_category", "资料类别", ("合同", "证件", "图片", "报价单", "其他")),
    DictionarySpec(
        "expense_category",
        "费用类别",
        ("房租", "水电", "工资", "办公用品", "运费", "招待", "交通", "维修", "其他"),
    ),
    DictionarySpec("stock_in_nature", "入库性质", ("采购入库", "盘盈", "期初", "其他入库")),
    DictionarySpec("stock_out_nature", "出库性质", ("报损", "自用", "盘亏", "其他出库")),
)
DICTIONARY_BY_KIND = {spec.kind: spec for spec in DICTIONARIES}

LEVEL_SEEDS = (("普通", 10_000), ("银卡", 9_500), ("金卡", 9_000), ("钻石", 8_500))
