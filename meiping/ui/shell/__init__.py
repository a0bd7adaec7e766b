"""The frame around the pages: window, login, notebook, reminder bar, status bar, running of verbs."""
