"""A product may differ from the shop in what stock below zero means."""

from typing import Any

STATEMENTS = (
    """ALTER TABLE product ADD COLUMN below_zero TEXT NOT NULL DEFAULT ''
        CHECK (below_zero IN ('', 'forbid', 'warn', 'allow'))""",
)
"""Empty is what the shop says, so everything stays as it was."""


def up(migrator: object, db: Any) -> None:
    """Add the column."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    db.execute_sql("PRAGMA user_version = 22")
