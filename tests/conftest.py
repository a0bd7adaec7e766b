"""What every test has: a display where none is, and no error that passes unseen."""

import logging
from collections.abc import Iterator

import pytest

pytest_plugins = ["tests.shop", "tests.windows"]


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(autouse=True)
def logged_errors() -> Iterator[list[str]]:
    """Fail the test if anything was logged as an error; a test that expects one clears this list."""
    handler = _Errors()
    logging.getLogger().addHandler(handler)
    yield handler.lines
    logging.getLogger().removeHandler(handler)
    assert not handler.lines, "\n".join(["logged as errors:", *handler.lines])
