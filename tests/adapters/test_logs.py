"""The log says what went wrong and where, and nothing about customers."""

import logging
import sqlite3
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from meiping.adapters.logs import safe_traceback, start_logging
from meiping.kernel.errors import InputError

CUSTOMER = "王晓梅"
PHONE = "13822017788"


@pytest.fixture
def log(tmp_path: Path, logged_errors: list[str]) -> Iterator[Callable[[], str]]:
    """Reads what is in the log."""
    close = start_logging(tmp_path / "logs")
    yield lambda: (tmp_path / "logs" / "meiping.log").read_text(encoding="utf-8")
    close()
    logged_errors.clear()


def test_the_first_line_names_the_versions(log: Callable[[], str]) -> None:
    first = log().splitlines()[0]
    for expected in ("meiping 0", "Python 3.", "SQLite 3.", "peewee 4.", "ttkbootstrap 2."):
        assert expected in first


def failing(name: str) -> None:
    try:
        raise KeyError(name)
    except KeyError as error:
        raise ValueError(f"{name} {PHONE} 欠 500") from error


def test_an_error_is_told_with_its_place_but_without_values(log: Callable[[], str]) -> None:
    try:
        failing(CUSTOMER)
    except ValueError:
        logging.getLogger("meiping.test").exception("sale %d failed", 17)
    text = log()
    assert "sale 17 failed" in text
    assert "in failing" in text
    assert "KeyError" in text
    assert "which led to" in text
    assert "ValueError" in text
    assert CUSTOMER not in text
    assert PHONE not in text


def test_another_handler_does_not_smuggle_the_values_in(log: Callable[[], str]) -> None:
    other = logging.StreamHandler(sys.stderr)
    logging.getLogger().handlers.insert(0, other)
    try:
        failing(CUSTOMER)
    except ValueError:
        logging.getLogger("meiping.test").exception("failed")
    finally:
        logging.getLogger().removeHandler(other)
    assert CUSTOMER not in log()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (InputError("电话“13822017788”不是电话号码"), "InputError: (message left out)"),
        (sqlite3.IntegrityError("UNIQUE constraint failed: customer.phone"), "failed: customer.phone"),
        (sqlite3.OperationalError('fts5: syntax error near "王晓梅"'), "fts5: syntax error near …"),
        (sqlite3.OperationalError("no such column: 王晓梅"), "no such column: …"),
        (AttributeError("'NoneType' object has no attribute 'name'"), "object has no attribute 'name'"),
        (
            OSError(28, "No space left on device", "/home/王晓梅/a.pdf"),
            "OSError: [28] No space left on device",
        ),
        (PermissionError(13, "Permission denied"), "PermissionError: [13] Permission denied"),
    ],
)
def test_messages_keep_what_helps_and_lose_what_is_personal(error: Exception, told: str) -> None:
    text = safe_traceback(error)
    assert text.endswith(told)
    assert CUSTOMER not in text
    assert PHONE not in text


def test_errors_nobody_caught_are_in_the_log(
    log: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    worker = threading.Thread(target=failing, args=(CUSTOMER,), name="worker")
    worker.start()
    worker.join()
    try:
        failing(CUSTOMER)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    text = log()
    assert "an error nobody caught in worker" in text
    assert text.count("ValueError: (message left out)") == 2


def test_the_log_is_five_files_of_a_megabyte_for_its_owner_only(
    log: Callable[[], str], tmp_path: Path
) -> None:
    for _ in range(700):
        logging.getLogger("meiping.test").info("x" * 10_000)
    files = list((tmp_path / "logs").iterdir())
    assert len(files) == 5
    assert max(file.stat().st_size for file in files) <= 1_000_000
    if sys.platform != "win32":
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_chatty_libraries_do_not_write_the_values_of_rows(log: Callable[[], str]) -> None:
    logging.getLogger("peewee").debug("INSERT ... %s", ["王晓梅"])
    logging.getLogger("peewee").info("INSERT ... %s", ["王晓梅"])
    assert CUSTOMER not in log()


def test_a_folder_that_can_not_be_written_does_not_stop_the_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("a file in the way")
    close = start_logging(tmp_path / "logs")
    logging.getLogger("meiping.test").warning("still here")
    close()
    assert "still here" in capsys.readouterr().err


def test_closing_puts_everything_back(tmp_path: Path) -> None:
    before = (
        sys.excepthook,
        threading.excepthook,
        logging.getLogger().level,
        list(logging.getLogger().handlers),
    )
    start_logging(tmp_path)()
    after = (
        sys.excepthook,
        threading.excepthook,
        logging.getLogger().level,
        list(logging.getLogger().handlers),
    )
    assert before == after
