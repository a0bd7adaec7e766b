"""What is done with the bill as a whole: customer, terms, putting aside, taking back, an older receipt."""

from functools import partial

from meiping.domains.catalog.queries import ProductHit
from meiping.domains.catalog.rules import EDIT as EDIT_PRODUCTS
from meiping.domains.catalog.rules import VIEW as VIEW_PRODUCTS
from meiping.domains.catalog.weighed import item_on_label
from meiping.domains.customers.cards import replaced_card
from meiping.domains.customers.queries import find_customers
from meiping.domains.customers.rules import EDIT as EDIT_CUSTOMERS
from meiping.domains.customers.rules import FIND_ANY
from meiping.domains.sales.at_till import HeldCart, cart_left_by, held_carts
from meiping.domains.sales.cart import Cart
from meiping.domains.sales.carts import drop_cart, hold_cart, recall_cart, save_cart
from meiping.domains.sales.exchanging import lines_taken_back
from meiping.domains.sales.queries import bill_detail, last_bill_id
from meiping.domains.sales.returns import PostedReturn
from meiping.domains.sales.rules import CHANGE_PRICES, RETURN_GOODS, VIEW_SALES
from meiping.domains.sales.terms import back_terms
from meiping.domains.stock.queries import find_products, hits_by_id
from meiping.domains.till.approvals import keep_on_cart
from meiping.kernel.phones import show_phone
from meiping.ui.bills.handing_out import hand_out, receipt_mode
from meiping.ui.bills.receipts import fetch_receipt
from meiping.ui.bills.return_dialog import take_goods_back
from meiping.ui.bills.return_form import Chosen
from meiping.ui.bills.return_words import returned_words
from meiping.ui.bills.tender_dialog import ask_tender
from meiping.ui.counter_keys import key_word
from meiping.ui.pages.counter import asking
from meiping.ui.pages.counter.desk import Desk
from meiping.ui.pages.counter.goods_dialog import GoodsDialog
from meiping.ui.widgets.jobs import Jobs

_SECOND_BELL_MS = 180
_PHONE_TAIL = 4


class BillCommands:
    """Keys F2 to F8, End, Ctrl+Z, and what is offered for unknown codes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._jobs = Jobs(desk.widget)

    # ---------------------------------------------------------------- customer and salesperson

    def customer(self, text: str = "") -> None:
        """F2: choose a customer, or make a member."""
        desk = self._desk
        customer_id = asking.ask_customer(desk.widget, desk.context, text)
        if customer_id is not None:
            desk.attempt(lambda: desk.till.choose_customer(customer_id))

    def no_customer(self) -> None:
        """End: back to 散客."""
        self._desk.attempt(self._desk.till.remove_customer)

    def salesperson(self) -> None:
        """F4: who gets the credit for the bill."""
        chosen = asking.ask_salesperson(self._desk.widget, self._desk.context)
        if chosen is not None:
            self._desk.till.set_salesperson(chosen or None)

    # ---------------------------------------------------------------- goods

    def search(self, text: str) -> list[ProductHit]:
        """Goods for what was typed."""
        return self._desk.context.read(find_products, text=text) or []

    def price_check(self) -> None:
        """F3: what something costs; Enter there takes it into the bill."""
        desk = self._desk
        hit = asking.ask_price(desk.widget, self.search, desk.till)
        if hit is not None:
            desk.attempt(lambda: desk.till.add(hit))

    def browse(self) -> None:
        """Goods by category and name, several at once."""
        desk = self._desk
        if not desk.allowed(VIEW_PRODUCTS):
            return
        dialog = GoodsDialog(desk.widget, desk.context)
        dialog.wait_window()
        for hit in desk.context.read(hits_by_id, product_ids=dialog.chosen) or ():
            if not desk.attempt(partial(desk.till.add, hit)):
                return

    def unknown(self, code: str, quantity: str) -> None:
        """Nobody knows this code: another sound, and a way to make it known."""
        desk = self._desk
        self._two_bells()
        if not quantity and self._offer_replaced(code):
            return
        item = desk.context.read(item_on_label, code=code) if not quantity else None
        if item is not None:
            self._unknown_weighed(code, item)
            return
        kind = "条码" if code.isdigit() else "编码" if code.isascii() else "名称"
        sentence = f"没有找到{kind}“{code}”的商品。"
        if not quantity and self._is_phone_tail(code):
            said = f"{sentence}有会员的手机尾号是它。"
            self._desk.scan.offer.offer(said, "选择客户", partial(self.customer, code))
        elif self._desk.context.actor.can(EDIT_PRODUCTS):
            self._desk.scan.offer.offer(sentence, "新建商品", partial(self.new_product, code, quantity))
        else:
            self._desk.scan.offer.tell(f"{sentence}新建商品请找店长。")

    def _unknown_weighed(self, code: str, item: str) -> None:
        """Of a scale's label it is the item that is unknown; the weight changes with each."""
        desk = self._desk
        sentence = f"没有找到称重码里的商品“{item}”。"
        if desk.context.actor.can(EDIT_PRODUCTS):
            desk.scan.offer.offer(sentence, "新建商品", partial(self._new_weighed, code, item))
        else:
            desk.scan.offer.tell(f"{sentence}新建商品请找店长。")

    def _new_weighed(self, code: str, item: str) -> None:
        desk = self._desk
        if asking.ask_new_product(desk.widget, desk.context, item, weighed=True) is not None:
            desk.attempt(partial(desk.till.enter, code))

    def _offer_replaced(self, code: str) -> bool:
        """The number of a card that another took the place of: its owner is chosen by a yes only."""
        desk = self._desk
        found = desk.context.read(replaced_card, card_number=code) if code.isdigit() else None
        if found is None:
            return False
        customer_id, name = found
        desk.scan.offer.offer(
            f"这张卡已换成新卡，会员是{name}。请看新卡，或问手机号核对。",
            "选这位会员",
            lambda: desk.attempt(lambda: desk.till.choose_customer(customer_id)),
        )
        return True

    def _is_phone_tail(self, code: str) -> bool:
        if len(code) != _PHONE_TAIL or not code.isdigit():
            return False
        context = self._desk.context
        everyone = context.actor.can(FIND_ANY)
        hits = context.read(find_customers, text=code, any_customer=everyone) or ()
        return any(hit.phone.endswith(code) for hit in hits)

    def new_product(self, code: str, quantity: str = "") -> None:
        """Name and price on the spot, then into the bill."""
        desk = self._desk
        product_id = asking.ask_new_product(desk.widget, desk.context, code)
        if product_id is not None:
            hits = desk.context.read(hits_by_id, product_ids=[product_id]) or []
            for hit in hits:
                desk.attempt(partial(desk.till.add, hit, quantity))

    def unknown_mobile(self, code: str) -> None:
        """No member has this mobile: one key makes one."""
        self._two_bells()
        if self._offer_replaced(code):
            return
        sentence = f"没有手机号 {show_phone(code)} 的会员。"
        if self._desk.context.actor.can(EDIT_CUSTOMERS):
            self._desk.scan.offer.offer(sentence, "新建会员", partial(self._new_member, code))
        else:
            self._desk.scan.offer.tell(sentence)

    def _new_member(self, code: str) -> None:
        desk = self._desk
        customer_id = asking.make_member(desk.context, code)
        if customer_id is not None:
            desk.attempt(lambda: desk.till.choose_customer(customer_id))

    def _two_bells(self) -> None:
        self._desk.widget.bell()
        self._jobs.once("bell", self._desk.widget.bell, _SECOND_BELL_MS)

    # ---------------------------------------------------------------- the whole bill

    def terms(self) -> None:
        """F5: discount and reduction of the whole bill."""
        desk = self._desk
        if not desk.till.cart.lines:
            desk.say("还没有商品，请先扫码或搜索商品。")
        elif desk.allowed(CHANGE_PRICES):
            asking.BillTermsDialog(desk.widget, desk.context, desk.till).wait_window()

    def undo(self) -> None:
        """Ctrl+Z: take the last change back."""
        if not self._desk.till.undo():
            self._desk.say("没有可以撤销的改动。")

    def clear(self) -> None:
        """Ctrl+Delete: throw the bill away, after a question; 撤销 brings it back."""
        desk = self._desk
        if not desk.till.cart.lines:
            return
        count = len(desk.till.cart.lines)
        if desk.context.ask(f"清空这张单的 {count} 种商品吗？", yes="清空", no="不清空", danger=True):
            key = desk.till.cart.key
            if desk.context.run(drop_cart, key=key, done=lambda _none: desk.till.empty_out()):
                desk.context.toast("已清空。", kind="info", action=("撤销", self.undo))

    # ---------------------------------------------------------------- putting aside

    def hold_or_recall(self) -> None:
        """F6: with goods put the bill aside, without take one back."""
        if self._desk.till.cart.lines:
            self._desk.scan.prompt.ask("挂单", "备注可以不填，例如“蓝衣服大姐”", wide=True, accept=self._hold)
        else:
            self.recall()

    def _hold(self, note: str) -> None:
        desk = self._desk
        desk.context.run(
            hold_cart,
            cart=desk.till.cart,
            note=note,
            success=f"已挂单，空着按 {key_word('hold')} 取回。",
            done=lambda _none: self._held(),
        )

    def _held(self) -> None:
        self._desk.till.begin_anew()
        self._desk.errand.back()

    def put_aside(self, name: str) -> bool:
        """A bill begun for one customer waits while another is served; False after a refusal, which is told."""
        desk = self._desk
        if not desk.context.run(hold_cart, cart=desk.till.cart, note=""):
            return False
        desk.till.begin_anew()
        self.tell_aside(f"{name}的单")
        return True

    def tell_aside(self, bill: str) -> None:
        """Say that a bill waits now, and how it comes back."""
        self._desk.context.toast(f"{bill}已挂起，空着按 {key_word('hold')} 取回。", kind="info")

    def recall(self) -> None:
        """Take a held bill back: the only one at once, else the one chosen."""
        desk = self._desk
        held: list[HeldCart] = desk.context.read(held_carts) or []
        if not held:
            desk.say("没有挂着的单。")
            return
        key = held[0].key if len(held) == 1 else asking.ask_held(desk.widget, desk.context)
        if key is not None:
            desk.context.run(recall_cart, key=key, done=self._recalled)

    def _recalled(self, cart: Cart) -> None:
        """The bill is this operator's from now on."""
        self._desk.context.run(save_cart, cart=cart, done=lambda _none: self._desk.till.take(cart))

    def put_aside_what_others_left(self) -> None:
        """The counter goes to another operator: an unfinished bill of the last one is held, not mixed up."""
        desk = self._desk
        name = desk.context.read(cart_left_by)
        bill = f"{name}没结完的单"
        if name is not None and desk.context.run(hold_cart, cart=desk.till.cart, note=bill):
            desk.till.begin_anew()
            self.tell_aside(bill)

    # ---------------------------------------------------------------- posted bills

    def give_back(self) -> None:
        """F7: goods come back, for money or for other goods."""
        desk = self._desk
        if desk.allowed(RETURN_GOODS):
            take_goods_back(desk.widget, desk.context, on_posted=self._returned, on_exchange=self.take_back)

    def take_back(self, chosen: Chosen) -> None:
        """Lay what comes back on the counter; what is taken for it is scanned next.

        What was begun for another customer is put aside. Who needed a colleague's leave settles by it later.
        """
        desk = self._desk
        with desk.context.approved(RETURN_GOODS, "换货") as allowed:
            if allowed and self._lay_back(chosen):
                desk.context.toast("退回的商品已在单里：请扫要换的商品，再结账。", kind="info")
            elif not allowed:
                desk.attempt(lambda: desk.context.actor.require(RETURN_GOODS))

    def _lay_back(self, chosen: Chosen) -> bool:
        desk = self._desk
        found = desk.context.read(
            lines_taken_back,
            sale_id=chosen.sale_id,
            quantities=chosen.quantities,
            to_waste=chosen.to_waste,
        )
        if found is None:
            return False
        customer_id, lines = found
        cart = desk.till.cart
        others = customer_id is not None and cart.customer_id not in (None, customer_id)
        if cart.lines and others:
            with desk.context.alone():
                aside = self.put_aside(cart.customer_name)
            if not aside:
                return False
        kept = desk.context.run(
            keep_on_cart,
            permission=RETURN_GOODS.key,
            cart_key=desk.till.cart.key,
            subjects=[back_terms(line) for line in lines],
        )
        return kept and desk.attempt(lambda: desk.till.take_back(customer_id, lines))

    def _returned(self, posted: PostedReturn) -> None:
        desk = self._desk
        desk.context.toast(returned_words(posted))
        desk.till.refresh()
        desk.side.show_returned(posted)
        self.hand_out_receipt(posted.sale_id, posted.number)

    def change_tender(self) -> None:
        """The last bill's money came another way than was pressed."""
        desk = self._desk
        if not desk.allowed(VIEW_SALES):
            return
        sale_id = desk.context.read(last_bill_id)
        bill = desk.context.read(bill_detail, sale_id=sale_id) if sale_id is not None else None
        if bill is None:
            desk.say("您还没有结过账。")
        else:
            ask_tender(desk.widget, desk.context, bill, done=desk.till.refresh)

    def last_receipt(self) -> None:
        """F8: the last receipt again, marked 补打."""
        desk = self._desk
        if not desk.allowed(VIEW_SALES):
            return
        sale_id = desk.context.read(last_bill_id)
        if sale_id is None:
            desk.say("您还没有结过账。")
            return
        bill = desk.context.read(bill_detail, sale_id=sale_id)
        if bill is not None:
            desk.side.show_receipt(sale_id=sale_id, number=bill.number, reprint=True)

    def hand_out_receipt(self, sale_id: int, number: str) -> None:
        """What the shop does with the receipt of a bill just posted: show, print, nothing."""
        desk = self._desk
        mode = receipt_mode(desk.context)
        if mode == "never" or not desk.context.actor.can(VIEW_SALES):
            return
        if mode == "show":
            desk.side.show_receipt(sale_id=sale_id, number=number, reprint=False)
            return
        receipt = fetch_receipt(desk.context, sale_id=sale_id, number=number, reprint=False)
        if receipt is not None:
            hand_out(desk.context, receipt)
