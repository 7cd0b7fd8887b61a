"""Films: added, given out."""
