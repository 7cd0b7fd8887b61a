"""Maintenance windows: planned, announced, and as a calendar."""
