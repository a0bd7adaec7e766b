"""Slips: as wide as the roll, as long as their content, figures in columns, nothing lost."""

from pathlib import Path
from typing import Literal

import pytest

from meiping.adapters.receipt_pdf import (
    Align,
    Block,
    Item,
    ItemHead,
    Pair,
    Rule,
    Slip,
    Space,
    Text,
    Title,
    Total,
    slip_image,
    slip_pdf,
)
from tests.adapters.paper import page_sizes_mm, page_texts, text_box_mm

BLOCKS: tuple[Block, ...] = (
    Title("美平美容美发（南山旗舰店）"),
    Pair("单号", "XS-20261121-0001"),
    Rule(),
    ItemHead(),
    Item("洗剪吹（总监）", 1000, 12800, 10880, "会员 8.5 折，省 ¥19.20"),
    Item("欧莱雅 PRO 丝蛋白护发精油 90ml", 2000, 16800, 33600, unit="瓶"),
    Item("散装护发素", 1250, 4000, 5000, unit="kg"),
    Item("无码商品", None, None, 1500),
    Rule(solid=True),
    Total("应收", 50980),
    Pair("找零", "¥0.20", bold=True),
    Text("谢谢惠顾，七日内凭小票退换", Align.CENTRE, small=True),
    Space(4),
)
both_rolls = pytest.mark.parametrize("width", [58, 80])


def printed(tmp_path: Path, width: Literal[58, 80], blocks: tuple[Block, ...] = BLOCKS) -> Path:
    slip_pdf(tmp_path / "小票.pdf", Slip(width, blocks))
    return tmp_path / "小票.pdf"


@both_rolls
def test_everything_on_the_bill_is_on_the_slip(tmp_path: Path, width: Literal[58, 80]) -> None:
    text = page_texts(printed(tmp_path, width))[0].replace("\n", "")
    for expected in (
        *(
            "XS-20261121-0001",
            "洗剪吹（总监）",
            "128.00",
            "108.80",
            "会员 8.5 折，省 ¥19.20",
            "2瓶",
            "336.00",
        ),
        *("1.25kg", "无码商品", "15.00", "应收", "¥509.80", "找零", "¥0.20", "谢谢惠顾"),
    ):
        assert expected in text


@both_rolls
def test_the_paper_is_as_wide_as_the_roll_and_as_long_as_its_content(
    tmp_path: Path, width: Literal[58, 80]
) -> None:
    sizes = [page_sizes_mm(printed(tmp_path, width, BLOCKS * times)) for times in (2, 3, 4)]
    assert {len(pages) for pages in sizes} == {1}
    assert {pages[0][0] for pages in sizes} == {width}
    two, three, four = (pages[0][1] for pages in sizes)
    assert four - three == pytest.approx(three - two, abs=1)
    assert three > two


@both_rolls
def test_amounts_end_below_each_other_inside_the_printed_strip(
    tmp_path: Path, width: Literal[58, 80]
) -> None:
    path = printed(tmp_path, width)
    strip = {58: 53.0, 80: 76.0}[width]
    for amount in ("108.80", "336.00", "15.00", "¥509.80", "XS-20261121-0001"):
        assert text_box_mm(path, amount)[2] == pytest.approx(strip, abs=0.7)


@both_rolls
def test_huge_figures_neither_overlap_nor_leave_the_paper(tmp_path: Path, width: Literal[58, 80]) -> None:
    path = printed(
        tmp_path, width, (ItemHead(), Item("整箱护发素", 1_250_125, 1_234_500, 154_327_931, unit="kg"))
    )
    boxes = [text_box_mm(path, text) for text in ("1,250.125kg", "12,345.00", "1,543,279.31")]
    assert boxes[0][0] > 4
    assert boxes[0][2] < boxes[1][0]
    assert boxes[1][2] < boxes[2][0]
    assert boxes[2][2] < width - 3.5


def test_the_name_of_the_shop_stands_in_the_middle(tmp_path: Path) -> None:
    left, _, right, _ = text_box_mm(printed(tmp_path, 58, (Title("美平美发"),)), "美平美发")
    assert (left + right) / 2 == pytest.approx(29, abs=0.5)


def test_a_long_shop_name_does_not_leave_one_character_alone(tmp_path: Path) -> None:
    text = page_texts(printed(tmp_path, 58, (Title("美平美容美发用品专卖连锁旗舰店"),)))[0]
    lines = text.strip().split("\n")
    assert "".join(lines) == "美平美容美发用品专卖连锁旗舰店"
    assert min(map(len, lines)) >= 5


def test_a_long_pair_takes_two_lines(tmp_path: Path) -> None:
    path = printed(tmp_path, 58, (Pair("次卡 总监洗剪吹十次卡", "剩 7 次，2027-03-31 到期"),))
    assert text_box_mm(path, "次卡")[1] > text_box_mm(path, "到期")[3]
    assert text_box_mm(path, "到期")[2] == pytest.approx(53, abs=0.7)


def test_a_short_slip_is_not_taken_for_a_turned_page(tmp_path: Path) -> None:
    width, height = page_sizes_mm(printed(tmp_path, 80, (Text("测试"),)))[0]
    assert width == 80
    assert height > width


def test_the_preview_shows_black_on_white(tmp_path: Path) -> None:
    image = slip_image(Slip(58, BLOCKS), dpi=203).convert("L")
    assert image.width == pytest.approx(58 / 25.4 * 203, abs=2)
    assert image.getextrema() == (0, 255)
