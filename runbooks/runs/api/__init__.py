"""Runs through the API. The routes stand in portal/api.py."""
