"""What else passes the drawer: count cards used and given back, expenses, advances."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from meiping.domains.expenses.rules import ADVANCE, CATEGORY, EXPENSE, ExpenseInput
from meiping.domains.expenses.service import settle_advance, spend, take_back_expense
from meiping.domains.loyalty.cards import undo_use, use_card
from meiping.domains.sales.card_returns import return_card
from meiping.domains.sales.refunds import RefundWay
from meiping.domains.settings.queries import words
from meiping.kernel.errors import InputError
from meiping.store.database import fetch_value
from tests.domains.ledger.books import CARD_USES, REAL, Card
from tests.domains.ledger.shop_and_books import ShopAndBooks, step
from tests.factories import new_key


class CardsAndExpenses(ShopAndBooks):
    """Cards are used, uses taken back and cards given back; money is spent, taken back, advanced and settled."""

    def __init__(self) -> None:
        super().__init__()
        self.uses: list[tuple[int, Card, str]] = []
        self.undone: set[int] = set()
        self.paid: list[list[Any]] = []

    @precondition(lambda self: self.books.cards())
    @step(which=st.integers(0, 99), again=st.booleans())
    def a_card_is_used(self, which: int, again: bool) -> None:
        cards = {
            card: one for bill in self.books.bills for line in bill.lines for card, one in line.cards.items()
        }
        card_id, card = list(cards.items())[which % len(cards)]
        key = new_key()
        try:
            used = use_card(self.shop.actor, key=key, card_id=card_id)
        except InputError:
            assert card.used == CARD_USES
            return
        card.used += 1
        assert used.left == CARD_USES - card.used
        assert use_card(self.shop.actor, key=key, card_id=card_id) == used
        self.uses.append((used.use_id, card, self.day()))

    @precondition(lambda self: self.uses)
    @step(which=st.integers(0, 99))
    def a_use_is_taken_back(self, which: int) -> None:
        use_id, card, day = self.uses[which % len(self.uses)]
        undone = use_id in self.undone
        try:
            left = undo_use(self.shop.actor, use_id=use_id).left
        except InputError:
            assert day != self.day() or card not in self.books.cards()
            return
        if not undone:
            card.used -= 1
            self.undone.add(use_id)
        if card in self.books.cards():
            assert left == CARD_USES - card.used

    @precondition(lambda self: self.books.cards())
    @step(which=st.integers(0, 99), way=st.sampled_from(RefundWay))
    def a_card_comes_back(self, which: int, way: RefundWay) -> None:
        cards = [
            (bill, line, card) for bill in self.books.bills for line in bill.lines for card in line.cards
        ]
        bill, line, card_id = cards[which % len(cards)]
        asked: dict[str, Any] = {"key": new_key(), "card_id": card_id, "way": way}
        try:
            back = return_card(self.shop.actor, **asked)
        except InputError:
            assert line.cards[card_id].used == CARD_USES
            return
        assert return_card(self.shop.actor, **asked) == back
        self.given_back(bill, back, self.books.card_comes_back(bill, line, card_id), way=way)

    @step(fen=st.integers(1, 9_000), tender=st.sampled_from(REAL), kind=st.sampled_from((EXPENSE, ADVANCE)))
    def money_is_spent(self, fen: int, tender: str, kind: str) -> None:
        category = words(CATEGORY)[0].id if kind == EXPENSE else None
        entered = ExpenseInput(self.shop.actor.operator_id, fen, category, "房东")
        asked: dict[str, Any] = {"key": new_key(), "expense": entered, "tender": tender, "kind": kind}
        number = spend(self.shop.actor, **asked)
        assert spend(self.shop.actor, **asked) == number
        self.books.hand[tender] -= fen
        self._spent(kind, fen)
        paid = fetch_value("SELECT id FROM expense WHERE number = ?", number)
        self.paid.append([paid, kind, fen, tender, fen])

    def _spent(self, kind: str, fen: int) -> None:
        if kind == EXPENSE:
            self.books.expenses += fen
        else:
            self.books.advances += fen

    @precondition(lambda self: self.paid)
    @step(which=st.integers(0, 99))
    def a_payment_is_taken_back(self, which: int) -> None:
        one = self.paid[which % len(self.paid)]
        paid, kind, fen, tender, left = one
        asked: dict[str, Any] = {"key": new_key(), "expense_id": paid, "reason": "付错了"}
        try:
            number = take_back_expense(self.shop.actor, **asked)
        except InputError:
            assert left != fen
            return
        assert take_back_expense(self.shop.actor, **asked) == number
        assert left == fen
        self.paid.remove(one)
        self.books.hand[tender] += fen
        self._spent(kind, -fen)

    @precondition(lambda self: any(kind == ADVANCE for _, kind, *_ in self.paid))
    @step(which=st.integers(0, 99), percent=st.integers(1, 110), tender=st.sampled_from(REAL))
    def an_advance_is_settled(self, which: int, percent: int, tender: str) -> None:
        advances = [one for one in self.paid if one[1] == ADVANCE]
        one = advances[which % len(advances)]
        amount = one[4] * percent // 100
        asked: dict[str, Any] = {
            "key": new_key(),
            "advance_id": one[0],
            "amount_fen": amount,
            "tender": tender,
        }
        try:
            number = settle_advance(self.shop.actor, **asked)
        except InputError:
            assert not 0 < amount <= one[4]
            return
        assert settle_advance(self.shop.actor, **asked) == number
        one[4] -= amount
        self.books.hand[tender] += amount
        self.books.advances -= amount
