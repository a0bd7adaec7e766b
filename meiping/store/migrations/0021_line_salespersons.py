"""A line of a bill may have a salesperson of its own, and what it brought counts for him."""

from typing import Any

FROZEN_LINE_COLUMNS = (
    "sale_id, position, product_id, product_name, unit, qty_milli, list_price_fen, price_fen, discount_bp,"
    " bill_discount_fen, rounding_fen, net_fen, cost_fen, gift, note, returns_line_id, salesperson_id"
)
_RETURNED = "CASE WHEN new.qty_milli < 0 THEN 0 - new.net_fen ELSE 0 END"
_LIST = (
    """(new.list_price_fen * new.qty_milli + CASE WHEN new.qty_milli < 0 THEN 0 - 500 ELSE 500 END) / 1000"""
)
_MONTH = "company_id, substr(business_date, 1, 7)"
_MOVED = {
    "net_fen": "new.net_fen",
    "returns_fen": _RETURNED,
    "discount_fen": f"{_LIST} - new.net_fen",
    "cost_fen": "new.cost_fen",
}


def _moved(table: str, keys: str, *, customer: str = "") -> str:
    """Two statements: what the line brought counts for its own salesperson, and no longer for the bill's."""
    sums = ", ".join(_MOVED)
    more = ", ".join(f"{key} = {key} + excluded.{key}" for key in _MOVED)
    less = ", ".join(f"{key} = {key} - ({value})" for key, value in _MOVED.items())
    return f"""
        INSERT INTO {table} ({keys}, bills, {sums})
        SELECT {_MONTH}, new.salesperson_id{customer}, 0, {", ".join(_MOVED.values())}
        FROM sale WHERE id = new.sale_id
        ON CONFLICT ({keys}) DO UPDATE SET {more};
        UPDATE {table} SET {less} WHERE ({keys}) = (
            SELECT {_MONTH}, coalesce(salesperson_id, 0){customer} FROM sale WHERE id = new.sale_id);"""


_OF_PERSON = _moved("person_month", "company_id, month, salesperson_id")
_OF_CUSTOMER = _moved(
    "customer_month", "company_id, month, salesperson_id, customer_id", customer=", coalesce(customer_id, 0)"
)
STATEMENTS = (
    "ALTER TABLE sale_line ADD COLUMN salesperson_id INTEGER",
    "CREATE INDEX sale_line_person ON sale_line (salesperson_id, sale_id) WHERE salesperson_id IS NOT NULL",
    "CREATE INDEX sale_line_own ON sale_line (sale_id) WHERE salesperson_id IS NOT NULL",
    "DROP TRIGGER sale_line_no_update",
    f"""CREATE TRIGGER sale_line_no_update BEFORE UPDATE OF {FROZEN_LINE_COLUMNS} ON sale_line BEGIN
        SELECT RAISE(ABORT, 'sale_line rows are never changed'); END""",
    f"""CREATE TRIGGER sale_line_person AFTER INSERT ON sale_line WHEN new.salesperson_id IS NOT NULL BEGIN
        {_OF_PERSON}{_OF_CUSTOMER}
    END""",
)
"""``salesperson_id`` of a line is empty where it is the bill's, and 0 where nobody gets the credit. Bills posted before
have none, so their sums stay as they are."""


def up(migrator: object, db: Any) -> None:
    """Add the column, and keep the sums of salespersons by it from now on."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    db.execute_sql("PRAGMA user_version = 21")
