"""Work in the office: tasks, who is to do them until when, how far they are, and what is said about them."""
