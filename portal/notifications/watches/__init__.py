"""Watching: one verb for everything that is Watchable, and the list of what one watches."""
