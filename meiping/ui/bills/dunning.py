"""Dunning letters on paper, one page or more a customer."""

from collections.abc import Sequence

from meiping.domains.receivables.dunning import DunningLetter, make_dunning_letters
from meiping.kernel.moments import show_date
from meiping.ui.context import Context
from meiping.ui.list_output import print_letters


def print_dunning_letters(context: Context, customer_ids: Sequence[int]) -> None:
    """Make the letters to these customers and show them in the system's own viewer, which prints them."""

    def made(letters: list[DunningLetter]) -> None:
        from meiping.adapters.pdf import Letter

        facts = context.facts()
        shop = {"shop": facts.get("shop", "") or facts.get("company", "")}
        day = show_date(context.actor.today())
        print_letters(
            context,
            "催缴单",
            [
                Letter(one.table, {**shop, "客户": one.customer, "日期": day}, one.paragraphs)
                for one in letters
            ],
        )

    context.run(make_dunning_letters, customer_ids=customer_ids, done=made)
