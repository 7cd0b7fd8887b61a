"""Messages and what became of them: pages and API."""
