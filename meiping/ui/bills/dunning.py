"""Dunning letters on paper, one page or more a customer."""

from collections.abc import Callable, Sequence
from typing import Any

from meiping.domains.receivables.dunning import DunningLetter, make_dunning_letters
from meiping.domains.renewals.letters import make_fee_letters
from meiping.kernel.moments import show_date
from meiping.ui.context import Context
from meiping.ui.list_output import print_letters


def print_dunning_letters(context: Context, customer_ids: Sequence[int]) -> None:
    """Make the letters to these customers who owe something, and show them where they can be printed."""
    _print(context, "催缴单", make_dunning_letters, customer_ids=customer_ids)


def print_fee_letters(context: Context, term_ids: Sequence[int]) -> None:
    """The same for the annual fees of these service terms."""
    _print(context, "年费催缴单", make_fee_letters, term_ids=term_ids)


def _print(context: Context, title: str, verb: Callable[..., Any], **values: Any) -> None:
    """Let a verb make letters and show them in the system's own viewer, which prints them."""

    def made(letters: list[DunningLetter]) -> None:
        from meiping.adapters.pdf import Letter

        facts = context.facts()
        shop = {"shop": facts.get("shop", "") or facts.get("company", "")}
        day = show_date(context.actor.today())
        print_letters(
            context,
            title,
            [
                Letter(one.table, {**shop, "客户": one.customer, "日期": day}, one.paragraphs)
                for one in letters
            ],
        )

    context.run(verb, done=made, **values)
