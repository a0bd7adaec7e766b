"""会员办理: what is done for a member at the counter beside selling, one key each."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import ttkbootstrap as ttk

from meiping.domains.customers.rules import CARDS, EDIT, PIN_WORDS
from meiping.domains.customers.spending_pins import has_spending_pin
from meiping.domains.ledger.queries import CustomerBalances, customer_balances
from meiping.domains.loyalty.card_queries import card_covering, cards_of
from meiping.domains.loyalty.card_rules import USE_CARDS
from meiping.domains.receivables.rules import RECEIVE
from meiping.domains.sales.at_till import CustomerAtTill
from meiping.domains.sales.rules import GIVE_DEPOSIT_BACK, TAKE_DEPOSIT
from meiping.domains.wallet.rules import RECHARGE, REFUND
from meiping.kernel.money import show_fen
from meiping.ui.bills.cards_dialog import CardsDialog
from meiping.ui.bills.debt_dialogs import receive_dialog
from meiping.ui.bills.member_card import PinDialog, lose_or_find, lost_words, replace_card_dialog
from meiping.ui.bills.money_dialogs import recharge_dialog, refund_dialog
from meiping.ui.bills.points_dialog import PointsDialog
from meiping.ui.counter_keys import key_word
from meiping.ui.pages.counter.deposit_dialogs import deposit_back_dialog, take_deposit_dialog
from meiping.ui.pages.counter.desk import Desk
from meiping.ui.theme import px
from meiping.ui.widgets import privacy
from meiping.ui.widgets.dialog_window import DialogWindow


@dataclass(frozen=True, slots=True)
class Service:
    """One thing to do: its words, what is said beside it, and what does it."""

    title: str
    facts: str
    do: Callable[[], object]


class MemberDialog(DialogWindow):
    """A digit, or ↑↓ and Enter, does one of them; ``chosen`` is which, None if the clerk left."""

    def __init__(self, parent: tk.Misc, name: str, services: list[Service]) -> None:
        super().__init__(parent, f"会员办理 · {privacy.said(name)}")
        self.chosen: Service | None = None
        self._buttons: list[ttk.Button] = []
        for place, service in enumerate(services, start=1):
            digit = place % 10  # the tenth has the 0
            row = ttk.Frame(self.body)
            row.pack(fill="x", pady=(0, px(self, 6)))
            button = ttk.Button(row, text=f"{digit}  {service.title}", command=partial(self._choose, service))
            button.configure(bootstyle="neutral outline", width=16, padding=(px(self, 10), px(self, 7)))
            button.pack(side="left")
            ttk.Label(row, text=service.facts, style="Muted.TLabel", width=26, anchor="e").pack(
                side="right", padx=(px(self, 16), 0)
            )
            self._buttons.append(button)
            for key, step in (("<Down>", 1), ("<Up>", -1)):
                button.bind(key, partial(self._go, step))
            for key in ("<Return>", "<KP_Enter>"):
                button.bind(key, partial(self._at_key, service))
            for key in (f"<Key-{digit}>", f"<KP_{digit}>"):
                self.bind(key, partial(self._at_key, service))
        self.add_button("关闭 Esc", self.dismiss)
        self.open(self._buttons[0])

    def _go(self, step: int, event: "tk.Event[tk.Misc]") -> str:
        place = [str(button) for button in self._buttons].index(str(event.widget)) + step
        self._buttons[place % len(self._buttons)].focus_set()
        return "break"

    def _at_key(self, service: Service, _event: object) -> str:
        self._choose(service)
        return "break"

    def _choose(self, service: Service) -> None:
        self.chosen = service
        self.close()


class MemberCommands:
    """Key F10: the member of the bill, or one chosen for it, is served beside the bill."""

    def __init__(self, desk: Desk, *, choose: Callable[[], object]) -> None:
        """``choose`` asks for a customer where the bill has none."""
        self._desk, self._choose = desk, choose
        self._looked_at: tuple[str, int | None, frozenset[int]] = ("", None, frozenset())

    def hint_card(self) -> None:
        """Say once that the member has a count card for what was just laid on the counter, or stood there before him."""
        desk, till = self._desk, self._desk.till
        goods = frozenset(line.product_id for line in till.cart.lines if line.taken is None)
        key, customer_id = till.cart.key, till.cart.customer_id
        before = self._looked_at
        self._looked_at = key, customer_id, goods
        if customer_id is None or desk.paying or not desk.context.may_get(USE_CARDS):
            return
        new = goods - before[2] if before[:2] == (key, customer_id) else goods
        for product_id in sorted(new):
            found = desk.context.read(card_covering, customer_id=customer_id, product_id=product_id)
            if found is not None:
                service, left = found
                said = f"{till.cart.customer_name}有“{service}”次卡，还剩 {left} 次，按 {key_word('member')} 用一次。"
                desk.scan.offer.offer(said)
                return

    def serve(self) -> None:
        """F10: ask what to do, and do it; the figures of the member are fetched again after it."""
        desk = self._desk
        if desk.till.customer is None:
            self._choose()
        customer = desk.till.customer
        if customer is None:
            return
        services = self._services(customer)
        if not services:
            desk.say("您没有可以为会员办理的事。")
            return
        dialog = MemberDialog(desk.widget, customer.name, services)
        dialog.wait_window()
        if dialog.chosen is not None:
            window = dialog.chosen.do()
            if isinstance(window, DialogWindow):
                window.wait_window()

    def _services(self, customer: CustomerAtTill) -> list[Service]:
        context = self._desk.context
        found: list[Service] = []
        there: CustomerBalances | None = context.read(customer_balances, customer_id=customer.id)
        if there is not None and context.may_get(RECHARGE):
            words = f"储值 {show_fen(there.stored_fen)}"
            found.append(Service("充值", words, lambda: self._money(recharge_dialog, customer, there)))
        if there is not None and context.may_get(REFUND):
            words = f"可退本金 {show_fen(there.stored_principal_fen)}"
            found.append(Service("储值退款", words, lambda: self._money(refund_dialog, customer, there)))
        if customer.debt_fen > 0 and context.may_get(RECEIVE):
            words = f"欠款 {show_fen(customer.debt_fen)}"
            found.append(Service("收款", words, lambda: self._window(receive_dialog, customer)))
        cards = context.read(cards_of, customer_id=customer.id)
        if cards is not None and cards.rows:
            usable = [row["left"] for row in cards.rows if row["usable"]]
            words = f"{len(usable)} 张可用，剩 {sum(usable)} 次" if usable else "没有可用的"
            found.append(Service("次卡", words, lambda: self._window(CardsDialog, customer)))
        if customer.points is not None:
            found.append(
                Service(
                    "积分",
                    f"{customer.points:,} 分",
                    lambda: self._window(PointsDialog, customer),
                )
            )
        if context.may_get(CARDS):
            found += self._card_services(customer)
        if context.actor.can(EDIT):
            found += self._pin_service(customer)
        found += self._deposit_services()
        return found

    def _deposit_services(self) -> list[Service]:
        """Money taken beforehand for the bill on the counter, and given back."""
        desk, context = self._desk, self._desk.context
        held_fen = desk.till.deposit_fen
        found: list[Service] = []
        if desk.till.cart.lines and context.may_get(TAKE_DEPOSIT):
            words = (
                f"已付 {show_fen(held_fen)}" if held_fen else f"应收 {show_fen(desk.till.bill().total_fen)}"
            )
            found.append(Service("收定金", words, lambda: take_deposit_dialog(desk)))
        if held_fen and context.may_get(GIVE_DEPOSIT_BACK):
            found.append(Service("退定金", f"可退 {show_fen(held_fen)}", lambda: deposit_back_dialog(desk)))
        return found

    def _card_services(self, customer: CustomerAtTill) -> list[Service]:
        """A card lost, found again, replaced."""
        context, till, lost = self._desk.context, self._desk.till, customer.card_lost
        return [
            Service(
                lost_words(lost=lost),
                "已挂失，储值、积分和次卡停用" if lost else "停用储值、积分和次卡",
                lambda: lose_or_find(context, customer.id, customer.name, lost=lost, changed=till.refresh),
            ),
            Service("换卡", "新的卡号", lambda: self._window(replace_card_dialog, customer)),
        ]

    def _pin_service(self, customer: CustomerAtTill) -> list[Service]:
        there = self._desk.context.read(has_spending_pin, customer_id=customer.id)
        words = "已设置" if there else "没有设置"
        return [Service(PIN_WORDS, words, lambda: self._window(PinDialog, customer))]

    def _window(self, window: Callable[..., object], customer: CustomerAtTill) -> object:
        desk = self._desk
        return window(desk.widget, desk.context, customer.id, customer.name, desk.till.refresh)

    def _money(
        self, dialog: Callable[..., object], customer: CustomerAtTill, there: CustomerBalances
    ) -> object:
        desk = self._desk
        return dialog(desk.widget, desk.context, customer.id, customer.name, there, desk.till.refresh)
