"""Runbooks as documents: written, reviewed, published, found and read."""
