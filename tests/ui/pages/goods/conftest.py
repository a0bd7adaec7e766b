"""Hands for the pages of goods: a product with a bar code, and the scanner."""

import itertools
from collections.abc import Callable

import pytest
import ttkbootstrap as ttk

from meiping.domains.catalog.rules import ProductInput
from meiping.domains.catalog.service import add_product
from tests.shop import OpenedShop

COLA = ProductInput("可口可乐", 350, unit="瓶", barcodes="6901234567892", purchase_price_fen=200)
_clock = itertools.count(1_000_000, 10_000)


@pytest.fixture
def cola(shop: OpenedShop) -> int:
    """A product whose bar code is 6901234567892."""
    return add_product(shop.actor, product=COLA)


@pytest.fixture
def scan(root: ttk.App) -> Callable[[str], None]:
    """A scanner: keys 8 ms apart and Enter, wherever the focus is."""

    def code(digits: str) -> None:
        at = next(_clock)
        for digit in digits:
            (root.focus_get() or root).event_generate(f"<Key-{digit}>", time=at)
            at += 8
        (root.focus_get() or root).event_generate("<Return>", time=at)
        root.update()

    return code
