"""What the search shows: its page and its API."""
