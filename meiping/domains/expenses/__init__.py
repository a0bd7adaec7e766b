"""What the shop spends (费用), and money advanced to colleagues (借支)."""
