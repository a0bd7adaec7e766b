"""What reports read."""

from meiping.domains.reports.queries.summary import (
    DaySales,
    DeskFigures,
    customers_by,
    sales_by_day,
    summary,
    summary_columns,
    today_figures,
)

__all__ = [
    "DaySales",
    "DeskFigures",
    "customers_by",
    "sales_by_day",
    "summary",
    "summary_columns",
    "today_figures",
]
