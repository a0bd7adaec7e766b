"""The words of the command line. They act as 命令行 with all rights: who can read the file can act.

Exit codes: 0 done, 1 refused or failed (one line says why), 2 wrong use.
"""

import argparse
import getpass
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from meiping.adapters.logs import start_logging
from meiping.kernel.actor import Actor, AllRights
from meiping.kernel.errors import Cancelled, UserError
from meiping.kernel.moments import show_moment
from meiping.store.folder import DataFolder, FolderLock

log = logging.getLogger(__name__)
_ENGLISH = (
    (r"unrecognized arguments: (.*)", r"不认识的参数：\1"),
    (r"the following arguments are required: (.*)", r"还缺少：\1"),
    (r"argument (\S+): invalid _count_or_none value: '(.*)'", r"参数 \1 要零或正整数，不能是“\2”"),
    (r"argument (\S+): invalid \w+ value: '(.*)'", r"参数 \1 要一个正整数，不能是“\2”"),
    (r"argument \S*: invalid choice: '(.*?)' \(choose from (.*)\)", r"没有“\1”这个词，可以用：\2"),
    (r"argument (\S+?)(?:/\S+)?: expected one argument", r"参数 \1 后面要写一个值"),
    (r"argument (\S+): not allowed with argument (\S+)", r"参数 \1 与 \2 不能同时用"),
)
_MAY_BE_NONE = ("sales", "records")
"""What a demonstration shop may have none of."""


class _Parser(argparse.ArgumentParser):
    """An argument parser whose refusals are one Chinese line."""

    def error(self, message: str) -> NoReturn:
        for english, chinese in _ENGLISH:
            if re.fullmatch(english, message):
                message = re.sub(english, chinese, message)
                break
        print(f"用法不对：{message}。可用 python3 run.py --help 查看说明。", file=sys.stderr)
        sys.exit(2)


def _count(text: str) -> int:
    number = int(text)
    if number <= 0:
        raise ValueError(text)
    return number


def _count_or_none(text: str) -> int:
    return 0 if int(text) == 0 else _count(text)


def default_data_folder() -> Path:
    """MEIPING_DATA, else ``data`` beside run.py."""
    named = os.environ.get("MEIPING_DATA")
    return Path(named) if named else Path(__file__).resolve().parent.parent / "data"


def _parser() -> _Parser:
    parser = _Parser(prog="run.py", description="客户管理与收银。不写词就打开窗口。", add_help=False)
    after_word = _Parser(add_help=False)
    # A word's own default would take the place of what was said before the word.
    for place, usual in ((parser, default_data_folder()), (after_word, argparse.SUPPRESS)):
        place.add_argument("--data", type=Path, default=usual, metavar="DIR", help="数据文件夹")
    parser.add_argument("-h", "--help", action="help", help="显示这段说明")
    parser.set_defaults(do=_window)
    say = parser.add_subparsers(title="可用的词", metavar="词", parser_class=_Parser)

    def word(name: str, about: str, do: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        sub = say.add_parser(name, help=about, description=about, parents=[after_word], add_help=False)
        sub.add_argument("-h", "--help", action="help", help="显示这段说明")
        sub.set_defaults(do=do)
        return sub

    say.add_parser("test", help="检查程序代码并运行全部测试（由 run.py 完成）", add_help=False)
    demo = word("demo", "在空的数据文件夹里建一个示范店铺", _demo)
    for name, default, about in (
        ("customers", 2_000, "客户数"),
        ("products", 500, "商品数"),
        ("sales", 10_000, "业务单数"),
        ("records", None, "联系反馈条数，不写就是客户数的三倍"),
        ("seed", 1, "随机种子，相同的数得到相同的店铺"),
    ):
        kind = _count_or_none if name in _MAY_BE_NONE else _count
        demo.add_argument(f"--{name}", type=kind, default=default, metavar="N", help=about)
    tour = word("tour", "在数据的副本上做一遍主要工作，每一步存一张图", _tour)
    tour.add_argument("--out", type=Path, default=Path("tour"), metavar="DIR", help="图片存放的文件夹")
    check = word("check", "检查数据文件和全部账目，一行一项", _check)
    check.add_argument("--thorough", action="store_true", help="连索引也逐条核对，慢十倍")
    check.add_argument("--rebuild", action="store_true", help="报表用的汇总不对时按单据重算")
    backup = word("backup", "备份并验证", _backup)
    backup.add_argument("--to", type=Path, metavar="FILE", help="备份文件或文件夹，默认放在数据文件夹里")
    restore = word("restore", "验证一个备份并恢复；现在的数据先存一份", _restore)
    restore.add_argument("file", type=Path, metavar="FILE", help="备份文件")
    _sheet_words(word)
    bench = word("bench", "量一量速度，打印成表", _bench)
    bench.add_argument("--quick", action="store_true", help="小规模，约一分钟")
    return parser


def _sheet_words(word: Callable[..., argparse.ArgumentParser]) -> None:
    """The words about sheets; their choices are the keys of ``stewardship.import_rules``, imported when needed."""
    coming = word("import", "从表格导入客户或联系反馈", _import)
    coming.add_argument("kind", choices=("customers", "records"), metavar="KIND", help="customers 或 records")
    coming.add_argument("file", type=Path, metavar="FILE", help="xlsx、xls、ods 或 csv 文件")
    coming.add_argument("--sheet", default="", metavar="NAME", help="工作表的名称，默认第一张有内容的")
    for name, choices, about in (
        ("mode", ("both", "create", "update"), "新增和更新、只新增、只更新"),
        ("duplicates", ("skip", "update", "add"), "已有的客户：跳过、更新、仍作为新客户"),
        ("match", ("phone", "name_phone", "code"), "按编号、卡号或电话认出已有的客户"),
    ):
        coming.add_argument(f"--{name}", choices=choices, default=choices[0], help=about)
    coming.add_argument("--create-words", action="store_true", help="自动建立字典里没有的词")
    coming.add_argument("--again", action="store_true", help="同一个文件再导入一次")
    going = word("export", "导出全部客户", _export)
    going.add_argument("kind", choices=("customers",), metavar="KIND", help="customers")
    going.add_argument("file", type=Path, metavar="FILE", help="xlsx 或 csv 文件")


def main(argv: Sequence[str]) -> int:
    """Do what the words say and give the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.do(arguments))
    except UserError as error:
        print(error.sentence, file=sys.stderr)
    except (Cancelled, KeyboardInterrupt):
        print("已取消。", file=sys.stderr)
    except Exception as error:  # the last door: one line for the user, the rest in the log
        log.exception("the word %s failed", argv[0] if argv else "")
        print(
            f"程序出了意外错误（{type(error).__name__}），详情在 {arguments.data / 'logs'}。", file=sys.stderr
        )
    return 1


# ------------------------------------------------------------------- plumbing
class TerminalProgress:
    """Progress on a terminal as one line that is written over; in a file, a line every few seconds."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self._told = time.monotonic()
        self._what = ""

    def report(self, done: int, total: int, what: str = "") -> None:
        """Say how far it is, a few times a second at most."""
        now = time.monotonic()
        if now - self._told < (0.1 if self._live else 5):
            return
        self._told, self._what = now, what
        line = f"{what} {100 * done // max(total, 1):3d}%"
        print(f"\r{line}\033[K" if self._live else line, end="" if self._live else "\n", flush=True)

    def close(self) -> None:
        """Leave the line."""
        if self._live and self._what:
            print("\r\033[K", end="", flush=True)


@contextmanager
def _progress() -> Iterator[TerminalProgress]:
    progress = TerminalProgress()
    try:
        yield progress
    finally:
        progress.close()


def command_line_actor() -> Actor:
    """The actor of the command line; the log names the system's user."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "未知"
    return Actor(0, f"命令行（{user}）", 1, AllRights())


@contextmanager
def _locked(folder: DataFolder) -> Iterator[None]:
    folder.prepare()
    lock = FolderLock(folder)
    lock.acquire()
    stop_logging = start_logging(folder.logs)
    try:
        yield
    finally:
        lock.release()
        stop_logging()


@contextmanager
def _opened(folder: DataFolder) -> Iterator[None]:
    """The shop of the folder, locked, open and up to date."""
    from meiping.domains.audit.service import record_denial
    from meiping.domains.maintenance.service import backup_before_migration
    from meiping.store.database import close_database, open_database
    from meiping.store.migrator import migrate
    from meiping.store.unit_of_work import on_denied

    if not folder.has_shop():
        raise UserError(f"数据文件夹 {folder.root} 里还没有店铺。")
    with _locked(folder):
        on_denied(record_denial)
        open_database(folder.database)
        try:
            migrate(backup_before_migration(folder))
            yield
        finally:
            close_database()


# ---------------------------------------------------------------------- words
def _window(arguments: argparse.Namespace) -> int:
    from meiping.adapters.display import has_display

    if not has_display():
        print("这台电脑没有屏幕，改为在虚拟屏幕上用示范店铺走一遍。", flush=True)
        return _show_without_screen()
    from meiping.app import run_window

    return run_window(arguments.data)


def _show_without_screen() -> int:
    import tempfile

    from meiping.tools.demo import make_demo_shop
    from meiping.tools.demo_maker import DemoSize
    from meiping.tools.tour import take_tour

    out = Path(tempfile.mkdtemp(prefix="meiping-tour-"))
    with tempfile.TemporaryDirectory() as throwaway, _progress() as progress:
        folder = DataFolder(Path(throwaway) / "data")
        make_demo_shop(folder, DemoSize(sales=1_500), tell=progress.report)
        pictures = take_tour(folder, out, tell=progress.report)
    print(f"共 {len(pictures)} 张图片，在 {out}")
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    from meiping.tools.demo import make_demo_shop
    from meiping.tools.demo_maker import DemoSize

    size = DemoSize(
        arguments.customers, arguments.products, arguments.sales, arguments.seed, arguments.records
    )
    folder = DataFolder(arguments.data)
    with _locked(folder), _progress() as progress:
        made = make_demo_shop(folder, size, tell=progress.report)
    print(f"示范店铺已建好：{arguments.data}")
    print(f"操作员 {made.operator}，密码 {made.password}（其他操作员密码相同），恢复码 {made.recovery_code}")
    return 0


def _tour(arguments: argparse.Namespace) -> int:
    from meiping.tools.tour import take_tour

    with _progress() as progress:
        pictures = take_tour(DataFolder(arguments.data), arguments.out, tell=progress.report)
    print(f"共 {len(pictures)} 张图片，在 {arguments.out}")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from meiping.domains.maintenance.rebuilding import REBUILD_SUMS, rebuild_sums, wrong_sums
    from meiping.domains.maintenance.service import check

    folder, actor = DataFolder(arguments.data), command_line_actor()
    with _opened(folder), _progress() as progress:
        results = check(actor, folder=folder.root, thorough=arguments.thorough, progress=progress)
        sums = wrong_sums(results)
        if sums and arguments.rebuild:
            rebuild_sums(actor, keys=sums, confirmed=frozenset({REBUILD_SUMS}))
            results = check(actor, folder=folder.root, thorough=arguments.thorough, progress=progress)
    for result in results:
        print(f"{'正确' if result.ok else '有误'}  {result.title}")
        for fault in result.details:
            print(f"      {fault}")
    if sums and arguments.rebuild:
        print(f"已按单据重算 {len(sums)} 种汇总。")
    elif sums:
        print("有误的汇总可以按单据重算，单据不变：check --rebuild，或在窗口的“检查数据”里点“重算汇总”。")
    return 0 if all(result.ok for result in results) else 1


def _backup(arguments: argparse.Namespace) -> int:
    from meiping.domains.maintenance.service import back_up

    folder = DataFolder(arguments.data)
    with _opened(folder), _progress() as progress:
        info = back_up(command_line_actor(), folder=folder.root, target=arguments.to, progress=progress)
    print(f"已备份并验证：{info.path}")
    if info.damaged_documents:
        print(f"注意：有 {info.damaged_documents} 个资料文件已损坏或读不出来，请用 check 查看。")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from meiping.domains.maintenance.service import restore
    from meiping.store.backup import read_info

    read_info(arguments.file)  # no data folder is made for a file that is no backup
    folder = DataFolder(arguments.data)
    with _locked(folder), _progress() as progress:
        result = restore(command_line_actor(), folder=folder.root, path=arguments.file, progress=progress)
    print(f"已恢复 {show_moment(result.info.manifest.made_at)} 的备份。")
    if result.saved is not None:
        print(f"恢复之前的数据存在：{result.saved.path}")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from meiping.tools.sheet_words import import_file, options_of

    folder = DataFolder(arguments.data)
    options = options_of(
        mode=arguments.mode,
        duplicates=arguments.duplicates,
        match=arguments.match,
        create_words=arguments.create_words,
    )
    with _opened(folder), _progress() as progress:
        code, lines = import_file(
            command_line_actor(),
            kind=arguments.kind,
            path=arguments.file,
            sheet=arguments.sheet,
            options=options,
            again=arguments.again,
            spare=folder.root,
            progress=progress,
        )
    print("\n".join(lines))
    return code


def _export(arguments: argparse.Namespace) -> int:
    from meiping.tools.sheet_words import export_file

    with _opened(DataFolder(arguments.data)), _progress() as progress:
        told = export_file(command_line_actor(), path=arguments.file, progress=progress)
    print(told)
    return 0


def _bench(arguments: argparse.Namespace) -> int:
    from meiping.tools.bench import run_bench

    with _progress() as progress:
        return run_bench(quick=arguments.quick, tell=progress.report)
