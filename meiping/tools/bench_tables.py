"""Import and export of a long list of customers, against openpyxl and calamine alone on the same cells."""

import random
import tempfile
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from meiping.adapters.excel import StreamedSheet, write_workbook
from meiping.adapters.sheets import read_sheet
from meiping.domains.access.queries import actor_for
from meiping.domains.stewardship.exports import customer_export
from meiping.domains.stewardship.import_fields import ImportKind
from meiping.domains.stewardship.import_queries import understand
from meiping.domains.stewardship.import_rules import ImportOptions
from meiping.domains.stewardship.imports import import_sheet
from meiping.store.database import close_database, fetch_value, open_database
from meiping.store.folder import DataFolder
from meiping.tools.demo import make_demo_shop
from meiping.tools.demo_maker import DemoSize
from meiping.tools.timing import Figure, milliseconds

_MOST = 50_000
_COLUMNS = 20
_TITLES = (
    "编号", "客户", "电话", "等级", "状态", "来源", "类型", "性别", "生日", "行业", "区域", "城市", "地址",
    "邮箱", "邮编", "职业", "信用额度", "账期", "建档日期", "备注",
)  # fmt: skip
_SYLLABLES = "王李张刘陈杨赵黄周吴小明芳丽强军静敏伟雪梅兰春华国平"


def table_figures(folder: DataFolder) -> list[Figure]:
    """One run each: a workbook is written and read as the program does it, and bare; then taken into a shop."""
    with tempfile.TemporaryDirectory(prefix="meiping-tables-") as name:
        place = Path(name)
        open_database(folder.database)
        count = min(_MOST, int(fetch_value("SELECT count(*) FROM customer")) // 2)
        written, bare = _export(place, count)
        close_database()
        sheet = place / "coming.xlsx"
        _make_sheet(sheet, count)
        read, calamine, openpyxl = _read(sheet)
        took = _import(place, sheet)
    return [
        Figure(f"导出 {count:,} 位客户，{_COLUMNS} 列，与单用 openpyxl 写之比", f"{written / bare:.2f} 倍", "≤ 1.2 倍",
               written / bare, 1.2, 2),
        Figure("  经程序 / 单用 openpyxl", f"{written / 1000:.1f} / {bare / 1000:.1f} 秒"),
        Figure(f"读入 {count:,} 行的表格，比单用 openpyxl 快", f"{openpyxl / read:.1f} 倍", "≥ 2 倍",
               read / openpyxl, 1 / 2, 1),
        Figure("  经程序（另一进程）/ 单用 calamine / 单用 openpyxl",
               f"{read / 1000:.1f} / {calamine / 1000:.1f} / {openpyxl / 1000:.1f} 秒"),
        Figure("导入并检查、写入、登记搜索，与单用 openpyxl 读一遍之比", f"{took / openpyxl:.2f} 倍", "≤ 2 倍",
               took / openpyxl, 2, 4),
        Figure("  每千行", f"{took / max(count, 1) * 1000:.0f} 毫秒"),
    ]  # fmt: skip


def _export(place: Path, count: int) -> tuple[float, float]:
    """Milliseconds by the program and by openpyxl alone, of the same first columns of the same rows."""
    from openpyxl import Workbook

    actor = actor_for(1)
    columns = customer_export(actor).columns[:_COLUMNS]
    kept = [
        [column.show(row.get(column.key)) for column in columns]
        for row in islice(customer_export(actor).rows, count)
    ]

    def ours() -> None:
        rows = islice(customer_export(actor).rows, count)
        write_workbook(place / "ours.xlsx", [StreamedSheet("客户", columns, rows, count)])

    def alone() -> None:
        book = Workbook(write_only=True)
        page = book.create_sheet()
        for row in kept:
            page.append(row)
        book.save(place / "bare.xlsx")

    return milliseconds(ours), milliseconds(alone)


def _make_sheet(path: Path, count: int) -> None:
    from openpyxl import Workbook

    choose = random.Random(3)
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(list(_TITLES))
    for number in range(count):
        name = "".join(choose.choices(_SYLLABLES, k=3))
        born = date(1960, 1, 1) + timedelta(days=choose.randrange(16_000))
        page.append(
            [
                f"K{number:06d}", name, f"138{number:08d}", choose.choice(("普通", "金卡")), "潜在客户", "到店", "会员",
                choose.choice("男女"), born, "零售", "本市", "深圳", f"花园街 {number % 300} 号", f"k{number}@b.cn",
                "518000", "店员", choose.randrange(1_000), 30, date(2025, 1, 1), "老客户介绍",
            ]
        )  # fmt: skip
    book.save(path)


def _read(path: Path) -> tuple[float, float, float]:
    """Milliseconds by the program, by calamine alone and by openpyxl alone."""
    import python_calamine
    from openpyxl import load_workbook

    def by_calamine() -> None:
        with python_calamine.load_workbook(str(path)) as book:
            book.get_sheet_by_index(0).to_python()

    def by_openpyxl() -> None:
        book = load_workbook(path, read_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            assert row
        book.close()

    return milliseconds(lambda: read_sheet(path)), milliseconds(by_calamine), milliseconds(by_openpyxl)


def _import(place: Path, path: Path) -> float:
    """Milliseconds from the rows read to all of them committed in an almost empty shop."""
    folder = DataFolder(place / "shop")
    make_demo_shop(folder, DemoSize(20, 10, 10), tell=lambda *_how_far: None)
    open_database(folder.database)
    actor = actor_for(1)
    sheet = read_sheet(path)

    def take_in() -> None:
        known = understand(actor, kind=ImportKind.CUSTOMERS, sheet=sheet)
        result = import_sheet(
            actor,
            kind=known.kind,
            sheet=sheet,
            header=known.header,
            mapped=known.mapped,
            options=ImportOptions(),
        )
        if result.left_out:
            raise RuntimeError(f"rows were left out: {result.left_out[0].remark}")

    took = milliseconds(take_in)
    close_database()
    return took
