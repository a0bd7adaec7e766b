"""One good call of every verb and query of expenses and advances."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from meiping.domains.expenses.models import Expense
from meiping.domains.expenses.rules import ADVANCE, EXPENSE, ExpenseInput
from meiping.domains.expenses.service import request_expense, spend
from meiping.domains.settings.queries import words
from meiping.domains.settings.service import save_options
from tests.factories import new_key

if TYPE_CHECKING:
    from tests.rooms.examples import Furnished


def _rent(f: Furnished, kind: str = EXPENSE) -> dict[str, Any]:
    category_id = words("expense_category")[0].id
    return {"key": new_key(), "kind": kind, "expense": ExpenseInput(f.admin.operator_id, 100, category_id)}


def _paid(f: Furnished, kind: str = EXPENSE) -> str:
    return spend(f.admin, **_rent(f, kind))


def _id_of(number: str) -> int:
    return int(Expense.get(Expense.number == number).id)


def _undecided(f: Furnished) -> int:
    save_options(f.admin, values={"expenses.approval": True})
    return request_expense(f.admin, **_rent(f))


EXPENSE_EXAMPLES: dict[str, Callable[[Furnished], dict[str, Any]]] = {
    "expenses.expenses": lambda f: {},
    "expenses.expense_slip": lambda f: {"number": _paid(f)},
    "expenses.to_set_off": lambda f: {},
    "expenses.undecided": lambda f: {},
    "expenses.request_expense": _rent,
    "expenses.spend": _rent,
    "expenses.decide_expense": lambda f: {"expense_id": _undecided(f), "approve": True},
    "expenses.pay_expense": lambda f: {"expense_id": request_expense(f.admin, **_rent(f))},
    "expenses.take_back_expense": lambda f: {
        "key": new_key(),
        "expense_id": _id_of(_paid(f)),
        "reason": "记错了",
    },
    "expenses.settle_advance": lambda f: {
        "key": new_key(),
        "advance_id": _id_of(_paid(f, ADVANCE)),
        "amount_fen": 100,
    },
}
