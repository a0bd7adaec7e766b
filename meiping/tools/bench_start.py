"""From the start of the program to its first painted window, against bare windows."""

import os
import subprocess
import sys
import time
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from statistics import median

from meiping.adapters.display import has_display, virtual_display
from meiping.store.folder import DataFolder
from meiping.tools.timing import Figure

_TIMES = 7
_HEAVY = ("matplotlib", "numpy", "openpyxl", "fpdf", "pypinyin", "phonenumbers")
_BARE = """
import ttkbootstrap as ttk
root = ttk.App(title="bare")
ttk.Label(root, text="bare").pack()
root.update()
print("painted", flush=True)
"""
_PLAIN_TK = """
import tkinter as tk
root = tk.Tk()
tk.Label(root, text="bare").pack()
root.update()
print("painted", flush=True)
"""
_OURS = f"""
import gc, os, sys
gc.set_threshold(50_000, 20, 100)  # as the program sets it before all else
from pathlib import Path
from meiping.app import run_window

def painted(root):
    print("painted", *(name for name in {_HEAVY!r} if name in sys.modules), flush=True)
    os._exit(0)

run_window(Path(sys.argv[1]), operator_id=int(sys.argv[2]) or None, first_painted=painted)
"""


def start_figures(folder: DataFolder) -> list[Figure]:
    """Medians of several starts, taking turns: the login, which is what one sees first, and the main window with data."""
    with nullcontext() if has_display() else virtual_display():
        bytecode = folder.cache / "bytecode"
        start = partial(_start, bytecode)
        for first_time in "01":
            start(_OURS, str(folder.root), first_time)
        plain, bare, login, ours = [], [], [], []
        heavy: set[str] = set()
        for _ in range(_TIMES):
            plain.append(start(_PLAIN_TK)[0])
            bare.append(start(_BARE)[0])
            login.append(start(_OURS, str(folder.root), "0")[0])
            took, names = start(_OURS, str(folder.root), "1")
            ours.append(took)
            heavy |= names
    first, main = median(login) / median(bare), median(ours) / median(plain)
    return [
        Figure(
            "启动到画出第一个窗口（登录），与同一工具包的空窗口之比", f"{first:.2f} 倍", "≤ 2 倍", first, 2, 3
        ),
        Figure("启动到画出有数据的主窗口，与空 Tk 窗口之比", f"{main:.2f} 倍", "≤ 4 倍", main, 4),
        Figure(
            "  登录 / 主窗口 / 工具包的空窗口 / 空 Tk 窗口",
            " / ".join(f"{median(times):.0f}" for times in (login, ours, bare, plain)) + " 毫秒",
        ),
        Figure(
            "  在此之前已载入的大型组件", "、".join(sorted(heavy)) or "没有", "没有", float(len(heavy)), 0, 0
        ),
    ]


def _start(bytecode: Path, program: str, *arguments: str) -> tuple[float, set[str]]:
    """Milliseconds from the start of the process to its painted window, and the heavy modules it has by then.

    What Python has compiled once is kept in ``bytecode``, as from anybody's second start on, whatever this
    environment says of it.
    """
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment |= {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONPYCACHEPREFIX": str(bytecode),
    }
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        took = (time.perf_counter() - started) * 1000
        process.stdout.read()
    if not line.startswith("painted"):
        raise RuntimeError("the window did not open")
    return took, set(line.split()[1:])
