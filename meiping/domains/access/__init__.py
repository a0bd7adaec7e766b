"""Operators, roles, departments, companies: who may do what, where."""
