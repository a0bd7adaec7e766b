"""Double entry under every movement of money."""
