"""Ways from a customer or contact to all rows that name them, deleted ones too: taking them out looks for these."""

from typing import Any

INDEXES = (
    "CREATE INDEX contact_record_named ON contact_record (customer_id)",
    "CREATE INDEX contact_record_contact ON contact_record (contact_id) WHERE contact_id IS NOT NULL",
    "CREATE INDEX pool_claim_named ON pool_claim (customer_id)",
    "CREATE INDEX customer_merge_named ON customer_merge (twin_id)",
)


def up(migrator: object, db: Any) -> None:
    """Add the indexes."""
    for statement in INDEXES:
        db.execute_sql(statement)
    db.execute_sql("PRAGMA user_version = 6")
