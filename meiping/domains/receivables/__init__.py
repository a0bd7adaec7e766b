"""What customers owe, their credit, and what they pay later."""
