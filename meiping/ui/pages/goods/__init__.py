"""Pages about goods: products, stock, documents."""
