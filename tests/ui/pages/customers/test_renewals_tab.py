"""续费: the customer's services in the hub, renewed from there, closed and wanted again."""

from typing import Any

import pytest

from meiping.ui.pages.customers.customer_hub_page import PAGE
from tests.domains.renewals.serving import add_machine, terms
from tests.factories import add_customer, sell
from tests.shop import OpenedShop
from tests.ui.pages.customers.test_customer_hub_page import rows, tab
from tests.windows import PageContext


@pytest.fixture
def wang(shop: OpenedShop) -> int:
    """He has a machine whose service goes to 2027-03-15; so has somebody else."""
    machine = add_machine(shop)
    wang = add_customer(shop, name="王总")
    for customer_id in (wang, add_customer(shop)):
        sell(shop, (machine, 1), customer_id=customer_id)
    return wang


@pytest.fixture
def pane(opened: Any, wang: int) -> Any:
    """The sub-tab in front, showing the customer."""
    page = opened(PAGE)
    page.open(customer_id=wang)
    return tab(page, "续费")


def act(pane: Any, word: str) -> None:
    """Do with the first service what the row's menu calls so."""
    pane.list.select_id(rows(pane)[0]["id"])
    pane._actions.perform(pane._actions.called(word))


def test_a_service_is_renewed_from_the_hub_and_leads_back_there(
    pane: Any, shop: OpenedShop, wang: int, context: PageContext
) -> None:
    (row,) = rows(pane)
    assert (row["product"], row["state"], row["amount_fen"]) == ("收银机", "服务中", 30_000)
    act(pane, "续费")
    assert context.opened == [("counter", {"customer_id": wang, "renew": [row["id"]], "to_hub": True})]


def test_one_not_wanted_any_more_is_wanted_again(pane: Any, shop: OpenedShop, dialog: Any, fill: Any) -> None:
    act(pane, "不再续…")
    fill(dialog(), reason="停业了")
    dialog().submit()
    assert [row["state"] for row in rows(pane)] == ["不再续"]
    act(pane, "恢复待续")
    assert [row["state"] for row in rows(pane)] == ["服务中"]
    assert len(terms(shop, "closed")) == 0
