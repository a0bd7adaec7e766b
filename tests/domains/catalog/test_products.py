"""What the shop is promised about its products: found at once, told apart, never lost with their history."""

from dataclasses import replace

import pytest

from meiping.domains.audit.models import Change
from meiping.domains.catalog.queries import (
    ProductFilter,
    State,
    by_code,
    categories,
    find_products,
    product_changes,
    product_detail,
    product_list,
)
from meiping.domains.catalog.rules import ODD_BARCODE, ProductInput, barcode_warning, check_digit
from meiping.domains.catalog.service import (
    activate_products,
    add_many,
    add_product,
    change_product,
    deactivate_products,
    delete_category,
    delete_products,
    quick_add_product,
    save_category,
)
from meiping.domains.settings.queries import levels
from meiping.domains.stock import moves
from meiping.kernel.errors import InputError, NeedsConfirmation, NotFound, PermissionDenied, UserError
from meiping.kernel.source import Source
from meiping.kernel.tabular import Sort
from meiping.store.unit_of_work import in_one_transaction
from tests.factories import next_barcode
from tests.shop import OpenedShop

COLA = ProductInput("可口可乐", 350, unit="瓶", barcodes="6901234567892", purchase_price_fen=210)


def _bring_in(shop: OpenedShop, product_id: int) -> None:
    in_one_transaction(
        shop.actor,
        lambda work: moves.receive(
            work,
            product_id=product_id,
            qty_milli=1000,
            value_fen=100,
            nature="期初",
            source=Source("test", 1),
            business_date=work.day,
        ),
    )


class TestAdding:
    def test_codes_run_by_themselves_and_pass_over_typed_ones(self, shop: OpenedShop) -> None:
        add_product(shop.actor, product=ProductInput("甲", 100, code="p00002"))
        add_product(shop.actor, product=ProductInput("乙", 100))
        add_product(shop.actor, product=ProductInput("丙", 100))
        codes = [
            row["code"] for row in product_list(shop.actor, filter=ProductFilter()).window(0, 9, Sort("code"))
        ]
        assert codes == ["P00002", "P00003", "P00004"]

    def test_a_deleted_products_code_is_not_given_again(self, shop: OpenedShop) -> None:
        first = add_product(shop.actor, product=ProductInput("甲", 100))
        delete_products(shop.actor, product_ids=[first])
        second = add_product(shop.actor, product=ProductInput("乙", 100))
        assert product_detail(shop.actor, product_id=second).product.code == "P00002"

    @pytest.mark.parametrize(
        ("product", "field", "says"),
        [
            (ProductInput(" ", 100), "name", "名称"),
            (ProductInput("甲", None), "list_price_fen", "售价"),
            (ProductInput("甲", 100, lowest_price_fen=101), "lowest_price_fen", "¥1.00"),
            (ProductInput("甲", 100, code="编码"), "code", "数字和字母"),
            (ProductInput("甲", 100, barcodes="69x1"), "barcodes", "69x1"),
            (ProductInput("甲" * 81, 100), "name", "80"),
        ],
    )
    def test_what_can_not_be_is_refused_beside_its_field(
        self, shop: OpenedShop, product: ProductInput, field: str, says: str
    ) -> None:
        with pytest.raises(InputError, match=says) as refused:
            add_product(shop.actor, product=product)
        assert refused.value.field == field
        assert product_list(shop.actor, filter=ProductFilter()).count() == 0

    def test_several_bar_codes_in_any_writing(self, shop: OpenedShop) -> None:
        typed = "６９０１２３４５６７８９２，69012344 ，、69012344"
        product_id = add_product(
            shop.actor, product=replace(COLA, barcodes=typed), confirmed=frozenset({ODD_BARCODE})
        )
        assert product_detail(shop.actor, product_id=product_id).product.barcodes == "69012344 6901234567892"

    def test_a_bar_code_names_one_product_and_the_message_says_which(self, shop: OpenedShop) -> None:
        add_product(shop.actor, product=COLA)
        with pytest.raises(InputError, match="6901234567892 已经属于“可口可乐”") as refused:
            add_product(shop.actor, product=ProductInput("雪碧", 350, barcodes="6901234567892"))
        assert refused.value.field == "barcodes"

    def test_the_same_label_read_with_and_without_its_leading_zero_is_the_same(
        self, shop: OpenedShop
    ) -> None:
        add_product(shop.actor, product=ProductInput("进口糖", 990, barcodes="036000291452"))
        hit = by_code(shop.actor, code="0036000291452")
        assert hit is not None
        assert hit.name == "进口糖"
        with pytest.raises(InputError, match="进口糖"):
            add_product(shop.actor, product=ProductInput("别的糖", 990, barcodes="0036000291452"))

    def test_a_product_code_can_not_be_anothers_bar_code(self, shop: OpenedShop) -> None:
        add_product(shop.actor, product=COLA)
        with pytest.raises(InputError, match="可口可乐"):
            add_product(shop.actor, product=ProductInput("雪碧", 350, code="6901234567892"))
        add_product(shop.actor, product=ProductInput("雪碧", 350, code="88001"))
        with pytest.raises(InputError, match="雪碧"):
            add_product(shop.actor, product=ProductInput("芬达", 350, barcodes="88001"))

    def test_a_wrong_check_digit_is_asked_about_not_refused(self, shop: OpenedShop) -> None:
        odd = replace(COLA, barcodes="6901234567890")
        with pytest.raises(NeedsConfirmation, match="校验位") as asked:
            add_product(shop.actor, product=odd)
        product_id = add_product(shop.actor, product=odd, confirmed=frozenset({asked.value.token}))
        change_product(shop.actor, product_id=product_id, product=replace(odd, name="可乐"))

    def test_in_store_codes_are_allowed_with_a_warning(self) -> None:
        assert barcode_warning("2000000000008") is not None
        assert barcode_warning("6901234567892") is None
        assert barcode_warning("96385074") is None
        assert barcode_warning("123456") is None
        assert check_digit("690123456789") == "2"
        assert barcode_warning(next_barcode()) is None


class TestFinding:
    @pytest.fixture
    def shelf(self, shop: OpenedShop) -> OpenedShop:
        add_product(shop.actor, product=COLA)
        add_product(shop.actor, product=ProductInput("百事可乐 330ml", 300, code="88"))
        add_product(shop.actor, product=ProductInput("重庆火锅底料", 1500))
        return shop

    @pytest.mark.parametrize("text", ["重庆", "庆火", "cqhg", "zqhg", "chongqing", "CQHGDL", "p00003"])
    def test_by_part_of_the_name_and_by_the_initials_of_every_reading(
        self, shelf: OpenedShop, text: str
    ) -> None:
        assert [hit.name for hit in find_products(shelf.actor, text=text)] == ["重庆火锅底料"]

    def test_the_exact_code_comes_first_then_names_that_begin_so(self, shelf: OpenedShop) -> None:
        assert [hit.name for hit in find_products(shelf.actor, text="88")] == ["百事可乐 330ml"]
        assert [hit.name for hit in find_products(shelf.actor, text="可")] == ["可口可乐", "百事可乐 330ml"]

    def test_all_initials_come_before_those_that_hold_them(self, shelf: OpenedShop) -> None:
        add_product(shelf.actor, product=ProductInput("安可口可乐水", 300))
        assert [hit.name for hit in find_products(shelf.actor, text="kkkl")] == ["可口可乐", "安可口可乐水"]

    def test_a_letter_that_begins_a_hidden_word_finds_nothing_by_it(self, shelf: OpenedShop) -> None:
        for text in ("inuse", "kindproduct", "kindp"):
            assert find_products(shelf.actor, text=text) == []

    def test_a_scan_finds_by_bar_code_and_then_by_code(self, shelf: OpenedShop) -> None:
        by_barcode, by_own_code = (
            by_code(shelf.actor, code=" 6901234567892 "),
            by_code(shelf.actor, code="p00003"),
        )
        assert by_barcode is not None
        assert by_own_code is not None
        assert (by_barcode.name, by_barcode.barcode, by_barcode.price_fen) == (
            "可口可乐",
            "6901234567892",
            350,
        )
        assert by_own_code.name == "重庆火锅底料"
        assert by_code(shelf.actor, code="123") is None
        assert by_code(shelf.actor, code="") is None

    @pytest.mark.parametrize(
        "text", ["", "  ", '"', "*", "OR", "'; DROP TABLE product", "NEAR(a b)", "😀", "。"]
    )
    def test_no_text_breaks_the_search(self, shelf: OpenedShop, text: str) -> None:
        find_products(shelf.actor, text=text)
        product_list(shelf.actor, filter=ProductFilter(text=text)).count()

    def test_what_is_out_of_use_is_not_sold_but_still_listed(self, shelf: OpenedShop) -> None:
        product_id = find_products(shelf.actor, text="可口")[0].id
        deactivate_products(shelf.actor, product_ids=[product_id])
        assert by_code(shelf.actor, code="6901234567892") is None
        assert find_products(shelf.actor, text="可口") == []
        listed = product_list(shelf.actor, filter=ProductFilter(text="可口", state=State.INACTIVE))
        assert [row["state"] for row in listed.window(0, 9, None)] == ["停用"]
        with pytest.raises(InputError, match="已停用"):
            quick_add_product(shelf.actor, name="又一瓶", list_price_fen=100, code="6901234567892")
        activate_products(shelf.actor, product_ids=[product_id])
        assert by_code(shelf.actor, code="6901234567892") is not None


class TestChanging:
    def test_every_change_is_written_down_as_on_screen(self, shop: OpenedShop) -> None:
        drinks = save_category(shop.actor, name="饮料")
        product_id = add_product(shop.actor, product=COLA)
        changed = replace(COLA, list_price_fen=400, category_id=drinks, code="")
        assert change_product(shop.actor, product_id=product_id, product=changed) == 2
        log = product_changes(shop.actor, product_id=product_id).window(0, 9, None)
        assert {(row["field"], row["old"], row["new"]) for row in log} == {
            ("售价", "¥3.50", "¥4.00"),
            ("分类", "", "饮料"),
        }
        assert product_detail(shop.actor, product_id=product_id).product.code == "P00001"

    def test_it_is_found_by_its_new_name_and_bar_code_only(self, shop: OpenedShop) -> None:
        product_id = add_product(shop.actor, product=COLA)
        change_product(
            shop.actor, product_id=product_id, product=replace(COLA, name="健怡", barcodes="6901234567885")
        )
        assert by_code(shop.actor, code="6901234567892") is None
        assert find_products(shop.actor, text="kkkl") == []
        assert [hit.name for hit in find_products(shop.actor, text="jy")] == ["健怡"]

    def test_one_made_in_haste_is_complete_once_it_was_looked_at(self, shop: OpenedShop) -> None:
        product_id = quick_add_product(shop.actor, name="新货", list_price_fen=500, code="6909999999994")
        waiting = product_list(shop.actor, filter=ProductFilter(state=State.INCOMPLETE))
        assert [row["state"] for row in waiting.window(0, 9, None)] == ["待完善"]
        detail = product_detail(shop.actor, product_id=product_id)
        assert detail.product.barcodes == "6909999999994"
        change_product(shop.actor, product_id=product_id, product=detail.product)
        assert product_list(shop.actor, filter=ProductFilter(state=State.INCOMPLETE)).count() == 0

    def test_goods_with_history_stay_goods_and_are_not_deleted(self, shop: OpenedShop) -> None:
        cola, other = (add_product(shop.actor, product=one) for one in (COLA, ProductInput("乙", 1)))
        _bring_in(shop, cola)
        with pytest.raises(InputError, match="另建") as refused:
            change_product(shop.actor, product_id=cola, product=replace(COLA, stocked=False))
        assert refused.value.field == "stocked"
        with pytest.raises(UserError, match="“可口可乐”有库存、销售或报价记录，只能停用"):
            delete_products(shop.actor, product_ids=[cola, other])
        assert product_list(shop.actor, filter=ProductFilter()).count() == 2
        assert by_code(shop.actor, code="6901234567892") is not None
        assert delete_products(shop.actor, product_ids=[other]) == 1
        with pytest.raises(NotFound):
            product_detail(shop.actor, product_id=other)

    def test_without_history_goods_may_become_a_service(self, shop: OpenedShop) -> None:
        product_id = add_product(shop.actor, product=replace(COLA, low_stock_milli=5000))
        change_product(
            shop.actor, product_id=product_id, product=replace(COLA, stocked=False, low_stock_milli=5000)
        )
        assert product_detail(shop.actor, product_id=product_id).product.low_stock_milli is None


class TestRights:
    def test_who_may_not_see_costs_sees_none_and_changes_none(self, shop: OpenedShop) -> None:
        product_id = add_product(shop.actor, product=COLA)
        clerk = shop.as_role("收银员")
        row = product_list(clerk, filter=ProductFilter()).window(0, 9, None)[0]
        assert row["purchase_price_fen"] is None
        assert row["list_price_fen"] == 350
        assert product_detail(clerk, product_id=product_id).product.purchase_price_fen is None
        with pytest.raises(PermissionDenied):
            change_product(clerk, product_id=product_id, product=COLA)
        with pytest.raises(PermissionDenied):
            product_changes(clerk, product_id=product_id)

    def test_a_change_without_the_cost_leaves_it_as_it_was(self, shop: OpenedShop) -> None:
        product_id = add_product(shop.actor, product=COLA)
        change_product(
            shop.actor, product_id=product_id, product=replace(COLA, purchase_price_fen=None, unit="罐")
        )
        assert product_detail(shop.actor, product_id=product_id).product.purchase_price_fen == 210
        assert [row.field for row in Change.select()] == ["单位"]


class TestCategories:
    def test_two_levels_and_no_more(self, shop: OpenedShop) -> None:
        drinks = save_category(shop.actor, name="饮料")
        tea = save_category(shop.actor, name="茶", parent_id=drinks)
        assert [one.title for one in categories()] == ["饮料", "饮料 / 茶"]
        with pytest.raises(InputError, match="两级"):
            save_category(shop.actor, name="绿茶", parent_id=tea)
        with pytest.raises(InputError, match="小类"):
            save_category(
                shop.actor, name="饮料", parent_id=save_category(shop.actor, name="食品"), category_id=drinks
            )
        with pytest.raises(InputError, match="已经有叫“茶”"):
            save_category(shop.actor, name=" 茶 ", parent_id=drinks)

    def test_a_category_takes_its_sub_categories_along_and_is_deleted_only_when_empty(
        self, shop: OpenedShop
    ) -> None:
        drinks = save_category(shop.actor, name="饮料")
        tea = save_category(shop.actor, name="茶", parent_id=drinks)
        product_id = add_product(shop.actor, product=ProductInput("龙井", 9900, category_id=tea))
        assert product_list(shop.actor, filter=ProductFilter(category_id=drinks)).count() == 1
        with pytest.raises(UserError, match="1 个商品"):
            delete_category(shop.actor, category_id=tea)
        delete_products(shop.actor, product_ids=[product_id])
        with pytest.raises(UserError, match="小类"):
            delete_category(shop.actor, category_id=drinks)
        delete_category(shop.actor, category_id=tea)
        delete_category(shop.actor, category_id=drinks)
        assert categories() == []


class TestBulk:
    def test_many_at_once_are_like_one_by_one(self, shop: OpenedShop) -> None:
        rows = [ProductInput(f"商品{n}", n, barcodes=next_barcode()) for n in range(450)]
        ids = in_one_transaction(shop.actor, lambda work: add_many(work, rows))
        assert len(set(ids)) == 450
        hit = by_code(shop.actor, code=rows[321].barcodes)
        assert hit is not None
        assert (hit.id, hit.name, hit.code) == (ids[321], "商品321", "P00322")
        assert find_products(shop.actor, text="商品44")[0].name == "商品44"

    def test_one_bad_row_and_none_go_in(self, shop: OpenedShop) -> None:
        rows = [ProductInput("甲", 1, barcodes="69012344"), ProductInput("乙", 1, barcodes="69012344")]
        with pytest.raises(InputError, match="“乙”的条码 69012344"):
            in_one_transaction(shop.actor, lambda work: add_many(work, rows))
        assert product_list(shop.actor, filter=ProductFilter(state=State.ALL)).count() == 0


def test_the_list_sorts_by_every_column_that_says_so(shop: OpenedShop) -> None:
    from meiping.domains.catalog.queries import PRODUCT_COLUMNS

    add_product(shop.actor, product=COLA)
    add_product(shop.actor, product=ProductInput("阿胶", 10_000, brand="东阿"))
    listing = product_list(shop.actor, filter=ProductFilter(state=State.ALL))
    assert [row["name"] for row in listing.window(0, 9, None)] == ["阿胶", "可口可乐"]
    for column in PRODUCT_COLUMNS:
        if column.sortable:
            up, down = (listing.window(0, 9, Sort(column.key, descending)) for descending in (False, True))
            assert [row["id"] for row in up] == [row["id"] for row in down][::-1]


def test_the_prices_of_levels_stand_in_the_list_for_export(shop: OpenedShop) -> None:
    silver, gold = (level.id for level in levels() if level.name in ("银卡", "金卡"))
    prices = ((gold, 8_000), (silver, 8_550))
    add_product(shop.actor, product=ProductInput("茶罐", 9_000, level_prices=prices))
    add_product(shop.actor, product=ProductInput("茶叶", 9_000))
    rows = product_list(shop.actor, filter=ProductFilter()).window(0, 9, None)
    assert {row["name"]: row["level_prices"] for row in rows} == {
        "茶罐": "银卡 ¥85.50，金卡 ¥80.00",
        "茶叶": "",
    }
