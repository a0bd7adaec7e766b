"""Stored value: money customers have left with the shop."""
