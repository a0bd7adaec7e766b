#!/usr/bin/env python3
"""The front step: sets up what is missing, then hands over to meiping.

    python3 run.py [word] [options]     starts the program (the words are those of meiping.cli)
    python3 run.py test [options]       runs every check; the options go to pytest
    python3 run.py add escpos           installs an optional extra: receipt printers that speak ESC/POS

Standard library only, and no syntax newer than Python 3.7, so that an old Python gets a sentence to read
instead of a traceback. What was installed is written down in a stamp inside .venv: later starts compare
the stamp and cost nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import io
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, STDOUT
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "ready.json"
INSTALL_LOG = VENV / "install.log"
LOCKS = {name: ROOT / ".requirements" / f"{name}.txt" for name in ("runtime", "escpos", "tools")}
EXTRAS = ("escpos",)
OLDEST_PYTHON = (3, 11)
PARTS = {"tkinter": "tkinter（窗口组件）", "venv": "venv（独立环境）"}


class Stopped(Exception):
    """The program can't start; the text says why and what to do."""


def say(text: str, end: str = "\n") -> None:
    """One line for the user; on standard error, so that what the program prints stays clean."""
    print(text, end=end, file=sys.stderr, flush=True)


# ------------------------------------------------------------------ this Python


def missing_parts() -> list[str]:
    """What this Python lacks: 'python', 'tkinter', 'venv'."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        return ["python"]
    missing = []
    for part, module in (("tkinter", "tkinter"), ("venv", "ensurepip")):
        try:
            importlib.import_module(module)
        except ImportError:
            missing.append(part)
    return missing


def how_to_install(missing: list[str], platform: str, distribution: str, version: tuple[int, int]) -> str:
    """The sentence for what ``missing_parts`` found, on this platform (``sys.platform``).

    ``distribution`` is the ID and ID_LIKE of /etc/os-release, empty elsewhere.
    """
    number, oldest = (".".join(map(str, numbers)) for numbers in (version, OLDEST_PYTHON))
    if "python" in missing:
        what = f"需要 Python {oldest} 或更新的版本，现在用的是 {number}"
        if platform == "win32":
            how = "请到 python.org 下载新版安装，勾选 “tcl/tk and IDLE” 和 “pip”"
        elif platform == "darwin":
            how = "请在终端运行：brew install python python-tk"
        else:
            how = "请用系统的软件管理安装新版的 python3、python3-tk、python3-venv"
    else:
        what = f"这个 Python {number} 缺少 {'、'.join(PARTS[part] for part in missing)}"
        if platform == "win32":
            how = "请打开 python.org 的 Python 安装程序，选 Modify，勾选 “tcl/tk and IDLE” 和 “pip” 后安装"
        elif platform == "darwin":
            how = f"请在终端运行：brew install python-tk@{number}"
        else:
            how = f"请在终端运行：{_linux_command(missing, distribution)}"
    return f"{what}。{how}，再重新启动。"


def _linux_command(missing: list[str], distribution: str) -> str:
    known = set(distribution.split())
    sudo = "" if os.geteuid() == 0 else "sudo "
    if known & {"fedora", "rhel"}:
        return f"{sudo}dnf install python3-tkinter"
    if "arch" in known:
        return f"{sudo}pacman -S tk"
    packages = {"tkinter": "python3-tk", "venv": "python3-venv"}
    command = f"{sudo}apt-get install {' '.join(packages[part] for part in missing)}"
    system = Path("/usr/bin/python3")
    if system.exists() and not Path(sys.base_prefix).samefile("/usr"):
        command += f"（并改用 {system}）"
    return command


def _distribution() -> str:
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return " ".join(value.strip('"') for key, value in pairs if key in ("ID", "ID_LIKE"))


# ------------------------------------------------------------------ the environment beside run.py


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def wanted_stamp(more: frozenset[str]) -> dict[str, str]:
    """What .venv must have been made from: this Python, this platform, the locks of the runtime and ``more``."""
    stamp = {"python": sysconfig.get_python_version(), "platform": sysconfig.get_platform()}
    for name in {"runtime"} | more:
        stamp[name] = hashlib.sha256(LOCKS[name].read_bytes()).hexdigest()
    return stamp


def read_stamp() -> dict[str, str]:
    """The stamp of a finished .venv; empty where it was never made or is half-made."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and venv_python().exists() else {}


def is_ready(more: frozenset[str]) -> bool:
    return wanted_stamp(more).items() <= read_stamp().items()


def prepare(more: frozenset[str]) -> None:
    """Make .venv what the locks say, with the groups of locks in ``more`` and those it has already.

    Costs nothing when it already is; safe to be killed at any point.
    """
    if is_ready(more):
        return
    with only_one() as held:
        if is_ready(more):
            return
        have = read_stamp()
        wanted = wanted_stamp(more | (have.keys() & LOCKS.keys()))
        say("正在准备运行环境（第一次约需半分钟，需要网络）…")
        STAMP.unlink(missing_ok=True)
        if any(have.get(key) != wanted[key] for key in ("python", "platform")):
            make_venv(held)
        install([LOCKS[name] for name in LOCKS if name in wanted], held)
        see_the_package()
        unfinished = STAMP.with_suffix(".new")
        unfinished.write_text(json.dumps(wanted, indent=1), encoding="utf-8")
        unfinished.replace(STAMP)
        say("运行环境已准备好。")


@contextlib.contextmanager
def only_one() -> Iterator[tuple[int, ...]]:
    """Let one run.py at a time touch .venv.

    The system drops the lock when its holders die. Gives the descriptors that children are to inherit
    (none on Windows): a pip that outlives its killed run.py still keeps others away.
    """
    with (ROOT / ".venv.lock").open("a+b") as handle:
        try:
            _lock(handle.fileno(), wait=False)
        except OSError:
            say("另一个窗口正在准备运行环境，请稍候…")
            _lock(handle.fileno(), wait=True)
        yield () if os.name == "nt" else (handle.fileno(),)


def _lock(descriptor: int, wait: bool) -> None:
    """Raise OSError where another process holds the lock, unless told to ``wait`` for it."""
    if sys.platform == "win32":
        import msvcrt

        while True:
            os.lseek(descriptor, 0, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
                break
            except OSError:  # LK_LOCK gives up after ten seconds
                if not wait:
                    raise
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def _clean_environment() -> dict[str, str]:
    """The user's environment without what would send Python or pip somewhere else."""
    foreign = {"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
    return {key: value for key, value in os.environ.items() if key.upper() not in foreign}


def _start(command: list[str], held: tuple[int, ...]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command, env=_clean_environment(), stdout=PIPE, stderr=STDOUT, errors="replace", pass_fds=held
    )


def make_venv(held: tuple[int, ...]) -> None:
    python = getattr(sys, "_base_executable", sys.executable)
    with _start([python, "-m", "venv", "--clear", str(VENV)], held) as making:
        told, _ = making.communicate()
    if making.returncode:
        reason = (told.strip().splitlines() or ["原因不明"])[-1]
        raise Stopped(f"没能建立运行环境：{reason}。请关闭正在运行的程序，确认 {VENV} 可以写入，再试一次。")


def install(locks: list[Path], held: tuple[int, ...]) -> None:
    """Install the locked wheels with one line of progress; raises Stopped with what to do."""
    command = [str(venv_python()), "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:"]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    for lock in locks:
        command += ["-r", str(lock)]
    told: list[str] = []
    with _start(command, held) as pip:
        for line in pip.stdout or ():
            told.append(line)
            if line.startswith("Collecting "):
                _progress(f"正在取得组件：{line.split()[1]}")
            elif line.startswith("Installing collected packages"):
                _progress(f"正在安装 {line.count(',') + 1} 个组件，请稍候…")
    _progress("")
    INSTALL_LOG.write_text("".join(told), encoding="utf-8")
    if pip.returncode:
        raise Stopped(_why_not_installed("".join(told)))


def _progress(text: str) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        say(f"\r{text[:50]:<60}\r{text[:50]}", end="")


def _why_not_installed(told: str) -> str:
    if "No space left" in told or "Errno 28" in told:
        why = "磁盘空间不足，请腾出约 400 MB 后再启动"
    elif "DO NOT MATCH" in told:
        why = "下载的文件与清单不符，为安全起见没有安装；请换一个网络再启动"
    elif "Access is denied" in told or "WinError 32" in told or "Permission denied" in told:
        why = "有文件正被占用或不能写入，请关闭正在运行的程序后再启动"
    else:
        why = "多半是网络不通，请检查网络（很慢时可先给 pip 设置国内镜像）后再启动，会从头接着装"
    return f"组件没有装好：{why}。详情见 {INSTALL_LOG}"


def see_the_package() -> None:
    """Let .venv import meiping from any folder; relative, so that the whole folder may be moved."""
    libraries = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(VENV)}))
    (libraries / "meiping.pth").write_text(os.path.relpath(ROOT, libraries) + "\n", encoding="utf-8")


# ------------------------------------------------------------------ handing over


def hand_over(arguments: list[str]) -> NoReturn:
    """Become the program in .venv, in the folder where the user stands; the checks run in ROOT."""
    command = [str(venv_python()), "-P", "-m", "meiping", *arguments]
    if arguments[:1] == ["test"]:
        os.chdir(ROOT)
        command = [str(venv_python()), "-m", "tests", *arguments[1:]]
    if os.name != "nt":
        os.execve(command[0], command, _clean_environment())
    with subprocess.Popen(command, env=_clean_environment()) as program:
        while True:
            with contextlib.suppress(KeyboardInterrupt):  # the program got it too and decides
                sys.exit(program.wait())


def wanted_groups(arguments: list[str]) -> frozenset[str]:
    """The locks a word needs beside the runtime's: the checks try the extras too."""
    if arguments[:1] == ["test"]:
        return frozenset({"tools", *EXTRAS})
    if arguments[:1] == ["add"]:
        if len(arguments) != 2 or arguments[1] not in EXTRAS:
            raise Stopped(f"用法：python3 run.py add {'|'.join(EXTRAS)}")
        return frozenset(arguments[1:])
    return frozenset()


def main(arguments: list[str]) -> int:
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="replace")
    try:
        missing = missing_parts()
        if missing:
            version = (sys.version_info[0], sys.version_info[1])
            raise Stopped(how_to_install(missing, sys.platform, _distribution(), version))
        prepare(wanted_groups(arguments))
        if arguments[:1] == ["add"]:
            say(f"已装好：{arguments[1]}。")
            return 0
        hand_over(arguments)
    except Stopped as error:
        say(str(error))
    except OSError as error:
        say(f"无法启动：{error.filename or ROOT}：{error.strerror}。请确认文件夹完整、可以写入，再试一次。")
    except KeyboardInterrupt:
        say("\n已中断；下次启动会接着准备。")
        return 130
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
