"""Logging in: who came in, and at whose name a wrong password was tried, stand in the log."""

import pytest

from meiping.domains.access.login import LoginRefused, log_in
from meiping.domains.audit.queries import operations
from meiping.kernel.tabular import Sort
from tests.shop import ADMINISTRATOR, PASSWORD, OpenedShop


def last_lines(shop: OpenedShop) -> list[tuple[str, str]]:
    rows = operations(shop.actor).window(0, 2, Sort("at", descending=True))
    return [(row["operator_name"], row["summary"]) for row in rows]


def test_the_log_names_who_logged_in_and_whose_password_was_wrong(shop: OpenedShop) -> None:
    log_in(name=ADMINISTRATOR, password=PASSWORD, clock=shop.clock)
    with pytest.raises(LoginRefused):
        log_in(name=ADMINISTRATOR, password="wrong1", clock=shop.clock)
    assert last_lines(shop) == [("（未登录）", f"密码错误：{ADMINISTRATOR}"), (ADMINISTRATOR, "登录")]
