"""Stock by company: moves, documents, moving average cost."""
