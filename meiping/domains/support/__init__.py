"""What is done for customers after the sale: service cases."""
