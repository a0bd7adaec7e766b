"""What is done with the line in hand: quantity, price, discount, gift, note, one more, one less, away."""

from collections.abc import Sequence

from meiping.domains.catalog.queries import product_detail
from meiping.domains.catalog.rules import AMOUNT_ONLY, COST
from meiping.domains.sales.amount_lines import amount_and_name, amount_only_line
from meiping.domains.sales.cart import CartLine
from meiping.domains.sales.rules import CHANGE_PRICES
from meiping.kernel.errors import InputError
from meiping.kernel.money import line_amount, parse_discount, parse_fen, show_discount, show_fen
from meiping.kernel.quantity import show_milli
from meiping.kernel.text import clean
from meiping.ui.counter_keys import key_word
from meiping.ui.pages.counter import asking
from meiping.ui.pages.counter.cart_controller import HALF_BP
from meiping.ui.pages.counter.desk import Desk
from meiping.ui.pages.counter.lines_list import price_word
from meiping.ui.widgets import privacy
from meiping.ui.widgets.menus import MenuEntry


class LineCommands:
    """Each asks in a small entry with its title where it needs a value; nothing has a hidden mode."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def _line(self) -> CartLine | None:
        line = self._desk.till.line
        if line is None:
            self._desk.say("还没有商品，请先扫码或搜索商品。")
        return line

    def quantity(self) -> None:
        """Ask for the quantity."""
        line = self._line()
        if line is None:
            return
        self._desk.scan.prompt.ask(
            "数量",
            line.name,
            value=show_milli(line.qty_milli).replace(",", ""),
            accept=self._desk.till.set_quantity,
        )

    def price(self) -> None:
        """Ask for the unit price."""
        line = self._line()
        if line is None or not self._desk.allowed(CHANGE_PRICES):
            return
        self._desk.scan.prompt.ask(
            "单价",
            self._known_prices(line),
            value=show_fen(line.price_fen, sign="").replace(",", ""),
            understand=lambda text: f"= {show_fen(parse_fen(text, name='单价'))}",
            accept=lambda text: self._take_price(line, parse_fen(text, name="单价")),
        )

    def _known_prices(self, line: CartLine) -> str:
        """What one should know before setting a price; what the goods cost only with the right."""
        known = [line.name, f"标价 {show_fen(line.list_price_fen)}", *self._offered(line)]
        if line.lowest_price_fen:
            known.append(f"最低 {show_fen(line.lowest_price_fen)}")
        last_fen = self._desk.till.last_price_fen()
        if last_fen is not None:
            known.append(f"上次 {show_fen(last_fen)}")
        if self._desk.context.actor.can(COST) and not privacy.hidden():
            detail = self._desk.context.read(product_detail, product_id=line.product_id)
            cost_fen = detail.product.purchase_price_fen if detail is not None else None
            known += [f"进价 {show_fen(cost_fen)}"] if cost_fen else []
        return " · ".join(known)

    def _offered(self, line: CartLine) -> list[str]:
        """What the rules let this customer pay now: a price or discount by hand takes its place, not something off it."""
        till = self._desk.till
        priced = till.bill().lines[till.position]
        word = "" if line.changed_by_hand else price_word(line, priced)
        return [f"{word} {show_fen(priced.price_fen)}"] if word else []

    def _take_price(self, line: CartLine, price_fen: int) -> None:
        lowest = show_fen(line.lowest_price_fen)
        if price_fen < line.lowest_price_fen and not self._desk.context.ask(
            f"{line.name}最低卖 {lowest}，真的卖 {show_fen(price_fen)} 吗？",
            yes=f"卖 {show_fen(price_fen)}",
            no="重新输入",
            danger=True,
        ):
            raise InputError(f"请重新输入单价，最低 {lowest}。")
        self._desk.till.set_price(price_fen)

    def amount_only(self) -> None:
        """Ask for the amount of goods without a code (无码商品)."""
        self._desk.scan.prompt.ask(
            AMOUNT_ONLY,
            "金额，后面可以写名称，例如 12.5 手工皂",
            wide=True,
            understand=_amount_understood,
            accept=self._sell_for_amount,
        )

    def _sell_for_amount(self, text: str) -> None:
        amount_and_name(text)  # a refusal stands below the entry
        self._desk.context.run(amount_only_line, text=text, done=self._desk.till.lay)

    def price_or_amount(self) -> None:
        """Ask for the unit price of the line in hand; before the first goods, for an amount."""
        if self._desk.till.cart.lines:
            self.price()
        else:
            self.amount_only()

    def discount(self) -> None:
        """Ask for the line's discount; below half price it is asked again."""
        line = self._line()
        if line is None or not self._desk.allowed(CHANGE_PRICES):
            return
        self._desk.scan.prompt.ask(
            "折扣",
            " · ".join([line.name, *self._offered(line), "0.85、8.5、85 都是 8.5 折，1 是不打折"]),
            understand=lambda text: _understood(line, parse_discount(text)),
            accept=self._take_discount,
        )

    def _take_discount(self, text: str) -> None:
        discount_bp = parse_discount(text)
        shown = show_discount(discount_bp)
        if discount_bp < HALF_BP and not self._desk.context.ask(
            f"打 {shown}吗？", yes=f"打 {shown}", no="重新输入", danger=True
        ):
            raise InputError("请重新输入折扣，例如 8.5 是 8.5 折。")
        self._desk.till.set_discount(discount_bp)

    def note(self) -> None:
        """Ask for a remark."""
        line = self._line()
        if line is None:
            return
        self._desk.scan.prompt.ask(
            "备注",
            line.name,
            value=line.note,
            wide=True,
            accept=lambda text: self._desk.till.set_note(clean(text, name="备注", limit=60)),
        )

    def salesperson(self) -> None:
        """Ask whom the line counts for, where that is not the bill's salesperson."""
        line = self._line()
        if line is None:
            return
        desk = self._desk
        if line.taken is not None:
            desk.attempt(lambda: desk.till.set_line_salesperson(None))
            return
        of_bill = desk.person(desk.till.cart.salesperson_id)
        chosen = asking.ask_line_salesperson(desk.widget, desk.context, line.name, of_bill)
        if chosen is not None:
            desk.attempt(lambda: desk.till.set_line_salesperson(chosen or None))

    def gift(self) -> None:
        """Give the goods away, or charge for them again."""
        self._desk.attempt(self._desk.till.toggle_gift)

    def reset(self) -> None:
        """List price and level discount again."""
        self._desk.attempt(self._desk.till.reset_terms)

    def more(self) -> None:
        """One more."""
        self._desk.attempt(lambda: self._desk.till.step_quantity(1))

    def less(self) -> None:
        """One less."""
        self._desk.attempt(lambda: self._desk.till.step_quantity(-1))

    def remove(self) -> None:
        """Take the line off the bill."""
        self._desk.attempt(self._desk.till.remove_line)

    def without_keys(self) -> Sequence[MenuEntry]:
        """What is done with the line in hand by a menu only."""
        line = self._desk.till.line
        gift = "取消赠品" if line is not None and line.gift else "设为赠品"
        may = self._desk.context.may_get(CHANGE_PRICES)
        changed = line is not None and (line.changed_by_hand or line.discount_bp is not None)
        return (
            (gift, self.gift if may else None),
            ("恢复标价", self.reset if changed else None),
            ("备注", self.note),
        )

    def menu(self) -> Sequence[MenuEntry]:
        """What a right click on a line offers."""
        may = self._desk.context.may_get(CHANGE_PRICES)
        return (
            (f"数量  {key_word('quantity')}", self.quantity),
            (f"单价  {key_word('price')}", self.price if may else None),
            (f"折扣  {key_word('discount')}", self.discount if may else None),
            *self.without_keys(),
            (f"本行业务员  {key_word('line_salesperson')}", self.salesperson),
            ("-", None),
            (f"删除  {key_word('remove')}", self.remove),
        )


def _amount_understood(text: str) -> str:
    amount_fen, name = amount_and_name(text)
    return f"= {name} {show_fen(amount_fen)}"


def _understood(line: CartLine, discount_bp: int) -> str:
    amount_fen = line_amount(line.price_fen, line.qty_milli, discount_bp)
    return f"= {show_discount(discount_bp) or '不打折'} · 小计 {show_fen(amount_fen)}"
