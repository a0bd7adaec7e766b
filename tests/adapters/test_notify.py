"""A notification is a bonus: it never waits, never raises, and fits what each system takes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from meiping.adapters import notify as door
from meiping.adapters.notify import NotifyState, notify

linux = pytest.mark.skipif(sys.platform != "linux", reason="asks for notify-send")


def program(folder: Path, name: str, script: str) -> None:
    """A program of the system that does what the script says."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def sent(folder: Path, title: str, text: str) -> str:
    """What became of a notification in a fresh process that finds its programs in ``folder`` only."""
    code = (
        "import sys, logging\n"
        "logging.basicConfig(level=logging.INFO, stream=sys.stdout, format='%(levelname)s')\n"
        "from meiping.adapters.notify import notify\n"
        "for _ in range(2):\n"
        "    result = notify(sys.argv[1], sys.argv[2]).result(20)\n"
        "    print(result.state, result.reason)\n"
    )
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, title, text],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return told.stdout


@linux
def test_the_system_gets_title_and_text(tmp_path: Path) -> None:
    program(tmp_path, "notify-send", f'printf "%s\\n" "$1" "$2" > "{tmp_path}/seen"')
    assert sent(tmp_path, "客户生日", "王晓梅今天生日 <3 & 更多").split() == ["sent", "sent"]
    assert (tmp_path / "seen").read_text(encoding="utf-8").splitlines() == [
        "客户生日",
        "王晓梅今天生日 &lt;3 &amp; 更多",
    ]


@linux
def test_a_machine_without_notifications_is_told_once_in_the_log(tmp_path: Path) -> None:
    lines = sent(tmp_path, "客户生日", "王晓梅").splitlines()
    assert lines == ["WARNING", "unavailable NotImplementedError", "unavailable NotImplementedError"]


def test_it_returns_at_once_while_an_earlier_one_still_shows() -> None:
    with door._one_at_a_time:
        waiting = notify("提醒", "一")
        assert not waiting.done()
    assert waiting.result(20).state in NotifyState


def test_texts_are_cut_to_what_windows_takes() -> None:
    title = door._cut("提醒" * 50, 63)
    assert len(title) == 63
    assert title.endswith("…")
    faces = door._cut("😀" * 200, 255)
    assert len(faces.encode("utf-16-le")) // 2 <= 255
    assert door._cut("刚好" * 10, 63) == "刚好" * 10


def test_a_text_is_never_taken_for_an_option_and_has_one_line() -> None:
    assert door._cut("-5 元\n优惠", 63) == " -5 元 优惠"
