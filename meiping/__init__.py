"""meiping: the customer manager and counter for small shops."""

__version__ = "0.1.0"
