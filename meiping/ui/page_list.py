"""Every page of the program in menu order: the whole menu at a glance.

A page module ends with ``PAGE = PageSpec(...)``; importing it must cost nothing heavy (no charts, no PDF).
"""

from meiping.ui.page_spec import PageSpec
from meiping.ui.pages.customers import customer_hub_page, customer_list_page, recycle_bin_page
from meiping.ui.pages.goods import (
    documents_page,
    product_list_page,
    stock_in_page,
    stock_out_page,
    stock_page,
)
from meiping.ui.pages.reminders import reminders_page
from meiping.ui.pages.reports import composition_page, desk_page, summary_page
from meiping.ui.pages.system import (
    backup_page,
    check_page,
    dictionaries_page,
    log_page,
    operators_page,
    roles_page,
    settings_page,
)

PAGES: tuple[PageSpec, ...] = (
    # 工作台
    desk_page.PAGE,
    # 客户
    customer_hub_page.PAGE,
    customer_list_page.PAGE,
    reminders_page.PAGE,
    recycle_bin_page.PAGE,
    # 商品
    product_list_page.PAGE,
    stock_page.PAGE,
    stock_in_page.PAGE,
    stock_out_page.PAGE,
    documents_page.PAGE,
    # 报表
    summary_page.PAGE,
    composition_page.PAGE,
    # 系统
    operators_page.PAGE,
    roles_page.PAGE,
    dictionaries_page.PAGE,
    settings_page.PAGE,
    backup_page.PAGE,
    check_page.PAGE,
    log_page.PAGE,
)
