"""The sub-tabs of the customer hub, a module each."""
