"""Looking after the file: backups, restoring, proving that everything adds up."""
