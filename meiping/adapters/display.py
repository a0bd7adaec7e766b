"""A screen for machines without one: our own Xvfb, so that windows can be tested and pictured anywhere.

Imports nothing outside the standard library and the kernel. Tk on Linux speaks X11 only; Windows and macOS
always have a display.
"""

import atexit
import contextlib
import ctypes
import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from meiping.kernel.errors import UserError

SIZE = (1440, 900)
_START_SECONDS = 20.0
_INSTALL = ("apt-get", "-qq", "-y", "-o", "DPkg::Lock::Timeout=120")


class MissingDisplay(UserError):
    """There is no screen and none can be made; the sentence names the command to run."""


def has_display() -> bool:
    """Whether a window can open here: Windows, macOS, or an X server that answers under DISPLAY."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY")) and _answers()


def ensure_display(size: tuple[int, int] = SIZE) -> str | None:
    """Where there is no screen, open a virtual one of ``size`` pixels until this process ends.

    Returns its name, also set as DISPLAY, or None where there was a screen already.
    Raises MissingDisplay.
    """
    if has_display():
        return None
    stack = contextlib.ExitStack()
    name = stack.enter_context(virtual_display(size))
    atexit.register(stack.close)
    return name


@contextlib.contextmanager
def virtual_display(size: tuple[int, int] = SIZE) -> Iterator[str]:
    """Our own screen of ``size`` pixels, named as DISPLAY for as long as the block lasts.

    Linux only; raises MissingDisplay where Xvfb is missing and can't be installed, or doesn't start.
    """
    server, name = _start(_xvfb(), size)
    before = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = name
    try:
        yield name
    finally:
        if before is None:
            os.environ.pop("DISPLAY", None)
        else:
            os.environ["DISPLAY"] = before
        server.terminate()
        server.wait()


def _answers() -> bool:
    """Ask the X server itself: a DISPLAY left over from a closed session names nobody."""
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return True  # a Tk that brings its own X11; let it try
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    connection = x11.XOpenDisplay(None)
    if not connection:
        return False
    x11.XCloseDisplay(connection)
    return True


def _xvfb() -> str:
    found = shutil.which("Xvfb")
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        print("没有屏幕，正在安装虚拟屏幕 xvfb（apt-get）…", file=sys.stderr, flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "--no-install-recommends", "xvfb"]):
            subprocess.run([*_INSTALL, *step], env=environment, capture_output=True, check=False)
        found = shutil.which("Xvfb")
    if found is None:
        raise MissingDisplay(f"这里没有屏幕，也没有虚拟屏幕。请先运行：{_how_to_install()}")
    return found


def _how_to_install() -> str:
    sudo = "" if os.geteuid() == 0 else "sudo "
    if shutil.which("dnf"):
        return f"{sudo}dnf install xorg-x11-server-Xvfb"
    if shutil.which("pacman"):
        return f"{sudo}pacman -S xorg-server-xvfb"
    return f"{sudo}apt-get update && {sudo}apt-get install -y xvfb"


def _start(xvfb: str, size: tuple[int, int]) -> tuple[subprocess.Popen[bytes], str]:
    """Start the server on a number it finds free itself; returns it once it takes connections."""
    reading, writing = os.pipe()
    command = [xvfb, "-displayfd", str(writing), "-screen", "0", f"{size[0]}x{size[1]}x24"]
    command += ["-nolisten", "tcp", "-noreset"]
    guard = shutil.which("setpriv")
    if guard:  # the server must not outlive us, even when we are killed
        command = [guard, "--pdeathsig", "TERM", *command]
    with tempfile.TemporaryFile() as complaints:
        try:
            server = subprocess.Popen(
                command, pass_fds=[writing], stdin=subprocess.DEVNULL, stdout=complaints, stderr=complaints
            )
        finally:
            os.close(writing)
        with os.fdopen(reading, "rb") as answer:
            ready, _, _ = select.select([answer], [], [], _START_SECONDS)
            number = answer.readline().strip() if ready else b""
        if number:
            return server, f":{number.decode()}"
        server.kill()
        server.wait()
        complaints.seek(0)
        last = (complaints.read().decode(errors="replace").strip().splitlines() or ["没有回应"])[-1]
    raise MissingDisplay(f"虚拟屏幕没有启动（{last}）。请试试：{Path(xvfb).name} :99 -screen 0 1440x900x24")
