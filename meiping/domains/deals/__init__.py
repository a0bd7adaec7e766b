"""What is offered to customers before they buy: quotes."""
