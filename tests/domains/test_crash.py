"""Whatever stops the program, what was confirmed is there once, and nothing is there by half."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from peewee import OperationalError

from meiping.kernel.changes import Topic
from meiping.kernel.errors import UserError
from meiping.store.database import close_database, db, fetch, fetch_value
from meiping.store.folder import DataFolder
from meiping.store.unit_of_work import subscribe
from tests.domains.counter_work import (
    PIECES,
    SHIFT_PIECES,
    Piece,
    a_shift_is_ended,
    a_shift_is_opened,
    carts_begun,
    do_piece,
    furnish,
    open_shop,
    without_cart,
)
from tests.shop import OpenedShop, found_test_shop
from tests.whole_file import contents, faults

ROOT = Path(__file__).parent.parent.parent
KILLS = int(os.environ.get("MEIPING_KILLS", "6"))
"""How often the work is killed at a random moment: a few times in the suite, 500 with ``MEIPING_KILLS=500``."""
MOST_PIECES = 100
PIECES_A_LIFE = MOST_PIECES if KILLS < 50 else 10
NUMBERED = (
    *("sale", "recharge", "refund", "receipt", "write_off", "stock_document", "shift", "cash_movement"),
    *("card_use", "expense", "advance_settlement", "deposit"),
)
"""The tables of documents with a key and a number."""


@pytest.fixture(scope="module")
def founded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every shop here begins furnished."""
    folder = found_test_shop(tmp_path_factory.mktemp("furnished") / "data")
    furnish(open_shop(folder))
    close_database()
    return folder.root


# --------------------------------------------------------------- the process dies
def killed_at_work(folder: DataFolder, first: int, chance: random.Random) -> tuple[dict[int, str], int]:
    """Let a process work from piece ``first`` on and kill it at a random moment.

    Gives the documents it has confirmed by piece, and the piece it was at.
    """
    confirmed: dict[int, str] = {}
    begun = first
    command = [sys.executable, "-m", "tests.domains.counter_work", str(folder.root), str(first)]

    def note(line: str) -> None:
        nonlocal begun
        number, *document = line.split()
        begun = int(number)
        if document:
            confirmed[begun] = document[0]

    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        wanted = chance.randrange(PIECES_A_LIFE)
        while len(confirmed) < wanted and (line := process.stdout.readline()):
            note(line)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=chance.random() / 50)
        process.kill()
        for line in process.stdout:
            note(line)
    assert process.returncode == -signal.SIGKILL
    return confirmed, begun


def documents_under(key: str) -> list[str]:
    """The numbers of all documents posted under a key."""
    found = [row[0] for table in NUMBERED for row in fetch(f"SELECT number FROM {table} WHERE key = ?", key)]
    changed = "SELECT s.number FROM tender_change c JOIN sale s ON s.id = c.sale_id WHERE c.key = ?"
    ended = "SELECT number FROM shift WHERE reason = ?"
    return found + [row[0] for which in (changed, ended) for row in fetch(which, key)]


@pytest.mark.skipif(sys.platform == "win32", reason="tells a kill by its signal")
def test_killed_at_any_moment_the_shop_has_every_confirmed_document_once(closed_shop: DataFolder) -> None:
    chance = random.Random(20260316)
    first, hits = 1, 0
    for _ in range(KILLS):
        confirmed, begun = killed_at_work(closed_shop, first, chance)
        hits += begun not in confirmed
        shop = open_shop(closed_shop)
        assert fetch_value("PRAGMA quick_check") == "ok"
        assert not faults()
        for number, document in confirmed.items():
            assert documents_under(f"piece {number}") == [document]
        assert len(documents_under(f"piece {begun}")) <= 1
        found = contents()
        assert {number: do_piece(shop, number) for number in confirmed} == confirmed
        assert contents() == found, "asked again, something was posted twice"
        document = do_piece(shop, begun)
        assert documents_under(f"piece {begun}") == [document]
        assert not faults()
        first = begun + 1
        close_database()
    assert first > KILLS
    print(f"{KILLS} kills, {hits} of them in the middle of one of {first - 1} pieces of work")


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_killed_at_each_statement_nothing_of_the_work_is_left(closed_shop: DataFolder) -> None:
    command = [sys.executable, "-m", "tests.domains.kill_at_each_statement", str(closed_shop.root)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 100


# --------------------------------------------------------------- a statement fails
class Unplugged(Exception):
    """What fails in the middle of work."""


@contextmanager
def failing_at(fatal: int) -> Iterator[None]:
    """Raise Unplugged instead of the ``fatal``-th statement within; the last one is the commit."""
    passed = count(1)

    def guarded(call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*values: Any) -> Any:
            if next(passed) == fatal:
                raise Unplugged
            return call(*values)

        return run

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "execute_sql", guarded(db.execute_sql))
        patch.setattr(db, "commit", guarded(db.commit))
        yield


@pytest.mark.parametrize("piece", dict.fromkeys((*PIECES, *SHIFT_PIECES)), ids=lambda piece: piece.__name__)
def test_failed_at_each_statement_nothing_is_left_and_the_next_try_works(
    shop: OpenedShop, piece: Piece
) -> None:
    told: list[frozenset[Topic]] = []
    if piece is a_shift_is_ended:
        a_shift_is_opened(shop, "opened before")
    stop = subscribe(told.append)
    before = contents()
    for fatal in count(1):
        try:
            with failing_at(fatal):
                number = piece(shop, "the key")
            break
        except Unplugged:
            assert without_cart(contents()) == without_cart(before)
            assert not told
    stop()
    assert fatal > 10
    assert len(told) == 1
    assert documents_under("the key") == [number]
    assert not carts_begun(contents())
    assert not faults()
    done = contents()
    assert piece(shop, "the key") == number
    assert contents() == done


@pytest.mark.parametrize("piece", PIECES[4:7], ids=lambda piece: piece.__name__)
def test_on_a_full_disk_nothing_is_left_and_work_goes_on_once_there_is_room(
    shop: OpenedShop, piece: Piece
) -> None:
    fetch(f"PRAGMA max_page_count = {fetch_value('PRAGMA page_count')}")
    for number in range(MOST_PIECES):
        before = contents()
        try:
            piece(shop, f"piece {number}")
        except (OperationalError, UserError):
            break
    else:
        pytest.fail("the disk was never full")
    assert without_cart(contents()) == without_cart(before)
    fetch("PRAGMA max_page_count = 1000000")
    document = piece(shop, f"piece {number}")
    assert documents_under(f"piece {number}") == [document]
    assert not faults()
