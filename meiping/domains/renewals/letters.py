"""Letters that ask for annual fees (年费催缴单): what runs out for each customer, in words the shop has set."""

from collections.abc import Sequence

from meiping.domains.audit import service as audit
from meiping.domains.customers.rules import KIND as CUSTOMER
from meiping.domains.receivables.dunning import MOST_LETTERS, DunningLetter
from meiping.domains.receivables.rules import RECEIVE
from meiping.domains.renewals.queries import terms_with_ids
from meiping.domains.renewals.rules import OPEN_STATES
from meiping.domains.settings.queries import option
from meiping.kernel.errors import InputError
from meiping.kernel.moments import show_date
from meiping.kernel.money import show_fen
from meiping.kernel.source import Source
from meiping.kernel.tabular import Column, Kind, Row, Table
from meiping.store.unit_of_work import Work, verb

TITLE = "年费催缴单"
LETTER_COLUMNS = (
    Column("product", "商品", width=26),
    Column("left_milli", "数量", Kind.QUANTITY, width=9),
    Column("end_date", "服务到期日", Kind.DATE, width=13),
    Column("fee_fen", "年费", Kind.MONEY, width=12),
    Column("amount_fen", "应收年费", Kind.MONEY, width=13),
)
_OPEN = {state.key for state in OPEN_STATES}


@verb(RECEIVE)
def make_fee_letters(work: Work, *, term_ids: Sequence[int]) -> list[DunningLetter]:
    """A letter a customer about those of the services whose fee is to be collected; it is written down who got one.

    Raises InputError where there is no fee to collect, and for more letters than a person would send at once.
    """
    rows = [
        row for row in terms_with_ids(work.actor, term_ids) if row["state_key"] in _OPEN and row["amount_fen"]
    ]
    by_customer: dict[int, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row["end_date"], row["id"])):
        by_customer.setdefault(row["customer_id"], []).append(row)
    if not by_customer:
        raise InputError("选中的服务都没有年费要收。")
    if len(by_customer) > MOST_LETTERS:
        raise InputError(f"一次最多打印 {MOST_LETTERS} 份催缴单，请少选一些。")
    for customer_id in by_customer:
        audit.record(work, "renewals.letter", f"打印{TITLE}", Source(CUSTOMER, customer_id))
    return [_letter(customer_id, services) for customer_id, services in by_customer.items()]


def _letter(customer_id: int, rows: Sequence[Row]) -> DunningLetter:
    total_fen = sum(row["amount_fen"] for row in rows)
    said = {
        "{客户}": rows[0]["customer"],
        "{年费}": show_fen(total_fen),
        "{到期日}": show_date(rows[0]["end_date"]),
        "{店名}": option("shop.name"),
        "{电话}": option("shop.phone"),
    }
    text: str = option("renewals.letter_text")
    for place, word in said.items():
        text = text.replace(place, word)
    paragraphs = tuple(line for line in text.splitlines() if line.strip())
    plain = [{**row, "tone": None} for row in rows]
    table = Table(TITLE, LETTER_COLUMNS, plain, {"amount_fen": total_fen})
    return DunningLetter(customer_id, rows[0]["customer"], table, paragraphs)
