"""Doors to the world outside the program; they know kernel words only."""
