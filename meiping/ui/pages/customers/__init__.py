"""Pages about customers: the list, the hub, the recycle bin."""
