"""What the apps below offer: they know nothing of the search, and the engine follows them."""
