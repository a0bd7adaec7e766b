"""The counter: cart, checkout, returns, receipts, sales figures by bill."""
