"""Persons apart from what they brought: encrypted, found again by keyed digests."""
