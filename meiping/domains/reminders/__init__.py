"""Reminders: what is due, when, for whom."""
