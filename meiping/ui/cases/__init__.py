"""What the page of service cases and the customer hub do with a case alike."""
