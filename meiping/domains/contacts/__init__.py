"""The people at a customer, and what was said and done with them."""
