"""The program dies in the middle of a backup or a restore, at any of its dealings with the disk."""

import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from meiping.kernel.errors import DamagedFile
from meiping.store import backup
from meiping.store.backup_shelf import shelf
from meiping.store.folder import DataFolder
from meiping.store.inspection import require_sound
from tests.store.backup_tools import LITTLE, make, operators, rename, restore

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to die without a word")

_DEALINGS = frozenset(
    {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "sqlite3.connect"}
)
_DIED = 77


def die_at(number: int, work: Callable[[], object]) -> bool:
    """Do ``work`` in a process that dies at its ``number``-th dealing with the disk; False if it got through."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # other threads may be there; the child needs none
        child = os.fork()
    if child == 0:
        seen = 0

        def count(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal seen
            if event in _DEALINGS:
                seen += 1
                if seen == number:
                    os._exit(_DIED)

        sys.addaudithook(count)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == _DIED


def test_a_backup_killed_anywhere_leaves_the_shop_and_no_half_backup(closed_shop: DataFolder) -> None:
    number = 0
    while die_at(number := number + 1, lambda: make(closed_shop)):
        require_sound(closed_shop.database, LITTLE, thorough=False, name="数据")
        for item in shelf(closed_shop):
            assert item.info is not None
            assert backup.verify(item.path) == item.info
    assert number > 10
    make(closed_shop)
    assert not list(closed_shop.cache.iterdir())


def test_a_restore_killed_anywhere_leaves_the_old_data_or_the_new_ones(closed_shop: DataFolder) -> None:
    saved = make(closed_shop)
    rename(closed_shop, "后来的人")
    number = switched = 0
    while die_at(number := number + 1, lambda: restore(closed_shop, saved.path)):
        require_sound(closed_shop.database, LITTLE, thorough=False, name="数据")
        if closed_shop.generation() != "0001":
            assert operators(closed_shop) == ["王老板"]
            switched += 1
            closed_shop.current_file.write_text("0001\n")
        assert operators(closed_shop) == ["后来的人"]
    assert number > 25
    assert switched < number // 4
    assert operators(closed_shop) == ["王老板"]


def test_a_restore_killed_over_damaged_data_can_be_done_again(closed_shop: DataFolder) -> None:
    saved = make(closed_shop)
    closed_shop.database.write_bytes(b"no database" * 1000)
    with pytest.raises(DamagedFile):
        make(closed_shop)
    assert die_at(12, lambda: restore(closed_shop, saved.path))
    restore(closed_shop, saved.path)
    assert operators(closed_shop) == ["王老板"]
