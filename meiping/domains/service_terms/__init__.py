"""Terms of service sold with products: since when, until when, and what follows what."""
