"""Communications and their templates through the API. Routes stand in portal/api.py."""
