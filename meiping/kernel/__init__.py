"""Words every room speaks. Imports nothing else of meiping; no input or output."""
