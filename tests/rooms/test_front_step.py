"""What ``python3 run.py`` promises to somebody who has just downloaded the program."""

import ast
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import run
from meiping.adapters.display import MissingDisplay, has_display, virtual_display
from meiping.adapters.fonts import sans_path, screen_families

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [ROOT / ".requirements" / f"{name}.txt" for name in ("runtime", "escpos", "tools")]
PROGRAM = "import os, sys; print('|'.join([os.getcwd(), *sys.argv[1:]])); sys.exit(7)"
NOWHERE = f"no-such-thing==1.0 --hash=sha256:{'0' * 64}\n"


def start(command: list[str], cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env=os.environ | {"PYTHONUTF8": "1", "PIP_NO_INDEX": "1"} | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def start_without(stub: str) -> subprocess.CompletedProcess[str]:
    """Start run.py in a Python from which ``stub`` has taken something away."""
    code = f"import runpy, sys; {stub}; sys.argv = ['run.py']; runpy.run_path('run.py', run_name='__main__')"
    return start(["-c", code])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A freshly downloaded program that needs no components, in a folder named as shops name folders."""
    folder = tmp_path_factory.mktemp("下载") / "小店 一号"
    (folder / ".requirements").mkdir(parents=True)
    (folder / "meiping").mkdir()
    shutil.copy(ROOT / "run.py", folder)
    (folder / "meiping" / "__init__.py").touch()
    (folder / "meiping" / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    for lock in LOCKS:
        (folder / ".requirements" / lock.name).write_text("# nothing\n", encoding="utf-8")
    return folder


# ------------------------------------------------------------------ this Python is not enough


@pytest.mark.parametrize(
    ("stub", "words"),
    [
        ("sys.modules['tkinter'] = None", ["缺少 tkinter"]),
        ("sys.modules['ensurepip'] = None", ["缺少 venv"]),
        ("sys.version_info = (3, 9, 2, 'final', 0)", ["需要 Python 3.11", "现在用的是 3.9"]),
    ],
)
def test_says_in_one_chinese_sentence_what_is_missing(stub: str, words: list[str]):
    ended = start_without(stub)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert all(word in ended.stderr for word in words)


@pytest.mark.parametrize(
    ("platform", "distribution", "words"),
    [
        ("linux", "debian", "apt-get install python3-tk python3-venv"),
        ("linux", "linuxmint ubuntu debian", "apt-get install python3-tk python3-venv"),
        ("linux", "fedora", "dnf install python3-tkinter"),
        ("linux", "arch", "pacman -S tk"),
        ("darwin", "", "brew install python-tk@3.12"),
        ("win32", "", "tcl/tk and IDLE"),
    ],
)
def test_names_what_to_install_on_this_system(platform: str, distribution: str, words: str):
    assert words in run.how_to_install(["tkinter", "venv"], platform, distribution, (3, 12))


def test_an_old_python_can_read_it_well_enough_to_refuse():
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_brings_nothing_but_the_standard_library():
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    names = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    names += [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


# ------------------------------------------------------------------ the first start and the ones after


def test_two_first_starts_at_once_both_end_well(shop: Path):
    command = [sys.executable, str(shop / "run.py"), "check"]
    environment = os.environ | {"PYTHONUTF8": "1", "PIP_NO_INDEX": "1"}
    both = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    told = [started.communicate(timeout=120)[1].decode() for started in both]
    assert [started.returncode for started in both] == [7, 7]
    assert sum("运行环境已准备好" in lines for lines in told) == 1


def test_a_later_start_is_silent_and_needs_no_pip(shop: Path, tmp_path: Path):
    ended = start([str(shop / "run.py"), "backup", "--to", "备份/甲 乙.zip"], cwd=tmp_path, PATH="/nowhere")
    assert ended.stderr == ""
    assert ended.stdout.strip() == f"{tmp_path}|backup|--to|备份/甲 乙.zip"
    assert ended.returncode == 7


def test_files_lying_where_the_user_stands_do_not_disturb(shop: Path, tmp_path: Path):
    (tmp_path / "os.py").write_text("raise SystemExit('the wrong os')", encoding="utf-8")
    (tmp_path / "meiping.py").write_text("raise SystemExit('the wrong meiping')", encoding="utf-8")
    assert start([str(shop / "run.py")], cwd=tmp_path, PYTHONPATH=str(tmp_path / "x")).returncode == 7


def test_a_moved_folder_still_starts(shop: Path):
    moved = shop.with_name("小店 二号")
    shop.rename(moved)
    try:
        ended = start([str(moved / "run.py")])
    finally:
        moved.rename(shop)
    assert (ended.returncode, ended.stderr) == (7, "")


def test_a_failed_install_says_what_to_do_and_the_next_start_repairs_it(shop: Path):
    lock = shop / ".requirements" / "runtime.txt"
    before = lock.read_text(encoding="utf-8")
    lock.write_text(NOWHERE, encoding="utf-8")
    failed = start([str(shop / "run.py")])
    assert failed.returncode == 2
    assert "组件没有装好" in failed.stderr
    assert "Traceback" not in failed.stderr

    lock.write_text(before, encoding="utf-8")
    left_behind = shop / ".venv" / "half-made"
    left_behind.touch()
    repaired = start([str(shop / "run.py")])
    assert repaired.returncode == 7
    assert not left_behind.exists()


def test_an_incomplete_download_is_told_without_a_traceback(tmp_path: Path):
    shutil.copy(ROOT / "run.py", tmp_path)
    ended = start([str(tmp_path / "run.py")])
    assert ended.returncode == 2
    assert "runtime.txt" in ended.stderr
    assert "Traceback" not in ended.stderr


# ------------------------------------------------------------------ the stamp


@pytest.fixture
def finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment finished for ``runtime`` only; returns its stamp."""
    locks = {name: tmp_path / f"{name}.txt" for name in ("runtime", "escpos", "tools")}
    for lock in locks.values():
        lock.write_text("a==1", encoding="utf-8")
    monkeypatch.setattr(run, "VENV", tmp_path)
    monkeypatch.setattr(run, "STAMP", tmp_path / "ready.json")
    monkeypatch.setattr(run, "LOCKS", locks)
    run.venv_python().parent.mkdir()
    run.venv_python().touch()
    run.STAMP.write_text(json.dumps(run.wanted_stamp(frozenset())), encoding="utf-8")
    return run.STAMP


def test_tools_are_asked_for_by_the_word_test_only(finished: Path):
    assert run.is_ready(frozenset())
    assert not run.is_ready(run.wanted_groups(["test"]))


def test_an_extra_is_asked_for_by_its_name(finished: Path):
    assert not run.is_ready(run.wanted_groups(["add", "escpos"]))
    assert run.wanted_groups(["desk"]) == frozenset()


@pytest.mark.parametrize("words", [["add"], ["add", "tools"], ["add", "escpos", "more"]])
def test_what_is_no_extra_is_refused_with_how_to_ask(words: list[str]):
    with pytest.raises(run.Stopped, match=r"python3 run\.py add escpos"):
        run.wanted_groups(words)


def test_a_changed_lock_is_noticed(finished: Path):
    run.LOCKS["runtime"].write_text("a==2", encoding="utf-8")
    assert not run.is_ready(frozenset())


def test_another_python_is_noticed(finished: Path):
    stamp = json.loads(finished.read_text(encoding="utf-8")) | {"python": "3.10"}
    finished.write_text(json.dumps(stamp), encoding="utf-8")
    assert not run.is_ready(frozenset())


@pytest.mark.parametrize("torn", ["", "{", "[]"])
def test_a_torn_stamp_counts_as_none(finished: Path, torn: str):
    finished.write_text(torn, encoding="utf-8")
    assert run.read_stamp() == {}


def test_an_environment_whose_python_is_gone_counts_as_none(finished: Path):
    run.venv_python().unlink()
    assert run.read_stamp() == {}


# ------------------------------------------------------------------ what is installed


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_the_locks_pin_every_component_by_hash_and_name_no_address(lock: Path):
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text
    pins = [block for block in re.split(r"\n(?=\S)", text) if not block.startswith("#")]
    assert pins
    assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)


def test_the_locks_agree():
    pinned = []
    for lock in LOCKS:
        versions: dict[str, set[str]] = {}
        for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE):
            versions.setdefault(name, set()).add(version)
        pinned.append(versions)
    for one, other in itertools.combinations(pinned, 2):
        shared = one.keys() & other.keys()
        assert {name: one[name] for name in shared} == {name: other[name] for name in shared}


def test_everything_wanted_is_locked():
    for lock in LOCKS:
        lines = lock.with_suffix(".in").read_text(encoding="utf-8").splitlines()
        wanted = {re.split(r"[<>= ]", line)[0] for line in lines if line and line[0] not in "#-"}
        assert wanted <= set(re.findall(r"^([\w.-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE))


# ------------------------------------------------------------------ a machine without a screen or a font


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is always a screen")
def test_a_window_opens_on_a_machine_without_a_screen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    assert not has_display()
    with virtual_display((640, 480)):
        size = start(["-c", "import tkinter; r = tkinter.Tk(); print(r.winfo_screenwidth())"]).stdout
        assert size.strip() == "640"
    assert "DISPLAY" not in os.environ


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is always a screen")
def test_a_screen_left_over_from_a_closed_session_is_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DISPLAY", ":987")
    assert not has_display()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is always a screen")
def test_without_a_screen_and_without_xvfb_the_command_to_run_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingDisplay, match="apt-get install -y xvfb"), virtual_display():
        pass


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is always a font")
def test_chinese_shows_on_a_machine_without_a_chinese_font():
    assert sans_path().stat().st_size > 1_000_000
    assert all("Noto Sans SC" in screen_families(system) for system in ("win32", "aqua", "x11"))
    code = (
        "import tkinter, tkinter.font\n"
        "from meiping.adapters.fonts import register_screen_font, screen_families\n"
        "register_screen_font(); assert not register_screen_font()\n"
        "root = tkinter.Tk()\n"
        "have = tkinter.font.families()\n"
        "print(any(f in have for f in screen_families(root.tk.call('tk', 'windowingsystem'))))\n"
    )
    with virtual_display((640, 480)):
        ended = start(["-c", code])
    assert ended.stdout.strip() == "True", ended.stderr
