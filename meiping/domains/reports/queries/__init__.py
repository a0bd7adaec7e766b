"""What reports read."""

from meiping.domains.reports.queries.ageing import ageing_columns, ageing_report
from meiping.domains.reports.queries.bill_course import BillTable
from meiping.domains.reports.queries.bills import bill_columns, bill_report
from meiping.domains.reports.queries.cases import CaseGroup, case_columns, case_report
from meiping.domains.reports.queries.customers import customer_columns, customer_report
from meiping.domains.reports.queries.people import Target, people_columns, people_report, targets_of
from meiping.domains.reports.queries.products import ProductGroup, product_columns, product_report
from meiping.domains.reports.queries.stock_flow import stock_flow_columns, stock_flow_report
from meiping.domains.reports.queries.stored import StoredGroup, stored_columns, stored_report
from meiping.domains.reports.queries.summary import (
    DaySales,
    customers_by,
    sales_by_day,
    summary,
    summary_columns,
)
from meiping.domains.reports.queries.tasks import TaskGroup, task_columns, task_report
from meiping.domains.reports.queries.tenders import MoneyGroup, tender_columns, tender_report

__all__ = [
    "BillTable",
    "CaseGroup",
    "DaySales",
    "MoneyGroup",
    "ProductGroup",
    "StoredGroup",
    "Target",
    "TaskGroup",
    "ageing_columns",
    "ageing_report",
    "bill_columns",
    "bill_report",
    "case_columns",
    "case_report",
    "customer_columns",
    "customer_report",
    "customers_by",
    "people_columns",
    "people_report",
    "product_columns",
    "product_report",
    "sales_by_day",
    "stock_flow_columns",
    "stock_flow_report",
    "stored_columns",
    "stored_report",
    "summary",
    "summary_columns",
    "targets_of",
    "task_columns",
    "task_report",
    "tender_columns",
    "tender_report",
]
