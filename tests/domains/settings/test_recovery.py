"""The recovery code: written down once, good once."""

import pytest

from meiping.domains.access.login import LoginRefused, log_in
from meiping.domains.access.passwords import make_hash
from meiping.domains.access.service import change_operator
from meiping.domains.audit.queries import operations
from meiping.domains.settings.recovery import recover
from meiping.kernel.errors import InputError
from meiping.kernel.tabular import Sort
from meiping.store.database import fetch_value
from tests.shop import ADMINISTRATOR, CHEAP, PASSWORD, RECOVERY_CODE, OpenedShop


def use(shop: OpenedShop, *, name: str = ADMINISTRATOR, code: str = RECOVERY_CODE, password: str = "fresh22"):
    return recover(name=name, code=code, password=password, clock=shop.clock, cost=CHEAP)


def said(shop: OpenedShop) -> list[str]:
    return [row["summary"] for row in operations(shop.actor).window(0, 5, Sort("at", descending=True))]


def test_gives_the_administrator_a_new_password_and_a_new_code(shop: OpenedShop):
    following = use(shop)
    assert log_in(name=ADMINISTRATOR, password="fresh22", clock=shop.clock).name == ADMINISTRATOR
    assert following != RECOVERY_CODE
    assert use(shop, code=following, password="fresh33") != following
    assert log_in(name=ADMINISTRATOR, password="fresh33", clock=shop.clock).name == ADMINISTRATOR


def test_a_code_works_once(shop: OpenedShop):
    use(shop)
    with pytest.raises(InputError) as refused:
        use(shop)
    assert refused.value.field == "code"


@pytest.mark.parametrize(
    "typed", ["aaaaabbbbbcccccddddd", " AAAAA BBBBB CCCCC DDDDD ", "ＡＡＡＡＡ－BBBBB-CCCCC-DDDDD"]
)
def test_is_understood_however_it_is_typed(shop: OpenedShop, typed: str):
    assert use(shop, code=typed)


@pytest.mark.parametrize("typed", ["", "AAAAA-BBBBB-CCCCC-DDDDE", "AAAAA"])
def test_a_wrong_code_changes_nothing_and_is_written_down(shop: OpenedShop, typed: str):
    before = fetch_value("SELECT password_hash FROM operator")
    with pytest.raises(InputError):
        use(shop, code=typed)
    assert fetch_value("SELECT password_hash FROM operator") == before
    assert "恢复码错误" in said(shop)


def test_helps_an_active_administrator_only(shop: OpenedShop):
    clerk = shop.as_role("收银员")
    for name in (clerk.name, "谁也不是"):
        with pytest.raises(InputError) as refused:
            use(shop, name=name)
        assert refused.value.field == "name"


def test_ends_the_wait_after_wrong_passwords(shop: OpenedShop):
    for _ in range(6):
        with pytest.raises(LoginRefused):
            log_in(name=ADMINISTRATOR, password="wrong!", clock=shop.clock)
        shop.clock.advance(seconds=9)
    use(shop)
    assert log_in(name=ADMINISTRATOR, password="fresh22", clock=shop.clock).name == ADMINISTRATOR


def test_a_weak_password_is_refused_before_the_code_is_spent(shop: OpenedShop):
    with pytest.raises(InputError) as refused:
        use(shop, password="111111")
    assert refused.value.field == "password"
    assert use(shop)


def test_a_password_set_for_somebody_ends_his_wait(shop: OpenedShop):
    clerk = shop.as_role("收银员")
    with pytest.raises(LoginRefused):
        log_in(name=clerk.name, password="wrong!", clock=shop.clock)
    role_id = fetch_value("SELECT id FROM role WHERE name = '收银员'")
    change_operator(
        shop.actor,
        operator_id=clerk.operator_id,
        name=clerk.name,
        role_ids=[role_id],
        company_id=shop.company_id,
        active=True,
        password_hash=make_hash(PASSWORD + "2", cost=CHEAP),
    )
    assert log_in(name=clerk.name, password=PASSWORD + "2", clock=shop.clock).name == clerk.name
