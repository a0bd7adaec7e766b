"""The ``shop`` fixture: an opened, founded shop in a folder of its own, in a few milliseconds.

The shop is made once a session by the real migrations and the real founding, then copied for each test.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from meiping.adapters.files import replace_file
from meiping.domains.access.login import nobody
from meiping.domains.access.passwords import make_hash
from meiping.domains.access.queries import actor_for, company_name, roles
from meiping.domains.access.service import add_operator
from meiping.domains.audit.service import record_denial
from meiping.domains.customers.own_fields import declare_own_fields
from meiping.domains.settings.service import found_shop
from meiping.kernel.actor import Actor
from meiping.store.database import close_database, open_database
from meiping.store.folder import DataFolder
from meiping.store.founding import new_database
from meiping.store.unit_of_work import on_denied

SHOP_NAME = "小巷杂货店"
ADMINISTRATOR = "王老板"
PASSWORD = "secret1"
RECOVERY_CODE = "AAAAA-BBBBB-CCCCC-DDDDD"
CHEAP = 16
"""The cost of a password's hash in tests: the lowest there is."""


class SettableClock:
    """The shop's clock in tests: it stands still until it is set or moved on."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone()

    def __call__(self) -> datetime:
        return self.now

    def set(self, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        """Set it to a local time: ``clock.set(2026, 11, 21, 9, 30)``."""
        self.now = datetime(year, month, day, hour, minute).astimezone()

    def advance(self, **duration: float) -> None:
        """Move it on: ``clock.advance(minutes=5)``."""
        self.now += timedelta(**duration)


def opening_time() -> datetime:
    """When the shop of every test is founded: Monday 2026-03-16, nine o'clock local time."""
    return datetime(2026, 3, 16, 9, 0).astimezone()


@dataclass
class OpenedShop:
    """An opened shop with its administrator at work.

    ``folder`` is its data folder, ``clock`` the time all its actors see.
    """

    folder: DataFolder
    clock: SettableClock
    actor: Actor
    _actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def company_id(self) -> int:
        """The company of the administrator."""
        return self.actor.company_id

    @property
    def company_name(self) -> str:
        """Its name."""
        return company_name(self.actor.company_id)

    def as_role(self, role: str) -> Actor:
        """An operator with just this role; the same one at every call."""
        if role not in self._actors:
            self._actors[role] = self.add_operator(f"{role}小林", role)
        return self._actors[role]

    def add_operator(self, name: str, *role_names: str) -> Actor:
        """One more operator, whose password is ``PASSWORD``."""
        role_ids = [role.id for role in roles(self.actor) if role.name in role_names]
        operator_id = add_operator(
            self.actor,
            name=name,
            password_hash=make_hash(PASSWORD, cost=CHEAP),
            role_ids=role_ids,
            company_id=self.actor.company_id,
        )
        return actor_for(operator_id, clock=self.clock)


def found_test_shop(root: Path) -> DataFolder:
    """Found the shop of the tests in ``root`` by the real way and close it."""
    folder = DataFolder(root)
    with new_database(folder, replace_file):
        found_shop(
            nobody(opening_time),
            shop_name=SHOP_NAME,
            administrator=ADMINISTRATOR,
            password_hash=make_hash(PASSWORD, cost=CHEAP),
            recovery_hash=make_hash(RECOVERY_CODE, cost=CHEAP),
        )
    return folder


@pytest.fixture(scope="session")
def founded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed, founded shop to copy from; never opened by a test."""
    return found_test_shop(tmp_path_factory.mktemp("founded") / "data").root


@pytest.fixture
def closed_shop(founded_folder: Path, tmp_path: Path) -> DataFolder:
    """A founded shop of the test's own that nobody has opened yet."""
    shutil.copytree(founded_folder, tmp_path / "data")
    return DataFolder(tmp_path / "data")


@pytest.fixture
def shop(closed_shop: DataFolder) -> Iterator[OpenedShop]:
    """A founded shop of the test's own, open on this thread, its administrator at work."""
    open_database(closed_shop.database)
    on_denied(record_denial)
    declare_own_fields()
    clock = SettableClock(opening_time())
    yield OpenedShop(closed_shop, clock, actor_for(1, clock=clock))
    close_database()
