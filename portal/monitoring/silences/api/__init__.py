"""Silences through the API. Routes stand in portal/api.py."""
