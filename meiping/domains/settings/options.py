"""The shop's options, declared once below the titles of their page: key, title, default, what may be chosen."""

from meiping.domains.settings.option_spec import (
    automatic_reminder,
    choice,
    lines,
    section,
    several,
    whole,
    words,
    yes,
)
from meiping.kernel.money import CashRounding

PRINTER_SYSTEM = "system"
"""Slips go to the system's printer as pages, not to a till printer as commands."""
STOCK_FORBID, STOCK_WARN, STOCK_ALLOW = "forbid", "warn", "allow"
BELOW_ZERO_CHOICES = ((STOCK_FORBID, "不许出售"), (STOCK_WARN, "提醒后出售"), (STOCK_ALLOW, "直接出售"))
"""What selling more than there is may mean, for the shop or for a product: key and word."""
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
    *section(
        "店铺",
        words("shop.name", "店名", limit=40),
        words("shop.phone", "电话", limit=40),
        words("shop.address", "地址"),
        choice(
            "shop.preset",
            "使用范围",
            "all",
            (("till", "收银店"), ("follow", "客户跟进"), ("all", "全部")),
            hint="用不到的模块会收起来，随时可以改回",
        ),
    ),
    *section(
        "小票",
        choice("receipt.width", "小票宽度", "80", (("58", "58 毫米"), ("80", "80 毫米"))),
        choice(
            "receipt.mode",
            "结账后小票",
            "show",
            (
                ("show", "显示预览"),
                ("print", "直接打印"),
                ("ask", "每次询问"),
                ("last", "同上一次"),
                ("never", "不出小票"),
            ),
        ),
        yes("receipt.salespersons", "小票印业务员", False),
        lines("receipt.foot", "小票结尾", "谢谢惠顾，欢迎再来！", limit=200),
    ),
    *section(
        "小票打印机",
        choice(
            "printer.way",
            "小票打印机",
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
        words(
            "printer.target", "地址或名称", hint="网口如 192.168.1.100；设备如 /dev/usb/lp0；其余填打印机名"
        ),
        choice(
            "printer.encoding",
            "编码",
            "gb18030",
            (("gb18030", "GB18030（简体）"), ("big5", "Big5（繁体）"), ("utf-8", "UTF-8")),
            hint="汉字成了乱码时换一种再试",
        ),
        yes("printer.cuts", "打完切纸", True),
        choice("drawer.pin", "钱箱接口", "0", (("0", "没有钱箱"), ("2", "2 号脚（常见）"), ("5", "5 号脚"))),
        whole("drawer.pulse_ms", "开箱脉冲（毫秒）", 100, least=20, most=500, hint="打不开时加大"),
        yes("drawer.on_cash", "收现金后自动开钱箱", True),
    ),
    *section(
        "收银",
        choice(
            "till.rounding",
            "自动抹零",
            CashRounding.NONE.value,
            (
                (CashRounding.NONE.value, "不抹零"),
                (CashRounding.JIAO_DOWN.value, "抹去分"),
                (CashRounding.YUAN_DOWN.value, "抹去角分"),
                (CashRounding.JIAO_NEAREST.value, "四舍五入到角"),
                (CashRounding.YUAN_NEAREST.value, "四舍五入到元"),
            ),
        ),
        choice(
            "till.shifts",
            "收银班次",
            SHIFTS_OPTIONAL,
            ((SHIFTS_OPTIONAL, "可以不开班"), (SHIFTS_REQUIRED, "开班后才能收银")),
        ),
        whole(
            "till.shift_hours",
            "开班多久提醒交班（小时）",
            14,
            most=72,
            hint="忘了交班时收银台上会提醒，0 表示只在第二天提醒",
        ),
        yes("till.blind", "盲点交班", False, hint="清点以前不显示应有金额"),
        whole(
            "till.difference_limit",
            "交班差额上限（元）",
            50,
            most=99999,
            hint="差额更大时须有“大额长短款交班”权限",
        ),
        several(
            "till.pin_rights",
            "可凭主管密码",
            [key for key, _ in APPROVABLE],
            APPROVABLE,
            hint="没有权限时，由主管输入密码放行一次；没有勾选的不能做",
        ),
        whole(
            "till.most_discount",
            "手动折扣最多减（百分之几）",
            100,
            most=100,
            hint="减得更多时须有“超过折扣上限”权限，100 表示不限",
        ),
        whole(
            "till.void_seconds",
            "删除商品受限（秒）",
            10,
            most=3600,
            hint="扫入满这么久再删除，须有“删除商品、清空整单”权限",
        ),
        choice(
            "stock.below_zero",
            "库存不足时",
            STOCK_WARN,
            BELOW_ZERO_CHOICES,
            hint="个别商品可以在商品资料里另外设",
        ),
    ),
    *section(
        "会员",
        yes(
            "levels.by_rule",
            "按消费或充值自动升级",
            False,
            hint="升级条件在“数据字典 → 客户等级”里设置，只升不降",
        ),
        whole(
            "member.pin_from_yuan",
            "消费密码从多少元起问",
            0,
            most=99999,
            hint="只问设了密码的会员，一张单用的储值和积分满这么多才问；0 表示每次都问",
        ),
        yes("points.on", "使用积分", False),
        whole(
            "points.yuan_each", "消费多少元得 1 分", 1, least=1, hint="按实付计算，用积分和赠送付的部分不算"
        ),
        yes("points.pay", "可以用积分付款", True),
        whole("points.per_yuan", "多少分抵 1 元", 100, least=1, most=999999),
        whole("points.months", "积分几个月后到期", 0, most=120, hint="0 表示永远有效"),
    ),
    *section(
        "称重码",
        several(
            "weighed.prefixes",
            "称重码的开头两位",
            [],
            tuple((prefix, prefix) for prefix in SHOP_PREFIXES),
            hint="13 位：开头两位、商品、重量或金额、校验位；都不勾选就不识别",
        ),
        whole(
            "weighed.item_digits",
            "称重码里商品的位数",
            5,
            least=4,
            most=6,
            hint="与商品的编码或条码相同，前面可以补零",
        ),
        choice(
            "weighed.value",
            "称重码里后面是",
            WEIGHED_WEIGHT,
            ((WEIGHED_WEIGHT, "重量（克）"), (WEIGHED_AMOUNT, "金额（分）")),
        ),
        choice(
            "labels.prefix",
            "本店自编条码的开头两位",
            "none",
            (("none", "不用"), *((prefix, prefix) for prefix in SHOP_PREFIXES)),
            hint="自己印标签的商品用，不能与称重码相同",
        ),
    ),
    *section(
        "开票",
        whole(
            "tax.percent",
            "售价含税（百分之几）",
            0,
            most=30,
            hint="例如 1、3、6、13；0 表示不涉及开票，有关的都不显示",
        ),
    ),
    *section(
        "财务",
        yes("expenses.approval", "费用与借支须先审批", False),
        lines(
            "dunning.text",
            "催缴单正文",
            "尊敬的{客户}：\n截至今天，贵方在本店尚有货款 {欠款} 未付，最早的一笔已逾期 {逾期天数} 天。"
            "请在收到本通知后尽快结清；如已付款，请告知我们核对。\n{店名}　{电话}",
            limit=600,
            hint="可以用 {客户} {欠款} {逾期天数} {店名} {电话}",
        ),
        lines(
            "renewals.letter_text",
            "年费催缴单正文",
            "尊敬的{客户}：\n贵方在本店的以上服务已经到期或即将到期，最早的一项到 {到期日} 为止，续费共 {年费}。"
            "为了不影响使用，请尽快缴纳；如已缴纳或不再需要，请告知我们。\n{店名}　{电话}",
            limit=600,
            hint="可以用 {客户} {年费} {到期日} {店名} {电话}",
        ),
    ),
    *section(
        "客户",
        yes("customers.claim_confirm", "领用公海客户须主管确认", False),
        whole(
            "customers.owner_limit",
            "每位业务员最多客户数",
            0,
            most=999999,
            hint="领用公海客户时检查，0 表示不限",
        ),
        whole(
            "customers.pool_days",
            "多少天没有联系退回公海",
            0,
            most=3650,
            hint="从最近一次联系或归属之日算起，每天自动进行，0 表示不退回",
        ),
        several(
            "customers.required",
            "客户必填项",
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
    ),
    *section(
        "客户分析",
        whole("analysis.near_days", "多少天内来过算“最近来过”", 60, least=1, most=3650),
        whole("analysis.lost_days", "多少天没来算“已经流失”", 180, least=1, most=3650),
        whole("analysis.often", "一年买几次算“常来”", 4, least=1),
        whole("analysis.much_yuan", "一年花多少元算“花得多”", 1000, least=1, most=99999999),
        whole(
            "analysis.slip_times",
            "超过通常间隔几倍没来就预警",
            2,
            least=1,
            most=20,
            hint="通常间隔按每位客户自己的购买日子算",
        ),
        whole("analysis.abc_a", "A 级：贡献前百分之几", 80, least=1, most=99),
        whole("analysis.abc_b", "B 级：到百分之几为止", 95, least=1, most=100),
    ),
    *section(
        "业绩",
        choice(
            "commission.base",
            "业务员提成按",
            COMMISSION_NONE,
            ((COMMISSION_NONE, "不算提成"), (COMMISSION_ON_NET, "净销售额"), (COMMISSION_ON_PROFIT, "毛利")),
            hint="退货会把提成扣回",
        ),
        whole("commission.permille", "提成比例（千分之几）", 10, most=1000, hint="例如百分之一点五填 15"),
    ),
    *section(
        "安全",
        whole("security.idle_minutes", "空闲多久锁屏（分钟）", 0, most=240, hint="0 表示不锁"),
    ),
    *section(
        "自动提醒",
        *automatic_reminder("birthday", "客户生日", 3),
        *automatic_reminder("contact_birthday", "联系人生日", 3),
        *automatic_reminder("next_contact", "下次联系日期", 0),
        *automatic_reminder("payment_due", "赊账到期", 0),
        *automatic_reminder("task_due", "任务到期", 0),
        *automatic_reminder("service_expiry", "服务到期", 30),
    ),
    *section(
        "备份",
        yes("backup.at_exit", "退出时自动备份", True),
        whole("backup.keep", "保留自动备份份数", 30, least=3, most=500),
    ),
)
OPTION_BY_KEY = {spec.key: spec for spec in OPTIONS}
