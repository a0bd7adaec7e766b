"""Kill a process at every writing SQL statement of every piece of work at the counter, and look at what it leaves.

``python -m tests.domains.kill_at_each_statement FOLDER``: a closed, furnished shop. Forks, so it runs in a
process of its own, without windows and threads. Ends with the number of kills, or with an error.
"""

import gc
import os
import signal
import sys
from pathlib import Path
from typing import Any

from meiping.store.database import close_database, db, fetch_value
from meiping.store.folder import DataFolder
from tests.domains.counter_work import PIECES, SHIFT_PIECES, Piece, carts_begun, open_shop, without_cart
from tests.whole_file import contents, faults


def die_at(fatal: int) -> None:
    """Kill this process before the ``fatal``-th writing statement from now on; the last one is the commit."""
    execute, commit = db.execute_sql, db.commit
    executed = 0

    def count_down() -> None:
        nonlocal executed
        executed += 1
        if executed == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(sql: str, params: Any = None) -> Any:
        if not sql.startswith("SELECT"):
            count_down()
        return execute(sql, params)

    def counted_commit() -> Any:
        count_down()
        return commit()

    db.execute_sql, db.commit = counted, counted_commit  # type: ignore[method-assign]


def survives_child(folder: DataFolder, piece: Piece, key: str, fatal: int) -> bool:
    """Whether a child that dies at statement ``fatal`` gets through its work before that."""
    child = os.fork()
    if not child:
        shop = open_shop(folder)
        die_at(fatal)
        piece(shop, key)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFEXITED(status) or os.WTERMSIG(status) == signal.SIGKILL
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFEXITED(status)


def kill_throughout(folder: DataFolder, piece: Piece) -> int:
    """Kill a piece of work at each of its statements in turn; gives how many there were."""
    open_shop(folder)
    before, carts = without_cart(contents()), 0
    close_database()
    fatal = 1
    while not survives_child(folder, piece, piece.__name__, fatal):
        open_shop(folder)
        left = contents()
        assert without_cart(left) == before, f"{piece.__name__}, statement {fatal}"
        assert len(left["cart"]) >= carts, "the cart was lost without its bill"
        carts = len(left["cart"])
        close_database()
        fatal += 1
    shop = open_shop(folder)
    done = contents()
    assert without_cart(done) != before
    assert not carts_begun(done)
    assert not faults()
    assert fetch_value("PRAGMA integrity_check") == "ok"
    piece(shop, piece.__name__)
    assert contents() == done, f"{piece.__name__} was doubled"
    close_database()
    return fatal - 1


def main(folder: str) -> None:
    """Go through all the pieces."""
    gc.freeze()  # a child then copies less
    print(
        sum(
            kill_throughout(DataFolder(Path(folder)), piece)
            for piece in dict.fromkeys((*PIECES, *SHIFT_PIECES))
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
