"""Files kept with customers."""
