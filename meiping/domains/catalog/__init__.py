"""Products, their categories, codes and prices."""
