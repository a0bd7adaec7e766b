"""What goes on around the till: colleagues try what they may not, and a backup of an hour ago is put in use again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition

from meiping.cli import command_line_actor
from meiping.domains.expenses.rules import ADVANCE, ExpenseInput
from meiping.domains.expenses.service import spend
from meiping.domains.loyalty.service import adjust_points
from meiping.domains.maintenance.service import back_up, restore
from meiping.domains.receivables.service import write_off
from meiping.domains.sales.deposits import give_deposit_back
from meiping.domains.sales.returns import return_goods
from meiping.domains.sales.service import checkout
from meiping.domains.sales.tender_changes import change_tender
from meiping.domains.till.drawer import move_cash
from meiping.domains.wallet.service import recharge, refund
from meiping.kernel.actor import Actor
from meiping.kernel.errors import PermissionDenied
from meiping.store.database import close_database, fetch_value, open_database
from tests.domains.ledger.branch import Branch
from tests.domains.ledger.shop_and_books import step
from tests.factories import cart_of, new_key

NOT_THE_CLERKS = ("write_off", "refund", "points", "bonus", "tender", "deposit", "spend", "price")
NOT_THE_SELLERS = (*NOT_THE_CLERKS, "return")
SELDOM = 20
"""A backup is put in use in one of so many steps that could: it takes a hundred times as long as any other."""


class Kept(Branch):
    """Refusals change nothing, whoever tries; what was done after a backup is gone with it, and nothing else."""

    @precondition(lambda self: self.books.bills)
    @step(
        deed=st.sampled_from(NOT_THE_SELLERS),
        role=st.sampled_from(("收银员", "业务员")),
        fen=st.integers(1, 900),
    )
    def somebody_tries_what_he_may_not(self, deed: str, role: str, fen: int) -> None:
        if role == "收银员" and deed not in NOT_THE_CLERKS:
            return
        before = fetch_value("SELECT count(*) FROM entry")
        with pytest.raises(PermissionDenied):
            self._deeds(self.shop.as_role(role), fen)[deed]()
        assert fetch_value("SELECT count(*) FROM entry") == before

    def _deeds(self, who: Actor, fen: int) -> dict[str, Callable[[], object]]:
        bill, someone = self.books.bills[-1], self.customers[1]
        key: dict[str, Any] = {"key": new_key()}
        his: dict[str, Any] = {**key, "customer_id": someone}
        order = self.orders[-1].cart.key if self.orders else "none"
        cart = cart_of(self.shop, (self.products[0], 1))
        given_away = cart.with_line(0, replace(cart.lines[0], gift=True))
        return {
            "write_off": lambda: write_off(who, **his, amount_fen=fen, reason="算了"),
            "refund": lambda: refund(who, **his, principal_fen=fen),
            "points": lambda: adjust_points(who, **his, points=fen, reason="送"),
            "bonus": lambda: recharge(who, **his, principal_fen=fen, bonus_fen=fen),
            "tender": lambda: change_tender(
                who, **key, sale_id=bill.sale_id, from_tender="cash", to_tender="card", amount_fen=fen
            ),
            "deposit": lambda: give_deposit_back(who, **key, cart_key=order, amount_fen=fen),
            "spend": lambda: spend(who, **key, expense=ExpenseInput(who.operator_id, fen), kind=ADVANCE),
            "price": lambda: checkout(who, cart=given_away, payments=[]),
            "return": lambda: return_goods(
                who, **key, sale_id=bill.sale_id, quantities={bill.lines[0].line: 1_000}
            ),
        }

    @step(turn=st.integers(0, SELDOM - 1))
    def a_backup_is_put_in_use(self, turn: int) -> None:
        if turn:
            return
        folder = self.shop.folder.root
        kept = back_up(self.shop.actor, folder=folder, target=self.parent)
        last = fetch_value("SELECT max(id) FROM entry")
        recharge(self.shop.actor, key=new_key(), customer_id=self.customers[0], principal_fen=999)
        move_cash(self.shop.actor, key=new_key(), amount_fen=123, reason="备用零钱")
        assert fetch_value("SELECT max(id) FROM entry") > last
        close_database()
        restore(command_line_actor(), folder=folder, path=kept.path)
        open_database(self.shop.folder.database)
        assert fetch_value("SELECT max(id) FROM entry") == last
