"""The names of alerts through the API. Routes stand in portal/api.py."""
