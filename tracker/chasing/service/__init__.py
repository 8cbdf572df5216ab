"""The verbs of chasing, one module each."""
