"""The way from a figure to the customers behind it."""

from collections.abc import Iterable
from datetime import date

from meiping.domains.customers.conditions import Condition, Operator, chosen
from meiping.ui.context import Context

_EVERYBODY = dict.fromkeys(("level_id", "source_id", "owner_id", "status_id"))
"""The other filters of the list, taken back."""


def open_customers(context: Context, word: str, ids: Iterable[int]) -> None:
    """The list of customers with just these; ``word`` says which they are."""
    open_met(context, (chosen(word, ids),))


def open_created(context: Context, first: date, last: date) -> None:
    """The list of customers with those added on these days."""
    open_met(context, (Condition("created_date", Operator.BETWEEN, (first, last)),))


def open_met(context: Context, conditions: tuple[Condition, ...]) -> None:
    """The list of customers with those who meet the conditions."""
    context.open_page("customers", **_EVERYBODY, conditions=conditions)
