"""Questions and answers, and people who are stuck."""
