"""Soon after the login, once a day, customers nobody was in touch with go back to the pool."""

import pytest
import ttkbootstrap as ttk

from meiping.domains.customers.queries import customer_detail
from meiping.domains.settings.service import save_options
from meiping.kernel.actor import Actor
from meiping.ui.shell.daily_pass import DailyPass
from tests.factories import add_customer
from tests.shop import OpenedShop
from tests.windows import AtOnce


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def daily(root: ttk.App, shop: OpenedShop, told: list[str]):
    workers = AtOnce(root)
    at_work: list[Actor] = [shop.as_role("业务员")]
    made = DailyPass(root, workers, where=lambda: (at_work[0], shop.folder), tell=told.append)
    yield made
    made.close()
    workers.close()


def test_it_runs_once_a_day_and_tells_how_many_went_back(shop, daily, told):
    one = add_customer(shop, owner_id=shop.actor.operator_id)
    save_options(shop.actor, values={"customers.pool_days": 3})
    daily.run_if_due()
    assert told == []
    shop.clock.advance(days=3)
    daily.run_if_due()
    assert told == ["1 位客户久未联系，已自动退回公海。"]
    assert customer_detail(shop.actor, one).owner == ""
    add_customer(shop, owner_id=shop.actor.operator_id, created_date=shop.actor.today())
    daily.run_if_due()
    assert len(told) == 1


def test_before_anybody_has_logged_in_nothing_runs(root, shop, told):
    from meiping.domains.access.login import nobody

    add_customer(shop, owner_id=shop.actor.operator_id)
    save_options(shop.actor, values={"customers.pool_days": 1})
    shop.clock.advance(days=9)
    workers = AtOnce(root)
    for where in (lambda: None, lambda: (nobody(shop.clock), shop.folder)):
        made = DailyPass(root, workers, where=where, tell=told.append)
        made.run_if_due()
        made.close()
    workers.close()
    assert told == []
