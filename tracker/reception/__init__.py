"""Meetings with citizens."""
