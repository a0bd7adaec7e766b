"""Files kept with customers: adding, opening, changing and looking at them."""
