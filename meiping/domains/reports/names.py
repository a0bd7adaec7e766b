"""What a report that is narrowed to one thing calls it."""

from meiping.domains.customers.rules import shown_name
from meiping.store.database import fetch


def product_called(product_id: int) -> str:
    """The name of a product; empty for none."""
    rows = fetch("SELECT name FROM product WHERE id = ?", product_id)
    return str(rows[0][0]) if rows else ""


def customer_called(customer_id: int) -> str:
    """The name of a customer, without one the phone; empty for none."""
    rows = fetch("SELECT name, phone FROM customer WHERE id = ?", customer_id)
    return shown_name(*rows[0]) if rows else ""


def person_called(operator_id: int) -> str:
    """The name of an operator; empty for none."""
    rows = fetch("SELECT name FROM operator WHERE id = ?", operator_id)
    return str(rows[0][0]) if rows else ""
