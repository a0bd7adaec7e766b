"""What is loaded when, and what knows what: the parts that the import contracts can't say."""

import ast
import subprocess
import sys
from functools import cache

from tests.rooms.source import Source, every_node, sources

HEAVY = {
    "matplotlib",
    "numpy",
    "openpyxl",
    "fpdf",
    "fontTools",
    "pypdfium2",
    "pypinyin",
    "phonenumbers",
    "plyer",
    "hypothesis",
    "pytest",
}
"""What is loaded by its first use, or by the window once it stands."""


def test_the_program_starts_without_the_heavy_libraries() -> None:
    code = (
        "import sys, meiping.app, meiping.cli, meiping.ui.page_list\n"
        f"print(*sorted({HEAVY!r} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


@cache
def imported(source: Source) -> frozenset[str]:
    """The modules a module imports and the names from them, at the top and inside functions."""
    names: set[str] = set()
    for node in every_node(source):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def importers(*wanted: str) -> set[str]:
    """The modules that import one of the wanted ones, or something out of it."""
    return {
        source.path
        for source in sources()
        if any(f"{name}.".startswith(f"{one}.") for name in imported(source) for one in wanted)
    }


def test_pages_and_widgets_know_no_database() -> None:
    doors = ("db", "fetch", "fetch_value", "open_database", "close_database", "checkpoint", "write_lock")
    inside = ("fields", "listing", "migrator", "schema", "search_index")
    found = importers(
        *(f"meiping.store.database.{door}" for door in doors),
        *(f"meiping.store.{module}" for module in inside),
    )
    assert not {path for path in found if path.startswith(("ui/pages/", "ui/widgets/"))}


def test_nothing_speaks_to_a_network() -> None:
    """But to a till printer in the shop's own network."""
    found = importers("socket", "http", "urllib.request", "requests", "smtplib", "ftplib", "ssl")
    assert found == {"adapters/escpos.py"}


def test_the_toolkit_is_known_to_the_window_only() -> None:
    found = importers("tkinter", "ttkbootstrap")
    assert found
    assert not {path for path in found if not path.startswith(("ui/", "app.py", "tools/"))}
