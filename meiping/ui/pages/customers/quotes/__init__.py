"""Quotes of a customer: written, printed, turned into a bill."""
