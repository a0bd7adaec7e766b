"""Pages of the office: tasks."""
