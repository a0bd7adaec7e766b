"""What every declared list page does, whatever it lists."""

from typing import Any

import pytest

from meiping.domains.audit.rules import EXPORT
from meiping.domains.settings.rules import MANAGE_SETTINGS
from meiping.kernel.tabular import Column, Kind, Row, Sort, Table
from meiping.ui.list_page import Action, Asked, Filter, ListPage, ListSpec, Needs, Toggle

COLUMNS = (Column("name", "名称", width=12), Column("amount_fen", "金额", Kind.MONEY, width=10))
ROWS = [
    {"id": 1, "name": "茶叶", "amount_fen": 300, "kind": "a"},
    {"id": 2, "name": "咖啡", "amount_fen": 100, "kind": "b"},
    {"id": 3, "name": "白糖", "amount_fen": 200, "kind": "a"},
]


@pytest.fixture
def rows():
    return list(ROWS)


@pytest.fixture
def done():
    """What the page's actions were called with."""
    return []


@pytest.fixture
def listed(page, context, rows, done, root):
    def listing(asked: Asked) -> Table:
        found = [
            row
            for row in rows
            if asked.text in row["name"]
            and asked["kind"] in (None, row["kind"])
            and not (asked["cheap"] and row["amount_fen"] > 150)
        ]
        return Table("货品", COLUMNS, found, {"amount_fen": sum(row["amount_fen"] for row in found)})

    def build() -> ListPage:
        built = ListPage(
            page,
            context,
            ListSpec(
                key="goods",
                title="货品",
                unit="种",
                columns=COLUMNS,
                listing=listing,
                search="名称",
                filters=(
                    Filter("kind", "种类", lambda: [("a", "甲类"), ("b", "乙类")]),
                    Toggle("cheap", "只看便宜的"),
                ),
                actions=(
                    Action("新增", lambda: done.append("add"), "plus", key="Control-n", primary=True),
                    Action("修改", done.append, key="F2", needs=Needs.ONE, opens=True),
                    Action("删除", lambda many: done.append([row["id"] for row in many]), needs=Needs.SOME),
                    Action("设置", lambda: done.append("set"), "gear", permission=MANAGE_SETTINGS),
                ),
                empty=("还没有货品", "新增"),
            ),
        )
        built.widget.pack(fill="both", expand=True)
        root.update()
        return built

    return build


def names(page) -> list[str]:
    page.widget.update()
    return [row["name"] for row in page.list.visible_rows()]


def head_words(page) -> list[str]:
    return [str(child.cget("text")) for child in page.head.winfo_children()]


def test_search_filters_and_switches_narrow_together(listed):
    page = listed()
    assert names(page) == ["茶叶", "咖啡", "白糖"]
    page.narrow(kind="a")
    assert names(page) == ["茶叶", "白糖"]
    page.narrow("糖", kind="a", cheap=True)
    assert names(page) == []
    assert page.list.blank.text.cget("text") == "没有符合条件的内容"
    page.list.blank.button.invoke()
    assert len(names(page)) == 3
    assert not page.asked().narrowed()


def test_coming_from_elsewhere_leaves_nothing_narrowed_that_was_left_there(listed):
    page = listed()
    page.narrow("糖", kind="a", cheap=True)
    page.open(text="咖啡", select=2)
    assert names(page) == ["咖啡"]
    assert page.list.current_row()["id"] == 2


def test_a_reload_counts_anew_and_keeps_the_sort(listed, rows):
    page = listed()
    page.list.sort_by("amount_fen")
    rows.append({"id": 4, "name": "盐", "amount_fen": 150, "kind": "b"})
    page.reload()
    assert names(page) == ["咖啡", "盐", "白糖", "茶叶"]
    assert page.head._facts.cget("text") == "共 4 种"
    assert page.list.layout.sort == Sort("amount_fen")


def test_actions_get_what_they_need(listed, done, press, context):
    page = listed()
    press(page.search.entry, "<Control-n>")
    press(page.list.tree, "<Home>", "<F2>", "<Shift-Down>")
    page.perform(page._actions.offered[2])
    assert done == ["add", ROWS[0], [1, 2]]
    page.list.clear_selection()
    page.perform(page._actions.offered[1])
    assert context.told() == "请先在列表里选择一行。"


def test_the_menu_says_how_many_rows_it_is_about(listed, press):
    page = listed()
    press(page.list.tree, "<Home>", "<Shift-Down>")
    menu = dict(page.list.on_menu(ROWS[1]))
    assert menu["修改"] is None
    assert menu["删除选中的 2 行"] is not None


def test_double_click_and_enter_do_the_opening_action(listed, press, done):
    page = listed()
    press(page.list.tree, "<Home>", "<Return>")
    assert done == [ROWS[0]]


def test_without_the_right_there_is_no_button_and_no_key(listed, context, shop):
    assert "设置" in head_words(listed())
    context.actor = shop.as_role("收银员")
    assert not context.actor.can(EXPORT)
    words = head_words(listed())
    assert "设置" not in words
    assert "导出" not in words


def test_the_export_says_what_it_was_narrowed_to(listed, tmp_path, monkeypatch):
    from openpyxl import load_workbook

    target = tmp_path / "货品.xlsx"
    monkeypatch.setattr("meiping.ui.list_output.choose_save_file", lambda *asked: target)
    page = listed()
    for narrowed, said, left_out in (
        ({"text": "糖", "kind": "a"}, "种类 甲类 · 糖", "茶叶"),
        ({"text": "", "kind": None, "cheap": True}, "只看便宜的", "白糖"),
    ):
        page.narrow(**narrowed)
        page.export()
        values = [cell.value for row in load_workbook(target).worksheets[0].iter_rows() for cell in row]
        assert said in values
        assert left_out not in values


class Numbers:
    """Fifty thousand rows that count how many of them were read."""

    def __init__(self) -> None:
        self.read = 0

    def count(self) -> int:
        return 50_000

    def window(self, first: int, size: int, _sort: Sort | None) -> list[Row]:
        self.read += size
        return [
            {"id": number, "name": str(number)} for number in range(first, min(first + size, self.count()))
        ]

    def summary(self) -> dict[str, Any]:
        return {}

    def all_ids(self, _sort: Sort | None) -> list[int]:
        return list(range(self.count()))


def test_an_action_on_everything_has_the_ids_without_the_rows(page, context, done, press, root):
    numbers = Numbers()
    act = Action("移走", lambda ids, row: done.append((ids, row)), key="Delete", needs=Needs.IDS_AND_ROW)
    spec = ListSpec(
        key="numbers", title="号码", columns=COLUMNS, listing=lambda _asked: numbers, actions=(act,)
    )
    built = ListPage(page, context, spec)
    built.widget.pack(fill="both", expand=True)
    root.update()
    press(built.list.tree, "<Home>", "<Delete>")
    assert done.pop() == ([0], {"id": 0, "name": "0"})
    press(built.list.tree, "<Control-a>")
    before = numbers.read
    press(built.list.tree, "<Delete>")
    assert done.pop() == (list(range(50_000)), None)
    assert numbers.read == before


def test_columns_that_come_and_go_are_followed_at_a_reload(listed, rows, page, context, root):
    colour = Column("colour", "颜色", width=10)
    columns = [*COLUMNS]
    spec = ListSpec(
        key="coloured",
        title="货品",
        columns=lambda: tuple(columns),
        listing=lambda _asked: Table("", (), rows),
    )
    built = ListPage(page, context, spec)
    built.widget.pack(fill="both", expand=True)
    root.update()
    built.list.select_id(2)
    rows[1] = {**rows[1], "colour": "棕"}
    columns.insert(0, colour)
    built.reload()
    root.update()
    assert built.list.visible_columns() == (colour, *COLUMNS)
    assert built.list.tree.set("r1", "colour") == "棕"
    assert built.list.selected_ids() == [2]
    built.list.sort_by("colour")
    del columns[0]
    built.reload()
    root.update()
    assert built.list.visible_columns() == COLUMNS
    assert [built.list.tree.set(item, "name") for item in built.list.tree.get_children()] == [
        "茶叶",
        "咖啡",
        "白糖",
    ]


def test_only_the_selected_rows_are_exported_in_the_order_shown(listed, tmp_path, monkeypatch, press):
    from openpyxl import load_workbook

    target = tmp_path / "货品.xlsx"
    monkeypatch.setattr("meiping.ui.list_output.choose_save_file", lambda *asked: target)
    page = listed()
    page.list.sort_by("amount_fen")
    page.list._hands.move_to(2)
    page.list._hands.toggle(0)
    menu = dict(page.list.on_menu(page.list.current_row() or ROWS[0]))
    menu["导出选中的 2 行"]()
    values = [cell.value for row in load_workbook(target).worksheets[0].iter_rows() for cell in row]
    assert [value for value in values if value in ("茶叶", "咖啡", "白糖")] == ["咖啡", "茶叶"]
    assert "选中的 2 种" in str(values)


def test_all_but_a_few_are_exported_where_everything_was_chosen(listed, tmp_path, monkeypatch, press):
    from openpyxl import load_workbook

    target = tmp_path / "货品.xlsx"
    monkeypatch.setattr("meiping.ui.list_output.choose_save_file", lambda *asked: target)
    page = listed()
    press(page.list.tree, "<Home>", "<Control-a>", "<Control-space>")
    dict(page.list.on_menu(ROWS[1]))["导出选中的 2 行"]()
    values = [cell.value for row in load_workbook(target).worksheets[0].iter_rows() for cell in row]
    assert [value for value in values if value in ("茶叶", "咖啡", "白糖")] == ["咖啡", "白糖"]
