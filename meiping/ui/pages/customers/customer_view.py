"""The right side of the customer hub: head, figures, what can be done, and the sub-tabs."""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as ttk

from meiping.domains.audit.rules import EXPORT
from meiping.domains.customers.queries import CustomerDetail, customer_detail
from meiping.domains.customers.rules import CARDS, DELETE, EDIT, MERGE, PIN_WORDS
from meiping.domains.ledger.queries import CustomerBalances
from meiping.domains.receivables.rules import RECEIVE, WRITE_OFF
from meiping.domains.reminders.rules import USE
from meiping.domains.sales.rules import CHECKOUT, RETURN_GOODS
from meiping.domains.wallet.rules import RECHARGE, REFUND
from meiping.kernel.moments import show_date
from meiping.ui.bills.debt_dialogs import receive_dialog, write_off_dialog
from meiping.ui.bills.member_card import PinDialog, lose_or_find, lost_words, replace_card_dialog
from meiping.ui.bills.money_dialogs import recharge_dialog, refund_dialog
from meiping.ui.bills.points_dialog import PointsDialog
from meiping.ui.context import Context
from meiping.ui.pages.customers.contact_line import ContactLine
from meiping.ui.pages.customers.customer_actions import open_bill
from meiping.ui.pages.customers.customer_card import DEBT, POINTS, STORED, MoneyStrip, head_line
from meiping.ui.pages.customers.customer_form import change_customer_dialog
from meiping.ui.pages.customers.hub.documents_tab import TITLE as DOCUMENTS
from meiping.ui.pages.customers.hub.money_tabs import BILLS, BillsPane
from meiping.ui.pages.customers.hub.records_tab import TITLE as RECORDS
from meiping.ui.pages.customers.hub.reminders_tab import TITLE as REMINDERS
from meiping.ui.pages.customers.hub_tabs import HubTabs
from meiping.ui.pages.customers.merging.commands import more_entries
from meiping.ui.pages.customers.ownership_line import OwnershipLine
from meiping.ui.pages.customers.portrait import Portrait
from meiping.ui.theme import px
from meiping.ui.widgets.menus import MenuEntry, popup

_ROOM_FOR_KEYS = 760
"""Pixels at 100 % of the line with name and buttons."""


def _separated(*groups: list[MenuEntry]) -> list[MenuEntry]:
    """The groups that have entries, with a line between two."""
    some = [group for group in groups if group]
    return [entry for place, group in enumerate(some) for entry in ([("-", None)] if place else []) + group]


class CustomerView(ttk.Frame):
    """One customer; ``changed`` is called after something was done to him here."""

    def __init__(self, parent: tk.Misc, context: Context, *, changed: Callable[[], None]) -> None:
        super().__init__(parent, padding=(px(parent, 16), 0, 0, 0))
        self._context, self._changed = context, changed
        self.detail: CustomerDetail | None = None
        self._told = ""
        self._balances: CustomerBalances | None = None
        self._empty = ttk.Label(self, text="在左边找一位客户，这里可以办理他的一切", style="Muted.TLabel")
        self._content = ttk.Frame(self)
        self._build_head()
        can = context.actor.can
        offered = (
            (RECHARGE, STORED, "充值 F6", self.recharge),
            (REFUND, STORED, "退款 Shift+F6", self.refund),
            (RECEIVE, DEBT, "收款 F7", self.receive),
            (WRITE_OFF, DEBT, "核销", self.write_off),
        )
        figures: dict[str, list[tuple[str, Callable[[], None]]]] = {POINTS: [("明细 F10", self.points)]}
        for permission, figure, word, command in offered:
            if can(permission):
                figures.setdefault(figure, []).append((word, command))
        self._money = MoneyStrip(self._content, context, actions=figures)
        if self._money.allowed:
            self._money.pack(fill="x", pady=(0, px(self, 10)))
        self.tabs = HubTabs(self._content, context, changed)
        self.tabs.pack(fill="both", expand=True)
        self.clear()

    def _build_head(self) -> None:
        head = ttk.Frame(self._content)
        head.pack(fill="x", pady=(px(self, 2), px(self, 10)))
        self._portrait = Portrait(head, self._context, changed=self._changed)
        self._portrait.pack(side="left", anchor="n", padx=(0, px(self, 12)), pady=(px(self, 2), 0))
        words = ttk.Frame(head)
        words.pack(side="left", fill="x", expand=True)
        first = ttk.Frame(words)
        first.pack(fill="x")
        self._line = ttk.Label(words, style="Muted.TLabel", font="MpSmall")
        self._line.pack(anchor="w")
        self._touch = ContactLine(words, self._context)
        self._touch.pack(anchor="w")
        self._care = OwnershipLine(words, self._context, self._changed)
        self._build_buttons(first)
        self._name = ttk.Label(first, font="MpBig")
        self._name.pack(side="left")
        self._level = ttk.Label(
            first, style="InkInfo.TLabel", font="MpSmall", padding=(px(self, 8), px(self, 2))
        )

    def _build_buttons(self, parent: tk.Misc) -> None:
        self._actions = buttons = ttk.Frame(parent)
        buttons.pack(side="right", anchor="n")
        can = self._context.actor.can
        offered = (
            ("修改 F2", "pencil", self.change, EDIT, "neutral outline"),
            ("反馈 F4", "chat-left-text", self.record, EDIT, "neutral outline"),
            ("提醒 F8", "bell", self.remind, USE, "neutral outline"),
            ("开单 F9", "cart-plus", self.sell, CHECKOUT, "primary"),
        )
        self._buttons: list[ttk.Button] = []
        keyed: list[tuple[ttk.Button, str]] = []
        if care := self._care.button(buttons):
            care.pack(side="left", padx=(px(self, 8), 0))
            self._buttons.append(care)
        for text, icon, command, permission, bootstyle in offered:
            if can(permission):
                button = ttk.Button(buttons, text=text, icon=icon, command=command, bootstyle=bootstyle)
                button.pack(side="left", padx=(px(self, 8), 0))
                self._buttons.append(button)
                keyed.append((button, text))
        if any(can(one) for one in (EDIT, MERGE, DELETE, CARDS)):
            self._more = ttk.Button(buttons, text="⋯", width=3, command=self.offer_more)
            self._more.configure(bootstyle="neutral outline")
            self._more.pack(side="left", padx=(px(self, 8), 0))
            self._buttons.append(self._more)
        parent.bind("<Configure>", lambda event: self._fit(event.width, keyed), add=True)

    def _fit(self, room: int, keyed: list[tuple[ttk.Button, str]]) -> None:
        """Where there is little room the name comes before the keys on the buttons, which the help tells too."""
        short = room < px(self, _ROOM_FOR_KEYS)
        for button, text in keyed:
            button.configure(text=text.split()[0] if short else text)
        self._fit_name()

    def _fit_name(self) -> None:
        """A long name in smaller letters where large ones would be cut off; the level then goes below, if it must."""
        if self.detail is None:
            return
        name, level = self.detail.shown_name, self.detail.level
        large, small = (ttk.nametofont(font, root=self).measure(name) for font in ("MpBig", "MpBold"))
        pill = self._level.winfo_reqwidth() + px(self, 10) if level else 0
        width = self._name.master.winfo_width()
        room = width - self._actions.winfo_reqwidth() - px(self, 10)
        self._name.configure(font="MpBold" if width > 1 and room < large + pill else "MpBig")
        below = bool(level) and width > 1 and room < small + pill
        gone = "在回收站里" if self.detail.deleted_at is not None else ""
        self._line.configure(text=" · ".join(filter(None, (gone, level if below else "", self._told))))
        if level and not below:
            self._level.pack(side="left", padx=(px(self, 10), 0))
        else:
            self._level.pack_forget()

    def clear(self) -> None:
        """Nobody is chosen."""
        self.detail = self._balances = None
        self._content.pack_forget()
        self._empty.place(relx=0.5, rely=0.4, anchor="center")

    def show(self, customer_id: int) -> bool:
        """Fetch and show a customer; False if he is gone."""
        detail = self._context.read(customer_detail, customer_id=customer_id)
        if detail is not None and detail.merged_into_id is not None:  # who was merged leads to the survivor
            detail = self._context.read(customer_detail, customer_id=detail.merged_into_id)
        if detail is None:
            self.clear()
            return False
        self.detail = detail
        self._portrait.show(detail)
        self._name.configure(text=detail.shown_name)
        self._level.configure(text=detail.level)
        gone = detail.deleted_at is not None
        owner = f" · 业务员 {detail.owner}" if detail.owner else ""
        lost = detail.card_frozen_at is not None
        card = "会员卡已挂失 · " if lost else ""
        self._told = f"{card}{head_line(detail)}{owner} · {show_date(detail.created_date)} 建档"
        self._line.configure(style="Bad.TLabel" if gone or lost else "Muted.TLabel")
        self._fit_name()
        self._touch.show(detail)
        self._care.show(detail)
        for button in self._buttons:
            button.configure(state="disabled" if gone else "normal")
        self._balances = self._money.show(detail)
        self._empty.place_forget()
        self._content.pack(fill="both", expand=True)
        self.tabs.show(detail)
        return True

    # ---------------------------------------------------------------- doing

    def offer_more(self) -> None:
        """What is done less often: adding files, his card, merging with another, taking out who he is."""
        if self.detail is not None:
            attach: list[MenuEntry] = (
                [("添加资料  F11", self.attach)] if self._context.actor.can(EDIT) else []
            )
            entries = more_entries(self, self._context, self.detail.id, self.detail.shown_name, self._changed)
            button = self._more
            popup(
                button,
                _separated(attach, self._card_entries(self.detail), entries),
                button.winfo_rootx(),
                button.winfo_rooty() + button.winfo_height(),
            )

    def _card_entries(self, detail: CustomerDetail) -> list[MenuEntry]:
        """His card lost, found, replaced, and his spending PIN."""
        context, changed = self._context, self._changed
        who = (self, context, detail.id, detail.shown_name, changed)
        lost = detail.card_frozen_at is not None
        entries: list[MenuEntry] = []
        if context.actor.can(CARDS):
            entries.append(
                (
                    lost_words(lost=lost),
                    lambda: lose_or_find(context, detail.id, detail.shown_name, lost=lost, changed=changed),
                )
            )
            entries.append(("换卡…", lambda: replace_card_dialog(*who)))
        if context.actor.can(EDIT):
            entries.append((f"{PIN_WORDS}…", lambda: PinDialog(*who)))
        return entries

    def _usable(self) -> CustomerDetail | None:
        """The customer, unless nobody is chosen or he is in the recycle bin, which is told."""
        detail = self.detail
        if detail is None:
            self._context.toast("请先在左边找一位客户。", kind="info")
        elif detail.deleted_at is not None:
            self._context.toast("这位客户在回收站里，请先恢复。", kind="info")
            return None
        return detail

    def change(self) -> None:
        """Change the customer's fields."""
        if self._context.actor.can(EDIT) and (detail := self._usable()):
            change_customer_dialog(self, self._context, detail.id, lambda _id: self._changed())

    def record(self) -> None:
        """Write down a contact, in the tab of contact records."""
        if self._context.actor.can(EDIT) and self._usable():
            self.tabs.add_in(RECORDS)

    def attach(self) -> None:
        """Add files, in the tab of files."""
        if self._context.actor.can(EDIT) and self._usable():
            self.tabs.add_in(DOCUMENTS)

    def recharge(self) -> None:
        """Put money into stored value."""
        if self._context.actor.can(RECHARGE) and (detail := self._usable()) and self._balances:
            recharge_dialog(self, self._context, detail.id, detail.shown_name, self._balances, self._changed)

    def refund(self) -> None:
        """Give stored value back as money; to somebody in the recycle bin too."""
        if self._context.actor.can(REFUND) and self.detail and self._balances:
            refund_dialog(
                self, self._context, self.detail.id, self.detail.shown_name, self._balances, self._changed
            )

    def give_back(self) -> None:
        """Goods come back: of the bill chosen in the tab of bills, which comes to the front."""
        if self._context.may_get(RETURN_GOODS) and self.detail:
            pane = self.tabs.bring(BILLS)
            if isinstance(pane, BillsPane):
                pane.give_back_chosen()

    def receive(self) -> None:
        """Take a payment against the debt; from somebody in the recycle bin too."""
        if self._context.actor.can(RECEIVE) and self.detail:
            receive_dialog(self, self._context, self.detail.id, self.detail.shown_name, self._changed)

    def write_off(self) -> None:
        """Give up the debt or part of it."""
        if self._context.actor.can(WRITE_OFF) and self.detail:
            write_off_dialog(self, self._context, self.detail.id, self.detail.shown_name, self._changed)

    def points(self) -> None:
        """How the customer's points came about, and putting them right."""
        if self.detail and self._context.option("points.on"):
            PointsDialog(self, self._context, self.detail.id, self.detail.shown_name, self._changed)

    def remind(self) -> None:
        """Set a reminder about the customer, in the tab of reminders."""
        if self._context.actor.can(USE) and self._usable():
            self.tabs.add_in(REMINDERS)

    def sell(self) -> None:
        """Open a bill for the customer."""
        if self._context.actor.can(CHECKOUT) and (detail := self._usable()):
            open_bill(self._context, detail.id, from_hub=True)

    def export(self) -> None:
        """The list in front into a workbook."""
        if self._context.actor.can(EXPORT):
            self.tabs.export()
