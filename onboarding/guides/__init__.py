"""Guides: written, published, found and read."""
