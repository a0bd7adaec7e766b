"""Customers looked at by what they bought: contribution, segments, who is slipping away."""
