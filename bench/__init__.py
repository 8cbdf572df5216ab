"""Benchmarks that are run by command; each prints what it measured beside what it should be."""
