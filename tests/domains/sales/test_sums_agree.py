"""What the screen said is what the receipt, the books, the lists, the reports and their exports say, to the fen.

A sample in the suite; with ``MEIPING_WHOLE=1`` ten thousand bills, and every part of every small line.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from meiping.adapters.excel import listing_sheet, write_workbook
from meiping.adapters.receipt_pdf import Item, Pair, Slip, Total
from meiping.domains.catalog.price_rules import save_price_rule
from meiping.domains.catalog.prices import PriceRuleInput
from meiping.domains.reports.asking import ReportAsked
from meiping.domains.reports.queries import product_report, summary
from meiping.domains.reports.rules import Period
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.payments import Payment
from meiping.domains.sales.prices import as_priced_today
from meiping.domains.sales.pricing import PricedBill, price_bill
from meiping.domains.sales.queries import BILL_COLUMNS, bill_detail, bills
from meiping.domains.sales.receipt import receipt_slip
from meiping.domains.sales.rules import running_part
from meiping.domains.sales.service import checkout
from meiping.domains.settings.queries import levels
from meiping.domains.settings.service import save_options
from meiping.kernel.money import CashRounding, parse_fen
from tests.factories import add_customer, add_product, cart_of
from tests.shop import OpenedShop
from tests.whole_file import faults

WHOLE = bool(os.environ.get("MEIPING_WHOLE"))
BILLS = 10_000 if WHOLE else 60
PRICES = (1, 7, 99, 333, 1_000, 1_999, 12_345, 99_999)
WAYS = ("cash", "wechat", "alipay", "card")


@dataclass
class Till:
    """A shop that sells by many rules, who may buy, and the dice that say what is bought."""

    shop: OpenedShop
    goods: list[int]
    people: list[int | None]
    dice: random.Random

    def cart(self) -> Cart:
        """A bill of one to six lines, some with terms by hand, priced by the rules of the day."""
        dice = self.dice
        wanted = dice.sample(self.goods, dice.randint(1, 6))
        cart = cart_of(self.shop, *((one, 1) for one in wanted), customer_id=dice.choice(self.people))
        lines = []
        for line in cart.lines:
            weighed = dice.random() < 0.3
            qty_milli = dice.randint(1, 9_999) if weighed else 1_000 * dice.randint(1, 20)
            line = replace(line, qty_milli=qty_milli)
            hand = dice.random()
            if hand < 0.1:
                line = replace(line, gift=True)
            elif hand < 0.3:
                line = replace(line, discount_bp=dice.randint(1, 10_000))
            elif hand < 0.4:
                line = replace(line, price_fen=dice.randint(0, line.list_price_fen))
            lines.append(line)
        cart = as_priced_today(self.shop.actor, cart=replace(cart, lines=tuple(lines)))
        if dice.random() < 0.4:
            cart = replace(cart, bill_discount_bp=dice.randint(5_000, 10_000))
        if dice.random() < 0.3:
            cart = replace(cart, bill_reduction_fen=dice.randint(0, 500))
        return cart

    def payments(self, total_fen: int) -> list[Payment]:
        """The sum in one to three parts."""
        cuts = sorted(self.dice.randint(0, total_fen) for _ in range(self.dice.randint(0, 2)))
        parts = [after - before for before, after in zip([0, *cuts], [*cuts, total_fen], strict=True)]
        return [
            Payment(way, fen)
            for way, fen in zip(self.dice.sample(WAYS, len(parts)), parts, strict=True)
            if fen
        ]


@pytest.fixture
def till(shop: OpenedShop) -> Till:
    rounding = CashRounding.JIAO_NEAREST
    save_options(
        shop.actor, values={"till.rounding": rounding.value, "stock.below_zero": "allow", "tax.percent": 13}
    )
    save_price_rule(shop.actor, rule=PriceRuleInput("threshold", least_fen=10_000, off_fen=777))
    gold = next(level.id for level in levels() if level.name == "金卡")
    decimals = {"quantity_decimals": 3}
    goods = [add_product(shop, list_price_fen=fen, **decimals) for fen in PRICES]
    goods += [add_product(shop, list_price_fen=888, level_prices=((gold, 801),), **decimals)]
    special = add_product(shop, list_price_fen=2_345, lowest_price_fen=1_900, **decimals)
    save_price_rule(shop.actor, rule=PriceRuleInput("special", product_id=special, price_fen=2_001))
    people = [None, add_customer(shop), add_customer(shop, level_id=gold)]
    return Till(shop, [*goods, special], people, random.Random(14))


def on_paper(slip: Slip) -> dict[str, int]:
    """The figures of a receipt: its items, what goes off them, and the sum to pay."""
    items = [block for block in slip.blocks if isinstance(block, Item)]
    pairs = {block.left: block.right for block in slip.blocks if isinstance(block, Pair)}
    off = {word: parse_fen(pairs.get(word, "0"), minimum=None) for word in ("整单优惠", "抹零")}
    (total,) = [block for block in slip.blocks if isinstance(block, Total)]
    return {"items": sum(item.amount_fen for item in items), "total": total.amount_fen, **off}


def require_the_paper(slip: Slip, screen: PricedBill) -> None:
    paper = on_paper(slip)
    assert paper["total"] == screen.total_fen
    assert paper["items"] + paper["整单优惠"] + paper["抹零"] == screen.total_fen


def sold_by_the_till(till: Till) -> Iterator[tuple[int, PricedBill]]:
    """Settle one bill after the other; gives its id and what the screen said."""
    rounding = CashRounding.JIAO_NEAREST
    for _ in range(BILLS):
        cart = till.cart()
        screen = price_bill(cart, rounding)
        posted = checkout(till.shop.actor, cart=cart, payments=till.payments(screen.total_fen))
        assert posted.total_fen == screen.total_fen == sum(line.net_fen for line in screen.lines)
        till.shop.clock.advance(minutes=3)
        yield posted.sale_id, screen


def exported(path: Path, till: Till) -> list[int]:
    """The amounts of the list of bills as a spreadsheet has them, in fen."""
    write_workbook(path, [listing_sheet("单据", BILL_COLUMNS, bills(till.shop.actor))])
    sheet: Any = openpyxl.load_workbook(path).active
    rows = sheet.iter_rows(min_row=3, values_only=True)
    place = [column.key for column in BILL_COLUMNS if not column.hidden].index("total_fen")
    return [round(row[place] * 100) for row in rows if isinstance(row[place], int | float)]


def test_screen_receipt_books_reports_and_exports_say_the_same(till: Till, tmp_path: Path) -> None:
    actor = till.shop.actor
    totals: Counter[str] = Counter()
    sums: list[int] = []
    for sale_id, screen in sold_by_the_till(till):
        kept = bill_detail(actor, sale_id=sale_id)
        assert [line.net_fen for line in kept.lines] == [line.net_fen for line in screen.lines]
        figures = (kept.list_fen, kept.discount_fen, kept.rounding_fen, kept.total_fen)
        assert figures == (screen.list_fen, screen.discount_fen, screen.rounding_fen, screen.total_fen)
        assert sum(amount for _, amount, _ in kept.tenders) == screen.total_fen
        require_the_paper(receipt_slip(actor, sale_id=sale_id), screen)
        sums.append(screen.total_fen)
        totals["net_fen"] += screen.total_fen
        totals["discount_fen"] += screen.discount_fen - screen.rounding_fen  # reports count both as 优惠
        totals["bills"] += 1
    days = Period(date(2026, 3, 16), till.shop.clock().date())
    said = summary(actor, days).totals
    assert said is not None
    assert {key: said[key] for key in totals} == totals
    by_product = product_report(actor, ReportAsked(days)).totals
    assert by_product is not None
    assert by_product["net_fen"] == totals["net_fen"]
    listed = bills(actor)
    assert (listed.count(), listed.summary()["total_fen"]) == (BILLS, totals["net_fen"])
    amounts = exported(tmp_path / "单据.xlsx", till)
    assert amounts[:BILLS] == sums[::-1]
    assert amounts[BILLS:] in ([], [totals["net_fen"]]), "the row of totals"
    assert not faults()


# ------------------------------------------------------------------ parts of a line
def ways_to_return(pieces: int) -> Iterator[tuple[int, ...]]:
    """Every row of parts by which so many pieces can come back, one after the other."""
    if not pieces:
        yield ()
    for first in range(1, pieces + 1):
        for rest in ways_to_return(pieces - first):
            yield (first, *rest)


@pytest.mark.parametrize("pieces", range(1, 8 if WHOLE else 6))
def test_however_a_line_comes_back_the_parts_are_the_whole_and_never_more(pieces: int) -> None:
    ways = list(ways_to_return(pieces))
    for whole in range(401 if WHOLE else 101):
        for way in ways:
            before = given = 0
            for part in way:
                fen = running_part(whole, pieces, before_milli=before, now_milli=part)
                before, given = before + part, given + fen
                assert fen >= 0
                assert abs(given - Fraction(whole * before, pieces)) <= Fraction(1, 2)
            assert given == whole
