"""借支: what colleagues have been advanced, and what is still to come back."""

from functools import partial

from meiping.domains.expenses.rules import ADVANCE
from meiping.kernel.changes import Topic
from meiping.ui.page_spec import PageParts
from meiping.ui.pages.money.expenses_page import EXPENSE_KEYS, ExpensesPage

PAGE = PageParts(
    build=partial(ExpensesPage, kind=ADVANCE),
    watches=frozenset({Topic.EXPENSES, Topic.SETTINGS}),
    help="员工借的钱：还没还的有多少，用现金还或者用费用单抵扣。",
    keys=(("Ctrl+N", "登记借支"), ("F6", "还款"), *EXPENSE_KEYS),
)
