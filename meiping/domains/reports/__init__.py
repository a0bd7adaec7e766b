"""Figures over periods: summaries and charts."""
