"""The tutorial twin: the same rows, shown by plain Django and DRF as their tutorials teach it."""
