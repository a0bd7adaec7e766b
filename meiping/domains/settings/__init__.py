"""The shop's own options, dictionaries, customer levels and document numbers."""
