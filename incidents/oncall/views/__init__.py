"""Pages of the on-call room."""
