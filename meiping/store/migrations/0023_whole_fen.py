"""What came without a check of its kind is refused unless it is whole fen, as everywhere else in the ledgers."""

from typing import Any

_WHOLE = {
    "sale_line": ("bill_discount_fen", "rounding_fen"),
    "sale_tender": ("received_fen",),
    "stock_document": ("value_fen",),
    "stock_document_line": ("value_fen",),
}
"""Amounts by table. A trigger says it: a check would want the table made anew, with all that hangs on it."""


def _refuse(table: str, columns: tuple[str, ...]) -> str:
    broken = " OR ".join(f"typeof(new.{column}) <> 'integer'" for column in columns)
    return (
        f"CREATE TRIGGER {table}_whole_fen BEFORE INSERT ON {table} WHEN {broken}"
        f" BEGIN SELECT RAISE(ABORT, '{table} holds whole fen'); END"
    )


STATEMENTS = tuple(_refuse(table, columns) for table, columns in _WHOLE.items())


def up(migrator: object, db: Any) -> None:
    """Add the triggers; nothing that is there changes."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    db.execute_sql("PRAGMA user_version = 23")
