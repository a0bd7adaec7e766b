"""The window must not wait for the heavy libraries: they are loaded by the first use."""

import subprocess
import sys

import pytest

HEAVY = (
    "matplotlib",
    "numpy",
    "openpyxl",
    "fpdf",
    "pypdfium2",
    "fontTools",
    "PIL",
    "plyer",
    "python_calamine",
)


@pytest.mark.parametrize(
    "module",
    ["charts", "excel", "files", "lettering", "logs", "notify", "pdf", "printing", "receipt_pdf", "sheets"],
)
def test_importing_a_door_to_the_world_loads_no_heavy_library(module: str) -> None:
    code = (
        f"import sys, meiping.adapters.{module}\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
