"""The case: its history, the workflow at work, assignments, answers and search."""
