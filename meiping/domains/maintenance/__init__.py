"""Looking after the file: backup, restore, check."""
