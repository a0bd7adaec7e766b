"""A busy shop to read reports of."""

import random
from dataclasses import replace

import pytest

from meiping.domains.access.queries import actor_for
from meiping.domains.access.service import add_company
from meiping.domains.catalog.service import save_category
from meiping.domains.sales.queries import bill_detail
from meiping.domains.sales.returns import return_goods
from meiping.domains.stewardship.merging import merge_customers
from meiping.domains.stock.service import StockLine, issue_goods
from meiping.store.database import fetch
from tests.domains.reports.test_figures import random_trade
from tests.factories import add_product, new_key, sell
from tests.shop import OpenedShop


@pytest.fixture(params=range(2))
def busy(request: pytest.FixtureRequest, shop: OpenedShop) -> OpenedShop:
    """Months of two companies, three salespersons, goods in three categories and brands, waste, a merged customer."""
    dice = random.Random(request.param)
    sellers = [None, shop.actor.operator_id, shop.as_role("收银员").operator_id]
    branch = add_company(shop.actor, name="东街分店")
    there = replace(shop, actor=actor_for(1, company_id=branch, clock=shop.clock))
    for one in (shop, there, shop):
        random_trade(one, dice, bills=14, sellers=sellers)
    top = save_category(shop.actor, name=f"饮料{request.param}", parent_id=None)
    tea = save_category(shop.actor, name="茶", parent_id=top)
    goods = add_product(shop, stock=60, category_id=tea, brand="老树")
    sold = sell(shop, (goods, 9))
    line = bill_detail(shop.actor, sale_id=sold.sale_id).lines[0]
    returned = {line.id: 2_000}
    return_goods(shop.actor, key=new_key(), sale_id=sold.sale_id, quantities=returned, to_waste=True)
    issue_goods(shop.actor, key=new_key(), nature="报损", lines=[StockLine(goods, 3_000)])
    people = [row[0] for row in fetch("SELECT id FROM customer ORDER BY id")]
    merge_customers(shop.actor, survivor_id=people[0], twin_id=people[1])
    return shop
