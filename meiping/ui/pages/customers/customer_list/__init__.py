"""Parts of the customer list page."""
