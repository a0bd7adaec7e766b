"""The database file: connection, transactions, migrations, search index, backup. Nothing of the business."""
