"""Registers that offices keep in workbooks: reading them, and taking them in."""
