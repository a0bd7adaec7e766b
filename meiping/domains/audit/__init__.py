"""What was done and which field changed: written, never edited."""
