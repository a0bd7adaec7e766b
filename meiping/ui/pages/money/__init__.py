"""The pages of 财务."""
