"""Alerts: what arrives, what it matches, and where people see it."""
