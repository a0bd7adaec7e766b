"""Every page of the program in menu order: the whole menu at a glance.

A page's module ends with ``PAGE = PageParts(...)`` and is imported when the page is first shown.
"""

from meiping.domains.access import rules as access
from meiping.domains.audit import rules as audit
from meiping.domains.catalog import rules as catalog
from meiping.domains.customers import rules as customers
from meiping.domains.expenses import rules as expenses
from meiping.domains.ledger import rules as ledger
from meiping.domains.loyalty import card_rules
from meiping.domains.maintenance import rules as maintenance
from meiping.domains.office import rules as office
from meiping.domains.reminders import rules as reminders
from meiping.domains.reports import rules as reports
from meiping.domains.sales import rules as sales
from meiping.domains.settings import rules as settings
from meiping.domains.stewardship import import_fields
from meiping.domains.stock import rules as stock
from meiping.domains.support import rules as support
from meiping.domains.till import event_rules
from meiping.domains.till import rules as till
from meiping.domains.wallet import rules as wallet
from meiping.kernel import permissions
from meiping.ui.page_spec import Module, PageSpec, parts_of

PAGES: tuple[PageSpec, ...] = (
    PageSpec("desk", "工作台", Module.DESK, permissions.OPEN, parts_of("reports.desk_page")),
    PageSpec("counter", "收银", Module.COUNTER, sales.CHECKOUT, parts_of("counter.counter_page")),
    PageSpec("bills", "业务单", Module.COUNTER, sales.VIEW_SALES, parts_of("counter.bills_page")),
    PageSpec("shifts", "交班记录", Module.COUNTER, till.SHIFT, parts_of("counter.shifts_page")),
    PageSpec("cash", "现金收支", Module.COUNTER, till.MOVE_CASH, parts_of("counter.cash_page")),
    PageSpec("till_events", "监督记录", Module.COUNTER, event_rules.WATCH, parts_of("counter.events_page")),
    PageSpec(
        "customer_hub", "客户操作", Module.CUSTOMERS, customers.VIEW, parts_of("customers.customer_hub_page")
    ),
    PageSpec(
        "customers", "客户管理", Module.CUSTOMERS, customers.VIEW, parts_of("customers.customer_list_page")
    ),
    PageSpec("visits", "今日回访", Module.CUSTOMERS, customers.VIEW, parts_of("customers.visits_page")),
    PageSpec(
        "contact_records", "联系反馈", Module.CUSTOMERS, customers.VIEW, parts_of("customers.records_page")
    ),
    PageSpec("contacts", "联系人", Module.CUSTOMERS, customers.VIEW, parts_of("customers.contacts_page")),
    PageSpec("pool", "公海客户", Module.CUSTOMERS, customers.CLAIM, parts_of("customers.pool_page")),
    PageSpec("reminders", "客户提醒", Module.CUSTOMERS, reminders.USE, parts_of("reminders.reminders_page")),
    PageSpec("documents", "更多资料", Module.CUSTOMERS, customers.VIEW, parts_of("customers.documents_page")),
    PageSpec(
        "duplicates", "重复客户", Module.CUSTOMERS, customers.MERGE, parts_of("customers.duplicates_page")
    ),
    PageSpec(
        "customer_bin",
        "回收站",
        Module.CUSTOMERS,
        customers.EDIT,
        parts_of("customers.recycle_bin_page"),
    ),
    PageSpec("products", "商品管理", Module.GOODS, catalog.VIEW, parts_of("goods.product_list_page")),
    PageSpec(
        "price_rules", "价格规则", Module.GOODS, catalog.PRICE_RULES, parts_of("goods.price_rules_page")
    ),
    PageSpec("stock", "库存查询", Module.GOODS, stock.VIEW_STOCK, parts_of("goods.stock_page")),
    PageSpec("stock_in", "库存增加", Module.GOODS, stock.RECEIVE_GOODS, parts_of("goods.stock_in_page")),
    PageSpec("stock_out", "库存减少", Module.GOODS, stock.ISSUE_GOODS, parts_of("goods.stock_out_page")),
    PageSpec("stock_documents", "出入库单", Module.GOODS, stock.VIEW_STOCK, parts_of("goods.documents_page")),
    PageSpec("dealings", "财务往来", Module.MONEY, ledger.VIEW_MONEY, parts_of("money.dealings_page")),
    PageSpec("debtors", "应收欠款", Module.MONEY, ledger.VIEW_MONEY, parts_of("money.debtors_page")),
    PageSpec("expenses", "费用", Module.MONEY, expenses.VIEW, parts_of("money.expenses_page")),
    PageSpec("advances", "借支", Module.MONEY, expenses.VIEW, parts_of("money.advances_page")),
    PageSpec(
        "recharge_rules", "充值规则", Module.MONEY, wallet.MANAGE_RULES, parts_of("money.recharge_rules_page")
    ),
    PageSpec(
        "count_cards", "次卡设置", Module.MONEY, card_rules.MANAGE_CARDS, parts_of("money.count_cards_page")
    ),
    PageSpec("cases", "服务单", Module.SERVICE, support.VIEW, parts_of("service.cases_page")),
    PageSpec("service_terms", "服务到期", Module.SERVICE, customers.VIEW, parts_of("service.terms_page")),
    PageSpec("tasks", "任务", Module.OFFICE, office.USE, parts_of("office.tasks_page")),
    PageSpec("summary", "汇总统计", Module.REPORTS, reports.VIEW, parts_of("reports.summary_page")),
    PageSpec("bill_report", "单据统计", Module.REPORTS, reports.VIEW, parts_of("reports.bill_report_page")),
    PageSpec(
        "product_report", "商品统计", Module.REPORTS, reports.VIEW, parts_of("reports.product_report_page")
    ),
    PageSpec(
        "customer_report",
        "客户业务统计",
        Module.REPORTS,
        reports.VIEW,
        parts_of("reports.customer_report_page"),
    ),
    PageSpec(
        "people_report",
        "业务员业务统计",
        Module.REPORTS,
        reports.VIEW,
        parts_of("reports.people_report_page"),
    ),
    PageSpec("tenders", "收款方式", Module.REPORTS, reports.VIEW, parts_of("reports.tenders_page")),
    PageSpec("watch", "收银监督", Module.REPORTS, event_rules.WATCH, parts_of("reports.watch_page")),
    PageSpec("stored_value", "储值统计", Module.REPORTS, reports.VIEW, parts_of("reports.stored_page")),
    PageSpec("ageing", "应收账龄", Module.REPORTS, reports.VIEW, parts_of("reports.ageing_page")),
    PageSpec("case_report", "服务统计", Module.REPORTS, reports.VIEW, parts_of("reports.case_report_page")),
    PageSpec("task_report", "任务统计", Module.REPORTS, reports.VIEW, parts_of("reports.task_report_page")),
    PageSpec("stock_flow", "进销存", Module.REPORTS, reports.VIEW, parts_of("reports.stock_flow_page")),
    PageSpec("composition", "客户构成", Module.REPORTS, reports.VIEW, parts_of("reports.composition_page")),
    PageSpec("contribution", "客户贡献", Module.REPORTS, reports.VIEW, parts_of("reports.contribution_page")),
    PageSpec("segments", "客户分层", Module.REPORTS, reports.VIEW, parts_of("reports.segments_page")),
    PageSpec("slipping", "流失预警", Module.REPORTS, reports.VIEW, parts_of("reports.slipping_page")),
    PageSpec("checkup", "资料体检", Module.REPORTS, reports.VIEW, parts_of("reports.checkup_page")),
    PageSpec("operators", "操作员", Module.SYSTEM, access.MANAGE_ACCESS, parts_of("system.operators_page")),
    PageSpec("roles", "角色", Module.SYSTEM, access.MANAGE_ACCESS, parts_of("system.roles_page")),
    PageSpec(
        "dictionaries",
        "数据字典",
        Module.SYSTEM,
        settings.MANAGE_SETTINGS,
        parts_of("system.dictionaries_page"),
    ),
    PageSpec(
        "custom_fields",
        "自定义字段",
        Module.SYSTEM,
        settings.MANAGE_SETTINGS,
        parts_of("system.custom_fields_page"),
    ),
    PageSpec("settings", "设置", Module.SYSTEM, settings.MANAGE_SETTINGS, parts_of("system.settings_page")),
    PageSpec("backup", "备份与恢复", Module.SYSTEM, maintenance.MAKE_BACKUP, parts_of("system.backup_page")),
    PageSpec("imports", "导入记录", Module.SYSTEM, import_fields.IMPORT, parts_of("system.imports_page")),
    PageSpec("check", "检查数据", Module.SYSTEM, maintenance.CHECK_DATA, parts_of("system.check_page")),
    PageSpec("log", "操作日志", Module.SYSTEM, audit.VIEW_LOG, parts_of("system.log_page")),
)
