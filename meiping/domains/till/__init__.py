"""Tenders, and the business day they belong to."""
