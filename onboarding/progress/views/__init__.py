"""Following guides, asking others to, and what it teaches."""
