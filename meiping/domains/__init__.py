"""The business, a room each: rules, models, queries, service. Never tkinter."""
