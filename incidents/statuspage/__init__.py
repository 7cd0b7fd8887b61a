"""The status page: what works, what does not, and what was told of it."""
