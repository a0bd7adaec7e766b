"""The fields a shop adds to its records."""
