"""Dunning letters (催缴单): what is open of each customer, in words the shop has set."""

from collections.abc import Sequence
from dataclasses import dataclass

from meiping.domains.audit import service as audit
from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import require_visible, survivor_of
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.customers.rules import shown_name
from meiping.domains.receivables.open_items import OPEN_COLUMNS, items_table
from meiping.domains.receivables.rules import RECEIVE
from meiping.domains.settings.queries import option
from meiping.kernel.errors import InputError
from meiping.kernel.money import show_fen
from meiping.kernel.source import Source
from meiping.kernel.tabular import Table
from meiping.store.unit_of_work import Work, verb

MOST_LETTERS = 500


@dataclass(frozen=True, slots=True)
class DunningLetter:
    """What one customer is written: the bills that are open, and the paragraphs below them."""

    customer_id: int
    customer: str
    table: Table
    paragraphs: tuple[str, ...]


@verb(RECEIVE)
def make_dunning_letters(work: Work, *, customer_ids: Sequence[int]) -> list[DunningLetter]:
    """The letters to those of the customers who owe the actor's company something; it is written down who got one.

    Raises InputError where nobody of them owes anything, and for more letters than a person would send at once.
    """
    ids = list(dict.fromkeys(survivor_of(customer_id) for customer_id in customer_ids))
    if len(ids) > MOST_LETTERS:
        raise InputError(f"一次最多打印 {MOST_LETTERS} 份催缴单，请少选一些。")
    letters = []
    for customer_id in ids:
        require_visible(work.actor, customer_id, any_customer=True)
        table = items_table(work.actor, customer_id)
        if table.rows:
            letters.append(_letter(Customer.get_by_id(customer_id), table))
            audit.record(work, "receivables.dun", "打印催缴单", Source(CUSTOMER, customer_id))
    if not letters:
        raise InputError("选中的客户都没有欠款。")
    return letters


def _letter(customer: Customer, table: Table) -> DunningLetter:
    name = shown_name(customer.name, customer.phone)
    said = {
        "{客户}": name,
        "{欠款}": show_fen(table.totals["open_fen"]),
        "{逾期天数}": str(max(row["days"] for row in table.rows)),
        "{店名}": option("shop.name"),
        "{电话}": option("shop.phone"),
    }
    text: str = option("dunning.text")
    for place, word in said.items():
        text = text.replace(place, word)
    paragraphs = tuple(line for line in text.splitlines() if line.strip())
    return DunningLetter(
        customer.id, name, Table("催缴单", OPEN_COLUMNS, table.rows, table.totals), paragraphs
    )
