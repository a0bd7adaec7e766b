"""Goods that are quoted, and who asks for them."""

import pytest

from tests.factories import add_customer, add_product
from tests.shop import OpenedShop


@pytest.fixture
def tea(shop: OpenedShop) -> int:
    return add_product(shop, name="红茶", stock=50, lowest_price_fen=800)


@pytest.fixture
def cup(shop: OpenedShop) -> int:
    return add_product(shop, name="茶杯", stock=50, list_price_fen=2_500)


@pytest.fixture
def firm(shop: OpenedShop) -> int:
    return add_customer(shop, name="恒达贸易")
