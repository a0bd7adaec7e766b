"""Reading across rooms for the care of customers."""
