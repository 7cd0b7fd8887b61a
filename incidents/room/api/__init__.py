"""Incidents as programs read and work them."""
