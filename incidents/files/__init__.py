"""An incident as a file."""
