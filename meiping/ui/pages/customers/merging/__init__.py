"""Two customers into one, and one made anonymous."""
