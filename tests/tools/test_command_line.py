"""The words of the command line, as a script uses them: what is printed, and the exit codes."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from meiping.adapters.sheets import read_sheet
from meiping.cli import main
from meiping.kernel.moments import system_clock, to_ms
from meiping.kernel.phones import parse_phone
from meiping.store.database import close_database, fetch, fetch_value, open_database
from meiping.store.folder import DataFolder, FolderLock
from meiping.tools.demo import make_demo_shop
from meiping.tools.demo_maker import DemoSize
from tests.shop import OpenedShop

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """``run("check")`` on a data folder of the test's own: exit code, output, errors."""

    def words(*words: str, data: Path | None = None) -> tuple[int, str, str]:
        try:
            code = main([*words, "--data", str(data or tmp_path / "data")])
        except SystemExit as left:
            code = int(left.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return words


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A small demonstration shop, made once for these tests."""
    folder = DataFolder(tmp_path_factory.mktemp("demo") / "data")
    make_demo_shop(folder, DemoSize(120, 60, 400), tell=lambda done, total, what: None)
    return folder


def test_a_demonstration_shop_is_sound_and_as_large_as_asked(run: Run, demonstration: DataFolder) -> None:
    code, out, _ = run("check", data=demonstration.root)
    assert code == 0
    assert all(line.startswith("正确") for line in out.splitlines())
    open_database(demonstration.database)
    assert fetch_value("SELECT count(*) FROM sale WHERE kind = 'sale'") == 400
    assert fetch_value("SELECT count(*) FROM customer") == 120
    assert fetch_value("SELECT count(*) FROM sale_tender WHERE tender = 'stored_value'") > 0


@pytest.mark.parametrize("size", [("60", "60"), ("1", "1")], ids=["sixty", "one"])
def test_a_demonstration_shop_may_be_small_and_without_sales(
    run: Run, tmp_path: Path, size: tuple[str, str]
) -> None:
    asked = ("--customers", size[0], "--products", size[1], "--sales", "0", "--records", "0")
    assert run("demo", *asked, data=tmp_path / "data")[0] == 0
    assert run("check", data=tmp_path / "data")[0] == 0


def test_wrong_sums_are_told_and_made_anew(run: Run, demonstration: DataFolder) -> None:
    open_database(demonstration.database)
    fetch("UPDATE stock_year SET qty_milli = qty_milli + 1")
    close_database()
    code, out, _ = run("check", data=demonstration.root)
    assert code == 1
    assert "check --rebuild" in out
    code, out, _ = run("check", "--rebuild", data=demonstration.root)
    assert code == 0
    assert "已按单据重算 1 种汇总" in out


def test_nothing_in_a_demonstration_lies_in_the_future_or_all_at_one_moment(
    demonstration: DataFolder,
) -> None:
    moments = {
        "claims": "SELECT max(asked_at), count(DISTINCT asked_at) FROM pool_claim",
        "delegations": "SELECT max(granted_at), 2 FROM customer_share",
        "papers": "SELECT max(created_at), count(DISTINCT created_at) FROM document",
        "talks": "SELECT max(at), count(DISTINCT at) FROM contact_record",
        "what was done": "SELECT max(at), count(DISTINCT at) FROM operation",
    }
    open_database(demonstration.database)
    now = to_ms(system_clock())
    for what, asked in moments.items():
        (last, different), *_ = fetch(asked)
        assert last <= now, what
        assert different > 1, what


def test_customers_of_a_demonstration_are_their_salespersons_since_they_came(
    demonstration: DataFolder,
) -> None:
    open_database(demonstration.database)
    told = "SELECT count(DISTINCT owned_since_date), sum(owned_since_date < created_date) FROM customer"
    ((different, too_early),) = fetch(told)
    assert (different > 9, too_early) == (True, 0)


def test_the_phones_of_a_demonstration_raise_no_doubt(demonstration: DataFolder) -> None:
    open_database(demonstration.database)
    phones = [phone for (phone,) in fetch("SELECT phone FROM customer WHERE phone <> ''")]
    assert len(phones) > 100
    assert [phone for phone in phones if parse_phone(phone).warning] == []


def test_a_demonstration_goes_into_an_empty_folder_only(run: Run, demonstration: DataFolder) -> None:
    code, _, err = run("demo", data=demonstration.root)
    assert (code, err.count("\n")) == (1, 1)
    assert "已经有店铺" in err


def test_a_backup_is_made_and_restored(run: Run, closed_shop: DataFolder, tmp_path: Path) -> None:
    file = tmp_path / "stick" / "copy.zip"
    file.parent.mkdir()
    assert run("backup", "--to", str(file), data=closed_shop.root)[0] == 0
    code, out, _ = run("restore", str(file), data=closed_shop.root)
    assert code == 0
    assert "恢复之前的数据存在" in out
    assert closed_shop.generation() == "0002"


def test_a_damaged_backup_is_refused_and_nothing_changes(
    run: Run, closed_shop: DataFolder, tmp_path: Path
) -> None:
    file = tmp_path / "broken.zip"
    file.write_bytes(b"PK broken")
    code, _, err = run("restore", str(file), data=closed_shop.root)
    assert (code, err.count("\n")) == (1, 1)
    assert closed_shop.generation() == "0001"


def test_a_folder_in_use_is_left_alone(run: Run, closed_shop: DataFolder) -> None:
    lock = FolderLock(closed_shop)
    lock.acquire()
    code, _, err = run("check", data=closed_shop.root)
    lock.release()
    assert (code, err.count("\n")) == (1, 1)
    assert "正被另一个程序窗口使用" in err


@pytest.mark.parametrize("word", ["check", "backup", "tour"])
def test_without_a_shop_one_line_says_so(run: Run, word: str) -> None:
    code, _, err = run(word)
    assert (code, err.count("\n")) == (1, 1)
    assert "还没有店铺" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sell",), "没有“sell”这个词"),
        (("demo", "--sales", "many"), "--sales 要零或正整数"),
        (("demo", "--sales", "-3"), "--sales 要零或正整数"),
        (("restore",), "还缺少：FILE"),
        (("check", "--loud"), "不认识的参数：--loud"),
    ],
)
def test_wrong_use_gets_one_chinese_line(run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_the_data_folder_counts_before_the_word_too(
    demonstration: DataFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path / "elsewhere"), "check"]) == 1
    assert str(tmp_path / "elsewhere") in capsys.readouterr().err
    assert main(["--data", str(demonstration.root), "check"]) == 0


def test_no_data_folder_is_made_for_a_file_that_is_no_backup(run: Run, tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("not a backup")
    for name in ("text.zip", "none.zip"):
        code, _, err = run("restore", str(tmp_path / name))
        assert (code, err.count("\n")) == (1, 1)
    assert not (tmp_path / "data").exists()


def test_a_fault_is_named_and_the_exit_code_tells(run: Run, shop: OpenedShop) -> None:
    from meiping.store.database import close_database, db

    db.execute_sql("UPDATE role SET administrator = 0")
    close_database()
    code, out, _ = run("check", data=shop.folder.root)
    assert code == 1
    assert "有误" in out


TOUR = """
import sys
from pathlib import Path
from meiping.store.folder import DataFolder
from meiping.tools.tour import take_tour
for picture in take_tour(DataFolder(Path(sys.argv[1])), Path(sys.argv[2]), tell=lambda *how_far: None, pace=0.5):
    print(picture.stem)
"""


def test_the_tour_does_the_main_job_on_a_copy(demonstration: DataFolder, tmp_path: Path) -> None:
    before = demonstration.database.read_bytes()
    ended = subprocess.run(
        [sys.executable, "-c", TOUR, str(demonstration.root), str(tmp_path / "out")],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=170,
    )
    assert ended.returncode == 0, ended.stderr
    names = ended.stdout.split()
    assert {"counter", "customers", "composition", "dark-counter", "small-summary"} <= set(names)
    assert any(name.endswith("change-and-receipt") for name in names)
    assert demonstration.database.read_bytes() == before


def test_refused_rows_name_the_option_of_the_command_line(
    run: Run, closed_shop: DataFolder, tmp_path: Path
) -> None:
    coming = tmp_path / "客户.csv"
    coming.write_text("客户,电话,来源\n王芳,13800138000,没有的来源\n", encoding="utf-8")
    code, out, _ = run("import", "customers", str(coming), data=closed_shop.root)
    assert code == 1
    refused = read_sheet(Path(out.splitlines()[-1].partition("：")[2]))
    assert str(refused.rows[-1][1][1]).endswith("请改成已有的，或加上 --create-words。")
    _, out, _ = run("import", "customers", str(coming), "--create-words", data=closed_shop.root)
    assert out.startswith("导入完成：新增 1。")


def test_customers_go_out_and_come_in_and_what_is_refused_is_in_the_last_line(
    run: Run, closed_shop: DataFolder, tmp_path: Path
) -> None:
    coming = tmp_path / "客户.csv"
    coming.write_text("客户,电话\n王芳,13800138000\n李四,abc\n", encoding="gb18030")
    code, out, _ = run("import", "customers", str(coming), data=closed_shop.root)
    assert code == 0
    assert out.startswith("导入完成：新增 1，未导入 1。")
    left_out = Path(out.splitlines()[-1].partition("：")[2])
    assert left_out == tmp_path / "客户-未导入.xlsx"
    assert left_out.exists()
    code, out, err = run("import", "customers", str(coming), data=closed_shop.root)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.rstrip().endswith("已经导入过。要再导入一次，请加上 --again。")
    going = tmp_path / "全部.xlsx"
    assert run("export", "customers", str(going), data=closed_shop.root)[0] == 0
    code, out, _ = run("import", "customers", str(going), "--mode", "update", data=closed_shop.root)
    assert (code, out.splitlines()[0]) == (0, "导入完成：无变化 1。")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "customers"), "还缺少：FILE"),
        (("import", "goods", "a.xlsx"), "没有“goods”这个词"),
        (("import", "customers", "a.xlsx", "--mode", "all"), "没有“all”这个词"),
        (("export", "customers"), "还缺少：FILE"),
    ],
)
def test_wrong_use_of_sheets_gets_one_chinese_line(run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
