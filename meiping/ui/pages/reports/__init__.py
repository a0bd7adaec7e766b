"""The desk and the pages of reports."""
