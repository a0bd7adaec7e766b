"""Posted bills and slips in a person's hands: shown, printed, returned; for the counter and the customer hub."""
