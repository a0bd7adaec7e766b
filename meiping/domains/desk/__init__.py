"""What concerns all rooms at once: one search over everything."""
