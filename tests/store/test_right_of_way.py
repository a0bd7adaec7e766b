"""A report that is being read lets a bill through, and still comes to its end."""

import sqlite3
import threading
import time

from meiping.store.right_of_way import RightOfWay

_LONG = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT count(*) FROM n"
)


def _read(way: RightOfWay, ended: list[float]) -> None:
    connection = sqlite3.connect(":memory:")
    way.given_by(connection)
    connection.execute(_LONG).fetchone()
    connection.close()
    ended.append(time.monotonic())


def test_what_is_read_on_another_thread_waits_for_the_bill_but_not_for_ever() -> None:
    way, ended = RightOfWay(), list[float]()
    reader = threading.Thread(target=_read, args=(way, ended))
    with way.taken():
        began = time.monotonic()
        reader.start()
        reader.join()
    assert ended[0] - began >= 0.015, "it stood aside"
