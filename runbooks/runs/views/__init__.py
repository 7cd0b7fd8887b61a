"""Pages of runs, and lists of them."""
