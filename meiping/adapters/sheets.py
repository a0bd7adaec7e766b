"""Reading the sheets people have: xlsx, xls, ods, CSV and what they paste. Bad files are refused with a sentence.

The file is parsed in a process of its own, bounded in time and memory, that can be killed: a bomb takes nothing
of the window with it.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from meiping.adapters.progress import Progress
from meiping.adapters.sheet_child import NOT_A_BOOK, TOO_LARGE, Refused, text_parts
from meiping.adapters.sheet_lines import from_line
from meiping.kernel.errors import UserError
from meiping.kernel.sheet import Cell, SheetRows

MAX_BYTES = 20_000_000
TIME_S = 10.0
FILE_TYPES = (
    ("表格（Excel、WPS、CSV）", "*.xlsx *.xlsm *.xls *.ods *.csv *.tsv *.txt"),
    ("所有文件", "*"),
)
_CHILD = "import sys; from meiping.adapters.sheet_child import main; main(sys.argv[1], sys.argv[2])"
_OUT_OF_MEMORY = (-6, -9, 134, 137)


def read_sheet(path: Path, *, sheet: str = "", progress: Progress | None = None) -> SheetRows:
    """The rows of ``sheet`` of a file, or of its first one with anything in it.

    Raises UserError for what can't be read, and Cancelled from ``progress``; the file is never changed.
    """
    try:
        if path.is_dir():
            raise UserError(f"“{path.name}”是一个文件夹，请选择表格文件。")
        if path.stat().st_size > MAX_BYTES:
            raise UserError(f"文件超过 {MAX_BYTES // 1_000_000} MB，请分成几个文件再导入。")
        content_hash = hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        raise UserError(f"没有找到文件“{path.name}”。") from None
    except OSError:
        raise UserError(f"文件“{path.name}”读不了，可能正被别的程序使用，或没有读取的权限。") from None
    with tempfile.TemporaryFile() as answer:
        code = _run_child(path, sheet, answer, progress)
        answer.seek(0)
        try:
            return _collected(map(from_line, answer), path.name, content_hash)
        except (EOFError, KeyError, TypeError, ValueError):
            raise UserError(TOO_LARGE if code in _OUT_OF_MEMORY else NOT_A_BOOK) from None


def read_pasted(text: str) -> SheetRows:
    """The rows of a text from the clipboard, as spreadsheets put it there. Raises UserError."""
    content = text.encode("utf-8", "replace")
    if len(content) > MAX_BYTES:
        raise UserError("粘贴的内容太大，请存成文件再导入。")
    try:
        return _collected(text_parts(content), "粘贴的内容", hashlib.sha256(content).hexdigest())
    except Refused as refused:
        raise UserError(str(refused)) from None


def _run_child(path: Path, sheet: str, answer: IO[bytes], progress: Progress | None) -> int:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
    deadline = time.monotonic() + TIME_S
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(path), sheet],
        stdin=subprocess.DEVNULL,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        env=environment,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as child:
        try:
            while True:
                try:
                    return child.wait(0.1)
                except subprocess.TimeoutExpired:
                    if time.monotonic() > deadline:
                        raise UserError(
                            f"这个文件 {TIME_S:.0f} 秒还没有读完，已停止。请用 Excel 另存一份再试。"
                        ) from None
                    if progress is not None:
                        progress.report(0, 0, "读取文件")
        finally:
            child.kill()


def _collected(parts: Iterable[Any], file_name: str, content_hash: str) -> SheetRows:
    """The whole sheet. Raises UserError for a refusal, EOFError where the end is missing."""
    head: dict[str, Any] | None = None
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    for part in parts:
        if isinstance(part, str):
            raise UserError(part)
        if head is None:
            head = part
        elif part is not None:
            rows += [(number, tuple(cells)) for number, cells in part]
        else:
            return SheetRows(
                file_name=file_name,
                file_hash=content_hash,
                sheet=head["sheet"],
                sheets=tuple(head["sheets"]),
                rows=rows,
                first_column=head["first_column"],
                date1904=head["date1904"],
                no_result={row: tuple(columns) for row, columns in head["no_result"]},
                notes=tuple(head["notes"]),
            )
    raise EOFError
