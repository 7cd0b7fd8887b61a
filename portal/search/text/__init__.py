"""Words and excerpts of texts, whatever the database."""
