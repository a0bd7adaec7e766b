"""Customers: the people and firms that buy."""
