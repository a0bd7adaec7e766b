"""Charts answer at a glance whatever the numbers are, and a click finds the rows behind."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageColor

from meiping.adapters.charts import (
    DARK,
    LIGHT,
    MOST_GROUPS,
    OTHERS,
    Chart,
    ChartColours,
    ChartKind,
    RenderedChart,
    Series,
    by_size,
    few_series,
    foldable,
    render,
    save_png,
)
from meiping.adapters.charts.numbers import axis_marks, axis_ticks, figures
from meiping.kernel.tabular import Kind

SIZES = [(300, 200), (1200, 500)]


def chart(kind: ChartKind, values: Sequence[int | None], *, money: bool = True, **more) -> Chart:
    names = [f"第{n}组" for n in range(len(values))]
    return Chart(
        kind, "卖了多少？", names, [Series("本年", values)], Kind.MONEY if money else Kind.NUMBER, **more
    )


def has(image: Image.Image, colour: str) -> bool:
    """Whether the exact colour is anywhere in the picture."""
    return ImageColor.getrgb(colour) in {
        found for _, found in image.getcolors(image.width * image.height) or []
    }


def middle_colours(drawn: RenderedChart, key: str) -> set[tuple[int, ...] | float | None]:
    """The colours in the middle of a category's places."""
    return {
        drawn.image.getpixel(((r.x0 + r.x1) // 2, (r.y0 + r.y1) // 2)) for r in drawn.regions if r.key == key
    }


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("kind", list(ChartKind))
@pytest.mark.parametrize(
    "values",
    [
        [],
        [None, None],
        [0, 0],
        [12345],
        [-500],
        [300, -200, 100],
        list(range(1, 31)),
        [None, 5, None],
        [10**13, 1],
    ],
    ids=["none", "unknown", "zeros", "one", "negative", "mixed", "thirty", "gaps", "huge"],
)
def test_any_data_gives_a_picture_of_the_size_asked_for(
    size: tuple[int, int], colours: ChartColours, kind: ChartKind, values: list[int | None]
) -> None:
    drawn = render(chart(kind, values), *size, colours)
    assert drawn.image.size == size
    assert has(drawn.image, colours.background)
    assert has(drawn.image, colours.accent) == any(values)
    assert all(0 <= r.x0 < r.x1 <= size[0] + 1 and 0 <= r.y0 < r.y1 <= size[1] + 1 for r in drawn.regions)
    assert bool(drawn.regions) == any(values)


@pytest.mark.parametrize("kind", list(ChartKind))
@pytest.mark.parametrize("size", [(40, 40), (60, 300), (500, 45)])
def test_a_window_squeezed_to_nothing_does_no_harm(kind: ChartKind, size: tuple[int, int]) -> None:
    long = Chart(
        kind,
        "一个很长很长的问题放不下怎么办？",
        ["某某某"] * 9,
        [Series("某", range(9)), Series("某", range(9))],
    )
    assert render(long, *size, LIGHT).image.size == size
    assert render(long, 1, 1, LIGHT).image.size == (40, 40)


def test_no_data_says_so_instead_of_an_empty_frame() -> None:
    nothing = render(Chart(ChartKind.BAR, "", [], []), 300, 200, LIGHT).image
    assert min(nothing.crop((100, 80, 200, 130)).convert("L").tobytes()) < 160
    assert min(nothing.crop((0, 140, 300, 200)).convert("L").tobytes()) == 255


@pytest.mark.parametrize("kind", list(ChartKind))
def test_a_thousand_groups_stay_readable_and_quick(kind: ChartKind) -> None:
    drawn = render(chart(kind, range(1, 1001), money=False), 390, 260, LIGHT)
    if kind in (ChartKind.BAR, ChartKind.LINE, ChartKind.HEAT):
        assert len({r.key for r in drawn.regions}) == 1000
    else:
        assert len({r.key for r in drawn.regions}) <= 20
        assert "第999组" in {r.key for r in drawn.regions}


def test_a_click_on_a_bar_gives_its_key_and_its_exact_value() -> None:
    keys = ["2026-11-20", "2026-11-21"]
    drawn = render(
        Chart(ChartKind.BAR, "", ["20日", "21日"], [Series("", [100_000, 123_456])], Kind.MONEY, keys=keys),
        400,
        260,
        LIGHT,
    )
    region = drawn.region_at(320, 200)
    assert region is not None
    assert region.key == "2026-11-21"
    assert region.text == "21日\n¥1,234.56"
    assert middle_colours(drawn, "2026-11-21") == {ImageColor.getrgb(LIGHT.accent)}
    assert drawn.region_at(2, 2) is None


def test_only_the_highlighted_bar_keeps_the_accent() -> None:
    drawn = render(chart(ChartKind.BAR, [500, 500, 500], highlight="第1组"), 400, 260, LIGHT)
    assert middle_colours(drawn, "第1组") == {ImageColor.getrgb(LIGHT.accent)}
    assert middle_colours(drawn, "第0组") == middle_colours(drawn, "第2组") == {ImageColor.getrgb(LIGHT.grey)}


def test_a_click_on_the_ring_gives_the_share_whose_colour_is_there() -> None:
    drawn = render(chart(ChartKind.DONUT, [500, 300, 200]), 390, 260, LIGHT)
    for place, colour in enumerate(LIGHT.palette[:3]):
        ring = [r for r in drawn.regions if r.key == f"第{place}组"]
        hit = [drawn.image.getpixel(((r.x0 + r.x1) // 2, (r.y0 + r.y1) // 2)) for r in ring]
        assert len(ring) > 10
        assert hit.count(ImageColor.getrgb(colour)) > len(hit) * 0.7


def test_shares_with_a_negative_become_a_ranking() -> None:
    drawn = render(chart(ChartKind.DONUT, [500, -300]), 390, 260, LIGHT)
    assert [r.key for r in drawn.regions] == ["第0组", "第1组"]
    assert not has(drawn.image, LIGHT.palette[1])


def test_several_kinds_have_several_colours() -> None:
    series = [Series(name, [100, 200]) for name in ("现金", "微信", "支付宝", "银行卡", "储值", "积分")]
    drawn = render(Chart(ChartKind.BAR, "", ["一", "二"], series, Kind.MONEY, stacked=True), 500, 300, LIGHT)
    assert all(has(drawn.image, colour) for colour in LIGHT.palette)
    assert (
        drawn.regions[0].text
        == "一\n现金 ¥1.00\n微信 ¥1.00\n支付宝 ¥1.00\n银行卡 ¥1.00\n储值 ¥1.00\n积分 ¥1.00"
    )


def test_signs_and_rare_characters_in_names_are_only_text() -> None:
    names = ["A$B$C", "x_1^2", "\\frac{1}{2}", "𠮷野家😀", "名" * 80, ""]
    for kind in ChartKind:
        drawn = render(
            Chart(kind, "多少 $ 和 %？", names, [Series("$a$", [6, 5, 4, 3, 2, 1])]), 390, 260, LIGHT
        )
        assert drawn.image.size == (390, 260)


def test_letters_grow_with_the_screen_and_the_picture_keeps_its_layout() -> None:
    once = render(chart(ChartKind.BAR, [3, 2, 1]), 400, 260, LIGHT, dpi=96)
    double = render(chart(ChartKind.BAR, [3, 2, 1]), 800, 520, LIGHT, dpi=192)
    assert [r.x0 * 2 for r in once.regions] == pytest.approx([r.x0 for r in double.regions], abs=6)


def test_a_chart_whose_lists_do_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="one entry a category"):
        Chart(ChartKind.BAR, "", ["一"], [Series("", [1, 2])])
    with pytest.raises(ValueError, match="one entry a category"):
        Chart(ChartKind.BAR, "", ["一"], [Series("", [1])], keys=["a", "b"])


@given(st.lists(st.integers(-(10**9), 10**9), max_size=40), st.integers(2, 12))
def test_folding_loses_nothing_and_keeps_the_largest(values: list[int], most: int) -> None:
    folded = foldable(chart(ChartKind.HBAR, values), most)
    assert sum(value or 0 for value in folded.series[0].values) == sum(values)
    assert len(folded.categories) == min(len(values), most)
    if len(values) > most:
        assert folded.categories[-1] == OTHERS
        assert folded.key(most - 1) == ""
        assert max(map(abs, values)) in [abs(value or 0) for value in folded.series[0].values[:-1]]


@pytest.mark.parametrize("kind", [ChartKind.HBAR, ChartKind.DONUT])
@pytest.mark.parametrize(("height", "most"), [(105, 5), (150, 8), (900, 60)])
def test_a_low_picture_tells_fewer_groups_apart_so_that_no_words_meet(
    kind: ChartKind, height: int, most: int
) -> None:
    regions = render(chart(kind, [100 - n for n in range(60)]), 520, height, LIGHT).regions
    rows = {region.key: region for region in regions}  # of a ring the list, which comes last
    assert 1 < len(rows) <= most
    tops = sorted(region.y0 for region in rows.values())
    assert all(below - above >= 10 for above, below in pairwise(tops))
    assert all(region.y0 >= 0 and region.y1 <= height for region in rows.values())


def test_many_series_are_folded_and_sorting_leaves_zeros_out() -> None:
    many = Chart(ChartKind.LINE, "", ["一"], [Series(f"S{n}", [n]) for n in range(20)])
    folded = few_series(many)
    assert [one.name for one in folded.series] == [*(f"S{n}" for n in range(13, 20)), OTHERS]
    assert folded.series[-1].values == [sum(range(13))]
    assert len(folded.series) == MOST_GROUPS
    assert by_size(chart(ChartKind.DONUT, [0, 2, 5])).categories == ["第2组", "第1组"]


def test_the_axis_speaks_one_unit() -> None:
    money, count = chart(ChartKind.BAR, [1]), chart(ChartKind.BAR, [1], money=False)
    assert axis_marks(money, [0, 1000, 2000], small=False) == ["¥0", "¥1,000", "¥2,000"]
    assert axis_marks(money, [0, 0.5, 1], small=False) == ["¥0.00", "¥0.50", "¥1.00"]
    assert axis_marks(money, [-500_000, 0, 1_000_000], small=False) == ["-¥50万", "¥0", "¥100万"]
    assert axis_marks(money, [0, 50_000, 100_000], small=True) == ["¥0", "¥5万", "¥10万"]
    assert axis_marks(count, [0, 2e8], small=False) == ["0", "2亿"]
    assert axis_ticks(count, 0, 3, 6) == [0, 1, 2, 3]


def test_figures_beside_bars_are_rounded_alike() -> None:
    money = chart(ChartKind.HBAR, [1])
    assert figures(money, [12_345, 99_900]) == ["¥123.45", "¥999.00"]
    assert figures(money, [123_450, 12_300, None]) == ["¥1,235", "¥123", ""]
    assert figures(money, [123_456_789, -500]) == ["¥123.5万", "-¥5"]


def test_a_saved_picture_is_sharp_and_can_be_opened(tmp_path: Path) -> None:
    save_png(tmp_path / "图表.png", chart(ChartKind.LINE, [1, 2, 3]))
    with Image.open(tmp_path / "图表.png") as image:
        assert image.size == (1600, 900)
        assert has(image, LIGHT.accent)


def test_several_threads_may_draw_at_once() -> None:
    def one(number: int) -> tuple[int, int]:
        return render(chart(list(ChartKind)[number % 4], [5, 4, 3]), 200 + number, 150, LIGHT).image.size

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(12))) == [(200 + number, 150) for number in range(12)]


def test_the_list_of_fonts_is_kept_in_the_folder_given(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from meiping.adapters.charts import prepare\n"
        "prepare(pathlib.Path(sys.argv[1]))\n"
        "import matplotlib\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "print(matplotlib.get_cachedir())\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "字体")], capture_output=True, text=True, check=True
    )
    assert Path(told.stdout.strip()) == tmp_path / "字体"
    assert list((tmp_path / "字体").glob("fontlist*.json"))


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_heat_map_is_strongest_where_there_is_most(colours: ChartColours) -> None:
    hours = [str(hour) for hour in range(8, 22)]
    rows = [
        Series(day, [day_no * 3 + hour for hour in range(14)]) for day_no, day in enumerate("一二三四五六日")
    ]
    rows[0] = Series("一", [0, None, -4, *range(11)])
    drawn = render(Chart(ChartKind.HEAT, "什么时候最忙？", hours, rows), 520, 240, colours)
    assert len({region.key for region in drawn.regions}) == 7 * 14
    assert middle_colours(drawn, "日/21") == {ImageColor.getrgb(colours.accent)}
    quiet = ImageColor.getrgb(colours.hairline)
    assert all(middle_colours(drawn, key) == {quiet} for key in ("一/8", "一/9", "一/10"))
    assert next(r.text for r in drawn.regions if r.key == "二/9") == "二 9\n4"
