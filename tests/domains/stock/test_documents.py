"""What the shop is promised about goods coming in and going out by document."""

from dataclasses import replace
from typing import Any

import pytest

from meiping.domains.access.queries import actor_for
from meiping.domains.access.service import add_company
from meiping.domains.catalog.queries import ProductFilter
from meiping.domains.catalog.rules import ProductInput
from meiping.domains.catalog.service import add_product, deactivate_products
from meiping.domains.ledger.queries import balance_fen
from meiping.domains.ledger.rules import Account
from meiping.domains.stock import moves
from meiping.domains.stock.models import StockDocument, StockMove
from meiping.domains.stock.queries import (
    DOCUMENT_COLUMNS,
    STOCK_COLUMNS,
    StockFilter,
    by_code,
    document_detail,
    documents,
    find_products,
    last_costs,
    low_stock,
    movements,
    product_list,
    stock_list,
    stock_of_product,
)
from meiping.domains.stock.service import StockLine, issue_goods, receive_goods
from meiping.kernel.actor import Actor
from meiping.kernel.errors import InputError, NotFound, PermissionDenied
from meiping.kernel.source import Source
from meiping.kernel.tabular import Sort
from meiping.store.unit_of_work import in_one_transaction
from tests.factories import new_key
from tests.shop import OpenedShop

COLA = ProductInput(
    "可乐", 350, unit="瓶", barcodes="6901234567892", purchase_price_fen=200, low_stock_milli=6000
)


@pytest.fixture
def cola(shop: OpenedShop) -> int:
    return add_product(shop.actor, product=COLA)


def _in(shop: OpenedShop, *lines: StockLine, nature: str = "采购入库", key: str | None = None) -> str:
    return receive_goods(shop.actor, key=key or new_key(), nature=nature, lines=lines).number


def _out(shop: OpenedShop, *lines: StockLine, nature: str = "报损") -> str:
    return issue_goods(shop.actor, key=new_key(), nature=nature, lines=lines).number


def _stock(actor: Actor, **wanted: Any) -> list[dict[str, object]]:
    return [dict(row) for row in stock_list(actor, filter=StockFilter(**wanted)).window(0, 99, None)]


def _account(shop: OpenedShop, account: Account) -> int:
    return balance_fen(account, company_id=shop.company_id)


class TestPosting:
    def test_goods_come_in_with_number_stock_value_and_entry(self, shop: OpenedShop, cola: int) -> None:
        number = _in(shop, StockLine(cola, 24_000, 210))
        assert number == "RK-20260316-0001"
        row = _stock(shop.actor)[0]
        assert (row["qty_milli"], row["value_fen"], row["unit_cost_fen"]) == (24_000, 5040, 210)
        assert _account(shop, Account.INVENTORY) == 5040
        assert _account(shop, Account.PURCHASES) == -5040

    @pytest.mark.parametrize(
        ("nature", "account"),
        [
            ("采购入库", Account.PURCHASES),
            ("期初", Account.OPENING),
            ("盘盈", Account.STOCK_DIFFERENCE),
            ("其他入库", Account.STOCK_DIFFERENCE),
        ],
    )
    def test_each_nature_has_its_account(
        self, shop: OpenedShop, cola: int, nature: str, account: Account
    ) -> None:
        _in(shop, StockLine(cola, 1000, 300), nature=nature)
        assert _account(shop, account) == -300

    def test_goods_go_out_at_average_cost_and_numbers_run_apart(self, shop: OpenedShop, cola: int) -> None:
        _in(shop, StockLine(cola, 2000, 100))
        _in(shop, StockLine(cola, 1000, 250))
        assert _out(shop, StockLine(cola, 1000)) == "CK-20260316-0001"
        row = _stock(shop.actor)[0]
        assert (row["qty_milli"], row["value_fen"]) == (2000, 300)
        assert _account(shop, Account.INVENTORY) == 300
        assert _account(shop, Account.STOCK_DIFFERENCE) == 150

    def test_the_same_key_posts_once(self, shop: OpenedShop, cola: int) -> None:
        key = new_key()
        first = receive_goods(shop.actor, key=key, nature="期初", lines=[StockLine(cola, 1000, 100)])
        again = receive_goods(shop.actor, key=key, nature="期初", lines=[StockLine(cola, 9000, 100)])
        assert again == first
        assert _stock(shop.actor)[0]["qty_milli"] == 1000
        assert StockDocument.select().count() == 1

    def test_one_bad_line_and_nothing_is_posted_nor_a_number_used(self, shop: OpenedShop, cola: int) -> None:
        service = add_product(shop.actor, product=ProductInput("上门安装", 5000, stocked=False))
        with pytest.raises(InputError, match="“上门安装”是服务") as refused:
            _in(shop, StockLine(cola, 1000, 100), StockLine(service, 1000, 100))
        assert refused.value.field == "line.1"
        assert StockMove.select().count() == 0
        assert _in(shop, StockLine(cola, 1000, 100)).endswith("-0001")

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            (StockLine(1, 0, 100), "大于零"),
            (StockLine(1, -1000, 100), "大于零"),
            (StockLine(1, 1500, 100), "必须是整数"),
            (StockLine(1, 1000, -1), "成本单价"),
            (StockLine(99, 1000, 1), "已经被删除"),
        ],
    )
    def test_what_can_not_be_is_refused(
        self, shop: OpenedShop, cola: int, line: StockLine, says: str
    ) -> None:
        assert cola == 1
        with pytest.raises(InputError, match=says) as refused:
            _in(shop, line)
        assert refused.value.field == "line.0"

    def test_without_lines_or_nature_nothing_happens(self, shop: OpenedShop, cola: int) -> None:
        with pytest.raises(InputError, match="扫码"):
            _in(shop)
        with pytest.raises(InputError, match="性质"):
            _in(shop, StockLine(cola, 1000), nature=" ")

    def test_never_more_goes_out_than_is_there_over_all_lines(self, shop: OpenedShop, cola: int) -> None:
        _in(shop, StockLine(cola, 3000, 100))
        with pytest.raises(InputError, match="“可乐”现存 3 瓶，不能减少 4 瓶") as refused:
            _out(shop, StockLine(cola, 2000), StockLine(cola, 2000))
        assert refused.value.field == "line.1"
        _out(shop, StockLine(cola, 2000), StockLine(cola, 1000))
        assert (_stock(shop.actor)[0]["qty_milli"], _stock(shop.actor)[0]["value_fen"]) == (0, 0)

    def test_without_a_cost_the_last_one_counts(self, shop: OpenedShop, cola: int) -> None:
        _in(shop, StockLine(cola, 1000))
        assert _stock(shop.actor)[0]["value_fen"] == 200
        _in(shop, StockLine(cola, 1000, 260))
        _in(shop, StockLine(cola, 1000))
        assert _stock(shop.actor)[0]["value_fen"] == 200 + 260 + 260

    def test_goods_for_nothing_need_no_entry(self, shop: OpenedShop, cola: int) -> None:
        number = _in(shop, StockLine(cola, 1000, 0), nature="其他入库")
        assert _account(shop, Account.INVENTORY) == 0
        assert movements(shop.actor, product_id=cola).window(0, 9, None)[0]["number"] == number

    def test_filling_a_hole_books_the_gap_so_that_values_agree(self, shop: OpenedShop, cola: int) -> None:
        in_one_transaction(
            shop.actor,
            lambda work: moves.issue(
                work,
                product_id=cola,
                qty_milli=2000,
                nature="销售",
                source=Source("test", 1),
                business_date=work.day,
            ),
        )
        before = _account(shop, Account.INVENTORY)
        _in(shop, StockLine(cola, 5000, 300))
        row = _stock(shop.actor)[0]
        assert (row["qty_milli"], row["value_fen"]) == (3000, 900)
        assert _account(shop, Account.INVENTORY) - before == 1500 - 200
        assert _account(shop, Account.STOCK_DIFFERENCE) == 200


class TestReading:
    def test_a_scan_tells_what_is_there(self, shop: OpenedShop, cola: int) -> None:
        _in(shop, StockLine(cola, 5000, 100))
        service = ProductInput("可乐配送", 500, stocked=False)
        add_product(shop.actor, product=service)
        hit = by_code(shop.actor, code="6901234567892")
        assert hit is not None
        assert hit.stock_milli == 5000
        assert [(one.name, one.stock_milli) for one in find_products(shop.actor, text="可乐")] == [
            ("可乐", 5000),
            ("可乐配送", None),
        ]
        assert by_code(shop.actor, code="nothing") is None

    def test_the_product_list_shows_stock_to_who_may_see_it(self, shop: OpenedShop, cola: int) -> None:
        _in(shop, StockLine(cola, 5000, 100))
        add_product(shop.actor, product=ProductInput("阿胶", 100))
        listing = product_list(shop.actor, filter=ProductFilter())
        assert [row["stock_milli"] for row in listing.window(0, 9, Sort("stock_milli", True))] == [5000, 0]
        clerks = product_list(shop.as_role("收银员"), filter=ProductFilter()).window(0, 9, None)
        assert "stock_milli" not in clerks[0]

    def test_running_stock_is_right_on_every_page(self, shop: OpenedShop, cola: int) -> None:
        quantity = 0
        expected = []
        for step in (5, -2, 7, -1, -4, 10):
            line = StockLine(cola, abs(step) * 1000, 100)
            _in(shop, line) if step > 0 else _out(shop, line)
            quantity += step
            expected.append(quantity * 1000)
        listing = movements(shop.actor, product_id=cola)
        assert listing.count() == 6
        pages = [*listing.window(0, 4, None), *listing.window(4, 4, None)]
        assert [row["stock_milli"] for row in pages] == expected[::-1]
        assert pages[0]["number"].startswith("RK-")
        with pytest.raises(NotFound):
            movements(shop.actor, product_id=cola, company_id=77)

    def test_the_most_urgent_low_stock_stands_first(self, shop: OpenedShop) -> None:
        for name, left, mark in (
            ("够", 9, 5),
            ("剩一半", 5, 10),
            ("卖完", 0, 1),
            ("快没了", 1, 10),
            ("刚到", 4, 4),
        ):
            wanted = replace(COLA, name=name, barcodes="", low_stock_milli=mark * 1000)
            product_id = add_product(shop.actor, product=wanted)
            if left:
                lines = [StockLine(product_id, left * 1000, 100)]
                receive_goods(shop.actor, key=new_key(), nature="采购入库", lines=lines)
        rows = low_stock(shop.actor).window(0, 9, None)
        assert [row["name"] for row in rows] == ["卖完", "快没了", "剩一半", "刚到"]

    def test_low_means_at_or_below_the_mark(self, shop: OpenedShop, cola: int) -> None:
        add_product(shop.actor, product=replace(COLA, name="无下限", barcodes="", low_stock_milli=None))
        assert [row["name"] for row in low_stock(shop.actor).window(0, 9, None)] == ["可乐"]
        _in(shop, StockLine(cola, 6000, 100))
        assert low_stock(shop.actor).count() == 1
        _in(shop, StockLine(cola, 1000, 100))
        assert low_stock(shop.actor).count() == 0

    def test_what_is_out_of_use_is_listed_while_some_is_left(self, shop: OpenedShop, cola: int) -> None:
        _in(shop, StockLine(cola, 1000, 100))
        deactivate_products(shop.actor, product_ids=[cola])
        assert [row["name"] for row in _stock(shop.actor)] == ["可乐"]
        assert low_stock(shop.actor).count() == 0
        _out(shop, StockLine(cola, 1000))
        assert _stock(shop.actor) == []

    def test_the_list_is_narrowed_summed_and_sorted_by_every_column(
        self, shop: OpenedShop, cola: int
    ) -> None:
        other = add_product(shop.actor, product=ProductInput("阿胶", 90_000))
        _in(shop, StockLine(cola, 2000, 100), StockLine(other, 1000, 50_000))
        assert [row["name"] for row in _stock(shop.actor, text="aj")] == ["阿胶"]
        assert _stock(shop.actor, text="没有") == []
        listing = stock_list(shop.actor, filter=StockFilter())
        assert listing.summary() == {"value_fen": 50_200}
        for column in STOCK_COLUMNS:
            up, down = (listing.window(0, 9, Sort(column.key, way)) for way in (False, True))
            assert [row["id"] for row in up] == [row["id"] for row in down][::-1]
        assert [row["value_fen"] for row in stock_of_product(shop.actor, product_id=cola).rows] == [200]

    def test_documents_are_listed_and_read_again(self, shop: OpenedShop, cola: int) -> None:
        number = receive_goods(
            shop.actor, key=new_key(), nature="期初", lines=[StockLine(cola, 3000, 110)], note="开业"
        ).number
        _out(shop, StockLine(cola, 1000))
        listing = documents(shop.actor)
        assert [row["direction"] for row in listing.window(0, 9, None)] == ["库存减少", "库存增加"]
        assert [row["number"] for row in documents(shop.actor, text="开业").window(0, 9, None)] == [number]
        assert documents(shop.actor, incoming=False).count() == 1
        for column in DOCUMENT_COLUMNS:
            assert len(listing.window(0, 9, Sort(column.key))) == 2
        detail = document_detail(shop.actor, document_id=1)
        assert (detail.title, detail.nature, detail.note, detail.value_fen) == (
            "库存增加",
            "期初",
            "开业",
            330,
        )
        assert [(row["name"], row["unit_cost_fen"]) for row in detail.lines.rows] == [("可乐", 110)]
        with pytest.raises(NotFound):
            document_detail(shop.actor, document_id=99)


class TestBranches:
    def test_each_company_has_its_own_stock_costs_and_numbers(self, shop: OpenedShop, cola: int) -> None:
        branch = actor_for(
            shop.actor.operator_id,
            company_id=add_company(shop.actor, name="分店"),
            clock=shop.clock,
        )
        _in(shop, StockLine(cola, 2000, 100))
        line = StockLine(cola, 3000, 150)
        number = receive_goods(branch, key=new_key(), nature="采购入库", lines=[line]).number
        assert number == "RK-02-20260316-0001"
        rows = _stock(shop.actor)
        assert [(row["company"], row["qty_milli"], row["value_fen"]) for row in rows] == [
            ("小巷杂货店", 2000, 200),
            ("分店", 3000, 450),
        ]
        assert [row["qty_milli"] for row in _stock(shop.actor, company_id=branch.company_id)] == [3000]
        assert last_costs(branch, product_ids=[cola]) == {cola: 150}
        assert product_list(shop.actor, filter=ProductFilter()).window(0, 1, None)[0]["stock_milli"] == 5000
        with pytest.raises(InputError, match="现存 2 瓶"):
            _out(shop, StockLine(cola, 3000))
        assert movements(shop.actor, product_id=cola, company_id=branch.company_id).count() == 1

    def test_who_works_in_one_company_sees_only_its_stock(self, shop: OpenedShop, cola: int) -> None:
        other = add_company(shop.actor, name="分店")
        branch = actor_for(shop.actor.operator_id, company_id=other, clock=shop.clock)
        receive_goods(branch, key=new_key(), nature="期初", lines=[StockLine(cola, 3000, 150)])
        manager = shop.as_role("店长")
        assert [row["qty_milli"] for row in _stock(manager)] == [0]
        assert _stock(manager, company_id=other) == []
        assert documents(manager).count() == 0
        with pytest.raises(NotFound):
            document_detail(manager, document_id=1)
        with pytest.raises(NotFound):
            movements(manager, product_id=cola, company_id=other)


class TestRights:
    def test_the_counter_neither_reads_nor_moves_stock(self, shop: OpenedShop, cola: int) -> None:
        clerk = shop.as_role("收银员")
        for refused in (
            lambda: receive_goods(clerk, key="k", nature="期初", lines=[StockLine(cola, 1000)]),
            lambda: issue_goods(clerk, key="k", nature="报损", lines=[StockLine(cola, 1000)]),
            lambda: stock_list(clerk, filter=StockFilter()),
            lambda: movements(clerk, product_id=cola),
            lambda: documents(clerk),
        ):
            with pytest.raises(PermissionDenied):
                refused()

    def test_without_the_right_costs_are_blank_everywhere(self, shop: OpenedShop, cola: int) -> None:
        from meiping.domains.access.service import save_role
        from meiping.kernel.actor import Scope

        _in(shop, StockLine(cola, 1000, 100))
        save_role(
            shop.actor,
            role_id=None,
            name="仓管",
            scope=Scope.COMPANY,
            permissions=["products.view", "stock.view"],
        )
        keeper = shop.as_role("仓管")
        listing = stock_list(keeper, filter=StockFilter())
        row = listing.window(0, 9, None)[0]
        assert (row["qty_milli"], row["value_fen"], row["unit_cost_fen"]) == (1000, None, None)
        assert listing.summary() == {}
        assert movements(keeper, product_id=cola).window(0, 9, None)[0]["value_fen"] is None
        assert documents(keeper).window(0, 9, None)[0]["value_fen"] is None
        detail = document_detail(keeper, document_id=1)
        assert (detail.value_fen, detail.lines.rows[0]["unit_cost_fen"], detail.lines.totals) == (
            None,
            None,
            {},
        )
