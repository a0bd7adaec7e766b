"""Printing never fails loudly: without a printer the file opens, and the user is told what happened."""

import sys
import threading
from pathlib import Path

import pytest

from meiping.adapters.printing import PrintWay, print_pdf, printers
from tests.adapters.test_notify import program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="prints through lp")


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that holds all programs of the system."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "小票 1.pdf"
    path.write_bytes(b"%PDF-1.4")
    return path


def opened(tmp_path: Path) -> str:
    for thread in threading.enumerate():
        if thread.name == "open-file":
            thread.join(20)
    return (tmp_path / "opened").read_text(encoding="utf-8").strip()


def test_the_printer_gets_the_file(system: Path, paper: Path, tmp_path: Path) -> None:
    program(system, "lp", f'printf "%s|" "$@" > "{tmp_path}/printed"')
    outcome = print_pdf(paper, printer="热敏", copies=2)
    assert (outcome.way, outcome.sentence) == (PrintWay.SENT, "已送到打印机。")
    assert (tmp_path / "printed").read_text(encoding="utf-8") == f"-n|2|-d|热敏|--|{paper}|"


@pytest.mark.parametrize("lp", ["exit 1", None], ids=["refuses", "missing"])
def test_without_a_printer_the_file_is_opened(
    system: Path, paper: Path, tmp_path: Path, lp: str | None
) -> None:
    if lp:
        program(system, "lp", lp)
    for opener in ("xdg-open", "open"):
        program(system, opener, f'printf "%s" "$1" > "{tmp_path}/opened"')
    outcome = print_pdf(paper)
    assert outcome.way is PrintWay.OPENED
    assert "已打开文件" in outcome.sentence
    assert opened(tmp_path) == str(paper)


def test_with_neither_printer_nor_viewer_the_place_of_the_file_is_told(system: Path, paper: Path) -> None:
    outcome = print_pdf(paper)
    assert outcome.way is PrintWay.FAILED
    assert outcome.sentence.startswith("没有打印")
    assert str(paper.parent) in outcome.sentence


def test_a_file_that_is_gone_is_told(system: Path, tmp_path: Path) -> None:
    assert print_pdf(tmp_path / "小票.pdf").way is PrintWay.FAILED


def test_printers_are_listed_where_the_system_knows_any(system: Path) -> None:
    assert printers() == []
    program(system, "lpstat", "printf 'HP\\nXP-58\\n'")
    assert printers() == ["HP", "XP-58"]
    program(system, "lpstat", "exit 1")
    assert printers() == []
