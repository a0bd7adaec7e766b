"""What a report that is narrowed to one thing calls it."""

from meiping.domains.customers.models import Customer
from meiping.domains.customers.queries import visible_customers
from meiping.domains.customers.rules import shown_name
from meiping.domains.reports.rules import VIEW
from meiping.kernel.actor import Actor
from meiping.store.database import fetch
from meiping.store.unit_of_work import query


@query(VIEW)
def product_called(actor: Actor, *, product_id: int) -> str:
    """The name of a product; empty for none."""
    rows = fetch("SELECT name FROM product WHERE id = ?", product_id)
    return str(rows[0][0]) if rows else ""


@query(VIEW)
def customer_called(actor: Actor, *, customer_id: int) -> str:
    """The name of a customer the actor may see, without one the phone; 0 stands for bills without one."""
    if not customer_id:
        return "散客"
    found = Customer.get_or_none(Customer.id == customer_id, Customer.id.in_(visible_customers(actor)))
    return shown_name(found.name, found.phone) if found is not None else ""


@query(VIEW)
def person_called(actor: Actor, *, operator_id: int) -> str:
    """The name of an operator; 0 stands for nobody."""
    if not operator_id:
        return "没有业务员"
    rows = fetch("SELECT name FROM operator WHERE id = ?", operator_id)
    return str(rows[0][0]) if rows else ""
