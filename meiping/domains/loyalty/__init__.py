"""What customers get for staying with the shop: points."""
