"""Pages about the program itself: people, words, settings, the file."""
